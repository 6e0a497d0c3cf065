"""Finding through the viewer, and locking what is about to change.

Order of locks, always: event, then pools by id. The event's row keeps organizers apart; the desk never takes it, and
meets us at the pools.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from events import database
from events.catalogue.changes import CatalogueRefusal
from events.catalogue.ids import known_id
from events.errors import NotFound, Refused, Stale
from events.people.queries import MAY_EDIT, StaffMember


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act came to.

    version: the event's now. session_ids: the sessions whose students must be told, because they moved or were called
    off. already: it had been done before, and nothing was changed.
    """

    event_id: int
    version: int
    session_ids: tuple[int, ...] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class HeldEvent:
    id: int
    programme: int
    host: int
    kind: str
    state: str
    version: int
    needs_booking: bool
    published_at: datetime | None

    @property
    def was_published(self) -> bool:
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class HeldSession:
    id: int
    event: HeldEvent
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    place: str
    note: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class HeldPool:
    id: int
    session: int
    choice: str
    capacity: int
    taken: int


async def hold_event(staff: StaffMember, event_id: int, version: int | None = None) -> HeldEvent:
    """The event, kept from other organizers until the commit. Raises NotFound; Stale unless `version` is today's."""
    found = await database.row(
        """SELECT id, programme, host, kind, state, version, needs_booking, published_at
           FROM event WHERE id = $1 FOR NO KEY UPDATE""",
        known_id(event_id),
    )
    if found is None or not staff.may(MAY_EDIT, found["host"]):
        raise NotFound
    event = HeldEvent(**found)
    if version is not None and version != event.version:
        raise Stale(event.version)
    return event


async def hold_live_event(staff: StaffMember, event_id: int, version: int | None = None) -> HeldEvent:
    """As `hold_event`; raises Refused CANCELLED as well: what was called off is not changed any more."""
    event = await hold_event(staff, event_id, version)
    if event.state == "cancelled":
        raise Refused(CatalogueRefusal.CANCELLED)
    return event


async def hold_session(staff: StaffMember, session_id: int, version: int | None = None) -> HeldSession:
    """The session with its event held. `version` is the event's. Raises NotFound, Stale."""
    event_id = await database.value("SELECT event FROM session WHERE id = $1", known_id(session_id))
    if event_id is None:
        raise NotFound
    event = await hold_event(staff, event_id, version)
    found = await database.row(
        """SELECT id, starts_at, ends_at, opens_at, closes_at, cancel_until, place, note, state, version
           FROM session WHERE id = $1""",
        session_id,
    )
    if found is None:  # removed while we waited for the event
        raise NotFound
    return HeldSession(event=event, **found)


async def hold_pools(session_ids: Iterable[int]) -> list[HeldPool]:
    """The pools of these sessions, kept from the desk until the commit, by id."""
    found = await database.rows(
        """SELECT id, session, choice, capacity, taken FROM pool
           WHERE session = ANY($1::int[]) ORDER BY id FOR NO KEY UPDATE""",
        list(session_ids),
    )
    return [HeldPool(**each) for each in found]


async def raise_version(event_id: int) -> int:
    """Makes every form of this event that is open somewhere stale."""
    raised = await database.value("UPDATE event SET version = version + 1 WHERE id = $1 RETURNING version", event_id)
    return int(raised)


async def record(staff: StaffMember, act: str, subject: str, detail: Mapping[str, Any], reason: str = "") -> None:
    """Adds to the audit. `subject` is such as "event:12"; `detail` holds plain values and times."""
    await database.rows(
        "INSERT INTO audit_entry (staff, act, subject, detail, reason) VALUES ($1, $2, $3, $4, $5)",
        staff.id,
        act,
        subject,
        msgspec.json.encode(detail).decode(),
        reason,
    )
