"""Reads what a cut adds up: from tallies where they are fresh, else row by row; and what no tally holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from asyncpg import Record

from events import database
from events.counts.crowd import Crowd
from events.counts.figures import By, CutScope
from events.counts.periods import DAY, split

# What the rows are grouped by; `as_key` makes text of it, for each group and not for each row.
ATTENDANCE_KEYS = {
    By.PROGRAMME: "programme",
    By.KIND: "kind",
    By.MONTH: "month",
    By.COLLEGE: "college",
    By.NONE: "''",
}
SESSION_KEYS = {
    By.PROGRAMME: "event.programme",
    By.KIND: "event.kind",
    By.MONTH: "date_trunc('month', session.starts_at AT TIME ZONE $5)",
    By.COLLEGE: "student.college",
    By.NONE: "''",
}
CHOSEN = "($1::int IS NULL OR programme = $1) AND ($2::text IS NULL OR kind = $2)"
SESSION_CHOSEN = """event.host = ANY($6) AND session.starts_at >= $3 AND session.starts_at < $4 AND $5::text <> ''
    AND ($1::int IS NULL OR event.programme = $1) AND ($2::text IS NULL OR event.kind = $2)
    AND session.state <> 'cancelled' AND event.state <> 'cancelled'"""


@dataclass(slots=True)
class Group:
    """One row in the making: bookings by outcome, bookings of sessions not yet settled, sessions held, people."""

    attended: int = 0
    absent: int = 0
    excused: int = 0
    open: int = 0
    sessions: int = 0
    people: Crowd = field(default_factory=Crowd)

    @property
    def bookings(self) -> int:
        return self.attended + self.absent + self.excused + self.open

    def join(self, other: "Group") -> None:
        self.add(other.attended, other.absent, other.excused)
        self.open += other.open
        self.sessions += other.sessions
        self.people.join(other.people)

    def add(self, attended: int, absent: int, excused: int) -> None:
        self.attended += attended
        self.absent += absent
        self.excused += excused


Groups = dict[str, Group]


async def read_groups(hosts: Sequence[int], scope: CutScope, by: By, zone: str) -> Groups:
    """Groups by key. Belongs in a repeatable-read transaction: the statements must see one moment."""
    groups: Groups = {}
    months = await database.rows(
        "SELECT id, month, stale FROM counted_month WHERE host = ANY($1) AND month <= $2", hosts, scope.until_day
    )
    whole, parts = split(
        ((each["id"], each["month"], each["stale"]) for each in months), scope.from_day, scope.until_day
    )
    await add_tallies(groups, whole, scope, by)
    if parts:
        await add_attendances(groups, parts, scope, by)
    await add_open_bookings(groups, hosts, scope, by, zone)
    if by is not By.COLLEGE:
        await add_sessions(groups, hosts, scope, by, zone)
    return groups


async def add_tallies(groups: Groups, month_ids: Sequence[int], scope: CutScope, by: By) -> None:
    found = await database.rows(
        f"""SELECT {ATTENDANCE_KEYS[by]} AS key, block, sum(attended) AS attended, sum(absent) AS absent,
                   sum(excused) AS excused, bit_or(people) AS people
            FROM tally WHERE counted = ANY($3) AND {CHOSEN} GROUP BY 1, 2""",
        scope.programme_id,
        scope.kind,
        month_ids,
    )
    for each in found:
        group = added(groups, each)
        group.people.add_bits(each["block"], int.from_bytes(each["people"].bytes))


async def add_attendances(groups: Groups, month_ids: Sequence[int], scope: CutScope, by: By) -> None:
    # OFFSET 0 keeps each month an index scan of its own: joined freely, all attendances would be read.
    found = await database.rows(
        f"""SELECT {ATTENDANCE_KEYS[by]} AS key, block, count(*) FILTER (WHERE state = 'attended') AS attended,
                   count(*) FILTER (WHERE state = 'absent') AS absent,
                   count(*) FILTER (WHERE state = 'excused') AS excused,
                   array_agg(COALESCE(place, student)) FILTER (WHERE state = 'attended') AS people
            FROM (SELECT host, month, GREATEST(month, $4::date) AS first,
                         LEAST((month + interval '1 month - 1 day')::date, $5::date) AS last
                  FROM counted_month WHERE id = ANY($3)) AS part
            CROSS JOIN LATERAL (SELECT programme, kind, attendance.college AS college, student, state
                FROM attendance WHERE host = part.host AND day BETWEEN part.first AND part.last OFFSET 0) AS each
            LEFT JOIN (SELECT student, block, place FROM counted_student) AS known USING (student)
            WHERE {CHOSEN} GROUP BY 1, 2""",
        scope.programme_id,
        scope.kind,
        month_ids,
        scope.from_day,
        scope.until_day,
    )
    for each in found:
        added(groups, each).people.add(each["block"], each["people"] or ())


def added(groups: Groups, found: Record) -> Group:
    group = groups.setdefault(as_key(found["key"]), Group())
    group.add(found["attended"], found["absent"], found["excused"])
    return group


async def add_open_bookings(groups: Groups, hosts: Sequence[int], scope: CutScope, by: By, zone: str) -> None:
    found = await database.rows(
        f"""SELECT {SESSION_KEYS[by]} AS key, count(*) AS number
            FROM session JOIN event ON event.id = session.event JOIN booking ON booking.session = session.id
                 JOIN student ON student.id = booking.student
            WHERE session.settled_at IS NULL AND booking.state IN ('confirmed', 'on_leave') AND {SESSION_CHOSEN}
            GROUP BY 1""",
        *session_arguments(hosts, scope, zone),
    )
    for each in found:
        groups.setdefault(as_key(each["key"]), Group()).open += each["number"]


async def add_sessions(groups: Groups, hosts: Sequence[int], scope: CutScope, by: By, zone: str) -> None:
    found = await database.rows(
        f"""SELECT {SESSION_KEYS[by]} AS key, count(*) AS number
            FROM session JOIN event ON event.id = session.event
            WHERE session.settled_at IS NOT NULL AND {SESSION_CHOSEN} GROUP BY 1""",
        *session_arguments(hosts, scope, zone),
    )
    for each in found:
        groups.setdefault(as_key(each["key"]), Group()).sessions += each["number"]


async def held_sessions(hosts: Sequence[int], scope: CutScope, zone: str) -> int:
    """How many sessions were held, where the rows are not of sessions."""
    groups: Groups = {}
    await add_sessions(groups, hosts, scope, By.NONE, zone)
    return sum(each.sessions for each in groups.values())


def as_key(value: str | int | date) -> str:
    return value.strftime("%Y-%m") if isinstance(value, date) else str(value)


def session_arguments(hosts: Sequence[int], scope: CutScope, zone: str) -> tuple[Any, ...]:
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (scope.from_day, scope.until_day + DAY))
    return scope.programme_id, scope.kind, begins, ends, zone, hosts
