"""Questions 报名问题: what is asked at booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.drafts import QuestionDraft
from events.catalogue.queries import EventRun, QuestionDetail, event_run_by
from events.catalogue.question_rules import BOUNDS, CONSENTED, question_problems
from events.errors import Invalid, Refused, Stale
from events.people.queries import StaffMember
from templates.environment import Locale, translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.drafts import version_of
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import EventFormPage, frame
from web.organizer.rows import Row, kept, one, renumbered
from web.pages import answer, locale_of, redirect

BLANK_ROWS: Final = 3
TEXTS: Final = ("kind", "label", "label_en", "help")
JOINT: Final = "|"  # between the key of a question and the answer on which another hangs


@dataclass(frozen=True)
class Condition:
    """A choice of “only shown if”. `value`: the key of a row and an answer."""

    value: str
    text: str
    key: str


@dataclass(frozen=True, kw_only=True)
class QuestionsPage(EventFormPage):
    rows: int
    blank: int
    kinds: dict[str, str]
    conditions: tuple[Condition, ...]


@get("/events/{event_id:int}/questions")
async def show_questions(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    return questions_form(request, event, Filled(question_values(event)), len(event.page.questions))


def question_values(event: EventRun) -> dict[str, str]:
    values = {"version": str(event.version)}
    keys = {question.id: str(place) for place, question in enumerate(event.page.questions)}
    for place, question in enumerate(event.page.questions):
        fields = {"id": str(question.id), "key": str(place), "position": str(place + 1)} | texts_of(question, keys)
        values |= {f"questions.{place}.{name}": text for name, text in fields.items()}
    return values


def texts_of(question: QuestionDetail, keys: Mapping[int, str]) -> dict[str, str]:
    bounds = {name: getattr(question, name) for name in ("minimum", "maximum")}
    hangs_on = keys.get(question.shown_if or 0)
    return (
        {name: getattr(question, name) for name in TEXTS}
        | {name: "" if bound is None else str(bound) for name, bound in bounds.items()}
        | {
            "options": "\n".join(question.options),
            "required": "1" if question.required else "",
            "shown_if": "" if hangs_on is None else f"{hangs_on}{JOINT}{question.shown_if_value}",
        }
    )


def questions_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled, rows: int) -> Response[str]:
    page = QuestionsPage(
        shell=frame(request),
        event=event,
        section="questions",
        form=filled,
        rows=rows,
        blank=BLANK_ROWS,
        kinds=words.QUESTION_KINDS,
        conditions=tuple(conditions(locale_of(request), filled, rows)),
    )
    return answer(request, "organizer/questions.html", page, filled.status)


def conditions(locale: Locale, filled: Filled, rows: int) -> list[Condition]:
    """Every answer of a choice or consent on which another question may hang."""
    found = []
    for place in range(rows):
        part = f"questions.{place}"
        key, label = filled.value(f"{part}.key"), filled.value(f"{part}.label")
        answers = {"choice": filled.value(f"{part}.options").split("\n"), "consent": [CONSENTED]}
        for each in filter(None, (text.strip() for text in answers.get(filled.value(f"{part}.kind"), []))):
            said = translate(locale, "已同意") if each == CONSENTED else each
            found.append(Condition(f"{key}{JOINT}{each}", f"{label[:20]}：{said}", key))
    return found


@post("/events/{event_id:int}/questions")
async def set_questions(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    sent = await read_form(request)
    rows = sorted(kept(sent, "questions", lambda row: not one(row, "label") and not one(row, "id")), key=position)
    form = renumbered(sent, "questions", rows)
    try:
        version, drafts = version_of(form), read_questions(form, rows)
        refuse_all(form, question_problems(drafts))
        await actions.set_questions(staff, event_id, drafts, version)
    except (Invalid, Stale, Refused) as error:
        filled = shown_again(locale_of(request), form, error, question_values(event))
        return questions_form(request, event, filled, len(rows))
    return redirect(request, f"/organizer/events/{event_id}/questions", done=N_("报名问题已保存。"))


def position(row: Row) -> int:
    """Where it is to stand; what has no number comes last."""
    text = one(row, "position")
    return int(text) if text.isdecimal() and len(text) < 5 else 10_000


def read_questions(form: Form, rows: Sequence[Row]) -> tuple[QuestionDraft, ...]:
    places = {one(row, "key"): place for place, row in enumerate(rows)}
    return tuple(read_question(form, f"questions.{place}", places) for place in range(len(rows)))


def read_question(form: Form, part: str, places: Mapping[str, int]) -> QuestionDraft:
    key, _, value = form.raw(f"{part}.shown_if").partition(JOINT)
    kind = form.raw(f"{part}.kind")
    bounded = kind in ("text", "number")
    return QuestionDraft(
        **{name: form.raw(f"{part}.{name}") for name in TEXTS},
        required=form.ticked(f"{part}.required"),
        options=tuple(form.raw(f"{part}.options").splitlines()) if kind == "choice" else (),
        minimum=bound(form, f"{part}.minimum") if bounded else None,
        maximum=bound(form, f"{part}.maximum") if bounded else None,
        shown_if=places.get(key, len(places)) if key else None,
        shown_if_value=value,
        id=form.number(f"{part}.id", least=1, required=False),
    )


def bound(form: Form, name: str) -> int | None:
    return form.number(name, least=BOUNDS.start, most=BOUNDS.stop - 1, required=False)


HANDLERS = [show_questions, set_questions]
