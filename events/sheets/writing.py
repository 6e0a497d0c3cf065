"""Tables that we hand out: CSV and XLSX in which nothing is a formula and no digit is lost."""

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from events.sheets.shapes import CELL_MOST, BadSheet, SheetReason, address

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FORMULA_STARTS = "=+-@＝＋－＠"
DANGEROUS_STARTS = tuple(FORMULA_STARTS + "\t\r\n\x00")  # OWASP ASVS 5.0 §1.2.10, and the full-width forms
CHUNK = 1 << 16  # characters, about
WIDTH_MOST = 40  # of a column, in characters
WIDE = 2  # columns of a Chinese character

Value = str | int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to write. Text stays text, so pass student numbers and phones as text; numbers become number cells."""

    name: str  # at most 31 characters, none of []:*?/\\
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]


def safe_cell(value: Value) -> Value:
    """Text that a spreadsheet would take for a formula, behind an apostrophe; all else, numbers too, as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS_STARTS) else value


def write_csv(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, in pieces; with a byte order mark, without which Excel reads Chinese as Latin."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


async def write_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table, made in a thread. Raises BadSheet if a table or a text does not fit."""
    return await asyncio.to_thread(_write, tables)


def _write(tables: Sequence[Table]) -> bytes:
    import xlsxwriter  # slow to import, and most processes never write a sheet

    output = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(output, options) as workbook:
        bold = workbook.add_format({"bold": True})
        for table in tables:
            _write_sheet(workbook.add_worksheet(table.name), table, bold)
    return output.getvalue()


def _write_sheet(sheet: "Worksheet", table: Table, bold: "Format") -> None:
    for column, title in enumerate(table.header):
        sheet.set_column(column, column, min(WIDTH_MOST, WIDE * len(title) + WIDE))
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, table.header, bold)
    for line, row in enumerate(table.rows, 1):
        _write_row(sheet, line, row, None)


def _write_row(sheet: "Worksheet", line: int, row: Sequence[Value], look: "Format | None") -> None:
    for column, value in enumerate(map(safe_cell, row)):
        if value is None:
            continue
        if isinstance(value, str) and len(value) > CELL_MOST:
            raise BadSheet(SheetReason.CELL_TOO_LONG, address(line + 1, column))
        write = sheet.write_string if isinstance(value, str) else sheet.write_number
        if write(line, column, value, look) < 0:  # its only sign that the sheet is full
            raise BadSheet(SheetReason.TOO_MANY_ROWS, address(line + 1, column))
