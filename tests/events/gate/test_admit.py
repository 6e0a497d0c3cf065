"""At the gate: once, by whichever code, and always on record."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from events import database
from events.errors import NotFound
from events.gate.actions import admit
from events.gate.encounter import Attempt, encounters
from events.gate.reading import Reading
from events.gate.rules import GateRefusal, GateRefused, Reason, Source, verdict
from events.ticket.short_code import show_short_code
from tests import make

PHONES = 20


async def test_a_ticket_lets_its_holder_in_and_says_who_came(evening):
    result = await admit(evening.cast.sam, evening.door.id, await evening.qr(evening.booking), Source.CAMERA, uuid4())
    assert (result.admitted, result.reason, result.name, result.college) == (True, None, "王*燕", "信息工程学院")
    assert (result.event_title, result.session_id) == ("青年夜校", evening.session.id)
    assert (result.starts_at, result.ends_at) == (evening.session.starts_at, evening.session.ends_at)
    assert (result.inside, result.expected, result.earlier_at) == (1, 1, None)


@pytest.mark.parametrize("spell", [str, show_short_code, str.lower, lambda code: f" {code}\r\n"])
async def test_the_short_code_opens_as_well_however_it_is_typed(evening, spell):
    result = await admit(evening.cast.sam, evening.door.id, spell(evening.booking.code), Source.TYPED, uuid4())
    assert result.admitted
    assert await database.value("SELECT code_read FROM scan") == spell(evening.booking.code).strip()


async def test_the_second_time_it_is_red_and_says_when_and_where(evening):
    first = await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    second = await admit(evening.cast.olga, evening.door.id, await evening.qr(evening.booking), Source.CAMERA, uuid4())
    assert (second.admitted, second.reason) == (False, Reason.ALREADY_ADMITTED)
    assert (second.earlier_at, second.earlier_stop) == (first.at, "入口")
    assert (second.inside, second.expected) == (1, 1)


async def test_twenty_phones_at_once_admit_one_ticket_once(evening):
    qr = await evening.qr(evening.booking)
    results = await asyncio.gather(
        *(admit(evening.cast.sam, evening.door.id, qr, Source.CAMERA, uuid4()) for _ in range(PHONES))
    )
    (winner,) = [each for each in results if each.admitted]
    losers = [each for each in results if not each.admitted]
    assert {(each.reason, each.earlier_at, each.earlier_stop) for each in losers} == {
        (Reason.ALREADY_ADMITTED, winner.at, "入口")
    }
    assert await database.value("SELECT count(*) FROM scan") == PHONES
    assert await database.value("SELECT count(*) FROM admission") == 1


async def test_without_the_claim_the_same_race_admits_twice(evening):
    """The control: look, decide and write as before, only without the claim."""
    reading = Reading(evening.booking.code, short_code=evening.booking.code)
    everybody_looked = asyncio.Barrier(PHONES)

    async def admit_without_claim() -> bool:
        (met,) = await encounters([Attempt(evening.cast.sam, evening.door.id, reading, Source.TYPED, uuid4())])
        admitted = verdict(met.stop, None, met.ticket, met.now).admitted
        await everybody_looked.wait()
        await database.rows(
            "INSERT INTO scan (nonce, stop, session, booking, admitted) VALUES ($1, $2, $3, $4, $5)",
            uuid4(),
            evening.door.id,
            met.holder.session_id,
            met.holder.booking_id,
            admitted,
        )
        return admitted

    assert sum(await asyncio.gather(*(admit_without_claim() for _ in range(PHONES)))) == PHONES


async def test_two_doors_of_one_line_admit_a_ticket_once_even_at_the_same_time(evening):
    east = await make.stop(evening.event, name="东门")
    doors = [evening.door.id, east.id] * 5
    results = await asyncio.gather(
        *(admit(evening.cast.sam, door, evening.booking.code, Source.TYPED, uuid4()) for door in doors)
    )
    assert sum(each.admitted for each in results) == 1


async def test_each_stop_of_a_tour_admits_once(evening):
    second = await make.stop(evening.event, name="参观点", position=1)
    stops = [evening.door.id, second.id, second.id, evening.door.id]
    results = [await admit(evening.cast.sam, stop, evening.booking.code, Source.TYPED, uuid4()) for stop in stops]
    assert [each.admitted for each in results] == [True, True, False, False]
    assert [each.earlier_stop for each in results] == ["", "", "参观点", "入口"]


async def test_the_same_nonce_is_the_same_answer_and_one_row(evening):
    nonce = uuid4()
    ask = (evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, nonce)
    assert await admit(*ask) == await admit(*ask)
    assert await database.value("SELECT count(*) FROM scan") == 1


async def test_a_refused_scan_with_the_same_nonce_stays_what_it_was(evening):
    await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    ask = (evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    assert await admit(*ask) == await admit(*ask)
    assert await database.value("SELECT count(*) FROM scan") == 2


async def test_the_same_nonce_from_twenty_retries_at_once_is_one_admission(evening):
    ask = (evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    results = await asyncio.gather(*(admit(*ask) for _ in range(PHONES)))
    assert {(each.scan_id, each.admitted) for each in results} == {(results[0].scan_id, True)}
    assert await database.value("SELECT count(*) FROM scan") == 1


async def test_a_nonce_cannot_be_used_for_another_code_or_stop(evening):
    nonce = uuid4()
    await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, nonce)
    other = await make.stop(evening.event, name="参观点", position=1)
    for stop, code in ((evening.door.id, "7K3M9Q2WXD"), (other.id, evening.booking.code)):
        with pytest.raises(GateRefused) as refused:
            await admit(evening.cast.sam, stop, code, Source.TYPED, nonce)
        assert refused.value.reason is GateRefusal.NONCE_REUSED
    assert await database.value("SELECT count(*) FROM scan") == 1


@pytest.mark.parametrize(
    ("text", "source", "reason"),
    [
        ("", Source.CAMERA, Reason.NOT_OURS),
        ("", Source.TYPED, Reason.MALFORMED),
        ("7K3M9", Source.TYPED, Reason.MALFORMED),
        ("7K3M9-Q2WXD", Source.TYPED, Reason.UNKNOWN_TICKET),
        ("https://evil.example/?next=YT1:", Source.CAMERA, Reason.NOT_OURS),
        ("wxp://f2f0abcdefghijklmnop", Source.CAMERA, Reason.NOT_OURS),
        ("WIFI:T:WPA;S:campus;P:secret;;", Source.PHOTO, Reason.NOT_OURS),
        ("YT1:", Source.CAMERA, Reason.MALFORMED),
        ("YT1:" + "0" * 147, Source.CAMERA, Reason.UNKNOWN_VERSION),
        ("nul \0 and half a pair \ud83d", Source.CAMERA, Reason.NOT_OURS),
        ("x" * 4096, Source.KEYBOARD, Reason.NOT_OURS),
    ],
)
async def test_what_is_no_ticket_of_ours_is_refused_and_kept_on_record(evening, text, source, reason):
    result = await admit(evening.cast.sam, evening.door.id, text, source, uuid4())
    assert (result.admitted, result.reason, result.name, result.session_id) == (False, reason, "", None)
    assert (result.inside, result.expected) == (None, None)
    kept = await database.row("SELECT admitted, reason, source, code_read, staff FROM scan")
    expected = text.strip()[:200].replace("\0", "\ufffd").replace("\ud83d", "?")
    assert tuple(kept) == (False, reason, source, expected, evening.cast.sam.id)


async def test_a_changed_character_never_opens_and_never_fails(evening):
    qr = await evening.qr(evening.booking)
    for at in range(0, len(qr), 7):
        forged = qr[:at] + ("1" if qr[at] == "0" else "0") + qr[at + 1 :]
        result = await admit(evening.cast.sam, evening.door.id, forged, Source.CAMERA, uuid4())
        assert not result.admitted, at
    assert await database.value("SELECT count(*) FROM admission") == 0


async def test_a_ticket_of_another_event_shows_its_event_and_not_its_holder(evening):
    other = await make.session(await make.event(await make.programme(evening.cast.bureau.id), title="人才招聘会"))
    booking = await make.booking(other, evening.cast.bob)
    result = await admit(evening.cast.sam, evening.door.id, booking.code, Source.TYPED, uuid4())
    assert (result.admitted, result.reason, result.event_title) == (False, Reason.WRONG_EVENT, "人才招聘会")
    assert (result.name, result.college, result.inside, result.expected) == ("", "", None, None)


async def test_tomorrows_ticket_names_its_own_session(evening):
    tomorrow = await make.session(evening.event, starts_at=make.now() + timedelta(days=1))
    booking = await make.booking(tomorrow, evening.cast.bob)
    result = await admit(evening.cast.sam, evening.door.id, booking.code, Source.TYPED, uuid4())
    assert (result.reason, result.session_id, result.starts_at) == (
        Reason.WRONG_SESSION,
        tomorrow.id,
        tomorrow.starts_at,
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE booking SET state = 'cancelled'", Reason.CANCELLED),
        ("UPDATE booking SET state = 'on_leave'", Reason.ON_LEAVE),
        ("UPDATE booking SET state = 'declined'", Reason.DECLINED),
        ("UPDATE booking SET state = 'waitlisted'; DELETE FROM ticket", Reason.WAITLISTED),
        ("UPDATE booking SET state = 'applied'; DELETE FROM ticket", Reason.APPLIED),
        ("UPDATE ticket SET revoked_at = now()", Reason.REVOKED),
        ("DELETE FROM ticket", Reason.UNKNOWN_TICKET),
        ("UPDATE session SET state = 'cancelled'", Reason.EVENT_CANCELLED),
        ("UPDATE event SET state = 'cancelled'", Reason.EVENT_CANCELLED),
        ("UPDATE event SET state = 'postponed'", Reason.POSTPONED),
        ("UPDATE stop SET retired_at = now()", Reason.STOP_RETIRED),
        ("UPDATE ticket SET valid_until = now()", Reason.OVER),
        ("UPDATE ticket SET valid_from = now() + interval '1 minute'", Reason.NOT_YET),
    ],
)
async def test_what_changed_since_the_ticket_was_shown_counts(evening, change, reason):
    for statement in change.split(";"):
        await database.rows(statement)
    result = await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    assert (result.admitted, result.reason) == (False, reason)
    assert await database.value("SELECT count(*) FROM admission") == 0


async def test_a_cancellation_that_is_being_made_is_waited_for(evening):
    async with database.engine.pool.acquire() as connection:
        cancelling = connection.transaction()
        await cancelling.start()
        await connection.execute("UPDATE booking SET state = 'cancelled' WHERE id = $1", evening.booking.id)
        scan = asyncio.create_task(
            admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
        )
        await until_it_waits(scan)
        await cancelling.commit()
    result = await scan
    assert (result.admitted, result.reason) == (False, Reason.CANCELLED)
    assert await database.value("SELECT count(*) FROM admission") == 0


async def until_it_waits(task):
    """Returns when somebody in the database waits for a lock, or the task is done without."""
    while not task.done() and not await database.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass


async def test_petr_and_dora_cannot_scan_at_the_leagues_door(evening):
    for person in (evening.cast.petr, evening.cast.dora):
        with pytest.raises(NotFound):
            await admit(person, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    with pytest.raises(NotFound):
        await admit(evening.cast.sam, 99, evening.booking.code, Source.TYPED, uuid4())
    assert await database.value("SELECT count(*) FROM scan") == 0


async def test_device_time_is_kept_and_decides_nothing(evening):
    said = make.now() - timedelta(days=2)
    result = await admit(
        evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4(), device_time=said
    )
    assert result.admitted
    assert await database.value("SELECT device_time FROM scan") == said


async def test_a_scan_can_be_judged_as_of_another_moment(evening):
    then = evening.session.starts_at - timedelta(days=2)
    result = await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4(), as_of=then)
    assert (result.reason, result.at) == (Reason.NOT_YET, then)


async def test_who_went_out_is_out_and_may_come_back(evening):
    way_out = await make.stop(evening.event, name="出口", direction="out", counts=False)
    stops = [way_out, evening.door, way_out, way_out, evening.door, evening.door, way_out]
    results = [await admit(evening.cast.sam, stop.id, evening.booking.code, Source.TYPED, uuid4()) for stop in stops]
    assert [each.reason for each in results] == [
        Reason.NOT_IN,
        None,
        None,
        Reason.ALREADY_OUT,
        None,
        Reason.ALREADY_ADMITTED,
        None,
    ]
    assert [each.inside for each in results] == [0, 1, 0, 0, 1, 1, 0]
    assert (results[3].earlier_at, results[3].earlier_stop) == (results[2].at, "出口")
    assert results[5].earlier_at == results[4].at


async def test_twenty_phones_at_the_way_out_let_one_person_out_once(evening):
    way_out = await make.stop(evening.event, name="出口", direction="out", counts=False)
    await admit(evening.cast.sam, evening.door.id, evening.booking.code, Source.TYPED, uuid4())
    results = await asyncio.gather(
        *(admit(evening.cast.sam, way_out.id, evening.booking.code, Source.TYPED, uuid4()) for _ in range(PHONES))
    )
    assert sorted(str(each.reason) for each in results) == ["None", *["already_out"] * (PHONES - 1)]
