"""The safe transaction: first the hole in the original, then that ours has none."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio
from piccolo.engine.postgres import PostgresTransaction

from events import database
from events.settings import Settings

FAILS_AT_COMMIT = "INSERT INTO child (parent) VALUES (1)"  # a deferred foreign key without its parent


@pytest_asyncio.fixture
async def small_pool(db: Settings) -> AsyncIterator[Settings]:
    """Five connections, and a table whose constraint is only checked at COMMIT."""
    await database.close_pool()
    await database.open_pool(replace(db, pool_size=5))
    await database.rows("CREATE TABLE parent (id int PRIMARY KEY)")
    await database.rows("CREATE TABLE child (parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    yield db
    database.engine.current_transaction.set(None)
    if database.engine.pool is not None:
        database.engine.pool.terminate()
        database.engine.pool = None
    await database.open_pool(db)
    await database.rows("DROP TABLE child, parent")


def connections_out() -> int:
    pool = database.engine.pool
    return pool.get_size() - pool.get_idle_size()


async def fail_at_commit(transaction) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with transaction:
            await database.rows(FAILS_AT_COMMIT)


async def test_piccolos_own_transaction_keeps_the_connection_when_commit_fails(small_pool):
    await fail_at_commit(PostgresTransaction(engine=database.engine))
    assert connections_out() == 1


async def test_piccolos_own_transaction_makes_the_retry_run_without_any_transaction(small_pool):
    await fail_at_commit(PostgresTransaction(engine=database.engine))
    with pytest.raises(RuntimeError):
        async with PostgresTransaction(engine=database.engine):
            await database.rows("INSERT INTO parent VALUES (7)")
            raise RuntimeError("the retry breaks midway")
    database.engine.current_transaction.set(None)
    assert await database.value("SELECT count(*) FROM parent") == 1


async def test_twenty_failing_commits_on_a_pool_of_five_leave_a_hundred_queries_working(small_pool):
    for _ in range(20):
        await fail_at_commit(database.transaction())
    assert connections_out() == 0
    answers = await asyncio.gather(*(database.value("SELECT $1::int", number) for number in range(100)))
    assert answers == list(range(100))


async def test_a_retry_after_a_failed_commit_leaves_no_partial_rows(small_pool):
    await fail_at_commit(database.transaction())
    with pytest.raises(RuntimeError):
        async with database.transaction():
            await database.rows("INSERT INTO parent VALUES (7)")
            raise RuntimeError("the retry breaks midway")
    assert await database.value("SELECT count(*) FROM parent") == 0


@pytest.mark.parametrize("steps", range(12))
async def test_cancelling_at_any_await_gives_the_connection_back_and_writes_all_or_nothing(small_pool, steps):
    async def two_rows() -> None:
        async with database.transaction():
            await database.rows("INSERT INTO parent VALUES (1)")
            await database.rows("INSERT INTO parent VALUES (2)")

    task = asyncio.create_task(two_rows())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(everyone_is_back(), timeout=5)
    assert await database.value("SELECT count(*) FROM parent") in (0, 2)
    assert database.engine.current_transaction.get() is None


async def everyone_is_back() -> None:
    while connections_out():
        await asyncio.sleep(0.01)


async def test_cancelling_while_the_server_works_gives_the_connection_back(small_pool):
    blocker = await asyncpg.connect(small_pool.database_url)
    await blocker.execute("BEGIN; LOCK TABLE parent IN EXCLUSIVE MODE")

    async def insert() -> None:
        async with database.transaction():
            await database.rows("INSERT INTO parent VALUES (1)")

    task = asyncio.create_task(insert())
    while not await blocker.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await blocker.close()
    await asyncio.wait_for(everyone_is_back(), timeout=5)
    assert await database.value("SELECT count(*) FROM parent") == 0


async def test_an_inner_block_joins_the_outer_one(small_pool):
    with pytest.raises(RuntimeError):
        async with database.transaction():
            async with database.transaction():
                await database.rows("INSERT INTO parent VALUES (1)")
            raise RuntimeError("the outer block breaks")
    assert await database.value("SELECT count(*) FROM parent") == 0


async def test_migrating_twice_applies_nothing_the_second_time(db):
    assert await database.migrate(db) == []


async def test_five_processes_that_start_together_apply_each_migration_once(db):
    name = "migrating_together"
    keeper = await asyncpg.connect(db.database_url)
    await keeper.execute(f"CREATE DATABASE {name}")
    try:
        path, _, query = db.database_url.partition("?")
        fresh = replace(db, database_url=f"{path.rsplit('/', 1)[0]}/{name}?{query}")
        applied = await asyncio.gather(*(database.migrate(fresh) for _ in range(5)))
        assert sorted(len(each) for each in applied) == [0, 0, 0, 0, len(list(database.MIGRATIONS.glob("*.sql")))]
    finally:
        await keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await keeper.close()
