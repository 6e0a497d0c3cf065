"""What a gate sees: one reading, one answer, the doors that a steward may open, and how a session fills."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from events import database
from events.errors import NotFound
from events.gate.reading import Reading
from events.gate.rules import DOORS_CLOSE, Direction, Hours, Reason, StopFacts, TicketStanding
from events.people.masks import mask_name
from events.people.queries import MAY_SCAN, StaffMember

NEARBY: Final = timedelta(days=1)  # other sessions further away than this cannot be on now; see rules.Hours
AHEAD: Final = timedelta(days=30)  # how far ahead a steward sees the sessions that they will scan
LATEST: Final = 20  # scans shown on the live view

# All doors of one line share position and direction; the lowest id stands for the line.
LINE: Final = """(SELECT min(door.id) FROM stop AS door WHERE door.event = stop.event
    AND door.position = stop.position AND door.direction = stop.direction)"""


@dataclass(frozen=True, slots=True)
class Encounter:
    """One reading met by what the database knows. `same_nonce`: the scan that already bears this nonce."""

    now: datetime
    host: int
    stop: StopFacts
    line: int
    same_nonce: int | None
    booking_id: int | None
    session_id: int | None
    ticket: TicketStanding | None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the steward is shown. `name` is masked, and with `college` and `pools` empty for other events' tickets.

    `earlier_at`, `earlier_stop`: of the scan that let this ticket through before. `inside` and `expected` count the
    ticket's session: who is through this line now, or inside at all for a way out, of how many confirmed bookings.
    """

    scan_id: int
    admitted: bool
    reason: Reason | None
    direction: Direction
    at: datetime
    name: str
    college: str
    pools: tuple[str, ...]
    event_title: str
    session_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    earlier_at: datetime | None
    earlier_stop: str
    inside: int | None
    expected: int | None


async def encounter(
    stop_id: int, reading: Reading, nonce: UUID | None = None, as_of: datetime | None = None
) -> Encounter:
    """Everything a verdict needs, in one statement. NotFound: no such stop."""
    found = await database.row(
        f"""SELECT coalesce($5, now()) AS now, gate.host, stop.event AS stop_event, stop.direction,
                   stop.retired_at IS NOT NULL AS retired, {LINE} AS line,
                   (SELECT id FROM scan WHERE nonce = $4) AS same_nonce,
                   booking.id AS booking_id, booking.session AS session_id, booking.state AS booking_state,
                   event.id AS event_id, event.state AS event_state, session.state AS session_state,
                   session.starts_at, session.ends_at,
                   ticket.id IS NOT NULL AS issued, ticket.revoked_at IS NOT NULL AS revoked,
                   coalesce(ticket.valid_from, session.starts_at) AS valid_from,
                   coalesce(ticket.valid_until, session.ends_at) AS valid_until,
                   others.starts AS others_start, others.ends AS others_end, held.passed, held.inside, held.gone
            FROM stop JOIN event AS gate ON gate.id = stop.event
            LEFT JOIN booking ON booking.id = coalesce(
                (SELECT booking FROM ticket WHERE id = $2), (SELECT id FROM booking WHERE code = $3))
            LEFT JOIN ticket ON ticket.booking = booking.id
            LEFT JOIN session ON session.id = booking.session
            LEFT JOIN event ON event.id = session.event
            LEFT JOIN LATERAL (
                SELECT array_agg(starts_at) AS starts, array_agg(ends_at) AS ends FROM session AS other
                WHERE other.event = event.id AND other.id <> session.id AND other.state = 'scheduled'
                  AND other.starts_at < coalesce($5, now()) + $6::interval
                  AND other.ends_at > coalesce($5, now()) - $6::interval) AS others ON true
            LEFT JOIN LATERAL (
                SELECT bool_or(way.id = {LINE}) AS passed, bool_or(way.direction = 'in') AS inside,
                       bool_or(way.direction = 'out') AS gone
                FROM admission JOIN stop AS way ON way.id = admission.stop
                WHERE admission.booking = booking.id) AS held ON true
            WHERE stop.id = $1""",
        stop_id,
        reading.ticket_id,
        reading.short_code,
        nonce,
        as_of,
        NEARBY,
    )
    if found is None:
        raise NotFound
    return Encounter(
        found["now"],
        found["host"],
        StopFacts(found["stop_event"], Direction(found["direction"]), found["retired"]),
        found["line"],
        found["same_nonce"],
        found["booking_id"],
        found["session_id"],
        ticket_standing(found),
    )


