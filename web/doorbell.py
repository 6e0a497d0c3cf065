"""Rings the workers after a commit. Losing a ring loses nothing: they sweep the notices by themselves."""

import asyncio
import contextlib
from contextvars import Context
from typing import Any

import msgspec
import structlog
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from redis.exceptions import RedisError

from events.settings import Settings

QUEUE = "yantu:post"  # the workers' queue; what is agreed with them are these two names and JSON
JOB = "drain"
WITHIN = 1.5  # seconds for one ring, connecting included
REST = 0.05  # seconds between two rings
log = structlog.get_logger("web")


class Doorbell:
    """One for each process. In a rush, one ring serves all who asked since the last one."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.redis_url
        self.pool: ArqRedis | None = None
        self.asked = False
        self.ringing: asyncio.Task[None] | None = None

    async def ring(self) -> None:
        """Call it after the commit. Nobody's answer waits for it, and a dead Redis is nobody's trouble."""
        self.asked = bool(self.url)
        if self.asked and self.ringing is None:
            self.ringing = asyncio.create_task(self.keep_ringing(), context=Context())

    async def keep_ringing(self) -> None:
        try:
            while self.asked:
                self.asked = False
                await self.press()
                await asyncio.sleep(REST)
        finally:
            self.ringing = None

    async def press(self) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                if self.pool is None:
                    self.pool = await create_pool(
                        quick(self.url),
                        default_queue_name=QUEUE,
                        job_serializer=msgspec.json.encode,
                        job_deserializer=msgspec.json.decode,
                    )
                await self.pool.enqueue_job(JOB, _job_id=JOB)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell is silent", error=str(error))

    async def close(self) -> None:
        if self.ringing is not None:
            await self.ringing
        if self.pool is not None:
            with contextlib.suppress(RedisError, OSError):
                await self.pool.aclose()


def quick(url: str) -> Any:
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout, settings.conn_retries = 1, 0
    return settings
