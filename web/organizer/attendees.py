"""Who comes: the list, masked; one booking; the looks behind the mask, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.attendance.attendees import (
    AttendeeDetail,
    AttendeeFilter,
    AttendeePage,
    answer_file,
    attendee_of,
    attendees_of,
    unmask_attendee,
    unmask_attendees,
)
from events.booking.actions import cancel_for
from events.catalogue.queries import EventRun, event_run_by
from events.errors import Invalid
from events.people.queries import StaffMember
from templates.environment import translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import FormPage, ReasonPage, frame
from web.pages import answer, locale_of, redirect

PAGE_ROWS: Final = 50
LARGEST_ID: Final = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class AttendeesPage(FormPage):
    event: EventRun
    section: str
    filter: AttendeeFilter
    found: AttendeePage

    def link(self, page: str = "attendees", **changes: str | int | None) -> str:
        """The list, or its file, with some filters changed."""
        asked = asked_of(self.filter) | {"after": ""} | changes
        kept = {name: value for name, value in asked.items() if value}
        return f"/organizer/events/{self.event.id}/{page}" + (f"?{urlencode(kept)}" if kept else "")

    @property
    def asked(self) -> dict[str, str]:
        """The filter as hidden fields."""
        return {name: str(value) for name, value in asked_of(self.filter).items() if value}


@dataclass(frozen=True, kw_only=True)
class AttendeeOnePage(FormPage):
    found: AttendeeDetail


def asked_of(wanted: AttendeeFilter) -> dict[str, str | int | None]:
    return {
        "session": wanted.session_id,
        "state": wanted.state,
        "checked": wanted.checked,
        "q": wanted.text,
        "after": wanted.after,
    }


def filter_of(asked: Mapping[str, Any]) -> AttendeeFilter:
    """What cannot be read asks for nothing."""
    return AttendeeFilter(
        session_id=whole(asked.get("session", "")) or None,
        state=str(asked.get("state", "")),
        checked=str(asked.get("checked", "")),
        text=str(asked.get("q", "")),
        after=whole(asked.get("after", "")),
        limit=PAGE_ROWS,
    )


def whole(text: str) -> int:
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@get("/events/{event_id:int}/attendees")
async def list_attendees(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    wanted = filter_of(request.query_params)
    return attendees_page(request, event, wanted, await attendees_of(staff, event_id, wanted), Filled())


def attendees_page(
    request: Request[Any, Any, Any], event: EventRun, wanted: AttendeeFilter, found: AttendeePage, filled: Filled
) -> Response[str]:
    page = AttendeesPage(
        shell=frame(request), form=filled, event=event, section="attendees", filter=wanted, found=found
    )
    return answer(request, "organizer/attendees.html", page, filled.status)


@post("/events/{event_id:int}/attendees/unmasking")
async def unmask_list(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    """The page of the list that was looked at, in clear. Each look is written down, so nothing is remembered."""
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    wanted = filter_of(form.values)
    try:
        found = await unmask_attendees(staff, event_id, wanted, form.raw("reason"))
    except Invalid as error:
        masked = await attendees_of(staff, event_id, wanted)
        return attendees_page(request, event, wanted, masked, shown_again(locale_of(request), form, error))
    return attendees_page(request, event, wanted, found, Filled())


@get("/bookings/{code:str}")
async def show_attendee(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], code: FromPath[str]
) -> Response[str]:
    found = await attendee_of(staff, code)
    return answer(request, "organizer/attendee.html", AttendeeOnePage(shell=frame(request), form=Filled(), found=found))


@post("/bookings/{code:str}/unmasking")
async def unmask_one(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], code: FromPath[str]
) -> Response[str]:
    form = await read_form(request)
    filled = Filled()
    try:
        found = await unmask_attendee(staff, code, form.raw("reason"))
    except Invalid as error:
        found = await attendee_of(staff, code)
        filled = shown_again(locale_of(request), form, error)
    page = AttendeeOnePage(shell=frame(request), form=filled, found=found)
    return answer(request, "organizer/attendee.html", page, filled.status)


@get("/bookings/{code:str}/files/{file_id:int}")
async def download_file(
    staff: NamedDependency[StaffMember], code: FromPath[str], file_id: FromPath[int]
) -> Response[bytes]:
    """Always a download, never shown: what students upload may be a page with a script."""
    found = await answer_file(staff, code, file_id)
    return Response(
        found.content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.filename, safe='')}",
            "Cache-Control": "no-store",
        },
    )


@get("/bookings/{code:str}/cancellation")
async def ask_to_cancel_booking(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], code: FromPath[str]
) -> Response[str]:
    return cancelling(request, await attendee_of(staff, code), Filled())


@post("/bookings/{code:str}/cancellation")
async def cancel_booking(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], code: FromPath[str]
) -> Response[str] | Redirect:
    found = await attendee_of(staff, code)
    form = await read_form(request)
    try:
        reason = needed_reason(form)
    except Invalid as error:
        return cancelling(request, found, shown_again(locale_of(request), form, error))
    await cancel_for(staff, code, reason)
    await request.app.state.doorbell.ring()
    done = N_("已取消这个报名，学生会收到通知。")
    return redirect(request, f"/organizer/events/{found.event_id}/attendees", done=done)


def needed_reason(form: Form) -> str:
    reason = form.line("reason", most=200)
    form.check()
    return reason


def cancelling(request: Request[Any, Any, Any], found: AttendeeDetail, filled: Filled) -> Response[str]:
    locale = locale_of(request)
    page = ReasonPage(
        shell=frame(request),
        form=filled,
        title=translate(locale, "取消%(name)s的报名", name=found.attendee.name),
        lines=(translate(locale, "名额会立即放出来，票会作废，学生会收到取消通知。"),),
        url=f"/organizer/bookings/{found.attendee.code}/cancellation",
        yes=translate(locale, "取消报名并通知"),
        back=f"/organizer/bookings/{found.attendee.code}",
        reason_help=translate(locale, "会写进给学生的通知。"),
    )
    return answer(request, "organizer/reason.html", page, filled.status)


HANDLERS = [
    list_attendees,
    unmask_list,
    show_attendee,
    unmask_one,
    download_file,
    ask_to_cancel_booking,
    cancel_booking,
]
