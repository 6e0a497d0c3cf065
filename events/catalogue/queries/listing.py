"""What students find: the list of what is ahead, and the districts that it is in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from events import database
from events.catalogue.availability import SessionFacts, SessionState, event_state, session_state
from events.catalogue.queries.cursors import cursor_of, page_size, read_cursor
from events.catalogue.queries.list_sql import list_sql
from events.catalogue.queries.visible import LISTED, facts_json
from events.errors import Fault, Invalid
from events.people.names import BadText, clean_line
from events.people.queries import StudentProfile

PAGE = 20
TEXT_MOST = 100  # characters of a search
WORDS_MOST = 5
PLAIN = (
    *(
        "id",
        "title",
        "title_en",
        "summary",
        "kind",
        "programme",
        "programme_en",
        "host",
        "host_en",
        "place",
        "district",
    ),
    *("needs_booking", "admission", "is_demo", "poster_version", "sessions"),
)
BOOKABLE = (SessionState.NOT_OPEN, SessionState.OPEN, SessionState.FULL)
LIST, LIST_FREE = list_sql(free=False), list_sql(free=True)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Empty fields ask for nothing. since, until: aware; sessions that touch the time between, `until` excluded."""

    kind: str = ""
    district: str = ""
    since: datetime | None = None
    until: datetime | None = None
    only_free: bool = False
    text: str = ""
    cursor: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event in a list.

    next_start, next_end: of its next session. sessions: how many are ahead. places_left, capacity: of all that may be
    booked now or later; opens_at, closes_at: the earliest opening and the latest closing of those, None without any.
    """

    id: int
    title: str
    title_en: str
    summary: str
    kind: str
    programme: str
    programme_en: str
    host: str
    host_en: str
    place: str
    district: str
    needs_booking: bool
    admission: str
    is_demo: bool
    poster_version: str | None
    next_start: datetime
    next_end: datetime
    sessions: int
    places_left: int
    capacity: int
    opens_at: datetime | None
    closes_at: datetime | None
    state: SessionState


@dataclass(frozen=True, slots=True)
class EventPage:
    cards: tuple[EventCard, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class SessionAhead:
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: str
    free: int
    places: int

    def facts(self, event_state: str, needs_booking: bool) -> SessionFacts:
        times = (self.ends_at, self.opens_at, self.closes_at)
        return SessionFacts(event_state, self.state, needs_booking, *times, self.free)


async def list_events(wanted: EventFilter | None = None, viewer: StudentProfile | None = None) -> EventPage:
    """What is ahead and may be seen, the soonest first. Raises Invalid: `cursor`, `text`."""
    wanted = wanted or EventFilter()
    size = page_size(wanted.limit)
    after, after_id = read_cursor(wanted.cursor) if wanted.cursor else (None, 0)
    found = await database.rows(
        LIST_FREE if wanted.only_free else LIST,
        facts_json(viewer),
        wanted.kind,
        wanted.district,
        wanted.since,
        wanted.until,
        patterns(wanted.text),
        after,
        after_id,
        size + 1,
    )
    cards = tuple(card(each) for each in found[:size])
    last = found[size - 1] if len(found) > size else None
    return EventPage(cards, cursor_of(last["sort_start"], last["id"]) if last else None)


async def districts(viewer: StudentProfile | None = None) -> list[str]:
    """The districts with something ahead that the viewer may see, by name."""
    found = await database.rows(
        f"""SELECT DISTINCT event.district FROM event JOIN session ON session.event = event.id
            WHERE {LISTED} AND session.ends_at > statement_timestamp() AND event.district <> '' ORDER BY 1""",
        facts_json(viewer),
    )
    return [each["district"] for each in found]


def patterns(text: str) -> list[str]:
    """For ILIKE ALL: each word of a search must occur."""
    try:
        words = clean_line(text, most=TEXT_MOST).split(" ")[:WORDS_MOST]
    except BadText as error:
        raise Invalid({"text": Fault.BAD_CHARACTER}) from error
    return [f"%{escaped(word)}%" for word in words if word]


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def card(found: Any) -> EventCard:
    sessions = msgspec.json.decode(found["ahead"], type=list[SessionAhead])
    facts = [each.facts(found["event_state"], found["needs_booking"]) for each in sessions]
    states = [session_state(each, found["now"]) for each in facts]
    bookable = [each for each, state in zip(sessions, states, strict=True) if state in BOOKABLE]
    soonest = min(sessions, key=lambda each: (each.state == "postponed", each.starts_at))
    return EventCard(
        **{field: found[field] for field in PLAIN},
        next_start=soonest.starts_at,
        next_end=soonest.ends_at,
        places_left=sum(each.free for each in bookable),
        capacity=sum(each.places for each in bookable),
        opens_at=min((each.opens_at for each in bookable), default=None),
        closes_at=max((each.closes_at for each in bookable), default=None),
        state=event_state(states),
    )
