"""The rule book of booking. Pure: facts and `now` go in, decisions come out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from events.catalogue.eligibility import Eligibility, unmet
from events.errors import NotFound, Refused
from events.people.queries import StudentProfile


class State(StrEnum):
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ON_LEAVE = "on_leave"


LIVE = (State.APPLIED, State.WAITLISTED, State.CONFIRMED)


class Refusal(StrEnum):
    """Why a booking or its cancellation is refused. Every one has a sentence in both languages."""

    NOT_OPEN = "not_open"
    CLOSED = "closed"
    FULL = "full"
    PLACE_FULL = "place_full"
    CHOOSE_PLACE = "choose_place"
    NOT_ELIGIBLE = "not_eligible"
    CLASH = "clash"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    NO_BOOKING_NEEDED = "no_booking_needed"
    ADMISSION_NOT_READY = "admission_not_ready"
    TOO_LATE_TO_CANCEL = "too_late_to_cancel"
    ALREADY_ATTENDED = "already_attended"


class BookingRefused(Refused):
    """Raised with a Refusal; `detail` names what would have to change."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    id: int
    version: int
    state: str
    event_state: str
    admission: str
    needs_booking: bool
    forbids_clashes: bool
    eligibility: Eligibility
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """`choice` empty: every booking needs this pool. Else: one of the pools with this choice."""

    id: int
    choice: str
    free: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A live booking that a student holds in the session already."""

    booking_id: int
    code: str
    state: str


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """`clash` is the title of an overlapping confirmed booking, where either event forbids one."""

    profile: StudentProfile
    own: Claim | None = None
    clash: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """`choices`: ids of the chosen pools, one for each group of alternatives. `code` becomes the booking's."""

    student_id: int
    code: str
    choices: frozenset[int] = frozenset()
    answers: str = "{}"
    source: str = "student"
    files: tuple["AnswerUpload", ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerUpload:
    """A file given as an answer, kept in the commit of its booking."""

    question_id: int
    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """One of: the `granted` pools, the `own` booking there already was, a `refusal`.

    None of them: an earlier request of the same turn made this student's booking.
    """

    student_id: int
    granted: tuple[int, ...] | None = None
    own: Claim | None = None
    refusal: Exception | None = None


def settle(
    session: SessionFacts,
    pools: Sequence[PoolFacts],
    students: Mapping[int, StudentFacts],
    requests: Sequence[Request],
    now: datetime,
) -> list[Decision]:
    """One decision for each request, in order of arrival. Takes from the pools only what they hold."""
    free = {pool.id: pool.free for pool in pools}
    winners: set[int] = set()
    decisions = []
    for request in requests:
        facts = students.get(request.student_id)
        decision = decide(session, pools, free, facts, request, now, won=request.student_id in winners)
        if decision.granted is not None:
            winners.add(request.student_id)
            for pool_id in decision.granted:
                free[pool_id] -= 1
        decisions.append(decision)
    return decisions


def decide(
    session: SessionFacts,
    pools: Sequence[PoolFacts],
    free: Mapping[int, int],
    student: StudentFacts | None,
    request: Request,
    now: datetime,
    won: bool,
) -> Decision:
    if student is None:
        return Decision(request.student_id, refusal=NotFound())
    if student.own is not None or won:
        return Decision(request.student_id, own=student.own)
    try:
        refuse_if_closed(session, now)
        refuse_if_not_eligible(session.eligibility, student.profile)
        if student.clash is not None:
            raise BookingRefused(Refusal.CLASH, title=student.clash)
        return Decision(request.student_id, granted=places_for(pools, free, request.choices))
    except BookingRefused as refusal:
        return Decision(request.student_id, refusal=refusal)


def after(pools: Sequence[PoolFacts], decisions: Sequence[Decision]) -> list[PoolFacts]:
    """The pools as the decisions leave them."""
    taken = Counter(pool_id for decision in decisions for pool_id in decision.granted or ())
    return [replace(pool, free=pool.free - taken[pool.id]) for pool in pools]


def refuse_if_closed(session: SessionFacts, now: datetime) -> None:
    if "cancelled" in (session.event_state, session.state):
        raise BookingRefused(Refusal.CANCELLED)
    if "postponed" in (session.event_state, session.state):
        raise BookingRefused(Refusal.POSTPONED)
    if not session.needs_booking:
        raise BookingRefused(Refusal.NO_BOOKING_NEEDED)
    if session.admission != "first_come":
        raise BookingRefused(Refusal.ADMISSION_NOT_READY)
    if now < session.opens_at:
        raise BookingRefused(Refusal.NOT_OPEN, opens_at=session.opens_at)
    if now >= session.closes_at:
        raise BookingRefused(Refusal.CLOSED, closes_at=session.closes_at)


def refuse_if_not_eligible(rule: Eligibility, student: StudentProfile) -> None:
    if failing := unmet(rule, student):
        raise BookingRefused(Refusal.NOT_ELIGIBLE, clause=failing[0])


def places_for(pools: Sequence[PoolFacts], free: Mapping[int, int], choices: frozenset[int]) -> tuple[int, ...]:
    """Ids of the pools that this booking takes a place in, ascending. Raises BookingRefused."""
    needed = [pool.id for pool in pools if not pool.choice]
    if any(free[pool_id] < 1 for pool_id in needed):
        raise BookingRefused(Refusal.FULL)
    for choice in sorted({pool.choice for pool in pools if pool.choice}):
        needed.append(chosen_in(choice, pools, free, choices))
    if not needed:
        raise BookingRefused(Refusal.FULL)
    return tuple(sorted(needed))


def chosen_in(choice: str, pools: Sequence[PoolFacts], free: Mapping[int, int], choices: frozenset[int]) -> int:
    group = [pool.id for pool in pools if pool.choice == choice]
    if all(free[pool_id] < 1 for pool_id in group):
        raise BookingRefused(Refusal.FULL)
    chosen = choices.intersection(group)
    if len(chosen) != 1:
        raise BookingRefused(Refusal.CHOOSE_PLACE, choice=choice)
    (pool_id,) = chosen
    if free[pool_id] < 1:
        raise BookingRefused(Refusal.PLACE_FULL, choice=choice)
    return pool_id


def sold_out(pools: Sequence[PoolFacts]) -> bool:
    """True when no choice whatever could be granted."""
    alone = any(pool.free < 1 for pool in pools if not pool.choice)
    groups = {pool.choice for pool in pools if pool.choice}
    return alone or any(all(pool.free < 1 for pool in pools if pool.choice == group) for group in groups)


def refuse_to_cancel(state: str, cancel_until: datetime, now: datetime) -> None:
    """Raises BookingRefused when the student may no longer give the place back alone."""
    if state == State.CONFIRMED and now > cancel_until:
        raise BookingRefused(Refusal.TOO_LATE_TO_CANCEL, cancel_until=cancel_until)
