"""Marks what became of letters, many in one commit: while one commit is on its way, the next marks gather."""

import asyncio
from contextvars import Context
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from events import database
from events.notice.inbox import KeptLetter, keep_for_development
from events.notice.lease import Fate, Outcome, settle
from workers.post.letter import Letter

TRIES: Final = 3  # a mark lost to a passing failure is a letter sent twice
PAUSE: Final = 0.2  # seconds between them

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Mark:
    outcome: Outcome
    letter: Letter | None
    written: "asyncio.Future[None]"


class Marks:
    """The marks of one claim. `keep`: letters are also kept for /dev/inbox."""

    def __init__(self, token: UUID, keep: bool) -> None:
        self.token = token
        self.keep = keep
        self.waiting: list[Mark] = []
        self.turn: asyncio.Task[None] | None = None

    async def mark(self, outcome: Outcome, letter: Letter | None = None) -> None:
        """Returns when it is committed; it is written even if the caller is cancelled while waiting."""
        await self.mark_all([(outcome, letter)])

    async def mark_all(self, outcomes: list[tuple[Outcome, Letter | None]]) -> None:
        if not outcomes:
            return
        written = asyncio.get_running_loop().create_future()
        self.waiting += [Mark(outcome, letter, written) for outcome, letter in outcomes]
        if self.turn is None:
            self.turn = asyncio.create_task(self._write(), context=Context())
        await asyncio.shield(written)

    async def _write(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            try:
                await self._write_patiently(batch)
            except Exception as error:
                for mark in batch:
                    if not mark.written.done():
                        mark.written.set_exception(error)
            else:
                for mark in batch:
                    if not mark.written.done():
                        mark.written.set_result(None)
        self.turn = None

    async def _write_patiently(self, batch: list[Mark]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._write_once(batch)
                return
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                if attempt == TRIES:
                    raise
                await asyncio.sleep(PAUSE)

    async def _write_once(self, batch: list[Mark]) -> None:
        outcomes = [mark.outcome for mark in batch]
        if self.keep:
            async with database.transaction():
                ours = await settle(self.token, outcomes)
                await keep_for_development([as_kept(mark.letter) for mark in batch if mark.letter and sent(mark, ours)])
        else:
            ours = await settle(self.token, outcomes)  # one statement is a transaction by itself
        for mark in batch:
            if mark.outcome.notice_id not in ours:
                log.warning("lease_lost", notice=mark.outcome.notice_id, fate=mark.outcome.fate)


def sent(mark: Mark, ours: set[int]) -> bool:
    return mark.outcome.fate == Fate.SENT and mark.outcome.notice_id in ours


def as_kept(letter: Letter) -> KeptLetter:
    return KeptLetter(letter.channel, letter.address, letter.subject, letter.text, letter.calendar)
