"""The answer to a scan, as a steward sees it."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events import database
from events.errors import NotFound
from events.gate.encounter import LINE, Encounter
from events.gate.rules import Direction, Reason
from events.people.masks import mask_name

CROWD: Final = 200  # confirmed bookings; from here on, counting with every scan would cost more than the scan
CROWD_COUNT_STAYS: Final = 1.0  # seconds that a crowd's count may be old


@dataclass(frozen=True, slots=True)
class ScanResult:
    """`name` is masked; it, `college` and `pools` are empty, and the counts None, for another event's ticket.

    `earlier_at`, `earlier_stop`: when and where this ticket passed before, if that is why it was refused. `inside` and
    `expected` count the ticket's session: who is through this line (for a way out: inside at all), of how many.
    """

    scan_id: int
    admitted: bool
    reason: Reason | None
    direction: Direction
    at: datetime
    name: str = ""
    college: str = ""
    pools: tuple[str, ...] = ()
    event_title: str = ""
    session_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    earlier_at: datetime | None = None
    earlier_stop: str = ""
    inside: int | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    inside: int
    expected: int


def result_of(scan_id: int, met: Encounter, reason: Reason | None, count: Tally | None) -> ScanResult:
    """The answer to a scan that was just written; `count` of the ticket's session, if the ticket is for here."""
    holder = met.holder
    basics = (scan_id, reason is None, reason, met.stop.direction, met.now)
    if holder is None:
        return ScanResult(*basics)
    occasion = (holder.event_title, holder.session_id, holder.starts_at, holder.ends_at)
    if count is None:
        return ScanResult(*basics, "", "", (), *occasion)
    earlier = met.earlier if reason in (Reason.ALREADY_ADMITTED, Reason.ALREADY_OUT) else None
    return ScanResult(
        *basics,
        mask_name(holder.name),
        holder.college,
        holder.pools,
        *occasion,
        earlier.at if earlier else None,
        earlier.stop if earlier else "",
        count.inside,
        count.expected,
    )


async def scan_result(scan_id: int) -> ScanResult:
    """The answer again, from the row alone: the same as the first time but for the two counts, which are today's."""
    found = await database.row(
        f"""SELECT scan.id, scan.admitted, scan.reason, stop.direction, scan.scanned_at,
                  student.name, student.college, event.id = stop.event AS ours, event.title,
                  ARRAY(SELECT name FROM pool WHERE id = ANY(booking.pools) AND choice <> ''
                         ORDER BY position) AS pools,
                  session.id AS session_id, session.starts_at, session.ends_at,
                  earlier.scanned_at AS earlier_at, coalesce(earlier.name, '') AS earlier_stop,
                  {LINE} AS line
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
    reason = Reason(found["reason"]) if found["reason"] else None
    basics = (found["id"], found["admitted"], reason, Direction(found["direction"]), found["scanned_at"])
    if found["session_id"] is None:
        return ScanResult(*basics)
    occasion = (found["title"], found["session_id"], found["starts_at"], found["ends_at"])
    if not found["ours"]:
        return ScanResult(*basics, "", "", (), *occasion)
    who = (mask_name(found["name"]), found["college"], tuple(found["pools"]))
    count = await tally(found["session_id"], found["line"])
    earlier = (found["earlier_at"], found["earlier_stop"])
    return ScanResult(*basics, *who, *occasion, *earlier, count.inside, count.expected)


_crowds: dict[tuple[int, int], tuple[float, Tally]] = {}


async def tally(session_id: int, line: int) -> Tally:
    """How many are inside now, and how many are expected: exact, or for a crowd up to a second old."""
    read_at, known = _crowds.get((session_id, line), (0.0, None))
    if known is not None and time.monotonic() - read_at < CROWD_COUNT_STAYS:
        return known
    found = await database.row(
        """SELECT (SELECT count(DISTINCT booking.id) FROM booking JOIN admission ON admission.booking = booking.id
                     JOIN stop AS way ON way.id = admission.stop
                     WHERE booking.session = $1 AND way.direction = 'in'
                       AND (stop.direction = 'out' OR way.position = stop.position)) AS inside,
                  (SELECT count(*) FROM booking WHERE session = $1 AND state = 'confirmed') AS expected
           FROM stop WHERE id = $2""",
        session_id,
        line,
    )
    counted = Tally(*found) if found else Tally(0, 0)
    if counted.expected >= CROWD:
        _crowds[session_id, line] = (time.monotonic(), counted)
    return counted
