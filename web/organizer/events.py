"""The list of an organizer's events."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from events.catalogue.queries import ProgrammeRun, RunFilter, RunPage, events_run_by, programmes_run_by
from events.people.queries import MAY_EDIT, StaffMember
from web.organizer import words
from web.organizer.framing import frame
from web.pages import Page, answer


@dataclass(frozen=True, kw_only=True)
class EventsPage(Page):
    filter: RunFilter
    found: RunPage
    programmes: tuple[ProgrammeRun, ...]
    kinds: dict[str, str]
    states: dict[str, str]
    may_edit: bool

    def link(self, **changes: str | int | None) -> str:
        """This list with some filters changed, from its first page unless `cursor` is given."""
        asked = {
            "state": self.filter.state,
            "programme": self.filter.programme_id,
            "when": self.filter.when,
            "q": self.filter.text,
        }
        kept = {name: value for name, value in (asked | changes).items() if value}
        return "/organizer/events" + (f"?{urlencode(kept)}" if kept else "")


@get("/events")
async def list_events(
    request: Request[Any, Any, Any],
    staff: NamedDependency[StaffMember],
    in_state: Annotated[str, QueryParameter(name="state")] = "",
    programme: FromQuery[int | None] = None,
    when: FromQuery[str] = "",
    q: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Response[str]:
    wanted = RunFilter(state=in_state, programme_id=programme, when=when, text=q, cursor=cursor)
    page = EventsPage(
        shell=frame(request),
        filter=wanted,
        found=await events_run_by(staff, wanted),
        programmes=tuple(await programmes_run_by(staff)),
        kinds=words.KINDS,
        states=words.EVENT_STATES,
        may_edit=bool(staff.departments(MAY_EDIT)),
    )
    return answer(request, "organizer/events.html", page)


HANDLERS = [list_events]
