from datetime import timedelta
from typing import Any

import pytest

from events.booking.letters import calendar_entry, letter_facts
from events.booking.tables import Booking, Cancellation
from events.catalogue.tables import Event, Pool, Session
from tests import make
from tests.cast import Cast


async def test_the_facts_of_many_bookings_by_their_ids(cast: Cast) -> None:
    event = await make.event(title_en="Inside", address="学府路 1 号")
    session = await make.session(event, note="带学生证")
    (hall,) = await Pool.objects().where(Pool.session == session.id)
    coach = await make.pool(session, name="一号车", choice="上车点")
    await make.pool(session, name="二号车", choice="上车点")
    alice = await make.booking(session, cast.alice, pools=[hall.id, coach.id])
    bob = await make.booking(session, cast.bob, pools=[hall.id])
    facts = await letter_facts([alice.id, bob.id, 999])
    assert set(facts) == {alice.id, bob.id}

    hers = facts[alice.id]
    assert (hers.student_name, hers.email, hers.wants_email, hers.locale) == (
        "王小燕",
        "alice@example.org",
        True,
        "zh-CN",
    )
    assert (hers.title, hers.title_en, hers.place, hers.address, hers.note) == (
        "走进名企 · 智能家电线",
        "Inside",
        "科院南门",
        "学府路 1 号",
        "带学生证",
    )
    assert (hers.state, hers.called_off, hers.cancelled_by, hers.reason) == ("confirmed", False, "", "")
    assert (hers.choices, facts[bob.id].choices) == (("一号车",), ())


async def test_no_ids_no_query(db: object) -> None:
    assert await letter_facts([]) == {}


async def test_a_session_with_a_place_of_its_own_does_not_show_the_events_address(cast: Cast) -> None:
    session = await make.session(await make.event(address="学府路 1 号"), place="体育馆")
    booking = await make.booking(session, cast.alice)
    facts = (await letter_facts([booking.id]))[booking.id]
    assert (facts.place, facts.address) == ("体育馆", "")


@pytest.mark.parametrize(
    ("by", "session_state", "event_state", "expected"),
    [
        ("alice", "scheduled", "published", "student"),
        ("olga", "scheduled", "published", "staff"),
        ("olga", "cancelled", "published", "event"),
        ("olga", "cancelled", "cancelled", "event"),
        ("alice", "cancelled", "cancelled", "student"),
        ("", "scheduled", "published", "event"),
    ],
)
async def test_who_cancelled(cast: Cast, by: str, session_state: str, event_state: str, expected: str) -> None:
    event = await make.event(state=event_state)
    booking = await make.booking(await make.session(event, state=session_state), cast.alice, state="cancelled")
    who: dict[str, Any] = {"alice": {"by_student": cast.alice.id}, "olga": {"by_staff": cast.olga.id}}.get(by, {})
    await Cancellation(booking=booking.id, reason="台风", **who).save()
    facts = (await letter_facts([booking.id]))[booking.id]
    assert (facts.cancelled_by, facts.reason) == (expected, "台风")


async def test_the_calendar_entry_keeps_its_uid_and_its_sequence_only_rises(cast: Cast) -> None:
    booking = await make.booking(await make.session(), cast.alice)

    async def entry() -> Any:
        facts = (await letter_facts([booking.id]))[booking.id]
        return calendar_entry(
            facts,
            base_url="https://yantu.test:8443",
            organizer_email="post@yantu.test",
            description="",
            stamped_at=facts.starts_at - timedelta(days=1),
        )

    entries = [await entry()]
    await Session.update({Session.version: 2}).where(Session.id == booking.session)
    entries.append(await entry())
    session = await Session.objects().get(Session.id == booking.session)
    assert session is not None
    await Event.update({Event.state: "postponed"}).where(Event.id == session.event)
    entries.append(await entry())
    await Booking.update({Booking.state: "cancelled"}).where(Booking.id == booking.id)
    await Session.update({Session.version: 3}).where(Session.id == booking.session)
    entries.append(await entry())

    assert {each.uid for each in entries} == {f"booking-{booking.id}@yantu.test"}
    assert [each.sequence for each in entries] == [2, 4, 5, 7]
    assert [each.cancelled for each in entries] == [False, False, True, True]
    assert entries[0].url == f"https://yantu.test:8443/tickets/{booking.code}"
