"""The demo, filled in through the actions themselves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest_asyncio

from events import database, seeds
from events.attendance.queries import attendance_of
from events.booking import memory
from events.catalogue import queries as catalogue
from events.counts.figures import By, CutScope
from events.counts.recount import differences
from events.people.contacts import normalise_account
from events.people.students import staff_with, students_with
from events.seeds import filling
from events.seeds.cast import STAR_EMAIL
from events.settings import Settings
from events.ticket import desk

TABLES = (
    "department", "staff", "staff_role", "student", "programme", "event", "session", "pool", "question", "stop",
    "booking", "ticket", "cancellation", "scan", "admission", "attendance", "notice", "manual_figure",
)  # fmt: skip

UNSETTLED = """SELECT count(*) FROM session WHERE ends_at < now() AND settled_at IS NULL
               AND EXISTS (SELECT FROM booking WHERE booking.session = session.id)"""


@pytest_asyncio.fixture(scope="module")
async def demo(settings: Settings) -> AsyncIterator[Settings]:
    """Filled in once for all tests of this file: none of them leaves it other than it was."""
    if database.engine.pool is None:
        await database.open_pool(settings)
    await empty()
    await seeds.fill_demo(settings)
    yield settings
    await empty()


async def empty() -> None:
    found = await database.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
    )
    await database.rows(f"TRUNCATE {', '.join(each['tablename'] for each in found)} RESTART IDENTITY CASCADE")
    memory._full_until.clear()  # ids begin again, and so must what this process knows of them
    desk._questions.clear()


async def sizes() -> dict[str, int]:
    return {table: await database.value(f"SELECT count(*) FROM {table}") for table in TABLES}


async def one(sql: str) -> Any:
    return await database.value(sql)


async def test_a_second_fill_changes_nothing_and_a_broken_off_one_is_gone_on_with(demo):
    first = await sizes()
    await seeds.fill_demo(demo)
    assert await sizes() == first
    await database.rows("DELETE FROM audit_entry WHERE act = 'demo.done'")
    await seeds.fill_demo(demo)
    assert await sizes() == first


async def test_a_fill_that_is_cancelled_half_way_is_gone_on_with(demo):
    whole = await sizes()
    await empty()
    filling_in = asyncio.create_task(seeds.fill_demo(demo))
    async with asyncio.timeout(300):
        while await one("SELECT count(*) FROM booking") < 100:  # the database says when
            await asyncio.sleep(0.01)
    filling_in.cancel()
    await asyncio.gather(filling_in, return_exceptions=True)
    assert await one("SELECT count(*) FROM audit_entry WHERE act = 'demo.done'") == 0
    await seeds.fill_demo(demo)
    assert await sizes() == whole


async def test_it_has_all_that_it_promises(demo):
    assert await one("SELECT count(*) FROM programme WHERE is_demo") == 38
    assert await one("SELECT count(*) FROM department") == 9
    assert await one("SELECT count(*) FROM student WHERE is_demo") == 3000
    assert await one("SELECT count(*) FROM event WHERE NOT is_demo") == 0
    of_their_kind = await one(
        """SELECT count(DISTINCT programme) FROM event JOIN programme ON programme.id = event.programme
           WHERE state = 'published' AND event.kind = programme.kind"""
    )
    assert of_their_kind == 38
    round_today = "starts_at BETWEEN now() - interval '8 days' AND now() + interval '36 days'"
    assert await one(f"SELECT count(*) FROM session WHERE {round_today}") >= 80
    assert 300 <= await one("SELECT count(*) FROM booking") <= 700


async def test_a_week_of_scans_is_behind_it(demo):
    assert await one("SELECT count(*) FROM scan WHERE scanned_at > now() - interval '8 days' AND admitted") > 200
    assert await one("SELECT count(*) FROM scan WHERE reason IN ('not_ours', 'already_admitted')") > 10
    assert await one("SELECT count(*) FROM scan WHERE undoes IS NOT NULL") == 1
    assert await one(UNSETTLED) == 0
    came = await one("SELECT avg((state = 'attended')::int)::float FROM attendance")
    assert 0.8 < came < 0.95


async def test_every_state_that_a_student_may_meet_is_there(demo):
    [star] = await students_with(normalise_account(STAR_EMAIL))
    cursor, states = "", set()
    while True:
        page = await catalogue.list_events(catalogue.EventFilter(cursor=cursor, limit=50), star)
        states |= {card.state.value for card in page.cards}
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert {"not_open", "open", "full", "closed", "walk_in", "postponed", "cancelled"} <= states


async def test_its_counts_equal_a_recount_from_the_scans(demo):
    today = (await database.database_now()).astimezone(demo.time_zone).date()
    for each in await database.rows("SELECT id FROM department ORDER BY id"):
        scope = CutScope(each["id"], today - timedelta(days=30), today + timedelta(days=1))
        for by in By:
            assert await differences(scope, by, demo.time_zone.key) == []


async def test_counters_of_places_equal_the_bookings_that_hold_them(demo):
    wrong = await database.rows(
        """SELECT pool.id FROM pool
           LEFT JOIN booking ON pool.id = ANY(booking.pools) AND booking.state = 'confirmed'
           GROUP BY pool.id HAVING count(booking.id) <> pool.taken"""
    )
    assert wrong == []


async def test_its_letters_do_not_flood(demo):
    """What is due at once is only for the demo's own student."""
    due = await database.rows(
        """SELECT DISTINCT student.email FROM notice JOIN student ON student.id = notice.student
           WHERE state = 'pending' AND due_at <= now() + interval '1 minute'"""
    )
    assert [each["email"] for each in due] == [STAR_EMAIL]


async def test_everyone_on_the_list_of_sign_ins_can_sign_in(demo):
    (_, student, account), *staff = seeds.demo_sign_ins()
    [profile] = await students_with(normalise_account(account))
    assert (profile.name, profile.on_roster) == (student, True)
    assert len(await attendance_of(profile.id)) == 3
    assert [(await staff_with(normalise_account(address))).name for _, _, address in staff] == [
        name for _, name, _ in staff
    ]


async def test_the_demo_says_when_it_began(demo):
    begun = await filling.begin(None)
    assert abs(await database.database_now() - begun) < timedelta(minutes=5)
