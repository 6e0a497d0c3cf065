"""Who may act for whom: granted by owners, taken back at once, and never by locking everyone out."""

import asyncio

import pytest
import pytest_asyncio

from events import database
from events.errors import Fault, Invalid, NotFound
from events.people.actions import (
    StaffRefusal,
    StaffRefused,
    add_staff,
    appoint,
    disable_staff,
    enable_staff,
    found_department,
    remove_role,
)
from events.people.contacts import normalise_account
from events.people.logins import sign_in_staff, viewer_of
from events.people.queries import MAY_EDIT, MAY_OWN, StaffMember, staff_member
from events.people.staffing import RoleHeld, departments_owned_by, staff_under
from events.people.students import staff_with
from tests import make
from tests.cast import Cast


@pytest_asyncio.fixture
async def owner(cast: Cast) -> StaffMember:
    """Of the league."""
    return await staff_member((await make.staff("Owner", "owner", cast.league.id, email="owner@example.org")).id)


async def test_an_owner_adds_somebody_who_can_sign_in_and_act_there_and_below(cast, owner):
    below = await make.department("below", "下级", parent=cast.league.id)
    staff_id = await add_staff(owner, "赵雪", "xue@example.org", cast.league.id, "editor")
    added = await staff_with(normalise_account("xue@example.org"))
    assert (added.id, added.name) == (staff_id, "赵雪")
    assert added.departments(MAY_EDIT) == [cast.league.id, below.id]
    assert not added.may(MAY_EDIT, cast.bureau.id)


async def test_adding_twice_is_adding_once_and_a_known_address_keeps_its_name(cast, owner):
    first = await add_staff(owner, "赵雪", "xue@example.org", cast.league.id, "gate")
    assert await add_staff(owner, "钱雨", "xue@example.org", cast.league.id, "gate") == first
    assert (await staff_member(first)).name == "赵雪"
    assert await database.value("SELECT count(*) FROM staff_role WHERE staff = $1", first) == 1
    assert await database.value("SELECT count(*) FROM audit_entry WHERE act = 'staff.add'") == 1


async def test_nobody_but_an_owner_of_the_department_may_add_or_remove(cast, owner):
    for actor, department in ((cast.olga, cast.league), (owner, cast.bureau), (cast.sam, cast.league)):
        with pytest.raises(NotFound):
            await add_staff(actor, "赵雪", "xue@example.org", department.id, "editor")
        with pytest.raises(NotFound):
            await remove_role(actor, cast.petr.id, department.id, "editor")
    assert await database.value("SELECT count(*) FROM staff WHERE email = 'xue@example.org'") == 0


@pytest.mark.parametrize(
    ("name", "email", "role", "problems"),
    [
        ("", "xue@example.org", "editor", {"name": Fault.MISSING}),
        ("\u200b　", "xue@example.org", "editor", {"name": Fault.MISSING}),
        ("赵" * 101, "xue@example.org", "editor", {"name": Fault.TOO_LONG}),
        ("???", "xue@example.org", "editor", {"name": Fault.BAD_CHARACTER}),
        ("赵雪", "", "editor", {"email": Fault.MISSING}),
        ("赵雪", "赵雪@例子", "editor", {"email": Fault.BAD_EMAIL}),
        ("赵雪", "xue@example.org", "emperor", {"role": Fault.NOT_AN_OPTION}),
    ],
)
async def test_what_cannot_be_taken_is_named_and_adds_nobody(cast, owner, name, email, role, problems):
    people = await database.value("SELECT count(*) FROM staff")
    with pytest.raises(Invalid) as refused:
        await add_staff(owner, name, email, cast.league.id, role)
    assert refused.value.problems == problems
    assert await database.value("SELECT count(*) FROM staff") == people


async def test_a_role_taken_back_signs_out_at_once(cast, owner):
    token = await sign_in_staff(cast.olga.id)
    await remove_role(owner, cast.olga.id, cast.league.id, "editor")
    assert await viewer_of(token) is None
    assert not (await staff_member(cast.olga.id)).may(MAY_EDIT, cast.league.id)
    await remove_role(owner, cast.olga.id, cast.league.id, "editor")
    assert await database.value("SELECT count(*) FROM audit_entry WHERE act = 'staff.remove_role'") == 1


