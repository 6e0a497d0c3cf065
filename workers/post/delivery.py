"""One claim, delivered: the inbox first, then the letters over a few lines, each marked before its line goes on.

So at most as many letters as there are lines are ever between the sending and the mark.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from events.notice.inbox import InboxEntry, put_in_inbox
from events.notice.lease import LEASE, Claim, Due, Fate, Outcome, failure
from events.settings import Settings
from workers.post.letter import Letter, sender
from workers.post.marks import Marks
from workers.post.mime import to_bytes
from workers.post.reading import prepare
from workers.post.sms import send_sms
from workers.post.smtp import SEND_WITHIN, Envelope, Line, NotTaken, ServerDown

SPARE: Final = 15.0  # seconds of the lease that must be left when a letter is begun: connecting, sending, marking
WHILE_DOWN: Final = timedelta(seconds=30)  # until the server is tried again

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Delivery:
    """`down`: why the server cannot be used; the rest of the claim is then given back."""

    claim: Claim
    lines: Sequence[Line]
    settings: Settings
    stopping: Callable[[], bool]
    begun: float
    down: str = ""

    async def run(self) -> None:
        marks = Marks(self.claim.token, keep=self.settings.development)
        prepared = await prepare(self.claim.due, self.settings)
        await put_in_inbox([inbox_entry(letter) for _, letter in prepared.letters if letter.student_id is not None])
        await marks.mark_all([(outcome, None) for outcome in prepared.outcomes])
        await self._send_others([each for each in prepared.letters if not self._goes_by_mail(each[1])], marks)
        by_mail = deque(each for each in prepared.letters if self._goes_by_mail(each[1]))
        async with asyncio.TaskGroup() as senders:
            for line in self.lines[: len(by_mail)]:
                senders.create_task(self._send_over(line, by_mail, marks))
        await marks.mark_all([(self._given_back(due), None) for due, _ in by_mail])

    def _goes_by_mail(self, letter: Letter) -> bool:
        return bool(self.lines and letter.email)

    async def _send_others(self, letters: list[tuple[Due, Letter]], marks: Marks) -> None:
        """What needs no SMTP: text messages, letters for the inbox alone, and e-mail that is only kept."""
        outcomes: list[tuple[Outcome, Letter | None]] = []
        for due, letter in letters:
            if letter.phone:
                await send_sms(letter)
            if letter.email and not self.settings.development:
                outcomes.append((Outcome(due.id, Fate.FAILED, "no SMTP_URL is set"), None))
            else:
                outcomes.append((Outcome(due.id, Fate.SENT), letter))
        await marks.mark_all(outcomes)

    async def _send_over(self, line: Line, letters: deque[tuple[Due, Letter]], marks: Marks) -> None:
        while letters and not self._must_stop():
            due, letter = letters.popleft()
            try:
                outcome = await self._send(line, due, letter)
            except ServerDown as error:
                letters.append((due, letter))
                self.down = str(error)
                return
            await marks.mark(outcome, letter)

    async def _send(self, line: Line, due: Due, letter: Letter) -> Outcome:
        try:
            content = to_bytes(letter, self.settings, datetime.now(UTC))
            await line.send(Envelope(sender(self.settings.mail_from)[1], letter.address, content))
        except NotTaken as error:
            return Outcome(due.id, Fate.FAILED, str(error)) if error.permanent else failure(due, str(error))
        except ValueError as error:  # an address that cannot be written: no later try will change it
            return Outcome(due.id, Fate.FAILED, f"{type(error).__name__}: {error}")
        return Outcome(due.id, Fate.SENT)

    def _must_stop(self) -> bool:
        lease_left = self.begun + LEASE.total_seconds() - time.monotonic()
        return bool(self.down) or self.stopping() or lease_left < SEND_WITHIN + SPARE

    def _given_back(self, due: Due) -> Outcome:
        wait = WHILE_DOWN if self.down else timedelta(0)
        return Outcome(due.id, Fate.AGAIN, self.down, wait, counted=False)


def inbox_entry(letter: Letter) -> InboxEntry:
    assert letter.student_id is not None
    return InboxEntry(letter.notice_id, letter.student_id, letter.subject, letter.summary, letter.link)
