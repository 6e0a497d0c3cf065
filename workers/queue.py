"""The arq worker under a supervisor: it dies with Redis, and is started again until Redis is back.

arq's own worker ends at the first Redis error in its poll loop, and its health looks well until then.
"""

import asyncio
import contextlib
import signal
from datetime import UTC, timedelta
from typing import Any, Final

import msgspec
import structlog
from arq.connections import RedisSettings
from arq.cron import cron
from arq.worker import Worker, create_worker, func
from redis.exceptions import RedisError

from workers.clock import pause
from workers.jobs import drain, settle_attendance

QUEUE: Final = "yantu:post"  # the web rings here: enqueue_job("drain", _job_id="drain")
AGAIN_AFTER: Final = timedelta(seconds=2)  # between tries to reach Redis
EVERY_TEN: Final = set(range(0, 60, 10))  # seconds of a minute

log = structlog.get_logger(__name__)


class WorkerSettings:
    """What arq is given. A tick only says "look now": lost or doubled ones change nothing."""

    queue_name = QUEUE
    functions = [func(drain, name="drain", max_tries=1, keep_result=0)]  # type: ignore[arg-type]  # noqa: RUF012
    cron_jobs = [  # noqa: RUF012
        cron(drain, name="drain_by_clock", second=EVERY_TEN, timeout=50, max_tries=1, keep_result=0),  # type: ignore[arg-type]
        cron(settle_attendance, name="settle_attendance", second=5, timeout=50, max_tries=1, keep_result=0),  # type: ignore[arg-type]
    ]
    job_serializer = msgspec.json.encode  # arq's default is pickle: whoever writes to Redis would run code here
    job_deserializer = msgspec.json.decode
    job_timeout = 50
    max_tries = 1
    keep_result = 0  # a kept result would block the next job of the same id
    job_completion_wait = 30
    health_check_interval = 5
    handle_signals = False
    log_results = False
    timezone = UTC


async def serve_queue(redis_url: str, context: dict[str, Any], stop: asyncio.Event) -> None:
    """Runs workers one after the other until `stop`, then lets the running jobs end."""
    settings = RedisSettings.from_dsn(redis_url)
    settings.conn_retries = 0  # arq would try five times and then end: trying is the business of the loop below
    while not stop.is_set():
        worker = create_worker(WorkerSettings, redis_settings=settings, ctx=dict(context))  # type: ignore[arg-type]
        try:
            await run_until(worker, stop)
        except (RedisError, OSError) as error:
            log.warning("redis_lost", error=f"{type(error).__name__}: {error}")
        await close(worker)
        await pause(AGAIN_AFTER, stop)


async def run_until(worker: Worker, stop: asyncio.Event) -> None:
    """Raises what the worker raised."""
    working = asyncio.ensure_future(worker.async_run())
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not working.done():
        worker.handle_sig_wait_for_completion(signal.SIGTERM)
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def close(worker: Worker) -> None:
    try:
        await worker.close()
    except (RedisError, OSError, asyncio.CancelledError) as error:
        log.debug("queue_closed_roughly", error=repr(error))
