"""Where people are scanned: an organizer's stops, or the usual ones of the kind.

Stops with the same position and direction are doors of one line: a ticket passes the line once, by whichever door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from events import database
from events.catalogue.actions.hold import record
from events.catalogue.kinds import Kind, preset_of
from events.errors import Fault, Invalid, NotFound
from events.gate.queries import StopRow, stops_of
from events.gate.rules import Direction
from events.people.names import BadText, TextFault, clean_line
from events.people.queries import MAY_EDIT, StaffMember

MOST_STOPS: Final = 50  # of one event
NAME_MOST: Final = 60  # characters
POSITIONS: Final = range(1000)


@dataclass(frozen=True, slots=True)
class StopDraft:
    """`id` is None for a new stop. `position` orders the lines of a tour; `direction` is "in" or "out"."""

    name: str
    position: int = 0
    counts: bool = True
    direction: str = "in"
    id: int | None = None


async def set_stops(staff: StaffMember, event_id: int, drafts: Sequence[StopDraft]) -> list[StopRow]:
    """Makes the event's stops be these. What is left out is retired, never deleted: scans rest on it.

    A stop that changes direction after it was scanned at is retired and replaced. When a stop begins or ceases to
    count, the event's sessions are settled again. Raises NotFound (not this editor's event, or no stop of it), Invalid
    with fields such as "stops.0.name".
    """
    if problems := problems_of(drafts):
        raise Invalid(problems)
    async with database.transaction():
        await lock_event(staff, event_id)
        present = {each.id: each for each in await stops_of(staff, event_id)}
        if not {draft.id for draft in drafts if draft.id is not None} <= present.keys():
            raise NotFound
        kept = [draft for draft in drafts if draft.id is not None and keeps(present[draft.id], draft)]
        await retire_others(event_id, [draft.id for draft in kept if draft.id is not None])
        await update(kept)
        await add(event_id, [draft for draft in drafts if draft not in kept])
        if any(present[draft.id].counts != draft.counts for draft in kept if draft.id is not None):
            await settle_again(event_id)
        await record(staff, "stops.set", f"event:{event_id}", {"stops": [draft.name for draft in drafts]})
        return await stops_of(staff, event_id)


async def ensure_stops(event_id: int) -> None:
    """Gives an event without any stop the usual ones of its kind. Pressed twice is the same. NotFound: no event."""
    async with database.transaction():
        kind = await database.value("SELECT kind FROM event WHERE id = $1 FOR NO KEY UPDATE", event_id)
        if kind is None:
            raise NotFound
        if not await database.value("SELECT EXISTS (SELECT FROM stop WHERE event = $1)", event_id):
            usual = preset_of(Kind(kind)).stops
            await add(
                event_id,
                [StopDraft(each.name, position, each.counts, each.direction) for position, each in enumerate(usual)],
            )


def problems_of(drafts: Sequence[StopDraft]) -> dict[str, Fault]:
    problems: dict[str, Fault] = {}
    if not drafts:
        problems["stops"] = Fault.MISSING
    if len(drafts) > MOST_STOPS:
        problems["stops"] = Fault.TOO_MANY
    ids = [draft.id for draft in drafts if draft.id is not None]
    if len(set(ids)) < len(ids):
        problems["stops"] = Fault.ALREADY_USED
    for at, draft in enumerate(drafts):
        for field, fault in draft_problems(draft).items():
            problems[f"stops.{at}.{field}"] = fault
    return problems


def draft_problems(draft: StopDraft) -> dict[str, Fault]:
    problems: dict[str, Fault] = {}
    try:
        if not clean_line(draft.name, most=NAME_MOST):
            problems["name"] = Fault.MISSING
    except BadText as error:
        problems["name"] = Fault.TOO_LONG if error.reason is TextFault.TOO_LONG else Fault.BAD_CHARACTER
    if draft.direction not in set(Direction):
        problems["direction"] = Fault.NOT_AN_OPTION
    if draft.position not in POSITIONS:
        problems["position"] = Fault.TOO_LOW if draft.position < 0 else Fault.TOO_HIGH
    return problems


def keeps(stop: StopRow, draft: StopDraft) -> bool:
    return stop.scans == 0 or stop.direction == draft.direction


async def lock_event(staff: StaffMember, event_id: int) -> None:
    host = await database.value("SELECT host FROM event WHERE id = $1 FOR NO KEY UPDATE", event_id)
    if host is None or not staff.may(MAY_EDIT, host):
        raise NotFound


async def retire_others(event_id: int, kept: Sequence[int]) -> None:
    await database.rows(
        "UPDATE stop SET retired_at = now() WHERE event = $1 AND retired_at IS NULL AND id <> ALL($2::int[])",
        event_id,
        kept,
    )


async def settle_again(event_id: int) -> None:
    await database.rows("UPDATE session SET settled_at = NULL WHERE event = $1 AND settled_at IS NOT NULL", event_id)


async def update(drafts: Sequence[StopDraft]) -> None:
    await database.rows(
        """UPDATE stop SET name = draft.name, position = draft.position, counts = draft.counts,
                  direction = draft.direction, retired_at = NULL
           FROM unnest($1::int[], $2::text[], $3::smallint[], $4::bool[], $5::text[])
                AS draft (id, name, position, counts, direction) WHERE stop.id = draft.id""",
        [draft.id for draft in drafts],
        *columns(drafts),
    )


async def add(event_id: int, drafts: Sequence[StopDraft]) -> None:
    await database.rows(
        """INSERT INTO stop (event, name, position, counts, direction)
           SELECT $1, * FROM unnest($2::text[], $3::smallint[], $4::bool[], $5::text[])""",
        event_id,
        *columns(drafts),
    )


def columns(drafts: Sequence[StopDraft]) -> tuple[list[str], list[int], list[bool], list[str]]:
    return (
        [clean_line(draft.name, most=NAME_MOST) for draft in drafts],
        [draft.position for draft in drafts],
        [draft.counts for draft in drafts],
        [draft.direction for draft in drafts],
    )
