"""A session with its pools, as one JSON value of PostgreSQL and as a dataclass."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.catalogue.availability import SessionFacts, SessionState, places, places_held, places_left, session_state

# Columns of `session`, its pools as JSON; read into StoredSession.
SESSION_COLUMNS = """session.id, session.starts_at, session.ends_at, session.opens_at, session.closes_at,
    session.cancel_until, session.place, session.note, session.version, session.state,
    coalesce((SELECT json_agg(row ORDER BY row.position, row.id) FROM pool AS row WHERE row.session = session.id),
             '[]') AS pools"""


@dataclass(frozen=True, slots=True)
class PoolDetail:
    id: int
    name: str
    choice: str
    note: str
    capacity: int
    taken: int

    @property
    def free(self) -> int:
        return self.capacity - self.taken


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """`place` is where it happens; `own_place` is empty where that is the event's. `held`: bookings with places."""

    id: int
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    place: str
    own_place: str
    note: str
    version: int
    stored_state: str
    state: SessionState
    pools: tuple[PoolDetail, ...]
    places_left: int
    capacity: int
    held: int


@dataclass(frozen=True, slots=True)
class StoredSession:
    id: int
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    place: str
    note: str
    version: int
    state: str
    pools: tuple[PoolDetail, ...]


def detail_fields(
    stored: StoredSession, event_place: str, event_state: str, needs_booking: bool, now: datetime
) -> dict[str, Any]:
    """The fields of a SessionDetail."""
    left = places_left(stored.pools)
    times = (stored.ends_at, stored.opens_at, stored.closes_at)
    copied = ("id", "starts_at", "ends_at", "opens_at", "closes_at", "cancel_until", "note", "version", "pools")
    return {field: getattr(stored, field) for field in copied} | {
        "place": stored.place or event_place,
        "own_place": stored.place,
        "stored_state": stored.state,
        "state": session_state(SessionFacts(event_state, stored.state, needs_booking, *times, left), now),
        "places_left": left,
        "capacity": places(stored.pools),
        "held": places_held(stored.pools),
    }
