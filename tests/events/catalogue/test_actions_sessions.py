"""Sessions, pools, recurrences, copies and posters. On the real database."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from PIL import Image

from events import database
from events.catalogue import actions, queries
from events.catalogue.actions import Part
from events.catalogue.changes import CatalogueRefusal
from events.catalogue.drafts import PoolDraft, QuestionDraft, SessionDraft, SessionTerms
from events.catalogue.eligibility import EVERYONE, Clause, Condition, Eligibility, Fact
from events.catalogue.poster import ImageFault
from events.catalogue.recurrence import Frequency, Recurrence, RecurrenceFault
from events.errors import Fault, Invalid, NeedsConfirmation, NotFound, Refused, Stale
from tests import make

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALL = [PoolDraft("名额", 40)]


def days(number: float):
    return make.now() + timedelta(days=number)


def at(number: float, **more) -> SessionDraft:
    return SessionDraft(days(number), days(number + 0.1), **more)


async def event(cast, **more) -> int:
    programme = await make.programme(cast.league.id)
    return (await make.event(programme, **({"kind": "lecture"} | more))).id


async def booked(cast, places: int = 3) -> tuple[int, int]:
    """The ids of a published event and of its session, in which so many places are taken."""
    event_id = await event(cast)
    session_id = await actions.add_session(cast.olga, event_id, at(3), HALL)
    await database.rows("UPDATE pool SET taken = $2 WHERE session = $1", session_id, places)
    return event_id, session_id


async def session(cast, session_id: int):
    return await queries.session_run_by(cast.olga, session_id)


async def pools_of(cast, session_id: int) -> list[tuple[str, int, int]]:
    return [(each.name, each.capacity, each.taken) for each in (await session(cast, session_id)).pools]


async def test_a_session_comes_with_the_places_of_its_kind(cast):
    event_id = await event(cast, kind="study_tour")
    session_id = await actions.add_session(cast.olga, event_id, at(5))
    run = await session(cast, session_id)
    assert [(each.name, each.choice, each.capacity) for each in run.pools] == [
        ("座位", "", 45),
        ("校门口上车", "上车点", 45),
        ("市区上车", "上车点", 45),
    ]
    assert (run.state, run.places_left, run.capacity, run.place, run.own_place) == ("open", 45, 45, "科院南门", "")
    assert run.closes_at == run.cancel_until == run.starts_at


async def test_adding_the_same_session_twice_is_adding_it_once(cast):
    event_id = await event(cast)
    draft = at(5)
    first = await actions.add_session(cast.olga, event_id, draft, HALL)
    assert await actions.add_session(cast.olga, event_id, draft, HALL) == first
    assert await actions.add_session(cast.olga, event_id, replace(draft, note="第二组"), HALL) != first
    assert await pools_of(cast, first) == [("名额", 40, 0)]


async def test_a_session_with_impossible_times_is_not_added(cast):
    event_id = await event(cast)
    with pytest.raises(Invalid) as refused:
        await actions.add_session(cast.olga, event_id, SessionDraft(days(3), days(2), note="\x00"), HALL)
    assert refused.value.problems == {
        "note": Fault.BAD_CHARACTER,
        "ends_at": Fault.BEFORE_START,
        "closes_at": Fault.AFTER_END,
    }
    with pytest.raises(Invalid) as refused:
        await actions.add_session(cast.olga, event_id, at(3), [PoolDraft("", 0)])
    assert refused.value.problems == {"pools.0.name": Fault.MISSING, "pools.0.capacity": Fault.TOO_LOW}
    assert await database.value("SELECT count(*) FROM session") == 0


async def test_moving_a_booked_session_asks_first_and_raises_its_version(cast):
    _, session_id = await booked(cast)
    before = await session(cast, session_id)
    moved = SessionDraft(days(4), days(4.1), place="青年之家")
    with pytest.raises(NeedsConfirmation) as asked:
        await actions.edit_session(cast.olga, session_id, moved, before.event_version)
    assert asked.value.affected == {"bookings": 3, "sessions": 1, "changes": ("starts_at", "ends_at", "place")}
    assert (await session(cast, session_id)).starts_at == before.starts_at
    changed = await actions.edit_session(cast.olga, session_id, moved, before.event_version, confirmed=True)
    assert changed.session_ids == (session_id,)
    after = await session(cast, session_id)
    assert (after.starts_at, after.place, after.version) == (moved.starts_at, "青年之家", before.version + 1)
    assert (after.event_version, after.opens_at) == (before.event_version + 1, before.opens_at)


async def test_other_changes_of_a_booked_session_ask_nothing_and_keep_its_version(cast):
    _, session_id = await booked(cast)
    before = await session(cast, session_id)
    draft = SessionDraft(before.starts_at, before.ends_at, closes_at=before.starts_at - timedelta(hours=1), note="带伞")
    changed = await actions.edit_session(cast.olga, session_id, draft, before.event_version)
    after = await session(cast, session_id)
    assert (changed.session_ids, after.version, after.note) == ((), before.version, "带伞")
    with pytest.raises(Stale):
        await actions.edit_session(cast.olga, session_id, draft, before.event_version)


async def test_what_is_over_is_not_moved_but_may_be_annotated(cast):
    row = await make.event(await make.programme(cast.league.id))
    past = await make.session(row, starts_at=days(-2), opens_at=days(-9))
    with pytest.raises(Refused) as refused:
        await actions.edit_session(cast.olga, past.id, at(3), None)
    assert refused.value.reason is CatalogueRefusal.ENDED
    with pytest.raises(Refused):
        await actions.cancel_session(cast.olga, past.id, "雨天")
    await actions.edit_session(cast.olga, past.id, SessionDraft(past.starts_at, past.ends_at, note="已归档"), None)
    assert (await session(cast, past.id)).note == "已归档"


async def test_cancelling_a_session_twice_is_cancelling_it_once(cast):
    event_id, session_id = await booked(cast)
    other = await actions.add_session(cast.olga, event_id, at(9), HALL)
    assert (await actions.cancel_session(cast.olga, session_id, "雨天")).session_ids == (session_id,)
    again = await actions.cancel_session(cast.olga, session_id, "雨天")
    assert (again.session_ids, again.already) == ((), True)
    assert ((await session(cast, session_id)).state, (await session(cast, other)).state) == ("cancelled", "open")


async def test_only_a_session_that_nobody_ever_booked_is_removed(cast):
    event_id, session_id = await booked(cast)
    with pytest.raises(Refused) as refused:
        await actions.remove_session(cast.olga, session_id)
    assert refused.value.detail == {"bookings": 3}
    row = await make.session(await make.Event.objects().get(make.Event.id == event_id))
    await make.booking(row, cast.alice, state="cancelled")
    with pytest.raises(Refused) as refused:
        await actions.remove_session(cast.olga, row.id)
    assert refused.value.reason is CatalogueRefusal.HAS_BOOKINGS
    assert await pools_of(cast, row.id) == [("名额", 40, 0)]
    empty = await actions.add_session(cast.olga, event_id, at(9), HALL)
    await actions.remove_session(cast.olga, empty)
    with pytest.raises(NotFound):
        await session(cast, empty)


async def test_pools_are_added_renamed_and_taken_away_but_never_their_bookings(cast):
    _, session_id = await booked(cast)
    [hall] = (await session(cast, session_id)).pools
    wanted = [PoolDraft("一号车", 20, "上车点"), PoolDraft("大厅", 50, id=hall.id), PoolDraft("二号车", 20, "上车点")]
    before = (await session(cast, session_id)).event_version
    assert (await actions.set_pools(cast.olga, session_id, wanted, before)).version == before + 1
    assert await pools_of(cast, session_id) == [("一号车", 20, 0), ("大厅", 50, 3), ("二号车", 20, 0)]
    with pytest.raises(Stale):
        await actions.set_pools(cast.olga, session_id, wanted, before)
    await actions.set_pools(cast.olga, session_id, [wanted[1]])
    assert await pools_of(cast, session_id) == [("大厅", 50, 3)]


async def test_a_capacity_below_what_is_taken_is_refused_with_the_number(cast):
    _, session_id = await booked(cast, places=12)
    [hall] = (await session(cast, session_id)).pools
    for drafts, problems in (
        ([PoolDraft("名额", 11, id=hall.id)], {"pools.0.capacity": Fault.BELOW_TAKEN}),
        ([PoolDraft("新名额", 11)], {"pools": Fault.BELOW_TAKEN}),
        ([PoolDraft("名额", 40, "上车点", id=hall.id)], {"pools.0.choice": Fault.ALREADY_USED}),
    ):
        with pytest.raises(Invalid) as refused:
            await actions.set_pools(cast.olga, session_id, drafts)
        assert (refused.value.problems, refused.value.detail) == (problems, {"taken": {hall.id: 12}})
    await actions.set_pools(cast.olga, session_id, [PoolDraft("名额", 12, id=hall.id)])
    assert (await session(cast, session_id)).state == "full"


async def test_a_pool_of_another_session_is_a_stale_form(cast):
    event_id, session_id = await booked(cast)
    other = await actions.add_session(cast.olga, event_id, at(9), HALL)
    [foreign] = (await session(cast, other)).pools
    with pytest.raises(Stale):
        await actions.set_pools(cast.olga, session_id, [PoolDraft("名额", 1, id=foreign.id)])
    assert await pools_of(cast, other) == [("名额", 40, 0)]


async def test_a_published_session_keeps_at_least_one_pool(cast):
    event_id = await event(cast)
    session_id = await actions.add_session(cast.olga, event_id, at(3), HALL)
    with pytest.raises(Refused) as refused:
        await actions.set_pools(cast.olga, session_id, [])
    assert refused.value.reason is CatalogueRefusal.SESSION_WITHOUT_POOL


BOOK = "UPDATE pool SET taken = taken + 1 WHERE id = $1 AND taken < capacity RETURNING taken"


async def test_without_the_lock_a_shrinking_pool_meets_the_booking_in_the_check(cast, settings):
    """The race is there: who decides on a row that is not locked decides on nine, and writes over ten."""
    _, session_id = await booked(cast, places=9)
    [hall] = (await session(cast, session_id)).pools
    desk = await asyncpg.connect(settings.database_url)
    booking = desk.transaction()
    await booking.start()
    assert await desk.fetchval(BOOK, hall.id) == 10
    assert await database.value("SELECT taken FROM pool WHERE id = $1", hall.id) == 9
    shrinking = asyncio.ensure_future(database.rows("UPDATE pool SET capacity = 9 WHERE id = $1", hall.id))
    await until_waiting(desk)
    await booking.commit()
    await desk.close()
    with pytest.raises(asyncpg.CheckViolationError):
        await shrinking


async def test_shrinking_a_pool_waits_for_the_booking_in_progress(cast, settings):
    """Ten places, nine taken; a booking takes the tenth while an organizer sets the capacity to nine."""
    _, session_id = await booked(cast, places=9)
    [hall] = (await session(cast, session_id)).pools
    await database.rows("UPDATE pool SET capacity = 10 WHERE id = $1", hall.id)
    desk = await asyncpg.connect(settings.database_url)
    booking = desk.transaction()
    await booking.start()
    assert await desk.fetchval(BOOK, hall.id) == 10
    shrinking = asyncio.ensure_future(actions.set_pools(cast.olga, session_id, [PoolDraft("名额", 9, id=hall.id)]))
    await until_waiting(desk)
    await booking.commit()
    await desk.close()
    with pytest.raises(Invalid) as refused:
        await shrinking
    assert refused.value.detail == {"taken": {hall.id: 10}}
    assert await pools_of(cast, session_id) == [("名额", 10, 10)]


async def test_a_booking_waits_for_the_shrinking_in_progress(cast, settings):
    _, session_id = await booked(cast, places=9)
    [hall] = (await session(cast, session_id)).pools
    desk = await asyncpg.connect(settings.database_url)
    async with database.transaction():
        await actions.set_pools(cast.olga, session_id, [PoolDraft("名额", 9, id=hall.id)])
        booking = asyncio.ensure_future(desk.fetchval(BOOK, hall.id))
        watch = await asyncpg.connect(settings.database_url)
        await until_waiting(watch)
        await watch.close()
    assert await booking is None
    await desk.close()
    assert await pools_of(cast, session_id) == [("名额", 9, 9)]


async def until_waiting(connection: asyncpg.Connection) -> None:
    """Returns when some statement of this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(2000):
        if await connection.fetchval(waiting):
            return
        await asyncio.sleep(0.001)
    raise AssertionError("nobody waited: the lock that this test is about is gone")


