"""Sessions 场次: added one by one, moved, called off, taken away."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.drafts import PoolDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import pools_of, session_of
from events.catalogue.queries import EventRun, SessionDetail, SessionRun, event_run_by, session_run_by
from events.database import database_now
from events.errors import Invalid, NeedsConfirmation, Refused, Stale
from events.people.queries import StaffMember
from events.ticket import changes
from templates.environment import translate
from templates.formats import span
from templates.language import N_
from web.forms import read_form
from web.organizer.drafts import (
    SESSION_TIMES,
    field_moment,
    first_session,
    session_draft,
    session_faults,
    session_values,
    version_of,
)
from web.organizer.event import affected_lines, without_token
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import ConfirmPage, EventFormPage, FormPage, ReasonPage, frame
from web.pages import Page, answer, locale_of, redirect
from web.session import settings_of


@dataclass(frozen=True, kw_only=True)
class SessionsPage(Page):
    event: EventRun
    section: str


@dataclass(frozen=True, kw_only=True)
class NewSessionPage(EventFormPage):
    pools: tuple[PoolDraft, ...]


@dataclass(frozen=True, kw_only=True)
class SessionPage(FormPage):
    session: SessionRun


@get("/events/{event_id:int}/sessions")
async def list_sessions(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    page = SessionsPage(shell=frame(request), event=event, section="sessions")
    return answer(request, "organizer/sessions.html", page)


@get("/events/{event_id:int}/sessions/new")
async def new_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    return new_session_form(request, event, Filled(proposed_values(event, settings_of(request).time_zone)))


def proposed_values(event: EventRun, zone: ZoneInfo) -> dict[str, str]:
    """A week after the last session, at its hours; without one, a week from now by the kind's preset."""
    if not event.sessions:
        start = event.page.now.astimezone(zone).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)
        proposed = session_of(Kind(event.page.kind), start)
    else:
        last, week = event.sessions[-1], timedelta(days=7)
        proposed = session_of(Kind(event.page.kind), last.starts_at)
        proposed = replace(
            proposed, **{name: getattr(last, name) + week for name in SESSION_TIMES}, place=last.own_place
        )
    times = {name: field_moment(getattr(proposed, name), zone) for name in ("starts_at", "ends_at")}
    return times | {"place": proposed.place}


def pools_like_last(event: EventRun) -> tuple[PoolDraft, ...]:
    """The pools of the last session that has some, else of the kind's preset; none where nothing is booked."""
    for session in reversed(event.sessions):
        if session.pools:
            return tuple(PoolDraft(each.name, each.capacity, each.choice, each.note) for each in session.pools)
    return pools_of(Kind(event.page.kind)) if event.page.needs_booking else ()


def new_session_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    page = NewSessionPage(
        shell=frame(request), event=event, section="sessions", form=filled, pools=pools_like_last(event)
    )
    return answer(request, "organizer/new_session.html", page, filled.status)


@post("/events/{event_id:int}/sessions")
async def add_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        now = await database_now()
        draft = replace(first_session(form, Kind(event.page.kind), now), place=form.raw("place"))
        refuse_all(form, session_faults(form, draft, now))
        await actions.add_session(staff, event_id, draft, pools_like_last(event))
    except (Invalid, Refused) as error:
        return new_session_form(request, event, shown_again(locale_of(request), form, error))
    return redirect(request, f"/organizer/events/{event_id}/sessions", done=N_("场次已添加。"))


@get("/sessions/{session_id:int}")
async def show_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str]:
    session = await session_run_by(staff, session_id)
    return session_form(request, session, Filled(session_values(session, settings_of(request).time_zone)))


def session_form(request: Request[Any, Any, Any], session: SessionRun, filled: Filled) -> Response[str]:
    page = SessionPage(shell=frame(request), form=filled, session=session)
    return answer(request, "organizer/session.html", page, filled.status)


