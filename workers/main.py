"""The worker process: the queue's jobs, and a clock of its own that needs no Redis. `yantu worker` runs it."""

import asyncio
import signal
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
import uvloop

from events import database
from events.settings import BadSetting, Settings
from workers.clock import every
from workers.jobs import settle_due
from workers.logs import write_json_logs
from workers.post.room import PostRoom
from workers.post.smtp import Line
from workers.queue import WorkerSettings, serve_queue

__all__ = ["WorkerSettings", "run", "work"]

SWEEP_EVERY: Final = timedelta(seconds=5)
SETTLE_EVERY: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


def run() -> None:
    """Works until SIGTERM or SIGINT. Raises BadSetting."""
    settings = Settings.from_environment()
    refuse_bad_smtp(settings)
    write_json_logs(settings.log_level)
    with suppress(KeyboardInterrupt):
        uvloop.run(start(settings))


def refuse_bad_smtp(settings: Settings) -> None:
    try:
        Line(settings.smtp_url or "smtp://localhost")
    except ValueError as error:
        raise BadSetting(str(error)) from error


async def start(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await work(settings, stop)


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Opens the pool and does all chores until `stop`; letters on their way then are finished and marked."""
    room, zone = PostRoom(settings), settings.time_zone.key
    await database.open_pool(settings)
    log.info("worker_started", smtp=bool(settings.smtp_url), redis=bool(settings.redis_url))
    try:
        async with asyncio.TaskGroup() as chores:
            chores.create_task(every(SWEEP_EVERY, room.drain, stop))
            chores.create_task(every(SETTLE_EVERY, partial(settle_due, zone), stop))
            if settings.redis_url:
                chores.create_task(serve_queue(settings.redis_url, {"post_room": room, "zone": zone}, stop))
            chores.create_task(stop_room(room, stop))
    finally:
        await database.close_pool()
        log.info("worker_stopped")


async def stop_room(room: PostRoom, stop: asyncio.Event) -> None:
    await stop.wait()
    room.stop()
