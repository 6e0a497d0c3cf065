"""Chores that are looked at every few seconds by this process itself: what is due goes out while Redis is dead."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

log = structlog.get_logger(__name__)


async def every(period: timedelta, chore: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Does the chore now and then each `period` until `stop`; an error is logged and never ends it."""
    while not stop.is_set():
        try:
            await chore()
        except Exception:
            log.exception("chore_failed", chore=getattr(chore, "__qualname__", repr(chore)))
        await pause(period, stop)


async def pause(period: timedelta, stop: asyncio.Event) -> None:
    """Sleeps, or wakes when told to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), period.total_seconds())
