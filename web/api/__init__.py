"""API v1: for other programs what the pages are for people. Both call the same actions."""

from litestar import Router
from litestar.di import Provide

from events.booking.rules import Refusal
from events.catalogue.changes import CatalogueRefusal
from events.gate.rules import GateRefusal
from events.people.once import KeyRefusal
from web.api import bookings, catalogue, counts, scans
from web.api.auth import WhoCalls, provide_calling_staff, provide_calling_student, refuse_forged_calls

# A tag is a chapter of the documentation; `refusals` are the rules that its writes can meet.
CHAPTERS = (
    ("Events", catalogue.HANDLERS, (CatalogueRefusal, KeyRefusal)),
    ("Bookings", bookings.HANDLERS, (Refusal,)),
    ("Gate", scans.HANDLERS, (GateRefusal,)),
    ("Counts", counts.HANDLERS, ()),
)
api_router = Router(
    path="/api/v1",
    route_handlers=[
        Router(path="/", tags=[tag], opt={"refusals": refusals}, route_handlers=handlers)
        for tag, handlers, refusals in CHAPTERS
    ],
    middleware=[WhoCalls],
    before_request=refuse_forged_calls,
    dependencies={"staff": Provide(provide_calling_staff), "student": Provide(provide_calling_student)},
)
