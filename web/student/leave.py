"""The one-tap “can't go” link of a letter. Mail scanners open links: the page only asks, its button acts."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from events.booking.actions import cancel_by_link
from events.booking.queries import HeldBooking, booking_of_link
from events.booking.rules import BookingRefused
from events.people.links import CANT_GO, read_link
from templates.language import N_
from web import sentences
from web.pages import Page, answer, locale_of, redirect, shell
from web.session import anybody, settings_of, visitor_cookie


@dataclass(frozen=True, kw_only=True)
class LeavePage(Page):
    booking: HeldBooking
    token: str
    refusal: str | None


@get("/leave/{token:str}", guards=[anybody])
async def ask(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    frame = shell(request, "student", "tickets")
    if not frame.csrf_token and not request.query_params.get("cookie"):
        response = redirect(request, f"/leave/{token}?cookie=1")
        response.set_cookie(visitor_cookie(settings_of(request)))
        return response
    page = LeavePage(shell=frame, booking=await booking_of_link(booking_id(request, token)), token=token, refusal=None)
    return answer(request, "student/leave.html", page)


@post("/leave/{token:str}/cancellation", guards=[anybody])
async def give_back(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    booking = booking_id(request, token)
    try:
        await cancel_by_link(booking)
    except BookingRefused as refused:
        page = LeavePage(
            shell=shell(request, "student", "tickets"),
            booking=await booking_of_link(booking),
            token=token,
            refusal=sentences.of_refusal(locale_of(request), refused),
        )
        return answer(request, "student/leave.html", page, 409)
    await request.app.state.doorbell.ring()
    return redirect(request, "/", done=N_("名额已经让给下一位同学，谢谢您提前告知。"))


def booking_id(request: Request[Any, Any, Any], token: str) -> int:
    return int(read_link(settings_of(request).secret, CANT_GO, token))


HANDLERS = [ask, give_back]
