"""Changes to what people booked under: the event's own change, its bookings, tickets and letters in one commit."""

from events import database
from events.booking.actions import cancel_all
from events.catalogue import actions as catalogue
from events.catalogue.actions import Changed
from events.catalogue.drafts import EventDraft, SessionDraft
from events.notice.actions import redate_reminders
from events.notice.rules import Held
from events.people.queries import StaffMember
from events.ticket.actions import reissue_for_session


async def edit_event(
    staff: StaffMember, event_id: int, draft: EventDraft, version: int | None, confirmed: bool = False
) -> Changed:
    """As the catalogue's; a change of place is told to everyone who booked."""
    async with database.transaction():
        changed = await catalogue.edit_event(staff, event_id, draft, version, confirmed)
        for session_id in changed.session_ids:
            await tell_of_move(session_id)
        return changed


async def edit_session(
    staff: StaffMember, session_id: int, draft: SessionDraft, version: int | None, confirmed: bool = False
) -> Changed:
    """As the catalogue's; a moved session re-dates its tickets and reminders and tells everyone who booked."""
    async with database.transaction():
        changed = await catalogue.edit_session(staff, session_id, draft, version, confirmed)
        await reissue_for_session(session_id)
        if session_id in changed.session_ids:
            await tell_of_move(session_id)
        return changed


async def postpone_event(staff: StaffMember, event_id: int, reason: str = "") -> Changed:
    """Bookings stay; their reminders are silent while the event is postponed, and everyone is told."""
    async with database.transaction():
        changed = await catalogue.postpone_event(staff, event_id, reason)
        for session_id in changed.session_ids:
            await tell_of_move(session_id)
        return changed


async def cancel_event(staff: StaffMember, event_id: int, reason: str) -> Changed:
    async with database.transaction():
        changed = await catalogue.cancel_event(staff, event_id, reason)
        await cancel_all(changed.session_ids, staff, reason)
        return changed


async def cancel_session(staff: StaffMember, session_id: int, reason: str) -> Changed:
    async with database.transaction():
        changed = await catalogue.cancel_session(staff, session_id, reason)
        await cancel_all(changed.session_ids, staff, reason)
        return changed


async def tell_of_move(session_id: int) -> None:
    """One letter for each booking, and reminders of the new time instead of the old one's."""
    session = await database.row(
        "SELECT version, starts_at, clock_timestamp() AS now FROM session WHERE id = $1", session_id
    )
    if session is not None:
        await redate_reminders(await held_in(session_id), session["version"], session["starts_at"], session["now"])


async def held_in(session_id: int) -> list[Held]:
    found = await database.rows(
        "SELECT id, student FROM booking WHERE session = $1 AND state = 'confirmed' ORDER BY id", session_id
    )
    return [Held(each["id"], each["student"]) for each in found]