def every_wednesday(until: date | None) -> Recurrence:
    return Recurrence(
        Frequency.WEEKLY, time(14), timedelta(hours=2), until, weekdays=frozenset({2}), excluded=frozenset()
    )


def next_wednesday() -> date:
    today = datetime.now(SHANGHAI).date()
    return today + timedelta(days=(2 - today.weekday()) % 7 + 7)


async def test_a_rule_makes_its_sessions_with_their_own_times_and_places(cast):
    event_id, first = await event(cast), next_wednesday()
    rule = replace(every_wednesday(first + timedelta(weeks=4)), excluded=frozenset({first + timedelta(weeks=1)}))
    terms = SessionTerms(opens_before=timedelta(days=7), note="每周三")
    ids = await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, terms, [PoolDraft("座位", 8)])
    sessions = (await queries.event_page(event_id)).sessions
    assert [each.id for each in sessions] == ids
    days_on = [each.starts_at.astimezone(SHANGHAI).date() for each in sessions]
    assert days_on == [first + timedelta(weeks=week) for week in (0, 2, 3, 4)]
    for each in sessions:
        assert (each.starts_at - each.opens_at, each.ends_at - each.starts_at) == (
            timedelta(days=7),
            timedelta(hours=2),
        )
        assert [(pool.name, pool.capacity) for pool in each.pools] == [("座位", 8)]


