"""One event, whole."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from events import database
from events.catalogue.eligibility import Eligibility, from_json
from events.catalogue.ids import known_id
from events.catalogue.queries.sessions import SESSION_COLUMNS, SessionDetail, StoredSession, detail_fields
from events.catalogue.queries.visible import POSTER_VERSION, may_see
from events.errors import NotFound
from events.people.queries import StudentProfile

AHEAD_SHOWN = 120  # sessions on a page; `session_count` says how many there are
PAST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DepartmentName:
    id: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class QuestionDetail:
    """`shown_if` is the id of another question, `shown_if_value` the answer to it on which this one is asked."""

    id: int
    kind: str
    label: str
    label_en: str
    help: str
    required: bool
    options: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    shown_if: int | None
    shown_if_value: str


@dataclass(frozen=True, slots=True)
class EventDetail:
    """`body` is Markdown as it was typed. `state` is the stored word; `now` the database's clock when this was read."""

    id: int
    programme_id: int
    programme: str
    programme_en: str
    host_id: int
    host: str
    host_en: str
    partners: tuple[DepartmentName, ...]
    kind: str
    edition: str
    title: str
    title_en: str
    summary: str
    body: str
    place: str
    address: str
    district: str
    state: str
    visibility: str
    admission: str
    needs_booking: bool
    forbids_clashes: bool
    eligibility: Eligibility
    poster_version: str | None
    published_at: datetime | None
    created_at: datetime
    version: int
    is_demo: bool
    sessions: tuple[SessionDetail, ...]
    session_count: int
    questions: tuple[QuestionDetail, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class PosterFile:
    """A JPEG."""

    content: bytes
    sha256: str


async def event_page(event_id: int, viewer: StudentProfile | None = None) -> EventDetail:
    """An event that the viewer may see, with its sessions ahead and the last ones past. Raises NotFound."""
    event = await load_event(event_id)
    if not may_see(event.state, event.visibility, event.published_at, event.eligibility, viewer):
        raise NotFound
    return event


async def poster(event_id: int, viewer: StudentProfile | None = None, thumb: bool = False) -> PosterFile:
    """The poster of an event that the viewer may see. Raises NotFound."""
    await check_seen(event_id, viewer)
    return await load_poster(event_id, thumb)


async def load_event(event_id: int, ahead: int = AHEAD_SHOWN, past: int = PAST_SHOWN) -> EventDetail:
    """For any viewer. Raises NotFound."""
    found = await database.row(EVENT, known_id(event_id), ahead, past)
    if found is None:
        raise NotFound
    plain = {column: value for column, value in found.items() if column not in PARSED}
    stored = msgspec.json.decode(found["sessions"], type=list[StoredSession])
    whose = (found["place"], found["state"], found["needs_booking"], found["now"])
    in_order = sorted(stored, key=lambda each: (each.starts_at, each.id))
    return EventDetail(
        **plain,
        eligibility=from_json(found["eligibility"]),
        partners=msgspec.json.decode(found["partners"], type=tuple[DepartmentName, ...]),
        questions=msgspec.json.decode(found["questions"], type=tuple[QuestionDetail, ...]),
        sessions=tuple(SessionDetail(**detail_fields(each, *whose)) for each in in_order),
    )


async def check_seen(event_id: int, viewer: StudentProfile | None) -> None:
    found = await database.row(
        "SELECT state, visibility, published_at, eligibility FROM event WHERE id = $1", known_id(event_id)
    )
    if found is None:
        raise NotFound
    if not may_see(found["state"], found["visibility"], found["published_at"], from_json(found["eligibility"]), viewer):
        raise NotFound


async def load_poster(event_id: int, thumb: bool) -> PosterFile:
    """For any viewer. Raises NotFound."""
    column = "thumb" if thumb else "content"
    found = await database.row(f"SELECT {column} AS content, sha256 FROM poster WHERE event = $1", event_id)
    if found is None:
        raise NotFound
    return PosterFile(**found)


PARSED = frozenset({"eligibility", "partners", "questions", "sessions"})

EVENT = f"""
SELECT event.id, event.programme AS programme_id, programme.name AS programme, programme.name_en AS programme_en,
       event.host AS host_id, department.name AS host, department.name_en AS host_en, event.kind, event.edition,
       event.title, event.title_en, event.summary, event.body, event.place, event.address, event.district, event.state,
       event.visibility, event.admission, event.needs_booking, event.forbids_clashes, event.eligibility,
       event.published_at, event.created_at, event.version, event.is_demo, {POSTER_VERSION} AS poster_version,
       statement_timestamp() AS now,
       (SELECT count(*) FROM session WHERE session.event = event.id) AS session_count,
       coalesce((SELECT json_agg(each) FROM (
           (SELECT {SESSION_COLUMNS} FROM session
            WHERE session.event = event.id AND session.ends_at > statement_timestamp()
            ORDER BY session.starts_at, session.id LIMIT $2::int)
           UNION ALL
           (SELECT {SESSION_COLUMNS} FROM session
            WHERE session.event = event.id AND session.ends_at <= statement_timestamp()
            ORDER BY session.starts_at DESC, session.id DESC LIMIT $3::int)) AS each), '[]') AS sessions,
       coalesce((SELECT json_agg(question ORDER BY position, question.id) FROM question
                 WHERE question.event = event.id AND retired_at IS NULL), '[]') AS questions,
       coalesce((SELECT json_agg(json_build_object('id', partner.id, 'name', partner.name, 'name_en', partner.name_en)
                                 ORDER BY partner.id)
                 FROM programme_partner JOIN department AS partner ON partner.id = programme_partner.department
                 WHERE programme_partner.programme = event.programme), '[]') AS partners
FROM event JOIN programme ON programme.id = event.programme JOIN department ON department.id = event.host
WHERE event.id = $1"""
