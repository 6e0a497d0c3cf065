"""Routes of this audience."""

from litestar import Router

gate_router = Router(path="/", route_handlers=[])
