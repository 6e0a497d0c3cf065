"""Routes of this audience."""

from litestar import Router

organizer_router = Router(path="/", route_handlers=[])
