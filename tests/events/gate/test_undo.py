"""A wrong press is taken back within a quarter of an hour, and nothing is rubbed out."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import database
from events.errors import NotFound
from events.gate.actions import admit, undo
from events.gate.rules import (
    UNDO_WITHIN,
    Direction,
    GateRefusal,
    GateRefused,
    Passage,
    Reason,
    Source,
    refusal_to_undo,
    standing,
)
from tests import make

NOON = make.now()


async def enter(evening, stop=None):
    return await admit(evening.cast.sam, (stop or evening.door).id, evening.booking.code, Source.TYPED, uuid4())


async def admissions() -> list[tuple]:
    return [tuple(each) for each in await database.rows("SELECT booking, stop, scan, at FROM admission ORDER BY stop")]


async def test_an_undone_ticket_is_good_again_and_every_row_stays(evening):
    first = await enter(evening)
    undone = await undo(evening.cast.sam, first.scan_id)
    assert undone.undoes == first.scan_id
    assert await admissions() == []
    second = await enter(evening)
    assert second.admitted
    rows = await database.rows("SELECT id, admitted, reason, undoes, booking, staff FROM scan ORDER BY id")
    assert [tuple(each) for each in rows] == [
        (first.scan_id, True, "", None, evening.booking.id, evening.cast.sam.id),
        (undone.scan_id, False, "undo", first.scan_id, evening.booking.id, evening.cast.sam.id),
        (second.scan_id, True, "", None, evening.booking.id, evening.cast.sam.id),
    ]


async def test_pressed_twice_or_by_two_it_is_one_undo(evening):
    first = await enter(evening)
    undone = await asyncio.gather(*(undo(each, first.scan_id) for each in (evening.cast.sam, evening.cast.olga) * 4))
    assert len(set(undone)) == 1
    assert await undo(evening.cast.sam, first.scan_id) == undone[0]
    assert await database.value("SELECT count(*) FROM scan") == 2


async def test_an_old_undo_pressed_again_does_not_touch_the_new_admission(evening):
    first = await enter(evening)
    await undo(evening.cast.sam, first.scan_id)
    second = await enter(evening)
    await undo(evening.cast.sam, first.scan_id)
    assert [scan for _, _, scan, _ in await admissions()] == [second.scan_id]


async def test_after_a_quarter_of_an_hour_it_stands(evening):
    first = await enter(evening)
    await database.rows("UPDATE scan SET scanned_at = scanned_at - interval '15 minutes 1 second'")
    with pytest.raises(GateRefused) as refused:
        await undo(evening.cast.sam, first.scan_id)
    assert refused.value.reason is GateRefusal.TOO_LATE
    assert len(await admissions()) == 1


def test_the_quarter_of_an_hour_is_exact():
    assert refusal_to_undo(True, NOON, NOON + UNDO_WITHIN) is None
    assert refusal_to_undo(True, NOON, NOON + UNDO_WITHIN + timedelta(microseconds=1)) is GateRefusal.TOO_LATE
    assert refusal_to_undo(False, NOON, NOON) is GateRefusal.NOT_ADMITTED


async def test_a_refused_scan_and_an_undo_cannot_be_undone(evening):
    first = await enter(evening)
    refused_scan = await enter(evening)
    undone = await undo(evening.cast.sam, first.scan_id)
    for scan_id in (refused_scan.scan_id, undone.scan_id):
        with pytest.raises(GateRefused) as refused:
            await undo(evening.cast.sam, scan_id)
        assert refused.value.reason is GateRefusal.NOT_ADMITTED


async def test_petr_cannot_undo_at_the_leagues_door(evening):
    first = await enter(evening)
    for person, scan_id in ((evening.cast.petr, first.scan_id), (evening.cast.sam, 99)):
        with pytest.raises(NotFound):
            await undo(person, scan_id)
    assert len(await admissions()) == 1


async def test_an_undone_way_out_leaves_its_holder_inside(evening):
    tour_stop = await make.stop(evening.event, name="参观点", position=1)
    way_out = await make.stop(evening.event, name="返程", position=2, direction="out")
    await enter(evening)
    await enter(evening, tour_stop)
    before = await admissions()
    out = await enter(evening, way_out)
    assert [stop for _, stop, _, _ in await admissions()] == [way_out.id]
    await undo(evening.cast.sam, out.scan_id)
    assert await admissions() == before
    assert (await enter(evening)).reason is Reason.ALREADY_ADMITTED


async def test_undone_while_others_scan_the_ticket_is_held_once_at_most(evening):
    first = await enter(evening)
    results = await asyncio.gather(undo(evening.cast.sam, first.scan_id), *(enter(evening) for _ in range(12)))
    entered = [each for each in results[1:] if each.admitted]
    assert len(entered) == len(await admissions()) <= 1
    assert await admissions() == [(evening.booking.id, evening.door.id, each.scan_id, each.at) for each in entered]


passages = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Direction)), max_size=12).map(
    lambda drawn: [
        Passage(number, line if direction is Direction.IN else -line, direction, NOON + timedelta(minutes=number))
        for number, (line, direction) in enumerate(drawn)
    ]
)


@given(passages, st.sets(st.integers(0, 11)))
def test_undoing_is_as_if_it_had_never_been(history, undone):
    assert standing(history, undone) == standing([each for each in history if each.scan_id not in undone], ())


@given(passages)
def test_whoever_went_out_last_holds_no_way_in(history):
    held = standing(history, ())
    if history and history[-1].direction is Direction.OUT:
        assert [each for each in held.values() if each.direction is Direction.IN] == []
    elif history:
        assert held[history[-1].line].line == history[-1].line


def test_of_two_ways_in_through_one_line_the_first_holds():
    first, second = [Passage(number, 1, Direction.IN, NOON) for number in (1, 2)]
    assert standing([first, second], ()) == {1: first}
    assert standing([first, second], {1}) == {1: second}
