"""What a letter says about a booking, read for many at once, and the booking as a calendar shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from events import database
from events.catalogue.calendar import CalendarEntry

ALARM: Final = timedelta(hours=1)  # the calendar's own reminder: between ours of two hours before and the beginning


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A booking, its session and its student, as they are now.

    `version`: the session's. `place`: the session's own or the event's; `address` belongs to the event's. `choices`:
    names of the pools that the student chose. `cancelled_by`: student, staff, event, or empty.
    """

    booking_id: int
    code: str
    state: str
    student_id: int
    student_name: str
    email: str | None
    wants_email: bool
    locale: str
    event_id: int
    event_state: str
    title: str
    title_en: str
    host: str
    host_en: str
    session_state: str
    version: int
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    note: str
    choices: tuple[str, ...]
    cancelled_by: str
    reason: str

    @property
    def called_off(self) -> bool:
        """The session does not take place, or nobody knows when."""
        return {self.session_state, self.event_state} & {"postponed", "cancelled"} != set()

    @property
    def postponed(self) -> bool:
        return "postponed" in (self.session_state, self.event_state)


async def letter_facts(booking_ids: Sequence[int]) -> dict[int, LetterFacts]:
    """By booking id; ids that are not there are left out. One query for any number."""
    if not booking_ids:
        return {}
    found = await database.rows(
        """SELECT booking.id AS booking_id, booking.code, booking.state, booking.student AS student_id,
                  student.name AS student_name, student.email, student.wants_email, student.locale,
                  event.id AS event_id, event.state AS event_state, event.title, event.title_en,
                  department.name AS host, department.name_en AS host_en,
                  session.state AS session_state, session.version, session.starts_at, session.ends_at,
                  CASE session.place WHEN '' THEN event.place ELSE session.place END AS place,
                  CASE session.place WHEN '' THEN event.address ELSE '' END AS address, session.note,
                  ARRAY(SELECT name FROM pool WHERE id = ANY(booking.pools) AND choice <> '' ORDER BY position, id)
                      AS choices,
                  CASE WHEN cancellation.id IS NULL THEN '' WHEN by_student IS NOT NULL THEN 'student'
                       WHEN by_staff IS NULL OR 'cancelled' IN (session.state, event.state) THEN 'event'
                       ELSE 'staff' END AS cancelled_by,
                  coalesce(cancellation.reason, '') AS reason
           FROM booking
           JOIN student ON student.id = booking.student
           JOIN session ON session.id = booking.session
           JOIN event ON event.id = session.event
           JOIN department ON department.id = event.host
           LEFT JOIN cancellation ON cancellation.booking = booking.id
           WHERE booking.id = ANY($1::bigint[])""",
        list(booking_ids),
    )
    return {each["booking_id"]: LetterFacts(**(dict(each) | {"choices": tuple(each["choices"])})) for each in found}


def calendar_entry(
    facts: LetterFacts, *, base_url: str, organizer_email: str, description: str, stamped_at: datetime
) -> CalendarEntry:
    """The booking as a calendar entry with one uid for life, so that each letter moves the same entry.

    The sequence rises with each version of the session, and once more within a version when it is called off.
    """
    gone = facts.state != "confirmed" or facts.called_off
    english = facts.locale == "en"
    return CalendarEntry(
        uid=f"booking-{facts.booking_id}@{urlsplit(base_url).hostname}",
        sequence=2 * facts.version + gone,
        stamped_at=stamped_at,
        title=(facts.title_en if english else "") or facts.title,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        place=" ".join(filter(None, (facts.place, facts.address))),
        description=description,
        url=f"{base_url}/tickets/{facts.code}",
        organizer_name=(facts.host_en if english else "") or facts.host,
        organizer_email=organizer_email,
        attendee_email=facts.email,
        cancelled=gone,
        alarm=ALARM,
    )
