"""How a session fills, as the door sees it."""

from uuid import uuid4

import pytest

from events.errors import NotFound
from events.gate.actions import admit, undo
from events.gate.queries import admitted_at, live_view
from events.gate.rules import Reason, Source
from tests import make


async def test_the_door_sees_who_came_who_is_expected_and_why_others_were_refused(evening):
    bob, mei = [await make.booking(evening.session, each) for each in (evening.cast.bob, evening.cast.mei)]
    way_out = await make.stop(evening.event, name="出口", direction="out", position=1)
    steps = [
        (evening.door, evening.booking.code),
        (evening.door, bob.code),
        (evening.door, mei.code),
        (evening.door, bob.code),
        (evening.door, "https://evil.example"),
        (way_out, bob.code),
    ]
    scans = [await admit(evening.cast.sam, stop.id, code, Source.CAMERA, uuid4()) for stop, code in steps]
    await undo(evening.cast.sam, scans[2].scan_id)
    view = await live_view(evening.cast.sam, evening.session.id)
    assert (view.expected, view.admitted, view.inside) == (3, 2, 1)
    assert view.refusals == {Reason.ALREADY_ADMITTED: 1, Reason.NOT_OURS: 1}
    assert [(each.scan_id, each.name, each.reason, each.undone) for each in view.latest] == [
        (scans[5].scan_id, "李*", None, False),
        (scans[4].scan_id, "", Reason.NOT_OURS, False),
        (scans[3].scan_id, "李*", Reason.ALREADY_ADMITTED, False),
        (scans[2].scan_id, "阿依古丽*", None, True),
        (scans[1].scan_id, "李*", None, False),
        (scans[0].scan_id, "王*燕", None, False),
    ]
    at_the_exit = await live_view(evening.cast.sam, evening.session.id, way_out.id)
    assert (at_the_exit.expected, at_the_exit.admitted, at_the_exit.inside) == (3, 0, 0)
    assert [each.scan_id for each in at_the_exit.latest] == [scans[5].scan_id]


async def test_twenty_scans_are_shown(evening):
    for _ in range(25):
        await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    assert len((await live_view(evening.cast.sam, evening.session.id)).latest) == 20


async def test_a_ticket_page_can_say_when_its_holder_came_in(evening):
    assert await admitted_at(evening.booking.id) is None
    result = await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    assert await admitted_at(evening.booking.id) == result.at


async def test_petr_and_dora_see_nothing_and_strange_stops_are_absent(evening):
    strange = await make.stop(await make.event(await make.programme(evening.cast.league.id)))
    for person, stop_id in (
        (evening.cast.petr, None),
        (evening.cast.dora, None),
        (evening.cast.sam, strange.id),
    ):
        with pytest.raises(NotFound):
            await live_view(person, evening.session.id, stop_id)
    with pytest.raises(NotFound):
        await live_view(evening.cast.sam, 99)
