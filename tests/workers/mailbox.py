"""A real SMTP server in the test's own loop: it keeps what it takes, and answers as the test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope
from icalendar import Calendar, Event

TAKEN = "250 OK"


async def take(letter: EmailMessage) -> str:
    return TAKEN


@dataclass
class Mailbox:
    """`answer` is asked after each letter; what it answers with 250 is in `letters`, all are in `seen`."""

    answer: Callable[[EmailMessage], Awaitable[str]] = take
    letters: list[EmailMessage] = field(default_factory=list)
    seen: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.seen.append(letter)
        answer = await self.answer(letter)
        if answer.startswith("250"):
            self.letters.append(letter)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def protocol(self) -> SMTP:
        self.connections += 1
        return SMTP(self, enable_SMTPUTF8=False, timeout=30)


@asynccontextmanager
async def open_mailbox(port: int = 0) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    server = await asyncio.get_running_loop().create_server(mailbox.protocol, "127.0.0.1", port)
    mailbox.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield mailbox
    finally:
        server.close()


def words(letter: EmailMessage, kind: str = "plain") -> str:
    """The text of a part."""
    part = letter.get_body((kind,))
    assert part is not None
    return part.get_content()


def calendar_of(letter: EmailMessage) -> tuple[str, Event]:
    """METHOD of the Content-Type, and the one event."""
    (part,) = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return part["Content-Type"].params["method"], event
