"""The shapes of a cut: who asked for what, and the table that they get."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from events.counts.definitions import Definition

OTHER = "~other"  # the key of the row that takes in all rows beyond the asked number


class By(StrEnum):
    """What the rows of a cut are."""

    PROGRAMME = "programme"
    KIND = "kind"
    MONTH = "month"
    COLLEGE = "college"
    NONE = "none"


class Hidden(StrEnum):
    """Why a number is not shown: it is small itself, or a small one could be computed from it."""

    FEW = "<5"
    WITHHELD = "*"


Cell = int | Hidden | None  # None: the figure makes no sense in this row


@dataclass(frozen=True, slots=True)
class CutScope:
    """Sessions that begin on these local days, both included, hosted in the subtree of the department."""

    department_id: int
    from_day: date
    until_day: date
    programme_id: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Row:
    """person_times, bookings, absent in 人次; persons in 人; sessions in 场次; attendance_rate in %, two decimals.

    key: a programme's id, a kind's code, a month as 2026-11, a college's name ("" for none), or OTHER.
    """

    key: str
    label: str
    label_en: str
    person_times: Cell
    persons: Cell
    bookings: Cell
    absent: Cell
    sessions: Cell
    attendance_rate: Decimal | Hidden | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows in order of size (months in order of time). Persons do not add up: the total is its own distinct count."""

    scope: CutScope
    by: By
    department: Named
    programme: Named | None
    rows: tuple[Row, ...]
    total: Row
    cut_at: datetime
    definitions: tuple[Definition, ...]
    sources: tuple[str, ...]
    partner_view: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """In percent of the base, the rate in percentage points; None where the base is missing or zero."""

    person_times: Decimal | None
    persons: Decimal | None
    bookings: Decimal | None
    attendance_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The total of a scope beside the same days of last year (同比) and the period before it (环比)."""

    now: Row
    last_year: Row
    previous: Row
    year_on_year: Changes
    on_previous: Changes
    last_year_days: tuple[date, date]
    previous_days: tuple[date, date]
