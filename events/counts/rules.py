"""Rates, changes, and what must not be shown to others. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from events.counts.figures import Cell, Changes, Hidden, Row
from events.errors import Fault

FEWEST = 5  # below this a number is not shown outside the owning department
LONGEST_YEARS = 20  # of a period
HUNDREDTH = Decimal("0.01")


def period_problems(from_year: int, until_year: int, ends_before_it_begins: bool) -> dict[str, Fault]:
    if ends_before_it_begins:
        return {"until_day": Fault.BEFORE_START}
    return {"until_day": Fault.TOO_HIGH} if until_year - from_year > LONGEST_YEARS else {}


def attendance_rate(attended: int, absent: int) -> Decimal | None:
    """In percent, two decimals, half up; None where nobody was due."""
    return percent(attended, attended + absent)


def percent(part: int, whole: int) -> Decimal | None:
    return rounded(Decimal(100 * part) / whole) if whole else None


def rounded(number: Decimal) -> Decimal:
    return number.quantize(HUNDREDTH, ROUND_HALF_UP)


def changes(now: Row, base: Row) -> Changes:
    return Changes(
        person_times=growth(now.person_times, base.person_times),
        persons=growth(now.persons, base.persons),
        bookings=growth(now.bookings, base.bookings),
        attendance_rate=points(now, base),
    )


def growth(now: Cell, base: Cell) -> Decimal | None:
    """By how many percent of the base; None where the base is missing, hidden or zero."""
    return percent(now - base, base) if isinstance(now, int) and isinstance(base, int) else None


def points(now: Row, base: Row) -> Decimal | None:
    """By how many percentage points the rate differs, rounded once, from the numbers themselves."""
    exact = [exact_rate(row) for row in (now, base)]
    return None if exact[0] is None or exact[1] is None else rounded(exact[0] - exact[1])


def exact_rate(row: Row) -> Decimal | None:
    attended, absent = row.person_times, row.absent
    if not isinstance(attended, int) or not isinstance(absent, int) or attended + absent == 0:
        return None
    return Decimal(100 * attended) / (attended + absent)


# --- what a partner sees ---

GUARDED = ("person_times", "persons", "bookings", "absent")
ADD_UP = ("bookings", "absent", "person_times")  # of one row: two of them tell the third; the first is given up first

Line = dict[str, Cell]


def suppressed(rows: Sequence[Row], total: Row) -> tuple[tuple[Row, ...], Row]:
    """The table without numbers under five, and without those from which one of them could be computed."""
    lines = [{column: shown(getattr(row, column)) for column in GUARDED} for row in (*rows, total)]
    while hide_across(lines) or hide_down(lines, [*rows, total]):
        pass
    *hidden, last = (covered(row, line) for row, line in zip((*rows, total), lines, strict=True))
    return tuple(hidden), last


def shown(cell: Cell) -> Cell:
    return Hidden.FEW if isinstance(cell, int) and cell < FEWEST else cell


def hide_across(lines: Iterable[Line]) -> bool:
    """In each row, a number that its two neighbours would tell takes one of them along. True if anything changed."""
    changed = False
    for line in lines:
        if [isinstance(line[column], Hidden) for column in ADD_UP].count(True) == 1:
            line[next(column for column in ADD_UP if not isinstance(line[column], Hidden))] = Hidden.WITHHELD
            changed = True
    return changed


def hide_down(lines: Sequence[Line], rows: Sequence[Row]) -> bool:
    """In each column, a number that the total less the others would tell takes the smallest other along."""
    changed = False
    for column in GUARDED if len(lines) > 1 else ():
        hidden = [index for index, line in enumerate(lines) if isinstance(line[column], Hidden)]
        if len(hidden) != 1:
            continue
        others = [index for index in range(len(lines) - 1) if index not in hidden] or [len(lines) - 1]
        lines[min(others, key=lambda index: size(rows[index], column))][column] = Hidden.WITHHELD
        changed = True
    return changed


def size(row: Row, column: str) -> int:
    value: Any = getattr(row, column)
    return value if isinstance(value, int) else 0


def covered(row: Row, line: Line) -> Row:
    telling = isinstance(line["person_times"], Hidden) or isinstance(line["absent"], Hidden)
    cells: dict[str, Any] = {**line, "attendance_rate": Hidden.WITHHELD if telling else row.attendance_rate}
    return replace(row, **cells)
