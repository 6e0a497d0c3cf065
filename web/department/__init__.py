"""Routes of this audience."""

from litestar import Router

department_router = Router(path="/", route_handlers=[])
