"""The engine, the safe transaction, short reads, and migrations that several processes may start at once.

Piccolo's own transaction never gives its connection back when BEGIN, COMMIT or ROLLBACK fails or is
cancelled, and leaves itself behind as the task's current transaction: the next one in that task then
joins a dead parent and runs with no transaction at all. `SafeTransaction` closes both holes.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from events.settings import Settings

ACQUIRE_WITHIN = 5.0  # seconds to wait for a free connection
COMMAND_WITHIN = 20.0  # seconds a statement may take before the client gives up
MIGRATION_LOCK = 0x59414E5455  # advisory lock key: "YANTU"
MIGRATIONS = Path(__file__).parent / "piccolo_migrations"
SERVER_SETTINGS = {
    "application_name": "yantu",
    "timezone": "UTC",
    "lock_timeout": "5000",
    "statement_timeout": "15000",
    "idle_in_transaction_session_timeout": "15000",
    "jit": "off",
}


class SafeTransaction(PostgresTransaction):
    """A transaction that always gives its connection back and never outlives its block.

    Nested use joins the outer one. `async with transaction():` raises what BEGIN, the body,
    COMMIT or ROLLBACK raised.
    """

    engine: "SafeEngine"

    async def __aenter__(self) -> "SafeTransaction":
        if self._parent is not None:
            return self._parent  # type: ignore[return-value]
        self.connection = await self.get_connection()
        self.transaction = self.connection.transaction()
        try:
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def get_connection(self) -> Any:
        return await self.engine.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if self._parent is not None:
            return False
        try:
            if error is not None:
                if not self._rolled_back:
                    await self.rollback()  # type: ignore[no-untyped-call]
            elif not self._committed and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        # The pool rolls back what is still open; a connection that cannot say so is closed by it.
        # Shielded: a second cancellation must not leave the connection behind.
        await asyncio.shield(self.engine.give_back(self.connection))


class QuietConnection(asyncpg.Connection):
    """Nothing here sets session state, so a returned connection needs no RESET round trip.

    An open transaction is still rolled back by asyncpg's own reset.
    """

    def get_reset_query(self) -> str:
        return ""


class SafeEngine(PostgresEngine):
    """Piccolo's engine with the safe transaction and a pool that must be open before the first query."""

    def __init__(self) -> None:
        super().__init__(config={}, extensions=())

    async def check_version(self) -> None:
        """Piccolo asks the server while modules are imported; `yantu doctor` does it when it can be answered."""

    def transaction(self, allow_nested: bool = True) -> SafeTransaction:
        return SafeTransaction(engine=self, allow_nested=allow_nested)

    async def acquire(self) -> Any:
        if self.pool is None:
            raise RuntimeError("The pool is not open: call events.database.open_pool() first.")
        return await self.pool.acquire(timeout=ACQUIRE_WITHIN)

    async def give_back(self, connection: PoolConnectionProxy) -> None:
        if self.pool is not None:
            await self.pool.release(connection, timeout=ACQUIRE_WITHIN)


engine = SafeEngine()


async def open_pool(settings: Settings) -> None:
    """Opens this process's pool; piccolo's queries and ours both use it."""
    engine.config = {"dsn": settings.database_url}
    await engine.start_connection_pool(
        min_size=min(2, settings.pool_size),
        max_size=settings.pool_size,
        command_timeout=COMMAND_WITHIN,
        server_settings=SERVER_SETTINGS,
        connection_class=QuietConnection,
    )


async def close_pool() -> None:
    if engine.pool is not None:
        await engine.close_connection_pool()


def transaction() -> SafeTransaction:
    """`async with transaction():` — everything inside is one commit, or nothing."""
    return engine.transaction()


async def rows(sql: str, *arguments: Any) -> list[asyncpg.Record]:
    """All rows of a query, in the current transaction if there is one. Parameters are $1, $2, …"""
    current = engine.current_transaction.get()
    if current is not None:
        return await current.connection.fetch(sql, *arguments)  # type: ignore[no-any-return]
    connection = await engine.acquire()
    try:
        return await connection.fetch(sql, *arguments)  # type: ignore[no-any-return]
    finally:
        await asyncio.shield(engine.give_back(connection))


async def row(sql: str, *arguments: Any) -> asyncpg.Record | None:
    """The first row, or None."""
    found = await rows(sql, *arguments)
    return found[0] if found else None


async def value(sql: str, *arguments: Any) -> Any:
    """The first column of the first row, or None."""
    found = await row(sql, *arguments)
    return found[0] if found else None


async def database_now() -> datetime:
    """The database's clock, UTC: opening and closing follow it, never a web process's own."""
    return await value("SELECT clock_timestamp()")  # type: ignore[no-any-return]


async def migrate(settings: Settings) -> list[str]:
    """Applies the missing files of `piccolo_migrations/` in order and returns their names.

    Any number of processes may call this at once: an advisory lock lets one in, and the others find
    the work done. Each file and its row in `migration` are one commit (piccolo's own runner writes
    that row afterwards, and a kill between the two leaves a migration that can never be run again).
    """
    connection = await asyncpg.connect(settings.database_url, server_settings={"application_name": "yantu migrate"})
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (name varchar(100) PRIMARY KEY, ran_at timestamptz DEFAULT now())"
        )
        done = {each["name"] for each in await connection.fetch("SELECT name FROM migration")}
        missing = [file for file in sorted(MIGRATIONS.glob("*.sql")) if file.stem not in done]
        for file in missing:
            async with connection.transaction():
                await connection.execute(file.read_text(encoding="utf-8"))
                await connection.execute("INSERT INTO migration (name) VALUES ($1)", file.stem)
        return [file.stem for file in missing]
    finally:
        await connection.close()
