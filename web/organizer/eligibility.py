"""Whom an event is for: an AND of ORs over facts of the roster, in plain words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.eligibility import NUMBERS, Clause, Condition, Eligibility, Fact, Value, problems
from events.catalogue.queries import EventRun, event_run_by
from events.errors import Fault, Invalid, Refused, Stale
from events.people.queries import StaffMember
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.drafts import version_of
from web.organizer.filled import Filled, refuse_all, shown_again
from web.organizer.framing import EventFormPage, frame
from web.organizer.rows import Row, one, renumbered, rows_of
from web.pages import answer, locale_of, redirect
from web.phrases import clause_text

BLANK_CLAUSES: Final = 2
ALTERNATIVES: Final = 3  # conditions of one clause that the form offers at least
GENDER_WORDS: Final = {"男": "m", "男生": "m", "m": "m", "male": "m", "女": "f", "女生": "f", "f": "f", "female": "f"}
YES_WORDS: Final = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}
SHOWN: Final = {"m": "男", "f": "女"}
SEPARATORS: Final = re.compile(r"[,，、;；\n\t]+")


@dataclass(frozen=True, kw_only=True)
class EligibilityPage(EventFormPage):
    """`clauses`: how many conditions each clause of the form holds. `words`: the rule as students read it."""

    clauses: tuple[int, ...]
    facts: dict[str, str]
    words: tuple[str, ...]
    visibilities: dict[str, tuple[str, str]]


@get("/events/{event_id:int}/eligibility")
async def show_eligibility(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    sizes = [len(clause.any) for clause in event.page.eligibility.all]
    return eligibility_form(request, event, Filled(rule_values(event)), sizes)


def rule_values(event: EventRun) -> dict[str, str]:
    values = {"version": str(event.version)}
    for place, clause in enumerate(event.page.eligibility.all):
        for number, condition in enumerate(clause.any):
            values[f"clauses.{place}.fact.{number}"] = condition.fact.value
            values[f"clauses.{place}.values.{number}"] = "、".join(map(shown_value, condition.is_))
    return values


def shown_value(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return SHOWN.get(str(value), str(value))


def eligibility_form(
    request: Request[Any, Any, Any], event: EventRun, filled: Filled, sizes: Sequence[int]
) -> Response[str]:
    page = EligibilityPage(
        shell=frame(request),
        event=event,
        section="eligibility",
        form=filled,
        clauses=tuple(max(ALTERNATIVES, size + 1) for size in sizes) + (ALTERNATIVES,) * BLANK_CLAUSES,
        facts=words.FACTS,
        words=tuple(clause_text(locale_of(request), each) for each in event.page.eligibility.all),
        visibilities=words.VISIBILITIES,
    )
    return answer(request, "organizer/eligibility.html", page, filled.status)


@post("/events/{event_id:int}/eligibility")
async def set_eligibility(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    sent = await read_form(request)
    rows = [row for row in map(compacted, rows_of(sent, "clauses")) if row]
    form = renumbered(sent, "clauses", rows)
    try:
        version = version_of(form)
        rule = Eligibility(all=tuple(read_clause(form, place, len(row) // 2) for place, row in enumerate(rows)))
        refuse_all(form, problems(rule))
        await actions.set_eligibility(staff, event_id, rule, version)
    except (Invalid, Stale, Refused) as error:
        filled = shown_again(locale_of(request), form, error, rule_values(event))
        return eligibility_form(request, event, filled, [len(row) // 2 for row in rows])
    return redirect(request, f"/organizer/events/{event_id}/eligibility", done=N_("报名条件已保存。"))


def compacted(row: Row) -> Row:
    """The conditions that name a fact or a value, counted from 0."""
    numbers = sorted({int(name.partition(".")[2]) for name in row if re.fullmatch(r"(fact|values)\.\d{1,2}", name)})
    filled = [each for each in numbers if one(row, f"fact.{each}") or one(row, f"values.{each}")]
    return {
        f"{name}.{place}": [one(row, f"{name}.{number}")]
        for place, number in enumerate(filled)
        for name in ("fact", "values")
    }


def read_clause(form: Form, place: int, conditions: int) -> Clause:
    return Clause(any=tuple(read_condition(form, f"clauses.{place}", number) for number in range(conditions)))


def read_condition(form: Form, part: str, number: int) -> Condition:
    """What cannot be read is noted at its own field; the condition then stands for anything."""
    fact = form.choice(f"{part}.fact.{number}", Fact)
    name = f"{part}.values.{number}"
    texts = [each.strip() for each in SEPARATORS.split(form.raw(name)) if each.strip()]
    if not texts:
        form.wrong(name, Fault.MISSING, None)
    if fact is None or not texts:
        return Condition(fact=Fact.ON_ROSTER, is_=(True,))
    return Condition(fact=fact, is_=tuple(read_value(form, name, fact, each) for each in texts))


def read_value(form: Form, name: str, fact: Fact, text: str) -> Value:
    if fact is Fact.GENDER:
        return GENDER_WORDS.get(text.lower()) or form.wrong(name, Fault.NOT_AN_OPTION, "m")
    if fact is Fact.ON_ROSTER:
        known = YES_WORDS.get(text.lower())
        return form.wrong(name, Fault.NOT_AN_OPTION, True) if known is None else known
    if fact in NUMBERS:
        digits = re.fullmatch(r"(\d{4}) *(?:级|届|年)?", text, re.ASCII)
        return int(digits[1]) if digits else form.wrong(name, Fault.NOT_A_NUMBER, 2000)
    return text


HANDLERS = [show_eligibility, set_eligibility]
