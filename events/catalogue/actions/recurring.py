"""Many sessions at once, by a rule that has an end."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from events import database
from events.catalogue.actions.check import session_columns
from events.catalogue.actions.hold import hold_live_event
from events.catalogue.actions.session_rows import check_room, pools_wanted, same_sessions, write_pools, write_sessions
from events.catalogue.drafts import PoolDraft, SessionTerms
from events.catalogue.recurrence import BadRecurrence, Recurrence, RecurrenceFault, expand
from events.errors import Fault, Invalid
from events.people.queries import StaffMember

LONGEST_TERM = timedelta(days=366)  # that booking may open, or close, before a session

# Which field of the form a rule's fault belongs to; the page finds the sentence by the RecurrenceFault itself.
FIELDS = {
    RecurrenceFault.NO_END: ("until", Fault.NO_END),
    RecurrenceFault.END_BEFORE_START: ("until", Fault.BEFORE_START),
    RecurrenceFault.OUTSIDE_CALENDAR: ("until", Fault.NOT_A_DATE),
    RecurrenceFault.TOO_LONG: ("until", Fault.TOO_HIGH),
    RecurrenceFault.TOO_MANY: ("until", Fault.TOO_MANY),
    RecurrenceFault.INTERVAL_OUT_OF_RANGE: ("interval", Fault.NOT_AN_OPTION),
    RecurrenceFault.WEEKDAY_OUT_OF_RANGE: ("weekdays", Fault.NOT_AN_OPTION),
    RecurrenceFault.MONTH_DAY_OUT_OF_RANGE: ("month_days", Fault.NOT_AN_OPTION),
    RecurrenceFault.DURATION_OUT_OF_RANGE: ("duration", Fault.TOO_HIGH),
    RecurrenceFault.TOO_MANY_EXCEPTIONS: ("excluded", Fault.TOO_MANY),
    RecurrenceFault.RANGE_REVERSED: ("skip_ranges", Fault.BEFORE_START),
}


async def add_sessions_by_recurrence(
    staff: StaffMember,
    event_id: int,
    rule: Recurrence,
    first: date,
    terms: SessionTerms,
    pools: Sequence[PoolDraft] | None = None,
) -> list[int]:
    """Their ids, by date: at most 366. Sessions that are there already are counted in and left as they are.

    `pools`: as for `add_session`. Raises NotFound, Refused CANCELLED, Invalid: of the rule (detail `rule`: its
    RecurrenceFault), of the times of one session (detail `starts_at`: which), `sessions` TOO_MANY.
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id)
        now = await database.database_now()
        columns = [columns_of(terms, starts, ends, now) for starts, ends in dates(rule, first)]
        wanted = pools_wanted(event, pools)
        known = await same_sessions(event_id, columns)
        fresh = [each for each, twin in zip(columns, known, strict=True) if twin is None]
        await check_room(event_id, len(fresh))
        made = await write_sessions(event_id, fresh)
        await write_pools(made, wanted)
        new = iter(made)
        return [next(new) if twin is None else twin for twin in known]


def dates(rule: Recurrence, first: date) -> list[tuple[datetime, datetime]]:
    try:
        return expand(rule, first)
    except BadRecurrence as error:
        field, fault = FIELDS.get(error.reason, ("first", Fault.NOT_A_DATE))
        raise Invalid({field: fault}, rule=error.reason) from error


def columns_of(terms: SessionTerms, starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, Any]:
    for field in ("opens_before", "closes_before", "cancel_before"):
        if abs(getattr(terms, field)) > LONGEST_TERM:
            raise Invalid({field: Fault.TOO_HIGH})
    try:
        return session_columns(terms.draft(starts_at, ends_at), now)
    except Invalid as error:
        raise Invalid(error.problems, starts_at=starts_at) from error
