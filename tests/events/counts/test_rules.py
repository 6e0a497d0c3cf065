"""Rates, changes, and small numbers that stay hidden."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.counts.figures import Hidden, Row
from events.counts.rules import FEWEST, attendance_rate, changes, percent, suppressed


def row(person_times: int, persons: int, bookings: int, absent: int, key: str = "") -> Row:
    return Row(key, key, "", person_times, persons, bookings, absent, 1, attendance_rate(person_times, absent))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(2316, 2400, "96.50"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (1, 1600, "0.06"), (-1, 800, "-0.13")],
)
def test_percentages_have_two_decimals_and_round_half_up(part: int, whole: int, expected: str):
    assert str(percent(part, whole)) == expected


def test_a_rate_without_a_base_is_missing():
    assert attendance_rate(0, 0) is None


def test_changes_are_percent_of_the_base_and_points_for_the_rate():
    found = changes(row(2316, 1540, 2543, 227), row(1956, 1600, 2000, 44))
    assert found.person_times == Decimal("18.40")
    assert found.persons == Decimal("-3.75")
    assert found.bookings == Decimal("27.15")
    assert found.attendance_rate == Decimal("-6.73")


def test_changes_from_nothing_are_missing():
    found = changes(row(12, 10, 14, 2), row(0, 0, 0, 0))
    assert (found.person_times, found.persons, found.bookings, found.attendance_rate) == (None, None, None, None)


def test_points_are_rounded_once_not_twice():
    assert changes(row(1, 1, 3, 2), row(1, 1, 6, 5)).attendance_rate == Decimal("16.67")  # 33.33 - 16.67 would be 16.66


def test_a_small_number_takes_the_next_smallest_of_its_column_along():
    rows, total = suppressed(
        [row(40, 30, 60, 20, "a"), row(3, 3, 30, 27, "b"), row(9, 8, 29, 20, "c"), row(50, 41, 90, 40, "d")],
        row(102, 70, 209, 107),
    )
    assert [each.person_times for each in rows] == [40, Hidden.FEW, Hidden.WITHHELD, 50]
    assert [each.persons for each in rows] == [30, Hidden.FEW, Hidden.WITHHELD, 41]
    assert total.person_times == 102


def test_two_numbers_of_a_row_never_tell_the_third():
    rows, _ = suppressed(
        [row(40, 30, 42, 2, "a"), row(60, 50, 64, 4, "b"), row(70, 60, 90, 20, "c")], row(170, 120, 196, 26)
    )
    assert [(each.person_times, each.bookings, each.absent) for each in rows] == [
        (40, Hidden.WITHHELD, Hidden.FEW),
        (60, Hidden.WITHHELD, Hidden.FEW),
        (70, 90, 20),
    ]
    assert [each.attendance_rate for each in rows] == [Hidden.WITHHELD, Hidden.WITHHELD, Decimal("77.78")]


def test_a_lone_row_cannot_be_read_off_the_total():
    rows, total = suppressed([row(3, 3, 12, 9, "a")], row(3, 3, 12, 9))
    assert (rows[0].person_times, total.person_times) == (Hidden.FEW, Hidden.FEW)
    assert (rows[0].bookings, total.bookings) == (Hidden.WITHHELD, Hidden.WITHHELD)


def test_a_total_without_rows_hides_its_small_numbers():
    rows, total = suppressed([], row(40, 30, 44, 4))
    assert rows == ()
    assert (total.person_times, total.absent, total.bookings) == (40, Hidden.FEW, Hidden.WITHHELD)


numbers = st.integers(0, 30)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8))
def test_nothing_small_can_be_computed_from_what_is_shown(cells: list[tuple[int, int, int]]):
    made = [row(came, came, came + missed + left, missed, str(n)) for n, (came, missed, left) in enumerate(cells)]
    sums = [sum(getattr(each, column) for each in made) for column in ("person_times", "persons", "bookings", "absent")]
    rows, total = suppressed(made, row(*sums))
    for column in ("person_times", "persons", "bookings", "absent"):
        values = [getattr(each, column) for each in (*rows, total)]
        assert all(isinstance(value, Hidden) or value >= FEWEST for value in values)
        assert sum(isinstance(value, Hidden) for value in values) != 1
    for each in (*rows, total):
        assert [isinstance(value, Hidden) for value in (each.person_times, each.bookings, each.absent)].count(True) != 1
