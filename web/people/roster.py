"""名单导入: a file is read and shown, row by row where something is the matter, and then taken over or not."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.errors import Fault, NotFound
from events.people.actions.roster import RosterRefused, apply_roster, preview_roster
from events.people.queries import StaffMember
from events.people.roster import BadRoster
from events.people.rosters import ImportLine, import_of, imports_of, schools_open_to
from events.sheets import BadSheet
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.pages import Page, answer, locale_of, redirect, shell
from web.people.roster_page import roster_page
from web.people.roster_sentences import of_file
from web.session import settings_of

UPLOAD_MOST: Final = 12 * 1024 * 1024  # bytes
HERE: Final = "/organizer/people/roster"


@dataclass(frozen=True, kw_only=True)
class RostersPage(Page):
    schools: tuple[str, ...]
    school: str
    imports: tuple[ImportLine, ...]
    errors: dict[str, str]


@get("/roster")
async def show_rosters(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    return await rosters_page(request, staff)


@post("/roster", request_max_body_size=UPLOAD_MOST)
async def read_file(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str] | Redirect:
    form = await read_form(request)
    upload = form.upload("roster")
    if upload is None:
        return await refused_file(request, staff, form, sentences.of_fault(locale_of(request), Fault.MISSING))
    try:
        preview = await preview_roster(staff, await upload.read(), upload.filename, form.raw("school"))
    except (BadSheet, BadRoster) as error:
        return await refused_file(request, staff, form, of_file(locale_of(request), error))
    return redirect(request, f"{HERE}/{preview.import_id}")


@get("/roster/{import_id:int}")
async def show_import(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], import_id: FromPath[int]
) -> Response[str]:
    return answer(request, "people/roster.html", roster_page(request, await import_of(staff, import_id)))


@post("/roster/{import_id:int}/application")
async def take_over(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], import_id: FromPath[int]
) -> Response[str] | Redirect:
    gone = (await read_form(request)).ticked("gone_have_left")
    try:
        counts = await apply_roster(staff, import_id, gone_have_left=gone)
    except RosterRefused as error:
        found = await import_of(staff, import_id)
        page = roster_page(request, found, sentences.of_refusal(locale_of(request), error))
        return answer(request, "people/roster.html", page, 409)
    return redirect(
        request,
        f"{HERE}/{import_id}",
        done=N_("名单已导入：新增 %(added)s 人，更新 %(changed)s 人，标记离校 %(left)s 人。"),
        added=counts.added,
        changed=counts.changed,
        left=counts.left,
    )


async def rosters_page(
    request: Request[Any, Any, Any], staff: StaffMember, school: str = "", errors: dict[str, str] | None = None
) -> Response[str]:
    """Raises NotFound for those who may import nowhere."""
    schools = await schools_open_to(staff, settings_of(request).school)
    if not schools:
        raise NotFound
    page = RostersPage(
        shell=shell(request, "organizer", "desk"),
        schools=tuple(schools),
        school=school if school in schools else schools[0],
        imports=tuple(await imports_of(staff, schools)),
        errors=errors or {},
    )
    return answer(request, "people/rosters.html", page, 422 if errors else 200)


async def refused_file(request: Request[Any, Any, Any], staff: StaffMember, form: Form, sentence: str) -> Response[str]:
    return await rosters_page(request, staff, form.raw("school"), {"roster": sentence})


HANDLERS = [show_rosters, read_file, show_import, take_over]
