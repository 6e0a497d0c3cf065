"""What the organizer's pages share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Request

from events.catalogue.changes import Missing
from events.catalogue.queries import EventRun
from events.errors import Refused
from templates.environment import Locale
from web import sentences
from web.organizer.filled import Filled
from web.pages import Page, Shell, shell


def frame(request: Request[Any, Any, Any], tab: str = "events") -> Shell:
    return shell(request, "organizer", tab)


def missing_text(locale: Locale, missing: Missing) -> str:
    """What publishing still asks for, in a sentence."""
    return sentences.of_refusal(locale, Refused(missing.reason, session_id=missing.session_id))


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    form: Filled


@dataclass(frozen=True, kw_only=True)
class EventFormPage(FormPage):
    """A part of one event. `section` is the tab that is open."""

    event: EventRun
    section: str


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(Page):
    """Asks before an act that touches people. `fields` are sent again, with `confirmed=1`."""

    title: str
    lines: tuple[str, ...]
    url: str
    yes: str
    back: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReasonPage(FormPage):
    """Asks for a reason before an act that touches people, and says whom. `reason_help`: who reads it."""

    title: str
    lines: tuple[str, ...]
    url: str
    yes: str
    back: str
    reason_help: str
    reason_required: bool = True
