"""工作台: what happens today, what comes, and what waits for somebody's hand."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get
from litestar.di import NamedDependency

from events.attendance.attendees import letters_lost
from events.catalogue.queries import (
    EventRow,
    RunFilter,
    SessionRun,
    event_run_by,
    events_run_by,
    programmes_run_by,
    sessions_run_by,
)
from events.database import database_now
from events.people.queries import MAY_COUNT, MAY_EDIT, MAY_SCAN, StaffMember
from templates.environment import Locale
from web.organizer.framing import frame, missing_text
from web.pages import Page, answer, locale_of
from web.session import settings_of

COMING_DAYS: Final = 14
COMING_SHOWN: Final = 12
DRAFTS_SHOWN: Final = 5


@dataclass(frozen=True)
class WaitingDraft:
    event: EventRow
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    may_edit: bool
    may_scan: bool
    may_count: bool
    today: tuple[SessionRun, ...]
    coming: tuple[SessionRun, ...]
    drafts: tuple[WaitingDraft, ...]
    letters_lost: int
    programmes: int


@get("/")
async def show_desk(request: Request[Any, Any, Any], staff: NamedDependency[StaffMember]) -> Response[str]:
    now = await database_now()
    midnight = next_midnight(now, settings_of(request).time_zone)
    sessions = await sessions_run_by(
        staff, now, now + timedelta(days=COMING_DAYS), needed=MAY_SCAN | MAY_COUNT, limit=COMING_SHOWN
    )
    may_edit = bool(staff.departments(MAY_EDIT))
    page = DeskPage(
        shell=frame(request, "desk"),
        may_edit=may_edit,
        may_scan=bool(staff.departments(MAY_SCAN)),
        may_count=bool(staff.departments(MAY_COUNT)),
        today=tuple(each for each in sessions if each.starts_at < midnight),
        coming=tuple(each for each in sessions if each.starts_at >= midnight),
        drafts=await waiting_drafts(staff, locale_of(request)) if may_edit else (),
        letters_lost=await letters_lost(staff),
        programmes=len(await programmes_run_by(staff)) if may_edit else 0,
    )
    return answer(request, "organizer/desk.html", page)


def next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)


async def waiting_drafts(staff: StaffMember, locale: Locale) -> tuple[WaitingDraft, ...]:
    found = await events_run_by(staff, RunFilter(state="draft", limit=DRAFTS_SHOWN))
    return tuple([WaitingDraft(each, await still_missing(staff, each.id, locale)) for each in found.rows])


async def still_missing(staff: StaffMember, event_id: int, locale: Locale) -> tuple[str, ...]:
    event = await event_run_by(staff, event_id)
    return tuple(missing_text(locale, each) for each in event.missing)


HANDLERS = [show_desk]
