"""Forms as drafts, and what is stored as the values of forms. Whether a draft may be stored, the catalogue says."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from events.catalogue.drafts import EventDraft, ProgrammeDraft, SessionDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import event_of, session_of
from events.catalogue.queries import EventDetail, ProgrammeRun, SessionRun
from events.catalogue.rules import problems
from events.errors import Fault
from web.forms import Form

SESSION_TIMES = ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until")
EVENT_TEXTS = ("title", "title_en", "edition", "summary", "body", "place", "address", "district")


def programme_draft(form: Form) -> ProgrammeDraft:
    return ProgrammeDraft(
        name=form.raw("name"),
        name_en=form.raw("name_en"),
        kind=form.raw("kind"),
        host=form.number("host", least=1, required=False),
        summary=form.raw("summary"),
        note=form.raw("note"),
        source=form.raw("source"),
        partners=tuple(int(each) for each in form.several("partners") if each.isdecimal() and len(each) < 10),
    )


def programme_values(programme: ProgrammeRun) -> dict[str, str]:
    texts = {name: getattr(programme, name) for name in ("name", "name_en", "kind", "summary", "note", "source")}
    return texts | {"host": str(programme.host_id), "version": str(programme.version)}


def event_draft(form: Form) -> EventDraft:
    return EventDraft(
        **texts_of(form),
        kind=form.raw("kind"),
        visibility=form.raw("visibility"),
        admission=form.raw("admission"),
        needs_booking=form.ticked("needs_booking"),
        forbids_clashes=form.ticked("forbids_clashes"),
    )


def draft_of(event: EventDetail) -> EventDraft:
    """The draft that would change nothing."""
    return EventDraft(
        **{name: getattr(event, name) for name in EVENT_TEXTS},
        kind=event.kind,
        visibility=event.visibility,
        admission=event.admission,
        needs_booking=event.needs_booking,
        forbids_clashes=event.forbids_clashes,
        is_demo=event.is_demo,
    )


def event_values(event: EventDetail) -> dict[str, str]:
    texts = {name: getattr(event, name) for name in (*EVENT_TEXTS, "kind", "visibility", "admission")}
    ticks = {name: "1" if getattr(event, name) else "" for name in ("needs_booking", "forbids_clashes")}
    return texts | ticks | {"version": str(event.version)}


def session_draft(form: Form) -> SessionDraft:
    """Unreadable times are noted in the form, and None in the draft."""
    times = {name: form.moment(name, required=False) for name in SESSION_TIMES}
    return SessionDraft(**times, place=form.raw("place"), note=form.raw("note"))


def session_values(session: SessionRun, zone: ZoneInfo) -> dict[str, str]:
    times = {name: field_moment(getattr(session, name), zone) for name in SESSION_TIMES}
    return times | {"place": session.own_place, "note": session.note, "version": str(session.event_version)}


def field_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def first_event(form: Form, kind: Kind) -> EventDraft:
    """The draft of the one-screen form: what it does not ask comes from the kind's preset."""
    return replace(event_of(kind), **texts_of(form), needs_booking=form.ticked("needs_booking"))


def texts_of(form: Form) -> dict[str, Any]:
    return {name: form.raw(name).replace("\r\n", "\n") for name in EVENT_TEXTS}


def first_session(form: Form, kind: Kind, now: datetime) -> SessionDraft:
    """Times left empty are the preset's where those are still ahead: a tour of tomorrow stays open until it starts."""
    typed = session_draft(form)
    if typed.starts_at is None:
        return typed
    preset = session_of(kind, typed.starts_at)
    ahead = {name: getattr(preset, name) for name in ("opens_at", "closes_at", "cancel_until")}
    filled = {name: moment for name, moment in ahead.items() if getattr(typed, name) is None and moment > now}
    return replace(typed, ends_at=typed.ends_at or preset.ends_at, place="", **filled)


def session_faults(form: Form, draft: SessionDraft, now: datetime) -> dict[str, Fault]:
    """What is wrong with a session of which not all was typed; what a bad start or end brings along is left out."""
    found = problems(draft, now)
    if {"starts_at", "ends_at"} & found.keys():
        return {name: fault for name, fault in found.items() if name not in SESSION_TIMES[2:] or form.raw(name)}
    return found


def version_of(form: Form) -> int | None:
    """The event's or programme's version that the form was filled from."""
    return form.number("version", least=1)
