"""A letter, ready to go: plain values, no row and no template."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from events.settings import Settings

# What could end a header, break a line or turn the direction of the text behind it.
_NOT_IN_A_LINE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)

_NOT_IN_ADDRESS: Final = re.compile(r"""[\x00-\x20\x7f<>,;:"()\\\[\]]""")


@dataclass(frozen=True, slots=True)
class Letter:
    """`email` or `phone` is where it goes besides the inbox; neither: it only lies in the inbox of `student_id`.

    `calendar`: the bytes of a text/calendar part, `method` its METHOD. `summary`: the body of the inbox message.
    """

    notice_id: int
    dedupe_key: str
    subject: str
    text: str
    html: str
    student_id: int | None = None
    summary: str = ""
    link: str = ""
    email: str | None = None
    phone: str | None = None
    calendar: bytes | None = None
    method: str = ""

    @property
    def channel(self) -> str:
        return "email" if self.email else "sms" if self.phone else "inbox"

    @property
    def address(self) -> str:
        return self.email or self.phone or ""


def one_line(text: str) -> str:
    """Organizers' and students' words on one line, without control characters and direction marks."""
    return " ".join(_NOT_IN_A_LINE.sub(" ", text).split())


def is_plain(address: str) -> bool:
    """Whether an e-mail address can stand in a header as it is; what people typed was made so when it was stored."""
    return address.isascii() and address.count("@") == 1 and not _NOT_IN_ADDRESS.search(address)


def message_id(dedupe_key: str, settings: Settings) -> str:
    """The same for every try of one notice, so that a mailbox that gets it twice can tell (RFC 5322 §3.6.4)."""
    return f"<{sha256(dedupe_key.encode()).hexdigest()[:40]}@{urlsplit(settings.base_url).hostname}>"


@lru_cache(maxsize=64)
def sender(mail_from: str) -> tuple[str, str]:
    """Display name and address of YANTU_MAIL_FROM."""
    name, address = parseaddr(mail_from)
    return name, address
