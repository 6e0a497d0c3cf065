"""What organizers see of what their departments run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from events import database
from events.catalogue.changes import Missing, SessionOutline, missing_to_publish
from events.catalogue.ids import HIGHEST_ID, known_id
from events.catalogue.queries.cursors import page_size, whole
from events.catalogue.queries.detail import EventDetail, PosterFile, load_event, load_poster
from events.catalogue.queries.listing import PAGE, patterns
from events.catalogue.queries.sessions import SESSION_COLUMNS, SessionDetail, StoredSession, detail_fields
from events.catalogue.queries.visible import POSTER_VERSION, places_of
from events.catalogue.rules import MAX_SESSIONS
from events.errors import NotFound
from events.people.queries import MAY_EDIT, StaffMember

SESSIONS_MOST = 200  # of a day's work


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Empty fields ask for nothing. `when`: "upcoming" (something ahead, or no date yet) or "past"."""

    state: str = ""
    programme_id: int | None = None
    when: str = ""
    text: str = ""
    cursor: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class EventRow:
    """capacity, taken: of all sessions that were not called off. next_start: None without anything ahead."""

    id: int
    title: str
    title_en: str
    kind: str
    state: str
    programme_id: int
    programme: str
    host: str
    place: str
    needs_booking: bool
    is_demo: bool
    poster_version: str | None
    version: int
    sessions: int
    next_start: datetime | None
    capacity: int
    taken: int


