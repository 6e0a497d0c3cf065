"""The ticket folder, the ticket, its picture and its calendar file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events.attendance.queries import StudentAttendance, attendance_of
from events.booking.letters import calendar_entry, letter_facts
from events.booking.queries import HeldBooking, bookings_of
from events.catalogue.calendar import download
from events.gate.queries import admitted_at
from events.notice.queries import unread
from events.people.masks import mask_name
from events.people.queries import StudentProfile
from events.ticket.qr import draw_qr
from events.ticket.queries import HeldTicket, code_text, signing_key, ticket_of
from events.ticket.short_code import show_short_code
from web.pages import Page, answer, shell
from web.session import settings_of


@dataclass(frozen=True)
class FolderRow:
    booking: HeldBooking
    state: str


@dataclass(frozen=True, kw_only=True)
class FolderPage(Page):
    coming: tuple[FolderRow, ...]
    past: tuple[FolderRow, ...]


@dataclass(frozen=True, kw_only=True)
class TicketPage(Page):
    """`shows_code`: the ticket can still be used; otherwise the page says why not."""

    ticket: HeldTicket
    state: str
    code: str
    holder: str
    college: str
    shows_code: bool
    may_cancel: bool
    cancel_until: datetime | None
    cancel_reason: str


@get("/tickets")
async def folder(request: Request[Any, Any, Any], student: NamedDependency[StudentProfile]) -> Response[str]:
    frame = shell(request, "student", "tickets", unread=await unread(student.id))
    attended = {each.booking_id: each for each in await attendance_of(student.id)}
    rows = [FolderRow(each, state_of(each, attended.get(each.id))) for each in await bookings_of(student.id)]
    coming = tuple(row for row in rows if row.booking.ends_at > frame.now and row.booking.state != "cancelled")
    page = FolderPage(shell=frame, coming=coming, past=tuple(row for row in rows if row not in coming))
    return answer(request, "student/tickets.html", page)


def state_of(booking: HeldBooking, attendance: StudentAttendance | None) -> str:
    if attendance is not None:
        return str(attendance.state)
    if booking.state == "confirmed" and "cancelled" in (booking.event_state, booking.session_state):
        return "cancelled"
    return booking.state


@get("/tickets/{code:str}")
async def show_ticket(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> Response[str]:
    ticket = await ticket_of(student.id, code)
    booking = next(each for each in await bookings_of(student.id) if each.id == ticket.booking_id)
    came_at = await admitted_at(ticket.booking_id)
    attended = {each.booking_id: each for each in await attendance_of(student.id)}
    frame = shell(request, "student", "tickets", unread=await unread(student.id))
    usable = ticket.state == "confirmed" and not ticket.revoked and frame.now < ticket.valid_until
    page = TicketPage(
        shell=frame,
        ticket=ticket,
        state="checked_in" if came_at and usable else state_of(booking, attended.get(booking.id)),
        code=show_short_code(ticket.code),
        holder=mask_name(ticket.student_name) if ticket.student_name else "",
        college=student.college,
        shows_code=usable and "cancelled" not in (ticket.event_state, ticket.session_state),
        may_cancel=usable and came_at is None and frame.now < booking.cancel_until,
        cancel_until=booking.cancel_until,
        cancel_reason=booking.cancel_reason,
    )
    return answer(request, "student/ticket.html", page)


@get("/tickets/{code:str}/code.png")
async def ticket_picture(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> Response[bytes]:
    """A PNG by an address of its own: only such a picture can be kept by a long press in WeChat."""
    ticket = await ticket_of(student.id, code)
    text = code_text(ticket, await signing_key(settings_of(request).secret))
    headers = {"Cache-Control": "private, max-age=300", "Content-Disposition": f'inline; filename="{ticket.code}.png"'}
    return Response(await draw_qr(text), media_type="image/png", headers=headers)


@get("/tickets/{code:str}/calendar.ics")
async def ticket_calendar(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> Response[bytes]:
    ticket = await ticket_of(student.id, code)
    settings = settings_of(request)
    # The same entry as the letters': whoever takes both has the event once.
    entry = calendar_entry(
        (await letter_facts([ticket.booking_id]))[ticket.booking_id],
        base_url=settings.base_url,
        organizer_email=parseaddr(settings.mail_from)[1],
        description=show_short_code(ticket.code),
        stamped_at=datetime.now(UTC),
    )
    headers = {"Content-Disposition": f'attachment; filename="yantu-{ticket.code}.ics"', "Cache-Control": "no-store"}
    return Response(download(entry), media_type="text/calendar", headers=headers)


HANDLERS = [folder, show_ticket, ticket_picture, ticket_calendar]
