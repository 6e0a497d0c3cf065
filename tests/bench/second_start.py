"""second_start_s: `yantu up` on data that are there already, until the first page is shown."""

import asyncio
import os
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.house import FOLDER, answers, free_port, own_database, servers, stop
from workers.cli.postgres import DATABASE

FIRST_WITHIN, SECOND_WITHIN = 120.0, 60.0  # seconds; the first one fills the demo in
LOOK_EVERY = 0.02
LOG = FOLDER / "up.log"
OURS = ("YANTU_", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "PROMETHEUS_")


class NotUp(Exception):
    """The site did not come up; the text says what it said last."""


async def measure() -> list[Figure]:
    with servers() as (database_url, _):
        await own_database(database_url, DATABASE)
    try:
        await seconds_to_first_page(FIRST_WITHIN)
        seconds, note = await seconds_to_first_page(SECOND_WITHIN), ""
    except NotUp as error:
        seconds, note = None, str(error)
    return [Figure("second_start_s", seconds, "s", 8.0, 3.0, note)]


async def seconds_to_first_page(within: float) -> float:
    """Starts everything, waits for the first page, and stops everything. Raises NotUp."""
    port = free_port()
    with LOG.open("wb") as log:
        began = time.perf_counter()
        child = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("yantu")), "up", env=environment(port), stdout=log, stderr=log
        )
        try:
            async with asyncio.timeout(within):
                while not await answers(port, "/"):
                    if child.returncode is not None:
                        raise NotUp(f"it ended: {last_line()}")
                    await asyncio.sleep(LOOK_EVERY)
            return time.perf_counter() - began
        except TimeoutError:
            raise NotUp(f"no page within {within:.0f} s: {last_line()}") from None
        finally:
            await stop(child)


def environment(port: int) -> dict[str, str]:
    """The caller's environment without settings of ours: embedded servers, the demo, a port of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "YANTU_DATA": str(FOLDER), "YANTU_PORT": str(port), "YANTU_DEVELOPMENT": "true"}


def last_line() -> str:
    lines = LOG.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
