"""Repeated sessions: a typed rule and its expansion. Organizers never type an RRULE, so none can be smuggled in.

The grammar is a small part of RFC 5545 §3.3.10 (daily, weekly, monthly), with what this city's calendars add: holidays
to step over, weekend days on which people work (调休), and a date that falls on a day off moving to the next working
day (顺延).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from dateutil import rrule

MAX_OCCURRENCES = 366
LONGEST_RUN = timedelta(days=3 * 366)
INTERVALS = range(1, 52 + 1)
LONGEST_DURATION = timedelta(days=31)
MAX_EXCEPTIONS = 400  # single dates and ranges that one rule may name
LONGEST_SHIFT = timedelta(days=31)  # no holiday is longer than a month of days off in a row
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)  # inside it, no zone overflows datetime

_MAX_STEPS = LONGEST_RUN.days + 1  # one candidate a day is the densest that the grammar can say


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class WeekendShift(StrEnum):
    """What becomes of a date that falls on a day off."""

    NONE = "none"
    SKIP = "skip"
    NEXT_WORKING_DAY = "next_working_day"


class RecurrenceFault(StrEnum):
    """Why a rule cannot be expanded. The sentence for the organizer lives with the page."""

    NO_END = "no_end"
    END_BEFORE_START = "end_before_start"
    OUTSIDE_CALENDAR = "outside_calendar"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NEVER_MATCHES = "never_matches"
    INTERVAL_OUT_OF_RANGE = "interval_out_of_range"
    WEEKDAY_OUT_OF_RANGE = "weekday_out_of_range"
    MONTH_DAY_OUT_OF_RANGE = "month_day_out_of_range"
    DAYS_OF_ANOTHER_FREQUENCY = "days_of_another_frequency"
    DURATION_OUT_OF_RANGE = "duration_out_of_range"
    START_TIME_WITH_ZONE = "start_time_with_zone"
    TOO_MANY_EXCEPTIONS = "too_many_exceptions"
    RANGE_REVERSED = "range_reversed"
    UNKNOWN_ZONE = "unknown_zone"


class BadRecurrence(ValueError):
    """The rule was refused; `reason` says why."""

    def __init__(self, reason: RecurrenceFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When sessions repeat.

    frequency, interval: every `interval` days, weeks (Monday to Sunday) or months, the first day's own being the first.
    weekdays: weekly only; 0 is Monday, 6 is Sunday; empty means the weekday of the first day.
    month_days: monthly only; 1 to 31; a month without that day is passed over; empty means the day of the first day.
    until: the last date, inclusive, on which a session may begin. Required: None is refused.
    excluded: dates on which no session begins, neither as planned nor after a shift.
    skip_ranges: first and last date, inclusive, of stretches left out whole, such as 寒暑假. A planned date inside
    is dropped and not shifted; so is one that a shift would move inside.
    holidays, workdays: days off that are no weekend days; weekend days on which people work. Only the shift reads them.
    starts_at: wall time in `zone`, without tzinfo. duration: exact elapsed time, over zero and at most 31 days.
    """

    frequency: Frequency
    starts_at: time
    duration: timedelta
    until: date | None
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    excluded: frozenset[date] = frozenset()
    skip_ranges: tuple[tuple[date, date], ...] = ()
    shift_weekend: WeekendShift = WeekendShift.NONE
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    zone: str = "Asia/Shanghai"


def expand(rule: Recurrence, first: date) -> list[tuple[datetime, datetime]]:
    """Begin and end of every session from `first` on, in UTC, ascending, at most one a day and at most 366.

    `first` is where the search begins; it is a session only if the rule says so.
    A wall time that a clock change skips is read with the offset before the gap, so 02:30 becomes 03:30; one that
    occurs twice means its first occurrence (RFC 5545 §3.3.5). Two hours last two hours whatever the clock does.
    Raises BadRecurrence.
    """
    until = _checked_until(rule, first)
    zone = _zone(rule.zone)
    days = list(islice(_days(rule, first, until), MAX_OCCURRENCES + 1))
    if not days:
        raise BadRecurrence(RecurrenceFault.NEVER_MATCHES)
    if len(days) > MAX_OCCURRENCES:
        raise BadRecurrence(RecurrenceFault.TOO_MANY)
    begins = [datetime.combine(day, rule.starts_at.replace(fold=0), zone).astimezone(UTC) for day in days]
    return [(begin, begin + rule.duration) for begin in begins]


