"""API v1: for other programs what the pages are for people. Both call the same actions."""

from litestar import Router
from litestar.di import Provide

from web.api import bookings, catalogue, counts, scans
from web.api.auth import WhoCalls, provide_calling_staff, provide_calling_student, refuse_forged_calls

api_router = Router(
    path="/api/v1",
    route_handlers=[*catalogue.HANDLERS, *bookings.HANDLERS, *scans.HANDLERS, *counts.HANDLERS],
    middleware=[WhoCalls],
    before_request=refuse_forged_calls,
    dependencies={"staff": Provide(provide_calling_staff), "student": Provide(provide_calling_student)},
)
