"""Rings the workers after a commit. Losing a ring loses nothing: they sweep the notices by themselves."""

import asyncio
import contextlib
from typing import Any

import msgspec
import structlog
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from redis.exceptions import RedisError

from events.settings import Settings

QUEUE = "yantu:post"  # the workers' queue; what is agreed with them are these two names and JSON
JOB = "drain"
WITHIN = 0.2  # seconds; nobody's answer waits longer for a doorbell
log = structlog.get_logger("web")


class Doorbell:
    def __init__(self, settings: Settings) -> None:
        self.url = settings.redis_url
        self.pool: ArqRedis | None = None

    async def ring(self) -> None:
        """Names the job and forgets it; a dead Redis is noted and never the student's trouble."""
        if not self.url:
            return
        try:
            if self.pool is None:
                self.pool = await create_pool(
                    quick(self.url),
                    default_queue_name=QUEUE,
                    job_serializer=msgspec.json.encode,
                    job_deserializer=msgspec.json.decode,
                )
            async with asyncio.timeout(WITHIN):
                await self.pool.enqueue_job(JOB, _job_id=JOB)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell is silent", error=str(error))

    async def close(self) -> None:
        if self.pool is not None:
            with contextlib.suppress(RedisError, OSError):
                await self.pool.aclose()


def quick(url: str) -> Any:
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout, settings.conn_retries = 1, 0
    return settings
