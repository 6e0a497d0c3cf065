"""A first pass over a sheet's XML: where its cells are, and which hold a formula or an error.

Calamine gives values only, so that a formula without a saved value, or #N/A, would look like an empty cell; and it lays
a sheet out as a full rectangle, so that one cell far away costs the memory of all between.
"""

import zipfile
from functools import lru_cache
from xml.parsers import expat

from events.sheets.archive import WORKBOOK, parse_part
from events.sheets.shapes import COLUMNS_MOST, ROWS_MOST, BadSheet, CellMark, SheetReason, address

CELLS_MOST = 4_000_000  # of the full rectangle
RELATIONS = "xl/_rels/workbook.xml.rels"
HOLDS_SOMETHING = frozenset({"v", "is", "f"})
DIGITS = "0123456789"
LETTERS_MOST = 3  # of a column: XFD is Excel's last


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
    """Positions are taken from the attribute `r`, and counted on where a writer leaves it out.

    Called for every element of up to 50 MB, hence few calls and few attributes for a cell.
    """

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
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.is_error = attributes.get("t") == "e"
            self.enter_cell(attributes.get("r", ""))
        elif name in HOLDS_SOMETHING:
            self.hold(name)
        elif name == "row":
            self.line = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.line + 1
            self.column = -1

    def enter_cell(self, reference: str) -> None:
        letters = reference.rstrip(DIGITS)
        digits = reference[len(letters) :]
        if letters and digits:
            self.column, self.line = _column(letters), int(digits)
        else:
            self.column += 1

    def hold(self, name: str) -> None:
        if self.line > self.last_line:
            self.last_line = self.line
        if self.column > self.last_column:
            self.last_column = self.column
        if self.line > ROWS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_ROWS, address(self.line, self.column))
        if self.column >= COLUMNS_MOST:
            raise BadSheet(SheetReason.TOO_MANY_COLUMNS, address(self.line, self.column))
        if self.is_error:
            self.marks[self.line, self.column] = CellMark.ERROR
        elif name == "f":
            self.marks[self.line, self.column] = CellMark.FORMULA


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """A is 0, Z is 25, AA is 26; more than three letters are no column of a sheet."""
    if len(letters) > LETTERS_MOST or not (letters.isascii() and letters.isalpha()):
        raise BadSheet(SheetReason.BROKEN, letters[:LETTERS_MOST])
    column = 0
    for letter in letters.upper():
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
