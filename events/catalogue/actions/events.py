"""Events: made, edited, and told whom they are for."""

from collections.abc import Mapping, Sequence
from typing import Any

from events import database
from events.catalogue import eligibility
from events.catalogue.actions.check import event_columns
from events.catalogue.actions.hold import (
    Changed,
    HeldEvent,
    HeldPool,
    hold_live_event,
    hold_pools,
    raise_version,
    record,
)
from events.catalogue.actions.programmes import hold_programme
from events.catalogue.actions.publishing import check_publishable
from events.catalogue.actions.questions import write_questions
from events.catalogue.availability import held_by_session
from events.catalogue.changes import BOOKED_UNDER_EVENT, CatalogueRefusal, changed_fields
from events.catalogue.drafts import EventDraft, QuestionDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import questions_of
from events.catalogue.tables import Event
from events.errors import NeedsConfirmation, Refused
from events.people.queries import StaffMember

ADMISSION = frozenset({"admission", "needs_booking"})  # how places are given cannot change under those who hold one


async def create_event(
    staff: StaffMember, programme_id: int, draft: EventDraft, questions: Sequence[QuestionDraft] | None = None
) -> int:
    """A draft of the programme's host; its id. `questions`: None takes those of the kind's preset.

    Raises NotFound, Invalid, Refused ARCHIVED.
    """
    async with database.transaction():
        programme = await hold_programme(staff, programme_id)
        if programme["archived_at"] is not None:
            raise Refused(CatalogueRefusal.ARCHIVED)
        columns = event_columns(draft, await database.database_now())
        made = await Event.insert(
            Event(
                **columns,
                programme=programme_id,
                host=programme["host"],
                created_by=staff.id,
                is_demo=draft.is_demo,
            )
        ).returning(Event.id)
        event_id = int(made[0]["id"])
        await write_questions(event_id, questions_of(Kind(draft.kind)) if questions is None else questions)
        return event_id


async def edit_event(
    staff: StaffMember, event_id: int, draft: EventDraft, version: int | None, confirmed: bool = False
) -> Changed:
    """Takes over the draft; with the place, the sessions held there move, and their version rises.

    Raises NotFound, Stale, Invalid, Refused (CANCELLED; HAS_BOOKINGS when the way of admission would change under them;
    what publishing asks for), NeedsConfirmation(bookings, sessions, changes).
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id, version)
        columns = event_columns(draft, await database.database_now())
        found = await database.row(f"SELECT {', '.join(columns)} FROM event WHERE id = $1", event_id)
        before = dict(found or {})
        changes = changed_fields(before, columns)
        moved = await sessions_moved(event, changes) if event.was_published else []
        pools = await hold_pools(await session_ids(event_id) if ADMISSION & set(changes) else moved)
        refuse_other_admission(changes, pools)
        ask_first(changes, moved, pools, confirmed)
        await write_event(event_id, columns, moved)
        if event.state != "draft" and "needs_booking" in changes:
            await check_publishable(event_id, columns["needs_booking"])
        if event.was_published and changes:
            await record(staff, "event.edit", f"event:{event_id}", difference(before, columns, changes))
        return Changed(event_id, event.version + 1, tuple(moved))


async def set_eligibility(
    staff: StaffMember, event_id: int, rule: eligibility.Eligibility, version: int | None = None
) -> Changed:
    """Whom the event is for, from now on: bookings that were made stay. Raises NotFound, Stale, Invalid, Refused."""
    async with database.transaction():
        event = await hold_live_event(staff, event_id, version)
        text = eligibility.to_json(eligibility.cleaned(rule))
        before = await database.value("SELECT eligibility FROM event WHERE id = $1", event_id)
        await database.rows("UPDATE event SET eligibility = $2 WHERE id = $1", event_id, text)
        if event.was_published:
            was = eligibility.to_json(eligibility.from_json(before))
            await record(staff, "event.edit", f"event:{event_id}", {"eligibility": [was, text]})
        return Changed(event_id, await raise_version(event_id))


async def sessions_moved(event: HeldEvent, changes: Sequence[str]) -> list[int]:
    """The sessions ahead that are held at the event's own place, when that changes."""
    if not set(changes) & set(BOOKED_UNDER_EVENT):
        return []
    found = await database.rows(
        """SELECT id FROM session WHERE event = $1 AND place = '' AND state <> 'cancelled'
           AND ends_at > clock_timestamp() ORDER BY id""",
        event.id,
    )
    return [each["id"] for each in found]


async def session_ids(event_id: int) -> list[int]:
    return [each["id"] for each in await database.rows("SELECT id FROM session WHERE event = $1", event_id)]


def refuse_other_admission(changes: Sequence[str], pools: Sequence[HeldPool]) -> None:
    held = sum(held_by_session(pools).values())
    if held and ADMISSION & set(changes):
        raise Refused(CatalogueRefusal.HAS_BOOKINGS, bookings=held)


def ask_first(changes: Sequence[str], moved: Sequence[int], pools: Sequence[HeldPool], confirmed: bool) -> None:
    held = {session: number for session, number in held_by_session(pools).items() if number and session in moved}
    if held and not confirmed:
        affecting = tuple(field for field in changes if field in BOOKED_UNDER_EVENT)
        raise NeedsConfirmation(bookings=sum(held.values()), sessions=len(held), changes=affecting)


async def write_event(event_id: int, columns: Mapping[str, Any], moved: Sequence[int]) -> None:
    written: dict[Any, Any] = {**columns, Event.version: Event.version + 1}
    await Event.update(written).where(Event.id == event_id)
    await database.rows("UPDATE session SET version = version + 1 WHERE id = ANY($1::int[])", list(moved))


def difference(before: Mapping[str, Any], after: Mapping[str, Any], changes: Sequence[str]) -> dict[str, Any]:
    """Of each changed field, what it was and what it is."""
    return {field: [before[field], after[field]] for field in changes}
