"""工作人员: who acts for which department, granted and taken back by its owners."""

from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.errors import Fault, Invalid, NotFound
from events.people.actions import StaffRefused, add_staff, disable_staff, enable_staff, remove_role
from events.people.queries import MAY_OWN, StaffMember
from events.people.rosters import schools_open_to
from events.people.staffing import OwnedDepartment, StaffLine, departments_owned_by, staff_under
from templates.environment import translate
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import ConfirmPage
from web.pages import Page, answer, locale_of, redirect, shell
from web.session import settings_of

HERE: Final = "/organizer/people/staff"
ROLES: Final = {"owner": N_("负责人"), "editor": N_("活动编辑"), "gate": N_("验票员"), "analyst": N_("数据员")}
ROLES_MEAN: Final = {
    "owner": N_("可以做这个部门的一切事，包括管理工作人员"),
    "editor": N_("发布活动，查看报名名单"),
    "gate": N_("只能验票"),
    "analyst": N_("只能看数据"),
}


@dataclass(frozen=True, kw_only=True)
class PeoplePage(Page):
    may_manage_staff: bool
    may_import: bool


@dataclass(frozen=True, kw_only=True)
class StaffPage(Page):
    """`roles`: name and meaning by code."""

    me: int
    people: tuple[StaffLine, ...]
    departments: tuple[OwnedDepartment, ...]
    form: Filled
    roles: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {code: (name, ROLES_MEAN[code]) for code, name in ROLES.items()}
    )


@get("/")
async def show_people(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    page = PeoplePage(
        shell=shell(request, "organizer", "desk"),
        may_manage_staff=bool(staff.departments(MAY_OWN)),
        may_import=bool(await schools_open_to(staff, settings_of(request).school)),
    )
    return answer(request, "people/home.html", page)


@get("/staff")
async def show_staff(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    return await staff_page(request, staff, Filled())


@post("/staff")
async def add(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str] | Redirect:
    form = await read_form(request)
    try:
        department, role = chosen(form)
        await add_staff(staff, form.raw("name"), form.raw("email"), department, role)
    except Invalid as error:
        return await staff_page(request, staff, shown_again(locale_of(request), form, error))
    return redirect(request, HERE, done=N_("已添加。对方用这个邮箱登录，不需要密码。"))


@post("/staff/{staff_id:int}/role-removals")
async def take_role(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], staff_id: FromPath[int]
) -> Response[str] | Redirect:
    person = await person_under(staff, staff_id)
    form = await read_form(request)
    department, role = chosen(form)
    if not form.ticked("confirmed"):
        fields = {"department": str(department), "role": role}
        return ask(request, person, N_("收回“%(name)s”的这个角色？"), N_("收回角色"), "role-removals", **fields)
    try:
        await remove_role(staff, staff_id, department, role)
    except StaffRefused as error:
        return await refused(request, staff, error)
    return redirect(request, HERE, done=N_("角色已收回，对方需要重新登录。"))


@post("/staff/{staff_id:int}/suspension")
async def suspend(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], staff_id: FromPath[int]
) -> Response[str] | Redirect:
    person = await person_under(staff, staff_id)
    if not (await read_form(request)).ticked("confirmed"):
        return ask(request, person, N_("停用“%(name)s”的账号？"), N_("停用账号"), "suspension")
    try:
        await disable_staff(staff, staff_id)
    except StaffRefused as error:
        return await refused(request, staff, error)
    return redirect(request, HERE, done=N_("账号已停用，所有登录都已退出。"))


@post("/staff/{staff_id:int}/readmission")
async def readmit(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], staff_id: FromPath[int]
) -> Response[str] | Redirect:
    await read_form(request)
    try:
        await enable_staff(staff, staff_id)
    except StaffRefused as error:
        return await refused(request, staff, error)
    return redirect(request, HERE, done=N_("账号已恢复。"))


async def person_under(staff: StaffMember, staff_id: int) -> StaffLine:
    """Raises NotFound for somebody who is not the viewer's to manage."""
    found = next((each for each in await staff_under(staff) if each.id == staff_id), None)
    if found is None:
        raise NotFound
    return found


def chosen(form: Form) -> tuple[int, str]:
    """Department and role. Raises Invalid."""
    department = form.number("department", least=1)
    role = form.raw("role")
    if role not in ROLES:
        form.wrong("role", Fault.NOT_AN_OPTION if role else Fault.MISSING, None)
    form.check()
    return department or 0, role


async def refused(request: Request[Any, Any, Any], staff: StaffMember, error: StaffRefused) -> Response[str]:
    return await staff_page(request, staff, Filled(refusal=sentences.of_refusal(locale_of(request), error), status=409))


def ask(
    request: Request[Any, Any, Any], person: StaffLine, title: str, yes: str, noun: str, **fields: str
) -> Response[str]:
    """The page that asks first, for those whose browser shows no dialog."""
    locale = locale_of(request)
    page = ConfirmPage(
        shell=shell(request, "organizer", "desk"),
        title=translate(locale, title, name=person.name),
        lines=(translate(locale, N_("对方会立刻退出登录；已经做过的事都会保留。")),),
        url=f"{HERE}/{person.id}/{noun}",
        yes=translate(locale, yes),
        back=HERE,
        fields=fields,
    )
    return answer(request, "organizer/confirm.html", page)


async def staff_page(request: Request[Any, Any, Any], staff: StaffMember, filled: Filled) -> Response[str]:
    """Raises NotFound for those who own no department."""
    departments = await departments_owned_by(staff)
    if not departments:
        raise NotFound
    page = StaffPage(
        shell=shell(request, "organizer", "desk"),
        me=staff.id,
        people=tuple(await staff_under(staff)),
        departments=tuple(departments),
        form=filled,
    )
    return answer(request, "people/staff.html", page, filled.status)


HANDLERS = [show_people, show_staff, add, take_role, suspend, readmit]
