"""An event's life: published, put off, called off, taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from events import database
from events.catalogue.actions.check import reason_line
from events.catalogue.actions.hold import (
    Changed,
    HeldEvent,
    hold_event,
    hold_live_event,
    hold_pools,
    raise_version,
    record,
)
from events.catalogue.availability import held_by_session
from events.catalogue.changes import CatalogueRefusal, SessionOutline, missing_to_publish
from events.errors import Refused
from events.people.queries import StaffMember


async def publish_event(staff: StaffMember, event_id: int) -> Changed:
    """Shows the event to students; also what was postponed, once it has a new date. Done twice, the first time counts.

    Raises NotFound, Refused: CANCELLED, ARCHIVED, NO_FUTURE_SESSION, SESSION_WITHOUT_POOL(session_id).
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id)
        if event.state == "published":
            return Changed(event.id, event.version, already=True)
        if await database.value("SELECT archived_at FROM programme WHERE id = $1", event.programme):
            raise Refused(CatalogueRefusal.ARCHIVED)
        await check_publishable(event.id, event.needs_booking)
        await database.rows(
            """UPDATE event SET state = 'published', published_at = coalesce(published_at, clock_timestamp())
               WHERE id = $1""",
            event.id,
        )
        return await told(staff, event, "event.publish")


async def unpublish_event(staff: StaffMember, event_id: int) -> Changed:
    """Undoes the publishing while nobody holds a place. Done twice, the first time counts.

    Raises NotFound, Refused: NOT_PUBLISHED, HAS_BOOKINGS(bookings).
    """
    async with database.transaction():
        event = await hold_event(staff, event_id)
        if event.state == "draft":
            return Changed(event.id, event.version, already=True)
        if event.state != "published":
            raise Refused(CatalogueRefusal.NOT_PUBLISHED)
        sessions = await database.rows("SELECT id FROM session WHERE event = $1", event.id)
        held = sum(held_by_session(await hold_pools(each["id"] for each in sessions)).values())
        if held:
            raise Refused(CatalogueRefusal.HAS_BOOKINGS, bookings=held)
        # published_at stays: a booking that was cancelled meanwhile may hold answers to the questions.
        await database.rows("UPDATE event SET state = 'draft' WHERE id = $1", event.id)
        return await told(staff, event, "event.unpublish")


async def postpone_event(staff: StaffMember, event_id: int, reason: str = "") -> Changed:
    """Puts off the event and its sessions ahead, to a date that is not known yet. Done twice, the first time counts.

    Raises NotFound, Invalid, Refused: CANCELLED, NOT_PUBLISHED.
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id)
        if event.state == "postponed":
            return Changed(event.id, event.version, already=True)
        if event.state == "draft":
            raise Refused(CatalogueRefusal.NOT_PUBLISHED)
        return await call_off(staff, event, "postponed", reason_line(reason, needed=False))


async def cancel_event(staff: StaffMember, event_id: int, reason: str) -> Changed:
    """Calls off the event and all its sessions ahead; those that took place stay. Done twice, the first time counts.

    Raises NotFound, Invalid on `reason`.
    """
    async with database.transaction():
        event = await hold_event(staff, event_id)
        if event.state == "cancelled":
            return Changed(event.id, event.version, already=True)
        return await call_off(staff, event, "cancelled", reason_line(reason, needed=True))


async def call_off(staff: StaffMember, event: HeldEvent, state: str, reason: str) -> Changed:
    ahead = await database.rows(
        """SELECT id FROM session WHERE event = $1 AND ends_at > clock_timestamp() AND state <> 'cancelled'
           AND state <> $2 ORDER BY id""",
        event.id,
        state,
    )
    session_ids = [each["id"] for each in ahead]
    await hold_pools(session_ids)  # the desk has finished its turn, and its next one reads the new state
    await database.rows("UPDATE event SET state = $2 WHERE id = $1", event.id, state)
    await database.rows(
        "UPDATE session SET state = $2, version = version + 1 WHERE id = ANY($1::int[])", session_ids, state
    )
    return await told(staff, event, f"event.{state}", reason, session_ids)


async def told(
    staff: StaffMember, event: HeldEvent, act: str, reason: str = "", session_ids: Sequence[int] = ()
) -> Changed:
    """Puts the act into the audit, and makes older forms stale."""
    detail: Mapping[str, Any] = {"was": event.state, "sessions": list(session_ids)}
    await record(staff, act, f"event:{event.id}", detail, reason)
    return Changed(event.id, await raise_version(event.id), tuple(session_ids))


async def check_publishable(event_id: int, needs_booking: bool) -> None:
    """Raises Refused with the first thing that is missing."""
    missing = missing_to_publish(needs_booking, await outlines(event_id), await database.database_now())
    if missing:
        raise Refused(missing[0].reason, session_id=missing[0].session_id)


async def outlines(event_id: int) -> list[SessionOutline]:
    found = await database.rows(
        """SELECT id, state, ends_at, (SELECT count(*) FROM pool WHERE pool.session = session.id) AS pools
           FROM session WHERE event = $1 ORDER BY starts_at, id""",
        event_id,
    )
    return [SessionOutline(**each) for each in found]
