"""Verbs of those whose acts must be told. They join the caller's transaction: the letter and its cause are one commit.

Every row has a key of its own, so that a verb repeated writes nothing new.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from events import database
from events.notice.codes import seal_code
from events.notice.rules import (
    REMIND_BEFORE,
    Held,
    Kind,
    NoticeRow,
    notices_of_cancellation,
    notices_of_change,
    notices_of_move,
)


async def write_notices(rows: Sequence[NoticeRow]) -> None:
    """One statement for any number of rows."""
    if not rows:
        return
    await database.rows(
        """INSERT INTO notice (dedupe_key, kind, student, booking_id, facts, due_at)
           SELECT key, kind, student, booking,
                  CASE version WHEN 0 THEN '{}' ELSE jsonb_build_object('version', version) END, due
           FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::timestamptz[])
                AS new (key, kind, student, booking, version, due)
           ON CONFLICT (dedupe_key) DO NOTHING""",
        [row.dedupe_key for row in rows],
        [row.kind for row in rows],
        [row.student_id for row in rows],
        [row.booking_id for row in rows],
        [row.version for row in rows],
        [row.due_at for row in rows],
    )


async def drop_reminders(booking_ids: Sequence[int]) -> None:
    """Reminders that nobody is sending yet. One that is being sent is judged by its own look at the booking."""
    await database.rows(
        """UPDATE notice SET state = 'dropped', last_error = 'withdrawn'
           WHERE booking_id = ANY($1::bigint[]) AND kind = ANY($2::text[]) AND state = 'pending'""",
        list(booking_ids),
        list(REMIND_BEFORE),
    )


async def drop_due(booking_ids: Sequence[int]) -> None:
    """Letters that are due already and that nobody is sending yet: for students who were told in another way."""
    await database.rows(
        """UPDATE notice SET state = 'dropped', last_error = 'withdrawn'
           WHERE booking_id = ANY($1::bigint[]) AND state = 'pending' AND due_at <= clock_timestamp()""",
        list(booking_ids),
    )


async def write_cancellations(held: Sequence[Held], cancelled_at: datetime) -> None:
    """Bookings ended: reminders stop and each student gets one letter, with the reason that `cancellation` holds."""
    await drop_reminders([each.booking_id for each in held])
    await write_notices(notices_of_cancellation(held, cancelled_at))


async def write_changes(held: Sequence[Held], version: int, changed_at: datetime) -> None:
    """The place is another, or the session is postponed without a new time. `version`: the session's new one."""
    await write_notices(notices_of_change(held, version, changed_at))


async def redate_reminders(held: Sequence[Held], version: int, starts_at: datetime, moved_at: datetime) -> None:
    """The session moved to `starts_at` and has the new `version` already: old reminders stop, new ones are written."""
    await drop_reminders([each.booking_id for each in held])
    await write_notices(notices_of_move(held, version, starts_at, moved_at))


async def write_sign_in_code(code_id: int, address: str, code: str, secret: str, locale: str = "zh-CN") -> None:
    """A code for an e-mail address or, without @, a phone number. It rests sealed and is wiped when it has gone out."""
    await database.rows(
        """INSERT INTO notice (dedupe_key, kind, address, facts) VALUES ($1, $2, $3, $4::jsonb)
           ON CONFLICT (dedupe_key) DO NOTHING""",
        f"code:{code_id}",
        Kind.SIGN_IN_CODE,
        address,
        msgspec.json.encode(
            {"code_id": code_id, "sealed": seal_code(secret, code_id, code), "locale": locale}
        ).decode(),
    )


async def mark_read(student_id: int, message_id: int) -> None:
    """Marks one's own message of the inbox; somebody else's stays as it is."""
    await database.rows(
        "UPDATE inbox_message SET read_at = now() WHERE id = $1 AND student = $2 AND read_at IS NULL",
        message_id,
        student_id,
    )
