"""Which days to compare with, and which months a period takes in whole. Days are local; both ends are included."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]
DAY = timedelta(days=1)


def last_year(first: date, last: date, today: date) -> Days:
    """The same days a year earlier, up to today's; the end of February stays the end of February."""
    return moved(first, -12), moved(elapsed(first, last, today), -12)


def previous(first: date, last: date, today: date) -> Days:
    """As many whole months, or else days, right before; of a period still running, as many days as have passed."""
    before = first - DAY
    start = moved(first, -months_in(first, last)) if is_whole_months(first, last) else first - (last - first) - DAY
    if today >= last:
        return start, before
    return start, min(start + (elapsed(first, last, today) - first), before)


def elapsed(first: date, last: date, today: date) -> date:
    """The last day of the period that has come; its first day, if none has."""
    return max(first, min(last, today))


def whole_months(first: date, last: date) -> Days:
    """The period widened to the months that it touches."""
    return month_of(first), month_end(last)


def split(months: Iterable[tuple[int, date, bool]], first: date, last: date) -> tuple[list[int], list[int]]:
    """Of (id, month, stale): the ids that a tally can answer for, and those to be read row by row."""
    touched = [each for each in months if each[1] <= last and month_end(each[1]) >= first]
    usable = {key for key, month, stale in touched if not stale and first <= month and month_end(month) <= last}
    return [key for key, _, _ in touched if key in usable], [key for key, _, _ in touched if key not in usable]


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_whole_months(first: date, last: date) -> bool:
    return first.day == 1 and last == month_end(last)


def months_in(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month + 1


def moved(day: date, months: int) -> date:
    """The same day of another month; the last of a month stays the last, and what is too long is cut."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if day == month_end(day) else min(day.day, length))
