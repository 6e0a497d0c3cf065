"""Reads of bookings: what a session asks, what a student holds."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from asyncpg import Record

from events import database
from events.catalogue.queries import QuestionDetail
from events.errors import NotFound


@dataclass(frozen=True, slots=True)
class HeldBooking:
    """A student's booking as the ticket folder shows it. `place` is the session's own, or the event's."""

    id: int
    code: str
    state: str
    event_id: int
    session_id: int
    title: str
    title_en: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    cancel_until: datetime
    place: str
    event_state: str
    session_state: str
    pools: tuple[str, ...]
    created_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str


HELD = """
    SELECT booking.id, booking.code, booking.state, event.id AS event_id, session.id AS session_id, event.title,
           event.title_en, event.kind, session.starts_at, session.ends_at, session.cancel_until,
           coalesce(nullif(session.place, ''), event.place) AS place, event.state AS event_state,
           session.state AS session_state, booking.created_at, cancellation.at AS cancelled_at,
           coalesce(cancellation.reason, '') AS cancel_reason,
           ARRAY(SELECT pool.name FROM pool WHERE pool.id = ANY(booking.pools) AND choice <> ''
                 ORDER BY position, pool.id) AS pools
    FROM booking JOIN session ON session.id = booking.session JOIN event ON event.id = session.event
         LEFT JOIN cancellation ON cancellation.booking = booking.id"""
MOST_HELD = 200  # bookings shown to one student


async def bookings_of(student_id: int) -> list[HeldBooking]:
    """All bookings of a student, the coming ones first, then the past ones, newest first."""
    found = await database.rows(
        f"""{HELD} WHERE booking.student = $1
            ORDER BY session.ends_at < now(), abs(extract(epoch FROM session.starts_at - now())) LIMIT {MOST_HELD}""",
        student_id,
    )
    return [held(each) for each in found]


async def live_bookings_in(student_id: int, event_id: int) -> dict[int, HeldBooking]:
    """This student's live bookings of an event, by session."""
    found = await database.rows(
        f"""{HELD} WHERE booking.student = $1 AND event.id = $2
            AND booking.state IN ('applied', 'waitlisted', 'confirmed')""",
        student_id,
        event_id,
    )
    return {each["session_id"]: held(each) for each in found}


def held(found: Record) -> HeldBooking:
    return HeldBooking(**{**found, "pools": tuple(found["pools"])})


async def questions_of_session(session_id: int) -> tuple[QuestionDetail, ...]:
    """What is asked at booking, in order; empty for an unknown session."""
    found = await database.rows(
        """SELECT question.id, question.kind, label, label_en, help, required, options, minimum, maximum,
                  shown_if, shown_if_value
           FROM question JOIN session ON session.event = question.event
           WHERE session.id = $1 AND retired_at IS NULL ORDER BY position, question.id""",
        session_id,
    )
    return tuple(
        QuestionDetail(**{**each, "options": msgspec.json.decode(each["options"], type=tuple[str, ...])})
        for each in found
    )


async def event_of_session(session_id: int) -> int:
    """Raises NotFound."""
    event_id = await database.value("SELECT event FROM session WHERE id = $1", session_id)
    if event_id is None:
        raise NotFound
    return int(event_id)


async def booking_of_link(booking_id: int) -> HeldBooking:
    """For the holder of a signed link, which names the booking. Raises NotFound."""
    found = await database.row(f"{HELD} WHERE booking.id = $1", booking_id)
    if found is None:
        raise NotFound
    return held(found)
