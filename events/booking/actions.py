"""Giving a place back. (Taking one is the desk's.)"""

from collections.abc import Sequence

import asyncpg

from events import database
from events.booking import ledger, memory
from events.booking.rules import LIVE, State, refuse_to_cancel
from events.catalogue.actions.check import reason_line
from events.catalogue.queries import session_run_by
from events.errors import NotFound
from events.notice.actions import write_cancellations
from events.notice.rules import Held
from events.people.queries import StaffMember


async def cancel(student_id: int, code: str) -> None:
    """The student gives the place back; it is free for others in the same commit. Repeating it changes nothing.

    Raises NotFound, BookingRefused (TOO_LATE_TO_CANCEL).
    """
    async with database.transaction():
        booking = await lock_booking("code = $1 AND student = $2", code, student_id)
        if booking["state"] in LIVE:
            refuse_to_cancel(booking["state"], booking["cancel_until"], booking["now"])
            await end([booking], by_student=student_id)


async def cancel_by_link(booking_id: int) -> None:
    """The same for the one-tap link of a letter, which proves who holds it. Raises NotFound, BookingRefused."""
    async with database.transaction():
        booking = await lock_booking("id = $1", booking_id)
        if booking["state"] in LIVE:
            refuse_to_cancel(booking["state"], booking["cancel_until"], booking["now"])
            await end([booking], by_student=booking["student"])


async def cancel_for(staff: StaffMember, code: str, reason: str) -> None:
    """The organizer takes a booking back, at any time and with a reason that the student reads.

    Raises NotFound, Invalid on `reason`.
    """
    async with database.transaction():
        booking = await lock_booking("code = $1", code)
        await session_run_by(staff, booking["session"])
        reason = reason_line(reason, needed=True)
        if booking["state"] in LIVE:
            await end([booking], by_staff=staff.id, reason=reason)


async def cancel_all(session_ids: Sequence[int], staff: StaffMember | None, reason: str) -> list[int]:
    """Every live booking of these sessions ends, in the caller's transaction. Returns the ids of the bookings."""
    await ledger.lock_pools(session_ids)
    bookings = await database.rows(
        """SELECT id, student, session, state, pools, clock_timestamp() AS now FROM booking
           WHERE session = ANY($1::int[]) AND state = ANY($2::text[]) ORDER BY id FOR NO KEY UPDATE""",
        list(session_ids),
        list(LIVE),
    )
    if bookings:
        await end(bookings, by_staff=staff.id if staff else None, reason=reason)
    return [each["id"] for each in bookings]


async def lock_booking(condition: str, *arguments: object) -> asyncpg.Record:
    """Locks in the desk's order (pools, then the booking), so that the two can never wait for each other."""
    session_id = await database.value(f"SELECT session FROM booking WHERE {condition}", *arguments)
    if session_id is None:
        raise NotFound
    await ledger.lock_pools([session_id])
    found = await database.row(
        f"""SELECT booking.id, code, student, session, booking.state, pools, cancel_until, clock_timestamp() AS now
            FROM booking JOIN session ON session.id = booking.session
            WHERE booking.{condition} FOR NO KEY UPDATE OF booking""",
        *arguments,
    )
    if found is None:
        raise NotFound
    return found


async def end(
    bookings: Sequence[asyncpg.Record], by_student: int | None = None, by_staff: int | None = None, reason: str = ""
) -> None:
    """Cancels locked bookings: state, places, who and why, letters."""
    ids = [each["id"] for each in bookings]
    await database.rows(
        "UPDATE booking SET state = $2, changed_at = now() WHERE id = ANY($1::bigint[])", ids, State.CANCELLED
    )
    await ledger.take_places(
        [pool_id for each in bookings if each["state"] == State.CONFIRMED for pool_id in each["pools"]], sign=-1
    )
    await database.rows(
        """INSERT INTO cancellation (booking, by_student, by_staff, reason)
           SELECT id, $2, $3, $4 FROM unnest($1::bigint[]) AS id""",
        ids,
        by_student,
        by_staff,
        reason,
    )
    memory.forget_full({each["session"] for each in bookings})
    await write_cancellations([Held(each["id"], each["student"]) for each in bookings], bookings[0]["now"])
