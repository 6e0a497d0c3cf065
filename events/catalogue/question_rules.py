"""Questions asked at booking: what a list of them must be before it is stored. Pure."""

from collections.abc import Sequence

from events.catalogue.drafts import QuestionDraft
from events.catalogue.kinds import QuestionKind
from events.catalogue.text_rules import OPTION_MOST, Problems, line_fault, repeated, text_problems, tidy, tidy_options
from events.errors import Fault

MAX_QUESTIONS = 30  # of one event, retired ones aside
OPTIONS = range(2, 50 + 1)  # of a choice question
BOUNDS = range(-1_000_000_000, 1_000_000_000 + 1)  # of a number; of a text's length, from 0
CONSENTED = "true"  # the value of a consent that was given, in `shown_if_value`


def question_problems(drafts: Sequence[QuestionDraft]) -> Problems:
    """Of all questions of an event: `questions`, or `questions.<place>.<field>`, the place from 0."""
    if len(drafts) > MAX_QUESTIONS:
        return {"questions": Fault.TOO_MANY}
    found: Problems = {}
    for place, draft in enumerate(drafts):
        faults = {field: fault for field, fault in text_problems(draft) if fault} | answer_problems(draft)
        faults |= condition_problems(draft, drafts[:place])
        found |= {f"questions.{place}.{field}": fault for field, fault in faults.items()}
    return found or ({"questions": Fault.ALREADY_USED} if repeated(each.id for each in drafts) else {})


def answer_problems(draft: QuestionDraft) -> Problems:
    if draft.kind not in set(QuestionKind):
        return {"kind": Fault.NOT_AN_OPTION}
    if draft.kind == QuestionKind.CHOICE:
        fault = options_fault(draft.options)
        return {"options": fault} if fault else {}
    return bound_problems(draft)


def options_fault(options: Sequence[str]) -> Fault | None:
    if len(options) > OPTIONS.stop * 2:  # before any work is done on them
        return Fault.TOO_MANY
    if fault := next((fault for each in options if (fault := line_fault(each, OPTION_MOST))), None):
        return fault
    tidied = tidy_options(options)
    if repeated(tidied):
        return Fault.ALREADY_USED
    if len(tidied) < OPTIONS.start:
        return Fault.MISSING
    return Fault.TOO_MANY if len(tidied) >= OPTIONS.stop else None


def bound_problems(draft: QuestionDraft) -> Problems:
    lowest = 0 if draft.kind == QuestionKind.TEXT else BOUNDS.start
    found: Problems = {}
    for field, bound in (("minimum", draft.minimum), ("maximum", draft.maximum)):
        if bound is not None and bound < lowest:
            found[field] = Fault.TOO_LOW
        elif bound is not None and bound >= BOUNDS.stop:
            found[field] = Fault.TOO_HIGH
    if draft.minimum is not None and draft.maximum is not None and draft.maximum < draft.minimum:
        found.setdefault("maximum", Fault.TOO_LOW)
    return found


def condition_problems(draft: QuestionDraft, earlier: Sequence[QuestionDraft]) -> Problems:
    if draft.shown_if is None:
        return {}
    if not 0 <= draft.shown_if < len(earlier):
        return {"shown_if": Fault.NOT_AN_OPTION}
    values = possible_values(earlier[draft.shown_if])
    if not values:
        return {"shown_if": Fault.NOT_AN_OPTION}
    return {} if tidy(draft.shown_if_value) in values else {"shown_if_value": Fault.NOT_AN_OPTION}


def possible_values(question: QuestionDraft) -> tuple[str, ...]:
    """The answers on which another question may hang: an option, or that a consent was given."""
    if question.kind == QuestionKind.CONSENT:
        return (CONSENTED,)
    return tidy_options(question.options) if question.kind == QuestionKind.CHOICE else ()
