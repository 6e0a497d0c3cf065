"""Programmes 项目: the lasting lines of work under which events are published."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.queries import (
    DepartmentName,
    ProgrammeRun,
    all_departments,
    host_choices,
    programme_run_by,
    programmes_run_by,
)
from events.catalogue.rules import problems
from events.database import database_now
from events.errors import Invalid, NotFound, Stale
from events.people.once import new_key, once
from events.people.queries import StaffMember
from templates.environment import translate
from templates.language import N_
from web.forms import read_form
from web.organizer import words
from web.organizer.drafts import programme_draft, programme_values
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import ConfirmPage, FormPage, frame
from web.pages import Page, answer, locale_of, redirect


@dataclass(frozen=True, kw_only=True)
class ProgrammesPage(Page):
    programmes: tuple[ProgrammeRun, ...]
    archived: bool
    may_create: bool


@dataclass(frozen=True, kw_only=True)
class ProgrammePage(FormPage):
    """`programme` is None while a new one is written."""

    programme: ProgrammeRun | None
    kinds: dict[str, str]
    hosts: tuple[DepartmentName, ...]
    departments: tuple[DepartmentName, ...]


@get("/programmes")
async def list_programmes(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], archived: FromQuery[bool] = False
) -> Response[str]:
    page = ProgrammesPage(
        shell=frame(request),
        programmes=tuple(await programmes_run_by(staff, archived=archived)),
        archived=archived,
        may_create=bool(await host_choices(staff)),
    )
    return answer(request, "organizer/programmes.html", page)


@get("/programmes/new")
async def new_programme(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    return await programme_form(request, staff, None, Filled({"once": new_key()}))


@post("/programmes")
async def create_programme(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]
) -> Response[str] | Redirect:
    form = await read_form(request)
    try:
        draft = programme_draft(form)
        refuse_all(form, problems(draft, await database_now()))
        programme_id = await once(f"staff:{staff.id}", form.raw("once"), lambda: actions.create_programme(staff, draft))
    except Invalid as error:
        return await programme_form(request, staff, None, shown_again(locale_of(request), form, error))
    return redirect(request, f"/organizer/events/new?programme={programme_id}", done=N_("项目已创建，可以新建活动了。"))


@get("/programmes/{programme_id:int}")
async def show_programme(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], programme_id: FromPath[int]
) -> Response[str]:
    programme = await programme_run_by(staff, programme_id)
    partners = tuple(str(each.id) for each in programme.partners)
    filled = Filled(programme_values(programme), {"partners": partners})
    return await programme_form(request, staff, programme, filled)


@post("/programmes/{programme_id:int}")
async def edit_programme(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], programme_id: FromPath[int]
) -> Response[str] | Redirect:
    programme = await programme_run_by(staff, programme_id)
    form = await read_form(request)
    try:
        draft = programme_draft(form)
        version = form.number("version", least=1)
        refuse_all(form, problems(draft, await database_now()))
        await actions.edit_programme(staff, programme_id, draft, version)
    except (Invalid, Stale) as error:
        again = shown_again(locale_of(request), form, error, programme_values(programme))
        return await programme_form(request, staff, programme, again)
    return redirect(request, f"/organizer/programmes/{programme_id}", done=N_("项目已保存。"))


async def programme_form(
    request: Request[Any, Any, Any], staff: StaffMember, programme: ProgrammeRun | None, filled: Filled
) -> Response[str]:
    hosts = await host_choices(staff)
    if not hosts:
        raise NotFound
    page = ProgrammePage(
        shell=frame(request),
        form=filled,
        programme=programme,
        kinds=words.KINDS,
        hosts=tuple(hosts),
        departments=tuple(await all_departments()),
    )
    return answer(request, "organizer/programme.html", page, filled.status)


@post("/programmes/{programme_id:int}/archiving")
async def archive_programme(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], programme_id: FromPath[int]
) -> Response[str] | Redirect:
    programme = await programme_run_by(staff, programme_id)
    if not (await read_form(request)).ticked("confirmed"):
        return answer(request, "organizer/confirm.html", archiving_page(request, programme))
    await actions.archive_programme(staff, programme_id)
    return redirect(request, "/organizer/programmes", done=N_("项目已归档。已发布的活动不受影响。"))


def archiving_page(request: Request[Any, Any, Any], programme: ProgrammeRun) -> ConfirmPage:
    locale = locale_of(request)
    return ConfirmPage(
        shell=frame(request),
        title=translate(locale, "归档“%(name)s”？", name=programme.name),
        lines=(
            translate(
                locale,
                "归档后不能在这个项目下新建活动；已有的 %(n)s 个活动不受影响。以后可以恢复。",
                n=programme.events,
            ),
        ),
        url=f"/organizer/programmes/{programme.id}/archiving",
        yes=translate(locale, "归档"),
        back=f"/organizer/programmes/{programme.id}",
    )


@post("/programmes/{programme_id:int}/restoration")
async def restore_programme(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], programme_id: FromPath[int]
) -> Redirect:
    await actions.restore_programme(staff, programme_id)
    return redirect(request, f"/organizer/programmes/{programme_id}", done=N_("项目已恢复。"))


HANDLERS = [
    list_programmes,
    new_programme,
    create_programme,
    show_programme,
    edit_programme,
    archive_programme,
    restore_programme,
]
