"""`python -m tests.bench`: how fast the house is, as a table and in .yantu/bench.json. Names choose: `… hot scan`.

Ratios within one run mean something on a busy machine; the other figures want a quiet one.
"""

import asyncio
import os
import platform
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import msgspec
from redis.asyncio import Redis

from tests.bench import counts, event_page, hot, reminders, sale, scan, scene, second_start, sold_out
from tests.bench.figures import Figure, table
from tests.bench.house import House, open_house

REPORT = Path(".yantu/bench.json")
LONGEST = 600.0  # seconds for everything, some 120 on a quiet machine; then it is stopped and nothing is written
Measure = Callable[[House], Awaitable[list[Figure]]]


async def cuts(house: House) -> list[Figure]:
    return [Figure(**each) for each in await counts.measure(house.settings)]


IN_THE_HOUSE: dict[str, Measure] = {
    "hot": hot.measure,
    "sale": sale.measure,
    "sold_out": sold_out.measure,
    "scan": scan.measure,
    "page": event_page.measure,
    "counts": cuts,
    "reminders": reminders.measure,
}
ALONE = {"second_start": second_start.measure}


async def bench(names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    if inside := [name for name in IN_THE_HOUSE if name in names]:
        async with open_house() as house:
            await scene.people(house)
            await scene.warm_up(house)
            print(await machine(house), flush=True)
            for name in inside:
                figures += await timed(name, IN_THE_HOUSE[name](house))
    for name in ALONE:
        if name in names:
            figures += await timed(name, ALONE[name]())
    return figures


async def timed(name: str, work: Awaitable[list[Figure]]) -> list[Figure]:
    began = time.perf_counter()
    figures = await work
    print(f"{name}: measured in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return figures


async def machine(house: House) -> str:
    redis = Redis.from_url(house.settings.redis_url)
    valkey = (await redis.info("server")).get("valkey_version", "?")
    await redis.aclose()
    postgres = (await house.sql.fetchval("SHOW server_version")).split()[0]
    ours = " · ".join(f"{name} {version(name)}" for name in ("litestar", "granian"))
    return f"Python {platform.python_version()} · PostgreSQL {postgres} · Valkey {valkey} · {ours} · {cores()} cores\n"


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write(figures: Sequence[Figure]) -> None:
    """What was measured; a figure that was not is left out, never made up."""
    kept = [
        {
            "key": each.key,
            "value": round(each.value, 3),
            "unit": each.unit,
            "must": each.must,
            "aim": round(each.aim, 3),
        }
        for each in figures
        if each.value is not None
    ]
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")


def main(arguments: Sequence[str]) -> int:
    known = [*IN_THE_HOUSE, *ALONE]
    if unknown := set(arguments) - set(known):
        print(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(known)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, interrupt)
    try:
        figures = asyncio.run(asyncio.wait_for(bench(arguments or known), LONGEST))
    except KeyboardInterrupt:
        return 130
    write(figures)
    print(table(figures))
    return 0


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
