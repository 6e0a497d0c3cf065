"""Signing in with a one-time code. The answer is the same for accounts that we know and that we do not."""

import hmac
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from events.errors import Fault
from events.notice.sign_in import ask_for_code
from events.people.codes import LASTS, Audience, CodeRefused, redeem
from events.people.contacts import Account, AccountKind, BadContact, ContactFault, normalise_account
from events.people.logins import sign_in_staff, sign_in_student, sign_out
from events.people.masks import mask_email, mask_name, mask_phone, mask_student_number
from events.people.queries import StudentProfile
from events.people.students import join_off_roster, staff_with, students_with
from templates.language import N_
from web import sentences
from web.forms import read_form
from web.pages import Page, answer, locale_of, redirect, shell
from web.session import (
    anybody,
    local_path,
    login_cookie,
    private_cookie,
    settings_of,
    sign,
    token_of,
    visitor_cookie,
)

HOME: Final[dict[Audience, str]] = {"student": "/", "staff": "/organizer"}
LONGEST_DEADLINE: Final = 12  # digits of a moment in seconds
START: Final[dict[Audience, str]] = {"student": "/sign-in", "staff": "/staff/sign-in"}


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    audience: Audience
    next: str
    account: str = ""
    error: str | None = None
    development: bool = False


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    audience: Audience
    next: str
    account: str
    sealed: str
    shown_account: str
    error: str | None = None
    development: bool = False


@dataclass(frozen=True)
class Candidate:
    id: int
    label: str


@dataclass(frozen=True, kw_only=True)
class WhichPage(Page):
    """Several people share this phone: which one signs in?"""

    next: str
    account: str
    sealed: str
    candidates: tuple[Candidate, ...]


@get("/sign-in", guards=[anybody], sync_to_thread=False)
def student_start(request: Request[Any, Any, Any], next: FromQuery[str] = "/") -> Response[str]:
    return start_page(request, "student", next)


@get("/staff/sign-in", guards=[anybody], sync_to_thread=False)
def staff_start(request: Request[Any, Any, Any], next: FromQuery[str] = "/organizer") -> Response[str]:
    return start_page(request, "staff", next)


@post("/{audience:str}/sign-in/code", guards=[anybody])
async def send_code(request: Request[Any, Any, Any], audience: FromPath[str]) -> Response[Any]:
    known = audience_of(audience)
    form = await read_form(request)
    typed, next_path = form.raw("account"), local_path(form.raw("next"), HOME[known])
    try:
        account = normalise_account(typed)
        if known == "staff" and account.kind is not AccountKind.EMAIL:
            raise BadContact(ContactFault.NO_AT)
        await ask_for_code(known, account, settings_of(request).secret, locale_of(request))
    except BadContact:
        bad = Fault.BAD_EMAIL if known == "staff" or "@" in typed else Fault.BAD_PHONE
        fault = bad if typed.strip() else Fault.MISSING
        return start_page(request, known, next_path, typed, sentences.of_fault(locale_of(request), fault), 422)
    except CodeRefused as refused:
        # Too soon: the code that is on its way still works, so the way on is the same page.
        return code_page(request, known, account, next_path, sentences.of_refusal(locale_of(request), refused), 429)
    await request.app.state.doorbell.ring()
    return code_page(request, known, account, next_path)


@post("/{audience:str}/sign-in/login", guards=[anybody])
async def enter(request: Request[Any, Any, Any], audience: FromPath[str]) -> Response[Any]:
    known = audience_of(audience)
    form = await read_form(request)
    account = opened(request, form.raw("account"), form.raw("sealed"), known)
    next_path = local_path(form.raw("next"), HOME[known])
    try:
        await redeem(known, account, form.raw("code"), settings_of(request).secret)
    except CodeRefused as refused:
        return code_page(request, known, account, next_path, sentences.of_refusal(locale_of(request), refused), 422)
    if known == "staff":
        staff = await staff_with(account)
        return signed_in(request, await sign_in_staff(staff.id, token_of(request)), next_path)
    people = await students_with(account)
    if len(people) > 1:
        return which_page(request, account, next_path, people)
    student_id = people[0].id if people else await join_off_roster(account, locale_of(request))
    return signed_in(request, await sign_in_student(student_id, token_of(request)), next_path)


@post("/sign-in/person", guards=[anybody])
async def choose_person(request: Request[Any, Any, Any]) -> Response[Any]:
    """One of those who share the account whose code was just redeemed in this browser."""
    form = await read_form(request)
    account = opened(request, form.raw("account"), form.raw("sealed"), "redeemed")
    chosen = form.number("student", least=1)
    people = [each.id for each in await students_with(account)]
    if chosen not in people:
        raise NotFoundException
    token = await sign_in_student(chosen, token_of(request))
    return signed_in(request, token, local_path(form.raw("next")))


