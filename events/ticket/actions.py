"""Tickets are rows; their codes are signed when they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from events import database
from events.ticket.queries import forget_keys
from events.ticket.signing import SigningKey, seal

FIRST_KEY: Final = 1
# Around the session: doors open early, coaches come back late, and the clocks of phones are wrong.
VALID_BEFORE: Final = timedelta(hours=12)
VALID_AFTER: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A booking that was just confirmed, and the times of its session."""

    booking_id: int
    session_id: int
    starts_at: datetime
    ends_at: datetime


async def ensure_key(secret: str) -> None:
    """Makes key 1, sealed with the server's secret, if there is none. Any number of processes may call this."""
    key = SigningKey.generate(FIRST_KEY)
    await database.rows(
        "INSERT INTO ticket_key (id, public, sealed) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        FIRST_KEY,
        key.public_bytes(),
        seal(key.private_bytes(), secret.encode(), FIRST_KEY),
    )
    forget_keys()


async def issue(tickets: Sequence[NewTicket]) -> None:
    """Writes the tickets with one statement, in the caller's transaction: a booking and its ticket are one commit."""
    await database.rows(
        """INSERT INTO ticket (id, booking, session, valid_from, valid_until)
           SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::timestamptz[], $5::timestamptz[])""",
        [uuid4() for _ in tickets],
        [ticket.booking_id for ticket in tickets],
        [ticket.session_id for ticket in tickets],
        [ticket.starts_at - VALID_BEFORE for ticket in tickets],
        [ticket.ends_at + VALID_AFTER for ticket in tickets],
    )


async def reissue_for_session(session_id: int) -> int:
    """After a session moved: its tickets keep their ids and get the new validity. Returns how many changed.

    A picture saved before says the old times. The gate goes by the row, so it stays good.
    """
    changed = await database.rows(
        """UPDATE ticket SET valid_from = session.starts_at - $2::interval,
                             valid_until = session.ends_at + $3::interval, issued_at = now()
           FROM session WHERE session.id = $1 AND ticket.session = session.id
             AND (valid_from, valid_until) IS DISTINCT FROM (starts_at - $2::interval, ends_at + $3::interval)
           RETURNING ticket.id""",
        session_id,
        VALID_BEFORE,
        VALID_AFTER,
    )
    return len(changed)