def ticket_standing(found: asyncpg.Record) -> TicketStanding | None:
    """None for an unknown code, and for a confirmed booking whose ticket is missing."""
    if found["booking_id"] is None or (found["booking_state"] == "confirmed" and not found["issued"]):
        return None
    others = zip(found["others_start"] or (), found["others_end"] or (), strict=True)
    return TicketStanding(
        event_id=found["event_id"],
        event_state=found["event_state"],
        session_state=found["session_state"],
        booking_state=found["booking_state"],
        revoked=found["revoked"],
        valid_from=found["valid_from"],
        valid_until=found["valid_until"],
        hours=Hours(found["starts_at"], found["ends_at"]),
        others=[Hours(starts, ends) for starts, ends in others],
        passed=bool(found["passed"]),
        inside=bool(found["inside"]),
        left=bool(found["gone"]),
    )


async def scan_result(scan_id: int) -> ScanResult:
    """The answer to a scan, made from its row: asked again, it says the same but for the two counts."""
    found = await database.row(
        """SELECT scan.id AS scan_id, scan.admitted, scan.reason, stop.direction, scan.scanned_at AS at,
                  student.name, student.college, event.id = stop.event AS ours, event.title AS event_title,
                  ARRAY(SELECT name FROM pool WHERE id = ANY(booking.pools) AND choice <> '' ORDER BY position) AS pools,
                  session.id AS session_id, session.starts_at, session.ends_at,
                  earlier.scanned_at AS earlier_at, earlier.name AS earlier_stop,
                  (SELECT count(DISTINCT inner_booking.id) FROM booking AS inner_booking
                     JOIN admission ON admission.booking = inner_booking.id JOIN stop AS way ON way.id = admission.stop
                     WHERE inner_booking.session = session.id AND way.direction = 'in'
                       AND (stop.direction = 'out' OR way.position = stop.position)) AS inside,
                  (SELECT count(*) FROM booking AS due WHERE due.session = session.id AND due.state = 'confirmed')
                      AS expected
           FROM scan JOIN stop ON stop.id = scan.stop
           LEFT JOIN booking ON booking.id = scan.booking LEFT JOIN student ON student.id = booking.student
           LEFT JOIN session ON session.id = booking.session LEFT JOIN event ON event.id = session.event
           LEFT JOIN LATERAL (
               SELECT good.scanned_at, way.name FROM scan AS good JOIN stop AS way ON way.id = good.stop
               WHERE good.booking = scan.booking AND good.admitted AND good.id < scan.id
                 AND way.direction = stop.direction AND (way.direction = 'out' OR way.position = stop.position)
               ORDER BY good.id DESC LIMIT 1) AS earlier ON scan.reason IN ('already_admitted', 'already_out')
           WHERE scan.id = $1""",
        scan_id,
    )
    if found is None:
        raise NotFound
    return as_result(dict(found))


def as_result(found: dict[str, Any]) -> ScanResult:
    ours = found.pop("ours")
    shown = {
        "name": mask_name(found["name"]) if ours else "",
        "college": found["college"] if ours else "",
        "pools": tuple(found["pools"]) if ours else (),
        "inside": found["inside"] if ours else None,
        "expected": found["expected"] if ours else None,
        "reason": Reason(found["reason"]) if found["reason"] else None,
        "direction": Direction(found["direction"]),
        "event_title": found["event_title"] or "",
        "earlier_stop": found["earlier_stop"] or "",
    }
    return ScanResult(**{**found, **shown})
