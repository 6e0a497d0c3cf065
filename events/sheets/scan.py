"""A first pass over a sheet's XML: where its cells are, and which hold a formula or an error.

Calamine gives values only, so that a formula without a saved value, or #N/A, would look like an empty cell; and it lays
a sheet out as a full rectangle, so that one cell far away costs the memory of all between.
"""

import re
import zipfile
from xml.parsers import expat

from events.sheets.archive import WORKBOOK, parse_part
from events.sheets.shapes import COLUMNS_MOST, ROWS_MOST, BadSheet, CellMark, SheetReason, address

CELLS_MOST = 4_000_000  # of the full rectangle
RELATIONS = "xl/_rels/workbook.xml.rels"
HOLDS_SOMETHING = frozenset({"v", "is", "f"})

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names and the parts that hold them. Raises BadSheet."""
    relations = _elements(archive, RELATIONS, "Relationship")
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    sheets = _elements(archive, WORKBOOK, "sheet")
    return {sheet.get("name", ""): _part_name(targets.get(_relation(sheet), "")) for sheet in sheets}


def scan_sheet(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], CellMark]:
    """The cells with a formula or an error. Raises BadSheet if the sheet reaches too far down or right."""
    return _Scan().run(archive, part)


class _Scan:
    """Positions are taken from the attribute `r`, and counted on where a writer leaves it out."""

    def __init__(self) -> None:
        self.line = 0
        self.column = -1
        self.is_error = False
        self.last_line = 0
        self.last_column = 0
        self.marks: dict[tuple[int, int], CellMark] = {}

    def run(self, archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], CellMark]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parse_part(archive, part, parser)
        if self.last_line * (self.last_column + 1) > CELLS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_ROWS, address(self.last_line, self.last_column))
        return self.marks

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.enter_cell(attributes)
        elif name in HOLDS_SOMETHING:
            self.hold(name)
        elif name == "row":
            self.line = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.line + 1
            self.column = -1

    def enter_cell(self, attributes: dict[str, str]) -> None:
        self.is_error = attributes.get("t") == "e"
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference:
            self.column, self.line = _column(reference[1]), int(reference[2])
        else:
            self.column += 1

    def hold(self, name: str) -> None:
        self.last_line = max(self.last_line, self.line)
        self.last_column = max(self.last_column, self.column)
        if self.line > ROWS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_ROWS, address(self.line, self.column))
        if self.column >= COLUMNS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_COLUMNS, address(self.line, self.column))
        if self.is_error:
            self.marks[self.line, self.column] = CellMark.ERROR
        elif name == "f":
            self.marks[self.line, self.column] = CellMark.FORMULA


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parse_part(archive, part, parser)
    return found


def _relation(sheet: dict[str, str]) -> str:
    return next((value for name, value in sheet.items() if name.rpartition(":")[2] == "id" and ":" in name), "")


def _part_name(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
