"""Students book in the demo: at the desk, at the moments at which they would have."""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from events import database
from events.booking.actions import cancel
from events.booking.answers import field as field_of
from events.booking.desk import Desk
from events.booking.queries import questions_of_session
from events.catalogue.eligibility import admits
from events.catalogue.queries import PoolDetail, QuestionDetail, session_run_by
from events.people.queries import STUDENT_COLUMNS, StudentProfile
from events.seeds.cast import STAR
from events.seeds.publishing import MadeSession
from events.ticket.desk import book, issue_tickets

REGULARS: Final = 420  # students who book in the demo; the others of the roster only could
WAVES: Final = tuple(timedelta(hours=hours) for hours in (45, 22, 1))  # before booking closed, or before now
BACK_OUT_EVERY: Final = 23  # one in so many gives the place back
ANSWERS: Final = {"紧急联系人姓名": "家长", "紧急联系人电话": "138 0000 0000"}


@dataclass(frozen=True, slots=True)
class MadeBooking:
    id: int
    code: str
    student: StudentProfile
    session: MadeSession

    @property
    def chance(self) -> int:
        """0 to 99, the same each time."""
        return zlib.crc32(f"{self.student.number}{self.session.plan.starts_at}".encode()) % 100


@dataclass(slots=True)
class Deck:
    """Students in turn, so that everyone comes again after all others; nobody is in two places at once."""

    students: list[StudentProfile]
    star: StudentProfile
    busy: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def deal(self, session: MadeSession) -> list[StudentProfile]:
        """Those who book this session, the star first."""
        plan = session.plan
        asked = [self.star, *self.students] if plan.with_star else self.students
        half = {"m": plan.booked - plan.booked // 2, "f": plan.booked // 2} if plan.by_gender else {}
        dealt: list[StudentProfile] = []
        for student in asked:
            if len(dealt) == plan.booked:
                break
            if (
                admits(session.eligibility, student)
                and self.is_free(student, session)
                and half.get(student.gender, 1) > 0
            ):
                dealt.append(student)
                if plan.by_gender:
                    half[student.gender] -= 1
        self.put_back(dealt, session)
        return dealt

    def is_free(self, student: StudentProfile, session: MadeSession) -> bool:
        plan = session.plan
        return all(plan.ends_at <= begin or end <= plan.starts_at for begin, end in self.busy.get(student.id, ()))

    def put_back(self, dealt: Sequence[StudentProfile], session: MadeSession) -> None:
        ids = {each.id for each in dealt}
        self.students = [each for each in self.students if each.id not in ids] + [
            each for each in dealt if each.id != self.star.id
        ]
        for each in dealt:
            self.busy.setdefault(each.id, []).append((session.plan.starts_at, session.plan.ends_at))


async def deck_of(school: str) -> Deck:
    """Of the school's roster."""
    found = await database.rows(
        f"SELECT {STUDENT_COLUMNS} FROM student WHERE school = $1 AND number IS NOT NULL ORDER BY md5(number)", school
    )
    students = [StudentProfile(**each) for each in found]
    star = next(each for each in students if each.number == STAR)
    return Deck([each for each in students if each is not star][:REGULARS], star)


async def book_session(session: MadeSession, students: Sequence[StudentProfile], now: datetime) -> list[MadeBooking]:
    """In three waves, each at a desk of its own moment. Who booked already, and gave it back since, does not again."""
    detail = await session_run_by(session.by, session.id)
    questions = await questions_of_session(session.id)
    known = await bookings_of(session)
    choices = chosen(detail.pools, students)
    for wave, moment in enumerate(moments(detail.opens_at, min(now, detail.closes_at))):
        desk = Desk(issue_tickets, as_of=moment)
        for student in students[wave :: len(WAVES)]:
            if student.id not in known and not session.called_off:
                answers = answers_to(questions, student)
                booked = await book(student.id, session.id, choices[student.id], answers, at=desk)
                known[student.id] = (booked.booking_id, booked.code)
    return [MadeBooking(*known[each.id], each, session) for each in students if each.id in known]


async def bookings_of(session: MadeSession) -> dict[int, tuple[int, str]]:
    """Id and code by the student's id."""
    found = await database.rows("SELECT student, id, code FROM booking WHERE session = $1 ORDER BY id", session.id)
    return {each["student"]: (each["id"], each["code"]) for each in found}


def moments(opens: datetime, last: datetime) -> Iterator[datetime]:
    return (max(opens, last - before) for before in WAVES)


def chosen(pools: Sequence[PoolDetail], students: Sequence[StudentProfile]) -> dict[int, list[int]]:
    """For each student one pool of each group of alternatives: that of their gender, else the emptiest."""
    taken: Counter[int] = Counter()
    found: dict[int, list[int]] = {}
    for student in students:
        for group in dict.fromkeys(pool.choice for pool in pools if pool.choice):
            options = [pool for pool in pools if pool.choice == group and suits(pool, student)]
            pool = min(options, key=lambda each: taken[each.id] / each.capacity)
            taken[pool.id] += 1
            found.setdefault(student.id, []).append(pool.id)
    return {student.id: found.get(student.id, []) for student in students}


def suits(pool: PoolDetail, student: StudentProfile) -> bool:
    meant = {"男": "m", "女": "f"}.get(pool.name[:1], student.gender)
    return meant == student.gender


def answers_to(questions: Sequence[QuestionDetail], student: StudentProfile) -> dict[str, str]:
    return {field_of(each): answer_to(each, student) for each in questions if each.required}


def answer_to(question: QuestionDetail, student: StudentProfile) -> str:
    match question.kind:
        case "consent":
            return "true"
        case "choice":
            return question.options[student.id % len(question.options)]
        case "number":
            return str(question.minimum or 1)
        case _:
            return ANSWERS.get(question.label, f"{student.college}{student.class_name}")


async def back_out(bookings: Sequence[MadeBooking], now: datetime) -> list[MadeBooking]:
    """A few give their place back while they may; those who keep theirs."""
    leaving = [each for each in bookings[::BACK_OUT_EVERY] if may_back_out(each, now)]
    for each in leaving:
        await cancel(each.student.id, each.code)
    return [each for each in bookings if each not in leaving]


def may_back_out(booking: MadeBooking, now: datetime) -> bool:
    plan = booking.session.plan
    until = plan.draft.cancel_until
    stays = plan.stays_full or booking.student.number == STAR
    return not stays and until is not None and until > now + timedelta(hours=1)
