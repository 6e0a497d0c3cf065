"""Figures that were not counted here: what may be entered, and how they are read. Always shown with ※ and a source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from events import database
from events.catalogue.text_rules import line_fault
from events.counts.reach import SUBTREE
from events.errors import Fault, NotFound
from events.people.queries import MAY_COUNT, StaffMember

CODE_MOST, LABEL_MOST, UNIT_MOST, SOURCE_MOST, REMARK_MOST = 60, 200, 10, 500, 500  # characters
VALUE_BELOW = Decimal(10) ** 12
DECIMALS = 2
YEARS = range(1949, 2200)


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """value in `unit`. code: empty for a new one; one that the department used before is corrected."""

    department_id: int
    label: str
    value: Decimal | None
    unit: str
    source: str
    year: int | None = None
    programme_id: int | None = None
    remark: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ManualFigureLine:
    id: int
    code: str
    label: str
    year: int | None
    value: Decimal
    unit: str
    remark: str
    source: str
    programme: str
    entered_by: str
    entered_at: datetime


async def manual_figures(staff: StaffMember, department_id: int) -> list[ManualFigureLine]:
    """Of the department and those below it, the latest years first. Raises NotFound where staff may not count."""
    if not staff.may(MAY_COUNT, department_id):
        raise NotFound
    found = await database.rows(
        f"""{SUBTREE}
        SELECT figure.id, figure.code, label, year, value, unit, remark, figure.source,
               COALESCE(programme.name, '') AS programme, COALESCE(staff.name, '') AS entered_by, entered_at
        FROM manual_figure AS figure LEFT JOIN programme ON programme.id = figure.programme
             LEFT JOIN staff ON staff.id = figure.entered_by
        WHERE department IN (SELECT id FROM below) AND value IS NOT NULL
        ORDER BY year DESC NULLS LAST, figure.id""",
        department_id,
    )
    return [ManualFigureLine(**each) for each in found]


def figure_problems(draft: FigureDraft) -> dict[str, Fault]:
    return {field: fault for field, fault in faults(draft) if fault is not None}


def faults(draft: FigureDraft) -> Iterator[tuple[str, Fault | None]]:
    yield "label", line_fault(draft.label, LABEL_MOST, needed=True)
    yield "unit", line_fault(draft.unit, UNIT_MOST, needed=True)
    yield "source", line_fault(draft.source, SOURCE_MOST, needed=True)
    yield "remark", line_fault(draft.remark, REMARK_MOST)
    yield "code", line_fault(draft.code, CODE_MOST)
    yield "value", value_fault(draft.value)
    yield "year", Fault.NOT_AN_OPTION if draft.year is not None and draft.year not in YEARS else None


def value_fault(value: Decimal | None) -> Fault | None:
    if value is None:
        return Fault.MISSING
    if not value.is_finite():
        return Fault.NOT_A_NUMBER
    if value < 0:
        return Fault.TOO_LOW
    if value >= VALUE_BELOW:
        return Fault.TOO_HIGH
    return None if value == round(value, DECIMALS) else Fault.NOT_A_NUMBER
