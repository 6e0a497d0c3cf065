"""One cell of a roster: what people write in it, made into the one form that we keep, or refused with a reason."""

import re
from collections.abc import Callable

from events.people.contacts import BadContact, normalise_email, normalise_phone
from events.people.masks import mask_email, mask_name, mask_phone, mask_student_number
from events.people.names import (
    BadText,
    TextFault,
    clean_line,
    clean_name,
    close_han_gaps,
    half_width,
    plain_spaces,
    printable,
)
from events.people.roster.shapes import REQUIRED, Fault, Field, Gender, Reason
from events.sheets import FORMULA_STARTS, CellMark

TEXT_MOST = 100  # characters: colleges, majors, classes, counsellors
EDUCATION_MOST = 20  # characters
YEAR_LEAST = 1950
YEARS_AHEAD = 8
SHOWN_MOST = 40  # characters of a value that a problem repeats

# GB/T 2261.1-2003: 0 unknown, 1 male, 2 female, 9 not stated
GENDERS = {
    Gender.MALE: "男 1 01 男性 男生 m male",
    Gender.FEMALE: "女 2 02 女性 女生 f female",
    Gender.UNSTATED: "0 9 未知 未说明",
}
EDUCATIONS = {
    "专科": "大专 高职 高职专科 高职(专科) 专科生 大学专科",
    "本科": "大学本科 普通本科 本科生 全日制本科",
    "硕士": "硕士生 硕士研究生",
    "博士": "博士生 博士研究生",
}
NOTHING = frozenset({"无", "暂无", "没有", "/", "\\", "-", "--", "—", "——", "n/a", "na", "none", "null", "nan"})

_NUMBER = re.compile(r"[0-9A-Z-]{4,20}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_FLOAT = re.compile(r"(\d+)\.0")  # what programs make of a number that was read as one
_YEAR = re.compile(r"(\d{4})(?:级|届|年|年级)?|(\d{4})[-/.年]\d{1,2}(?:月|[-/.月]\d{1,2}日?)?")
_SHORT_YEAR = re.compile(r"(\d\d)[级届]")
_TEXT_WRAP = re.compile(r'="(.*)"', re.DOTALL)  # how some systems force Excel to keep a number as text
_GENDER_OF = {word: gender for gender, words in GENDERS.items() for word in words.split()}
_EDUCATION_OF = {word: level for level, words in EDUCATIONS.items() for word in words.split()}


class BadCell(ValueError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_cell(field: Field, text: str, mark: CellMark | None, this_year: int) -> str:
    """The cell as it is stored, "" where it says nothing. Raises BadCell."""
    if mark == CellMark.ERROR:
        raise BadCell(Fault.ERROR_VALUE)
    if mark == CellMark.LOST_DIGITS:
        raise BadCell(Fault.LOST_DIGITS)
    value = unwrapped(text)
    if not value and mark == CellMark.FORMULA:
        raise BadCell(Fault.FORMULA)
    if not value or (field not in REQUIRED and half_width(value).casefold() in NOTHING):
        return _nothing(field)
    try:
        return _read_year(value, this_year) if field in _YEARS else _READERS[field](value)
    except (BadText, BadContact) as error:
        raise BadCell(error.reason) from error


def unwrapped(text: str) -> str:
    """Without space around it, without ="…", and without the apostrophe that says "text" to a spreadsheet."""
    value = plain_spaces(text).strip()
    wrapped = _TEXT_WRAP.fullmatch(value)
    return wrapped[1].strip() if wrapped else value.removeprefix("'")


def shown(field: Field, stored: str) -> str:
    """A stored value as the sheet would have it."""
    if field == Field.GENDER:
        return GENDERS[Gender(stored)].split()[0] if stored else ""
    return stored.removeprefix("+86") if field == Field.PHONE else stored


def masked(field: Field, reason: Reason, text: str) -> str:
    """A refused value as a report may repeat it."""
    value = printable(plain_spaces(text).strip()[:SHOWN_MOST])
    return value if reason in (Fault.LOST_DIGITS, Fault.FORMULA) else _MASKS.get(field, str)(value)


def _nothing(field: Field) -> str:
    if field in REQUIRED:
        raise BadCell(TextFault.EMPTY)
    return ""


def _read_number(value: str) -> str:
    number = half_width(value).replace(" ", "").upper()
    if _SCIENTIFIC.fullmatch(number):
        raise BadCell(Fault.LOST_DIGITS)
    whole = _FLOAT.fullmatch(number)
    number = whole[1] if whole else number
    if not _NUMBER.fullmatch(number):
        raise BadCell(Fault.BAD_NUMBER)
    return number


def _read_name(value: str) -> str:
    return clean_name(_no_formula(value))


def _read_text(value: str) -> str:
    return close_han_gaps(clean_line(_no_formula(value), most=TEXT_MOST))


def _read_education(value: str) -> str:
    level = close_han_gaps(clean_line(_no_formula(value), most=EDUCATION_MOST))
    return _EDUCATION_OF.get(half_width(level), level)


def _read_gender(value: str) -> str:
    word = half_width(value).replace(" ", "").casefold()
    if word not in _GENDER_OF:
        raise BadCell(Fault.BAD_GENDER)
    return _GENDER_OF[word]


def _read_year(value: str, this_year: int) -> str:
    word = half_width(value).replace(" ", "")
    whole, short = _YEAR.fullmatch(_FLOAT.sub(r"\1", word)), _SHORT_YEAR.fullmatch(word)
    if not whole and not short:
        raise BadCell(Fault.BAD_YEAR)
    year = int(whole[1] or whole[2]) if whole else 2000 + int(short[1] if short else 0)
    if not YEAR_LEAST <= year <= this_year + YEARS_AHEAD:
        raise BadCell(Fault.YEAR_OUT_OF_RANGE)
    return str(year)


def _no_formula(value: str) -> str:
    if value.startswith(tuple(FORMULA_STARTS)):
        raise BadCell(Fault.FORMULA)
    return value


_YEARS = frozenset({Field.GRADE, Field.GRADUATION_YEAR})
_READERS: dict[Field, Callable[[str], str]] = {
    Field.NUMBER: _read_number,
    Field.NAME: _read_name,
    Field.GENDER: _read_gender,
    Field.COLLEGE: _read_text,
    Field.MAJOR: _read_text,
    Field.CLASS_NAME: _read_text,
    Field.PHONE: normalise_phone,
    Field.EDUCATION: _read_education,
    Field.COUNSELLOR: _read_text,
    Field.EMAIL: normalise_email,
}
_MASKS: dict[Field, Callable[[str], str]] = {
    Field.NUMBER: mask_student_number,
    Field.NAME: mask_name,
    Field.PHONE: mask_phone,
    Field.COUNSELLOR: mask_name,
    Field.EMAIL: mask_email,
}
