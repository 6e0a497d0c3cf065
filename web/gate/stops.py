"""What this steward may scan now."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from events.gate.queries import StopNow, stops_for
from events.people.queries import StaffMember
from web.pages import Page, answer, shell


@dataclass(frozen=True, kw_only=True)
class StopsPage(Page):
    stops: tuple[StopNow, ...]


@get("/")
async def choose_stop(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    page = StopsPage(shell=shell(request, "gate", "scan"), stops=tuple(await stops_for(staff)))
    return answer(request, "gate/stops.html", page)


HANDLERS = [choose_stop]
