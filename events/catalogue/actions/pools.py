"""Pools: the places of a session, changed while students book."""

from collections.abc import Mapping, Sequence
from typing import Any

from events import database
from events.catalogue.actions.check import pool_columns
from events.catalogue.actions.hold import (
    Changed,
    HeldPool,
    HeldSession,
    hold_pools,
    hold_session,
    raise_version,
    record,
)
from events.catalogue.actions.session_rows import write_pools
from events.catalogue.changes import CatalogueRefusal
from events.catalogue.drafts import PoolDraft
from events.errors import Fault, Invalid, Refused, Stale
from events.people.queries import StaffMember


async def set_pools(
    staff: StaffMember, session_id: int, drafts: Sequence[PoolDraft], version: int | None = None
) -> Changed:
    """The pools of the session, in the order of the drafts; those that no draft names by id are removed.

    `version` is the event's. Raises NotFound, Stale (an id that is not of this session, too), Invalid with detail
    `taken` (by pool id): BELOW_TAKEN on `pools.<place>.capacity`, or on `pools` where one in use would go; ALREADY_USED
    on `pools.<place>.choice` where bookings hold it. Refused CANCELLED, SESSION_WITHOUT_POOL.
    """
    async with database.transaction():
        session = await hold_session(staff, session_id, version)
        refuse_unusable(session, drafts)
        columns = pool_columns(drafts)
        held = {pool.id: pool for pool in await hold_pools([session_id])}
        if {draft.id for draft in drafts if draft.id is not None} - held.keys():
            raise Stale(session.event.version)
        refuse_below_taken(drafts, columns, held)
        await write(session_id, drafts, columns)
        if session.event.was_published:
            detail = {"session": session_id, "was": list(held.values()), "is": columns}
            await record(staff, "pools.set", f"event:{session.event.id}", detail)
        return Changed(session.event.id, await raise_version(session.event.id))


def refuse_unusable(session: HeldSession, drafts: Sequence[PoolDraft]) -> None:
    if "cancelled" in (session.state, session.event.state):
        raise Refused(CatalogueRefusal.CANCELLED)
    if not drafts and session.event.needs_booking and session.event.state != "draft":
        raise Refused(CatalogueRefusal.SESSION_WITHOUT_POOL, session_id=session.id)


def refuse_below_taken(
    drafts: Sequence[PoolDraft], columns: Sequence[Mapping[str, Any]], held: Mapping[int, HeldPool]
) -> None:
    found: dict[str, Fault] = {}
    for place, (draft, column) in enumerate(zip(drafts, columns, strict=True)):
        pool = held.get(draft.id) if draft.id else None
        if pool and column["capacity"] < pool.taken:
            found[f"pools.{place}.capacity"] = Fault.BELOW_TAKEN
        if pool and pool.taken and column["choice"] != pool.choice:
            found[f"pools.{place}.choice"] = Fault.ALREADY_USED
    kept = {draft.id for draft in drafts}
    if any(pool.taken for pool in held.values() if pool.id not in kept):
        found["pools"] = Fault.BELOW_TAKEN
    if found:
        raise Invalid(found, taken={pool.id: pool.taken for pool in held.values() if pool.taken})


async def write(session_id: int, drafts: Sequence[PoolDraft], columns: Sequence[Mapping[str, Any]]) -> None:
    """`taken` is never written here: it is the desk's."""
    pairs = list(zip(drafts, columns, strict=True))
    kept = [(draft.id, column) for draft, column in pairs if draft.id is not None]
    ids = [pool_id for pool_id, _ in kept]
    await database.rows("DELETE FROM pool WHERE session = $1 AND id <> ALL($2::int[])", session_id, ids)
    await database.rows(
        """UPDATE pool SET name = new.name, choice = new.choice, note = new.note, position = new.position,
                  capacity = new.capacity
           FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::int[])
                AS new (id, name, choice, note, position, capacity)
           WHERE pool.id = new.id""",
        ids,
        *([column[field] for _, column in kept] for field in ("name", "choice", "note", "position", "capacity")),
    )
    await write_pools([session_id], [column for draft, column in pairs if draft.id is None])
