import asyncio
import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter

from events.sheets import BadSheet, CellMark, Sheet, SheetReason, SheetRow, address, read_table
from events.sheets.delimited import separator_of

TEXT = "学号,姓名\n2547040000,王小燕\n"
ROWS = [SheetRow(1, ("学号", "姓名")), SheetRow(2, ("2547040000", "王小燕"))]


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        fill(book)
    return output.getvalue()


async def only_sheet(content: bytes, filename: str) -> Sheet:
    (sheet,) = await read_table(content, filename)
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
async def test_csv_is_read_however_it_is_encoded(encoding: str) -> None:
    assert (await only_sheet(TEXT.encode(encoding), "名单.csv")).rows == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
async def test_csv_is_read_however_it_is_separated(separator: str, line_end: str) -> None:
    content = TEXT.replace(",", separator).replace("\n", line_end).encode()
    assert (await only_sheet(content, "名单.csv")).rows == ROWS


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("", ","),
        ("学号", ","),
        ("名单（内部；资料）\n学号,姓名\n1001,a;b", ","),
        ("学号\t备注\n1001\ta,b,c,d\n1002\t", "\t"),
        ('学号;"a,b,c"\n1001;"x,\ny,z"\n', ";"),
    ],
)
def test_the_separator_is_the_one_that_most_lines_have(text: str, separator: str) -> None:
    assert separator_of(text) == separator


async def test_a_line_break_in_quotes_is_part_of_its_cell_and_starts_no_row() -> None:
    content = b'title\n\n"a\nb","c,""d"""\ne,f\n'
    sheet = await only_sheet(content, "roster.CSV")
    assert sheet.rows == [SheetRow(1, ("title",)), SheetRow(3, ("a\nb", 'c,"d"')), SheetRow(4, ("e", "f"))]


async def test_rare_characters_of_gb18030_arrive() -> None:
    sheet = await only_sheet("学号,姓名\n1001,\U00020bb7田\n".encode("gb18030"), "a.csv")
    assert sheet.rows[1].cells == ("1001", "\U00020bb7田")


async def test_numbers_keep_their_digits_or_are_marked() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("名单")
        sheet.write_row("B3", [2547040000, 123456789012345, 1234567890123456, 2025, 3.5, -7, True])
        sheet.write_datetime("I3", datetime(2026, 11, 22), day)
        sheet.write_datetime("J3", date(2026, 11, 22), day)

    sheet = await only_sheet(workbook(fill), "名单.xlsx")
    digits = ("2547040000", "123456789012345", "1.23457E+15", "2025", "3.5", "-7", "TRUE", "2026-11-22", "2026-11-22")
    assert sheet.rows == [SheetRow(3, ("", *digits))]
    assert sheet.marks == {(3, 1): CellMark.NUMBER, (3, 2): CellMark.NUMBER, (3, 3): CellMark.LOST_DIGITS}


async def test_formulas_and_errors_are_marked_and_saved_values_taken() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", '=HYPERLINK("http://x","y")', None, "")
        sheet.write_formula("B1", '="王小燕"', None, "王小燕")
        sheet.write_formula("C1", "=1/0", None, "#DIV/0!")

    sheet = await only_sheet(workbook(fill), "a.xlsx")
    assert sheet.rows == [SheetRow(1, ("", "王小燕"))]
    assert sheet.marks == {(1, 0): CellMark.FORMULA, (1, 1): CellMark.FORMULA, (1, 2): CellMark.ERROR}


async def test_hidden_sheets_and_charts_are_not_read() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("名单").write("A1", "seen")
        hidden = book.add_worksheet("hidden")
        hidden.write("A1", "unseen")
        hidden.hide()
        book.add_chartsheet("chart")
        book.add_worksheet("empty")

    sheets = await read_table(workbook(fill), "a.xlsx")
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [("名单", 1), ("empty", 0)]


async def test_empty_formatting_far_away_costs_nothing() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write("A1", "学号")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))

    assert (await only_sheet(workbook(fill), "a.xlsx")).rows == [SheetRow(1, ("学号",))]


async def test_the_loop_runs_on_while_a_file_is_read() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    sheet = await only_sheet(("2547040000,王小燕\n" * 50_000).encode(), "a.csv")
    turning.cancel()
    assert len(sheet.rows) == 50_000
    assert turns > 100


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (b"", "a.csv", SheetReason.EMPTY_FILE),
        (b"", "a.xlsx", SheetReason.EMPTY_FILE),
        (b"\xef\xbb\xbf", "a.csv", SheetReason.NO_ROWS),
        (b"\n\n , ,\n", "a.csv", SheetReason.NO_ROWS),
        (b"a", "a.pdf", SheetReason.UNKNOWN_KIND),
        (b"a", "roster", SheetReason.UNKNOWN_KIND),
        (b"<html>", "a.xls", SheetReason.OLD_XLS),
        (b"PK", "a.xlsm", SheetReason.MACROS),
        (TEXT.encode(), "a.xlsx", SheetReason.MISNAMED),
        (b"PK\x03\x04", "a.csv", SheetReason.MISNAMED),
        (b"PK\x03\x04", "a.xlsx", SheetReason.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", SheetReason.OLD_XLS),
        ("王小燕".encode("gb18030") + "王小燕".encode() + b"\xff", "a.csv", SheetReason.UNKNOWN_ENCODING),
        (b"a\x00,b\nc,d\n\x00\x00", "a.csv", SheetReason.NOT_TEXT),
        (b'a,"b\nc,d\n', "a.csv", SheetReason.UNBALANCED_QUOTES),
        (b'a,"b"c\n', "a.csv", SheetReason.UNBALANCED_QUOTES),
        (b"x" * 20_000_001, "a.csv", SheetReason.FILE_TOO_LARGE),
    ],
    ids=str,
)
async def test_what_is_no_table_is_refused_with_its_reason(content: bytes, filename: str, reason: SheetReason) -> None:
    with pytest.raises(BadSheet) as refused:
        await read_table(content, filename)
    assert refused.value.reason == reason


async def test_a_sheet_without_a_cell_has_no_rows() -> None:
    with pytest.raises(BadSheet) as refused:
        await read_table(workbook(lambda book: book.add_worksheet()), "a.xlsx")
    assert refused.value.reason == SheetReason.NO_ROWS


def test_cells_are_called_as_a_sheet_calls_them() -> None:
    assert [address(17, 2), address(1, 25), address(1, 26), address(9, 16383)] == ["C17", "Z1", "AA1", "XFD9"]
