"""A house to measure: the embedded servers, a database of its own, web processes as `yantu web` starts them.

Everything that is started here is stopped at the end, whatever happens.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

import asyncpg

from events import database
from events.settings import Settings
from tests.bench.load import fire, get
from workers.cli.place import make_data_folder
from workers.cli.postgres import DATABASE, Postgres
from workers.cli.valkey import Valkey

FOLDER = Path(".yantu/bench")
SECRET = "only-for-the-bench-" + "0123456789abcdef" * 2
WEB_PROCESSES = 2
CONNECTIONS = 64  # of the load, where the key names no other number
READY_WITHIN = 30.0  # seconds
STOPPED_WITHIN = 20.0


@dataclass(frozen=True)
class House:
    """`sql` is a connection of the bench's own."""

    settings: Settings
    sql: asyncpg.Connection

    @property
    def port(self) -> int:
        return self.settings.port


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    with servers() as (database_url, redis_url):
        port = free_port()
        settings = replace(
            Settings(),
            database_url=await own_database(database_url),
            redis_url=redis_url,
            data_dir=FOLDER.resolve(),
            secret=SECRET,
            port=port,
            base_url=f"http://127.0.0.1:{port}",
            web_processes=WEB_PROCESSES,
        )
        await database.migrate(settings)
        sql = await asyncpg.connect(settings.database_url)
        try:
            async with running(settings, "web"):
                await until_answered(port)
                yield House(settings, sql)
        finally:
            await sql.close()


@contextmanager
def servers() -> Iterator[tuple[str, str]]:
    """Addresses of a PostgreSQL and a Valkey, both embedded, with their files under FOLDER."""
    make_data_folder(FOLDER.parent)
    make_data_folder(FOLDER)
    postgres, valkey = Postgres(FOLDER), Valkey(FOLDER)
    database_url = postgres.start()
    try:
        redis_url = valkey.start()
        try:
            yield database_url, redis_url
        finally:
            valkey.stop()
    finally:
        postgres.stop()


async def own_database(database_url: str, name: str = "bench") -> str:
    """An empty database beside the one of this address."""
    keeper = await asyncpg.connect(database_url.replace(f"/{DATABASE}?", "/postgres?"))
    await keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await keeper.execute(f"CREATE DATABASE {name}")
    await keeper.close()
    return database_url.replace(f"/{DATABASE}?", f"/{name}?")


@asynccontextmanager
async def running(settings: Settings, part: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`yantu web` or `yantu worker`, its words in a log file under FOLDER."""
    with (FOLDER / f"{part}.log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "workers.cli.main", part, "--parent", str(os.getpid())),
            env={**os.environ, **environment(settings)},
            stdout=log,
            stderr=log,
        )
        try:
            yield child
        finally:
            await stop(child)


async def stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOPPED_WITHIN)
        except TimeoutError:
            child.kill()
            await child.wait()


def environment(settings: Settings) -> dict[str, str]:
    return {each.metadata["variable"]: str(getattr(settings, each.name)) for each in fields(Settings)}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


async def until_answered(port: int, path: str = "/health/ready") -> None:
    """Returns at the first 200. Raises TimeoutError."""
    async with asyncio.timeout(READY_WITHIN):
        while not await answers(port, path):
            await asyncio.sleep(0.02)


async def answers(port: int, path: str) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(get(path))
        return (await reader.readline()).split()[1:2] == [b"200"]
    except OSError:
        return False
    finally:
        writer.close()


async def constant_rps(house: House, seconds: float = 1.5) -> float:
    """What this server does when there is nothing to do: the measure of pages that should be nearly as fast."""
    tally = await fire(house.port, [get("/health/live")], CONNECTIONS, seconds)
    return sum(tally.statuses.values()) / tally.seconds
