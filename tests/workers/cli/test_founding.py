from dataclasses import replace

import pytest

from events import database
from events.people.queries import staff_member
from workers.cli import founding
from workers.cli.problem import Problem


async def run(db, act) -> None:
    await database.close_pool()
    await founding.with_pool(replace(db), act)
    await database.open_pool(db)


async def test_a_new_installation_gets_its_first_department_and_owner(db):
    from events.people.actions.departments import department_with, found_department
    from events.people.actions.staff import appoint

    async def both() -> None:
        await found_department("league", "团市委")
        await appoint("周明远", "owner@example.org", {await department_with("league"): "owner"})

    await run(db, both)
    owner = await staff_member(await database.value("SELECT id FROM staff WHERE email = 'owner@example.org'"))
    assert owner.may(frozenset({"owner"}), await department_with("league"))


async def test_an_unknown_department_is_said_in_a_sentence(db):
    from events.people.actions.departments import department_with

    async def look() -> None:
        await department_with("nowhere")

    with pytest.raises(Problem, match="no department with that code"):
        await run(db, look)
