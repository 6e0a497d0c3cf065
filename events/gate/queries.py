"""The doors that a steward may open, and how a session fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from events import database
from events.errors import NotFound
from events.gate.rules import DOORS_CLOSE, DOORS_OPEN, Direction, Reason, Source
from events.people.masks import mask_name
from events.people.queries import MAY_SCAN, StaffMember

AHEAD: Final = timedelta(days=30)  # how far ahead a steward sees what they will scan
LATEST: Final = 20  # scans on the live view


@dataclass(frozen=True, slots=True)
class StopRow:
    """`scans`: how often a code was read there."""

    id: int
    name: str
    position: int
    counts: bool
    direction: Direction
    retired: bool
    scans: int


@dataclass(frozen=True, slots=True)
class StopNow:
    """A stop and the session that is on there, or the next one."""

    stop_id: int
    stop_name: str
    direction: Direction
    event_id: int
    event_title: str
    session_id: int
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class LatestScan:
    """`name` is masked, and empty when the code was nobody's or another event's."""

    scan_id: int
    at: datetime
    stop: str
    direction: Direction
    name: str
    college: str
    admitted: bool
    undone: bool
    reason: Reason | None
    source: Source


@dataclass(frozen=True, slots=True)
class LiveView:
    """`admitted` let in so far, `inside` and not gone since, of `expected` confirmed bookings."""

    session_id: int
    event_id: int
    event_title: str
    starts_at: datetime
    ends_at: datetime
    expected: int
    admitted: int
    inside: int
    refusals: Mapping[Reason, int]
    latest: tuple[LatestScan, ...]


async def stops_of(staff: StaffMember, event_id: int) -> list[StopRow]:
    """The event's stops in order, retired ones last. NotFound: no such event, or not theirs to scan."""
    host = await database.value("SELECT host FROM event WHERE id = $1", event_id)
    if host is None or not staff.may(MAY_SCAN, host):
        raise NotFound
    found = await database.rows(
        """SELECT id, name, position, counts, direction, retired_at IS NOT NULL AS retired,
                  (SELECT count(*) FROM scan WHERE scan.stop = stop.id) AS scans
           FROM stop WHERE event = $1 ORDER BY retired, position, id""",
        event_id,
    )
    return [StopRow(**{**each, "direction": Direction(each["direction"])}) for each in found]


async def stops_for(staff: StaffMember) -> list[StopNow]:
    """What this steward may scan: each stop once, with the session that is on or comes next; the soonest first."""
    found = await database.rows(
        """SELECT stop.id AS stop_id, stop.name AS stop_name, stop.direction, event.id AS event_id,
                  event.title AS event_title, session.id AS session_id, session.starts_at, session.ends_at,
                  coalesce(nullif(session.place, ''), event.place) AS place
           FROM event JOIN stop ON stop.event = event.id AND stop.retired_at IS NULL
           CROSS JOIN LATERAL (SELECT * FROM session WHERE session.event = event.id AND session.state = 'scheduled'
               AND session.ends_at + $2::interval > now() AND session.starts_at < now() + $3::interval
               ORDER BY starts_at LIMIT 1) AS session
           WHERE event.host = ANY($1::int[]) AND event.state = 'published'
           ORDER BY session.starts_at, event.id, stop.position, stop.id""",
        staff.departments(MAY_SCAN),
        DOORS_CLOSE,
        AHEAD,
    )
    return [StopNow(**{**each, "direction": Direction(each["direction"])}) for each in found]


