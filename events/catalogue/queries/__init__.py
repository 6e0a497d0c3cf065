"""What is published, read for students and for those who run it."""

from events.catalogue.queries.detail import (
    DepartmentName,
    EventDetail,
    PosterFile,
    QuestionDetail,
    event_page,
    poster,
)
from events.catalogue.queries.listing import EventCard, EventFilter, EventPage, districts, list_events
from events.catalogue.queries.month import MonthDay, MonthEntry, calendar_month
from events.catalogue.queries.programmes import (
    ProgrammeRun,
    all_departments,
    host_choices,
    programme_run_by,
    programmes_run_by,
)
from events.catalogue.queries.running import (
    EventRow,
    EventRun,
    RunFilter,
    RunPage,
    SessionRun,
    event_run_by,
    events_run_by,
    poster_run_by,
    session_run_by,
    sessions_run_by,
)
from events.catalogue.queries.sessions import PoolDetail, SessionDetail

__all__ = [
    "DepartmentName",
    "EventCard",
    "EventDetail",
    "EventFilter",
    "EventPage",
    "EventRow",
    "EventRun",
    "MonthDay",
    "MonthEntry",
    "PoolDetail",
    "PosterFile",
    "ProgrammeRun",
    "QuestionDetail",
    "RunFilter",
    "RunPage",
    "SessionDetail",
    "SessionRun",
    "all_departments",
    "calendar_month",
    "districts",
    "event_page",
    "event_run_by",
    "events_run_by",
    "host_choices",
    "list_events",
    "poster",
    "poster_run_by",
    "programme_run_by",
    "programmes_run_by",
    "session_run_by",
    "sessions_run_by",
]
