"""Stops 验票点: where people are scanned, and what counts as having been there."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue.kinds import Kind, preset_of
from events.catalogue.queries import EventRun, event_run_by
from events.errors import Invalid
from events.gate.queries import StopRow, stops_of
from events.gate.stops import StopDraft, ensure_stops
from events.gate.stops import set_stops as store_stops
from events.people.queries import StaffMember
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import EventFormPage, frame
from web.organizer.rows import Row, kept, one, renumbered
from web.pages import answer, locale_of, redirect

BLANK_ROWS: Final = 3
POSITION_MOST: Final = 99


@dataclass(frozen=True, kw_only=True)
class StopsPage(EventFormPage):
    rows: int
    blank: int
    directions: dict[str, str]
    evidence: str


@get("/events/{event_id:int}/stops")
async def show_stops(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    await ensure_stops(event_id)
    stops = [each for each in await stops_of(staff, event_id) if not each.retired]
    return stops_form(request, event, Filled(stop_values(stops)), len(stops))


def stop_values(stops: list[StopRow]) -> dict[str, str]:
    values: dict[str, str] = {}
    for place, stop in enumerate(stops):
        fields = {
            "id": str(stop.id),
            "name": stop.name,
            "position": str(stop.position + 1),
            "counts": "1" if stop.counts else "",
            "direction": str(stop.direction),
        }
        values |= {f"stops.{place}.{name}": text for name, text in fields.items()}
    return values


def stops_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled, rows: int) -> Response[str]:
    page = StopsPage(
        shell=frame(request),
        event=event,
        section="stops",
        form=filled,
        rows=rows,
        blank=BLANK_ROWS,
        directions=words.DIRECTIONS,
        evidence=preset_of(Kind(event.page.kind)).evidence,
    )
    return answer(request, "organizer/stops.html", page, filled.status)


@post("/events/{event_id:int}/stops")
async def set_stops(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    sent = await read_form(request)
    rows = kept(sent, "stops", is_blank)
    form = renumbered(sent, "stops", rows)
    try:
        drafts = [read_stop(form, place) for place in range(len(rows))]
        form.check()
        await store_stops(staff, event_id, drafts)
    except Invalid as error:
        return stops_form(request, event, shown_again(locale_of(request), form, error), len(rows))
    return redirect(request, f"/organizer/events/{event_id}/stops", done=N_("验票点已保存。"))


def is_blank(row: Row) -> bool:
    return not one(row, "name") and not one(row, "id")


def read_stop(form: Form, place: int) -> StopDraft:
    part = f"stops.{place}"
    position = form.number(f"{part}.position", least=1, most=POSITION_MOST, required=False)
    return StopDraft(
        name=form.raw(f"{part}.name"),
        position=place if position is None else position - 1,
        counts=form.ticked(f"{part}.counts"),
        direction=form.raw(f"{part}.direction") or "in",
        id=form.number(f"{part}.id", least=1, required=False),
    )


HANDLERS = [show_stops, set_stops]
