"""People's names, and other text of one line, as we keep them.

Source for names: 民委发〔2016〕33号, by which twelve ministries settled how names of ethnic minorities are written in
information systems: the separator is the middle dot U+00B7, at least fifty characters fit, and the whole of GB18030.
So names are put in NFC and never in NFKC, which would replace rare characters by common ones.
"""

import re
import unicodedata
from enum import StrEnum

NAME_MOST = 100  # characters
LINE_MOST = 200  # characters
RAW_TIMES = 4  # what is longer than this many times its limit is refused before any work is done on it

MIDDLE_DOT = "\u00b7"
DOTS = "\u00b7\u2022\uff0e\u30fb\uff65\u2027\u2219\u22c5\u25cf\u2024\u2e31\u2e33\ua78f\u02d9"
DOTS_IN_HAN = DOTS + ".\ufe52"  # a full stop separates names in Han script; "J. Smith" keeps its own
HAN = (
    "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
    "\ue000-\uf8ff\U000f0000-\U000ffffd"  # private use: rare characters in fonts of the household register
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors belong to the character before them
)
NO_WIDTH = "\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000\u3164\uffa0"
)
PLACEHOLDERS = "?？*＊□■〓"  # what programs and people write where a character was lost or hidden

_SPACING: dict[int, str | None] = {ord(mark): None for mark in NO_WIDTH} | {ord(mark): " " for mark in BLANKS}
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！…～ to !…~
_CONTROL = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LETTER = rf"[^\W\d_]|[{HAN}]"
_HAN_DOT = re.compile(rf"(?<=[{HAN}]) ?(?:[{re.escape(DOTS_IN_HAN)}] ?)+(?=[{HAN}])")
_DOT = re.compile(rf"(?<={_LETTER}) ?(?:[{DOTS}] ?)+(?={_LETTER})")
_HAN_GAP = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
_ANY_LETTER = re.compile(_LETTER)
_LOST = re.compile(f"[{re.escape(PLACEHOLDERS)}]")


class TextFault(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL = "control_character"
    DIRECTION = "direction_override"
    LOST = "lost_character"
    NO_LETTER = "no_letter"


class BadText(ValueError):
    def __init__(self, reason: TextFault) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_name(text: str) -> str:
    """A person's name in NFC, 1 to 100 characters, with U+00B7 between the parts of a name (民委发〔2016〕33号).

    "阿依古丽•买买提" becomes "阿依古丽·买买提", "夏 桐" becomes "夏桐"; names in Latin script keep single spaces.
    Raises BadText: empty, too long, control characters, direction overrides, placeholders such as "张?", no letter.
    """
    name = clean_line(text, most=NAME_MOST)
    if not name:
        raise BadText(TextFault.EMPTY)
    if _LOST.search(name):
        raise BadText(TextFault.LOST)
    if not _ANY_LETTER.search(name):
        raise BadText(TextFault.NO_LETTER)
    return close_han_gaps(_DOT.sub(MIDDLE_DOT, _HAN_DOT.sub(MIDDLE_DOT, name.strip(DOTS + " "))))


def clean_line(text: str, *, most: int = LINE_MOST) -> str:
    """One line in NFC: marks of no width dropped, spaces of every kind a single " ", none at the ends; may be "".

    Raises BadText: longer than `most` characters, control characters (line breaks too), direction overrides, U+FFFD.
    """
    if len(text) > RAW_TIMES * most:
        raise BadText(TextFault.TOO_LONG)
    line = unicodedata.normalize("NFC", plain_spaces(text))
    if _CONTROL.search(line):
        raise BadText(TextFault.CONTROL)
    if _DIRECTION.search(line):
        raise BadText(TextFault.DIRECTION)
    if "\ufffd" in line:
        raise BadText(TextFault.LOST)
    line = " ".join(part for part in line.split(" ") if part)
    if len(line) > most:
        raise BadText(TextFault.TOO_LONG)
    return line


def close_han_gaps(line: str) -> str:
    """A cleaned line without the spaces that people put between Han characters to align a column."""
    return _HAN_GAP.sub("", line)


def printable(text: str) -> str:
    """Any text, fit to be shown or stored in a report: control characters and direction overrides become U+FFFD."""
    return _CONTROL.sub("\ufffd", _DIRECTION.sub("\ufffd", text))


def half_width(text: str) -> str:
    """Full-width forms of ASCII (U+FF01 to U+FF5E) as ASCII: for numbers, phones and addresses, never for names."""
    return text.translate(_HALF_WIDTH)


def plain_spaces(text: str) -> str:
    """Every kind of space as " ", marks of no width dropped, nothing else touched."""
    return text.translate(_SPACING)
