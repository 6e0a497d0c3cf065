"""A new event in one screen: what the form does not ask comes from the kind's preset."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.drafts import EventDraft, PoolDraft, SessionDraft
from events.catalogue.kinds import Kind, Preset, preset_of
from events.catalogue.presets import pools_of
from events.catalogue.queries import ProgrammeRun, programme_run_by, programmes_run_by
from events.catalogue.rules import CAPACITIES, problems
from events.database import database_now
from events.errors import Invalid, NotFound, Refused
from events.gate.stops import ensure_stops
from events.people.once import new_key, once
from events.people.queries import MAY_EDIT, StaffMember
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.drafts import field_moment, first_event, first_session, session_faults
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import FormPage, frame
from web.pages import Page, answer, locale_of, redirect
from web.session import settings_of


@dataclass(frozen=True, kw_only=True)
class ChooseProgrammePage(Page):
    programmes: tuple[ProgrammeRun, ...]
    kinds: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class NewEventPage(FormPage):
    programme: ProgrammeRun
    kind: str
    kinds: dict[str, str]
    preset: Preset


@dataclass(frozen=True)
class NewEvent:
    event: EventDraft
    session: SessionDraft
    pools: tuple[PoolDraft, ...]


@get("/events/new")
async def new_event(
    request: Request[Any, Any, Any],
    staff: NamedDependency[StaffMember],
    programme: FromQuery[int | None] = None,
    kind: FromQuery[str] = "",
) -> Response[str]:
    if programme is None:
        return await choose_programme(request, staff)
    chosen = await programme_run_by(staff, programme)
    wanted = known_kind(kind or chosen.kind)
    return new_event_form(request, chosen, wanted, Filled(preset_values(request, wanted)))


async def choose_programme(request: Request[Any, Any, Any], staff: StaffMember) -> Response[str]:
    if not staff.departments(MAY_EDIT):
        raise NotFound
    page = ChooseProgrammePage(
        shell=frame(request), programmes=tuple(await programmes_run_by(staff)), kinds=words.KINDS
    )
    return answer(request, "organizer/choose_programme.html", page)


def known_kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise NotFound from error


def preset_values(request: Request[Any, Any, Any], kind: Kind) -> dict[str, str]:
    preset, zone = preset_of(kind), settings_of(request).time_zone
    start = datetime.now(zone).replace(hour=9, minute=0) + timedelta(days=7)
    return {
        "starts_at": field_moment(start, zone),
        "ends_at": field_moment(start + preset.duration, zone),
        "capacity": str(preset.capacity),
        "needs_booking": "" if preset.open_attendance else "1",
        "once": new_key(),
    }


def new_event_form(
    request: Request[Any, Any, Any], programme: ProgrammeRun, kind: Kind, filled: Filled
) -> Response[str]:
    page = NewEventPage(
        shell=frame(request),
        form=filled,
        programme=programme,
        kind=kind.value,
        kinds=words.KINDS,
        preset=preset_of(kind),
    )
    return answer(request, "organizer/new_event.html", page, filled.status)


@post("/events")
async def create_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]
) -> Response[str] | Redirect:
    form = await read_form(request)
    programme = await programme_run_by(staff, form.number("programme", least=1) or 0)
    kind = known_kind(form.raw("kind") or programme.kind)
    try:
        wanted = await read_new_event(form, kind)
        event_id = await made_once(staff, programme.id, wanted, form.raw("once"))
    except (Invalid, Refused) as error:
        return new_event_form(request, programme, kind, shown_again(locale_of(request), form, error))
    if form.raw("then") == "publish":
        return await publish(request, staff, event_id)
    return redirect(request, f"/organizer/events/{event_id}", done=N_("草稿已保存，学生还看不到。"))


async def read_new_event(form: Form, kind: Kind) -> NewEvent:
    """Raises Invalid with everything that is wrong in the form."""
    now = await database_now()
    event, session = first_event(form, kind), first_session(form, kind, now)
    booked = event.needs_booking
    capacity = form.number("capacity", least=CAPACITIES.start, most=CAPACITIES.stop - 1, required=booked)
    refuse_all(form, problems(event, now), session_faults(form, session, now))
    return NewEvent(event, session, pools_of(kind, capacity) if booked else ())


async def made_once(staff: StaffMember, programme_id: int, wanted: NewEvent, key: str) -> int:
    """The event's ID; a form that is sent twice makes one event."""

    async def make() -> int:
        event_id = await actions.create_event(staff, programme_id, wanted.event)
        await actions.add_session(staff, event_id, wanted.session, wanted.pools)
        await ensure_stops(event_id)
        return event_id

    return await once(f"staff:{staff.id}", key, make)


async def publish(request: Request[Any, Any, Any], staff: StaffMember, event_id: int) -> Redirect:
    path = f"/organizer/events/{event_id}"
    try:
        await actions.publish_event(staff, event_id)
    except Refused as error:
        return redirect(request, path, done=sentences.of_refusal(locale_of(request), error), kind="warning")
    return redirect(request, path, done=N_("活动已发布，学生可以看到了。"))


HANDLERS = [new_event, create_event]
