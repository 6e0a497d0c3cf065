"""Whose roster it is, and what became of earlier ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from events import database
from events.errors import NotFound
from events.people.queries import MAY_EDIT, MAY_OWN, StaffMember
from events.people.roster.compare import Comparison, Known, compare
from events.people.roster.shapes import Field
from events.people.roster.verdict import StoredVerdict

FACTS: Final = tuple(field for field in Field if field is not Field.NUMBER)
COLUMNS: Final = ", ".join(FACTS)
HIGHEST_ID: Final = 2**31 - 1


async def require_import(staff: StaffMember | None, school: str) -> None:
    """Raises NotFound unless the roster of this school is the person's to replace. None is the operator.

    A school that is a department: those who may edit there. One that is none: the owners of any root department.
    """
    if not school.strip() or not await may_import(staff, school):
        raise NotFound


async def may_import(staff: StaffMember | None, school: str) -> bool:
    if staff is None:
        return True
    department = await database.value("SELECT id FROM department WHERE name = $1 ORDER BY id LIMIT 1", school)
    if department is not None:
        return staff.may(MAY_EDIT, department)
    return await owns_a_root(staff)


async def owns_a_root(staff: StaffMember) -> bool:
    found = await database.value(
        "SELECT id FROM department WHERE parent IS NULL AND id = ANY($1::int[]) LIMIT 1", staff.departments(MAY_OWN)
    )
    return found is not None


async def schools_open_to(staff: StaffMember, usual: str) -> list[str]:
    """Schools whose roster the person may replace: those that have students, and the usual one; by name."""
    found = await database.rows("SELECT DISTINCT school FROM student WHERE number IS NOT NULL AND school <> ''")
    known = sorted({usual, *(each["school"] for each in found)} - {""})
    return [school for school in known if await may_import(staff, school)]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import that was taken over, or a preview that waits."""

    id: int
    school: str
    filename: str
    by: str
    added: int
    changed: int
    unchanged: int
    refused: int
    created_at: datetime
    applied_at: datetime | None


async def imports_of(staff: StaffMember, schools: list[str], limit: int = 20) -> list[ImportLine]:
    """The latest first; of these schools."""
    found = await database.rows(
        """SELECT roster_import.id, school, filename, coalesce(staff.name, '') AS by, added, changed, unchanged,
                  refused, roster_import.created_at, applied_at
           FROM roster_import LEFT JOIN staff ON staff.id = roster_import.staff
           WHERE school = ANY($1::text[]) ORDER BY roster_import.id DESC LIMIT $2""",
        schools,
        limit,
    )
    return [ImportLine(**each) for each in found]


@dataclass(frozen=True, slots=True)
class ImportDetail:
    """`comparison`: with the students of this moment; None once it was taken over."""

    line: ImportLine
    verdict: StoredVerdict
    comparison: Comparison | None


async def import_of(staff: StaffMember, import_id: int) -> ImportDetail:
    """Raises NotFound: unknown, expired, or of a school that is not theirs."""
    if import_id > HIGHEST_ID:
        raise NotFound
    found = await database.row(
        """SELECT roster_import.id, school, filename, coalesce(staff.name, '') AS by, added, changed, unchanged,
                  refused, roster_import.created_at, applied_at, verdict
           FROM roster_import LEFT JOIN staff ON staff.id = roster_import.staff WHERE roster_import.id = $1""",
        import_id,
    )
    if found is None:
        raise NotFound
    await require_import(staff, found["school"])
    columns = dict(found)
    verdict = msgspec.json.decode(columns.pop("verdict"), type=StoredVerdict)
    line = ImportLine(**columns)
    if line.applied_at is not None:
        return ImportDetail(line, verdict, None)
    return ImportDetail(line, verdict, compare(verdict.students, await known_students(line.school), verdict.fields))


async def known_students(school: str) -> list[Known]:
    """Everyone who is or was on the school's roster."""
    found = await database.rows(
        f"""SELECT id, number, left_at IS NOT NULL AS has_left, {COLUMNS} FROM student
            WHERE school = $1 AND number IS NOT NULL ORDER BY number""",
        school,
    )
    return [
        Known(each["id"], each["number"], {field: each[field.value] for field in FACTS}, each["has_left"])
        for each in found
    ]
