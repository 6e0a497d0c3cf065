"""One event as its organizer sees it: what it is, what it still lacks, its basics."""

from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue.queries import EventDetail, EventRun, event_run_by
from events.catalogue.rules import problems
from events.database import database_now
from events.errors import Invalid, NeedsConfirmation, Refused, Stale
from events.gate.queries import StopRow, stops_of
from events.people.queries import StaffMember
from events.ticket.changes import edit_event
from templates.environment import Locale, translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.drafts import draft_of, event_draft, event_values, version_of
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import ConfirmPage, EventFormPage, frame, missing_text
from web.pages import Page, answer, locale_of, redirect
from web.phrases import clause_text
from web.session import settings_of


@dataclass(frozen=True, kw_only=True)
class EventHomePage(Page):
    event: EventRun
    section: str
    kinds: dict[str, str]
    visibilities: dict[str, tuple[str, str]]
    admissions: dict[str, tuple[str, str]]
    missing: tuple[str, ...]
    stops: tuple[StopRow, ...]
    clauses: tuple[str, ...]
    link: str


@dataclass(frozen=True, kw_only=True)
class BasicsPage(EventFormPage):
    kinds: dict[str, str]
    visibilities: dict[str, tuple[str, str]]
    admissions: dict[str, tuple[str, str]]


@get("/events/{event_id:int}")
async def show_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    locale = locale_of(request)
    page = EventHomePage(
        shell=frame(request),
        event=event,
        section="home",
        kinds=words.KINDS,
        visibilities=words.VISIBILITIES,
        admissions=words.ADMISSIONS,
        missing=tuple(missing_text(locale, each) for each in event.missing),
        stops=tuple(await stops_of(staff, event_id)),
        clauses=tuple(clause_text(locale, each) for each in event.page.eligibility.all),
        link=f"{settings_of(request).base_url}/events/{event_id}",
    )
    return answer(request, "organizer/event.html", page)


@get("/events/{event_id:int}/basics")
async def show_basics(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    return basics_form(request, event, Filled(event_values(event.page)))


@post("/events/{event_id:int}/basics")
async def edit_basics(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        await save_basics(staff, event_id, form)
    except NeedsConfirmation as error:
        return answer(request, "organizer/confirm.html", moving_page(request, event.page, form, error), 409)
    except (Invalid, Stale, Refused) as error:
        again = shown_again(locale_of(request), form, error, event_values(event.page))
        return basics_form(request, event, again)
    await request.app.state.doorbell.ring()
    return redirect(request, f"/organizer/events/{event_id}", done=N_("基本信息已保存。"))


async def save_basics(staff: StaffMember, event_id: int, form: Form) -> None:
    version = version_of(form)
    draft = event_draft(form)
    refuse_all(form, problems(draft, await database_now()))
    await edit_event(staff, event_id, draft, version, confirmed=form.ticked("confirmed"))


def basics_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    page = BasicsPage(
        shell=frame(request),
        event=event,
        section="basics",
        form=filled,
        kinds=words.KINDS,
        visibilities=words.VISIBILITIES,
        admissions=words.ADMISSIONS,
    )
    return answer(request, "organizer/basics.html", page, filled.status)


def moving_page(
    request: Request[Any, Any, Any], event: EventDetail, form: Form, error: NeedsConfirmation
) -> ConfirmPage:
    path = f"/organizer/events/{event.id}/basics"
    return ConfirmPage(
        shell=frame(request),
        title=translate(locale_of(request), "确定修改？有人已经报名"),
        lines=affected_lines(locale_of(request), error),
        url=path,
        yes=translate(locale_of(request), "保存并通知"),
        back=path,
        fields=without_token(form),
    )


def affected_lines(locale: Locale, error: NeedsConfirmation) -> tuple[str, ...]:
    """Whom the change touches, and what they will be told."""
    joint = "、" if locale == "zh-CN" else ", "
    changes = joint.join(translate(locale, words.CHANGES[each]) for each in error.affected["changes"])
    return (
        translate(locale, "您修改了：%(changes)s。", changes=changes),
        translate(
            locale,
            "涉及 %(sessions)s 个场次、%(bookings)s 个报名。保存后，这些学生都会收到通知，提醒也会改到新的时间地点。",
            sessions=error.affected["sessions"],
            bookings=error.affected["bookings"],
        ),
    )


def without_token(form: Form) -> dict[str, str]:
    return {name: text for name, text in form.values.items() if name not in ("csrf_token", "confirmed")}


@post("/events/{event_id:int}/visibility")
async def choose_visibility(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    draft = replace(draft_of(event.page), visibility=form.raw("visibility"))
    await edit_event(staff, event_id, draft, version_of(form))
    return redirect(request, f"/organizer/events/{event_id}/eligibility", done=N_("可见范围已保存。"))


HANDLERS = [show_event, show_basics, edit_basics, choose_visibility]
