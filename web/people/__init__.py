"""Signing in and out, for students and staff, and the inbox of development."""

from litestar import Router

from web.people import dev_inbox, sign_in

people_router = Router(path="/", route_handlers=[*sign_in.HANDLERS, *dev_inbox.HANDLERS])
