"""Who plays in the demo. All people are made up; the addresses end in .example, where no letter arrives (RFC 2606)."""

from dataclasses import dataclass
from typing import Final

from events import database
from events.people.actions import appoint, found_department
from events.people.queries import StaffMember, staff_member
from events.people.students import edit_profile
from events.seeds.programmes import DepartmentFacts

STAR: Final = "2443020646"  # student number of the demo's own student, on the demo's roster
STAR_NAME, STAR_EMAIL = "任泽雪", "zexue@campus.example"


@dataclass(frozen=True, slots=True)
class Part:
    """`departments`: codes; the role is inherited by those below."""

    name: str
    email: str
    role: str
    departments: tuple[str, ...]
    said: str


ROOTS: Final = ("tsw", "rsj", "jyj", "wgl", "zjj", "ybj", "fgj", "nbukj")
OWNER: Final = Part("周明远", "owner@city.example", "owner", ROOTS, "Owner, all departments")
OLGA: Final = Part("林若溪", "olga@city.example", "editor", ("tsw",), "Organizer, youth league")
PETR: Final = Part("方志远", "petr@city.example", "editor", ("rsj",), "Organizer, HR bureau")
SAM: Final = Part("陆一鸣", "sam@city.example", "gate", ("tsw",), "Gate, youth league")
DORA: Final = Part("沈知微", "dora@city.example", "analyst", ("tsw",), "Analyst, youth league")
PARTS: Final = (OWNER, OLGA, PETR, SAM, DORA)


def demo_sign_ins() -> list[tuple[str, str, str]]:
    """Role, name and account of one person for each role. Students sign in at /sign-in, staff at /staff/sign-in."""
    return [("Student", STAR_NAME, STAR_EMAIL), *((part.said, part.name, part.email) for part in PARTS)]


@dataclass(frozen=True, slots=True)
class Crew:
    """The demo's staff, and the ids of departments by code."""

    departments: dict[str, int]
    owner: StaffMember
    olga: StaffMember
    petr: StaffMember
    sam: StaffMember

    def editor_of(self, code: str) -> StaffMember:
        """Who publishes for a department."""
        department = self.departments[code]
        return next(
            each for each in (self.olga, self.petr, self.owner) if department in each.departments(("editor", "owner"))
        )

    def steward_for(self, publisher: StaffMember) -> StaffMember:
        return self.sam if publisher is self.olga else publisher


async def hire(departments: list[DepartmentFacts]) -> Crew:
    """Founds the departments and appoints their staff; what is there stays."""
    ids = {each.code: await found_department(each.code, each.name, each.en, each.parent) for each in departments}
    owner, olga, petr, sam, _ = [
        await appoint(part.name, part.email, {ids[code]: part.role for code in part.departments}) for part in PARTS
    ]
    return Crew(
        ids, await staff_member(owner), await staff_member(olga), await staff_member(petr), await staff_member(sam)
    )


async def give_star_an_address(school: str) -> None:
    """The demo's student signs in by e-mail; the roster has only phones."""
    student_id = await database.value("SELECT id FROM student WHERE school = $1 AND number = $2", school, STAR)
    await edit_profile(student_id, name=None, email=STAR_EMAIL, wants_email=True, locale="zh-CN")
