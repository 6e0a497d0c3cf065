"""What departments see: their figures, counted and entered by hand."""

from litestar import Router
from litestar.di import Provide

from web.department import counts, downloads, figures
from web.department.asked import provide_asked
from web.session import only_staff, provide_staff

department_router = Router(
    path="/department",
    guards=[only_staff],
    dependencies={
        "staff": Provide(provide_staff),
        "asked": Provide(provide_asked, sync_to_thread=False),
    },
    route_handlers=[*counts.HANDLERS, *downloads.HANDLERS, *figures.HANDLERS],
)
