"""Forms as drafts, and what is stored as the values of forms. Whether a draft may be stored, the catalogue says."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from events.catalogue.drafts import EventDraft, ProgrammeDraft, SessionDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import event_of, session_of
from events.catalogue.queries import EventDetail, ProgrammeRun, SessionRun
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
        **{name: form.raw(name).replace("\r\n", "\n") for name in EVENT_TEXTS},
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
    texts = {name: form.raw(name).replace("\r\n", "\n") for name in EVENT_TEXTS if name in form.fields}
    return replace(event_of(kind), **texts, needs_booking=form.ticked("needs_booking"))


def first_session(form: Form, kind: Kind, now: datetime) -> SessionDraft:
    """Times left empty come from the preset, where they are still ahead: a tour of tomorrow stays open until it starts."""
    typed = session_draft(form)
    if typed.starts_at is None:
        return replace(typed, ends_at=typed.ends_at)
    preset = session_of(kind, typed.starts_at)
    ahead = {name: getattr(preset, name) for name in ("opens_at", "closes_at", "cancel_until")}
    filled = {name: moment for name, moment in ahead.items() if getattr(typed, name) is None and moment > now}
    return replace(typed, ends_at=typed.ends_at or preset.ends_at, place="", **filled)


def version_of(form: Form) -> int | None:
    """The event's or programme's version that the form was filled from."""
    return form.number("version", least=1)
