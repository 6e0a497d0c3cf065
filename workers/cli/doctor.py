"""`yantu doctor`: one line for each thing that the house needs, and what to do where it is not well."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable

from events.settings import Settings
from workers.cli.place import make_data_folder
from workers.cli.problem import Problem
from workers.cli.reach import connection, reach_database, reach_redis, reach_smtp
from workers.cli.ready import ready

LEAST_SPACE = 512  # MiB
OLDEST_PYTHON = (3, 11)

Check = Callable[[Settings], Awaitable[str]]


def doctor(settings: Settings) -> bool:
    """Prints the findings; True when all is well."""
    well = asyncio.run(_examine(settings, {"python": _python, "data": _data, "secret": _secret, "mail": _mail}))
    try:
        with ready(settings, probe=False) as ground:
            return asyncio.run(_examine(ground.settings, SERVERS)) and well
    except Problem as problem:
        _tell("servers", "problem", str(problem))
        return False


async def _examine(settings: Settings, checks: dict[str, Check]) -> bool:
    well = True
    for name, check in checks.items():
        try:
            _tell(name, "ok", await check(settings))
        except Problem as problem:
            well = False
            _tell(name, "problem", str(problem))
    return well


def _tell(name: str, finding: str, text: str) -> None:
    print(f"{finding:<8} {name:<11} {text}", flush=True)


async def _python(settings: Settings) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise Problem(f"Python {sys.version.split()[0]} is too old: Yantu needs 3.11 or newer.")
    return f"Python {sys.version.split()[0]}"


async def _data(settings: Settings) -> str:
    make_data_folder(settings.data_dir)
    free = shutil.disk_usage(settings.data_dir).free // 2**20
    if free < LEAST_SPACE:
        raise Problem(f"{free} MiB are free under {settings.data_dir}: free some, {LEAST_SPACE} MiB is too little.")
    return f"{settings.data_dir.resolve()} can be written, {free} MiB free"


async def _secret(settings: Settings) -> str:
    if settings.secret:
        return "given in YANTU_SECRET"
    if settings.secure:
        raise Problem("YANTU_SECRET is not set: all web processes and workers of a public site must share one.")
    return f"kept in {settings.data_dir / 'secret'}; several machines would need YANTU_SECRET"


async def _mail(settings: Settings) -> str:
    if not settings.smtp_url:
        return "SMTP_URL is not set: letters go to the in-app inbox only"
    return await asyncio.to_thread(reach_smtp, settings.smtp_url)


async def _database(settings: Settings) -> str:
    return await reach_database(settings.database_url)


async def _migrations(settings: Settings) -> str:
    from events.database import MIGRATIONS

    async with connection(settings.database_url) as line:
        known = await line.fetchval("SELECT to_regclass('migration') IS NOT NULL")
        done = {each["name"] for each in await line.fetch("SELECT name FROM migration")} if known else set()
    here = {file.stem for file in MIGRATIONS.glob("*.sql")}
    if missing := sorted(here - done):
        raise Problem(f"{len(missing)} not applied yet, from {missing[0]} on: run `yantu migrate`.")
    if unknown := sorted(done - here):
        raise Problem(f"The database knows {unknown[-1]} and this Yantu does not: it is older than the data.")
    return f"all {len(here)} applied"


async def _redis(settings: Settings) -> str:
    return await reach_redis(settings.redis_url)


SERVERS: dict[str, Check] = {"database": _database, "migrations": _migrations, "redis": _redis}
