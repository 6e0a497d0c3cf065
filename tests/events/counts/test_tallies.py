"""Tallies are never older than what they stand for."""

import asyncio
from datetime import date

from events import database
from events.counts import tallies
from events.counts.actions import refresh_due
from events.counts.figures import CutScope
from events.counts.queries import cut
from events.counts.tables import PLACES
from events.counts.tallies import Place, places_for
from events.people.tables import Student
from tests import make
from tests.events.counts.history import attended, held, local, settled, stale_months

YEAR = date(2024, 1, 1), date(2024, 12, 31)


async def october(cast, *students) -> None:
    event = await make.event(await make.programme(cast.league.id))
    session = await held(event, local(2024, 10, 17))
    await attended(session, await make.stop(event), *students)
    await settled(session)


async def persons(cast) -> int:
    return (await cut(cast.dora, CutScope(cast.league.id, *YEAR))).total.persons


async def test_a_tallied_month_is_not_tallied_again(cast):
    await october(cast, cast.alice)
    assert await refresh_due() == 1
    assert await refresh_due() == 0


async def test_a_later_settlement_shows_at_once(cast):
    await october(cast, cast.alice)
    await refresh_due()
    await october(cast, cast.bob)
    assert await persons(cast) == 2
    assert await refresh_due() == 1
    assert await persons(cast) == 2


async def test_a_correction_shows_at_once(cast):
    await october(cast, cast.alice, cast.bob)
    await refresh_due()
    await database.rows("UPDATE attendance SET state = 'absent' WHERE student = $1", cast.alice.id)
    assert await persons(cast) == 1


async def test_a_removal_shows_at_once(cast):
    await october(cast, cast.alice, cast.bob)
    await refresh_due()
    await database.rows("DELETE FROM attendance WHERE student = $1", cast.alice.id)
    assert await persons(cast) == 1
    await refresh_due()
    assert await persons(cast) == 1


async def test_a_move_to_another_month_makes_both_months_stale(cast):
    await october(cast, cast.alice)
    await refresh_due()
    await database.rows("UPDATE attendance SET day = '2024-11-02'")
    assert await stale_months() == 2
    assert await persons(cast) == 1


async def test_what_is_not_committed_makes_nothing_stale(cast):
    await october(cast, cast.alice)
    await refresh_due()
    try:
        async with database.transaction():
            await database.rows("DELETE FROM attendance")
            raise RuntimeError
    except RuntimeError:
        pass
    assert await stale_months() == 0
    assert await persons(cast) == 1


async def test_a_settlement_that_commits_during_the_tallying_is_not_lost(cast):
    await october(cast, cast.alice, cast.bob)
    async with database.transaction():
        await take_back(cast.alice)
        tallying = asyncio.create_task(refresh_elsewhere())
        while not await waiting_for_lock():
            await asyncio.sleep(0)
    await tallying
    assert await stale_months() == 0
    assert await persons(cast) == 1


async def test_without_the_lock_it_would_be_lost(cast, monkeypatch):
    monkeypatch.setattr(tallies, "TALLY_LOCK", 1)
    await october(cast, cast.alice, cast.bob)
    async with database.transaction():
        await take_back(cast.alice)
        await asyncio.create_task(refresh_elsewhere())
    assert await stale_months() == 0
    assert await persons(cast) == 2


async def take_back(student: Student) -> None:
    await database.rows("UPDATE attendance SET state = 'absent' WHERE student = $1", student.id)


async def refresh_elsewhere() -> None:
    """On a connection of its own: a task otherwise joins the transaction that it was started in."""
    database.engine.current_transaction.set(None)
    await refresh_due()


async def waiting_for_lock() -> bool:
    return bool(await database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


def test_students_of_a_college_share_blocks_and_a_full_block_is_followed_by_a_new_one():
    used = {"甲学院": (1, PLACES - 1), "乙学院": (2, 7)}
    newcomers = [("丙学院", 40), ("甲学院", 12), ("甲学院", 11), ("乙学院", 30)]
    assert sorted(places_for(newcomers, used), key=lambda each: each.student) == [
        Place(11, "甲学院", 1, PLACES - 1),
        Place(12, "甲学院", 4, 0),
        Place(30, "乙学院", 2, 7),
        Place(40, "丙学院", 3, 0),
    ]
