"""What lies in an inbox, what development may read, how the post room is doing."""

from dataclasses import dataclass
from datetime import datetime

from events import database


@dataclass(frozen=True, slots=True)
class InboxLetter:
    """`body`: plain text with line ends. `link`: a path of this site, or empty."""

    id: int
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DevLetterSeen:
    """A letter of development. `channel`: email, sms or inbox."""

    id: int
    channel: str
    address: str
    subject: str
    text: str
    calendar: bytes | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PostRoomHealth:
    """`waiting`: due and not out yet; `overdue_seconds`: the oldest of them. `failed`: given up in the last day."""

    waiting: int
    overdue_seconds: float
    failed: int


async def inbox(student_id: int, limit: int = 50) -> list[InboxLetter]:
    """Newest first."""
    found = await database.rows(
        """SELECT id, title, body, link, created_at, read_at FROM inbox_message
           WHERE student = $1 ORDER BY id DESC LIMIT $2""",
        student_id,
        limit,
    )
    return [InboxLetter(**each) for each in found]


async def unread(student_id: int) -> int:
    return await database.value(  # type: ignore[no-any-return]
        "SELECT count(*) FROM inbox_message WHERE student = $1 AND read_at IS NULL", student_id
    )


async def dev_letters(limit: int = 50) -> list[DevLetterSeen]:
    """Newest first."""
    found = await database.rows(
        "SELECT id, channel, address, subject, text, calendar, sent_at FROM dev_letter ORDER BY id DESC LIMIT $1", limit
    )
    return [DevLetterSeen(**each) for each in found]


async def post_room_health() -> PostRoomHealth:
    """For the readiness check and the metrics; reads the index of due notices only."""
    found = await database.row(
        """SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(due_at)), 0)::float AS overdue_seconds,
                  (SELECT count(*) FROM notice WHERE state = 'failed' AND due_at > now() - interval '1 day') AS failed
           FROM notice WHERE state IN ('pending', 'leased') AND due_at <= now()"""
    )
    assert found is not None
    return PostRoomHealth(**found)
