"""Readings met by what the database knows: all that verdicts and answers need, in one statement for any number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from events import database
from events.gate.reading import Reading
from events.gate.rules import Direction, Hours, Source, StopFacts, TicketStanding
from events.people.queries import StaffMember

NEARBY: Final = timedelta(days=1)  # other sessions further away than this cannot be on now; see rules.Hours

# All doors of one line share position and direction; the lowest id stands for the line.
LINE: Final = """(SELECT min(door.id) FROM stop AS door WHERE door.event = stop.event
    AND door.position = stop.position AND door.direction = stop.direction)"""

# LIMIT keeps the planner to index lookups for each attempt, whatever it believes about the sizes of tables. The inner
# SELECT hides how long the arrays are: seeing it, PostgreSQL would plan the whole join anew for every scan.
LOOK: Final = f"""SELECT met.* FROM unnest((SELECT $1::int[]), $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[])
        WITH ORDINALITY AS asked (stop, ticket, code, nonce, as_of, place)
    LEFT JOIN LATERAL (
        SELECT moment.now, gate.host, stop.event AS stop_event, stop.direction, stop.retired_at IS NOT NULL AS retired,
               line.id AS line, (SELECT id FROM scan WHERE scan.nonce = asked.nonce) AS same_nonce,
               booking.id AS booking_id, booking.session AS session_id, booking.state AS booking_state,
               student.name, student.college,
               ARRAY(SELECT name FROM pool WHERE id = ANY(booking.pools) AND choice <> '' ORDER BY position) AS pools,
               event.id AS event_id, event.title AS event_title, event.state AS event_state,
               session.state AS session_state, session.starts_at, session.ends_at,
               ticket.id IS NOT NULL AS issued, ticket.revoked_at IS NOT NULL AS revoked,
               coalesce(ticket.valid_from, session.starts_at) AS valid_from,
               coalesce(ticket.valid_until, session.ends_at) AS valid_until,
               others.starts AS others_start, others.ends AS others_end,
               held.inside, held.passed_at, held.passed_stop, held.left_at, held.left_stop
        FROM stop JOIN event AS gate ON gate.id = stop.event
        CROSS JOIN (SELECT coalesce(asked.as_of, now()) AS now) AS moment
        CROSS JOIN LATERAL (SELECT {LINE} AS id) AS line
        LEFT JOIN booking ON booking.id = coalesce(
            (SELECT ticket.booking FROM ticket WHERE ticket.id = asked.ticket),
            (SELECT known.id FROM booking AS known WHERE known.code = asked.code))
        LEFT JOIN ticket ON ticket.booking = booking.id
        LEFT JOIN student ON student.id = booking.student
        LEFT JOIN session ON session.id = booking.session
        LEFT JOIN event ON event.id = session.event
        LEFT JOIN LATERAL (
            SELECT array_agg(starts_at) AS starts, array_agg(ends_at) AS ends FROM session AS other
            WHERE other.event = event.id AND other.id <> session.id AND other.state = 'scheduled'
              AND other.starts_at < now + $6::interval AND other.ends_at > now - $6::interval) AS others ON true
        LEFT JOIN LATERAL (
            SELECT bool_or(way.direction = 'in') AS inside,
                   max(admission.at) FILTER (WHERE way.id = line.id) AS passed_at,
                   max(door.name) FILTER (WHERE way.id = line.id) AS passed_stop,
                   max(admission.at) FILTER (WHERE way.direction = 'out') AS left_at,
                   (array_agg(door.name ORDER BY admission.at DESC)
                       FILTER (WHERE way.direction = 'out'))[1] AS left_stop
            FROM admission JOIN stop AS way ON way.id = admission.stop
            JOIN scan ON scan.id = admission.scan JOIN stop AS door ON door.id = scan.stop
            WHERE admission.booking = booking.id) AS held ON true
        WHERE stop.id = asked.stop LIMIT 1) AS met ON true
    ORDER BY asked.place"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reading at one stop, and who made it."""

    staff: StaffMember
    stop_id: int
    reading: Reading
    source: Source
    nonce: UUID
    device_time: datetime | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The scan that let this ticket through before."""

    at: datetime
    stop: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose ticket it is and for what. `name` is whole; `pools` are the chosen ones, such as a coach."""

    booking_id: int
    session_id: int
    event_id: int
    name: str
    college: str
    pools: tuple[str, ...]
    event_title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Encounter:
    """`line`: the stop that stands for its line. `same_nonce`: the scan that already bears this nonce.

    `holder` is None for a code that nobody holds; `ticket` is also None if a confirmed booking's ticket is missing.
    """

    now: datetime
    host: int
    stop: StopFacts
    line: int
    same_nonce: int | None
    ticket: TicketStanding | None
    holder: Holder | None
    earlier: Earlier | None


async def encounters(attempts: Sequence[Attempt]) -> list[Encounter | None]:
    """One for each attempt, in order; None where there is no such stop."""
    found = await database.rows(
        LOOK,
        [each.stop_id for each in attempts],
        [each.reading.ticket_id for each in attempts],
        [each.reading.short_code for each in attempts],
        [each.nonce for each in attempts],
        [each.as_of for each in attempts],
        NEARBY,
    )
    return [as_encounter(each) if each["host"] is not None else None for each in found]


def as_encounter(found: asyncpg.Record) -> Encounter:
    direction = Direction(found["direction"])
    return Encounter(
        found["now"],
        found["host"],
        StopFacts(found["stop_event"], direction, found["retired"]),
        found["line"],
        found["same_nonce"],
        as_ticket(found),
        as_holder(found),
        as_earlier(found, direction),
    )


def as_ticket(found: asyncpg.Record) -> TicketStanding | None:
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
        passed=found["passed_at"] is not None,
        inside=bool(found["inside"]),
        left=found["left_at"] is not None,
    )


def as_holder(found: asyncpg.Record) -> Holder | None:
    if found["booking_id"] is None:
        return None
    return Holder(
        found["booking_id"],
        found["session_id"],
        found["event_id"],
        found["name"],
        found["college"],
        tuple(found["pools"]),
        found["event_title"],
        found["starts_at"],
        found["ends_at"],
    )


def as_earlier(found: asyncpg.Record, direction: Direction) -> Earlier | None:
    of = "passed" if direction is Direction.IN else "left"
    return Earlier(found[f"{of}_at"], found[f"{of}_stop"]) if found[f"{of}_at"] is not None else None
