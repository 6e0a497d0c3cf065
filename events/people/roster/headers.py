"""Where a roster begins: the sheet that holds it, its header row, and which column says what."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from events.people.names import printable
from events.people.roster.shapes import EXPECTED, REQUIRED, BadRoster, Doubt, DoubtKind, Field, RosterReason
from events.sheets import Sheet, SheetRow, address, column_letters

HEADER_WITHIN = 20  # rows that hold something; titles and instructions stand above
HEADER_MOST = 40  # characters of a header that a doubt repeats
HEADER_LEAST = 2  # columns that we know, one of them the number or the name

SYNONYMS: dict[Field, str] = {
    Field.NUMBER: "学号 学工号 学生学号 学生编号 xh studentnumber studentno studentid",
    Field.NAME: "姓名 学生姓名 名字 xm name studentname fullname",
    Field.GENDER: "性别 xb gender sex",
    Field.COLLEGE: "学院 院系 二级学院 所在学院 所属学院 学院名称 所在院系 系部 院部 学院系 xy college faculty",
    Field.MAJOR: "专业 专业名称 所学专业 所在专业 zy major",
    Field.CLASS_NAME: "班级 行政班 行政班级 班级名称 所在班级 bj class classname",
    Field.GRADE: "年级 所在年级 入学年份 入学年度 入学年 nj grade entryyear enrolmentyear enrollmentyear",
    Field.PHONE: "手机号 手机号码 手机 本人手机 联系电话 移动电话 电话 电话号码 联系方式 phone phonenumber mobile",
    Field.EDUCATION: "学历层次 层次 学历 培养层次 education level",
    Field.GRADUATION_YEAR: "毕业年份 毕业年度 毕业年 预计毕业年份 graduationyear",
    Field.COUNSELLOR: "辅导员 辅导员姓名 counsellor counselor",
    Field.EMAIL: "邮箱 电子邮箱 电子邮件 邮件地址 email emailaddress mail",
}
PRIVATE_HEADERS = frozenset({"身份证", "身份证号", "身份证号码", "证件号", "证件号码", "idcard", "idnumber"})

_FIELDS = {word: field for field, words in SYNONYMS.items() for word in words.split()}
_ASIDE = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")  # "手机号（必填）"
_NO_WORD = re.compile(r"[\W_]")


@dataclass(frozen=True, slots=True)
class Header:
    sheet: Sheet
    line: int
    columns: Mapping[Field, int]
    doubts: tuple[Doubt, ...]

    def cell(self, line: int, field: Field) -> str:
        return address(line, self.columns[field])

    def text(self, row: SheetRow, field: Field) -> str:
        column = self.columns[field]
        return row.cells[column] if column < len(row.cells) else ""

    def rows(self) -> list[SheetRow]:
        """Below the header, those that say anything about a student; a header printed again on each page does not."""
        return [row for row in self.sheet.rows if row.line > self.line and self._speaks(row)]

    def _speaks(self, row: SheetRow) -> bool:
        texts = [self.text(row, field) for field in self.columns]
        marked = any((row.line, column) in self.sheet.marks for column in self.columns.values())
        repeated = all(field_of(self.text(row, field)) == field for field in (Field.NUMBER, Field.NAME))
        return (marked or any(text.strip() for text in texts)) and not repeated


def field_of(header: str) -> Field | None:
    return _FIELDS.get(header_word(header))


def header_word(header: str) -> str:
    """A header without spaces, stars, asides and case: "姓 名*" is 姓名, "Student_ID (10)" is studentid."""
    return _NO_WORD.sub("", _ASIDE.sub("", unicodedata.normalize("NFKC", header))).casefold()


def find_header(sheets: Sequence[Sheet], wanted: str | None = None) -> Header:
    """The header of the one sheet that holds students, or of the sheet that is named. Raises BadRoster."""
    if wanted is not None and wanted not in [sheet.name for sheet in sheets]:
        raise BadRoster(RosterReason.UNKNOWN_SHEET, details=(wanted,))
    found = [(sheet, row) for sheet in sheets if wanted in (None, sheet.name) and (row := _header_row(sheet))]
    if not found:
        raise BadRoster(RosterReason.NO_HEADER)
    peopled = [(sheet, row) for sheet, row in found if sheet.rows[-1].line > row.line] or found[:1]
    if len(peopled) > 1:
        raise BadRoster(RosterReason.SEVERAL_SHEETS, details=tuple(sheet.name for sheet, _ in peopled))
    sheet, row = peopled[0]
    ignored = tuple(Doubt(DoubtKind.IGNORED_SHEET, value=other.name) for other in sheets if other is not sheet)
    return Header(sheet, row.line, _columns(row), _doubts(sheet, row) + ignored)


def _header_row(sheet: Sheet) -> SheetRow | None:
    return next((row for row in sheet.rows[:HEADER_WITHIN] if _is_header(row)), None)


def _is_header(row: SheetRow) -> bool:
    known = {field for cell in row.cells if (field := field_of(cell))}
    return len(known) >= HEADER_LEAST and bool(known & {Field.NUMBER, Field.NAME})


def _columns(row: SheetRow) -> dict[Field, int]:
    found = [(field, column) for column, cell in enumerate(row.cells) if (field := field_of(cell))]
    fields = [field for field, _ in found]
    twice = tuple(field for field in Field if fields.count(field) > 1)
    if twice:
        cells = tuple(address(row.line, column) for field, column in found if field in twice)
        raise BadRoster(RosterReason.DUPLICATE_HEADER, twice, cells)
    missing = tuple(field for field in REQUIRED if field not in fields)
    if missing:
        raise BadRoster(RosterReason.MISSING_HEADER, missing)
    return dict(found)


def _doubts(sheet: Sheet, header: SheetRow) -> tuple[Doubt, ...]:
    fields = {field_of(cell) for cell in header.cells}
    absent = [Doubt(DoubtKind.MISSING_COLUMN, field=field) for field in EXPECTED if field not in fields]
    return (*absent, *_unknown_columns(header), *_unnamed_columns(sheet, header))


def _unknown_columns(header: SheetRow) -> list[Doubt]:
    return [
        Doubt(_kind_of_unknown(cell), address(header.line, column), value=printable(cell.strip()[:HEADER_MOST]))
        for column, cell in enumerate(header.cells)
        if cell.strip() and not field_of(cell)
    ]


def _kind_of_unknown(header: str) -> DoubtKind:
    return DoubtKind.PRIVATE_COLUMN if header_word(header) in PRIVATE_HEADERS else DoubtKind.UNKNOWN_COLUMN


def _unnamed_columns(sheet: Sheet, header: SheetRow) -> list[Doubt]:
    named = {column for column, cell in enumerate(header.cells) if cell.strip()}
    first: dict[int, tuple[int, str]] = {}
    for row in sheet.rows:
        for column, cell in enumerate(row.cells):
            if row.line > header.line and column not in named and cell.strip():
                first.setdefault(column, (row.line, cell.strip()))
    return [
        Doubt(DoubtKind.UNNAMED_COLUMN, address(line, column), value=column_letters(column))
        for column, (line, _) in sorted(first.items())
    ]
