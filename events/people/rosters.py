"""Whose roster it is, and what became of earlier ones."""

from dataclasses import dataclass
from datetime import datetime

from events import database
from events.errors import NotFound
from events.people.queries import MAY_EDIT, MAY_OWN, StaffMember


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
