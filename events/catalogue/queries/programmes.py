"""Programmes, as the departments that run them see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from events import database
from events.catalogue.ids import known_id
from events.catalogue.queries.detail import DepartmentName
from events.errors import NotFound
from events.people.queries import MAY_EDIT, StaffMember


@dataclass(frozen=True, slots=True)
class ProgrammeRun:
    """`events` is how many events it has, drafts and past ones included."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    host_id: int
    host: str
    summary: str
    note: str
    source: str
    partners: tuple[DepartmentName, ...]
    archived_at: datetime | None
    version: int
    is_demo: bool
    events: int


async def programmes_run_by(
    staff: StaffMember, needed: frozenset[str] = MAY_EDIT, archived: bool = False
) -> list[ProgrammeRun]:
    """By host and name; `archived`: those that were put away, instead of those in use."""
    found = await database.rows(
        f"""{PROGRAMMES} WHERE programme.host = ANY($1::int[]) AND (programme.archived_at IS NOT NULL) = $2
            ORDER BY department.id, programme.name, programme.id""",
        staff.departments(needed),
        archived,
    )
    return [programme(each) for each in found]


async def programme_run_by(staff: StaffMember, programme_id: int, needed: frozenset[str] = MAY_EDIT) -> ProgrammeRun:
    """Raises NotFound."""
    found = await database.row(
        f"{PROGRAMMES} WHERE programme.host = ANY($1::int[]) AND programme.id = $2",
        staff.departments(needed),
        known_id(programme_id),
    )
    if found is None:
        raise NotFound
    return programme(found)


async def host_choices(staff: StaffMember) -> list[DepartmentName]:
    """The departments for which the person may publish."""
    found = await database.rows(
        "SELECT id, name, name_en FROM department WHERE id = ANY($1::int[]) ORDER BY id", staff.departments(MAY_EDIT)
    )
    return [DepartmentName(**each) for each in found]


async def all_departments() -> list[DepartmentName]:
    return [
        DepartmentName(**each) for each in await database.rows("SELECT id, name, name_en FROM department ORDER BY id")
    ]


def programme(found: Any) -> ProgrammeRun:
    partners = msgspec.json.decode(found["partners"], type=tuple[DepartmentName, ...])
    return ProgrammeRun(**{**found, "partners": partners})


PROGRAMMES = """
SELECT programme.id, programme.code, programme.name, programme.name_en, programme.kind, programme.host AS host_id,
       department.name AS host, programme.summary, programme.note, programme.source, programme.archived_at,
       programme.version, programme.is_demo,
       (SELECT count(*) FROM event WHERE event.programme = programme.id) AS events,
       coalesce((SELECT json_agg(json_build_object('id', partner.id, 'name', partner.name, 'name_en', partner.name_en)
                                 ORDER BY partner.id)
                 FROM programme_partner JOIN department AS partner ON partner.id = programme_partner.department
                 WHERE programme_partner.programme = programme.id), '[]') AS partners
FROM programme JOIN department ON department.id = programme.host"""
