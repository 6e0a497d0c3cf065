"""Who acts for which department, as its owners see it."""

from dataclasses import dataclass

import asyncpg

from events import database
from events.people.queries import MAY_OWN, StaffMember


@dataclass(frozen=True, slots=True)
class OwnedDepartment:
    """`depth` 0: the topmost of those that the viewer owns."""

    id: int
    name: str
    name_en: str
    depth: int


@dataclass(frozen=True, slots=True)
class RoleHeld:
    department_id: int
    department: str
    role: str


@dataclass(frozen=True, slots=True)
class StaffLine:
    """`roles`: those in the viewer's departments. `elsewhere`: roles in departments that are not the viewer's."""

    id: int
    name: str
    email: str
    disabled: bool
    elsewhere: bool
    roles: tuple[RoleHeld, ...]


async def departments_owned_by(staff: StaffMember) -> list[OwnedDepartment]:
    """As a tree, each followed by those below it."""
    found = await database.rows(
        """WITH RECURSIVE tree (id, name, name_en, depth, path) AS (
               SELECT id, name, name_en, 0, ARRAY[id] FROM department
               WHERE id = ANY($1::int[]) AND (parent IS NULL OR parent <> ALL($1::int[]))
               UNION ALL
               SELECT department.id, department.name, department.name_en, depth + 1, path || department.id
               FROM department JOIN tree ON department.parent = tree.id)
           SELECT id, name, name_en, depth FROM tree ORDER BY path""",
        staff.departments(MAY_OWN),
    )
    return [OwnedDepartment(**each) for each in found]


async def staff_under(staff: StaffMember) -> list[StaffLine]:
    """Everyone who holds a role where the viewer is an owner, by name."""
    owned = staff.departments(MAY_OWN)
    found = await database.rows(
        """SELECT staff.id, staff.name, email, disabled_at IS NOT NULL AS disabled, department.id AS department_id,
                  department.name AS department, role, department.id = ANY($1::int[]) AS here
           FROM staff JOIN staff_role ON staff_role.staff = staff.id
                JOIN department ON department.id = staff_role.department
           WHERE staff.id IN (SELECT staff FROM staff_role WHERE department = ANY($1::int[]))
           ORDER BY disabled, staff.name, staff.id, department.id, role""",
        owned,
    )
    people: dict[int, list[asyncpg.Record]] = {}
    for each in found:
        people.setdefault(each["id"], []).append(each)
    return [line_of(rows) for rows in people.values()]


def line_of(rows: list[asyncpg.Record]) -> StaffLine:
    first = rows[0]
    here = tuple(RoleHeld(each["department_id"], each["department"], each["role"]) for each in rows if each["here"])
    return StaffLine(first["id"], first["name"], first["email"], first["disabled"], len(here) < len(rows), here)
