"""What students find: the list of what is ahead, and the districts that it is in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from events import database
from events.catalogue.availability import SessionFacts, SessionState, event_state, session_state
from events.catalogue.queries.cursors import cursor_of, page_size, read_cursor
from events.catalogue.queries.visible import LISTED, POSTER_VERSION, facts_json, places_of
from events.catalogue.rules import LONGEST_SESSION
from events.errors import Fault, Invalid
from events.people.names import BadText, clean_line
from events.people.queries import StudentProfile

PAGE = 20
POSTPONED_SHOWN = timedelta(days=90)  # after the date that was put off
SESSIONS_WEIGHED = 60  # of one event ahead: state and places of a card are of these
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


def ahead(session: str, free: bool) -> str:
    """SQL: this session is one of those that bring its event into the list."""
    return f"""{session}.event = event.id AND {session}.ends_at > statement_timestamp() - {POSTPONED_FOR}
        AND CASE event.state
            WHEN 'postponed' THEN {session}.state <> 'cancelled'
            ELSE {session}.state = CASE event.state WHEN 'cancelled' THEN 'cancelled' ELSE 'scheduled' END
                 AND {session}.ends_at > statement_timestamp() END
        AND ($4::timestamptz IS NULL OR {session}.ends_at > $4)
        AND ($5::timestamptz IS NULL OR {session}.starts_at < $5)
        {has_room(session) if free else ""}"""


def has_room(session: str) -> str:
    return f"""AND event.state = 'published' AND (NOT event.needs_booking OR {session}.closes_at > statement_timestamp()
        AND (SELECT free FROM ({places_of(session)}) AS room) > 0)"""


POSTPONED_FOR = f"interval '{POSTPONED_SHOWN.days} days'"
STARTED_FOR = f"interval '{LONGEST_SESSION.days} days'"  # nothing that began earlier can still be on

ASKED = f"""{LISTED} AND ($2 = '' OR event.kind = $2) AND ($3 = '' OR event.district = $3)
    AND concat_ws(' ', event.title, event.title_en, programme.name, department.name) ILIKE ALL ($6::text[])"""
PARENTS = "JOIN programme ON programme.id = event.programme JOIN department ON department.id = event.host"


def list_sql(free: bool) -> str:
    """Walks the sessions by their start and stops when the page is full: the first of each event brings it in.

    A date that was put off comes a year later, after the dates that hold.
    """
    return f"""
WITH page AS (
    (SELECT event.id, session.starts_at AS sort_start
     FROM session JOIN event ON {ahead("session", free)} {PARENTS}
     WHERE event.state <> 'postponed' AND {ASKED}
       AND session.starts_at >= coalesce($7::timestamptz, statement_timestamp() - {STARTED_FOR})
       AND ($7::timestamptz IS NULL OR (session.starts_at, event.id) > ($7, $8::int))
       AND NOT EXISTS (SELECT FROM session AS earlier WHERE {ahead("earlier", free)}
                       AND (earlier.starts_at, earlier.id) < (session.starts_at, session.id))
     ORDER BY session.starts_at, event.id LIMIT $9::int)
    UNION ALL
    (SELECT id, sort_start FROM (
         SELECT event.id, min(session.starts_at) + interval '1 year' AS sort_start
         FROM event JOIN session ON {ahead("session", free)} {PARENTS}
         WHERE event.state = 'postponed' AND {ASKED} GROUP BY event.id) AS postponed
     WHERE $7::timestamptz IS NULL OR (sort_start, id) > ($7, $8::int)
     ORDER BY sort_start, id LIMIT $9::int)
    ORDER BY sort_start, id LIMIT $9::int
)
SELECT event.id, event.title, event.title_en, event.summary, event.kind, event.place, event.district,
       event.needs_booking, event.admission, event.is_demo, event.state AS event_state,
       programme.name AS programme, programme.name_en AS programme_en, department.name AS host,
       department.name_en AS host_en, {POSTER_VERSION} AS poster_version, page.sort_start,
       statement_timestamp() AS now, weighed.ahead, weighed.sessions
FROM page JOIN event ON event.id = page.id {PARENTS}
     CROSS JOIN LATERAL (
         SELECT json_agg(each) AS ahead, coalesce(max(each.sessions), 0)::int AS sessions FROM (
             SELECT session.starts_at, session.ends_at, session.opens_at, session.closes_at, session.state,
                    room.free, room.places, count(*) OVER () AS sessions
             FROM session CROSS JOIN LATERAL ({places_of("session")}) AS room
             WHERE {ahead("session", free)}
             ORDER BY session.starts_at, session.id LIMIT {SESSIONS_WEIGHED}) AS each) AS weighed
ORDER BY page.sort_start, page.id"""


LIST, LIST_FREE = list_sql(free=False), list_sql(free=True)
