"""A month of sessions, day by day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from events import database
from events.catalogue.availability import SessionFacts, SessionState, session_state
from events.catalogue.queries.visible import LISTED, facts_json, places_of
from events.catalogue.rules import EARLIEST, LATEST, LONGEST_SESSION
from events.errors import NotFound
from events.people.queries import StudentProfile

CITY_TIME = ZoneInfo("Asia/Shanghai")
SESSIONS_MOST = 2000  # of one month
ENTRIES_MOST = 20  # of one day; its count says how many there are


@dataclass(frozen=True, slots=True)
class MonthEntry:
    event_id: int
    session_id: int
    title: str
    title_en: str
    kind: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: SessionState


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day on which something is on. `sessions` is how many; `entries` are at most 20, those that begin then first."""

    day: date
    sessions: int
    entries: tuple[MonthEntry, ...]


async def calendar_month(
    year: int, month: int, viewer: StudentProfile | None = None, zone: ZoneInfo = CITY_TIME
) -> list[MonthDay]:
    """The days of the month, in `zone`, with sessions that the viewer may see. Raises NotFound outside 2000 to 2199."""
    if not (1 <= month <= 12 and EARLIEST.year <= year < LATEST.year):
        raise NotFound
    first, after = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    found = await database.rows(
        MONTH, facts_json(viewer), datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)
    )
    on: dict[date, list[MonthEntry]] = defaultdict(list)
    for each in map(entry, found):
        for day in days_of(each, zone, first, after):
            on[day].append(each)
    return [MonthDay(day, len(on[day]), begun_first(on[day], day, zone)) for day in sorted(on)]


def entry(found: Any) -> MonthEntry:
    times = (found["ends_at"], found["opens_at"], found["closes_at"])
    facts = SessionFacts(found["event_state"], found["session_state"], found["needs_booking"], *times, found["free"])
    plain = ("event_id", "session_id", "title", "title_en", "kind", "place", "starts_at", "ends_at")
    return MonthEntry(**{field: found[field] for field in plain}, state=session_state(facts, found["now"]))


def days_of(each: MonthEntry, zone: ZoneInfo, first: date, after: date) -> Iterator[date]:
    """The days of the month that the session touches; one that ends at midnight does not touch the next day."""
    day = max(each.starts_at.astimezone(zone).date(), first)
    last = (each.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last and day < after:
        yield day
        day += timedelta(days=1)


def begun_first(entries: list[MonthEntry], day: date, zone: ZoneInfo) -> tuple[MonthEntry, ...]:
    """What begins on this day, and then what goes on."""
    ordered = sorted(entries, key=lambda each: (each.starts_at.astimezone(zone).date() != day, each.starts_at))
    return tuple(ordered[:ENTRIES_MOST])


MONTH = f"""
SELECT event.id AS event_id, session.id AS session_id, event.title, event.title_en, event.kind,
       coalesce(nullif(session.place, ''), event.place) AS place, session.starts_at, session.ends_at, session.opens_at,
       session.closes_at, event.needs_booking, event.state AS event_state, session.state AS session_state, room.free,
       statement_timestamp() AS now
FROM session JOIN event ON event.id = session.event CROSS JOIN LATERAL ({places_of("session")}) AS room
WHERE {LISTED} AND session.starts_at < $3 AND session.ends_at > $2
      AND session.starts_at > $2::timestamptz - interval '{LONGEST_SESSION.days} days'
      AND (session.state <> 'cancelled' OR event.state = 'cancelled')
ORDER BY session.starts_at, session.id LIMIT {SESSIONS_MOST}"""
