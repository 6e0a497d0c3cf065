"""The periods of the counts page."""

from datetime import date

import pytest

from web.department.periods import Days, Period, days_of, read_day

AUTUMN = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Period.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Period.ACADEMIC, date(2026, 9, 1), date(2027, 8, 31)),
        (Period.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_lies_round_today(period: Period, first: date, last: date):
    assert days_of(period, AUTUMN) == Days(first, last)


def test_in_summer_the_academic_year_is_the_one_that_ends():
    assert days_of(Period.ACADEMIC, date(2026, 8, 31)) == Days(date(2025, 9, 1), date(2026, 8, 31))


@pytest.mark.parametrize("text", ["", "2024-02-30", "1999-12-31", "2101-01-01", "昨天", "2024-1-1"])
def test_what_is_no_day_is_none(text: str):
    assert read_day(text) is None