async def test_a_rule_pressed_twice_or_extended_leaves_what_is_there(cast):
    event_id, first = await event(cast), next_wednesday()
    rule, terms = every_wednesday(first + timedelta(weeks=1)), SessionTerms()
    once = await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, terms)
    assert await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, terms) == once
    longer = every_wednesday(first + timedelta(weeks=2))
    more = await actions.add_sessions_by_recurrence(cast.olga, event_id, longer, first, terms)
    assert (more[:2], len(more)) == (once, 3)
    assert await database.value("SELECT count(*) FROM session WHERE event = $1", event_id) == 3
    assert await database.value("SELECT count(*) FROM pool") == 3


async def test_a_rule_without_an_end_or_with_too_many_dates_makes_nothing(cast):
    event_id, first = await event(cast), next_wednesday()
    daily = Recurrence(Frequency.DAILY, time(9), timedelta(hours=1), first + timedelta(days=400))
    for rule, field, fault, reason in (
        (every_wednesday(None), "until", Fault.NO_END, RecurrenceFault.NO_END),
        (daily, "until", Fault.TOO_MANY, RecurrenceFault.TOO_MANY),
        (replace(daily, interval=0), "interval", Fault.NOT_AN_OPTION, RecurrenceFault.INTERVAL_OUT_OF_RANGE),
    ):
        with pytest.raises(Invalid) as refused:
            await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, SessionTerms())
        assert (refused.value.problems, refused.value.detail) == ({field: fault}, {"rule": reason})
    assert await database.value("SELECT count(*) FROM session") == 0


