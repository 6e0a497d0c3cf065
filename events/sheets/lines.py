"""Lines on their way out of a file, and the limits that hold for every kind of file."""

from collections.abc import Iterator
from typing import NamedTuple

from events.sheets.shapes import CELL_MOST, COLUMNS_MOST, ROWS_MOST, BadSheet, CellMark, SheetReason, address

TEXT_MOST = 50_000_000  # characters of all cells of all sheets: shared strings let a small file say much


class Line(NamedTuple):
    number: int
    cells: list[str]
    marks: dict[int, CellMark]  # by column


class Source(NamedTuple):
    name: str
    lines: Iterator[Line]


class Limits:
    """Counts over all sheets of one file."""

    def __init__(self) -> None:
        self.rows = 0
        self.characters = 0

    def keep(self, lines: Iterator[Line]) -> Iterator[Line]:
        """The lines that hold something, without empty cells at their ends. Raises BadSheet."""
        for line in lines:
            cells = trimmed(line.cells)
            if cells or line.marks:
                self.count(line.number, cells)
                yield line._replace(cells=cells)

    def count(self, number: int, cells: list[str]) -> None:
        self.rows += 1
        longest = max(map(len, cells), default=0)
        self.characters += sum(map(len, cells))
        if self.rows > ROWS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_ROWS, str(ROWS_MOST))
        if len(cells) > COLUMNS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_COLUMNS, address(number, len(cells) - 1))
        if longest > CELL_MOST:
            column = next(column for column, cell in enumerate(cells) if len(cell) > CELL_MOST)
            raise BadSheet(SheetReason.CELL_TOO_LONG, address(number, column))
        if self.characters > TEXT_MOST:
            raise BadSheet(SheetReason.TOO_MUCH_TEXT, address(number, 0))


def trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
