"""What a turn of the desk reads and writes. Every statement here serves a whole batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from events import database
from events.booking.rules import AnswerUpload, Claim, Decision, PoolFacts, Request, SessionFacts, StudentFacts, settle
from events.catalogue import eligibility
from events.errors import NotFound
from events.notice.actions import write_notices
from events.notice.rules import notices_of_confirmation
from events.people.queries import StudentProfile

STUDENT_LOCK: Final = 1  # first key of the advisory locks on students
STUDENT = ", ".join(f"student.{name}" for name in StudentProfile.__slots__)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A booking that this turn made, for whoever writes tickets and letters into the same commit."""

    booking_id: int
    code: str
    student_id: int
    session_id: int
    session_version: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TurnFacts:
    session: SessionFacts
    students: Mapping[int, StudentFacts]
    now: datetime

    def settle(self, pools: Sequence[PoolFacts], requests: Sequence[Request]) -> list[Decision]:
        return settle(self.session, pools, self.students, requests, self.now)


async def lock_students(student_ids: Sequence[int]) -> None:
    """Held until commit: two overlapping sessions settled at once must not both take one student.

    Students before pools, always, and in ascending order: the other way round would deadlock.
    """
    await database.rows(
        "SELECT pg_advisory_xact_lock($1, id) FROM unnest($2::int[]) AS id", STUDENT_LOCK, sorted(set(student_ids))
    )


async def lock_places(session_id: int, requests: Sequence[Request]) -> list[PoolFacts]:
    """Locks the students and then the session's pools, in ascending order of id, and reads what is free."""
    await lock_students([request.student_id for request in requests])
    return [PoolFacts(**each) for each in await lock_pools([session_id])]


async def lock_pools(session_ids: Sequence[int]) -> list[asyncpg.Record]:
    # NO KEY: FOR UPDATE would make every insert that points at a pool or its session wait.
    return await database.rows(
        """SELECT id, choice, capacity - taken AS free FROM pool
           WHERE session = ANY($1::int[]) ORDER BY id FOR NO KEY UPDATE""",
        list(session_ids),
    )


async def read_facts(session_id: int, requests: Sequence[Request], as_of: datetime | None = None) -> TurnFacts:
    """Session and students as they are now; `as_of` takes the place of the database's clock.

    Raises NotFound for an unknown or unpublished session.
    """
    found = await database.row(
        """SELECT session.id, session.version, session.state, event.state AS event_state, event.admission,
                  event.needs_booking, event.forbids_clashes, event.eligibility, session.starts_at,
                  session.ends_at, session.opens_at, session.closes_at,
                  coalesce($2::timestamptz, clock_timestamp()) AS now
           FROM session JOIN event ON event.id = session.event WHERE session.id = $1 AND event.state <> 'draft'""",
        session_id,
        as_of,
    )
    if found is None:
        raise NotFound
    columns: dict[str, Any] = dict(found)
    now = columns.pop("now")
    columns["eligibility"] = eligibility.from_json(columns["eligibility"])
    session = SessionFacts(**columns)
    return TurnFacts(session, await read_students(session, [request.student_id for request in requests]), now)


async def read_students(session: SessionFacts, student_ids: Sequence[int]) -> dict[int, StudentFacts]:
    """The roster's facts, a live booking of this session, and the title of an overlapping confirmed one."""
    found = await database.rows(
        f"""SELECT {STUDENT}, own.id AS own_id, own.code AS own_code, own.state AS own_state, clash.title AS clash
           FROM student
           LEFT JOIN booking AS own ON own.session = $2 AND own.student = student.id
                AND own.state IN ('applied', 'waitlisted', 'confirmed')
           LEFT JOIN LATERAL (
                SELECT event.title FROM booking
                JOIN session ON session.id = booking.session JOIN event ON event.id = session.event
                WHERE booking.student = student.id AND booking.state = 'confirmed' AND session.id <> $2
                  AND session.starts_at < $4 AND session.ends_at > $3 AND (event.forbids_clashes OR $5)
                LIMIT 1) AS clash ON true
           WHERE student.id = ANY($1::int[])""",
        list(student_ids),
        session.id,
        session.starts_at,
        session.ends_at,
        session.forbids_clashes,
    )
    return {each["id"]: student_facts(each) for each in found}


def student_facts(found: asyncpg.Record) -> StudentFacts:
    profile = StudentProfile(**{name: found[name] for name in StudentProfile.__slots__})
    own = Claim(found["own_id"], found["own_code"], found["own_state"]) if found["own_id"] is not None else None
    return StudentFacts(profile, own, found["clash"])


async def write_bookings(
    session: SessionFacts, requests: Sequence[Request], decisions: Sequence[Decision], now: datetime
) -> dict[int, Confirmed]:
    """Writes bookings, counters and notices of what was granted; maps the student's id to the booking."""
    granted = [
        (request, decision.granted)
        for request, decision in zip(requests, decisions, strict=True)
        if decision.granted is not None
    ]
    if not granted:
        return {}
    made = await database.rows(
        """INSERT INTO booking (session, student, state, code, answers, source, pools, created_at, changed_at)
           SELECT $1, student, 'confirmed', code, answers, source, pools::int[], $7, $7
           FROM unnest($2::int[], $3::text[], $4::jsonb[], $5::text[], $6::text[])
                AS new (student, code, answers, source, pools)
           RETURNING id, student, code""",
        session.id,
        [request.student_id for request, _ in granted],
        [request.code for request, _ in granted],
        [request.answers for request, _ in granted],
        [request.source for request, _ in granted],
        [as_array(pools) for _, pools in granted],
        now,
    )
    await take_places([pool_id for _, pools in granted for pool_id in pools])
    confirmed = {
        each["student"]: Confirmed(
            each["id"], each["code"], each["student"], session.id, session.version, session.starts_at, session.ends_at
        )
        for each in made
    }
    await write_files(
        [(confirmed[request.student_id].booking_id, upload) for request, _ in granted for upload in request.files]
    )
    await write_notices(notices_of_confirmation(confirmed.values(), now))
    return confirmed


async def write_files(uploads: Sequence[tuple[int, AnswerUpload]]) -> None:
    for booking_id, upload in uploads:
        await database.rows(
            "INSERT INTO answer_file (booking, question, filename, media_type, content) VALUES ($1, $2, $3, $4, $5)",
            booking_id,
            upload.question_id,
            upload.filename,
            upload.media_type,
            upload.content,
        )


def as_array(pools: Sequence[int]) -> str:
    """PostgreSQL has no arrays of arrays of different lengths: each goes as text and is read there."""
    return "{" + ",".join(map(str, pools)) + "}"


async def take_places(pool_ids: Sequence[int], sign: int = 1) -> None:
    """Counts each pool up (or down, with -1) by how often it is named. The CHECK stands behind it."""
    await database.rows(
        """UPDATE pool SET taken = taken + change.n
           FROM (SELECT id, $2 * count(*)::int AS n FROM unnest($1::int[]) AS id GROUP BY id) AS change
           WHERE pool.id = change.id""",
        list(pool_ids),
        sign,
    )
