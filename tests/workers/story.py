"""What happens before a letter: somebody books, a session moves, a booking ends."""

from datetime import datetime, timedelta
from typing import Any

from events import database
from events.booking.tables import Booking, Cancellation
from events.catalogue.tables import Session
from events.notice.actions import redate_reminders, write_cancellations, write_notices, write_sign_in_code
from events.notice.rules import Held, Kind, notices_of_confirmation
from events.people.tables import SignInCode, Student
from tests import make
from tests.conftest import TEST_SECRET
from tests.events.notice.facts import JustConfirmed


async def book(student: Student, session: Session | None = None, **more: Any) -> Booking:
    """A confirmed booking with its notices, as the desk leaves it."""
    session = session or await make.session(**more)
    booking = await make.booking(session, student)
    await write_notices(
        notices_of_confirmation(
            [JustConfirmed(booking.id, student.id, session.version, session.starts_at)], await database.database_now()
        )
    )
    return booking


async def move(booking: Booking, starts_at: datetime) -> None:
    """The organizer gives the session another time."""
    async with database.transaction():
        version = await database.value(
            """UPDATE session SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + (ends_at - starts_at),
                      version = version + 1
               WHERE id = $1 RETURNING version""",
            booking.session,
            starts_at,
        )
        await redate_reminders([Held(booking.id, booking.student)], version, starts_at, await database.database_now())


async def cancel(booking: Booking, state: str = "cancelled", **by: Any) -> None:
    async with database.transaction():
        await Booking.update({Booking.state: state}).where(Booking.id == booking.id)
        await Cancellation(booking=booking.id, **by).save()
        await write_cancellations([Held(booking.id, booking.student)], await database.database_now())


async def ask_for_code(address: str, code: str = "483920", locale: str = "zh-CN", **more: Any) -> int:
    now = await database.database_now()
    row = SignInCode(account=address, **({"audience": "student", "expires_at": now + timedelta(minutes=10)} | more))
    await row.save()
    await write_sign_in_code(row.id, address, code, TEST_SECRET, locale)
    return row.id


async def comes_due(*kinds: Kind) -> None:
    """Time passes until these letters are due; the others wait."""
    await database.rows(
        "UPDATE notice SET due_at = now() - interval '1 second' WHERE kind = ANY($1::text[])", list(kinds)
    )
    await database.rows(
        "UPDATE notice SET due_at = now() + interval '1 year' WHERE NOT kind = ANY($1::text[]) AND state = 'pending'",
        list(kinds),
    )


async def lease_runs_out() -> None:
    await database.rows("UPDATE notice SET lease_until = now() - interval '1 second' WHERE state = 'leased'")


async def states() -> dict[str, str]:
    """State by dedupe key."""
    found = await database.rows("SELECT dedupe_key, state FROM notice ORDER BY dedupe_key")
    return {each["dedupe_key"]: each["state"] for each in found}
