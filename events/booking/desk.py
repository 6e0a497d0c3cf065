"""The desk: requests for a session queue here, and each turn settles all that wait in one transaction.

A popular session is one hot row. A transaction for each request would make every student wait for
every commit before theirs; a turn pays for the lock and the commit once. A batch of one is the same code.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import asyncpg

from events import database
from events.booking import ledger, memory
from events.booking.ledger import Confirmed
from events.booking.rules import Decision, Request, after, sold_out
from events.errors import Busy

MOST_WAITING: Final = 5_000  # requests in this process; past it the answer is "try again"
MOST_IN_A_TURN: Final = 256  # bookings in one commit: long enough to pay for it, short enough to wait for
TURNS_AT_ONCE: Final = 4  # sessions settled side by side, so that one opening cannot take the whole pool
TRIES: Final = 3
PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.UniqueViolationError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Booked:
    """`already`: the student held this booking before they asked."""

    booking_id: int
    code: str
    state: str
    already: bool


Answer: TypeAlias = Booked | Exception


@dataclass(slots=True)
class Waiting:
    request: Request
    answer: "asyncio.Future[Booked]"


@dataclass(slots=True)
class Line:
    """The queue of one session, and the task that serves it."""

    waiting: deque[Waiting] = field(default_factory=deque)
    turn: "asyncio.Task[None] | None" = None


class Desk:
    """One for each process. `on_confirmed` joins the commit: it writes the tickets.

    `as_of` is the moment to judge by when it is not now (demo data, rehearsals).
    """

    def __init__(
        self, on_confirmed: Callable[[Sequence[Confirmed]], Awaitable[None]], as_of: datetime | None = None
    ) -> None:
        self.on_confirmed = on_confirmed
        self.as_of = as_of
        self.lines: dict[int, Line] = {}
        self.waiting = 0
        self.turns = asyncio.Semaphore(TURNS_AT_ONCE)

    async def book(self, session_id: int, request: Request) -> Booked:
        """Books, or returns the live booking that there already is.

        The booking is made even if the caller is cancelled while waiting. Raises BookingRefused,
        NotFound (no such session or student), Busy.
        """
        if self.waiting >= MOST_WAITING:
            raise Busy(retry_after=random.uniform(1, 3))  # noqa: S311  # jitter, no secret
        line = self.lines.setdefault(session_id, Line())
        answer = asyncio.get_running_loop().create_future()
        line.waiting.append(Waiting(request, answer))
        self.waiting += 1
        if line.turn is None:
            # A context of its own: a turn must never join a transaction of whoever happened to ask first.
            line.turn = asyncio.create_task(self.serve(session_id, line), context=Context())
        return await asyncio.shield(answer)

    async def serve(self, session_id: int, line: Line) -> None:
        try:
            while line.waiting:
                async with self.turns:
                    batch = [line.waiting.popleft() for _ in range(min(MOST_IN_A_TURN, len(line.waiting)))]
                    try:
                        await self.answer(session_id, batch)
                    finally:
                        self.waiting -= len(batch)
        finally:
            line.turn = None
            self.lines.pop(session_id, None)

    async def answer(self, session_id: int, batch: list[Waiting]) -> None:
        """Settles a batch and gives everyone an answer, an error too."""
        try:
            answers = await self.settle_patiently(session_id, [each.request for each in batch])
        except Exception as error:
            answers = [error] * len(batch)  # NotFound among them: an unknown session
        for each, answer in zip(batch, answers, strict=True):
            if each.answer.done():
                continue
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
                each.answer.exception()  # a caller who has gone must not become a warning
            else:
                each.answer.set_result(answer)

    async def settle_patiently(self, session_id: int, requests: list[Request]) -> list[Answer]:
        """Tries again after a passing failure: what a lost COMMIT did make is found again as the student's own."""
        for attempt in range(TRIES):
            try:
                if memory.is_full(session_id):
                    unlocked = await self.answer_from_memory(session_id, requests)
                    if unlocked is not None:
                        return unlocked
                return await self.settle_turn(session_id, requests)
            except PASSING:
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    async def answer_from_memory(self, session_id: int, requests: list[Request]) -> list[Answer] | None:
        """Refuses without a lock while the session is known to be full. None: somebody might get a place."""
        facts = await ledger.read_facts(session_id, requests, self.as_of)
        decisions = facts.settle(pools=(), requests=requests)
        if any(decision.granted is not None for decision in decisions):
            return None
        return [answer_to(decision) for decision in decisions]

    async def settle_turn(self, session_id: int, requests: list[Request]) -> list[Answer]:
        async with database.transaction():
            pools = await ledger.lock_places(session_id, requests)
            facts = await ledger.read_facts(session_id, requests, self.as_of)
            decisions = facts.settle(pools, requests)
            confirmed = await ledger.write_bookings(facts.session, requests, decisions, facts.now)
            if confirmed:
                await self.on_confirmed(list(confirmed.values()))
        if sold_out(after(pools, decisions)):
            memory.remember_full(session_id)
        return [answer_to(decision, confirmed) for decision in decisions]


def answer_to(decision: Decision, confirmed: Mapping[int, Confirmed] | None = None) -> Answer:
    """`confirmed` maps the student's id to what was written in this turn."""
    if decision.refusal is not None:
        return decision.refusal
    if decision.own is not None:
        return Booked(decision.own.booking_id, decision.own.code, decision.own.state, already=True)
    made = (confirmed or {})[decision.student_id]
    return Booked(made.booking_id, made.code, "confirmed", already=decision.granted is None)
