"""Where a student has been."""

from dataclasses import dataclass
from datetime import date, datetime

from events import database
from events.attendance.rules import Evidence, State


@dataclass(frozen=True, slots=True)
class StudentAttendance:
    """One settled session. `day` is the session's local day; `minutes`: None unless coming and going were seen."""

    booking_id: int
    code: str
    event_id: int
    session_id: int
    title: str
    title_en: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str
    day: date
    state: State
    evidence: Evidence
    minutes: int | None
    stops: int


async def attendance_of(student_id: int) -> list[StudentAttendance]:
    """All settled sessions of this student, the latest first."""
    found = await database.rows(
        """SELECT booking.id AS booking_id, booking.code, event.id AS event_id, session.id AS session_id, event.title,
                  event.title_en, attendance.kind, session.starts_at, session.ends_at,
                  coalesce(nullif(session.place, ''), event.place) AS place, attendance.day, attendance.state,
                  attendance.evidence, attendance.minutes, attendance.stops
           FROM attendance JOIN booking ON booking.id = attendance.booking
           JOIN session ON session.id = attendance.session JOIN event ON event.id = session.event
           WHERE attendance.student = $1 ORDER BY session.starts_at DESC, booking.id DESC""",
        student_id,
    )
    return [
        StudentAttendance(**{**each, "state": State(each["state"]), "evidence": Evidence(each["evidence"])})
        for each in found
    ]
