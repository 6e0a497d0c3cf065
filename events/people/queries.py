"""Who is asking, and what they may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from events import database
from events.errors import NotFound

OWNER, EDITOR, GATE, ANALYST = "owner", "editor", "gate", "analyst"
# What each act asks for; an owner may do everything.
MAY_EDIT = frozenset({OWNER, EDITOR})
MAY_SCAN = frozenset({OWNER, EDITOR, GATE})
MAY_COUNT = frozenset({OWNER, EDITOR, ANALYST})
MAY_OWN = frozenset({OWNER})


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`roles` maps a department's id to the roles held there, inherited ones included."""

    id: int
    name: str
    email: str
    roles: Mapping[int, frozenset[str]]

    def may(self, needed: frozenset[str], department_id: int) -> bool:
        return bool(self.roles.get(department_id, frozenset()) & needed)

    def departments(self, needed: Iterable[str]) -> list[int]:
        """Ids of the departments in which one of these roles is held, in order."""
        wanted = frozenset(needed)
        return sorted(each for each, held in self.roles.items() if held & wanted)


@dataclass(frozen=True, slots=True)
class StudentProfile:
    id: int
    school: str
    number: str | None
    name: str
    gender: str
    college: str
    major: str
    class_name: str
    grade: int | None
    education: str
    graduation_year: int | None
    phone: str | None
    email: str | None
    wants_email: bool
    locale: str
    left_at: datetime | None

    @property
    def on_roster(self) -> bool:
        return self.number is not None and self.left_at is None


STUDENT_COLUMNS = """id, school, number, name, gender, college, major, class_name, grade, education,
    graduation_year, phone, email, wants_email, locale, left_at"""


async def student_profile(student_id: int) -> StudentProfile:
    found = await database.row(f"SELECT {STUDENT_COLUMNS} FROM student WHERE id = $1", student_id)
    if found is None:
        raise NotFound
    return StudentProfile(**found)


async def staff_member(staff_id: int) -> StaffMember:
    """Raises NotFound for an unknown or disabled person."""
    found = await database.rows(
        """WITH RECURSIVE below (department, role) AS (
               SELECT department, role FROM staff_role WHERE staff = $1
               UNION
               SELECT department.id, below.role FROM department JOIN below ON department.parent = below.department)
           SELECT staff.id, staff.name, staff.email, department, array_agg(role) AS roles
           FROM staff LEFT JOIN below ON true WHERE staff.id = $1 AND disabled_at IS NULL
           GROUP BY staff.id, department""",
        staff_id,
    )
    if not found:
        raise NotFound
    held = {each["department"]: frozenset(each["roles"]) for each in found if each["department"] is not None}
    return StaffMember(found[0]["id"], found[0]["name"], found[0]["email"], held)
