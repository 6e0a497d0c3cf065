"""Rows of sessions and their pools, written many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from events import database
from events.catalogue.actions.check import pool_columns
from events.catalogue.actions.hold import HeldEvent
from events.catalogue.drafts import PoolDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import pools_of
from events.catalogue.rules import MAX_SESSIONS
from events.errors import Fault, Invalid

TIMES = ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until")
SAME = ("starts_at", "ends_at", "place", "note")


def pools_wanted(event: HeldEvent, pools: Sequence[PoolDraft] | None) -> list[dict[str, Any]]:
    """As columns. Raises Invalid."""
    if pools is None:
        return pool_columns(pools_of(Kind(event.kind)) if event.needs_booking else ())
    return pool_columns(pools)


async def check_room(event_id: int, more: int) -> None:
    """Raises Invalid on `sessions` where the event would have too many."""
    if await database.value("SELECT count(*) FROM session WHERE event = $1", event_id) + more > MAX_SESSIONS:
        raise Invalid({"sessions": Fault.TOO_MANY})


async def same_sessions(event_id: int, drafts: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each draft the session of the same times, place and note that is there already."""
    found = await database.rows(
        f"SELECT id, {', '.join(SAME)} FROM session WHERE event = $1 AND state <> 'cancelled' ORDER BY id DESC",
        event_id,
    )
    known = {tuple(each[field] for field in SAME): each["id"] for each in found}
    return [known.get(tuple(each[field] for field in SAME)) for each in drafts]


async def write_sessions(event_id: int, drafts: Sequence[Mapping[str, Any]]) -> list[int]:
    """Their ids, in the order of the drafts."""
    ids = await fresh_ids("session", len(drafts))
    await database.rows(
        """INSERT INTO session (event, id, place, note, starts_at, ends_at, opens_at, closes_at, cancel_until)
           SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                                    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])""",
        event_id,
        ids,
        *([each[field] for each in drafts] for field in ("place", "note", *TIMES)),
    )
    return ids


async def write_pools(session_ids: Sequence[int], pools: Sequence[Mapping[str, Any]]) -> None:
    """The same pools for each of the sessions."""
    await database.rows(
        """INSERT INTO pool (session, name, choice, note, position, capacity)
           SELECT session, wanted.* FROM unnest($1::int[]) AS session,
                  unnest($2::text[], $3::text[], $4::text[], $5::smallint[], $6::int[]) AS wanted
           ORDER BY session, 5""",
        list(session_ids),
        *([each[field] for each in pools] for field in ("name", "choice", "note", "position", "capacity")),
    )


async def fresh_ids(table: str, number: int) -> list[int]:
    """So many unused ids of the table, ascending."""
    found = await database.rows(
        "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2::int)", table, number
    )
    return sorted(each["id"] for each in found)
