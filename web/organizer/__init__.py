"""What organizers do: publish, set the rules of booking, run the door, see who came."""

from litestar import Router, get
from litestar.di import Provide
from litestar.response import Redirect

from web.organizer import (
    attendees,
    create,
    desk,
    eligibility,
    event,
    events,
    exports,
    life,
    pools,
    posters,
    preview,
    programmes,
    questions,
    series,
    sessions,
    stops,
)
from web.session import only_staff, provide_staff

FORM_MOST = 1024 * 1024  # bytes: a text of 20,000 Chinese characters travels as nine bytes each


@get("/scan")
async def scan() -> Redirect:
    """The tab 扫码 leads to the gate."""
    return Redirect("/gate", status_code=303)


organizer_router = Router(
    path="/organizer",
    guards=[only_staff],
    dependencies={"staff": Provide(provide_staff)},
    request_max_body_size=FORM_MOST,
    route_handlers=[
        scan,
        *desk.HANDLERS,
        *programmes.HANDLERS,
        *events.HANDLERS,
        *create.HANDLERS,
        *event.HANDLERS,
        *life.HANDLERS,
        *sessions.HANDLERS,
        *series.HANDLERS,
        *pools.HANDLERS,
        *questions.HANDLERS,
        *eligibility.HANDLERS,
        *posters.HANDLERS,
        *preview.HANDLERS,
        *stops.HANDLERS,
        *attendees.HANDLERS,
        *exports.HANDLERS,
    ],
)
