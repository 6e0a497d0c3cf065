"""Bookings: students' own, and the lists of those who run the event."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from events.attendance.attendees import AttendeeFilter, AttendeePage, attendees_of
from events.booking.actions import cancel, cancel_for
from events.booking.desk import Booked
from events.booking.queries import HeldBooking, bookings_of
from events.people.api_callers import Scope
from events.people.queries import StaffMember, StudentProfile
from events.ticket.desk import book
from events.ticket.queries import code_text, signing_key, ticket_of
from web.api import wire
from web.api.auth import Needs, needs_student
from web.session import settings_of


@post("/sessions/{session_id:int}/bookings", guards=[needs_student])
async def create_booking(
    request: Request[Any, Any, Any],
    session_id: FromPath[int],
    data: JSONBody[wire.BookingBody],
    student: NamedDependency[StudentProfile],
) -> Booked:
    """Books a place. Repeating it returns the same booking: one live booking for each student and session."""
    booked = await book(student.id, session_id, data.choices, {f"q{key}": each for key, each in data.answers.items()})
    await request.app.state.doorbell.ring()
    return booked


@get("/me/bookings", guards=[needs_student])
async def own_bookings(student: NamedDependency[StudentProfile]) -> list[HeldBooking]:
    """The caller's bookings, cancelled ones too."""
    return await bookings_of(student.id)


@get("/me/bookings/{code:str}/ticket", guards=[needs_student])
async def own_ticket(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> dict[str, str]:
    """The text of the QR code, and the short code beside it."""
    ticket = await ticket_of(student.id, code)
    text = code_text(ticket, await signing_key(settings_of(request).secret))
    return {"code": ticket.code, "qr": text, "state": ticket.state}


@post("/me/bookings/{code:str}/cancellation", guards=[needs_student], status_code=204)
async def cancel_own(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> None:
    """Gives the place back. The next in line gets it."""
    await cancel(student.id, code)
    await request.app.state.doorbell.ring()


@get("/events/{event_id:int}/attendees", guards=[Needs(Scope.BOOKINGS_READ)])
async def list_attendees(
    event_id: FromPath[int],
    staff: NamedDependency[StaffMember],
    session_id: FromQuery[int | None] = None,
    booking_state: FromQuery[str] = "",
    text: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> AttendeePage:
    """Names, numbers and contact data are masked. `after` of the answer leads to the next page."""
    return await attendees_of(
        staff, event_id, AttendeeFilter(session_id=session_id, state=booking_state, text=text, after=after)
    )


@post("/bookings/{code:str}/cancellation", guards=[Needs(Scope.BOOKINGS_WRITE)], status_code=204)
async def cancel_booking(
    request: Request[Any, Any, Any],
    code: FromPath[str],
    data: JSONBody[wire.ReasonBody],
    staff: NamedDependency[StaffMember],
) -> None:
    """Cancels somebody's booking. They are told the reason."""
    await cancel_for(staff, code, data.reason)
    await request.app.state.doorbell.ring()


HANDLERS = [create_booking, own_bookings, own_ticket, cancel_own, list_attendees, cancel_booking]
