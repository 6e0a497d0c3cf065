"""XLSX: the values of every visible sheet, as text, with marks where the text alone would mislead."""

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from events.sheets.archive import open_archive, parse_part
from events.sheets.lines import Line, Source
from events.sheets.scan import parts_of_sheets, scan_sheet
from events.sheets.shapes import BadSheet, CellMark, SheetReason

EXACT_BELOW = 1e15  # Excel keeps fifteen significant digits of a number
LONG_FROM = 1e7  # a number of eight digits or more is somebody's, not an amount: worth saying that it was no text

Value = int | float | str | bool | time | date | datetime | timedelta
Marks = Mapping[tuple[int, int], CellMark]


def read_workbook(content: bytes) -> Iterator[Source]:
    """The visible worksheets, one after the other. Raises BadSheet."""
    archive = open_archive(content)
    parts = parts_of_sheets(archive)
    _refuse_entities(archive, except_in=set(parts.values()))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
                marks = scan_sheet(archive, parts.get(about.name, ""))
                yield Source(about.name, _lines(workbook.get_sheet_by_name(about.name), marks))
    except CalamineError as error:
        raise BadSheet(SheetReason.BROKEN) from error


def cell_text(value: Value) -> str:
    """A value as the person at the screen would copy it: whole numbers without ".0", dates as 2026-11-22."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case int() | float():
            return _number_text(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
    return str(value)


def mark_of(value: Value) -> CellMark | None:
    """What is to be said about a number cell: that digits are lost, or that none is though it was a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) < EXACT_BELOW:
        return CellMark.LOST_DIGITS
    return CellMark.NUMBER if abs(value) >= LONG_FROM else None


def _number_text(value: int | float) -> str:
    if not math.isfinite(value) or abs(value) >= EXACT_BELOW:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)


def _lines(sheet: CalamineSheet, scanned: Marks) -> Iterator[Line]:
    first_column = sheet.start[1] if sheet.start else 0
    marks: dict[int, dict[int, CellMark]] = {}
    for (line, column), mark in scanned.items():
        marks.setdefault(line, {})[column] = mark
    # iter_rows begins at the first row, but at the first column that holds something
    for line, values in zip(count(1), sheet.iter_rows(), strict=False):
        yield _line(line, [""] * first_column, values, marks.pop(line, {}))
    for line, left in marks.items():
        yield Line(line, [""] * (max(left) + 1), left)


def _line(line: int, before: list[str], values: list[Value], scanned: dict[int, CellMark]) -> Line:
    numbers = {len(before) + column: mark for column, value in enumerate(values) if (mark := mark_of(value))}
    lost = {column: mark for column, mark in numbers.items() if mark == CellMark.LOST_DIGITS}
    cells = before + [cell_text(value) for value in values]
    return Line(line, cells, numbers | scanned | lost if scanned else numbers)


def _refuse_entities(archive: zipfile.ZipFile, except_in: set[str]) -> None:
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and name not in except_in:
            parse_part(archive, name, expat.ParserCreate())
