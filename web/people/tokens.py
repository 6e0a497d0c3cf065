"""访问令牌: how a program acts for a member of staff, through the API."""

from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.errors import Invalid
from events.people.actions import create_token, revoke_token
from events.people.api_callers import Scope
from events.people.queries import StaffMember
from events.people.tokens import TokenLine, tokens_of
from templates.language import N_
from web.forms import read_form
from web.organizer.filled import Filled, refuse_all, shown_again
from web.pages import Page, answer, locale_of, redirect, shell

HERE: Final = "/organizer/people/tokens"
LASTING: Final = ("30", "90", "180", "366")  # days that the form offers
SCOPES: Final = {
    Scope.EVENTS_READ: N_("读取项目和活动"),
    Scope.EVENTS_WRITE: N_("创建和修改活动"),
    Scope.BOOKINGS_READ: N_("读取报名名单"),
    Scope.BOOKINGS_WRITE: N_("取消报名"),
    Scope.SCANS_WRITE: N_("验票"),
    Scope.COUNTS_READ: N_("读取统计数据"),
}


@dataclass(frozen=True, kw_only=True)
class TokensPage(Page):
    """`new`: a token that was just made, shown this once."""

    tokens: tuple[TokenLine, ...]
    form: Filled
    new: str = ""
    scopes: dict[str, str] = field(default_factory=lambda: {scope.value: name for scope, name in SCOPES.items()})
    lasting: tuple[str, ...] = LASTING


@get("/tokens")
async def show_tokens(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    return await tokens_page(request, staff, Filled({"days": "90"}))


@post("/tokens")
async def make_token(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    """The token is in this answer and nowhere else, so there is no redirect; the page is never stored (no-store)."""
    form = await read_form(request)
    try:
        days = form.number("days", least=1)
        refuse_all(form)
        made = await create_token(staff, form.raw("name"), form.several("scopes"), days)
    except Invalid as error:
        return await tokens_page(request, staff, shown_again(locale_of(request), form, error))
    return await tokens_page(request, staff, Filled({"days": "90"}), made.token)


@post("/tokens/{token_id:int}/revocation")
async def revoke(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], token_id: FromPath[int]
) -> Redirect:
    await read_form(request)
    await revoke_token(staff, token_id)
    return redirect(request, HERE, done=N_("令牌已作废。"))


async def tokens_page(
    request: Request[Any, Any, Any], staff: StaffMember, filled: Filled, new: str = ""
) -> Response[str]:
    page = TokensPage(
        shell=shell(request, "organizer", "desk"), tokens=tuple(await tokens_of(staff)), form=filled, new=new
    )
    return answer(request, "people/tokens.html", page, filled.status)


HANDLERS = [show_tokens, make_token, revoke]
