"""Programmes, events, sessions: reading for everyone, writing for those who run them."""

from datetime import datetime
from typing import Any

from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from events.catalogue import actions, queries
from events.catalogue.drafts import EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.people.api_callers import Scope
from events.people.queries import StaffMember
from events.ticket import changes
from web.api import wire
from web.api.auth import Needs, calling_student
from web.api.once import IdempotencyKey, made_once
from web.session import anybody

PAGE_MOST = 100


async def ring(request: Request[Any, Any, Any]) -> None:
    """After a write that makes letters. The answer does not wait for it."""
    await request.app.state.doorbell.ring()


READS, WRITES = Needs(Scope.EVENTS_READ), Needs(Scope.EVENTS_WRITE)


@get("/events", guards=[anybody])
async def list_events(
    request: Request[Any, Any, Any],
    kind: FromQuery[str] = "",
    district: FromQuery[str] = "",
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    free: FromQuery[bool] = False,
    text: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
    limit: FromQuery[int] = 20,
) -> queries.EventPage:
    """Published events that the caller may see. `next_cursor` leads to the next page; null ends the list."""
    wanted = queries.EventFilter(kind, district, since, until, free, text, cursor, max(1, min(limit, PAGE_MOST)))
    return await queries.list_events(wanted, calling_student(request))


@get("/events/{event_id:int}", guards=[anybody])
async def show_event(request: Request[Any, Any, Any], event_id: FromPath[int]) -> queries.EventDetail:
    """One event that the caller may see, with its sessions, places and questions."""
    return await queries.event_page(event_id, calling_student(request))


@get("/programmes", guards=[READS])
async def list_programmes(staff: NamedDependency[StaffMember]) -> list[queries.ProgrammeRun]:
    """Programmes that the caller's departments run."""
    return await queries.programmes_run_by(staff)


@post("/programmes", guards=[WRITES])
async def create_programme(
    request: Request[Any, Any, Any],
    data: JSONBody[wire.ProgrammeBody],
    staff: NamedDependency[StaffMember],
    idempotency_key: IdempotencyKey = None,
) -> wire.Made:
    """A new programme of a department of the caller's."""
    return await made_once(
        request, idempotency_key, lambda: actions.create_programme(staff, ProgrammeDraft(**fields(data)))
    )


@get("/run-events", guards=[READS])
async def list_run_events(
    staff: NamedDependency[StaffMember],
    event_state: FromQuery[str] = "",
    programme_id: FromQuery[int | None] = None,
    text: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
    limit: FromQuery[int] = 20,
) -> queries.RunPage:
    """Events that the caller's departments run, drafts too."""
    wanted = queries.RunFilter(
        state=event_state, programme_id=programme_id, text=text, cursor=cursor, limit=max(1, min(limit, PAGE_MOST))
    )
    return await queries.events_run_by(staff, wanted)


@get("/run-events/{event_id:int}", guards=[READS])
async def show_run_event(event_id: FromPath[int], staff: NamedDependency[StaffMember]) -> queries.EventRun:
    """One event that the caller's departments run. `missing` says what publishing waits for."""
    return await queries.event_run_by(staff, event_id)


@post("/events", guards=[WRITES])
async def create_event(
    request: Request[Any, Any, Any],
    data: JSONBody[wire.NewEventBody],
    staff: NamedDependency[StaffMember],
    idempotency_key: IdempotencyKey = None,
) -> wire.Made:
    """A new draft. It is seen by nobody else until it is published."""
    draft = EventDraft(**fields(data, "programme_id"))
    return await made_once(request, idempotency_key, lambda: actions.create_event(staff, data.programme_id, draft))


