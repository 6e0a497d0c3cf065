"""Settling is the scans' sum, whoever does it, however often."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from events import database
from events.attendance.actions import Settled, settle_due, settle_session
from events.attendance.queries import attendance_of
from events.attendance.rules import SETTLE_AFTER, Evidence, SettleRefusal, SettleRefused, State
from events.errors import NotFound
from events.gate.actions import admit, undo
from events.gate.rules import GateRefused, Source
from tests import make
from tests.events.attendance.conftest import ZONE


async def states() -> dict[int, str]:
    return {each["booking"]: each["state"] for each in await database.rows("SELECT booking, state FROM attendance")}


async def test_alice_came_bob_did_not_and_mei_was_on_leave(past):
    alice = await make.booking(past.session, past.cast.alice)
    bob = await make.booking(past.session, past.cast.bob)
    mei = await make.booking(past.session, past.cast.mei, state="on_leave")
    await make.booking(past.session, await make.student(), state="cancelled")
    await past.scan(alice, 5)
    await past.scan(alice, 125, past.way_out)
    assert await settle_session(past.session.id, ZONE) == Settled(past.session.id, 1, 1, 1, changed=3)
    assert await states() == {alice.id: "attended", bob.id: "absent", mei.id: "excused"}
    (seen,) = await attendance_of(past.cast.alice.id)
    assert (seen.title, seen.state, seen.evidence, seen.minutes, seen.stops) == (
        "河道清洁",
        State.ATTENDED,
        Evidence.LIVE,
        120,
        1,
    )
    assert await attendance_of(past.cast.olga.id + 99) == []


async def test_what_it_was_on_the_day_is_copied_in_and_stays(past):
    booking = await make.booking(past.session, past.cast.alice)
    await past.scan(booking, 5, source=Source.SEARCH)
    await settle_session(past.session.id, ZONE)
    before = await database.row("SELECT * FROM attendance")
    copied = {key: before[key] for key in ("session", "student", "programme", "host", "kind", "college", "evidence")}
    assert copied == {
        "session": past.session.id,
        "student": past.cast.alice.id,
        "programme": past.event.programme,
        "host": past.cast.league.id,
        "kind": "volunteer",
        "college": "信息工程学院",
        "evidence": "manual",
    }
    await database.rows("UPDATE student SET college = '商学院'")
    assert (await settle_session(past.session.id, ZONE)).changed == 0
    assert await database.row("SELECT * FROM attendance") == before


@pytest.mark.parametrize(
    ("starts", "zone", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "Asia/Shanghai", date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "Asia/Shanghai", date(2026, 3, 2)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "UTC", date(2026, 3, 1)),
    ],
)
async def test_the_day_is_the_day_of_its_beginning_where_it_was(cast, starts, zone, day):
    session = await make.session(starts_at=starts, opens_at=starts - timedelta(days=7))
    await make.booking(session, cast.alice)
    await settle_session(session.id, zone)
    assert await database.value("SELECT day FROM attendance") == day


async def test_a_session_that_is_still_on_is_not_settled(cast):
    session = await make.session()
    with pytest.raises(SettleRefused) as refused:
        await settle_session(session.id, ZONE)
    assert refused.value.reason is SettleRefusal.NOT_OVER
    with pytest.raises(NotFound):
        await settle_session(99, ZONE)


async def test_a_cancelled_session_has_no_attendance_even_if_it_had(past):
    booking = await make.booking(past.session, past.cast.alice)
    await past.scan(booking, 5)
    await settle_session(past.session.id, ZONE)
    await database.rows("UPDATE session SET state = 'cancelled'")
    assert await settle_session(past.session.id, ZONE) == Settled(past.session.id, 0, 0, 0, changed=1)
    assert await states() == {}


async def test_a_booking_cancelled_afterwards_has_no_attendance(past):
    alice, bob = [await make.booking(past.session, each) for each in (past.cast.alice, past.cast.bob)]
    await settle_session(past.session.id, ZONE)
    await database.rows("UPDATE booking SET state = 'cancelled', changed_at = now() WHERE id = $1", alice.id)
    (settled,) = await settle_due(ZONE)
    assert (settled.changed, await states()) == (1, {bob.id: "absent"})


@pytest.mark.parametrize(("minutes", "due"), [(29, False), (31, True)])
async def test_half_an_hour_after_the_end_and_not_before(past, minutes, due):
    await database.rows("UPDATE session SET ends_at = now() - make_interval(mins => $1)", minutes)
    assert [each.session_id for each in await settle_due(ZONE)] == [past.session.id] * due
    assert timedelta(minutes=30) == SETTLE_AFTER


async def test_postponed_sessions_wait(past):
    await database.rows("UPDATE event SET state = 'postponed'")
    assert await settle_due(ZONE) == []


async def test_what_is_settled_is_left_alone_until_new_evidence_comes(past):
    alice, bob = [await make.booking(past.session, each) for each in (past.cast.alice, past.cast.bob)]
    first = await past.scan(alice, 5)
    assert [each.attended for each in await settle_due(ZONE)] == [1]
    await an_hour_passes()
    assert await settle_due(ZONE) == []
    late = await admit(past.cast.sam, past.door.id, bob.code, Source.TYPED, uuid4())
    assert late.admitted
    assert [each.attended for each in await settle_due(ZONE)] == [2]
    await an_hour_passes()
    await database.rows("UPDATE scan SET scanned_at = now() WHERE id = $1", first.scan_id)
    await undo(past.cast.sam, first.scan_id)
    assert [(each.attended, each.changed) for each in await settle_due(ZONE)] == [(1, 1)]
    assert await states() == {alice.id: "absent", bob.id: "attended"}


async def an_hour_passes():
    """As seen from the rows: everything that was settled or scanned so far is an hour older."""
    await database.rows("UPDATE session SET settled_at = settled_at - interval '1 hour'")
    await database.rows("UPDATE scan SET scanned_at = scanned_at - interval '1 hour'")
    await database.rows("UPDATE booking SET changed_at = changed_at - interval '1 day'")


async def test_a_scan_that_was_still_committing_is_not_missed(past):
    """Its time is before the settlement, its row became visible after."""
    booking = await make.booking(past.session, past.cast.alice)
    await settle_due(ZONE)
    scan = await admit(past.cast.sam, past.door.id, booking.code, Source.TYPED, uuid4())
    await database.rows("UPDATE session SET settled_at = $1::timestamptz + interval '20 seconds'", scan.at)
    assert [each.attended for each in await settle_due(ZONE)] == [1]


async def test_two_workers_share_the_work_and_neither_waits(past):
    sessions = [past.session]
    for _ in range(5):
        starts = make.now() - timedelta(days=1)
        sessions.append(await make.session(past.event, starts_at=starts, opens_at=starts - timedelta(days=7)))
    both = await asyncio.gather(settle_due(ZONE), settle_due(ZONE))
    assert {each.session_id for each in both[0] + both[1]} == {each.id for each in sessions}
    assert await database.value("SELECT count(*) FROM session WHERE settled_at IS NULL") == 0


async def test_a_session_in_another_workers_hands_is_passed_over(past):
    async with database.engine.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT id FROM session WHERE id = $1 FOR NO KEY UPDATE", past.session.id)
        assert await settle_due(ZONE) == []
    assert [each.session_id for each in await settle_due(ZONE)] == [past.session.id]


async def test_settled_many_times_at_once_it_is_settled_once(past):
    booking = await make.booking(past.session, past.cast.alice)
    await past.scan(booking, 5)
    results = await asyncio.gather(*(settle_session(past.session.id, ZONE) for _ in range(6)))
    assert sorted(each.changed for each in results) == [0, 0, 0, 0, 0, 1]
    assert await states() == {booking.id: "attended"}


@pytest.mark.parametrize("seed", range(6))
async def test_attendance_equals_a_recount_from_the_scans(past, seed):
    """A random evening at four stops, with undos, settled twice on the way; counted again the slow way."""
    chance = random.Random(seed)
    second = await make.stop(past.event, name="参观点", position=2)
    silent = await make.stop(past.event, name="点名", position=3, counts=False)
    stops = [past.door, second, silent, past.way_out]
    bookings = [
        await make.booking(
            past.session, await make.student(), state=chance.choice(["confirmed", "confirmed", "on_leave"])
        )
        for _ in range(8)
    ]
    scans = []
    for step in range(60):
        if scans and chance.random() < 0.2:
            await try_to_undo(past, chance.choice(scans))
        else:
            source = chance.choice(list(Source))
            scans.append(await past.scan(chance.choice(bookings), step * 2, chance.choice(stops), source))
        if step in (20, 40):
            await settle_session(past.session.id, ZONE)
    await settle_session(past.session.id, ZONE)
    assert await settled_rows() == await recounted_rows(past)


async def try_to_undo(past, scan):
    await database.rows("UPDATE scan SET scanned_at = now() WHERE id = $1", scan.scan_id)
    try:
        await undo(past.cast.sam, scan.scan_id)
    except GateRefused:
        assert not scan.admitted
    await database.rows("UPDATE scan SET scanned_at = $2 WHERE id = $1", scan.scan_id, scan.at)


async def settled_rows() -> dict[int, tuple]:
    found = await database.rows("SELECT booking, state, evidence, minutes, stops FROM attendance")
    return {each["booking"]: tuple(each)[1:] for each in found}


async def recounted_rows(past) -> dict[int, tuple]:
    """Row by row and minute by minute, sharing nothing with the rule."""
    scans = [dict(each) for each in await database.rows("SELECT * FROM scan ORDER BY scanned_at, id")]
    stops = {each["id"]: dict(each) for each in await database.rows("SELECT * FROM stop")}
    dead = {each["undoes"] for each in scans}
    rows = {}
    for booking in await database.rows("SELECT id, state FROM booking"):
        good = [
            each for each in scans if each["booking"] == booking["id"] and each["admitted"] and each["id"] not in dead
        ]
        counting = [each for each in good if stops[each["stop"]]["counts"]]
        if not counting:
            rows[booking["id"]] = ("excused" if booking["state"] == "on_leave" else "absent", "", None, 0)
            continue
        by_code = Counter(each["source"] != "search" for each in counting)[True]
        visited = len({each["stop"] for each in counting})
        rows[booking["id"]] = ("attended", "live" if by_code else "manual", minutes_inside(past, good, stops), visited)
    return rows


def minutes_inside(past, good, stops) -> int | None:
    start, end = past.session.starts_at, past.session.ends_at
    inside_since, minutes, seen_out = None, 0, False
    for each in good:
        stop, minute = stops[each["stop"]], int((each["scanned_at"] - start).total_seconds()) // 60
        if stop["direction"] == "in" and stop["counts"] and inside_since is None:
            inside_since = minute
        if stop["direction"] == "out" and inside_since is not None:
            last = int((end - start).total_seconds()) // 60
            minutes += sum(0 <= each_minute < last for each_minute in range(inside_since, minute))
            inside_since, seen_out = None, True
    return minutes if seen_out else None


async def test_a_thousand_bookings_settle_together(past):
    await database.rows(
        """INSERT INTO student (school, number, name)
           SELECT '宁波大学科学技术学院', 'n' || n, '王小燕' FROM generate_series(1, 1000) AS n"""
    )
    await database.rows(
        """INSERT INTO booking (code, session, student, state)
           SELECT 'C' || id, $1, id, 'confirmed' FROM student WHERE number LIKE 'n%'""",
        past.session.id,
    )
    await database.rows(
        """INSERT INTO scan (nonce, stop, session, booking, admitted, source, scanned_at)
           SELECT gen_random_uuid(), $1, session, id, true, 'camera', $2 FROM booking WHERE id % 4 > 0""",
        past.door.id,
        past.session.starts_at,
    )
    assert await settle_session(past.session.id, ZONE) == Settled(past.session.id, 750, 250, 0, changed=1000)
