"""The turnstile of this process: attempts that arrive together are settled together, two statements for all.

A commit for each scan is what a gate's speed is made of. A turn takes all that wait; one attempt alone is the same
code. What a turn cannot settle (a ticket twice in it, a booking that somebody else has locked, a repeated nonce) gets
a careful passage of its own beside the turns, so that nobody in the queue waits for it.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import asyncpg

from events import database
from events.errors import Busy, NotFound
from events.gate.encounter import Attempt, Encounter, encounters
from events.gate.record import Decided, record
from events.gate.results import ScanResult, Tally, result_of, scan_result, tally
from events.gate.rules import GateRefusal, GateRefused, verdict
from events.people.queries import MAY_SCAN

MOST_WAITING: Final = 2_000  # attempts in this process; past it the answer is "try again"
MOST_IN_A_TURN: Final = 64
TURNS_AT_ONCE: Final = 2  # one reads while the other commits
TRIES: Final = 5  # times that others may take the claim away between our look and our hand

Answer: TypeAlias = ScanResult | Exception


@dataclass(slots=True)
class Waiting:
    attempt: Attempt
    answer: "asyncio.Future[ScanResult]"


class Turnstile:
    def __init__(self) -> None:
        self.waiting: deque[Waiting] = deque()
        self.turns = 0
        self.tasks: set[asyncio.Task[None]] = set()

    async def admit(self, attempt: Attempt) -> ScanResult:
        """As `actions.admit`. Raises NotFound, GateRefused(NONCE_REUSED), Busy."""
        if len(self.waiting) >= MOST_WAITING:
            raise Busy(retry_after=1.0)
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(attempt, answer))
        if self.turns < TURNS_AT_ONCE:
            self.turns += 1
            self.start(self.serve())
        return await asyncio.shield(answer)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        # A context of its own: a turn must never join a transaction of whoever happened to ask first.
        task = asyncio.create_task(work, context=Context())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def serve(self) -> None:
        try:
            while self.waiting:
                batch = [self.waiting.popleft() for _ in range(min(MOST_IN_A_TURN, len(self.waiting)))]
                await self.turn(batch)
        finally:
            self.turns -= 1

    async def turn(self, batch: Sequence[Waiting]) -> None:
        try:
            answers = await admit_together([each.attempt for each in batch])
        except Exception as error:
            answers = [error] * len(batch)
        for each, answer in zip(batch, answers, strict=True):
            if answer is None:
                self.start(self.carefully(each))
            else:
                give(each, answer)

    async def carefully(self, waiting: Waiting) -> None:
        try:
            give(waiting, await admit_alone(waiting.attempt))
        except Exception as error:
            give(waiting, error)


def give(waiting: Waiting, answer: Answer) -> None:
    if waiting.answer.done():
        return
    if isinstance(answer, Exception):
        waiting.answer.set_exception(answer)
        waiting.answer.exception()  # a caller who has gone must not become a warning
    else:
        waiting.answer.set_result(answer)


async def admit_together(attempts: Sequence[Attempt]) -> list[Answer | None]:
    """An answer for each attempt, or None where it needs a passage of its own."""
    met = await encounters(attempts)
    decided = unhindered([decide(*each) for each in zip(attempts, met, strict=True)])
    try:
        written = await record([each for each in decided if isinstance(each, Decided)], wait=False)
    except asyncpg.UniqueViolationError:  # a nonce that another process wrote just now
        return [each if isinstance(each, Exception) else None for each in decided]
    return await answers(decided, written)


async def admit_alone(attempt: Attempt) -> ScanResult:
    for _ in range(TRIES):
        (met,) = await encounters([attempt])
        decided = decide(attempt, met)
        if isinstance(decided, Exception):
            raise decided
        if decided is None:
            return await earlier_answer(attempt)
        try:
            (answer,) = await answers([decided], await record([decided], wait=True))
        except asyncpg.UniqueViolationError:
            continue
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            break
        if isinstance(answer, ScanResult):
            return answer
    raise Busy(retry_after=1.0)


def decide(attempt: Attempt, met: Encounter | None) -> Decided | Exception | None:
    """None: this nonce has its answer already."""
    if met is None or not attempt.staff.may(MAY_SCAN, met.host):
        return NotFound()
    if met.same_nonce is not None:
        return None
    return Decided(attempt, met, verdict(met.stop, attempt.reading.fault, met.ticket, met.now).reason)


def unhindered(decided: Sequence[Decided | Exception | None]) -> list[Decided | Exception | None]:
    """The same without second attempts on a booking and second uses of a nonce."""
    seen: set[object] = set()
    kept: list[Decided | Exception | None] = []
    for each in decided:
        if isinstance(each, Decided):
            marks = {each.attempt.nonce, each.met.holder.booking_id if each.met.holder else each.attempt.nonce}
            kept.append(each if seen.isdisjoint(marks) else None)
            seen |= marks
        else:
            kept.append(each)
    return kept


async def answers(decided: Sequence[Decided | Exception | None], written: dict[Any, int]) -> list[Answer | None]:
    counts: dict[tuple[int, int], Tally] = {}
    found: list[Answer | None] = []
    for each in decided:
        if not isinstance(each, Decided):
            found.append(each)
        elif (scan_id := written.get(each.attempt.nonce)) is None:
            found.append(None)
        else:
            found.append(result_of(scan_id, each.met, each.reason, await count_for(each.met, counts)))
    return found


async def count_for(met: Encounter, counts: dict[tuple[int, int], Tally]) -> Tally | None:
    if met.holder is None or met.holder.event_id != met.stop.event_id:
        return None
    key = (met.holder.session_id, met.line)
    if key not in counts:
        counts[key] = await tally(*key)
    return counts[key]


async def earlier_answer(attempt: Attempt) -> ScanResult:
    found = await database.row("SELECT id, stop, code_read FROM scan WHERE nonce = $1", attempt.nonce)
    if found is None or (found["stop"], found["code_read"]) != (attempt.stop_id, attempt.reading.text):
        raise GateRefused(GateRefusal.NONCE_REUSED)
    return await scan_result(found["id"])


turnstile = Turnstile()
