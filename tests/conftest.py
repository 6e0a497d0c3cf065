"""Every test that asks for `db` gets the real PostgreSQL, migrated and empty."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from events import database
from events.booking import memory
from events.settings import Settings
from events.ticket import desk
from tests.cast import cast  # noqa: F401

TEST_SECRET = "only-for-tests-" + "0123456789abcdef" * 2


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server: the one in TEST_DATABASE_URL, or an embedded one for this run."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    from workers.cli.postgres import Postgres

    server = Postgres(Path(os.environ.get("YANTU_DATA", ".yantu")) / "test")
    url = server.start()
    yield url
    server.stop()


@pytest_asyncio.fixture(scope="session")
async def settings(server_url: str) -> AsyncIterator[Settings]:
    """Settings of an own, freshly migrated database, dropped at the end."""
    name = f"test_{os.getpid()}"
    keeper = await asyncpg.connect(server_url)
    await keeper.execute(f"DROP DATABASE IF EXISTS {name}")
    await keeper.execute(f"CREATE DATABASE {name}")
    before, _, query = server_url.partition("?")
    url = before.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    settings = replace(Settings(), database_url=url, secret=TEST_SECRET, development=True)
    await database.migrate(settings)
    yield settings
    await database.close_pool()
    await keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await keeper.close()


@pytest_asyncio.fixture
async def db(settings: Settings) -> AsyncIterator[Settings]:
    """An open pool on an empty database."""
    if database.engine.pool is None:
        await database.open_pool(settings)
    tables = await database.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
    )
    names = ", ".join(each["tablename"] for each in tables)
    await database.rows(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    memory._full_until.clear()  # ids begin again, and so must what this process knows of them
    desk._questions.clear()
    yield settings
