"""The rule book of the gate. Pure: what was read, what is known and `now` go in; a verdict comes out.

`tests/vectors/verdict.json` holds the rules as cases; whatever else decides at a gate is run against the same file.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from events.errors import Refused

DOORS_OPEN: Final = timedelta(hours=1)  # before its start, a session is on at the gate
DOORS_CLOSE: Final = timedelta(hours=1)  # after its end
UNDO_WITHIN: Final = timedelta(minutes=15)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Source(StrEnum):
    """How the code came in."""

    CAMERA = "camera"
    PHOTO = "photo"
    TYPED = "typed"
    KEYBOARD = "keyboard"  # a hand scanner that types
    SEARCH = "search"  # a steward found the person by name or number


class Reason(StrEnum):
    """Why nobody was let through. The first that applies counts, in this order."""

    STOP_RETIRED = "stop_retired"
    NOT_OURS = "not_ours"  # a payment code, an address, a Wi-Fi: never opened
    MALFORMED = "malformed"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_TICKET = "unknown_ticket"
    WRONG_EVENT = "wrong_event"
    EVENT_CANCELLED = "event_cancelled"
    POSTPONED = "postponed"
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ON_LEAVE = "on_leave"
    REVOKED = "revoked"
    WRONG_SESSION = "wrong_session"  # another session of this event is on
    NOT_YET = "not_yet"
    OVER = "over"
    ALREADY_ADMITTED = "already_admitted"
    ALREADY_OUT = "already_out"
    NOT_IN = "not_in"


class GateRefusal(StrEnum):
    """Why staff may not do what they asked for."""

    TOO_LATE = "too_late"
    NOT_ADMITTED = "not_admitted"
    NONCE_REUSED = "nonce_reused"


class GateRefused(Refused):
    """Raised with a GateRefusal."""


@dataclass(frozen=True, slots=True)
class Hours:
    starts_at: datetime
    ends_at: datetime

    def on_at(self, now: datetime) -> bool:
        """True while this session's people are at the gate: from an hour before its start to an hour after its end."""
        return self.starts_at - DOORS_OPEN <= now < self.ends_at + DOORS_CLOSE


@dataclass(frozen=True, slots=True)
class StopFacts:
    event_id: int
    direction: Direction
    retired: bool


@dataclass(frozen=True, slots=True)
class TicketStanding:
    """What is known of the ticket that was read.

    `booking_state` is one of applied, waitlisted, confirmed, declined, cancelled, on_leave; `others` are the hours of
    the event's other sessions; `passed`: its holder is through this line of doors and has not left since; `inside`:
    through any; `left`: has gone out before.
    """

    event_id: int
    event_state: str
    session_state: str
    booking_state: str
    revoked: bool
    valid_from: datetime
    valid_until: datetime
    hours: Hours
    others: Sequence[Hours]
    passed: bool
    inside: bool
    left: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    admitted: bool
    reason: Reason | None


def verdict(stop: StopFacts, fault: Reason | None, ticket: TicketStanding | None, now: datetime) -> Verdict:
    """Whether the holder of what was read may pass. `fault`: the text itself is no ticket; `ticket` is then None."""
    reason = Reason.STOP_RETIRED if stop.retired else fault or refusal(stop, ticket, now)
    return Verdict(reason is None, reason)


def refusal(stop: StopFacts, ticket: TicketStanding | None, now: datetime) -> Reason | None:
    if ticket is None:
        return Reason.UNKNOWN_TICKET
    if ticket.event_id != stop.event_id:
        return Reason.WRONG_EVENT
    return standing_refusal(ticket) or time_refusal(ticket, now) or passage_refusal(stop.direction, ticket)


def standing_refusal(ticket: TicketStanding) -> Reason | None:
    states = (ticket.event_state, ticket.session_state)
    if "cancelled" in states:
        return Reason.EVENT_CANCELLED
    if "postponed" in states:
        return Reason.POSTPONED
    if ticket.booking_state != "confirmed":
        return Reason(ticket.booking_state)
    return Reason.REVOKED if ticket.revoked else None


def time_refusal(ticket: TicketStanding, now: datetime) -> Reason | None:
    """The morning's ticket in the afternoon is in its validity, but not in its session."""
    if not ticket.hours.on_at(now) and any(other.on_at(now) for other in ticket.others):
        return Reason.WRONG_SESSION
    if now < ticket.valid_from:
        return Reason.NOT_YET
    return Reason.OVER if now >= ticket.valid_until else None


def passage_refusal(direction: Direction, ticket: TicketStanding) -> Reason | None:
    if direction is Direction.IN:
        return Reason.ALREADY_ADMITTED if ticket.passed else None
    if ticket.inside:
        return None
    return Reason.ALREADY_OUT if ticket.left else Reason.NOT_IN


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that let somebody through. `line` is the stop that stands for all doors of its line."""

    scan_id: int
    line: int
    direction: Direction
    at: datetime


def standing(passages: Iterable[Passage], undone: Collection[int]) -> dict[int, Passage]:
    """The admissions that a booking's good scans, in order of id, amount to: line → the scan that holds it.

    Going out gives up every way in, so that its holder may come back.
    """
    held: dict[int, Passage] = {}
    for passage in passages:
        if passage.scan_id in undone:
            continue
        if passage.direction is Direction.OUT:
            held = {line: each for line, each in held.items() if each.direction is Direction.OUT}
            held[passage.line] = passage
        else:
            held.setdefault(passage.line, passage)
    return held


def refusal_to_undo(admitted: bool, scanned_at: datetime, now: datetime) -> GateRefusal | None:
    if not admitted:
        return GateRefusal.NOT_ADMITTED
    return GateRefusal.TOO_LATE if now > scanned_at + UNDO_WITHIN else None
