"""名单导入: a file is read and shown, row by row where something is the matter, and then taken over or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.errors import Fault, NotFound
from events.people.actions.roster import RosterRefused, apply_roster, preview_roster
from events.people.masks import mask_email, mask_name, mask_phone
from events.people.queries import StaffMember
from events.people.roster import BadRoster, Field, How
from events.people.roster.compare import Difference
from events.people.rosters import ImportDetail, ImportLine, import_of, imports_of, schools_open_to
from events.sheets import BadSheet
from templates.environment import Locale, translate
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.pages import Page, answer, locale_of, redirect, shell
from web.people.roster_sentences import FIELDS, HOWS, of_doubt, of_file, of_problem
from web.session import settings_of

UPLOAD_MOST: Final = 12 * 1024 * 1024  # bytes
SHOWN: Final = 50  # rows of a list on the page
HERE: Final = "/organizer/people/roster"


@dataclass(frozen=True, kw_only=True)
class RostersPage(Page):
    schools: tuple[str, ...]
    school: str
    imports: tuple[ImportLine, ...]
    errors: dict[str, str]


@dataclass(frozen=True)
class Told:
    """One line of a table: where, which column, and what."""

    line: int
    cell: str
    field: str
    value: str
    text: str


@dataclass(frozen=True)
class Changed:
    """What a student's record would become; contact data masked."""

    number: str
    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RosterPage(Page):
    """`gone`: masked names with numbers, the first of `gone_count`. Lists are cut to SHOWN, counts are whole."""

    found: ImportLine
    rows: int
    accepted: int
    normalised: int
    repeated: int
    problems: tuple[Told, ...]
    doubts: tuple[Told, ...]
    readings: tuple[Told, ...]
    changes: tuple[Changed, ...]
    added: int
    changed: int
    unchanged: int
    gone: tuple[str, ...]
    gone_count: int
    may_mark_gone: bool
    refusal: str


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


def roster_page(request: Request[Any, Any, Any], found: ImportDetail, refusal: str = "") -> RosterPage:
    locale = locale_of(request)
    verdict, seen = found.verdict, found.comparison
    return RosterPage(
        shell=shell(request, "organizer", "desk"),
        found=found.line,
        rows=verdict.rows,
        accepted=verdict.accepted,
        normalised=verdict.normalised,
        repeated=verdict.repeated,
        problems=tuple(
            Told(each.line, each.cell, field_name(locale, each.field), each.value, of_problem(locale, each))
            for each in verdict.problems
        ),
        doubts=tuple(Told(each.line, each.cell, "", "", of_doubt(locale, each)) for each in verdict.doubts[:SHOWN]),
        readings=tuple(
            Told(
                each.line, each.cell, field_name(locale, each.field), each.before, reading(locale, each.after, each.how)
            )
            for each in verdict.changes[:SHOWN]
        ),
        changes=tuple(change for each in (seen.changed if seen else ())[:SHOWN] for change in changes_of(locale, each)),
        added=len(seen.added) if seen else found.line.added,
        changed=len(seen.changed) if seen else found.line.changed,
        unchanged=seen.unchanged if seen else found.line.unchanged,
        gone=tuple(
            f"{each.number} {mask_name(each.facts[Field.NAME])}" for each in (seen.gone if seen else ())[:SHOWN]
        ),
        gone_count=len(seen.gone) if seen else 0,
        may_mark_gone=not verdict.refused,
        refusal=refusal,
    )


def reading(locale: Locale, after: str, how: str) -> str:
    return (
        f"{after}（{translate(locale, HOWS[How(how)])}）"
        if locale == "zh-CN"
        else f"{after} ({translate(locale, HOWS[How(how)])})"
    )


def changes_of(locale: Locale, difference: Difference) -> Iterator[Changed]:
    number, name = difference.student.number, mask_name(difference.student.name)
    for field, (before, after) in difference.fields.items():
        yield Changed(number, name, translate(locale, FIELDS[field]), shown(field, before), shown(field, after))
    if difference.returns:
        yield Changed(
            number,
            name,
            translate(locale, N_("在校状态")),
            translate(locale, N_("离校")),
            translate(locale, N_("在校")),
        )


def shown(field: Field, value: Any) -> str:
    text = "" if value is None else str(value)
    if field is Field.PHONE and text:
        return mask_phone(text)
    return mask_email(text) if field is Field.EMAIL and text else text or "—"


def field_name(locale: Locale, field: str) -> str:
    return translate(locale, FIELDS[Field(field)])


HANDLERS = [show_rosters, read_file, show_import, take_over]
