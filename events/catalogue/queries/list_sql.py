"""The SQL of the students' list. Parameters: $1 the viewer's facts, $2 kind, $3 district, $4 since, $5 until,
$6 patterns, $7 and $8 the cursor, $9 how many."""

from datetime import timedelta

from events.catalogue.queries.visible import LISTED, POSTER_VERSION, places_of
from events.catalogue.rules import LONGEST_SESSION

POSTPONED_SHOWN = timedelta(days=90)  # after the date that was put off
SESSIONS_WEIGHED = 60  # of one event ahead: state and places of a card are of these
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
     WHERE event.state <> 'postponed' AND {ASKED} AND session.ends_at > statement_timestamp()
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
