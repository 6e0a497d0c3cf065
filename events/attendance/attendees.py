"""Who comes to an event: the organizer's list, masked unless a reason is given, and then written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from asyncpg import Record

from events import database
from events.catalogue.actions.hold import record
from events.errors import Fault, Invalid, NotFound
from events.people.masks import mask_email, mask_name, mask_phone, mask_student_number
from events.people.names import BadText, clean_line
from events.people.queries import MAY_EDIT, StaffMember

SHEET_MOST: Final = 200_000  # rows of an export
SEARCH_MOST, REASON_MOST = 60, 200  # characters
LIVE: Final = ("applied", "waitlisted", "confirmed")
STATES: Final = (*LIVE, "declined", "cancelled", "on_leave")
HIGHEST_ID: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AttendeeFilter:
    """`state`: one of STATES, "all", or "" for live bookings. `checked`: "in", "not", or "" for both.

    `text`: a part of the name, the beginning of the student number, or a booking's code. `after`: the booking ID that
    the page before ended with.
    """

    session_id: int | None = None
    state: str = ""
    checked: str = ""
    text: str = ""
    after: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Attendee:
    """One booking. `choices`: names of the pools that were chosen. `admitted_at`: the first scan that counts."""

    booking_id: int
    code: str
    state: str
    session_id: int
    starts_at: datetime
    ends_at: datetime
    name: str
    number: str
    school: str
    college: str
    major: str
    class_name: str
    grade: int | None
    phone: str
    email: str
    choices: tuple[str, ...]
    booked_at: datetime
    admitted_at: datetime | None
    attendance: str
    minutes: int | None
    cancelled_at: datetime | None
    cancel_reason: str


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """`total`: bookings that the filter lets through, on all pages. `after`: for the next page, None at the end."""

    rows: tuple[Attendee, ...]
    total: int
    after: int | None
    masked: bool


@dataclass(frozen=True, slots=True)
class AttendeeSheet:
    """The list as it leaves the house: `questions` are labels, and each row has one answer for each of them."""

    event_title: str
    questions: tuple[str, ...]
    rows: tuple[tuple[Attendee, tuple[str, ...]], ...]
    masked: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the booking form and its answer; `file_id` where the answer is a file."""

    question_id: int
    label: str
    kind: str
    answer: str
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class AttendeeDetail:
    event_id: int
    event_title: str
    attendee: Attendee
    answers: tuple[Answered, ...]
    masked: bool


@dataclass(frozen=True, slots=True)
class GivenFile:
    filename: str
    media_type: str
    content: bytes


async def attendees_of(staff: StaffMember, event_id: int, wanted: AttendeeFilter = AttendeeFilter()) -> AttendeePage:
    """The list with names, numbers and contact data masked, in the order of booking. Raises NotFound."""
    await event_host(staff, event_id)
    return masked_page(await read_page(event_id, wanted))


async def unmask_attendees(staff: StaffMember, event_id: int, wanted: AttendeeFilter, reason: str) -> AttendeePage:
    """The same list in clear, once the audit says who looked, at what and why. Raises NotFound, Invalid on `reason`."""
    await event_host(staff, event_id)
    told = reason_of(reason)
    page = await read_page(event_id, wanted)
    await record(staff, "attendees.unmask", f"event:{event_id}", filter_facts(wanted) | {"rows": len(page.rows)}, told)
    return page


async def attendee_sheet(
    staff: StaffMember, event_id: int, wanted: AttendeeFilter = AttendeeFilter(), reason: str | None = None
) -> AttendeeSheet:
    """All rows of the filter at once. With a reason, in clear and written down; else masked, the students' own words
    left out. Raises NotFound, Invalid on `reason`."""
    await event_host(staff, event_id)
    told = None if reason is None else reason_of(reason)
    page = await read_page(event_id, replace(wanted, after=0, limit=SHEET_MOST))
    questions = await questions_of(event_id, own_words=told is not None)
    answers = await answers_by_booking([each.booking_id for each in page.rows])
    await record(
        staff, "attendees.export", f"event:{event_id}", filter_facts(wanted) | {"rows": len(page.rows)}, told or ""
    )
    shown = page if told is not None else masked_page(page)
    rows = tuple((row, tuple(answers[row.booking_id].get(each, "") for each in questions)) for row in shown.rows)
    title = await database.value("SELECT title FROM event WHERE id = $1", event_id)
    return AttendeeSheet(title, tuple(questions.values()), rows, masked=told is None)


