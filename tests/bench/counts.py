"""count_cut_ms: the slowest cut of a department over a million attendances, in a scratch database.

Three years, 12 departments under one, 38 programmes, 24 colleges, 50,000 students in no helpful order, and sessions of
a hundred. The tallies are made first, as the worker does it. Of several kinds of cut the slowest median counts: that
is the one over odd days, whose first and last month no tally can answer.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

import asyncpg

from events import database
from events.counts.actions import refresh_due
from events.counts.figures import By, CutScope
from events.counts.queries import cut
from events.people.queries import StaffMember
from events.settings import Settings

ATTENDANCES = 1_000_000
STUDENTS, PROGRAMMES, DEPARTMENTS, COLLEGES, PER_SESSION = 50_000, 38, 12, 24, 100
FIRST_DAY, LAST_DAY = date(2023, 11, 1), date(2026, 10, 30)
ROUNDS = 7
MUST_MS, AIM_MS = 200, 30

FILL = f"""
INSERT INTO department (code, name, parent) VALUES ('city', '市', NULL);
INSERT INTO department (code, name, parent) SELECT 'd' || n, '部门' || n, 1 FROM generate_series(1, {DEPARTMENTS}) n;
INSERT INTO programme (code, name, kind, host)
    SELECT 'p' || n, '项目' || n, 'kind' || n % 11, 2 + n % {DEPARTMENTS} FROM generate_series(1, {PROGRAMMES}) n;
INSERT INTO event (programme, host, kind, title, state)
    SELECT id, host, kind, name, 'published' FROM programme ORDER BY id;
INSERT INTO student (school, number, name, college)
    SELECT '学校', n::text, '学生' || n, '学院' || (hashint4(n) & 2147483647) % {COLLEGES}
    FROM generate_series(1, {STUDENTS}) n;
INSERT INTO session (event, starts_at, ends_at, opens_at, closes_at, settled_at)
    SELECT 1 + (hashint4(n) & 2147483647) % {PROGRAMMES}, starts, starts + interval '2 hours',
           starts - interval '7 days', starts, starts + interval '3 hours'
    FROM (SELECT n, '{FIRST_DAY} 06:00+00'::timestamptz + n * interval '1 day' * {(LAST_DAY - FIRST_DAY).days}
                    * {PER_SESSION} / {ATTENDANCES} AS starts
          FROM generate_series(0, {ATTENDANCES // PER_SESSION} - 1) n) AS planned;
ALTER TABLE attendance DROP CONSTRAINT attendance_booking_fkey;
INSERT INTO attendance (booking, session, student, programme, host, kind, college, day, state, evidence, stops)
    SELECT n, session.id, student.id, programme, host, kind, college, (starts_at AT TIME ZONE 'Asia/Shanghai')::date,
           CASE WHEN dice % 11 = 0 THEN 'absent' WHEN dice % 37 = 1 THEN 'excused' ELSE 'attended' END, 'scan', 1
    FROM (SELECT n, 1 + n / {PER_SESSION} AS session_id, 1 + (hashint8(n) & 2147483647) % {STUDENTS} AS student_id,
                 hashint8(n + 7) & 65535 AS dice FROM generate_series(0, {ATTENDANCES} - 1) n) AS made
         JOIN session ON session.id = session_id JOIN event ON event.id = session.event
         JOIN student ON student.id = student_id;
"""


async def measure(settings: Settings) -> list[dict[str, Any]]:
    """The slowest of the medians, in ms."""
    slowest = max((await medians(settings)).values())
    return [{"key": "count_cut_ms", "value": round(slowest, 1), "unit": "ms", "must": MUST_MS, "aim": AIM_MS}]


async def medians(settings: Settings) -> dict[str, float]:
    """In ms, by question. Fills a database beside that of `settings` (some 30 s, 500 MB) and drops it.

    Opens this process's pool, which must be closed.
    """
    async with scratch(settings) as scratch_settings:
        await fill(scratch_settings)
        await database.open_pool(scratch_settings)
        try:
            await tally_all()
            return {name: await timed(scope, by) for name, scope, by in questions()}
        finally:
            await database.close_pool()


@asynccontextmanager
async def scratch(settings: Settings) -> AsyncIterator[Settings]:
    name = f"bench_counts_{os.getpid()}"
    keeper = await asyncpg.connect(settings.database_url)
    await keeper.execute(f"CREATE DATABASE {name}")
    try:
        before, _, query = settings.database_url.partition("?")
        url = before.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
        yield replace(settings, database_url=url)
    finally:
        await keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await keeper.close()


async def fill(settings: Settings) -> None:
    await database.migrate(settings)
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute(FILL)
    finally:
        await connection.close()


async def tally_all() -> None:
    while await refresh_due():
        pass
    await database.rows("ANALYZE")


def questions() -> list[tuple[str, CutScope, By]]:
    ever = CutScope(1, FIRST_DAY, date(2026, 12, 31))
    odd_days = replace(ever, from_day=date(2023, 11, 16), until_day=date(2026, 10, 15))
    return [
        *((by.value, ever, by) for by in By),
        ("odd days by programme", odd_days, By.PROGRAMME),
        ("one programme by college", replace(ever, programme_id=7), By.COLLEGE),
    ]


async def timed(scope: CutScope, by: By) -> float:
    """The median of several rounds, in ms; the first, which warms the caches, is left out."""
    dora = StaffMember(1, "Dora", "dora@example.org", {1: frozenset({"analyst"})})
    took = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        await cut(dora, scope, by)
        took.append(1000 * (time.perf_counter() - start))
    return median(took[1:])


if __name__ == "__main__":
    print(asyncio.run(medians(Settings.from_environment())))
