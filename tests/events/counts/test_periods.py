"""Which days a figure is compared with."""

from datetime import date

import pytest

from events.counts.periods import last_year, moved, previous, split, whole_months

LATER = date(2027, 6, 1)


def test_a_whole_month_is_compared_with_the_month_before():
    assert previous(date(2026, 3, 1), date(2026, 3, 31), LATER) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_quarter_is_compared_with_the_quarter_before():
    assert previous(date(2026, 1, 1), date(2026, 3, 31), LATER) == (date(2025, 10, 1), date(2025, 12, 31))


def test_a_stretch_of_days_is_compared_with_as_many_days_before():
    assert previous(date(2026, 11, 10), date(2026, 11, 16), LATER) == (date(2026, 11, 3), date(2026, 11, 9))


def test_a_month_still_running_is_compared_with_as_many_days_of_the_month_before():
    today = date(2026, 11, 22)
    assert previous(date(2026, 11, 1), date(2026, 11, 30), today) == (date(2026, 10, 1), date(2026, 10, 22))


def test_the_days_before_never_reach_into_the_period_itself():
    today = date(2026, 3, 30)
    assert previous(date(2026, 3, 1), date(2026, 3, 31), today) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_year_still_running_is_compared_up_to_the_same_day():
    today = date(2026, 11, 22)
    assert last_year(date(2026, 1, 1), date(2026, 12, 31), today) == (date(2025, 1, 1), date(2025, 11, 22))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2025, 2, 28), -12, date(2024, 2, 29)),  # the end of February stays the end of February
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_days_move_by_months(day: date, months: int, expected: date):
    assert moved(day, months) == expected


def test_a_period_widens_to_whole_months():
    assert whole_months(date(2026, 1, 31), date(2026, 2, 1)) == (date(2026, 1, 1), date(2026, 2, 28))


def test_only_fresh_months_that_lie_inside_are_taken_from_tallies():
    months = [(1, date(2026, 8, 1), False), (2, date(2026, 9, 1), False), (3, date(2026, 10, 1), True)]
    months += [(4, date(2026, 11, 1), False), (5, date(2026, 12, 1), False)]
    assert split(months, date(2026, 8, 2), date(2026, 11, 30)) == ([2, 4], [1, 3])
