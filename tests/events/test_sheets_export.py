import csv
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.sheets import BadSheet, SheetReason, Table, read_table, safe_cell, write_csv, write_xlsx
from events.sheets.shapes import CELL_MOST

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["王小燕", "a=b", "2547040000", "138 1234 5678", "", -1, -1.5, Decimal("-1"), 0, None]
)
def test_everything_else_stays_as_it_is(value: str | int | float | Decimal | None) -> None:
    assert safe_cell(value) is value


def test_csv_begins_with_the_mark_that_excel_needs_and_keeps_every_text() -> None:
    rows = [["姓名", "备注"], ["王小燕", 'a,"b"\nc'], ["=1+1", -1], [None, ""]]
    content = b"".join(write_csv(rows))
    assert content.startswith(b"\xef\xbb\xbf" + "姓名,备注\r\n".encode())
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read == [["姓名", "备注"], ["王小燕", 'a,"b"\nc'], ["'=1+1", "-1"], ["", ""]]


def test_a_long_csv_comes_in_pieces_and_whole() -> None:
    pieces = list(write_csv([number, "王小燕"] for number in range(50_000)))
    assert len(pieces) > 5
    assert b"".join(pieces).count(b"\r\n") == 50_000


def test_an_error_on_the_way_ends_a_csv_with_the_error() -> None:
    def rows():
        yield ["学号"]
        raise RuntimeError("row 500")

    with pytest.raises(RuntimeError, match="row 500"):
        b"".join(write_csv(rows()))


async def test_a_workbook_holds_numbers_as_text_where_they_are_text_and_no_formula() -> None:
    table = Table("名单", ["学号", "手机号", "次数"], [["0047040000", "13812345678", 3], ["=1+1", None, -1.5]])
    content = await write_xlsx([table, Table("口径", ["说明"], [["http://example.org"]])])
    sheets = await read_table(content, "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["名单", "口径"]
    assert [row.cells for row in sheets[0].rows] == [
        ("学号", "手机号", "次数"),
        ("0047040000", "13812345678", "3"),
        ("'=1+1", "", "-1.5"),
    ]
    assert sheets[0].marks == {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert "xl/worksheets/_rels/sheet2.xml.rels" not in parts.namelist()


async def test_a_text_longer_than_a_cell_is_refused_and_not_cut() -> None:
    with pytest.raises(BadSheet) as refused:
        await write_xlsx([Table("a", ["a"], [["x" * (CELL_MOST + 1)]])])
    assert refused.value.reason == SheetReason.CELL_TOO_LONG
    assert refused.value.detail == "A2"


@given(st.text())
def test_no_text_is_left_with_a_dangerous_start(text: str) -> None:
    safe = safe_cell(text)
    assert isinstance(safe, str)
    assert not safe.startswith(tuple("=+-@\t\r\n\0＝＋－＠"))
    assert safe in (text, f"'{text}")
