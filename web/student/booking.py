"""Booking in one screen, and giving the place back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.booking.actions import cancel
from events.booking.answers import Given, field
from events.booking.queries import event_of_session, live_bookings_in
from events.booking.rules import AnswerUpload, BookingRefused
from events.catalogue.queries import EventDetail, PoolDetail, SessionDetail, event_page
from events.errors import Fault, Invalid, NotFound
from events.people.queries import StudentProfile
from events.people.students import edit_profile
from events.ticket.desk import book
from templates.language import N_, Locale, translate
from web import sentences
from web.forms import Form, read_form
from web.pages import Page, answer, locale_of, redirect, shell

LARGEST_FILE: Final = 5 * 1024 * 1024  # bytes of one answer
LARGEST_FORM: Final = 12 * 1024 * 1024
NAME_MOST: Final = 100
FILE_KINDS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"%PDF": "application/pdf"}


@dataclass(frozen=True)
class ChoiceGroup:
    """Pools of which one has to be chosen, such as pick-up stops."""

    name: str
    pools: tuple[PoolDetail, ...]


@dataclass(frozen=True, kw_only=True)
class BookingPage(Page):
    event: EventDetail
    session: SessionDetail
    groups: tuple[ChoiceGroup, ...]
    student: StudentProfile
    values: Mapping[str, str]
    errors: Mapping[str, str]
    labels: Mapping[str, str]
    refusal: str | None


@get("/sessions/{session_id:int}/booking")
async def booking_form(
    request: Request[Any, Any, Any], session_id: FromPath[int], student: NamedDependency[StudentProfile]
) -> Response[Any]:
    event, session = await session_for(session_id, student)
    mine = (await live_bookings_in(student.id, event.id)).get(session_id)
    if mine is not None:
        return redirect(request, f"/tickets/{mine.code}")
    return form_page(request, event, session, student)


@post("/sessions/{session_id:int}/booking", request_max_body_size=LARGEST_FORM)
async def book_session(
    request: Request[Any, Any, Any], session_id: FromPath[int], student: NamedDependency[StudentProfile]
) -> Response[Any]:
    form = await read_form(request)
    event, session = await session_for(session_id, student)
    try:
        student = await named(form, student)
        booked = await book(student.id, session_id, chosen(form, session), await given_answers(form, event))
    except Invalid as invalid:
        errors = {name: sentences.of_fault(locale_of(request), fault) for name, fault in invalid.problems.items()}
        return form_page(request, event, session, student, form.values, errors, status=422)
    except BookingRefused as refused:
        event, session = await session_for(session_id, student)
        sentence = sentences.of_refusal(locale_of(request), refused)
        return form_page(request, event, session, student, form.values, refusal=sentence, status=409)
    await request.app.state.doorbell.ring()
    return redirect(request, f"/tickets/{booked.code}", done="" if booked.already else N_("报名成功，这是您的票。"))


@post("/bookings/{code:str}/cancellation")
async def cancel_booking(
    request: Request[Any, Any, Any], code: FromPath[str], student: NamedDependency[StudentProfile]
) -> Redirect:
    try:
        await cancel(student.id, code)
    except BookingRefused as refused:
        sentence = sentences.of_refusal(locale_of(request), refused)
        return redirect(request, f"/tickets/{code}", done=sentence.replace("%", "%%"), kind="warning")
    await request.app.state.doorbell.ring()
    return redirect(request, "/tickets", done=N_("已取消报名，名额已经放出。"))


async def session_for(session_id: int, student: StudentProfile) -> tuple[EventDetail, SessionDetail]:
    """The session, found through the event that this student may see. Raises NotFound."""
    event = await event_page(await event_of_session(session_id), student)
    for session in event.sessions:
        if session.id == session_id:
            return event, session
    raise NotFound


def form_page(
    request: Request[Any, Any, Any],
    event: EventDetail,
    session: SessionDetail,
    student: StudentProfile,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> Response[str]:
    page = BookingPage(
        shell=shell(request, "student", "home"),
        event=event,
        session=session,
        groups=groups_of(session),
        student=student,
        values=values or {},
        errors=errors or {},
        labels=labels_of(event, locale_of(request)),
        refusal=refusal,
    )
    return answer(request, "student/booking.html", page, status)


def labels_of(event: EventDetail, locale: Locale) -> dict[str, str]:
    """What the fields are called, for the list of what is wrong."""
    english = locale == "en"
    asked = {field(each): each.label_en if english and each.label_en else each.label for each in event.questions}
    return {"name": translate(locale, N_("姓名")), **asked}


def groups_of(session: SessionDetail) -> tuple[ChoiceGroup, ...]:
    names = dict.fromkeys(pool.choice for pool in session.pools if pool.choice)
    return tuple(ChoiceGroup(name, tuple(pool for pool in session.pools if pool.choice == name)) for name in names)


def chosen(form: Form, session: SessionDetail) -> list[int]:
    """The chosen pool of each group; the fields are called choice0, choice1, …"""
    texts = (form.raw(f"choice{index}") for index in range(len(groups_of(session))))
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


async def named(form: Form, student: StudentProfile) -> StudentProfile:
    """Somebody off the roster gives a name once; the gate has to call people by it."""
    if student.name:
        return student
    name = form.line("name", most=NAME_MOST)
    form.check()
    await edit_profile(
        student.id, name=name, email=student.email, wants_email=student.wants_email, locale=student.locale
    )
    return replace(student, name=name)


async def given_answers(form: Form, event: EventDetail) -> dict[str, Given]:
    given: dict[str, Given] = {}
    for question in event.questions:
        name = field(question)
        upload = form.upload(name)
        if upload is None:
            given[name] = form.raw(name)
        else:
            given[name] = checked_file(name, question.id, upload.filename, await upload.read())
    return given


def checked_file(name: str, question_id: int, filename: str, content: bytes) -> AnswerUpload:
    """A JPEG, PNG or PDF by its first bytes, never by its name. Raises Invalid."""
    media_type = next((kind for magic, kind in FILE_KINDS.items() if content.startswith(magic)), None)
    if media_type is None or len(content) > LARGEST_FILE:
        raise Invalid({name: Fault.BAD_FILE})
    return AnswerUpload(question_id, filename.rsplit("/", 1)[-1].rsplit("\\", 1)[-1][:200], media_type, content)


HANDLERS = [booking_form, book_session, cancel_booking]