@post("/sign-out", guards=[anybody])
async def leave(request: Request[Any, Any, Any]) -> Redirect:
    if token := token_of(request):
        await sign_out(token)
    response = redirect(request, "/", done=N_("已退出登录。"))
    response.set_cookie(private_cookie(settings_of(request), "login", "", 0))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def audience_of(text: str) -> Audience:
    if text == "student":
        return "student"
    if text == "staff":
        return "staff"
    raise NotFoundException


def start_page(
    request: Request[Any, Any, Any],
    audience: Audience,
    next_path: str,
    account: str = "",
    error: str | None = None,
    status: int = 200,
) -> Response[str]:
    page = SignInPage(
        shell=shell(request, "none"),
        audience=audience,
        next=local_path(next_path, HOME[audience]),
        account=account,
        error=error,
        development=settings_of(request).development,
    )
    if not page.shell.csrf_token:
        return with_visitor(request, audience, next_path)
    return answer(request, "people/sign_in.html", page, status)


def with_visitor(request: Request[Any, Any, Any], audience: Audience, next_path: str) -> Response[Any]:
    """The first visit: the browser gets the cookie that its form will be bound to, and comes back."""
    if request.query_params.get("cookie"):
        page = SignInPage(
            shell=shell(request, "none"),
            audience=audience,
            next="/",
            error=sentences.of_code(locale_of(request), "cookies_needed"),
        )
        return answer(request, "people/sign_in.html", page, 400)
    response = redirect(request, f"{START[audience]}?next={quote(local_path(next_path, HOME[audience]))}&cookie=1")
    response.set_cookie(visitor_cookie(settings_of(request)))
    return response


def code_page(
    request: Request[Any, Any, Any],
    audience: Audience,
    account: Account,
    next_path: str,
    error: str | None = None,
    status: int = 200,
) -> Response[str]:
    page = CodePage(
        shell=shell(request, "none"),
        audience=audience,
        next=next_path,
        account=account.value,
        sealed=seal(request, account, audience),
        shown_account=masked(account),
        error=error,
        development=settings_of(request).development,
    )
    return answer(request, "people/code.html", page, status)


def which_page(
    request: Request[Any, Any, Any], account: Account, next_path: str, people: list[StudentProfile]
) -> Response[str]:
    page = WhichPage(
        shell=shell(request, "none"),
        next=next_path,
        account=account.value,
        sealed=seal(request, account, "redeemed"),
        candidates=tuple(Candidate(each.id, described(each)) for each in people),
    )
    return answer(request, "people/which.html", page)


def described(person: StudentProfile) -> str:
    number = mask_student_number(person.number) if person.number else ""
    return " · ".join(part for part in (mask_name(person.name) if person.name else "", person.college, number) if part)


def signed_in(request: Request[Any, Any, Any], token: str, next_path: str) -> Redirect:
    response = redirect(request, next_path)
    response.set_cookie(login_cookie(settings_of(request), token))
    response.set_cookie(private_cookie(settings_of(request), "visitor", "", 0))
    return response


def seal(request: Request[Any, Any, Any], account: Account, step: str, until: int | None = None) -> str:
    """Binds the account to this browser and to the step that it has reached, for as long as a code lasts."""
    owner = token_of(request, "visitor") or token_of(request) or ""
    until = until or int(time.time() + LASTS.total_seconds())
    return f"{until}." + sign(settings_of(request).secret, f"sign-in {step}", f"{account.value}\x00{owner}\x00{until}")


def opened(request: Request[Any, Any, Any], value: str, sealed: str, step: str) -> Account:
    """The account of an earlier step. Raises NotFound if the form was changed, too old, or of another browser."""
    kind = AccountKind.EMAIL if "@" in value else AccountKind.PHONE
    account, until = Account(kind, value), deadline(sealed)
    if until < time.time() or not hmac.compare_digest(seal(request, account, step, until).encode(), sealed.encode()):
        raise NotFoundException
    return account


def deadline(sealed: str) -> int:
    until = sealed.partition(".")[0]
    return int(until) if until.isascii() and until.isdigit() and len(until) <= LONGEST_DEADLINE else 0


def masked(account: Account) -> str:
    return mask_email(account.value) if account.kind is AccountKind.EMAIL else mask_phone(account.value)


HANDLERS = [student_start, staff_start, send_code, enter, choose_person, leave]
