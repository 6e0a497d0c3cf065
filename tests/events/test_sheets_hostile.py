"""Files made to hurt: each is refused with its reason, and the next good file is read as if nothing had been."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from events.sheets import BadSheet, SheetReason, read_table
from events.sheets.reading import READERS_MOST

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOL = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))


def good_file() -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        book.add_worksheet("名单").write_column("A1", ["学号", "2547040000"])
    return output.getvalue()


def with_parts(**replaced: bytes) -> bytes:
    """The good file with parts replaced or added; names with / and . written __ and _."""
    parts = {name.replace("__", "/").replace("_", "."): body for name, body in replaced.items()}
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_file())) as good, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as bad:
        for part in good.infolist():
            if part.filename not in parts:
                bad.writestr(part, good.read(part))
        for name, body in parts.items():
            bad.writestr(name, body)
    return output.getvalue()


def with_cells(cells: str, dimension: str = "A1") -> bytes:
    body = f'<worksheet {MAIN}><dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
    return with_parts(xl__worksheets__sheet1_xml=body.encode())


def entities_in_strings() -> bytes:
    body = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LOL}]><sst {MAIN}><si><t>&l9;</t></si></sst>'
    return with_parts(xl__sharedStrings_xml=body.encode())


def entities_in_a_sheet() -> bytes:
    body = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LOL}]><worksheet {MAIN}><sheetData/></worksheet>'
    return with_parts(xl__worksheets__sheet1_xml=body.encode())


def ratio_over_a_hundred() -> bytes:
    return with_parts(xl__media__big_xml=b" " * 30_000_000)


def eighty_megabytes() -> bytes:
    return with_parts(xl__media__big_xml=b" " * 80_000_000)


def a_directory_that_lies() -> bytes:
    """The directory promises 1,000 bytes where 30,000,000 come out."""
    content = with_parts(xl__worksheets__sheet1_xml=b"<worksheet>" + b" " * 30_000_000)
    size = (30_000_011).to_bytes(4, "little")
    return content.replace(size, (1000).to_bytes(4, "little"))


def archives_within_archives() -> bytes:
    inner = b"0" * 10_000_000
    for _ in range(5):
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as layer:
            for number in range(16):
                layer.writestr(f"{number}.zip", inner)
        inner = output.getvalue()
    return inner


def a_thousand_parts() -> bytes:
    return with_parts(**{f"xl__{number}_xml": b"<a/>" for number in range(1000)})


def the_same_part_twice() -> bytes:
    output = io.BytesIO(good_file())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(output, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    return output.getvalue()


def a_part_outside() -> bytes:
    output = io.BytesIO(good_file())
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr("../../evil.xml", b"<a/>")
    return output.getvalue()


def an_encrypted_part() -> bytes:
    content = bytearray(good_file())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    return bytes(content)


def half_a_file() -> bytes:
    content = good_file()
    return content[: len(content) // 2]


def a_damaged_part() -> bytes:
    with zipfile.ZipFile(io.BytesIO(good_file())) as good:
        offset = good.getinfo(SHEET).header_offset
    content = bytearray(good_file())
    content[offset + 60 : offset + 120] = bytes(60)
    return bytes(content)


def a_string_said_often() -> bytes:
    """One string of 32,000 characters, shown by 60,000 cells: 2 GB of text in a small file."""
    cells = "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>0</v></c></row>' for line in range(1, 60_001))
    body = f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"
    strings = f"<sst {MAIN}><si><t>{'x' * 32_000}</t></si></sst>"
    return with_parts(xl__worksheets__sheet1_xml=body.encode(), xl__sharedStrings_xml=strings.encode())


def a_cell_far_away() -> bytes:
    return with_cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "A1:XFD1048576")


def a_thousand_columns() -> bytes:
    return with_cells('<row r="1">' + "<c><v>1</v></c>" * 1000 + "</row>")


def too_many_rows() -> bytes:
    return with_cells("".join(f'<row r="{line}"><c><v>1</v></c></row>' for line in range(1, 200_002)))


def a_wide_and_deep_sheet() -> bytes:
    return with_cells('<row r="1"><c r="GR1"><v>1</v></c></row><row r="200000"><c r="A200000"><v>1</v></c></row>')


def a_long_cell() -> bytes:
    return with_cells(f'<row r="1"><c t="inlineStr"><is><t>{"x" * 32_768}</t></is></c></row>')


HOSTILE: list[tuple[Callable[[], bytes], str, SheetReason]] = [
    (entities_in_strings, "a.xlsx", SheetReason.ENTITIES),
    (entities_in_a_sheet, "a.xlsx", SheetReason.ENTITIES),
    (ratio_over_a_hundred, "a.xlsx", SheetReason.EXPANDS_TOO_FAR),
    (eighty_megabytes, "a.xlsx", SheetReason.EXPANDS_TOO_FAR),
    (a_directory_that_lies, "a.xlsx", SheetReason.BROKEN),
    (archives_within_archives, "a.xlsx", SheetReason.MISNAMED),
    (a_thousand_parts, "a.xlsx", SheetReason.TOO_MANY_PARTS),
    (the_same_part_twice, "a.xlsx", SheetReason.BROKEN),
    (a_part_outside, "a.xlsx", SheetReason.BROKEN),
    (an_encrypted_part, "a.xlsx", SheetReason.ENCRYPTED),
    (lambda: OLE_MAGIC + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", SheetReason.ENCRYPTED),
    (lambda: with_parts(xl__vbaProject_bin=b"macro"), "a.xlsx", SheetReason.MACROS),
    (half_a_file, "a.xlsx", SheetReason.BROKEN),
    (a_damaged_part, "a.xlsx", SheetReason.BROKEN),
    (a_string_said_often, "a.xlsx", SheetReason.TOO_MUCH_MEMORY),
    (a_cell_far_away, "a.xlsx", SheetReason.TOO_MANY_ROWS),
    (a_thousand_columns, "a.xlsx", SheetReason.TOO_MANY_COLUMNS),
    (too_many_rows, "a.xlsx", SheetReason.TOO_MANY_ROWS),
    (a_wide_and_deep_sheet, "a.xlsx", SheetReason.TOO_MANY_ROWS),
    (a_long_cell, "a.xlsx", SheetReason.CELL_TOO_LONG),
    (lambda: with_cells("<row><c>"), "a.xlsx", SheetReason.BROKEN),
    (lambda: with_cells("<row>" * 50_000 + "</row>" * 50_000), "a.xlsx", SheetReason.NO_ROWS),
    (good_file, "a.csv", SheetReason.MISNAMED),
    (lambda: b"a,b\n" + b"x" * 10_000_000, "a.csv", SheetReason.CELL_TOO_LONG),
    (lambda: b'a,"' + b"x" * 10_000_000, "a.csv", SheetReason.CELL_TOO_LONG),
    (lambda: b"," * 10_000_000 + b"x", "a.csv", SheetReason.TOO_MANY_COLUMNS),
    (lambda: b"a\n" * 200_001, "a.csv", SheetReason.TOO_MANY_ROWS),
    (lambda: b"\xff\xfe" + b"\x00\xd8" * 1000, "a.csv", SheetReason.UNKNOWN_ENCODING),
]


@pytest.mark.parametrize(
    ("make", "filename", "reason"), HOSTILE, ids=[f"{make.__name__}-{reason}" for make, _, reason in HOSTILE]
)
async def test_a_hostile_file_is_refused_and_hurts_nobody(
    make: Callable[[], bytes], filename: str, reason: SheetReason
) -> None:
    with pytest.raises(BadSheet) as refused:
        await read_table(make(), filename)
    assert refused.value.reason == reason


async def test_after_more_hostile_files_than_there_are_readers_a_good_one_is_read() -> None:
    for _ in range(READERS_MOST + 1):
        with pytest.raises(BadSheet):
            await read_table(a_cell_far_away(), "a.xlsx")
    (sheet,) = await read_table(good_file(), "a.xlsx")
    assert [row.cells for row in sheet.rows] == [("学号",), ("2547040000",)]


async def test_a_dimension_that_lies_alone_is_no_reason_to_refuse() -> None:
    content = with_cells('<row r="1"><c r="A1"><v>7</v></c></row>', "A1:XFD1048576")
    (sheet,) = await read_table(content, "a.xlsx")
    assert [row.cells for row in sheet.rows] == [("7",)]
