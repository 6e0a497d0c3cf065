"""What the demo holds for a picture: ids by the names that addresses have for them."""

from collections.abc import Mapping

from events import database
from events.people.links import CANT_GO, sign_link
from tests.screens.house import SECRET

Picks = Mapping[str, int | str]

# Each is one value; $1 is the demo's own student.
STUDENT = {
    "event_id": """SELECT event FROM session JOIN pool ON pool.session = session.id WHERE opens_at < now()
        AND closes_at > now() AND session.state = 'scheduled' GROUP BY event, session.id
        HAVING bool_and(taken < capacity) AND count(*) > 1
        AND NOT EXISTS (SELECT FROM booking JOIN session own ON own.id = session WHERE student = $1 AND own.event =
        session.event) ORDER BY count(*) DESC, event LIMIT 1""",
    "session_id": """SELECT session.id FROM session JOIN pool ON pool.session = session.id WHERE opens_at < now()
        AND closes_at > now() AND session.state = 'scheduled' GROUP BY event, session.id
        HAVING bool_and(taken < capacity) AND count(*) > 1
        AND NOT EXISTS (SELECT FROM booking JOIN session own ON own.id = session WHERE student = $1 AND own.event =
        session.event) ORDER BY count(*) DESC, event LIMIT 1""",
    "code": """SELECT code FROM booking JOIN session ON session.id = session WHERE student = $1
        AND booking.state = 'confirmed' AND starts_at > now() ORDER BY starts_at LIMIT 1""",
    "past_code": """SELECT code FROM booking JOIN session ON session.id = session WHERE student = $1
        AND booking.state = 'confirmed' AND ends_at < now() ORDER BY starts_at DESC LIMIT 1""",
    "cancelled_code": """SELECT code FROM booking WHERE student = $1 AND state = 'cancelled' LIMIT 1""",
    "booking_id": """SELECT booking.id FROM booking JOIN session ON session.id = session WHERE student = $1
        AND booking.state = 'confirmed' AND cancel_until > now() ORDER BY starts_at LIMIT 1""",
    "full_event_id": """SELECT event FROM session JOIN pool ON pool.session = session.id WHERE closes_at > now()
        AND opens_at < now() GROUP BY event, session.id HAVING bool_and(taken = capacity) LIMIT 1""",
    "later_event_id": """SELECT event FROM session WHERE opens_at > now() AND state = 'scheduled'
        ORDER BY opens_at LIMIT 1""",
    "open_event_id": "SELECT id FROM event WHERE NOT needs_booking AND state = 'published' LIMIT 1",
    "cancelled_event_id": "SELECT id FROM event WHERE state = 'cancelled' LIMIT 1",
    "postponed_event_id": "SELECT id FROM event WHERE state = 'postponed' LIMIT 1",
}
# $1 is the department whose event has the most to show.
ORGANIZER = {
    "event_id": """SELECT event.id FROM event JOIN session ON session.event = event.id JOIN booking ON session =
        session.id WHERE host = $1 AND starts_at > now() GROUP BY event.id ORDER BY count(*) DESC LIMIT 1""",
    "programme_id": "SELECT programme FROM event WHERE host = $1 ORDER BY id LIMIT 1",
    "stop_id": """SELECT stop.id FROM stop JOIN event ON event.id = event JOIN session ON session.event = event.id
        WHERE host = $1 ORDER BY abs(extract(epoch FROM starts_at - now())) LIMIT 1""",
    "import_id": "SELECT id FROM roster_import WHERE applied_at IS NULL ORDER BY id DESC LIMIT 1",
    "applied_import_id": "SELECT id FROM roster_import WHERE applied_at IS NOT NULL ORDER BY id LIMIT 1",
}
OF_EVENT = {
    "session_id": """SELECT session.id FROM session JOIN booking ON session = session.id WHERE event = $1 AND
        starts_at > now() GROUP BY session.id ORDER BY count(*) DESC LIMIT 1""",
    "code": """SELECT code FROM booking JOIN session ON session.id = session WHERE event = $1 AND starts_at > now()
        AND booking.state = 'confirmed' ORDER BY booking.id LIMIT 1""",
}


async def student_picks(student_id: int) -> Picks:
    found = await picked(STUDENT, student_id)
    return {**found, "token": sign_link(SECRET, CANT_GO, str(found["booking_id"]))}


async def organizer_picks(department_id: int) -> Picks:
    found = await picked(ORGANIZER, department_id)
    return {**found, **await picked(OF_EVENT, int(found["event_id"])), "department_id": department_id}


async def picked(queries: Mapping[str, str], about: int) -> Picks:
    found = {name: await database.value(query, *[about] * ("$1" in query)) for name, query in queries.items()}
    assert None not in found.values(), f"the demo holds nothing for {[name for name in found if found[name] is None]}"
    return found
