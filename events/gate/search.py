"""The way in for somebody without a ticket at hand: a steward finds them by name or number, and it is written down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events import database
from events.catalogue.actions.hold import record
from events.errors import Fault, Invalid, NotFound
from events.gate.encounter import LINE
from events.gate.rules import DOORS_CLOSE
from events.people.masks import mask_name, mask_student_number
from events.people.names import BadText, clean_line, half_width
from events.people.queries import MAY_SCAN, StaffMember

SHORTEST: Final = 2  # characters; one would list every 王
LONGEST: Final = 40
MOST_FOUND: Final = 10


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """`code` is for `admit(..., Source.SEARCH, ...)`. Name and number are masked. `passed_at`: through this line."""

    code: str
    name: str
    number: str
    college: str
    class_name: str
    session_id: int
    starts_at: datetime
    passed_at: datetime | None


async def find_tickets(staff: StaffMember, stop_id: int, text: str) -> list[FoundTicket]:
    """At most ten confirmed bookings of this stop's event whose holder's name or number contains `text`.

    Sessions that are on or to come, the soonest first. Each search is in the audit. Raises NotFound, and
    Invalid({"text": …}) for fewer than 2 or more than 40 characters.
    """
    wanted = wanted_text(text)
    event = await database.row(
        "SELECT event.id, event.host FROM stop JOIN event ON event.id = stop.event WHERE stop.id = $1", stop_id
    )
    if event is None or not staff.may(MAY_SCAN, event["host"]):
        raise NotFound
    async with database.transaction():
        found = await search(stop_id, wanted)
        await record(
            staff, "gate.search", f"event:{event['id']}", {"stop": stop_id, "text": wanted, "found": len(found)}
        )
    return found


def wanted_text(text: str) -> str:
    try:
        wanted = half_width(clean_line(text, most=LONGEST))
    except BadText:
        raise Invalid({"text": Fault.TOO_LONG if len(text) > LONGEST else Fault.BAD_CHARACTER}) from None
    if len(wanted) < SHORTEST:
        raise Invalid({"text": Fault.TOO_SHORT})
    return wanted


async def search(stop_id: int, wanted: str) -> list[FoundTicket]:
    found = await database.rows(
        f"""SELECT booking.code, student.name, coalesce(student.number, '') AS number, student.college,
                   student.class_name, session.id AS session_id, session.starts_at, admission.at AS passed_at
            FROM stop JOIN session ON session.event = stop.event AND session.ends_at + $3::interval > now()
            JOIN booking ON booking.session = session.id AND booking.state = 'confirmed'
            JOIN student ON student.id = booking.student
            LEFT JOIN admission ON admission.booking = booking.id AND admission.stop = {LINE}
            WHERE stop.id = $1 AND (strpos(student.name, $2) > 0 OR strpos(student.number, $2) > 0)
            ORDER BY session.starts_at, student.name, booking.id LIMIT {MOST_FOUND}""",
        stop_id,
        wanted,
        DOORS_CLOSE,
    )
    masked = [{"name": mask_name(each["name"]), "number": mask_student_number(each["number"])} for each in found]
    return [FoundTicket(**{**each, **shown}) for each, shown in zip(found, masked, strict=True)]
