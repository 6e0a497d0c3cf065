"""Routes of this audience."""

from litestar import Router

student_router = Router(path="/", route_handlers=[])
