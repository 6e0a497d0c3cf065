"""Signing in and out, for students and staff; the inbox of development; rosters, staff and tokens."""

from litestar import Router
from litestar.di import Provide

from web.people import dev_inbox, roster, sign_in, staff, tokens
from web.session import only_staff, provide_staff

managing = Router(
    path="/organizer/people",
    guards=[only_staff],
    dependencies={"staff": Provide(provide_staff)},
    route_handlers=[*roster.HANDLERS, *staff.HANDLERS, *tokens.HANDLERS],
)
people_router = Router(path="/", route_handlers=[*sign_in.HANDLERS, *dev_inbox.HANDLERS, managing])
