"""What an organizer hands in, still unchecked. The web layer parses forms into these; None is what was left empty."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """`host` and `partners` are ids of departments; an empty `code` lets one be made."""

    name: str
    kind: str
    host: int | None
    name_en: str = ""
    summary: str = ""
    note: str = ""
    source: str = ""
    partners: tuple[int, ...] = ()
    code: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class EventDraft:
    """`body` is Markdown; `kind`, `visibility` and `admission` are values of their enums, still unchecked."""

    title: str
    kind: str
    title_en: str = ""
    edition: str = ""
    summary: str = ""
    body: str = ""
    place: str = ""
    address: str = ""
    district: str = ""
    visibility: str = "public"
    admission: str = "first_come"
    needs_booking: bool = True
    forbids_clashes: bool = True
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """Aware datetimes. Left empty: booking opens now, closes at the start, and may be cancelled until the start.

    An empty `place` is the event's own.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_until: datetime | None = None
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """What repeated sessions share: their booking times, relative to the start of each."""

    opens_before: timedelta = timedelta(days=14)
    closes_before: timedelta = timedelta(hours=1)
    cancel_before: timedelta = timedelta(hours=12)
    place: str = ""
    note: str = ""

    def draft(self, starts_at: datetime, ends_at: datetime) -> SessionDraft:
        return SessionDraft(
            starts_at=starts_at,
            ends_at=ends_at,
            opens_at=starts_at - self.opens_before,
            closes_at=starts_at - self.closes_before,
            cancel_until=starts_at - self.cancel_before,
            place=self.place,
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class PoolDraft:
    """`id` is None for a new pool. A draft's place in its list is the pool's position."""

    name: str
    capacity: int | None
    choice: str = ""
    note: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """`shown_if` is the place, from 0, of an earlier choice or consent question in the same list.

    `shown_if_value` is then one of its options, or "true" for a consent.
    """

    kind: str
    label: str
    label_en: str = ""
    help: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    shown_if: int | None = None
    shown_if_value: str = ""
    id: int | None = None


Draft = ProgrammeDraft | EventDraft | SessionDraft | PoolDraft | QuestionDraft