async def test_the_last_owner_of_a_root_department_stays(cast, owner):
    with pytest.raises(StaffRefused) as refused:
        await remove_role(owner, owner.id, cast.league.id, "owner")
    assert (refused.value.reason, refused.value.detail) == (StaffRefusal.LAST_OWNER, {"department": "团市委"})
    with pytest.raises(StaffRefused):
        await disable_staff(owner, owner.id)
    assert (await staff_member(owner.id)).may(MAY_OWN, cast.league.id)


async def test_two_owners_who_remove_each_other_at_once_leave_one(cast, owner):
    other_id = await add_staff(owner, "赵雪", "xue@example.org", cast.league.id, "owner")
    other = await staff_member(other_id)
    await asyncio.gather(
        remove_role(owner, other.id, cast.league.id, "owner"),
        remove_role(other, owner.id, cast.league.id, "owner"),
        return_exceptions=True,
    )
    assert await database.value("SELECT count(*) FROM staff_role WHERE role = 'owner'") == 1


async def test_a_disabled_owner_does_not_count_as_one(cast, owner):
    other = await add_staff(owner, "赵雪", "xue@example.org", cast.league.id, "owner")
    await disable_staff(owner, other)
    with pytest.raises(StaffRefused):
        await remove_role(owner, owner.id, cast.league.id, "owner")


async def test_a_disabled_person_is_out_at_once_and_comes_back_with_their_roles(cast, owner):
    token = await sign_in_staff(cast.olga.id)
    await disable_staff(owner, cast.olga.id)
    assert await viewer_of(token) is None
    with pytest.raises(NotFound):
        await staff_with(normalise_account("olga@example.org"))
    await enable_staff(owner, cast.olga.id)
    assert (await staff_member(cast.olga.id)).may(MAY_EDIT, cast.league.id)


async def test_somebody_who_also_serves_elsewhere_is_not_one_owners_to_disable(cast, owner):
    await database.rows(
        "INSERT INTO staff_role (staff, department, role) VALUES ($1, $2, 'editor')", cast.petr.id, cast.league.id
    )
    with pytest.raises(StaffRefused) as refused:
        await disable_staff(owner, cast.petr.id)
    assert (refused.value.reason, refused.value.detail) == (StaffRefusal.OUT_OF_REACH, {"department": "市人力社保局"})
    [petr] = [each for each in await staff_under(owner) if each.id == cast.petr.id]
    assert (petr.elsewhere, petr.roles) == (True, (RoleHeld(cast.league.id, "团市委", "editor"),))


async def test_strangers_look_like_nobody(cast, owner):
    for staff_id in (cast.petr.id, 999_999):
        with pytest.raises(NotFound):
            await disable_staff(owner, staff_id)
    assert cast.petr.id not in {each.id for each in await staff_under(owner)}


async def test_the_tree_that_an_owner_sees_begins_where_they_own(cast, owner):
    below = await make.department("below", "下级", parent=cast.league.id)
    owner = await staff_member(owner.id)
    assert [(each.id, each.depth) for each in await departments_owned_by(owner)] == [(cast.league.id, 0), (below.id, 1)]
    assert await departments_owned_by(cast.olga) == []


async def test_the_operator_founds_departments_and_appoints_their_first_owner(db):
    top = await found_department("tsw", "团市委", "Youth League Committee")
    assert await found_department("tsw", "another name") == top
    below = await found_department("tsw-1", "下级", parent="tsw")
    staff_id = await appoint("周明远", "owner@example.org", {top: "owner"})
    assert (await staff_member(staff_id)).departments(MAY_OWN) == [top, below]
    with pytest.raises(NotFound):
        await found_department("x", "孤儿", parent="nowhere")
    with pytest.raises(Invalid):
        await found_department("Not a code", "")
