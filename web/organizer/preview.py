"""An event as students will see it, before they can."""

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup

from events.catalogue.queries import event_run_by, poster_run_by
from events.people.queries import StaffMember
from templates.environment import Locale, render, translate
from web.student.event import page_of


@get("/events/{event_id:int}/preview")
async def preview_event(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    """The students' own page, by their own template; only its poster comes from where drafts have theirs."""
    event = await event_run_by(staff, event_id)
    page = await page_of(request, event.page, None)
    locale = page.shell.locale
    shown = replace(page, shell=replace(page.shell, flash=(("info", banner(locale, event_id)),)))
    html = render(locale, "student/event.html", shown)
    html = html.replace(f"/events/{event_id}/poster/", f"/organizer/events/{event_id}/poster?v=")
    return Response(html, media_type="text/html", headers={"Cache-Control": "no-store"})


def banner(locale: Locale, event_id: int) -> Markup:
    return Markup('{} <a href="/organizer/events/{}">{}</a>').format(
        translate(locale, "这是预览：学生将看到这样的页面，按钮在这里不起作用。"),
        event_id,
        translate(locale, "返回编辑"),
    )


@get("/events/{event_id:int}/poster")
async def show_draft_poster(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[bytes]:
    """The poster, before publishing too; its square with `?thumb=1`. No cache keeps what is not public yet."""
    found = await poster_run_by(staff, event_id, thumb=request.query_params.get("thumb") == "1")
    return Response(found.content, media_type="image/jpeg", headers={"Cache-Control": "private, no-cache"})


HANDLERS = [preview_event, show_draft_poster]