async def attendee_of(staff: StaffMember, code: str) -> AttendeeDetail:
    """One booking with its answers, masked. Answers to free questions are the student's own words: shown with the rest
    only when unmasked. Raises NotFound."""
    found = await read_one(staff, code)
    hidden = tuple(replace(each, answer="", file_id=None) if each.kind in OWN_WORDS else each for each in found.answers)
    return replace(found, attendee=masked(found.attendee), answers=hidden, masked=True)


async def unmask_attendee(staff: StaffMember, code: str, reason: str) -> AttendeeDetail:
    """One booking in clear; the look is written down. Raises NotFound, Invalid on `reason`."""
    found = await read_one(staff, code)
    await record(staff, "attendee.unmask", f"booking:{found.attendee.booking_id}", {}, reason_of(reason))
    return found


async def answer_file(staff: StaffMember, code: str, file_id: int) -> GivenFile:
    """A file given as an answer, through its booking only; the download is written down. Raises NotFound."""
    found = await read_one(staff, code)
    if file_id not in {each.file_id for each in found.answers}:
        raise NotFound
    given = await database.row(
        "SELECT filename, media_type, content FROM answer_file WHERE id = $1 AND booking = $2",
        file_id,
        found.attendee.booking_id,
    )
    if given is None:
        raise NotFound
    await record(staff, "attendee.file", f"booking:{found.attendee.booking_id}", {"file": file_id}, "")
    return GivenFile(**given)


async def letters_lost(staff: StaffMember) -> int:
    """How many letters to those who booked with this organizer could not be delivered in the last seven days."""
    return int(
        await database.value(
            """SELECT count(*) FROM notice JOIN booking ON booking.id = notice.booking_id
                   JOIN session ON session.id = booking.session JOIN event ON event.id = session.event
               WHERE notice.state = 'failed' AND notice.due_at > now() - interval '7 days'
                     AND event.host = ANY($1::int[])""",
            staff.departments(MAY_EDIT),
        )
    )


OWN_WORDS: Final = frozenset({"text", "number", "date", "file"})

ATTENDEE = """
    SELECT booking.id AS booking_id, booking.code, booking.state, booking.session AS session_id, session.starts_at,
           session.ends_at, student.name, coalesce(student.number, '') AS number, student.school, student.college,
           student.major, student.class_name, student.grade, coalesce(student.phone, '') AS phone,
           coalesce(student.email, '') AS email, booking.created_at AS booked_at, admitted.at AS admitted_at,
           coalesce(attendance.state, '') AS attendance, attendance.minutes, cancellation.at AS cancelled_at,
           coalesce(cancellation.reason, '') AS cancel_reason,
           ARRAY(SELECT pool.name FROM pool WHERE pool.id = ANY(booking.pools) AND pool.choice <> ''
                 ORDER BY pool.position, pool.id) AS choices"""
FROM_BOOKINGS = """
    FROM booking JOIN session ON session.id = booking.session JOIN student ON student.id = booking.student
         LEFT JOIN attendance ON attendance.booking = booking.id
         LEFT JOIN cancellation ON cancellation.booking = booking.id
         LEFT JOIN LATERAL (
             SELECT min(admission.at) AS at FROM admission JOIN stop ON stop.id = admission.stop
             WHERE admission.booking = booking.id AND stop.counts AND stop.direction = 'in') AS admitted ON true"""
CONDITIONS = """
    WHERE session.event = $1 AND ($2::int IS NULL OR session.id = $2) AND booking.state = ANY($3::text[])
          AND ($4 = '' OR (admitted.at IS NOT NULL) = ($4 = 'in'))
          AND ($5 = '' OR student.name ILIKE '%' || $5 || '%' OR student.number LIKE $5 || '%' OR booking.code = $6)"""


async def event_host(staff: StaffMember, event_id: int) -> int:
    """The department that hosts the event. Raises NotFound unless the viewer may edit there."""
    host = await database.value("SELECT host FROM event WHERE id = $1", event_id) if event_id <= HIGHEST_ID else None
    if host is None or not staff.may(MAY_EDIT, host):
        raise NotFound
    return int(host)


