"""What a table that somebody hands us becomes: sheets of rows of text, or a refusal with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

FILE_MOST = 20_000_000  # bytes, as uploaded
ROWS_MOST = 200_000  # rows that hold anything, and the number of the last of them
COLUMNS_MOST = 200
CELL_MOST = 32_767  # characters; what Excel itself holds in a cell


class SheetReason(StrEnum):
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    UNKNOWN_KIND = "unknown_kind"  # neither .xlsx nor .csv
    MISNAMED = "misnamed"  # the name says one kind, the content is another
    OLD_XLS = "old_xls"  # Excel 97–2003, or a web page called .xls
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EXPANDS_TOO_FAR = "expands_too_far"
    TOO_MANY_PARTS = "too_many_parts"
    BROKEN = "broken"
    ENTITIES = "entities"
    NOT_TEXT = "not_text"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNBALANCED_QUOTES = "unbalanced_quotes"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    TOO_MUCH_TEXT = "too_much_text"
    NO_ROWS = "no_rows"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"


class BadSheet(Exception):
    """The file was not read, and why. `detail` says where, for people: a cell, a line, a part; it may be empty."""

    def __init__(self, reason: SheetReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class CellMark(StrEnum):
    """What the text of a cell does not tell."""

    NUMBER = "number"  # a number cell of eight digits or more, all of which are still there
    LOST_DIGITS = "lost_digits"  # a number cell of sixteen digits or more: Excel keeps fifteen
    FORMULA = "formula"  # the text is its last saved value, "" if none was saved
    ERROR = "error"  # #REF!, #N/A …


class SheetRow(msgspec.Struct, frozen=True, array_like=True):
    line: int  # as the sheet counts, from 1
    cells: tuple[str, ...]  # from column A; none after the last that holds something


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet. Blank rows are left out; marks are keyed by line (from 1) and column (from 0)."""

    name: str
    rows: Sequence[SheetRow]
    marks: Mapping[tuple[int, int], CellMark] = field(default_factory=dict)


def address(line: int, column: int) -> str:
    """How a sheet calls a cell; line from 1, column from 0: address(17, 2) is "C17"."""
    return f"{column_letters(column)}{line}"


def column_letters(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
