"""Drafts as the columns that they become."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.catalogue.drafts import Draft, EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.catalogue.question_rules import question_problems
from events.catalogue.rules import pool_problems, problems, session_times
from events.catalogue.text_rules import LINES, PARAGRAPHS, REASON_MOST, line_fault, tidy_options
from events.errors import Invalid
from events.people.names import clean_line

EVENT_CHOICES = ("kind", "visibility", "admission", "needs_booking", "forbids_clashes")


def lines(draft: Draft) -> dict[str, Any]:
    """The texts as they are stored, once `problems` found nothing wrong with them."""
    one = {field: clean_line(getattr(draft, field), most=most) for field, (most, _) in LINES[type(draft)].items()}
    return one | {field: getattr(draft, field).strip() for field in PARAGRAPHS.get(type(draft), ())}


def programme_columns(draft: ProgrammeDraft, now: datetime) -> dict[str, Any]:
    """Raises Invalid."""
    refuse(problems(draft, now))
    return lines(draft) | {"kind": draft.kind, "host": draft.host}


def event_columns(draft: EventDraft, now: datetime) -> dict[str, Any]:
    """Raises Invalid."""
    refuse(problems(draft, now))
    return lines(draft) | {field: getattr(draft, field) for field in EVENT_CHOICES}


def session_columns(draft: SessionDraft, now: datetime) -> dict[str, Any]:
    """Raises Invalid."""
    refuse(problems(draft, now))
    names = ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until")
    return dict(zip(names, session_times(draft, now), strict=True)) | lines(draft)


def pool_columns(drafts: Sequence[PoolDraft]) -> list[dict[str, Any]]:
    """In their order. Raises Invalid."""
    refuse(pool_problems(drafts))
    return [lines(each) | {"capacity": each.capacity, "position": place} for place, each in enumerate(drafts)]


def question_columns(drafts: Sequence[QuestionDraft]) -> list[dict[str, Any]]:
    """In their order; `shown_if` is still a place in the list. Raises Invalid."""
    refuse(question_problems(drafts))
    return [lines(each) | answer_columns(each) | {"position": place} for place, each in enumerate(drafts)]


def answer_columns(draft: QuestionDraft) -> dict[str, Any]:
    bounded = draft.kind in ("text", "number")
    return {
        "kind": draft.kind,
        "required": draft.required,
        "options": tidy_options(draft.options) if draft.kind == "choice" else (),
        "minimum": draft.minimum if bounded else None,
        "maximum": draft.maximum if bounded else None,
        "shown_if": draft.shown_if,
    }


def reason_line(reason: str, needed: bool) -> str:
    """Raises Invalid on `reason`."""
    if fault := line_fault(reason, REASON_MOST, needed):
        raise Invalid({"reason": fault})
    return clean_line(reason, most=REASON_MOST)


def refuse(found: dict[str, Any]) -> None:
    if found:
        raise Invalid(found)
