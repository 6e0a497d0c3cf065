"""Programmes: the lasting lines of work under which events are published."""

import secrets
from typing import Any

from asyncpg import UniqueViolationError

from events import database
from events.catalogue.actions.check import programme_columns
from events.catalogue.drafts import ProgrammeDraft
from events.catalogue.ids import known_id
from events.catalogue.tables import Programme
from events.errors import Fault, Invalid, NotFound, Stale
from events.people.queries import MAY_EDIT, StaffMember


async def create_programme(staff: StaffMember, draft: ProgrammeDraft) -> int:
    """Its id. Raises Invalid; a host for which the person may not act is NOT_AN_OPTION."""
    async with database.transaction():
        columns = programme_columns(draft, await database.database_now())
        await check_departments(staff, draft)
        code = draft.code or secrets.token_hex(6)
        made = await insert_programme(columns | {"code": code, "is_demo": draft.is_demo})
        await set_partners(made, draft)
        return made


async def insert_programme(columns: dict[str, Any]) -> int:
    try:
        made = await Programme.insert(Programme(**columns)).returning(Programme.id)
    except UniqueViolationError as error:
        raise Invalid({"code": Fault.ALREADY_USED}) from error
    return int(made[0]["id"])


async def edit_programme(staff: StaffMember, programme_id: int, draft: ProgrammeDraft, version: int | None) -> int:
    """Its new version. An empty code keeps the old one. Raises NotFound, Stale, Invalid."""
    async with database.transaction():
        await hold_programme(staff, programme_id, version)
        columns = programme_columns(draft, await database.database_now())
        await check_departments(staff, draft)
        raised = await update_programme(programme_id, columns | ({"code": draft.code} if draft.code else {}))
        await set_partners(programme_id, draft)
        return raised


async def update_programme(programme_id: int, columns: dict[str, Any]) -> int:
    written: dict[Any, Any] = {**columns, Programme.version: Programme.version + 1}
    try:
        raised = await Programme.update(written).where(Programme.id == programme_id).returning(Programme.version)
    except UniqueViolationError as error:
        raise Invalid({"code": Fault.ALREADY_USED}) from error
    return int(raised[0]["version"])


async def archive_programme(staff: StaffMember, programme_id: int) -> None:
    """No new events under it; what is published stays. Done twice, the first time counts. Raises NotFound."""
    async with database.transaction():
        await hold_programme(staff, programme_id)
        await database.rows(
            "UPDATE programme SET archived_at = clock_timestamp() WHERE id = $1 AND archived_at IS NULL", programme_id
        )


async def restore_programme(staff: StaffMember, programme_id: int) -> None:
    """Undoes `archive_programme`. Raises NotFound."""
    async with database.transaction():
        await hold_programme(staff, programme_id)
        await database.rows("UPDATE programme SET archived_at = NULL WHERE id = $1", programme_id)


async def hold_programme(staff: StaffMember, programme_id: int, version: int | None = None) -> dict[str, Any]:
    """The programme, kept from other organizers until the commit. Raises NotFound, Stale."""
    found = await database.row(
        "SELECT id, host, archived_at, version FROM programme WHERE id = $1 FOR NO KEY UPDATE", known_id(programme_id)
    )
    if found is None or not staff.may(MAY_EDIT, found["host"]):
        raise NotFound
    if version is not None and version != found["version"]:
        raise Stale(found["version"])
    return dict(found)


async def check_departments(staff: StaffMember, draft: ProgrammeDraft) -> None:
    if draft.host is None or not staff.may(MAY_EDIT, draft.host):
        raise Invalid({"host": Fault.NOT_AN_OPTION})
    known = await database.rows("SELECT id FROM department")
    if not set(draft.partners) <= {each["id"] for each in known}:
        raise Invalid({"partners": Fault.NOT_AN_OPTION})


async def set_partners(programme_id: int, draft: ProgrammeDraft) -> None:
    partners = sorted(set(draft.partners) - {draft.host})
    await database.rows("DELETE FROM programme_partner WHERE programme = $1", programme_id)
    await database.rows(
        "INSERT INTO programme_partner (programme, department) SELECT $1, unnest($2::int[])", programme_id, partners
    )
