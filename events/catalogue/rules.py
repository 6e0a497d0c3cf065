"""What an organizer's drafts must be before they are stored. Pure: `now` is given, nothing here awaits."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from events.catalogue.drafts import Draft, EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.catalogue.kinds import Admission, Kind
from events.catalogue.question_rules import answer_problems
from events.catalogue.text_rules import Problems, repeated, text_problems, tidy
from events.errors import Fault

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_SESSION = timedelta(days=366)
CAPACITIES = range(1, 100_000 + 1)
MAX_SESSIONS = 1000  # of one event
MAX_POOLS = 60  # of one session
MAX_PARTNERS = 30  # of one programme
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Visibility(StrEnum):
    """Who may see an event. Who may book it is another question: its eligibility."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ELIGIBLE = "eligible"
    LINK = "link"


def problems(draft: Draft, now: datetime) -> Problems:
    """What is wrong with one draft, by field; empty when it may be stored. `now`: aware."""
    found = {field: fault for field, fault in text_problems(draft) if fault}
    match draft:
        case ProgrammeDraft():
            found |= programme_problems(draft)
        case EventDraft():
            found |= event_problems(draft)
        case SessionDraft():
            found |= session_problems(draft, now)
        case PoolDraft():
            found |= pool_capacity_problems(draft)
        case QuestionDraft():
            found |= answer_problems(draft)
    return found


def programme_problems(draft: ProgrammeDraft) -> Problems:
    found: Problems = {}
    if draft.kind not in set(Kind):
        found["kind"] = Fault.NOT_AN_OPTION
    if draft.host is None:
        found["host"] = Fault.MISSING
    if len(draft.partners) > MAX_PARTNERS:
        found["partners"] = Fault.TOO_MANY
    if draft.code and not CODE.fullmatch(draft.code):
        found["code"] = Fault.BAD_CHARACTER
    return found


def event_problems(draft: EventDraft) -> Problems:
    options: dict[str, set[str]] = {"kind": {*Kind}, "visibility": {*Visibility}, "admission": {*Admission}}
    return {field: Fault.NOT_AN_OPTION for field, known in options.items() if getattr(draft, field) not in known}


def session_problems(draft: SessionDraft, now: datetime) -> Problems:
    """The times against the calendar, and then against each other."""
    times = ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until")
    found = {field: fault for field in times if (fault := time_fault(getattr(draft, field), field))}
    return found or order_problems(draft, now)


def time_fault(moment: datetime | None, field: str) -> Fault | None:
    if moment is None:
        return Fault.MISSING if field in ("starts_at", "ends_at") else None
    if moment.tzinfo is None or not EARLIEST <= moment < LATEST:
        return Fault.NOT_A_DATE
    return None


def order_problems(draft: SessionDraft, now: datetime) -> Problems:
    starts, ends, opens, closes, cancel = session_times(draft, now)
    found: Problems = {}
    if ends <= now:
        found["starts_at"] = Fault.IN_THE_PAST
    if ends <= starts:
        found["ends_at"] = Fault.BEFORE_START
    elif ends - starts > LONGEST_SESSION:
        found["ends_at"] = Fault.TOO_HIGH
    if closes <= opens:
        found["closes_at"] = Fault.BEFORE_OPENING
    elif closes > ends:
        found["closes_at"] = Fault.AFTER_END
    if cancel > starts:
        found["cancel_until"] = Fault.AFTER_START
    return found


def session_times(draft: SessionDraft, now: datetime) -> tuple[datetime, datetime, datetime, datetime, datetime]:
    """Start, end, opening, closing and last cancellation, with what was left empty filled in."""
    if draft.starts_at is None or draft.ends_at is None:
        raise ValueError("a session has a start and an end")
    opens = draft.opens_at or now
    until_start = draft.starts_at if draft.starts_at > opens else draft.ends_at  # it may be on already
    return (
        draft.starts_at,
        draft.ends_at,
        opens,
        draft.closes_at or until_start,
        draft.cancel_until or draft.starts_at,
    )


def pool_capacity_problems(draft: PoolDraft) -> Problems:
    if draft.capacity is None:
        return {"capacity": Fault.MISSING}
    if draft.capacity < CAPACITIES.start:
        return {"capacity": Fault.TOO_LOW}
    return {"capacity": Fault.TOO_HIGH} if draft.capacity >= CAPACITIES.stop else {}


def pool_problems(drafts: Sequence[PoolDraft]) -> Problems:
    """Of all pools of a session: `pools`, or `pools.<place>.<field>`, the place from 0."""
    if len(drafts) > MAX_POOLS:
        return {"pools": Fault.TOO_MANY}
    found: Problems = {}
    names = [(tidy(each.choice), tidy(each.name)) for each in drafts]
    for place, draft in enumerate(drafts):
        faults = {field: fault for field, fault in text_problems(draft) if fault} | pool_capacity_problems(draft)
        if names.index(names[place]) < place:
            faults.setdefault("name", Fault.ALREADY_USED)
        found |= {f"pools.{place}.{field}": fault for field, fault in faults.items()}
    return found or ({"pools": Fault.ALREADY_USED} if repeated(each.id for each in drafts) else {})
