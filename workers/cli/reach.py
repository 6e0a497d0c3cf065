"""Do the servers that we were told of answer, and how?"""

import smtplib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from workers.cli.problem import Problem

if TYPE_CHECKING:
    import asyncpg

ANSWER_WITHIN = 5.0  # seconds
OLDEST_POSTGRES = 16
LARGEST_SKEW = 1.0  # seconds between this machine's clock and the database's


async def reach_database(url: str) -> str:
    """The server's version in words. Raises Problem."""
    async with connection(url) as line:
        sent = time.time()
        clock: datetime = await line.fetchval("SELECT clock_timestamp()")
        skew = clock.timestamp() - (sent + time.time()) / 2
        version: str = await line.fetchval("SELECT split_part(current_setting('server_version'), ' ', 1)")
    if int(version.partition(".")[0]) < OLDEST_POSTGRES:
        raise Problem(f"PostgreSQL {version} is too old: Yantu needs {OLDEST_POSTGRES} or newer.")
    if abs(skew) > LARGEST_SKEW:
        raise Problem(
            f"The database's clock and this machine's are {abs(skew):.1f} s apart: let both follow a time server. "
            f"(The database says {clock.astimezone(UTC):%H:%M:%S} UTC.)"
        )
    return f"PostgreSQL {version} at {without_password(url)}, clocks {abs(skew) * 1000:.0f} ms apart"


@asynccontextmanager
async def connection(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of its own, outside any pool. Raises Problem when the server does not let us in."""
    import asyncpg

    try:
        line = await asyncpg.connect(url, timeout=ANSWER_WITHIN)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Problem(
            f"PostgreSQL at {without_password(url)} does not let us in ({reason(error)}): see that it runs, and that "
            "DATABASE_URL names the right address, account and database."
        ) from error
    try:
        yield line
    finally:
        await line.close()


async def reach_redis(url: str) -> str:
    """The server's address in words. Raises Problem."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    try:
        line = Redis.from_url(url, socket_connect_timeout=ANSWER_WITHIN, socket_timeout=ANSWER_WITHIN)
        try:
            await line.ping()
        finally:
            await line.aclose()
    except (OSError, TimeoutError, ValueError, RedisError) as error:
        raise Problem(
            f"Redis at {without_password(url)} does not answer ({reason(error)}): see that it runs, and that "
            "REDIS_URL names the right address and password."
        ) from error
    return f"Redis at {without_password(url)}"


def reach_smtp(url: str) -> str:
    """Signs in to the mail server as the letters will, sends nothing. Raises Problem."""
    parts = urlsplit(url)
    try:
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "", parts.port or 0, timeout=ANSWER_WITHIN) as line:
            if "starttls" in parts.scheme:
                line.starttls(context=ssl.create_default_context())
            if parts.username:
                line.login(unquote(parts.username), unquote(parts.password or ""))
            line.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise Problem(
            f"The mail server at {without_password(url)} does not let us in ({reason(error)}): "
            "see SMTP_URL. Letters wait until it does."
        ) from error
    return f"mail server at {without_password(url)}"


def without_password(url: str) -> str:
    """An address that may be shown: scheme, account and place, never the password."""
    parts = urlsplit(url)
    account, _, place = parts.netloc.rpartition("@")
    name = account.partition(":")[0]
    return parts._replace(netloc=f"{name}@{place}" if name else place).geturl()


def reason(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
