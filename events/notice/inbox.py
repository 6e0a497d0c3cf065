"""Where letters come to rest with us: the student's in-app inbox and, in development, the letters as they went out."""

from collections.abc import Sequence
from dataclasses import dataclass

from events import database


@dataclass(frozen=True, slots=True)
class InboxEntry:
    notice_id: int
    student_id: int
    title: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter as it went out. `channel`: email, sms or inbox."""

    channel: str
    address: str
    subject: str
    text: str
    calendar: bytes | None


async def put_in_inbox(entries: Sequence[InboxEntry]) -> None:
    """One statement for any number; a notice lies in the inbox once, however often its e-mail is tried."""
    if not entries:
        return
    await database.rows(
        """INSERT INTO inbox_message (student, notice, title, body, link)
           SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[])
           ON CONFLICT (notice) DO NOTHING""",
        [each.student_id for each in entries],
        [each.notice_id for each in entries],
        [each.title[:200] for each in entries],
        [each.body for each in entries],
        [each.link for each in entries],
    )


async def keep_for_development(letters: Sequence[KeptLetter]) -> None:
    """Only ever called in development: sign-in codes are among them, in plain."""
    if not letters:
        return
    await database.rows(
        """INSERT INTO dev_letter (channel, address, subject, text, calendar)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])""",
        [each.channel for each in letters],
        [each.address for each in letters],
        [each.subject[:200] for each in letters],
        [each.text for each in letters],
        [each.calendar for each in letters],
    )
