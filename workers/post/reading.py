"""A claim becomes letters: facts of all at once, then each composed by itself, so that a bad one harms no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from events import database
from events.booking.letters import LetterFacts, letter_facts
from events.notice.codes import LiveCode, live_codes
from events.notice.lease import Due, Fate, Outcome, failure
from events.notice.rules import Drop, Kind, reason_to_drop
from events.settings import Settings
from workers.post.compose import compose_booking, compose_code
from workers.post.letter import Letter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Facts:
    bookings: Mapping[int, LetterFacts]
    codes: Mapping[int, LiveCode]
    now: datetime


@dataclass(slots=True)
class Prepared:
    """`letters` go out; `outcomes` are those that do not: no longer wanted, or impossible to compose."""

    letters: list[tuple[Due, Letter]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


async def prepare(due: Sequence[Due], settings: Settings) -> Prepared:
    facts, prepared = await read_facts(due), Prepared()
    for each in due:
        try:
            letter = compose(each, facts, settings)
        except Exception as error:
            log.exception("letter_not_composed", notice=each.id, kind=each.kind)
            prepared.outcomes.append(failure(each, f"{type(error).__name__}: {error}"))
            continue
        if isinstance(letter, Drop):
            prepared.outcomes.append(Outcome(each.id, Fate.DROPPED, letter))
        else:
            prepared.letters.append((each, letter))
    return prepared


async def read_facts(due: Sequence[Due]) -> Facts:
    return Facts(
        bookings=await letter_facts([each.booking_id for each in due if each.booking_id is not None]),
        codes=await live_codes([each.facts.code_id for each in due if each.kind == Kind.SIGN_IN_CODE]),
        now=await database.database_now(),
    )


def compose(due: Due, facts: Facts, settings: Settings) -> Letter | Drop:
    if due.kind == Kind.SIGN_IN_CODE:
        live = facts.codes.get(due.facts.code_id)
        return compose_code(due, live, settings) if live is not None else Drop.CODE_DEAD
    subject = facts.bookings.get(due.booking_id or 0)
    reason = reason_to_drop(due.kind, due.facts.version, subject, facts.now)
    if reason is not None or subject is None:
        return reason or Drop.NO_BOOKING
    return compose_booking(due, subject, settings, facts.now)