@put("/events/{event_id:int}", guards=[WRITES], after_response=ring)
async def edit_event(
    event_id: FromPath[int], data: JSONBody[wire.EventEditBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Replaces the text and the rules of an event. What touches people who booked needs `confirmed`."""
    draft = EventDraft(**fields(data, "version", "confirmed"))
    return await changes.edit_event(staff, event_id, draft, data.version, data.confirmed)


@post("/events/{event_id:int}/publication", guards=[WRITES], status_code=200)
async def publish_event(event_id: FromPath[int], staff: NamedDependency[StaffMember]) -> actions.Changed:
    """Publishes an event. It needs a coming session, and places in each."""
    return await actions.publish_event(staff, event_id)


@delete("/events/{event_id:int}/publication", guards=[WRITES], status_code=200)
async def unpublish_event(event_id: FromPath[int], staff: NamedDependency[StaffMember]) -> actions.Changed:
    """Takes an event back to a draft. Only while nobody has booked."""
    return await actions.unpublish_event(staff, event_id)


@post("/events/{event_id:int}/postponement", guards=[WRITES], status_code=200, after_response=ring)
async def postpone_event(
    event_id: FromPath[int], data: JSONBody[wire.ReasonBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Postpones an event. Bookings stay, and everyone who booked is told why."""
    return await changes.postpone_event(staff, event_id, data.reason)


@post("/events/{event_id:int}/cancellation", guards=[WRITES], status_code=200, after_response=ring)
async def cancel_event(
    event_id: FromPath[int], data: JSONBody[wire.ReasonBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Cancels an event for good. Its bookings end, and everyone who booked is told why."""
    return await changes.cancel_event(staff, event_id, data.reason)


@post("/events/{event_id:int}/clones", guards=[WRITES])
async def clone_event(
    request: Request[Any, Any, Any],
    event_id: FromPath[int],
    data: JSONBody[wire.CloneBody],
    staff: NamedDependency[StaffMember],
    idempotency_key: IdempotencyKey = None,
) -> wire.Made:
    """A draft like this event. Its first session is on `first_day`, a local date; the others keep their distance."""
    return await made_once(
        request, idempotency_key, lambda: actions.clone_event(staff, event_id, data.first_day, title=data.title)
    )


@post("/events/{event_id:int}/sessions", guards=[WRITES])
async def add_session(
    request: Request[Any, Any, Any],
    event_id: FromPath[int],
    data: JSONBody[wire.NewSessionBody],
    staff: NamedDependency[StaffMember],
    idempotency_key: IdempotencyKey = None,
) -> wire.Made:
    """A new session. Times that are left out follow the presets of the event's kind."""
    draft, pools = SessionDraft(**fields(data, "pools")), [PoolDraft(**fields(each)) for each in data.pools]
    return await made_once(request, idempotency_key, lambda: actions.add_session(staff, event_id, draft, pools))


@put("/sessions/{session_id:int}", guards=[WRITES], after_response=ring)
async def edit_session(
    session_id: FromPath[int], data: JSONBody[wire.SessionEditBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Replaces times, place and note of a session. A move of a booked one needs `confirmed` and is told to everyone."""
    draft = SessionDraft(**fields(data, "version", "confirmed"))
    return await changes.edit_session(staff, session_id, draft, data.version, data.confirmed)


@post("/sessions/{session_id:int}/cancellation", guards=[WRITES], status_code=200, after_response=ring)
async def cancel_session(
    session_id: FromPath[int], data: JSONBody[wire.ReasonBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Cancels one session. Its bookings end, and everyone who booked is told why."""
    return await changes.cancel_session(staff, session_id, data.reason)


@delete("/sessions/{session_id:int}", guards=[WRITES])
async def remove_session(session_id: FromPath[int], staff: NamedDependency[StaffMember]) -> None:
    """Removes a session. Only one that nobody ever booked."""
    await actions.remove_session(staff, session_id)


@put("/sessions/{session_id:int}/pools", guards=[WRITES])
async def set_pools(
    session_id: FromPath[int], data: JSONBody[wire.PoolsBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Replaces the pools of a session, in order. Those that are left out are removed."""
    return await actions.set_pools(staff, session_id, [PoolDraft(**fields(each)) for each in data.pools], data.version)


@put("/events/{event_id:int}/questions", guards=[WRITES])
async def set_questions(
    event_id: FromPath[int], data: JSONBody[wire.QuestionsBody], staff: NamedDependency[StaffMember]
) -> list[int]:
    """Replaces the questions of an event, in order. Answers say how many questions there are: their ids."""
    drafts = [QuestionDraft(**fields(each)) for each in data.questions]
    return await actions.set_questions(staff, event_id, drafts, data.version)


@put("/events/{event_id:int}/eligibility", guards=[WRITES])
async def set_eligibility(
    event_id: FromPath[int], data: JSONBody[wire.EligibilityBody], staff: NamedDependency[StaffMember]
) -> actions.Changed:
    """Replaces the rule of who may book: all of its clauses, any condition of each."""
    return await actions.set_eligibility(staff, event_id, data.eligibility, data.version)


def fields(body: wire.Body, *without: str) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.__struct_fields__ if name not in without}


HANDLERS = [
    list_events,
    show_event,
    list_programmes,
    create_programme,
    list_run_events,
    show_run_event,
    create_event,
    edit_event,
    publish_event,
    unpublish_event,
    postpone_event,
    cancel_event,
    clone_event,
    add_session,
    edit_session,
    cancel_session,
    remove_session,
    set_pools,
    set_questions,
    set_eligibility,
]
