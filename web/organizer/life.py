"""An event's life: published, taken back, put off, called off, copied."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.actions import Part
from events.catalogue.queries import EventRun, event_run_by
from events.errors import Invalid, Refused
from events.people.once import new_key, once
from events.people.queries import StaffMember
from events.ticket import changes
from templates.environment import translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.create import publish
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import EventFormPage, ReasonPage, frame
from web.pages import answer, locale_of, redirect
from web.session import settings_of


@dataclass(frozen=True, kw_only=True)
class ClonePage(EventFormPage):
    parts: dict[str, str]


@post("/events/{event_id:int}/publication")
async def publish_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Redirect:
    return await publish(request, staff, event_id)


@post("/events/{event_id:int}/withdrawal")
async def withdraw_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Redirect:
    await actions.unpublish_event(staff, event_id)
    return redirect(request, f"/organizer/events/{event_id}", done=N_("活动已撤回为草稿，学生看不到了。"))


@get("/events/{event_id:int}/postponement")
async def ask_to_postpone(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    return postponing(request, await event_run_by(staff, event_id), Filled())


@post("/events/{event_id:int}/postponement")
async def postpone_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        await changes.postpone_event(staff, event_id, form.raw("reason"))
    except (Invalid, Refused) as error:
        return postponing(request, event, shown_again(locale_of(request), form, error))
    await request.app.state.doorbell.ring()
    done = N_("活动已延期，报过名的学生会收到通知。定下新时间后，修改场次并重新发布。")
    return redirect(request, f"/organizer/events/{event_id}", done=done)


def postponing(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    locale = locale_of(request)
    page = ReasonPage(
        shell=frame(request),
        form=filled,
        title=translate(locale, "活动延期"),
        lines=(
            translate(locale, "“%(title)s”的所有未结束场次都会延期，新时间以后再定。", title=event.title),
            translate(locale, "已有 %(n)s 个报名。报名会保留，学生会收到延期通知，提醒暂停发送。", n=event.held),
        ),
        url=f"/organizer/events/{event.id}/postponement",
        yes=translate(locale, "延期并通知"),
        back=f"/organizer/events/{event.id}",
        reason_help=translate(locale, "只记录在系统里，便于日后查看。"),
        reason_required=False,
    )
    return answer(request, "organizer/reason.html", page, filled.status)


@get("/events/{event_id:int}/cancellation")
async def ask_to_cancel(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    return cancelling(request, await event_run_by(staff, event_id), Filled())


@post("/events/{event_id:int}/cancellation")
async def cancel_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        await changes.cancel_event(staff, event_id, form.raw("reason"))
    except (Invalid, Refused) as error:
        return cancelling(request, event, shown_again(locale_of(request), form, error))
    await request.app.state.doorbell.ring()
    return redirect(request, f"/organizer/events/{event_id}", done=N_("活动已取消，报过名的学生会收到通知。"))


def cancelling(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    locale = locale_of(request)
    page = ReasonPage(
        shell=frame(request),
        form=filled,
        title=translate(locale, "取消活动"),
        lines=(
            translate(locale, "“%(title)s”的所有未结束场次都会取消，不能恢复。", title=event.title),
            translate(locale, "已有 %(n)s 个报名。他们的名额和票会作废，每个人都会收到取消通知。", n=event.held),
        ),
        url=f"/organizer/events/{event.id}/cancellation",
        yes=translate(locale, "取消活动并通知"),
        back=f"/organizer/events/{event.id}",
        reason_help=translate(locale, "会写进给学生的通知。"),
    )
    return answer(request, "organizer/reason.html", page, filled.status)


@get("/events/{event_id:int}/copies")
async def ask_to_clone(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    filled = Filled({"title": event.title, "once": new_key()}, {"parts": tuple(words.PARTS)})
    return clone_form(request, event, filled)


@post("/events/{event_id:int}/copies")
async def clone_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        copy = await copied_once(request, staff, event_id, form)
    except (Invalid, Refused) as error:
        return clone_form(request, event, shown_again(locale_of(request), form, error))
    return redirect(request, f"/organizer/events/{copy}", done=N_("已复制为新的草稿，请检查时间后发布。"))


async def copied_once(request: Request[Any, Any, Any], staff: StaffMember, event_id: int, form: Form) -> int:
    first_day = form.day("first_day", required=False)
    form.check()
    parts = frozenset(Part(each) for each in form.several("parts") if each in set(Part))

    async def copy() -> int:
        zone = settings_of(request).time_zone
        return await actions.clone_event(staff, event_id, first_day, parts, form.raw("title"), zone)

    return await once(f"staff:{staff.id}", form.raw("once"), copy)


def clone_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    page = ClonePage(shell=frame(request), event=event, section="home", form=filled, parts=words.PARTS)
    return answer(request, "organizer/clone.html", page, filled.status)


HANDLERS = [
    publish_event,
    withdraw_event,
    ask_to_postpone,
    postpone_event,
    ask_to_cancel,
    cancel_event,
    ask_to_clone,
    clone_event,
]
