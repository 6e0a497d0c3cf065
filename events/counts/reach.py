"""Which departments and programmes somebody may count, and how much of them."""

from dataclasses import dataclass

from events import database
from events.counts.figures import CutScope, Named
from events.errors import NotFound
from events.people.queries import MAY_COUNT, StaffMember

SUBTREE = """WITH RECURSIVE below (id) AS (
    SELECT id FROM department WHERE id = $1
    UNION SELECT department.id FROM department JOIN below ON department.parent = below.id)"""


@dataclass(frozen=True, slots=True)
class Reach:
    """hosts: departments whose sessions are counted. partner: the viewer only lends a hand, so small numbers hide."""

    department: Named
    hosts: tuple[int, ...]
    programme: Named | None = None
    partner: bool = False


@dataclass(frozen=True, slots=True)
class ReachedProgramme:
    id: int
    name: str
    name_en: str
    kind: str
    partner_view: bool


async def reach_of(staff: StaffMember, scope: CutScope) -> Reach:
    """Raises NotFound where staff may not count, or the programme is neither run nor partnered there."""
    if not staff.may(MAY_COUNT, scope.department_id):
        raise NotFound
    return await reach_within(scope)


async def reach_within(scope: CutScope) -> Reach:
    """As `reach_of`, for the operator, who needs no role."""
    department = await database.row("SELECT id, name, name_en FROM department WHERE id = $1", scope.department_id)
    if department is None:
        raise NotFound
    named = Named(**department)
    if scope.programme_id is None:
        return Reach(named, await subtree(scope.department_id))
    for each in await programmes_within(scope.department_id):
        if each.id == scope.programme_id:
            hosts = await all_departments() if each.partner_view else await subtree(scope.department_id)
            return Reach(named, hosts, Named(each.id, each.name, each.name_en), each.partner_view)
    raise NotFound


async def countable_departments(staff: StaffMember) -> list[Named]:
    """Departments whose figures staff may see, the upper ones first."""
    found = await database.rows(
        """WITH RECURSIVE tree (id, depth) AS (
               SELECT id, 0 FROM department WHERE parent IS NULL
               UNION ALL SELECT department.id, depth + 1 FROM department JOIN tree ON department.parent = tree.id)
           SELECT id, name, name_en FROM department JOIN tree USING (id) WHERE id = ANY($1) ORDER BY depth, name, id""",
        staff.departments(MAY_COUNT),
    )
    return [Named(**each) for each in found]


async def programmes_in_reach(staff: StaffMember, department_id: int) -> list[ReachedProgramme]:
    """Own programmes, then those that are only partnered. Raises NotFound where staff may not count."""
    if not staff.may(MAY_COUNT, department_id):
        raise NotFound
    return await programmes_within(department_id)


async def programmes_within(department_id: int) -> list[ReachedProgramme]:
    found = await database.rows(
        f"""{SUBTREE}
        SELECT id, name, name_en, kind, NOT own AS partner_view FROM (
            SELECT programme.id, name, name_en, programme.kind,
                   host IN (SELECT id FROM below)
                   OR EXISTS (SELECT FROM event WHERE programme = programme.id AND event.host IN (SELECT id FROM below))
                   AS own,
                   EXISTS (SELECT FROM programme_partner AS partner WHERE partner.programme = programme.id
                           AND partner.department IN (SELECT id FROM below)) AS partnered
            FROM programme) AS known
        WHERE own OR partnered ORDER BY own DESC, name, id""",
        department_id,
    )
    return [ReachedProgramme(**each) for each in found]


async def subtree(department_id: int) -> tuple[int, ...]:
    return tuple(each["id"] for each in await database.rows(f"{SUBTREE} SELECT id FROM below", department_id))


async def all_departments() -> tuple[int, ...]:
    return tuple(each["id"] for each in await database.rows("SELECT id FROM department"))