@dataclass(frozen=True, slots=True)
class RunPage:
    rows: tuple[EventRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class SessionRun(SessionDetail):
    """A session with what its page needs of its event. `event_version` is the version that forms carry."""

    event_id: int
    event_title: str
    event_state: str
    event_version: int
    host_id: int
    kind: str
    needs_booking: bool


@dataclass(frozen=True, slots=True)
class EventRun:
    """`page` is the event as students would see it, in any state, with all its sessions.

    held: bookings that hold places. missing: what publishing still asks for.
    """

    page: EventDetail
    held: int
    missing: tuple[Missing, ...]

    @property
    def id(self) -> int:
        return self.page.id

    @property
    def version(self) -> int:
        return self.page.version

    @property
    def title(self) -> str:
        return self.page.title

    @property
    def state(self) -> str:
        return self.page.state

    @property
    def sessions(self) -> tuple[SessionDetail, ...]:
        return self.page.sessions


async def events_run_by(
    staff: StaffMember, wanted: RunFilter | None = None, needed: frozenset[str] = MAY_EDIT
) -> RunPage:
    """The newest first, from the departments in which one of the roles is held. Raises Invalid: `cursor`, `text`."""
    wanted = wanted or RunFilter()
    size = page_size(wanted.limit)
    found = await database.rows(
        EVENTS,
        staff.departments(needed),
        whole(wanted.cursor, HIGHEST_ID) if wanted.cursor else HIGHEST_ID,
        wanted.state,
        wanted.programme_id,
        wanted.when,
        patterns(wanted.text),
        size + 1,
    )
    rows = tuple(EventRow(**each) for each in found[:size])
    return RunPage(rows, str(rows[-1].id) if len(found) > size else None)


async def event_run_by(staff: StaffMember, event_id: int, needed: frozenset[str] = MAY_EDIT) -> EventRun:
    """Raises NotFound."""
    await check_run_by(staff, event_id, needed)
    page = await load_event(event_id, ahead=MAX_SESSIONS, past=MAX_SESSIONS)
    outlines = [SessionOutline(each.id, each.stored_state, each.ends_at, len(each.pools)) for each in page.sessions]
    return EventRun(
        page=page,
        held=sum(each.held for each in page.sessions),
        missing=missing_to_publish(page.needs_booking, outlines, page.now),
    )


async def session_run_by(staff: StaffMember, session_id: int, needed: frozenset[str] = MAY_EDIT) -> SessionRun:
    """Raises NotFound."""
    found = await database.row(
        f"{SESSIONS} WHERE event.host = ANY($1::int[]) AND session.id = $2",
        staff.departments(needed),
        known_id(session_id),
    )
    if found is None:
        raise NotFound
    return session_run(found)


async def sessions_run_by(
    staff: StaffMember,
    since: datetime,
    until: datetime,
    needed: frozenset[str] = MAY_EDIT,
    limit: int = SESSIONS_MOST,
) -> list[SessionRun]:
    """Sessions that touch the time between, of published events, by start: a day's work. At most 200."""
    found = await database.rows(
        f"""{SESSIONS} WHERE event.host = ANY($1::int[]) AND session.ends_at > $2 AND session.starts_at < $3
                AND event.state <> 'draft' ORDER BY session.starts_at, session.id LIMIT $4::int""",
        staff.departments(needed),
        since,
        until,
        max(1, min(limit, SESSIONS_MOST)),
    )
    return [session_run(each) for each in found]


async def poster_run_by(
    staff: StaffMember, event_id: int, thumb: bool = False, needed: frozenset[str] = MAY_EDIT
) -> PosterFile:
    """The poster, before publishing too. Raises NotFound."""
    await check_run_by(staff, event_id, needed)
    return await load_poster(event_id, thumb)


async def check_run_by(staff: StaffMember, event_id: int, needed: frozenset[str]) -> None:
    host = await database.value("SELECT host FROM event WHERE id = $1", known_id(event_id))
    if host is None or not staff.may(needed, host):
        raise NotFound


def session_run(found: Any) -> SessionRun:
    stored = msgspec.json.decode(found["session"], type=StoredSession)
    of_event = ("event_id", "event_title", "event_state", "event_version", "host_id", "kind", "needs_booking")
    return SessionRun(
        **detail_fields(stored, found["event_place"], found["event_state"], found["needs_booking"], found["now"]),
        **{field: found[field] for field in of_event},
    )


SESSIONS = f"""
SELECT event.id AS event_id, event.title AS event_title, event.state AS event_state, event.version AS event_version,
       event.host AS host_id, event.kind, event.needs_booking, event.place AS event_place,
       statement_timestamp() AS now, (SELECT row_to_json(each) FROM (SELECT {SESSION_COLUMNS}) AS each) AS session
FROM session JOIN event ON event.id = session.event"""

ON = "FROM session WHERE session.event = event.id AND session.state <> 'cancelled'"

EVENTS = f"""
WITH page AS (
    SELECT event.id FROM event JOIN programme ON programme.id = event.programme
    WHERE event.host = ANY($1::int[]) AND event.id < $2::int
      AND ($3 = '' OR event.state = $3) AND ($4::int IS NULL OR event.programme = $4)
      AND CASE $5 WHEN '' THEN true
                  WHEN 'past' THEN EXISTS (SELECT {ON}) AND NOT EXISTS (SELECT {ON} AND ends_at > statement_timestamp())
                  ELSE NOT EXISTS (SELECT {ON}) OR EXISTS (SELECT {ON} AND ends_at > statement_timestamp()) END
      AND concat_ws(' ', event.title, event.title_en, programme.name) ILIKE ALL ($6::text[])
    ORDER BY event.id DESC LIMIT $7::int
)
SELECT event.id, event.title, event.title_en, event.kind, event.state, event.programme AS programme_id,
       programme.name AS programme, department.name AS host, event.place, event.needs_booking, event.is_demo,
       {POSTER_VERSION} AS poster_version, event.version, dates.sessions, dates.next_start, dates.capacity, dates.taken
FROM page JOIN event ON event.id = page.id
     JOIN programme ON programme.id = event.programme JOIN department ON department.id = event.host
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS sessions, coalesce(sum(room.places), 0)::int AS capacity,
                min(session.starts_at) FILTER (WHERE session.ends_at > statement_timestamp()) AS next_start,
                coalesce(sum(room.held), 0)::int AS taken
         FROM session CROSS JOIN LATERAL ({places_of("session")}) AS room
         WHERE session.event = event.id AND session.state <> 'cancelled') AS dates
ORDER BY event.id DESC"""
