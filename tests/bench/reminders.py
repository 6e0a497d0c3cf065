"""reminders_10k_s: ten thousand reminders fall due at one moment; how long until the last one is out and marked."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import House, running

REMINDERS = 10_000
AHEAD = timedelta(seconds=4)  # from writing the notices to the moment at which they are due
PATIENCE = 90.0  # seconds
LOOK_EVERY = 0.05

BOOKED = """
INSERT INTO booking (session, student, state, code, pools)
    SELECT $1, n, 'confirmed', 'R' || lpad(n::text, 9, '0'), ARRAY[(SELECT id FROM pool WHERE session = $1)]
    FROM generate_series(1, $2::int) n"""
DUE = """
INSERT INTO notice (dedupe_key, kind, student, booking_id, facts, due_at)
    SELECT 'remind:' || id || ':1:24h', 'remind_24h', student, id, '{"version": 1}', now() + $2::interval
    FROM booking WHERE session = $1"""


async def measure(house: House) -> list[Figure]:
    event = await scene.new_event(house)
    session = await scene.new_session(house, event, REMINDERS, timedelta(hours=23), taken=REMINDERS)
    await house.sql.execute("UPDATE notice SET state = 'dropped' WHERE state = 'pending'")  # other keys left theirs
    await house.sql.execute(BOOKED, session, REMINDERS)
    async with mail_sink() as sink:
        async with running(replace(house.settings, smtp_url=sink.url), "worker"):
            seconds = await until_sent(house, session)
        came, different = await sink.count()
    assert (came, different) == (REMINDERS, REMINDERS), (came, different)
    return [Figure("reminders_10k_s", seconds, "s", 60, 10, f"{came:,} letters came, each once")]


async def until_sent(house: House, session: int) -> float:
    """Seconds from the moment at which the reminders are due to the mark of the last one."""
    await asyncio.sleep(1.0)  # the worker comes up meanwhile, as it would have been for days
    await house.sql.execute("ANALYZE")
    await house.sql.execute(DUE, session, AHEAD)
    async with asyncio.timeout(PATIENCE):
        while await house.sql.fetchval("SELECT EXISTS (SELECT FROM notice WHERE state IN ('pending', 'leased'))"):
            await asyncio.sleep(LOOK_EVERY)
    found = await house.sql.fetchrow(
        """SELECT max(sent_at) - min(due_at), count(*) FILTER (WHERE notice.state <> 'sent')
           FROM notice JOIN booking ON booking.id = booking_id WHERE session = $1""",
        session,
    )
    assert found is not None
    took, unsent = found
    assert unsent == 0, f"{unsent} reminders were not sent"
    seconds: float = took.total_seconds()
    return seconds


class MailSink:
    def __init__(self, child: asyncio.subprocess.Process, port: int) -> None:
        self.child, self.url = child, f"smtp://127.0.0.1:{port}"

    async def count(self) -> tuple[int, int]:
        """Ends it; how many letters came, and how many different ones."""
        said, _ = await self.child.communicate(b"")
        came, different = said.split()
        return int(came), int(different)


@asynccontextmanager
async def mail_sink() -> AsyncIterator[MailSink]:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.sink", stdin=pipe, stdout=pipe)
    try:
        assert child.stdout is not None
        yield MailSink(child, int(await child.stdout.readline()))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
