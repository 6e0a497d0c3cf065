"""Sessions: added, moved, called off, taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asyncpg import ForeignKeyViolationError

from events import database
from events.catalogue.actions.check import reason_line, session_columns
from events.catalogue.actions.hold import (
    Changed,
    HeldSession,
    hold_live_event,
    hold_pools,
    hold_session,
    raise_version,
    record,
)
from events.catalogue.actions.session_rows import check_room, pools_wanted, same_sessions, write_pools, write_sessions
from events.catalogue.availability import places_held
from events.catalogue.changes import BOOKED_UNDER_SESSION, CatalogueRefusal, changed_fields
from events.catalogue.drafts import PoolDraft, SessionDraft
from events.catalogue.rules import EARLIEST
from events.catalogue.tables import Session
from events.errors import NeedsConfirmation, Refused
from events.people.queries import StaffMember


async def add_session(
    staff: StaffMember,
    event_id: int,
    draft: SessionDraft,
    pools: Sequence[PoolDraft] | None = None,
    *,
    as_of: datetime | None = None,
) -> int:
    """Its id. `pools`: None takes those of the kind's preset, or none where nothing is booked.

    Pressed twice is one session: one of the same times, place and note is returned as it is.
    `as_of` is the moment to judge by when it is not now (demo data): what was over then is refused.
    Raises NotFound, Invalid, Refused CANCELLED.
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id)
        columns = session_columns(draft, as_of or await database.database_now())
        wanted = pools_wanted(event, pools)
        [twin] = await same_sessions(event_id, [columns])
        if twin is not None:
            return twin
        await check_room(event_id, 1)
        made = await write_sessions(event_id, [columns])
        await write_pools(made, wanted)
        return made[0]


async def edit_session(
    staff: StaffMember, session_id: int, draft: SessionDraft, version: int | None, confirmed: bool = False
) -> Changed:
    """Takes over the draft; booking times left empty stay. A postponed session is back on, at the dates of the draft.

    `version` is the event's. The session's own rises when it moves, so that reminders of the old time die.
    Raises NotFound, Stale, Invalid, Refused (CANCELLED, ENDED), NeedsConfirmation(bookings, sessions, changes).
    """
    async with database.transaction():
        session = await hold_uncancelled(staff, session_id, version)
        now = await database.database_now()
        columns = session_columns(kept(draft, session), now if new_times(draft, session) else EARLIEST)
        before = {field: getattr(session, field) for field in columns}
        changes = changed_fields(before, columns)
        affecting = tuple(field for field in changes if field in BOOKED_UNDER_SESSION)
        if session.ends_at <= now and affecting:
            raise Refused(CatalogueRefusal.ENDED)
        await ask_first(session_id, affecting, confirmed)
        is_moved = bool(affecting) or session.state == "postponed"
        await write_session(session, columns, is_moved)
        if session.event.was_published and changes:
            detail = {field: [before[field], columns[field]] for field in changes}
            await record(staff, "session.edit", f"event:{session.event.id}", {"session": session_id} | detail)
        return Changed(session.event.id, await raise_version(session.event.id), (session_id,) if is_moved else ())


async def cancel_session(staff: StaffMember, session_id: int, reason: str) -> Changed:
    """Calls off one session ahead. Done twice, the first time counts.

    Raises NotFound, Invalid on `reason`, Refused ENDED.
    """
    async with database.transaction():
        session = await hold_session(staff, session_id)
        if session.state == "cancelled":
            return Changed(session.event.id, session.event.version, already=True)
        why = reason_line(reason, needed=True)
        if session.ends_at <= await database.database_now():
            raise Refused(CatalogueRefusal.ENDED)
        await hold_pools([session_id])  # the desk has finished its turn, and its next one reads the new state
        await database.rows("UPDATE session SET state = 'cancelled', version = version + 1 WHERE id = $1", session_id)
        await record(staff, "session.cancel", f"event:{session.event.id}", {"session": session_id}, why)
        return Changed(session.event.id, await raise_version(session.event.id), (session_id,))


async def remove_session(staff: StaffMember, session_id: int) -> None:
    """Takes away a session that nobody ever booked. Raises NotFound, Refused HAS_BOOKINGS(bookings)."""
    async with database.transaction():
        session = await hold_session(staff, session_id)
        held = places_held(await hold_pools([session_id]))
        if held:
            raise Refused(CatalogueRefusal.HAS_BOOKINGS, bookings=held)
        try:
            await database.rows("DELETE FROM pool WHERE session = $1", session_id)
            await database.rows("DELETE FROM session WHERE id = $1", session_id)
        except ForeignKeyViolationError as error:  # cancelled bookings, scans: later rooms that this one does not know
            raise Refused(CatalogueRefusal.HAS_BOOKINGS, bookings=0) from error
        if session.event.was_published:
            detail = {"session": session_id, "starts_at": session.starts_at}
            await record(staff, "session.remove", f"event:{session.event.id}", detail)
        await raise_version(session.event.id)


async def hold_uncancelled(staff: StaffMember, session_id: int, version: int | None) -> HeldSession:
    session = await hold_session(staff, session_id, version)
    if "cancelled" in (session.state, session.event.state):
        raise Refused(CatalogueRefusal.CANCELLED)
    return session


def kept(draft: SessionDraft, session: HeldSession) -> SessionDraft:
    return replace(
        draft,
        opens_at=draft.opens_at or session.opens_at,
        closes_at=draft.closes_at or session.closes_at,
        cancel_until=draft.cancel_until or session.cancel_until,
    )


def new_times(draft: SessionDraft, session: HeldSession) -> bool:
    return (draft.starts_at, draft.ends_at) != (session.starts_at, session.ends_at)


async def ask_first(session_id: int, affecting: Sequence[str], confirmed: bool) -> None:
    held = places_held(await hold_pools([session_id]))
    if held and affecting and not confirmed:
        raise NeedsConfirmation(bookings=held, sessions=1, changes=tuple(affecting))


async def write_session(session: HeldSession, columns: Mapping[str, Any], is_moved: bool) -> None:
    written: dict[Any, Any] = {**columns, "state": "scheduled", "version": session.version + is_moved}
    await Session.update(written).where(Session.id == session.id)
