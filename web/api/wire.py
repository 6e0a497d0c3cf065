"""What the API takes. Unknown fields are refused; times are ISO 8601 with an offset."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from events.catalogue.eligibility import Eligibility


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every request body inherits from this one."""


class Made(msgspec.Struct, frozen=True):
    """What a write has made."""

    id: int


class ProgrammeBody(Body, frozen=True, kw_only=True):
    name: str
    kind: str
    host: int
    name_en: str = ""
    summary: str = ""
    note: str = ""
    source: str = ""
    partners: tuple[int, ...] = ()


class EventBody(Body, frozen=True, kw_only=True):
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


class NewEventBody(EventBody, frozen=True, kw_only=True):
    programme_id: int


class EventEditBody(EventBody, frozen=True, kw_only=True):
    """`version` is the event's version that was read; `confirmed` repeats a change that touches people who booked."""

    version: int
    confirmed: bool = False


class PoolBody(Body, frozen=True, kw_only=True):
    name: str
    capacity: int
    choice: str = ""
    note: str = ""
    id: int | None = None


class SessionBody(Body, frozen=True, kw_only=True):
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_until: datetime | None = None
    place: str = ""
    note: str = ""


class NewSessionBody(SessionBody, frozen=True, kw_only=True):
    pools: tuple[PoolBody, ...] = ()


class SessionEditBody(SessionBody, frozen=True, kw_only=True):
    version: int
    confirmed: bool = False


class PoolsBody(Body, frozen=True, kw_only=True):
    pools: tuple[PoolBody, ...]
    version: int | None = None


class QuestionBody(Body, frozen=True, kw_only=True):
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


class QuestionsBody(Body, frozen=True, kw_only=True):
    questions: tuple[QuestionBody, ...]
    version: int | None = None


class EligibilityBody(Body, frozen=True, kw_only=True):
    eligibility: Eligibility
    version: int | None = None


class CloneBody(Body, frozen=True, kw_only=True):
    first_day: date | None = None
    title: str = ""


class ReasonBody(Body, frozen=True, kw_only=True):
    reason: str


class BookingBody(Body, frozen=True, kw_only=True):
    """`choices`: ids of chosen pools. `answers`: by the question's id as text."""

    choices: tuple[int, ...] = ()
    answers: dict[str, str] = {}


class ScanBody(Body, frozen=True, kw_only=True):
    """`nonce` is the device's own mark of this reading: sent twice, it is one scan."""

    code: str
    nonce: UUID
    source: str = "camera"
    device_time: datetime | None = None
