"""What organizers see of what their departments run. On the real database."""

from datetime import timedelta

import pytest

from events import database
from events.catalogue import queries
from events.catalogue.changes import CatalogueRefusal, Missing
from events.catalogue.queries import RunFilter
from events.errors import Fault, Invalid
from events.people.queries import MAY_COUNT, MAY_SCAN, staff_member
from tests import make


def days(number: float):
    return make.now() + timedelta(days=number)


async def titles(staff, **wanted) -> list[str]:
    return [each.title for each in (await queries.events_run_by(staff, RunFilter(**wanted))).rows]


async def test_olga_sees_the_events_of_her_department_and_below_the_newest_first(cast):
    below = await make.department(name="青年之家", parent=cast.league.id)
    olga = await staff_member(cast.olga.id)
    for host, title in ((cast.league, "第一"), (below, "第二"), (cast.bureau, "别人的")):
        await make.session(await make.event(await make.programme(host.id), title=title))
    assert await titles(olga) == ["第二", "第一"]
    assert await titles(cast.petr) == ["别人的"]
    assert await titles(cast.dora) == []
    assert [each.title for each in (await queries.events_run_by(cast.dora, needed=MAY_COUNT)).rows] == ["第一"]


async def test_the_list_is_filtered_by_state_programme_time_and_words(cast):
    tours, fairs = await make.programme(cast.league.id, name="游学"), await make.programme(cast.league.id, name="招聘")
    await make.session(await make.event(tours, title="名企行"))
    await make.event(tours, title="筹备中", state="draft", published_at=None)
    await make.session(await make.event(fairs, title="秋招"), starts_at=days(-3), opens_at=days(-9))
    assert await titles(cast.olga) == ["秋招", "筹备中", "名企行"]
    assert await titles(cast.olga, state="draft") == ["筹备中"]
    assert await titles(cast.olga, programme_id=fairs.id) == ["秋招"]
    assert await titles(cast.olga, when="upcoming") == ["筹备中", "名企行"]
    assert await titles(cast.olga, when="past") == ["秋招"]
    assert await titles(cast.olga, text="游学") == ["筹备中", "名企行"]
    first = await queries.events_run_by(cast.olga, RunFilter(limit=2))
    assert [each.title for each in first.rows] == ["秋招", "筹备中"]
    assert await titles(cast.olga, limit=2, cursor=first.next_cursor) == ["名企行"]
    with pytest.raises(Invalid) as refused:
        await titles(cast.olga, cursor="1 OR 1=1")
    assert refused.value.problems == {"cursor": Fault.NOT_AN_OPTION}


async def test_a_row_counts_places_and_bookings_of_all_that_was_not_called_off(cast):
    row = await make.event(await make.programme(cast.league.id))
    for capacity, taken, state in ((40, 12, "scheduled"), (20, 5, "scheduled"), (10, 1, "cancelled")):
        session = await make.session(row, capacity, state=state)
        await database.rows("UPDATE pool SET taken = $2 WHERE session = $1", session.id, taken)
        await make.pool(session, capacity, name="一号车", choice="上车点", taken=taken)
    [found] = (await queries.events_run_by(cast.olga)).rows
    assert (found.sessions, found.capacity, found.taken) == (2, 60, 17)
    run = await queries.event_run_by(cast.olga, row.id)
    assert (run.held, [each.held for each in run.sessions]) == (18, [12, 5, 1])


async def test_an_event_says_what_publishing_still_asks_for(cast):
    row = await make.event(await make.programme(cast.league.id), state="draft", published_at=None)
    assert (await queries.event_run_by(cast.olga, row.id)).missing == (Missing(CatalogueRefusal.NO_FUTURE_SESSION),)
    session = await make.session(row)
    assert (await queries.event_run_by(cast.olga, row.id)).missing == ()
    await database.rows("DELETE FROM pool")
    missing = (await queries.event_run_by(cast.olga, row.id)).missing
    assert missing == (Missing(CatalogueRefusal.SESSION_WITHOUT_POOL, session.id),)


async def test_an_organizer_sees_every_session_of_a_long_series(cast):
    row = await make.event(await make.programme(cast.league.id))
    for number in (*range(-15, 0), *range(1, 130)):
        await make.session(row, starts_at=days(number), opens_at=days(-40))
    assert len((await queries.event_run_by(cast.olga, row.id)).sessions) == 144


async def test_a_days_work_is_what_touches_the_day(cast):
    row = await make.event(await make.programme(cast.league.id), title="名企行")
    draft = await make.event(await make.programme(cast.league.id), state="draft", published_at=None)
    foreign = await make.event(await make.programme(cast.bureau.id))
    today = await make.session(row, starts_at=days(-0.05), opens_at=days(-9), place="青年之家")
    for parent, start in ((row, 2), (row, -2), (draft, 0.1), (foreign, 0.1)):
        await make.session(parent, starts_at=days(start), opens_at=days(-9))
    [found] = await queries.sessions_run_by(cast.sam, days(-0.1), days(1), needed=MAY_SCAN)
    assert (found.id, found.event_title, found.place, found.host_id) == (today.id, "名企行", "青年之家", cast.league.id)
    assert await queries.sessions_run_by(cast.sam, days(-0.1), days(1)) == []


async def test_the_departments_to_choose_from(cast):
    assert [each.name for each in await queries.host_choices(cast.olga)] == ["团市委"]
    assert await queries.host_choices(cast.sam) == []
    assert [each.name for each in await queries.all_departments()] == ["团市委", "市人力社保局"]


async def test_programmes_count_their_events(cast):
    programme = await make.programme(cast.league.id)
    await make.event(programme)
    await make.event(programme, state="draft")
    [run] = await queries.programmes_run_by(cast.olga)
    assert (run.id, run.host, run.events, run.version, run.archived_at) == (programme.id, "团市委", 2, 1, None)
