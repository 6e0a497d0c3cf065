"""Figures entered by hand; and the tallying of months, re-exported."""

from dataclasses import replace
from secrets import token_hex

import msgspec

from events import database
from events.counts.manual import REMARK_MOST, SOURCE_MOST, FigureDraft, figure_problems
from events.counts.reach import programmes_within
from events.counts.tallies import refresh_due
from events.errors import Fault, Invalid, NotFound
from events.people.names import clean_line
from events.people.queries import MAY_COUNT, StaffMember

__all__ = ["enter_figure", "refresh_due"]


async def enter_figure(staff: StaffMember, draft: FigureDraft) -> int:
    """Writes a figure, or corrects the one with this code, and keeps what stood there in the audit. Returns its id.

    Raises NotFound (staff may not count there), Invalid (what cannot be taken; a code that another department uses;
    a programme outside the department's reach).
    """
    if not staff.may(MAY_COUNT, draft.department_id):
        raise NotFound
    problems = figure_problems(draft)
    if draft.programme_id is not None and draft.programme_id not in await reached(draft.department_id):
        problems["programme_id"] = Fault.NOT_AN_OPTION
    if problems:
        raise Invalid(problems)
    async with database.transaction():
        figure_id, before = await write(staff, tidied(draft))
        await database.rows(
            "INSERT INTO audit_entry (staff, act, subject, detail) VALUES ($1, 'enter_figure', $2, $3)",
            staff.id,
            f"manual_figure:{figure_id}",
            msgspec.json.encode({"value": str(draft.value), "before": before}).decode(),
        )
    return figure_id


async def reached(department_id: int) -> set[int]:
    return {each.id for each in await programmes_within(department_id)}


def tidied(draft: FigureDraft) -> FigureDraft:
    return replace(
        draft,
        label=clean_line(draft.label),
        unit=clean_line(draft.unit),
        source=clean_line(draft.source, most=SOURCE_MOST),
        remark=clean_line(draft.remark, most=REMARK_MOST),
        code=clean_line(draft.code) or token_hex(8),
    )


async def write(staff: StaffMember, draft: FigureDraft) -> tuple[int, str | None]:
    """The figure's id, and the value that stood there before. Raises Invalid for a code of another department."""
    before: str | None = await database.value(
        "SELECT value::text FROM manual_figure WHERE code = $1 FOR NO KEY UPDATE", draft.code
    )
    figure_id: int | None = await database.value(
        """INSERT INTO manual_figure AS figure
               (code, department, programme, label, year, value, unit, remark, source, entered_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (code) DO UPDATE SET programme = $3, label = $4, year = $5, value = $6, unit = $7, remark = $8,
               source = $9, entered_by = $10, entered_at = now() WHERE figure.department = $2
           RETURNING id""",
        draft.code,
        draft.department_id,
        draft.programme_id,
        draft.label,
        draft.year,
        draft.value,
        draft.unit,
        draft.remark,
        draft.source,
        staff.id,
    )
    if figure_id is None:
        raise Invalid({"code": Fault.ALREADY_USED})
    return figure_id, before
