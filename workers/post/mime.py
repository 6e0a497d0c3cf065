"""A letter as the bytes that SMTP carries (RFC 5322, 2045–2047, 6047)."""

from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from events.settings import Settings
from workers.post.letter import Letter, is_plain, message_id, one_line, sender


def to_bytes(letter: Letter, settings: Settings, now: datetime) -> bytes:
    """Plain text, the same as HTML, and the calendar last: programs show the last alternative that they understand.

    Raises ValueError for an address that would break a header.
    """
    message = MIMEMultipart("alternative")
    message["From"] = formataddr(sender(settings))
    if not is_plain(letter.address):
        raise ValueError("the address cannot stand in a header")
    message["To"] = letter.address
    subject = Header(one_line(letter.subject), "utf-8", maxlinelen=76, header_name="Subject")
    message["Subject"] = subject  # type: ignore[assignment]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(letter.dedupe_key, settings)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    message["X-Auto-Response-Suppress"] = "All"  # the same to Exchange
    message.attach(MIMEText(letter.text, "plain", "utf-8"))
    message.attach(MIMEText(letter.html, "html", "utf-8"))
    if letter.calendar is not None:
        part = MIMEText(letter.calendar.decode(), "calendar", "utf-8")
        part.set_param("method", letter.method)
        message.attach(part)
    return message.as_bytes()
