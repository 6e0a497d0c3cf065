"""A copy of an event, as the draft of its next edition."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from events import database
from events.catalogue.actions.hold import HeldEvent, hold_event
from events.catalogue.actions.session_rows import TIMES, fresh_ids, write_sessions
from events.catalogue.changes import CatalogueRefusal, days_between, shifted
from events.catalogue.rules import EARLIEST, LATEST
from events.catalogue.text_rules import TITLE_MOST, line_fault
from events.errors import Fault, Invalid, Refused
from events.people.names import clean_line
from events.people.queries import StaffMember

CITY_TIME = ZoneInfo("Asia/Shanghai")


class Part(StrEnum):
    """What a copy may take along beside the texts. Pools come with their sessions only."""

    SESSIONS = "sessions"
    POOLS = "pools"
    QUESTIONS = "questions"
    POSTER = "poster"
    ELIGIBILITY = "eligibility"


ALL_PARTS = frozenset(Part)


async def clone_event(
    staff: StaffMember,
    event_id: int,
    first_day: date | None = None,
    parts: frozenset[Part] = ALL_PARTS,
    title: str = "",
    zone: ZoneInfo = CITY_TIME,
) -> int:
    """The id of a draft with nobody in it.

    `first_day` is the day, in `zone`, of its first session; the others follow as they did, at the same hours. None
    keeps the dates. Sessions that were called off are left out. An empty `title` keeps the title.
    Raises NotFound, Invalid on `title` and `first_day`, Refused ARCHIVED.
    """
    async with database.transaction():
        event = await hold_event(staff, event_id)
        if await database.value("SELECT archived_at FROM programme WHERE id = $1", event.programme):
            raise Refused(CatalogueRefusal.ARCHIVED)
        if fault := line_fault(title, TITLE_MOST):
            raise Invalid({"title": fault})
        copy = await copy_event(staff, event, clean_line(title, most=TITLE_MOST), Part.ELIGIBILITY in parts)
        if Part.SESSIONS in parts:
            await copy_sessions(event.id, copy, first_day, zone, Part.POOLS in parts)
        if Part.QUESTIONS in parts:
            await copy_questions(event.id, copy)
        if Part.POSTER in parts:
            await copy_poster(event.id, copy)
        return copy


async def copy_event(staff: StaffMember, event: HeldEvent, title: str, with_eligibility: bool) -> int:
    copied = "programme, host, kind, edition, title_en, summary, body, place, address, district"
    rules = "visibility, admission, needs_booking, forbids_clashes"
    made = await database.value(
        f"""INSERT INTO event ({copied}, {rules}, title, eligibility, created_by)
            SELECT {copied}, {rules}, coalesce(nullif($2::text, ''), title),
                   CASE WHEN $3::boolean THEN eligibility ELSE '{{"all": []}}' END, $4::int
            FROM event WHERE id = $1 RETURNING id""",
        event.id,
        title,
        with_eligibility,
        staff.id,
    )
    return int(made)


async def copy_sessions(source: int, copy: int, first_day: date | None, zone: ZoneInfo, with_pools: bool) -> None:
    found = await database.rows(
        "SELECT * FROM session WHERE event = $1 AND state <> 'cancelled' ORDER BY starts_at, id", source
    )
    if not found:
        return
    days = days_to_move(found[0]["starts_at"], first_day, zone)
    moved = [{**each, **{time: shifted(each[time], days, zone) for time in TIMES}} for each in found]
    made = await write_sessions(copy, moved)
    if with_pools:
        await copy_pools([each["id"] for each in found], made)


def days_to_move(first: datetime, first_day: date | None, zone: ZoneInfo) -> int:
    if first_day is None:
        return 0
    if not EARLIEST.date() <= first_day < LATEST.date():
        raise Invalid({"first_day": Fault.NOT_A_DATE})
    return days_between(first, first_day, zone)


async def copy_pools(sessions: list[int], copies: list[int]) -> None:
    await database.rows(
        """INSERT INTO pool (session, name, choice, note, position, capacity)
           SELECT pair.copy, name, choice, note, position, capacity
           FROM unnest($1::int[], $2::int[]) AS pair (session, copy) JOIN pool USING (session)
           ORDER BY pair.copy, position, pool.id""",
        sessions,
        copies,
    )


async def copy_questions(source: int, copy: int) -> None:
    found = await database.rows(
        "SELECT id FROM question WHERE event = $1 AND retired_at IS NULL ORDER BY position, id", source
    )
    ids = [each["id"] for each in found]
    await database.rows(
        """WITH pair AS (SELECT * FROM unnest($2::int[], $3::int[]) AS pair (old, new))
           INSERT INTO question (id, event, position, kind, label, label_en, help, required, options, minimum, maximum,
                                 shown_if, shown_if_value)
           SELECT pair.new, $1, position, kind, label, label_en, help, required, options, minimum, maximum,
                  (SELECT asked.new FROM pair AS asked WHERE asked.old = shown_if), shown_if_value
           FROM pair JOIN question ON question.id = pair.old""",
        copy,
        ids,
        await fresh_ids("question", len(ids)),
    )


async def copy_poster(source: int, copy: int) -> None:
    await database.rows(
        """INSERT INTO poster (event, content, thumb, sha256)
           SELECT $2::int, content, thumb, sha256 FROM poster WHERE event = $1""",
        source,
        copy,
    )
