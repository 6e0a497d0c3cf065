"""What publishing still asks for, and which changes touch people who booked. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

# What people booked under: changing it asks first, and tells them.
BOOKED_UNDER_EVENT = ("place", "address")
BOOKED_UNDER_SESSION = ("starts_at", "ends_at", "place")


class CatalogueRefusal(StrEnum):
    """Why an organizer's act is refused. The sentence belongs to the page."""

    CANCELLED = "event_cancelled"
    ARCHIVED = "programme_archived"
    NOT_PUBLISHED = "event_not_published"
    NO_FUTURE_SESSION = "no_future_session"
    SESSION_WITHOUT_POOL = "session_without_pool"
    HAS_BOOKINGS = "has_bookings"
    ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class SessionOutline:
    """What publishing asks of a session. `state` is the stored word; `pools` their number."""

    id: int
    state: str
    ends_at: datetime
    pools: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that publishing still asks for; `session_id` where one session lacks it."""

    reason: CatalogueRefusal
    session_id: int | None = None


def missing_to_publish(needs_booking: bool, sessions: Iterable[SessionOutline], now: datetime) -> tuple[Missing, ...]:
    """One session ahead at least, and a pool in each session ahead where places are booked."""
    ahead = [each for each in sessions if each.state == "scheduled" and each.ends_at > now]
    if not ahead:
        return (Missing(CatalogueRefusal.NO_FUTURE_SESSION),)
    bare = [each.id for each in ahead if needs_booking and not each.pools]
    return tuple(Missing(CatalogueRefusal.SESSION_WITHOUT_POOL, each) for each in bare)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields of `after` that differ from `before`, in their order."""
    return tuple(field for field, value in after.items() if before[field] != value)


def days_between(first: datetime, day: date, zone: ZoneInfo) -> int:
    """How many days later than `first`, by the calendar of `zone`, `day` is."""
    return (day - first.astimezone(zone).date()).days


def shifted(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall time so many days later; a clock change in between makes no difference to it."""
    return (moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone)
