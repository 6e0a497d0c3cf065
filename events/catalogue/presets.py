"""A kind's preset as drafts, for a form to show or an action to store. Pure."""

from datetime import datetime

from events.catalogue.drafts import EventDraft, PoolDraft, QuestionDraft, SessionDraft, SessionTerms
from events.catalogue.kinds import Kind, QuestionPreset, preset_of
from events.catalogue.question_rules import CONSENTED


def event_of(kind: Kind, title: str = "") -> EventDraft:
    preset = preset_of(kind)
    return EventDraft(
        title=title,
        kind=kind.value,
        admission=preset.admission.value,
        needs_booking=not preset.open_attendance,
        forbids_clashes=preset.forbids_clashes,
    )


def terms_of(kind: Kind) -> SessionTerms:
    preset = preset_of(kind)
    return SessionTerms(preset.opens_before, preset.closes_before, preset.cancel_before)


def session_of(kind: Kind, starts_at: datetime) -> SessionDraft:
    """A session of the usual length, with the usual booking times."""
    return terms_of(kind).draft(starts_at, starts_at + preset_of(kind).duration)


def pools_of(kind: Kind, capacity: int | None = None) -> tuple[PoolDraft, ...]:
    """The usual pools of a session of `capacity` places, or of the usual number."""
    preset = preset_of(kind)
    whole = preset.capacity if capacity is None else capacity
    return tuple(PoolDraft(pool.name, max(1, whole * pool.percent // 100), pool.choice) for pool in preset.pools)


def questions_of(kind: Kind) -> tuple[QuestionDraft, ...]:
    return tuple(map(question_of, preset_of(kind).questions))


def question_of(preset: QuestionPreset) -> QuestionDraft:
    return QuestionDraft(
        kind=preset.kind.value,
        label=preset.label,
        required=preset.required,
        options=preset.options,
        shown_if=preset.shown_if,
        shown_if_value="" if preset.shown_if is None else CONSENTED,
    )
