"""What must go out, when, how often it is tried, and when it is no longer worth sending. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol


class Kind(StrEnum):
    CONFIRM = "confirm"
    REMIND_24H = "remind_24h"
    REMIND_2H = "remind_2h"
    CHANGE = "change"
    CANCEL = "cancel"
    SIGN_IN_CODE = "sign_in_code"


REMIND_BEFORE: Final = {Kind.REMIND_24H: timedelta(hours=24), Kind.REMIND_2H: timedelta(hours=2)}
JUST_TOLD: Final = timedelta(hours=1)  # a day's reminder this soon after another letter would only repeat it
MOST_ATTEMPTS: Final = 8
BACK_OFF: Final = tuple(timedelta(seconds=each) for each in (10, 30, 120, 600, 1800, 7200, 21600))  # after each failure


class Confirmed(Protocol):
    """A booking that has just become confirmed."""

    @property
    def booking_id(self) -> int: ...
    @property
    def student_id(self) -> int: ...
    @property
    def session_version(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A booking whose student must be told of something."""

    booking_id: int
    student_id: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`version`: the session's, for letters that a later move makes wrong; 0 for the others."""

    dedupe_key: str
    kind: Kind
    student_id: int
    booking_id: int
    version: int
    due_at: datetime


class Drop(StrEnum):
    """Why a letter is not sent after all."""

    NO_BOOKING = "no_booking"
    NOT_CONFIRMED = "not_confirmed"
    NOT_CANCELLED = "not_cancelled"
    CALLED_OFF = "called_off"
    MOVED = "moved"
    TOO_LATE = "too_late"
    CODE_DEAD = "code_dead"


class Subject(Protocol):
    """What a letter is about, as it stands at the time of sending."""

    @property
    def state(self) -> str: ...
    @property
    def called_off(self) -> bool: ...
    @property
    def version(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def notices_of_confirmation(confirmed: Iterable[Confirmed], told_at: datetime) -> list[NoticeRow]:
    """The confirmation, due at once, and the reminders that are still ahead."""
    rows = []
    for each in confirmed:
        rows.append(NoticeRow(f"confirm:{each.booking_id}", Kind.CONFIRM, each.student_id, each.booking_id, 0, told_at))
        rows += reminders(each.booking_id, each.student_id, each.session_version, each.starts_at, told_at)
    return rows


def notices_of_move(held: Iterable[Held], version: int, starts_at: datetime, moved_at: datetime) -> list[NoticeRow]:
    """A letter about the change for each booking, and reminders of the new time."""
    rows = notices_of_change(held := list(held), version, moved_at)
    for each in held:
        rows += reminders(each.booking_id, each.student_id, version, starts_at, moved_at)
    return rows


def notices_of_change(held: Iterable[Held], version: int, changed_at: datetime) -> list[NoticeRow]:
    return [
        NoticeRow(
            f"change:{each.booking_id}:{version}", Kind.CHANGE, each.student_id, each.booking_id, version, changed_at
        )
        for each in held
    ]


def notices_of_cancellation(held: Iterable[Held], cancelled_at: datetime) -> list[NoticeRow]:
    return [
        NoticeRow(f"cancel:{each.booking_id}", Kind.CANCEL, each.student_id, each.booking_id, 0, cancelled_at)
        for each in held
    ]


def reminders(
    booking_id: int, student_id: int, version: int, starts_at: datetime, told_at: datetime
) -> list[NoticeRow]:
    return [
        NoticeRow(
            f"remind:{booking_id}:{version}:{kind.removeprefix('remind_')}",
            kind,
            student_id,
            booking_id,
            version,
            due_at,
        )
        for kind, due_at in reminder_times(starts_at, told_at)
    ]


def reminder_times(starts_at: datetime, told_at: datetime) -> list[tuple[Kind, datetime]]:
    """A day and two hours before the beginning; what would be in the past is not made.

    Nor is the day's reminder within an hour of `told_at`, the letter that says the same. The one two hours before is
    never left out for that: it is the one that gets people out of bed.
    """
    times = [(kind, starts_at - before) for kind, before in REMIND_BEFORE.items()]
    soonest = {Kind.REMIND_24H: told_at + JUST_TOLD, Kind.REMIND_2H: told_at}
    return [(kind, at) for kind, at in times if at > soonest[kind]]


def reason_to_drop(kind: Kind, version: int, subject: Subject | None, now: datetime) -> Drop | None:
    """Looks at the booking as it is now. None: send."""
    if subject is None:
        return Drop.NO_BOOKING
    if kind == Kind.CANCEL:
        return None if subject.state in ("cancelled", "on_leave", "declined") else Drop.NOT_CANCELLED
    if subject.state != "confirmed":
        return Drop.NOT_CONFIRMED
    if version and version != subject.version:
        return Drop.MOVED
    if kind in REMIND_BEFORE and subject.called_off:
        return Drop.CALLED_OFF
    return Drop.TOO_LATE if now >= useful_until(kind, subject) else None


def useful_until(kind: Kind, subject: Subject) -> datetime:
    """A late reminder of the day before gives way to the one two hours before; nobody is told of what is over."""
    if kind == Kind.REMIND_24H:
        return subject.starts_at - REMIND_BEFORE[Kind.REMIND_2H]
    return subject.starts_at if kind == Kind.REMIND_2H else subject.ends_at


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: give up."""
    return BACK_OFF[attempts - 1] if attempts < MOST_ATTEMPTS else None
