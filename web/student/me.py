"""我的: who I am here, where I have been, what was written to me."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.attendance.queries import StudentAttendance, attendance_of
from events.errors import Fault, Invalid
from events.notice.actions import mark_read
from events.notice.queries import InboxLetter, inbox, unread
from events.people.contacts import BadContact, normalise_email
from events.people.masks import mask_phone
from events.people.queries import StudentProfile
from events.people.students import edit_profile
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.pages import Page, answer, locale_of, redirect, shell

NAME_MOST = 100


@dataclass(frozen=True, kw_only=True)
class MePage(Page):
    student: StudentProfile
    attended: int
    absent: int
    history: tuple[StudentAttendance, ...]


@dataclass(frozen=True, kw_only=True)
class ProfilePage(Page):
    student: StudentProfile
    phone: str
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class InboxPage(Page):
    letters: tuple[InboxLetter, ...]


@get("/me")
async def me(request: Request[Any, Any, Any], student: NamedDependency[StudentProfile]) -> Response[str]:
    history = await attendance_of(student.id)
    page = MePage(
        shell=shell(request, "student", "me", unread=await unread(student.id)),
        student=student,
        attended=sum(each.state == "attended" for each in history),
        absent=sum(each.state == "absent" for each in history),
        history=tuple(history),
    )
    return answer(request, "student/me.html", page)


@get("/me/profile")
async def profile(request: Request[Any, Any, Any], student: NamedDependency[StudentProfile]) -> Response[str]:
    values = {"name": student.name, "email": student.email or "", "locale": student.locale}
    return profile_page(request, student, {**values, "wants_email": "1" if student.wants_email else ""})


@post("/me/profile")
async def save_profile(request: Request[Any, Any, Any], student: NamedDependency[StudentProfile]) -> Response[Any]:
    form = await read_form(request)
    email = email_in(form)
    name = form.line("name", most=NAME_MOST) if student.number is None else None
    try:
        form.check()
    except Invalid as invalid:
        errors = {each: sentences.of_fault(locale_of(request), fault) for each, fault in invalid.problems.items()}
        return profile_page(request, student, form.values, errors, 422)
    locale = "en" if form.raw("locale") == "en" else "zh-CN"
    await edit_profile(student.id, name=name, email=email, wants_email=form.ticked("wants_email"), locale=locale)
    return redirect(request, "/me", done=N_("已保存。"))


@get("/me/inbox")
async def show_inbox(request: Request[Any, Any, Any], student: NamedDependency[StudentProfile]) -> Response[str]:
    frame = shell(request, "student", "me", unread=await unread(student.id))
    return answer(request, "student/inbox.html", InboxPage(shell=frame, letters=tuple(await inbox(student.id))))


@post("/me/inbox/{message_id:int}/reading")
async def read_message(
    request: Request[Any, Any, Any], message_id: FromPath[int], student: NamedDependency[StudentProfile]
) -> Redirect:
    await mark_read(student.id, message_id)
    return redirect(request, "/me/inbox")


def profile_page(
    request: Request[Any, Any, Any],
    student: StudentProfile,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    page = ProfilePage(
        shell=shell(request, "student", "me"),
        student=student,
        phone=mask_phone(student.phone) if student.phone else "",
        values=values,
        errors=errors or {},
    )
    return answer(request, "student/profile.html", page, status)


def email_in(form: Form) -> str | None:
    text = form.raw("email").strip()
    try:
        return normalise_email(text) if text else None
    except BadContact:
        form.wrong("email", Fault.BAD_EMAIL, None)
        return None


HANDLERS = [me, profile, save_profile, show_inbox, read_message]
