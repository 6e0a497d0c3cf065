"""The periods that people ask for, as local days. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from events.counts.periods import month_end, month_of, moved

TERM_YEAR_BEGINS = 9  # September: an academic year runs from it to the end of August
EARLIEST, LATEST = 2000, 2100  # years


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ACADEMIC = "academic"
    LAST_YEAR = "last_year"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Days:
    first: date
    last: date


def days_of(period: Period, today: date) -> Days:
    """The period round today; a custom one has no days of its own and falls back on the year."""
    match period:
        case Period.MONTH:
            return Days(month_of(today), month_end(today))
        case Period.QUARTER:
            first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
            return Days(first, month_end(moved(first, 2)))
        case Period.ACADEMIC:
            first = date(today.year - (today.month < TERM_YEAR_BEGINS), TERM_YEAR_BEGINS, 1)
            return Days(first, month_end(moved(first, 11)))
        case Period.LAST_YEAR:
            return Days(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
        case _:
            return Days(date(today.year, 1, 1), date(today.year, 12, 31))


def typed_days(since: str, until: str) -> Iterator[tuple[str, date | None]]:
    """Each field with its day, or None where it is no day between 2000 and 2100."""
    for field, text in (("since", since), ("until", until)):
        yield field, read_day(text)


def read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None