async def read_page(event_id: int, wanted: AttendeeFilter) -> AttendeePage:
    conditions = arguments_of(event_id, wanted)
    limit = max(1, wanted.limit)
    found = await database.rows(
        f"{ATTENDEE} {FROM_BOOKINGS} {CONDITIONS} AND booking.id > $7 ORDER BY booking.id LIMIT $8",
        *conditions,
        wanted.after,
        limit + 1,
    )
    total = await database.value(f"SELECT count(*) {FROM_BOOKINGS} {CONDITIONS}", *conditions)
    rows = tuple(attendee(each) for each in found[:limit])
    return AttendeePage(rows, total, rows[-1].booking_id if len(found) > limit else None, masked=False)


def arguments_of(event_id: int, wanted: AttendeeFilter) -> tuple[object, ...]:
    text = search_text(wanted.text)
    return (
        event_id,
        wanted.session_id,
        states_of(wanted.state),
        wanted.checked if wanted.checked in ("in", "not") else "",
        text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"),
        text.upper().replace("-", ""),
    )


def search_text(text: str) -> str:
    try:
        return clean_line(text, most=SEARCH_MOST)
    except BadText:
        return text[:SEARCH_MOST].replace("\x00", "")


def states_of(state: str) -> list[str]:
    if state == "all":
        return list(STATES)
    return [state] if state in STATES else list(LIVE)


def attendee(found: Record | Mapping[str, Any]) -> Attendee:
    return Attendee(**{**found, "choices": tuple(found["choices"])})


def masked_page(page: AttendeePage) -> AttendeePage:
    return replace(page, rows=tuple(map(masked, page.rows)), masked=True)


def masked(row: Attendee) -> Attendee:
    return replace(
        row,
        name=mask_name(row.name),
        number=mask_student_number(row.number),
        phone=mask_phone(row.phone) if row.phone else "",
        email=mask_email(row.email) if row.email else "",
    )


async def read_one(staff: StaffMember, code: str) -> AttendeeDetail:
    found = await database.row(
        f"""{ATTENDEE}, event.id AS event_id, event.title AS event_title, event.host, booking.answers
            {FROM_BOOKINGS} JOIN event ON event.id = session.event WHERE booking.code = $1""",
        code,
    )
    if found is None or not staff.may(MAY_EDIT, found["host"]):
        raise NotFound
    others = ("event_id", "event_title", "host", "answers")
    return AttendeeDetail(
        found["event_id"],
        found["event_title"],
        attendee({name: value for name, value in found.items() if name not in others}),
        await answers_of(found["booking_id"], msgspec.json.decode(found["answers"], type=dict[str, str])),
        masked=False,
    )


async def answers_of(booking_id: int, answers: Mapping[str, str]) -> tuple[Answered, ...]:
    """In the order of the questions, those that were retired since included."""
    found = await database.rows(
        """SELECT question.id, label, kind, answer_file.id AS file_id
           FROM question LEFT JOIN answer_file ON answer_file.question = question.id AND answer_file.booking = $1
           WHERE question.id = ANY($2::int[]) ORDER BY position, question.id""",
        booking_id,
        [int(each) for each in answers],
    )
    return tuple(
        Answered(each["id"], each["label"], each["kind"], answers[str(each["id"])], each["file_id"]) for each in found
    )


async def questions_of(event_id: int, own_words: bool) -> dict[str, str]:
    """Labels by ID as text, in order; those retired since are included, for their answers are still there."""
    found = await database.rows(
        "SELECT id, label, kind FROM question WHERE event = $1 ORDER BY retired_at IS NOT NULL, position, id", event_id
    )
    return {str(each["id"]): each["label"] for each in found if own_words or each["kind"] not in OWN_WORDS}


async def answers_by_booking(booking_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found = await database.rows("SELECT id, answers FROM booking WHERE id = ANY($1::bigint[])", list(booking_ids))
    return {each["id"]: msgspec.json.decode(each["answers"], type=dict[str, str]) for each in found}


def filter_facts(wanted: AttendeeFilter) -> dict[str, Any]:
    """What the audit keeps of a filter; the search text stays out, it may be a name."""
    return {
        "session": wanted.session_id,
        "state": wanted.state,
        "checked": wanted.checked,
        "searched": bool(wanted.text),
    }


def reason_of(text: str) -> str:
    """Raises Invalid on `reason`."""
    try:
        reason = clean_line(text, most=REASON_MOST)
    except BadText:
        raise Invalid({"reason": Fault.TOO_LONG if len(text) > REASON_MOST else Fault.BAD_CHARACTER}) from None
    if not reason:
        raise Invalid({"reason": Fault.MISSING})
    return reason
