"""The same figures by another path: scans and bookings of settled sessions, read one by one and counted in Python.

Shares no statement with the cut: what the two disagree about is a fault of one of them, or a change of a session, a
programme or a student's college since the session was settled.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from events import database
from events.counts.figures import By, Cut, CutScope
from events.counts.queries import ZONE, checked, cut_within, one_moment
from events.counts.reach import Reach, reach_of, reach_within
from events.errors import NotFound
from events.people.queries import StaffMember

AROUND = timedelta(days=2)  # sessions are fetched this much more widely than asked, and their local day decides


@dataclass(slots=True)
class Recounted:
    person_times: int = 0
    bookings: int = 0
    absent: int = 0
    sessions: int = 0
    students: set[int] = field(default_factory=set)

    @property
    def persons(self) -> int:
        return len(self.students)


@dataclass(frozen=True, slots=True)
class Recount:
    rows: dict[str, Recounted]
    total: Recounted


@dataclass(frozen=True, slots=True)
class Held:
    """A session: what a cut may divide it by, and whether its attendances were settled."""

    id: int
    programme: int
    kind: str
    starts_at: datetime
    settled: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A booking that counts. came: a good scan at a stop that counts, never undone."""

    session: int
    student: int
    college: str
    on_leave: bool
    came: bool


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    figure: str
    counted: int
    recounted: int


async def recount(staff: StaffMember, scope: CutScope, by: By = By.NONE, zone: str = ZONE) -> Recount:
    """Nothing is hidden in it, so it is for owners only: raises NotFound for a partner too, and as `cut`."""
    reach = await reach_of(staff, checked(scope))
    if reach.partner:
        raise NotFound
    return await recount_within(reach, scope, by, zone)


async def differences(scope: CutScope, by: By = By.PROGRAMME, zone: str = ZONE) -> list[Difference]:
    """Where cut and recount disagree; the total under the key "". For the operator: no viewer is asked for."""
    reach = await reach_within(checked(scope))
    counted = await cut_within(reach, scope, by, zone=zone)
    return list(compare(counted, await recount_within(reach, scope, by, zone)))


async def recount_within(reach: Reach, scope: CutScope, by: By, zone: str) -> Recount:
    async with one_moment():
        sessions = {each.id: each for each in await read_sessions(reach.hosts, scope, ZoneInfo(zone))}
        claims = await read_claims(list(sessions))
    rows: dict[str, Recounted] = defaultdict(Recounted)
    total = Recounted()
    for claim in claims:
        session = sessions[claim.session]
        for each in (total, rows[key_of(session, claim.college, by, zone)]):
            tell(each, claim, session.settled)
    if by is not By.COLLEGE:
        for session in sessions.values():
            if session.settled:
                total.sessions += 1
                rows[key_of(session, "", by, zone)].sessions += 1
    return Recount(dict(rows) if by is not By.NONE else {}, total)


def tell(row: Recounted, claim: Claimed, settled: bool) -> None:
    row.bookings += 1
    if settled and claim.came:
        row.person_times += 1
        row.students.add(claim.student)
    elif settled and not claim.on_leave:
        row.absent += 1


def key_of(session: Held, college: str, by: By, zone: str) -> str:
    match by:
        case By.PROGRAMME:
            return str(session.programme)
        case By.KIND:
            return session.kind
        case By.MONTH:
            return session.starts_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m")
        case By.COLLEGE:
            return college
        case By.NONE:
            return ""


async def read_sessions(hosts: Iterable[int], scope: CutScope, zone: ZoneInfo) -> list[Held]:
    found = await database.rows(
        """SELECT session.id, programme, kind, host, starts_at, settled_at IS NOT NULL AS settled
           FROM session, event WHERE event.id = session.event AND starts_at BETWEEN $1 AND $2
           AND 'cancelled' NOT IN (session.state, event.state)""",
        midnight(scope.from_day, zone) - AROUND,
        midnight(scope.until_day, zone) + AROUND,
    )
    return [
        Held(each["id"], each["programme"], each["kind"], each["starts_at"], each["settled"])
        for each in found
        if each["host"] in hosts
        and scope.from_day <= each["starts_at"].astimezone(zone).date() <= scope.until_day
        and scope.programme_id in (None, each["programme"])
        and scope.kind in (None, each["kind"])
    ]


async def read_claims(session_ids: Sequence[int]) -> list[Claimed]:
    scans = await database.rows(
        "SELECT id, stop, booking, admitted, undoes FROM scan WHERE session = ANY($1)", session_ids
    )
    stops = await database.rows("SELECT id FROM stop WHERE counts")
    bookings = await database.rows(
        """SELECT booking.id, session, student, college, state FROM booking, student
           WHERE session = ANY($1) AND student.id = student AND state = ANY('{confirmed, on_leave}')""",
        session_ids,
    )
    counting = {each["id"] for each in stops}
    undone = {each["undoes"] for each in scans}
    came = {
        each["booking"]
        for each in scans
        if each["admitted"] and each["undoes"] is None and each["stop"] in counting and each["id"] not in undone
    }
    return [
        Claimed(each["session"], each["student"], each["college"], each["state"] == "on_leave", each["id"] in came)
        for each in bookings
    ]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def compare(counted: Cut, recounted: Recount) -> Iterable[Difference]:
    rows = {row.key: row for row in counted.rows}
    for key in sorted(rows.keys() | recounted.rows.keys()):
        yield from unlike(key, rows.get(key), recounted.rows.get(key, Recounted()), counted.by)
    yield from unlike("", counted.total, recounted.total, counted.by)


def unlike(key: str, row: object, again: Recounted, by: By) -> Iterable[Difference]:
    for figure in ("person_times", "persons", "bookings", "absent", *(() if by is By.COLLEGE else ("sessions",))):
        here, there = getattr(row, figure, 0), getattr(again, figure)
        if here != there:
            yield Difference(key, figure, here, there)
