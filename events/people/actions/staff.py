"""Staff: who may act for a department, granted and taken back by its owners."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from events import database
from events.errors import Fault, Invalid, NotFound, Refused
from events.people.actions.departments import line_fault
from events.people.audit import record
from events.people.contacts import BadContact, normalise_email
from events.people.logins import sign_out_everywhere
from events.people.names import clean_name
from events.people.queries import ANALYST, EDITOR, GATE, MAY_OWN, OWNER, StaffMember

NAME_MOST: Final = 100  # characters
ROLES: Final = (OWNER, EDITOR, GATE, ANALYST)
OWNERS_LOCK: Final = 3  # advisory lock: two last owners must not remove each other at once


class StaffRefusal(StrEnum):
    LAST_OWNER = "last_owner"
    OUT_OF_REACH = "out_of_reach"  # the person also holds a role in a department that is not the actor's


class StaffRefused(Refused):
    """Raised with a StaffRefusal; `detail` names the department."""


async def appoint(name: str, email: str, roles: Mapping[int, str]) -> int:
    """The operator's own way to the first owners: roles by department id, added to those held. Raises Invalid."""
    async with database.transaction():
        staff_id = await person(name, email)
        for department_id, role in roles.items():
            await grant(staff_id, department_id, role)
        await record(None, "staff.appoint", f"staff:{staff_id}", {"roles": {str(each): roles[each] for each in roles}})
        return staff_id


async def add_staff(actor: StaffMember, name: str, email: str, department_id: int, role: str) -> int:
    """A role for a new person, or one more for a known one, whose name stays. Done twice, the first time counts.

    Raises NotFound (not an owner there), Invalid.
    """
    require_owner(actor, department_id)
    async with database.transaction():
        staff_id = await person(name, email)
        if await grant(staff_id, department_id, role):
            await sign_out_everywhere(staff_id=staff_id)
            await record(actor.id, "staff.add", f"staff:{staff_id}", {"department": department_id, "role": role})
        return staff_id


async def remove_role(actor: StaffMember, staff_id: int, department_id: int, role: str) -> None:
    """Takes a role back and signs the person out everywhere. Done twice, the first time counts.

    Raises NotFound (not an owner there), StaffRefused(LAST_OWNER).
    """
    require_owner(actor, department_id)
    async with database.transaction():
        await database.rows("SELECT pg_advisory_xact_lock($1)", OWNERS_LOCK)
        gone = await database.row(
            "DELETE FROM staff_role WHERE staff = $1 AND department = $2 AND role = $3 RETURNING id",
            staff_id,
            department_id,
            role,
        )
        if gone is None:
            return
        if role == OWNER:
            await refuse_orphans([department_id])
        await sign_out_everywhere(staff_id=staff_id)
        await record(actor.id, "staff.remove_role", f"staff:{staff_id}", {"department": department_id, "role": role})


async def disable_staff(actor: StaffMember, staff_id: int) -> None:
    """Shuts the person out at once; the roles stay, in case they come back. Done twice, the first time counts.

    Raises NotFound, StaffRefused: LAST_OWNER; OUT_OF_REACH unless the actor owns every department they act for.
    """
    async with database.transaction():
        await database.rows("SELECT pg_advisory_xact_lock($1)", OWNERS_LOCK)
        await require_reach(actor, staff_id)
        done = await database.row(
            "UPDATE staff SET disabled_at = now() WHERE id = $1 AND disabled_at IS NULL RETURNING id", staff_id
        )
        if done is not None:
            await refuse_orphans(await owned_by(staff_id))
            await sign_out_everywhere(staff_id=staff_id)
            await record(actor.id, "staff.disable", f"staff:{staff_id}", {})


async def enable_staff(actor: StaffMember, staff_id: int) -> None:
    """Lets a disabled person in again. Raises NotFound, StaffRefused(OUT_OF_REACH)."""
    async with database.transaction():
        await require_reach(actor, staff_id)
        done = await database.row(
            "UPDATE staff SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL RETURNING id", staff_id
        )
        if done is not None:
            await record(actor.id, "staff.enable", f"staff:{staff_id}", {})


def require_owner(actor: StaffMember, department_id: int) -> None:
    if not actor.may(MAY_OWN, department_id):
        raise NotFound


async def require_reach(actor: StaffMember, staff_id: int) -> None:
    held = await database.rows(
        """SELECT DISTINCT department, name FROM staff_role JOIN department ON department.id = department
           WHERE staff = $1 ORDER BY department""",
        staff_id,
    )
    if not any(actor.may(MAY_OWN, each["department"]) for each in held):
        raise NotFound
    for each in held:
        if not actor.may(MAY_OWN, each["department"]):
            raise StaffRefused(StaffRefusal.OUT_OF_REACH, department=each["name"])


async def owned_by(staff_id: int) -> list[int]:
    found = await database.rows("SELECT department FROM staff_role WHERE staff = $1 AND role = 'owner'", staff_id)
    return [each["department"] for each in found]


async def refuse_orphans(department_ids: Sequence[int]) -> None:
    """A root department keeps an owner who can sign in: above it there is nobody. Raises StaffRefused(LAST_OWNER)."""
    orphan = await database.value(
        """SELECT name FROM department WHERE parent IS NULL AND id = ANY($1::int[])
             AND NOT EXISTS (SELECT FROM staff_role JOIN staff ON staff.id = staff_role.staff
                             WHERE department = department.id AND role = 'owner' AND disabled_at IS NULL)
           ORDER BY id LIMIT 1""",
        list(department_ids),
    )
    if orphan is not None:
        raise StaffRefused(StaffRefusal.LAST_OWNER, department=orphan)


async def person(name: str, email: str) -> int:
    """The id of whoever has this address; somebody new if nobody has. Raises Invalid."""
    problems: dict[str, Fault] = {}
    if fault := line_fault(name, NAME_MOST, needed=True):
        problems["name"] = fault
    try:
        address = normalise_email(email)
    except BadContact:
        problems["email"] = Fault.BAD_EMAIL if email.strip() else Fault.MISSING
    if problems:
        raise Invalid(problems)
    found: Any = await database.value(
        """INSERT INTO staff (name, email) VALUES ($1, $2)
           ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id""",
        named(name),
        address,
    )
    return int(found)


def named(name: str) -> str:
    try:
        return clean_name(name)
    except ValueError:
        raise Invalid({"name": Fault.BAD_CHARACTER}) from None


async def grant(staff_id: int, department_id: int, role: str) -> bool:
    """Whether it is new. Raises Invalid."""
    if role not in ROLES:
        raise Invalid({"role": Fault.NOT_AN_OPTION})
    known = await database.value("SELECT id FROM department WHERE id = $1", department_id)
    if known is None:
        raise Invalid({"department": Fault.NOT_AN_OPTION})
    made = await database.row(
        """INSERT INTO staff_role (staff, department, role) VALUES ($1, $2, $3)
           ON CONFLICT (staff, department, role) DO NOTHING RETURNING id""",
        staff_id,
        department_id,
        role,
    )
    return made is not None
