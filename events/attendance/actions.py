"""Settling: after a session, each of its bookings gets its attendance, and gets it again when evidence comes late."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from events import database
from events.attendance.rules import SETTLE_AFTER, GoodScan, Outcome, SettleRefusal, SettleRefused, State, outcome
from events.errors import NotFound
from events.gate.rules import Direction, Hours, Source

LATE_EVIDENCE: Final = timedelta(
    days=60
)  # after the end: scans and undos of older sessions change nothing by themselves
# A statement that began before a settlement may commit after it, at most by the statement timeout.
STILL_COMMITTING: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Settled:
    """`changed`: rows that were not there before, are not any more, or say something else now."""

    session_id: int
    attended: int
    absent: int
    excused: int
    changed: int


@dataclass(frozen=True, slots=True)
class SessionToSettle:
    id: int
    hours: Hours
    cancelled: bool
    over: bool


async def settle_session(session_id: int, zone: str) -> Settled:
    """Makes the attendances of a session be what its scans amount to. Again is the same.

    `zone` is the IANA name of the zone in which the session's day is meant. A cancelled session has no attendance.
    Raises NotFound, SettleRefused(NOT_OVER) before its end.
    """
    async with database.transaction():
        session = await lock_session(session_id)
        if not session.over:
            raise SettleRefused(SettleRefusal.NOT_OVER)
        outcomes = {} if session.cancelled else await outcomes_of(session)
        changed = await drop_others(session_id, list(outcomes)) + await write(session_id, outcomes, zone)
        await database.rows("UPDATE session SET settled_at = now() WHERE id = $1", session_id)
    states = Counter(each.state for each in outcomes.values())
    return Settled(session_id, states[State.ATTENDED], states[State.ABSENT], states[State.EXCUSED], changed)


async def settle_due(zone: str, settle_after: timedelta = SETTLE_AFTER) -> list[Settled]:
    """Settles all sessions that ended longer than `settle_after` ago and are not settled, or not any more.

    One transaction for each; a session that another worker has in hand is left to it.
    """
    settled: list[Settled] = []
    while True:
        async with database.transaction():
            session_id = await next_due([each.session_id for each in settled], settle_after)
            if session_id is None:
                return settled
            settled.append(await settle_session(session_id, zone))


async def next_due(done: list[int], settle_after: timedelta) -> int | None:
    """A session with evidence newer than its settlement, locked; those in `done` had their turn."""
    due: int | None = await database.value(
        """SELECT session.id FROM session JOIN event ON event.id = session.event
           WHERE ends_at < now() - $2::interval AND session.id <> ALL($1::int[])
             AND 'postponed' NOT IN (session.state, event.state)
             AND (settled_at IS NULL OR ends_at > now() - $3::interval AND (
                 EXISTS (SELECT FROM scan WHERE scan.session = session.id AND scanned_at > settled_at - $4::interval)
                 OR EXISTS (SELECT FROM booking WHERE booking.session = session.id
                            AND changed_at > settled_at - $4::interval)))
           ORDER BY ends_at LIMIT 1 FOR NO KEY UPDATE OF session SKIP LOCKED""",
        done,
        settle_after,
        LATE_EVIDENCE,
        STILL_COMMITTING,
    )
    return due


async def lock_session(session_id: int) -> SessionToSettle:
    # Locked first, read afterwards: two settlements at once must not write over each other's newer evidence.
    await database.rows("SELECT id FROM session WHERE id = $1 FOR NO KEY UPDATE", session_id)
    found = await database.row(
        """SELECT session.id, starts_at, ends_at, ends_at <= now() AS over,
                  'cancelled' IN (session.state, event.state) AS cancelled
           FROM session JOIN event ON event.id = session.event WHERE session.id = $1""",
        session_id,
    )
    if found is None:
        raise NotFound
    return SessionToSettle(session_id, Hours(found["starts_at"], found["ends_at"]), found["cancelled"], found["over"])


async def outcomes_of(session: SessionToSettle) -> dict[int, Outcome]:
    """By booking: every confirmed one, and every one on leave."""
    bookings = await database.rows(
        "SELECT id, state FROM booking WHERE session = $1 AND state IN ('confirmed', 'on_leave')", session.id
    )
    scans = await database.rows(
        """SELECT scan.id, scan.booking, scan.scanned_at, scan.source, scan.undoes, stop.id AS stop, counts, direction
           FROM scan JOIN stop ON stop.id = scan.stop
           WHERE scan.session = $1 AND (admitted OR undoes IS NOT NULL) ORDER BY scanned_at, scan.id""",
        session.id,
    )
    undone = {each["undoes"] for each in scans}
    good: Mapping[int, list[GoodScan]] = defaultdict(list)
    for each in scans:
        if each["undoes"] is None:
            good[each["booking"]].append(as_good_scan(each))
    return {
        each["id"]: outcome(session.hours, good.get(each["id"], ()), undone, each["state"] == "on_leave")
        for each in bookings
    }


def as_good_scan(found: asyncpg.Record) -> GoodScan:
    direction, source = Direction(found["direction"]), Source(found["source"])
    at: datetime = found["scanned_at"]
    return GoodScan(found["id"], found["stop"], found["counts"], direction, source, at)


async def drop_others(session_id: int, booking_ids: list[int]) -> int:
    """Bookings that were cancelled after the settlement have no attendance any more."""
    gone = await database.rows(
        "DELETE FROM attendance WHERE session = $1 AND booking <> ALL($2::bigint[]) RETURNING id",
        session_id,
        booking_ids,
    )
    return len(gone)


async def write(session_id: int, outcomes: Mapping[int, Outcome], zone: str) -> int:
    """What is copied in stays as it was at the first settlement; what the scans say is brought up to date."""
    written = await database.rows(
        """INSERT INTO attendance (booking, session, student, programme, host, kind, college, day,
                                   state, evidence, minutes, stops)
           SELECT booking.id, session.id, student.id, event.programme, event.host, event.kind, student.college,
                  (session.starts_at AT TIME ZONE $2)::date, new.state, new.evidence, new.minutes, new.stops
           FROM unnest($3::bigint[], $4::text[], $5::text[], $6::int[], $7::smallint[])
                AS new (booking, state, evidence, minutes, stops)
           JOIN booking ON booking.id = new.booking JOIN student ON student.id = booking.student
           JOIN session ON session.id = booking.session JOIN event ON event.id = session.event
           WHERE session.id = $1
           ON CONFLICT (booking) DO UPDATE SET state = excluded.state, evidence = excluded.evidence,
               minutes = excluded.minutes, stops = excluded.stops, settled_at = excluded.settled_at
           WHERE (attendance.state, attendance.evidence, attendance.minutes, attendance.stops)
               IS DISTINCT FROM (excluded.state, excluded.evidence, excluded.minutes, excluded.stops)
           RETURNING booking""",
        session_id,
        zone,
        list(outcomes),
        [each.state.value for each in outcomes.values()],
        [each.evidence.value for each in outcomes.values()],
        [each.minutes for each in outcomes.values()],
        [each.stops for each in outcomes.values()],
    )
    return len(written)
