"""The steward's pages: choose a stop, read tickets, undo."""

from litestar import Router
from litestar.di import Provide

from web.gate import scanning, stops
from web.session import only_staff, provide_staff

gate_router = Router(
    path="/gate",
    guards=[only_staff],
    dependencies={"staff": Provide(provide_staff)},
    route_handlers=[*stops.HANDLERS, *scanning.HANDLERS],
)