async def live_view(staff: StaffMember, session_id: int, stop_id: int | None = None) -> LiveView:
    """How a session fills, at all its stops or at one. NotFound: no such session or stop, or not theirs to scan.

    What could not be read at these stops while the session was on is counted with its refusals.
    """
    session = await database.row(
        """SELECT session.id, session.event, event.title, event.host, starts_at, ends_at,
                  ARRAY(SELECT id FROM stop WHERE stop.event = event.id AND ($2::int IS NULL OR id = $2)) AS stops
           FROM session JOIN event ON event.id = session.event WHERE session.id = $1""",
        session_id,
        stop_id,
    )
    if session is None or not staff.may(MAY_SCAN, session["host"]) or not (session["stops"] or stop_id is None):
        raise NotFound
    counts = await database.row(
        """SELECT (SELECT count(*) FROM booking WHERE session = $1 AND state = 'confirmed') AS expected,
                  (SELECT count(DISTINCT scan.booking) FROM scan JOIN stop ON stop.id = scan.stop
                   WHERE scan.session = $1 AND stop.id = ANY($2) AND admitted AND direction = 'in'
                   AND NOT EXISTS (SELECT FROM scan AS undo WHERE undo.booking = scan.booking AND undo.undoes = scan.id)
                  ) AS admitted,
                  (SELECT count(DISTINCT admission.booking) FROM admission JOIN scan ON scan.id = admission.scan
                   JOIN stop ON stop.id = scan.stop JOIN booking ON booking.id = admission.booking
                   WHERE booking.session = $1 AND stop.id = ANY($2) AND direction = 'in') AS inside""",
        session_id,
        session["stops"],
    )
    assert counts is not None
    hours = (session["starts_at"], session["ends_at"])
    around = (hours[0] - DOORS_OPEN, hours[1] + DOORS_CLOSE)
    refusals = await refusals_of(session_id, session["stops"], *around)
    latest = await latest_of(session_id, session["stops"], *around)
    return LiveView(
        session_id,
        session["event"],
        session["title"],
        *hours,
        expected=counts["expected"],
        admitted=counts["admitted"],
        inside=counts["inside"],
        refusals=refusals,
        latest=latest,
    )


OF_SESSION: Final = """scan.stop = ANY($2::int[]) AND
    (scan.session = $1 OR scan.session IS NULL AND scan.scanned_at >= $3 AND scan.scanned_at < $4)"""


async def refusals_of(session_id: int, stops: list[int], since: datetime, until: datetime) -> dict[Reason, int]:
    found = await database.rows(
        f"""SELECT reason, count(*) AS n FROM scan WHERE {OF_SESSION} AND NOT admitted AND undoes IS NULL
            GROUP BY reason ORDER BY n DESC, reason""",
        session_id,
        stops,
        since,
        until,
    )
    return {Reason(each["reason"]): each["n"] for each in found}


async def latest_of(session_id: int, stops: list[int], since: datetime, until: datetime) -> tuple[LatestScan, ...]:
    found = await database.rows(
        f"""SELECT scan.id AS scan_id, scan.scanned_at AS at, stop.name AS stop, stop.direction,
                   coalesce(student.name, '') AS name, coalesce(student.college, '') AS college, scan.admitted,
                   EXISTS (SELECT FROM scan AS undo WHERE undo.booking = scan.booking AND undo.undoes = scan.id)
                       AS undone, scan.reason, scan.source
            FROM scan JOIN stop ON stop.id = scan.stop
            LEFT JOIN booking ON booking.id = scan.booking AND booking.session = $1
            LEFT JOIN student ON student.id = booking.student
            WHERE {OF_SESSION} AND scan.undoes IS NULL ORDER BY scan.id DESC LIMIT {LATEST}""",
        session_id,
        stops,
        since,
        until,
    )
    typed = [
        {
            "name": mask_name(each["name"]),
            "direction": Direction(each["direction"]),
            "reason": Reason(each["reason"]) if each["reason"] else None,
            "source": Source(each["source"]),
        }
        for each in found
    ]
    return tuple(LatestScan(**{**each, **shown}) for each, shown in zip(found, typed, strict=True))


async def admitted_at(booking_id: int) -> datetime | None:
    """When its holder came in, for the ticket page; None while they have not, or after it was undone."""
    found: datetime | None = await database.value(
        """SELECT min(admission.at) FROM admission JOIN stop ON stop.id = admission.stop
           WHERE admission.booking = $1 AND stop.direction = 'in'""",
        booking_id,
    )
    return found