async def test_an_event_has_at_most_1000_sessions(cast):
    event_id, first = await event(cast), next_wednesday()
    for hour, made in ((9, 366), (13, 366), (18, None)):
        rule = Recurrence(Frequency.DAILY, time(hour), timedelta(hours=1), first + timedelta(days=365))
        if made:
            ids = await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, SessionTerms())
            assert len(ids) == made
            continue
        with pytest.raises(Invalid) as refused:
            await actions.add_sessions_by_recurrence(cast.olga, event_id, rule, first, SessionTerms())
        assert refused.value.problems == {"sessions": Fault.TOO_MANY}
    assert await database.value("SELECT count(*) FROM pool") == 732


async def test_terms_that_close_before_they_open_name_the_date(cast):
    event_id, first = await event(cast), next_wednesday()
    terms = SessionTerms(opens_before=timedelta(hours=1), closes_before=timedelta(hours=2))
    with pytest.raises(Invalid) as refused:
        await actions.add_sessions_by_recurrence(cast.olga, event_id, every_wednesday(first), first, terms)
    starts_at = datetime.combine(first, time(14), SHANGHAI).astimezone(UTC)
    assert (refused.value.problems, refused.value.detail) == (
        {"closes_at": Fault.BEFORE_OPENING},
        {"starts_at": starts_at},
    )
    with pytest.raises(Invalid) as refused:
        endless = SessionTerms(opens_before=timedelta.max)
        await actions.add_sessions_by_recurrence(cast.olga, event_id, every_wednesday(first), first, endless)
    assert refused.value.problems == {"opens_before": Fault.TOO_HIGH}


COMPUTING = Eligibility(all=(Clause(any=(Condition(fact=Fact.COLLEGE, is_=("信息工程学院",)),)),))


async def full_event(cast) -> int:
    """Published, booked, with everything that a copy may take along."""
    event_id = await event(cast, title="第三届", summary="一天走三家企业")
    first = await actions.add_session(cast.olga, event_id, at(3, note="上午"), HALL)
    await actions.add_session(
        cast.olga, event_id, at(5), [PoolDraft("一号车", 20, "上车点"), PoolDraft("二号车", 20, "上车点")]
    )
    called_off = await actions.add_session(cast.olga, event_id, at(4), HALL)
    await actions.cancel_session(cast.olga, called_off, "雨天")
    await database.rows("UPDATE pool SET taken = 7 WHERE session = $1", first)
    size = QuestionDraft("choice", "尺码", options=("S", "M"))
    asked = [QuestionDraft("text", "旧问题"), size]
    await actions.set_questions(cast.olga, event_id, asked)
    await actions.set_questions(
        cast.olga, event_id, [size, QuestionDraft("text", "备注", shown_if=0, shown_if_value="S")]
    )
    await actions.set_eligibility(cast.olga, event_id, COMPUTING)
    await actions.set_poster(cast.olga, event_id, picture())
    return event_id


