"""An event's stops are the organizer's, and begin as the usual ones of its kind."""

import asyncio
from uuid import uuid4

import pytest

from events import database
from events.catalogue.kinds import Kind, preset_of
from events.errors import Fault, Invalid, NotFound
from events.gate.actions import admit
from events.gate.queries import stops_for, stops_of
from events.gate.rules import Direction, Source
from events.gate.stops import StopDraft, ensure_stops, set_stops
from tests import make


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_has_its_usual_stops_and_gets_them_once(cast, kind):
    event = await make.event(await make.programme(cast.league.id, kind=kind.value))
    await asyncio.gather(*(ensure_stops(event.id) for _ in range(4)))
    stops = await stops_of(cast.olga, event.id)
    usual = preset_of(kind).stops
    assert [(each.name, each.counts, each.direction, each.position) for each in stops] == [
        (each.name, each.counts, each.direction, position) for position, each in enumerate(usual)
    ]


async def test_own_stops_are_left_alone_and_no_event_gets_none(evening):
    await ensure_stops(evening.event.id)
    assert [each.name for each in await stops_of(evening.cast.sam, evening.event.id)] == ["入口"]
    with pytest.raises(NotFound):
        await ensure_stops(99)


async def test_olga_renames_adds_and_retires_and_scans_keep_their_stop(evening):
    await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    drafts = [StopDraft("东门 ", 0), StopDraft("西门", 0)]
    stops = await set_stops(evening.cast.olga, evening.event.id, drafts)
    assert [(each.name, each.retired, each.scans) for each in stops] == [
        ("东门", False, 0),
        ("西门", False, 0),
        ("入口", True, 1),
    ]
    again = [StopDraft("南门", 0, id=stops[0].id), StopDraft("入口", 1, counts=False, id=evening.door.id)]
    stops = await set_stops(evening.cast.olga, evening.event.id, again)
    assert [(each.name, each.counts, each.retired) for each in stops] == [
        ("南门", True, False),
        ("入口", False, False),
        ("西门", True, True),
    ]


async def test_a_scanned_stop_that_turns_round_becomes_another(evening):
    await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    draft = StopDraft("出口", direction="out", id=evening.door.id)
    stops = await set_stops(evening.cast.olga, evening.event.id, [draft])
    assert [(each.name, each.direction, each.retired) for each in stops] == [
        ("出口", Direction.OUT, False),
        ("入口", Direction.IN, True),
    ]


async def test_sessions_are_settled_again_only_when_a_stop_begins_or_ceases_to_count(evening):
    await database.rows("UPDATE session SET settled_at = now()")
    await set_stops(evening.cast.olga, evening.event.id, [StopDraft("正门", id=evening.door.id)])
    assert await database.value("SELECT settled_at IS NOT NULL FROM session")
    await set_stops(evening.cast.olga, evening.event.id, [StopDraft("正门", counts=False, id=evening.door.id)])
    assert await database.value("SELECT settled_at IS NULL FROM session")


@pytest.mark.parametrize(
    ("drafts", "problems"),
    [
        ([], {"stops": Fault.MISSING}),
        ([StopDraft("门")] * 51, {"stops": Fault.TOO_MANY}),
        ([StopDraft("东门", id=1), StopDraft("西门", id=1)], {"stops": Fault.ALREADY_USED}),
        ([StopDraft("东门"), StopDraft(" \u200b\u3000")], {"stops.1.name": Fault.MISSING}),
        ([StopDraft("门" * 61)], {"stops.0.name": Fault.TOO_LONG}),
        ([StopDraft("a\u202eb")], {"stops.0.name": Fault.BAD_CHARACTER}),
        ([StopDraft("门", direction="up")], {"stops.0.direction": Fault.NOT_AN_OPTION}),
        ([StopDraft("门", -1)], {"stops.0.position": Fault.TOO_LOW}),
        ([StopDraft("门", 1000)], {"stops.0.position": Fault.TOO_HIGH}),
    ],
)
async def test_what_is_no_stop_is_said_by_field_and_changes_nothing(evening, drafts, problems):
    with pytest.raises(Invalid) as invalid:
        await set_stops(evening.cast.olga, evening.event.id, drafts)
    assert invalid.value.problems == problems
    assert [each.name for each in await stops_of(evening.cast.olga, evening.event.id)] == ["入口"]


async def test_only_who_edits_the_event_sets_stops_and_only_its_own(evening):
    strange = await make.stop(await make.event(await make.programme(evening.cast.league.id)))
    for person, draft in (
        (evening.cast.petr, StopDraft("门")),
        (evening.cast.sam, StopDraft("门")),
        (evening.cast.dora, StopDraft("门")),
        (evening.cast.olga, StopDraft("门", id=strange.id)),
    ):
        with pytest.raises(NotFound):
            await set_stops(person, evening.event.id, [draft])
    for person in (evening.cast.petr, evening.cast.dora):
        with pytest.raises(NotFound):
            await stops_of(person, evening.event.id)


async def test_sam_sees_the_stops_that_are_on_first_and_nobody_elses(evening):
    soon = await make.event(await make.programme(evening.cast.league.id), title="明天的游学")
    await make.session(soon)
    await make.stop(soon, name="集合点")
    await make.stop(soon, name="旧站", retired_at=make.now())
    await make.session(evening.event)
    draft = await make.event(await make.programme(evening.cast.league.id), state="draft")
    await make.session(draft)
    await make.stop(draft)
    found = await stops_for(evening.cast.sam)
    assert [(each.event_title, each.stop_name) for each in found] == [("青年夜校", "入口"), ("明天的游学", "集合点")]
    assert found[0].session_id == evening.session.id
    assert await stops_for(evening.cast.petr) == await stops_for(evening.cast.dora) == []
