"""One event: what it is, when, for whom, and what this viewer can do now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from events.booking.queries import HeldBooking, live_bookings_in
from events.catalogue.eligibility import unmet
from events.catalogue.kinds import KIND_NAMES, Kind
from events.catalogue.prose import to_html, to_plain
from events.catalogue.queries import EventDetail, SessionDetail, event_page, poster
from events.people.queries import StudentProfile
from web.pages import Page, answer, shell
from web.phrases import clause_text
from web.session import anybody, settings_of, viewing_student
from web.shared import shared

PREVIEW_LENGTH: Final = 120  # characters of the text that a shared link shows
POSTER_LASTS: Final = 31_536_000  # seconds; the address holds the hash of the content


@dataclass(frozen=True)
class SessionOffer:
    """A session as this viewer sees it. `state` is what its badge says: their own booking comes first."""

    session: SessionDetail
    state: str
    booking: HeldBooking | None


@dataclass(frozen=True, kw_only=True)
class EventPage(Page):
    event: EventDetail
    kind_name: str
    body: str
    preview: str
    link: str
    offers: tuple[SessionOffer, ...]
    past: tuple[SessionOffer, ...]
    audience_text: tuple[str, ...]
    unmet_text: tuple[str, ...]
    signed_in: bool
    opens_next: datetime | None


@get("/events/{event_id:int}", guards=[anybody])
async def show_event(request: Request[Any, Any, Any], event_id: FromPath[int]) -> Response[str]:
    async def make() -> Response[str]:
        student = viewing_student(request)
        event = await event_page(event_id, student)
        return answer(request, "student/event.html", await page_of(request, event, student))

    return await shared(request, make)


async def page_of(request: Request[Any, Any, Any], event: EventDetail, student: StudentProfile | None) -> EventPage:
    held = await live_bookings_in(student.id, event.id) if student else {}
    offers = [SessionOffer(each, state_of(each, held.get(each.id)), held.get(each.id)) for each in event.sessions]
    coming = tuple(each for each in offers if each.session.ends_at > event.now)
    frame = shell(request, "student", "home")
    failing = unmet(event.eligibility, student) if student else ()
    return EventPage(
        shell=frame,
        event=event,
        kind_name=KIND_NAMES[Kind(event.kind)],
        body=to_html(event.body),
        preview=event.summary or to_plain(event.body, PREVIEW_LENGTH),
        link=f"{settings_of(request).base_url}/events/{event.id}",
        offers=coming,
        past=tuple(each for each in offers if each not in coming),
        audience_text=tuple(clause_text(frame.locale, each) for each in event.eligibility.all),
        unmet_text=tuple(clause_text(frame.locale, each) for each in failing),
        signed_in=student is not None,
        opens_next=min((each.session.opens_at for each in coming if each.state == "not_open"), default=None),
    )


def state_of(session: SessionDetail, booking: HeldBooking | None) -> str:
    return booking.state if booking is not None else str(session.state)


@get("/events/{event_id:int}/poster/{version:str}", guards=[anybody])
async def show_poster(
    request: Request[Any, Any, Any], event_id: FromPath[int], version: FromPath[str]
) -> Response[bytes]:
    """The poster, or its square with `?thumb=1`; the version in the address lets browsers keep it."""
    found = await poster(event_id, viewing_student(request), thumb=request.query_params.get("thumb") == "1")
    headers = {"Cache-Control": f"public, max-age={POSTER_LASTS}, immutable", "ETag": f'"{found.sha256[:16]}"'}
    return Response(found.content, media_type="image/jpeg", headers=headers)


HANDLERS = [show_event, show_poster]
