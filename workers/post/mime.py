"""A letter as the bytes that SMTP carries (RFC 5322, 2045–2047, 6047).

Written out by hand: the email package takes milliseconds for what is six headers and Base64, and ten thousand reminders
want to be gone in ten seconds. The tests read the result with that package.
"""

from base64 import encodebytes
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache
from hashlib import sha256

from events.settings import Settings
from workers.post.letter import Letter, is_plain, message_id, one_line, sender


def to_bytes(letter: Letter, settings: Settings, now: datetime) -> bytes:
    """Plain text, the same as HTML, and the calendar last: programs show the last alternative that they understand.

    Raises ValueError for an address that would break a header.
    """
    if not is_plain(letter.address):
        raise ValueError("the address cannot stand in a header")
    # No line of Base64 can begin with it: "=" only ever ends one (RFC 2045 §6.7 has the same trick).
    boundary = f"=_{sha256(letter.dedupe_key.encode()).hexdigest()[:32]}"
    head = [
        f"From: {from_header(settings.mail_from)}",
        f"To: {letter.address}",
        f"Subject: {subject_header(letter.subject)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {message_id(letter.dedupe_key, settings)}",
        "Auto-Submitted: auto-generated",  # RFC 3834: no out-of-office replies
        "X-Auto-Response-Suppress: All",  # the same to Exchange
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    body = [part for kind, content in parts(letter) for part in (f"--{boundary}", *as_part(kind, content))]
    return "\r\n".join([*head, "", *body, f"--{boundary}--", ""]).encode("ascii")


def parts(letter: Letter) -> Iterable[tuple[str, bytes]]:
    yield "text/plain", letter.text.encode()
    yield "text/html", letter.html.encode()
    if letter.calendar is not None:
        yield f"text/calendar; method={letter.method}", letter.calendar


def as_part(kind: str, content: bytes) -> list[str]:
    return [
        f"Content-Type: {kind}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        encodebytes(content).decode("ascii").replace("\n", "\r\n"),
    ]


@lru_cache(maxsize=64)
def from_header(mail_from: str) -> str:
    return formataddr(sender(mail_from))


@lru_cache(maxsize=1024)
def subject_header(subject: str) -> str:
    """RFC 2047, folded. The reminders of a session share it."""
    return Header(one_line(subject), "utf-8", maxlinelen=76, header_name="Subject").encode(linesep="\r\n")