async def test_a_copy_is_a_draft_of_the_next_edition_with_nobody_in_it(cast):
    event_id = await full_event(cast)
    source = await queries.event_run_by(cast.olga, event_id)
    day = (days(3) + timedelta(days=364)).astimezone(SHANGHAI).date()
    copy = (
        await queries.event_run_by(cast.olga, await actions.clone_event(cast.olga, event_id, day, title="第四届"))
    ).page
    assert (copy.state, copy.version, copy.published_at, copy.title) == ("draft", 1, None, "第四届")
    assert (copy.summary, copy.eligibility, copy.poster_version) == (
        "一天走三家企业",
        COMPUTING,
        source.page.poster_version,
    )
    kept = [each for each in source.sessions if each.state != "cancelled"]
    assert [(each.starts_at, each.opens_at, each.cancel_until, each.note) for each in copy.sessions] == [
        (*(moment + timedelta(days=364) for moment in (each.starts_at, each.opens_at, each.cancel_until)), each.note)
        for each in kept
    ]
    assert [[(pool.name, pool.choice, pool.capacity, pool.taken) for pool in each.pools] for each in copy.sessions] == [
        [("名额", "", 40, 0)],
        [("一号车", "上车点", 20, 0), ("二号车", "上车点", 20, 0)],
    ]
    assert [each.label for each in copy.questions] == ["尺码", "备注"]
    assert copy.questions[1].shown_if == copy.questions[0].id
    assert not {each.id for each in copy.questions} & {each.id for each in source.page.questions}
    after = await queries.event_run_by(cast.olga, event_id)
    assert (after.sessions, after.page.questions) == (source.sessions, source.page.questions)


async def test_a_copy_takes_along_only_the_parts_that_were_asked_for(cast):
    event_id = await full_event(cast)
    copied = await actions.clone_event(cast.olga, event_id, parts=frozenset({Part.SESSIONS}))
    copy = (await queries.event_run_by(cast.olga, copied)).page
    assert [each.pools for each in copy.sessions] == [(), ()]
    assert (copy.questions, copy.poster_version, copy.eligibility, copy.title) == ((), None, EVERYONE, "第三届")
    bare = (
        await queries.event_run_by(cast.olga, await actions.clone_event(cast.olga, event_id, parts=frozenset()))
    ).page
    assert bare.sessions == ()


async def test_a_copy_into_the_year_9999_is_not_made(cast):
    event_id = await full_event(cast)
    for day in (date(9999, 12, 31), date(1, 1, 1)):
        with pytest.raises(Invalid) as refused:
            await actions.clone_event(cast.olga, event_id, day)
        assert refused.value.problems == {"first_day": Fault.NOT_A_DATE}
    assert await database.value("SELECT count(*) FROM event") == 1


def picture(colour: str = "#5B8F7B") -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 360), colour).save(file, "PNG")
    return file.getvalue()


async def test_a_poster_is_drawn_anew_replaced_and_removed(cast):
    event_id = await event(cast)
    first = await actions.set_poster(cast.olga, event_id, picture())
    second = await actions.set_poster(cast.olga, event_id, picture("#9B2743"))
    assert first != second
    shown = await queries.poster(event_id)
    assert (shown.sha256, shown.content[:3]) == (second, b"\xff\xd8\xff")
    assert (await queries.poster(event_id, thumb=True)).content != shown.content
    assert (await queries.event_page(event_id)).poster_version == second[:16]
    await actions.remove_poster(cast.olga, event_id)
    await actions.remove_poster(cast.olga, event_id)
    with pytest.raises(NotFound):
        await queries.poster(event_id)


async def test_what_is_not_a_picture_is_refused_and_the_old_poster_stays(cast):
    event_id = await event(cast)
    first = await actions.set_poster(cast.olga, event_id, picture())
    with pytest.raises(Invalid) as refused:
        await actions.set_poster(cast.olga, event_id, b"<svg onload=alert(1)>")
    assert (refused.value.problems, refused.value.detail) == (
        {"poster": Fault.BAD_FILE},
        {"image": ImageFault.UNSUPPORTED},
    )
    assert (await queries.poster(event_id)).sha256 == first


async def test_the_poster_of_a_draft_is_for_its_organizers(cast):
    event_id = await event(cast, state="draft", published_at=None)
    sha256 = await actions.set_poster(cast.olga, event_id, picture())
    with pytest.raises(NotFound):
        await queries.poster(event_id)
    assert (await queries.poster_run_by(cast.olga, event_id)).sha256 == sha256