def _checked_until(rule: Recurrence, first: date) -> date:
    for reason, is_wrong in _faults(rule):
        if is_wrong:
            raise BadRecurrence(reason)
    if rule.until is None:
        raise BadRecurrence(RecurrenceFault.NO_END)
    if rule.until < first:
        raise BadRecurrence(RecurrenceFault.END_BEFORE_START)
    if not EARLIEST <= first <= rule.until <= LATEST:
        raise BadRecurrence(RecurrenceFault.OUTSIDE_CALENDAR)
    if rule.until - first > LONGEST_RUN:
        raise BadRecurrence(RecurrenceFault.TOO_LONG)
    return rule.until


def _faults(rule: Recurrence) -> Iterator[tuple[RecurrenceFault, bool]]:
    fault, exceptions = RecurrenceFault, (rule.excluded, rule.skip_ranges, rule.holidays, rule.workdays)
    yield fault.INTERVAL_OUT_OF_RANGE, rule.interval not in INTERVALS
    yield fault.WEEKDAY_OUT_OF_RANGE, not rule.weekdays <= set(range(7))
    yield fault.MONTH_DAY_OUT_OF_RANGE, not rule.month_days <= set(range(1, 32))
    yield fault.DAYS_OF_ANOTHER_FREQUENCY, bool(rule.weekdays) and rule.frequency is not Frequency.WEEKLY
    yield fault.DAYS_OF_ANOTHER_FREQUENCY, bool(rule.month_days) and rule.frequency is not Frequency.MONTHLY
    yield fault.DURATION_OUT_OF_RANGE, not timedelta(0) < rule.duration <= LONGEST_DURATION
    yield fault.START_TIME_WITH_ZONE, rule.starts_at.tzinfo is not None
    yield fault.TOO_MANY_EXCEPTIONS, sum(map(len, exceptions)) > MAX_EXCEPTIONS
    yield fault.RANGE_REVERSED, any(end < start for start, end in rule.skip_ranges)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; a path or NUL; a folder of zones
        raise BadRecurrence(RecurrenceFault.UNKNOWN_ZONE) from error


def _days(rule: Recurrence, first: date, until: date) -> Iterator[date]:
    kept = (day for day in _planned(rule, first, until) if not _left_out(rule, day))
    moved = (_shifted(rule, day) for day in kept)
    days = (day for day in moved if day and day <= until and not _left_out(rule, day))
    return (day for day, _ in groupby(days))  # a Saturday and a Sunday that both move to Monday make one session


def _planned(rule: Recurrence, first: date, until: date) -> Iterator[date]:
    month_days = rule.month_days or {first.day}
    moments = rrule.rrule(
        getattr(rrule, rule.frequency.name),
        dtstart=datetime.combine(first, time.min),
        until=datetime.combine(until, time.min),
        interval=rule.interval,
        wkst=rrule.MO,
        byweekday=sorted(rule.weekdays) or None,
        # Day 1 is a heartbeat: rrule looks at `until` only when it has a date in hand, and would search for a
        # 30 February up to the year 9999.
        bymonthday=sorted(month_days | {1}) if rule.frequency is Frequency.MONTHLY else None,
    )
    for moment in islice(moments, _MAX_STEPS):
        if rule.frequency is not Frequency.MONTHLY or moment.day in month_days:
            yield moment.date()


def _left_out(rule: Recurrence, day: date) -> bool:
    return day in rule.excluded or any(start <= day <= end for start, end in rule.skip_ranges)


def _shifted(rule: Recurrence, day: date) -> date | None:
    if rule.shift_weekend is WeekendShift.NONE or not _is_day_off(rule, day):
        return day
    if rule.shift_weekend is WeekendShift.SKIP:
        return None
    later = (day + timedelta(days=step) for step in range(1, LONGEST_SHIFT.days + 1))
    return next((candidate for candidate in later if not _is_day_off(rule, candidate)), None)


def _is_day_off(rule: Recurrence, day: date) -> bool:
    return day in rule.holidays or (day.weekday() >= 5 and day not in rule.workdays)
