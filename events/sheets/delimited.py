"""CSV in the encodings and with the separators that offices here produce."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from events.sheets.archive import OLE_MAGIC, ZIP_MAGIC
from events.sheets.lines import Line, Source
from events.sheets.shapes import CELL_MOST, BadSheet, SheetReason

SEPARATORS = ",;\t"
SAMPLE = 10_000  # characters looked at to find the separator
SHEET_NAME = ""

_QUOTED = re.compile(r'"[^"]*"')
_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("utf-8", "gb18030")  # in this order: Chinese text in GB18030 is hardly ever well-formed UTF-8


def read_delimited(content: bytes) -> Iterator[Source]:
    """One sheet without a name. Raises BadSheet."""
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise BadSheet(SheetReason.MISNAMED)
    text = decode(content)
    if "\x00" in text:
        raise BadSheet(SheetReason.NOT_TEXT)
    csv.field_size_limit(CELL_MOST)
    yield Source(SHEET_NAME, _lines(text, separator_of(text)))


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark or plainly so, else GB18030. Raises BadSheet."""
    encodings = [encoding for mark, encoding in _MARKED if content.startswith(mark)]
    for encoding in encodings or (*_unmarked_utf16(content), *_UNMARKED):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(SheetReason.UNKNOWN_ENCODING)


def separator_of(text: str) -> str:
    """The one that most of the first lines have, outside of quotes, and most often; the comma where no line has any."""
    lines = _QUOTED.sub("", text[:SAMPLE]).splitlines()
    return max(SEPARATORS, key=lambda separator: (sum(separator in line for line in lines), _times(separator, lines)))


def _lines(text: str, separator: str) -> Iterator[Line]:
    # a line break within quotes does not start a row, so rows are counted as a spreadsheet shows them
    rows = enumerate(_reader(text, separator), 1)
    number = 0
    try:
        for number, cells in rows:
            yield Line(number, cells, {})
    except csv.Error as error:
        too_long = "field limit" in str(error)
        reason = SheetReason.CELL_TOO_LONG if too_long else SheetReason.UNBALANCED_QUOTES
        raise BadSheet(reason, str(number + 1)) from error


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _times(separator: str, lines: list[str]) -> int:
    return sum(line.count(separator) for line in lines)


def _unmarked_utf16(content: bytes) -> tuple[str, ...]:
    """ASCII separators and digits leave every second byte zero; UTF-8 and GB18030 text has none."""
    if len(content) % 2 or b"\x00" not in content:
        return ()
    return ("utf-16-le",) if content[1::2].count(0) >= content[::2].count(0) else ("utf-16-be",)