@post("/sessions/{session_id:int}")
async def edit_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str] | Redirect:
    session = await session_run_by(staff, session_id)
    form = await read_form(request)
    path = f"/organizer/sessions/{session_id}"
    try:
        version, draft = version_of(form), session_draft(form)
        form.check()
        await changes.edit_session(staff, session_id, draft, version, confirmed=form.ticked("confirmed"))
    except NeedsConfirmation as error:
        page = ConfirmPage(
            shell=frame(request),
            title=translate(locale_of(request), "确定修改？有人已经报名"),
            lines=affected_lines(locale_of(request), error),
            url=path,
            yes=translate(locale_of(request), "保存并通知"),
            back=path,
            fields=without_token(form),
        )
        return answer(request, "organizer/confirm.html", page, 409)
    except (Invalid, Stale, Refused) as error:
        saved = session_values(session, settings_of(request).time_zone)
        return session_form(request, session, shown_again(locale_of(request), form, error, saved))
    await request.app.state.doorbell.ring()
    return redirect(request, f"/organizer/events/{session.event_id}/sessions", done=N_("场次已保存。"))


@get("/sessions/{session_id:int}/cancellation")
async def ask_to_cancel_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str]:
    return cancelling(request, await session_run_by(staff, session_id), Filled())


@post("/sessions/{session_id:int}/cancellation")
async def cancel_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str] | Redirect:
    session = await session_run_by(staff, session_id)
    form = await read_form(request)
    try:
        await changes.cancel_session(staff, session_id, form.raw("reason"))
    except (Invalid, Refused) as error:
        return cancelling(request, session, shown_again(locale_of(request), form, error))
    await request.app.state.doorbell.ring()
    done = N_("场次已取消，报过名的学生会收到通知。")
    return redirect(request, f"/organizer/events/{session.event_id}/sessions", done=done)


def cancelling(request: Request[Any, Any, Any], session: SessionRun, filled: Filled) -> Response[str]:
    locale = locale_of(request)
    page = ReasonPage(
        shell=frame(request),
        form=filled,
        title=translate(locale, "取消场次"),
        lines=(
            translate(
                locale,
                "“%(title)s”%(when)s这一场会取消，不能恢复。",
                title=session.event_title,
                when=session_words(request, session),
            ),
            translate(locale, "已有 %(n)s 个报名。他们的名额和票会作废，每个人都会收到取消通知。", n=session.held),
        ),
        url=f"/organizer/sessions/{session.id}/cancellation",
        yes=translate(locale, "取消场次并通知"),
        back=f"/organizer/events/{session.event_id}/sessions",
        reason_help=translate(locale, "会写进给学生的通知。"),
    )
    return answer(request, "organizer/reason.html", page, filled.status)


def session_words(request: Request[Any, Any, Any], session: SessionDetail) -> str:
    zone = settings_of(request).time_zone
    return span(locale_of(request), session.starts_at, session.ends_at, frame(request).now, zone=zone)


@post("/sessions/{session_id:int}/removal")
async def remove_session(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str] | Redirect:
    session = await session_run_by(staff, session_id)
    locale, back = locale_of(request), f"/organizer/events/{session.event_id}/sessions"
    if not (await read_form(request)).ticked("confirmed"):
        page = ConfirmPage(
            shell=frame(request),
            title=translate(locale, "删除这个场次？"),
            lines=(session_words(request, session), translate(locale, "没有人报过名的场次才能删除。")),
            url=f"/organizer/sessions/{session_id}/removal",
            yes=translate(locale, "删除"),
            back=back,
        )
        return answer(request, "organizer/confirm.html", page)
    await actions.remove_session(staff, session_id)
    return redirect(request, back, done=N_("场次已删除。"))


HANDLERS = [
    list_sessions,
    new_session,
    add_session,
    show_session,
    edit_session,
    ask_to_cancel_session,
    cancel_session,
    remove_session,
]
