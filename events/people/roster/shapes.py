"""What a roster becomes: a verdict for each row, and the students in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from events.people.contacts import ContactFault
from events.people.names import TextFault


class Field(StrEnum):
    NUMBER = "number"
    NAME = "name"
    GENDER = "gender"
    COLLEGE = "college"
    MAJOR = "major"
    CLASS_NAME = "class_name"
    GRADE = "grade"
    PHONE = "phone"
    EDUCATION = "education"
    GRADUATION_YEAR = "graduation_year"
    COUNSELLOR = "counsellor"
    EMAIL = "email"


REQUIRED = (Field.NUMBER, Field.NAME, Field.COLLEGE)  # as columns, and in every row
EXPECTED = (Field.CLASS_NAME, Field.GRADE)  # starred in the template too: their absence is said, and refuses nothing


class Gender(StrEnum):
    MALE = "m"
    FEMALE = "f"
    UNSTATED = ""


class Fault(StrEnum):
    """Why a cell or a row is refused, beside what is wrong with a text (TextFault) or a contact (ContactFault)."""

    BAD_NUMBER = "bad_number"
    LOST_DIGITS = "lost_digits"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    BAD_GENDER = "bad_gender"
    BAD_YEAR = "bad_year"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    YEARS_CROSSED = "years_crossed"
    TWO_PEOPLE = "two_people"  # under one number
    TWO_VERSIONS = "two_versions"  # of one person, under one number


Reason = Fault | TextFault | ContactFault


class How(StrEnum):
    REWRITTEN = "rewritten"
    NUMBER_CELL = "number_cell"  # a number, read as text; before and after may look the same
    COLLEGE_NAME = "college_name"


class DoubtKind(StrEnum):
    """What is accepted, and should be looked at."""

    COLLEGE_UNSURE = "college_unsure"  # perhaps short for one of the suggestions
    COLLEGE_UNKNOWN = "college_unknown"  # not among the known ones
    SHARED_CONTACT = "shared_contact"  # with other students of the file, on `lines`
    UNKNOWN_COLUMN = "unknown_column"  # not read; value is its header
    UNNAMED_COLUMN = "unnamed_column"  # not read; cell is the first that holds something
    PRIVATE_COLUMN = "private_column"  # identity numbers: not read, and better not sent
    MISSING_COLUMN = "missing_column"
    FORMULA_VALUES = "formula_values"  # the last saved value of formulas was taken; cell is the first
    IGNORED_SHEET = "ignored_sheet"


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    NORMALISED = "normalised"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterStudent:
    """Text is "" where nothing is known; phone is E.164; years are of the calendar."""

    number: str
    name: str
    gender: Gender
    college: str
    major: str
    class_name: str
    grade: int | None
    phone: str | None
    education: str
    graduation_year: int | None
    counsellor: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What was normalised. Unmasked, because a masked change shows nothing: mask it where others look."""

    cell: str
    field: Field
    before: str
    after: str
    how: How


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused. `value` is masked if it is personal; `lines` are the other rows that are part of it."""

    cell: str
    field: Field
    reason: Reason
    value: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    kind: DoubtKind
    cell: str = ""
    field: Field | None = None
    value: str = ""
    suggestions: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """`line` is the row's number in the sheet, from 1; `repeats` the line of the same row further up."""

    line: int
    student: RosterStudent | None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    repeats: int | None = None

    @property
    def verdict(self) -> Verdict:
        if self.problems:
            return Verdict.REFUSED
        if self.repeats is not None:
            return Verdict.REPEATED
        return Verdict.NORMALISED if self.changes else Verdict.ACCEPTED


@dataclass(frozen=True, slots=True)
class Roster:
    """`columns` has the fields that the file has, with their letters: what is absent says nothing of a student."""

    sheet: str
    header_line: int
    columns: Mapping[Field, str]
    rows: tuple[RosterRow, ...]
    doubts: tuple[Doubt, ...]

    @property
    def students(self) -> tuple[RosterStudent, ...]:
        """Each once, in the order of the file."""
        return tuple(row.student for row in self.rows if row.student and row.repeats is None)

    @property
    def refused(self) -> tuple[RosterRow, ...]:
        return tuple(row for row in self.rows if row.problems)


class RosterReason(StrEnum):
    NO_HEADER = "no_header"
    MISSING_HEADER = "missing_header"  # fields: which
    DUPLICATE_HEADER = "duplicate_header"  # fields, and the cells in details
    SEVERAL_SHEETS = "several_sheets"  # details: their names
    UNKNOWN_SHEET = "unknown_sheet"
    NO_STUDENTS = "no_students"


class BadRoster(Exception):
    """The file as a whole is no roster, and why."""

    def __init__(self, reason: RosterReason, fields: tuple[Field, ...] = (), details: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join((reason, *fields, *details)))
        self.reason = reason
        self.fields = fields
        self.details = details
