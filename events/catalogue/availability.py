"""How many places a session has left, and the word for how it stands. Pure: `now` is given."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class PoolPlaces(Protocol):
    @property
    def choice(self) -> str: ...
    @property
    def capacity(self) -> int: ...
    @property
    def taken(self) -> int: ...


class PoolOfSession(PoolPlaces, Protocol):
    @property
    def session(self) -> int: ...


class SessionState(StrEnum):
    """How a session, or an event as a whole, stands for somebody who might book."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    WALK_IN = "walk_in"
    FULL = "full"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the state of a session follows from; `event_state` and `state` are the stored words."""

    event_state: str
    state: str
    needs_booking: bool
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    places_left: int


OFF = (SessionState.POSTPONED, SessionState.CANCELLED)
# The best news first: an event stands as its best session does.
BEST_FIRST = (
    SessionState.OPEN,
    SessionState.WALK_IN,
    SessionState.NOT_OPEN,
    SessionState.FULL,
    SessionState.CLOSED,
    SessionState.POSTPONED,
    SessionState.CANCELLED,
    SessionState.ENDED,
)


def places_left(pools: Iterable[PoolPlaces]) -> int:
    """How many more bookings fit: the tightest of the required pools and of the groups of choice; 0 without pools."""
    return min((sum(pool.capacity - pool.taken for pool in group) for group in groups(pools)), default=0)


def places(pools: Iterable[PoolPlaces]) -> int:
    """How many bookings fit when nobody has booked."""
    return min((sum(pool.capacity for pool in group) for group in groups(pools)), default=0)


def places_held(pools: Iterable[PoolPlaces]) -> int:
    """How many bookings hold places: each holds one in every group."""
    return max((sum(pool.taken for pool in group) for group in groups(pools)), default=0)


def held_by_session(pools: Iterable[PoolOfSession]) -> dict[int, int]:
    """How many bookings hold places in each session, by its id."""
    of: dict[int, list[PoolOfSession]] = defaultdict(list)
    for pool in pools:
        of[pool.session].append(pool)
    return {session: places_held(group) for session, group in of.items()}


def groups(pools: Iterable[PoolPlaces]) -> list[list[PoolPlaces]]:
    """Each required pool by itself, and the pools that share a `choice` together."""
    alone: list[list[PoolPlaces]] = []
    shared: dict[str, list[PoolPlaces]] = defaultdict(list)
    for pool in pools:
        if pool.choice:
            shared[pool.choice].append(pool)
        else:
            alone.append([pool])
    return alone + list(shared.values())


def session_state(session: SessionFacts, now: datetime) -> SessionState:
    """What was called off outweighs the clock; then whether it is over; then the booking window and the places.

    A session that took place before its event was called off has ended.
    """
    if session.state in OFF:
        return SessionState(session.state)
    if now >= session.ends_at:
        return SessionState.ENDED
    if session.event_state in OFF:
        return SessionState(session.event_state)
    if not session.needs_booking:
        return SessionState.WALK_IN
    return booking_state(session, now)


def booking_state(session: SessionFacts, now: datetime) -> SessionState:
    if now < session.opens_at:
        return SessionState.NOT_OPEN
    if now >= session.closes_at:
        return SessionState.CLOSED
    return SessionState.OPEN if session.places_left > 0 else SessionState.FULL


def event_state(sessions: Iterable[SessionState]) -> SessionState:
    """How an event stands as a whole: as its best session does; without any, it has ended."""
    present = set(sessions)
    return next((state for state in BEST_FIRST if state in present), SessionState.ENDED)
