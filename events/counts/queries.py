"""The cut: figures of a department for a period, by programme, kind, month or college."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from events import database
from events.catalogue.kinds import KIND_NAMES, Kind
from events.counts.definitions import DEFINITIONS, N_, SOURCES
from events.counts.figures import OTHER, By, Compared, Cut, CutScope, Row
from events.counts.groups import Group, Groups, held_sessions, read_groups
from events.counts.periods import last_year, previous, whole_months
from events.counts.reach import Reach, reach_of
from events.counts.rules import attendance_rate, changes, period_problems, suppressed
from events.errors import Invalid
from events.people.queries import StaffMember

ZONE = "Asia/Shanghai"
TOTAL_LABEL, OTHER_LABEL, NO_COLLEGE = N_("合计"), N_("其他"), N_("未填学院")
Label = tuple[str, str]  # Chinese, English; English empty where the Chinese is a message id


async def cut(staff: StaffMember, scope: CutScope, by: By = By.NONE, most: int | None = None, zone: str = ZONE) -> Cut:
    """Rows and total of what began in the period, as of one moment of the database's clock.

    most: rows beyond this many become one row OTHER. A body that only partners the programme of the scope sees whole
    months, without numbers under five. Raises NotFound (not theirs), Invalid (until_day before from_day, or the period
    too long). Opens a transaction of its own kind: call it outside any other.
    """
    return await cut_within(await reach_of(staff, checked(scope)), scope, by, most, zone)


async def cut_within(reach: Reach, scope: CutScope, by: By, most: int | None = None, zone: str = ZONE) -> Cut:
    if reach.partner:
        from_day, until_day = whole_months(scope.from_day, scope.until_day)
        scope = replace(scope, from_day=from_day, until_day=until_day)
    async with one_moment() as cut_at:
        groups = await read_groups(reach.hosts, scope, by, zone)
        labels = await labels_of(groups, by)
        sessions = await held_sessions(reach.hosts, scope, zone) if by is By.COLLEGE else None
    rows, total = table(groups, labels, by, most)
    if sessions is not None:
        total = replace(total, sessions=sessions)
    if reach.partner:
        rows, total = suppressed(rows, total)
    return Cut(
        scope=scope,
        by=by,
        department=reach.department,
        programme=reach.programme,
        rows=tuple(rows),
        total=total,
        cut_at=cut_at,
        definitions=tuple(DEFINITIONS.values()),
        sources=SOURCES,
        partner_view=reach.partner,
    )


async def compared(staff: StaffMember, now: Cut, zone: str = ZONE) -> Compared:
    """The total of a cut beside last year's and the previous period's. Raises as `cut`."""
    scope = now.scope
    reach = await reach_of(staff, scope)
    period = scope.from_day, scope.until_day, local_day(now.cut_at, zone)
    of_year_ago, of_before = [
        await cut_within(reach, replace(scope, from_day=first, until_day=last), By.NONE, zone=zone)
        for first, last in (last_year(*period), previous(*period))
    ]
    return Compared(
        now=now.total,
        last_year=of_year_ago.total,
        previous=of_before.total,
        year_on_year=changes(now.total, of_year_ago.total),
        on_previous=changes(now.total, of_before.total),
        last_year_days=(of_year_ago.scope.from_day, of_year_ago.scope.until_day),
        previous_days=(of_before.scope.from_day, of_before.scope.until_day),
    )


def checked(scope: CutScope) -> CutScope:
    problems = period_problems(scope.from_day.year, scope.until_day.year, scope.until_day < scope.from_day)
    if problems:
        raise Invalid(problems)
    return scope


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@asynccontextmanager
async def one_moment() -> AsyncIterator[datetime]:
    """All reads inside see the database as of one moment, which is given."""
    async with database.transaction():
        await database.rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield await database.value("SELECT now()")


async def labels_of(keys: Iterable[str], by: By) -> dict[str, Label]:
    if by is not By.PROGRAMME:
        return {key: label_of(key, by) for key in keys}
    found = await database.rows(
        "SELECT id, name, name_en FROM programme WHERE id = ANY($1)", [int(key) for key in keys]
    )
    return {str(each["id"]): (each["name"], each["name_en"]) for each in found}


def label_of(key: str, by: By) -> Label:
    if by is By.KIND:
        return KIND_NAMES[Kind(key)] if key in KIND_NAMES else key, ""
    return (key or NO_COLLEGE if by is By.COLLEGE else key), ""


def table(groups: Groups, labels: dict[str, Label], by: By, most: int | None) -> tuple[Sequence[Row], Row]:
    total = joined(groups.values())
    if by is By.NONE:
        return [], row("", (TOTAL_LABEL, ""), total, by)
    keys = sorted(groups) if by is By.MONTH else sorted(groups, key=lambda key: (-groups[key].attended, labels[key]))
    kept, folded = folding(keys, most)
    rows = [row(key, labels[key], groups[key], by) for key in kept]
    if folded:
        rows.append(row(OTHER, (OTHER_LABEL, ""), joined(groups[key] for key in folded), by))
    return rows, row("", (TOTAL_LABEL, ""), total, by)


def folding(keys: Sequence[str], most: int | None) -> tuple[Sequence[str], Sequence[str]]:
    """The rows that stand for themselves, and those that 其他 takes in; one alone stays itself."""
    if most is None or len(keys) <= most + 1:
        return keys, ()
    return keys[:most], keys[most:]


def joined(groups: Iterable[Group]) -> Group:
    total = Group()
    for each in groups:
        total.join(each)
    return total


def row(key: str, label: Label, group: Group, by: By) -> Row:
    return Row(
        key=key,
        label=label[0],
        label_en=label[1],
        person_times=group.attended,
        persons=len(group.people),
        bookings=group.bookings,
        absent=group.absent,
        sessions=None if by is By.COLLEGE else group.sessions,
        attendance_rate=attendance_rate(group.attended, group.absent),
    )
