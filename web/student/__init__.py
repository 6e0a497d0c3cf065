"""What students see: discover, read, book, show the ticket, find everything again."""

from litestar import Router
from litestar.di import Provide

from web.session import only_students, provide_student
from web.student import booking, calendar, discover, event, leave, me, tickets

own_pages = Router(
    path="/",
    guards=[only_students],
    dependencies={"student": Provide(provide_student)},
    route_handlers=[*booking.HANDLERS, *tickets.HANDLERS, *me.HANDLERS],
)
student_router = Router(
    path="/",
    route_handlers=[*discover.HANDLERS, *calendar.HANDLERS, *event.HANDLERS, *leave.HANDLERS, own_pages],
)
