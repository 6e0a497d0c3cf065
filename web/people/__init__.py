"""Routes of this audience."""

from litestar import Router

people_router = Router(path="/", route_handlers=[])
