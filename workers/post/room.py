"""The post room of one process: looks for due letters when told to, and delivers until there are none."""

import asyncio
import time
from typing import Final

import structlog

from events.notice.lease import bury_exhausted, claim
from events.settings import Settings
from workers.post.delivery import Delivery
from workers.post.smtp import Line

LINES: Final = 5  # letters on their way at once: what a kill can make go out twice
DRAIN_FOR: Final = 40.0  # seconds; then the job ends by itself, before its time-out would cut a letter

log = structlog.get_logger(__name__)


class PostRoom:
    """One for each process; several processes share the work by their leases."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.busy = False
        self.asked_again = False
        self.stopping = False

    async def drain(self) -> int:
        """Delivers what is due and returns how many notices were looked at.

        Asked while it is at it, it looks once more before it ends, and the second caller does not wait. Never call it
        inside a transaction.
        """
        if self.busy:
            self.asked_again = True
            return 0
        self.busy = True
        try:
            return await self._drain()
        finally:
            self.busy = False

    def stop(self) -> None:
        """No further letter is begun; those on their way are finished and marked."""
        self.stopping = True

    async def _drain(self) -> int:
        lines = [Line(self.settings.smtp_url) for _ in range(LINES)] if self.settings.smtp_url else []
        ends, handled = time.monotonic() + DRAIN_FOR, 0
        try:
            while not self.stopping and time.monotonic() < ends:
                found, down = await self._deliver_once(lines)
                handled += found
                if down:
                    log.warning("smtp_down", reason=down)
                    break
                if not found and not self.asked_again:
                    break
        finally:
            await asyncio.gather(*(line.close() for line in lines))
        if buried := await bury_exhausted():
            log.error("notices_given_up", count=buried)
        return handled

    async def _deliver_once(self, lines: list[Line]) -> tuple[int, str]:
        self.asked_again = False
        begun = time.monotonic()  # before the claim, so that our clock of the lease ends first
        claimed = await claim()
        if not claimed.due:
            return 0, ""
        delivery = Delivery(claimed, lines, self.settings, lambda: self.stopping, begun)
        await delivery.run()
        return len(claimed.due), delivery.down
