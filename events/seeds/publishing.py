"""Makes the demo's programmes and events, as an organizer would: draft, questions, sessions, and published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from events import database
from events.catalogue import actions
from events.catalogue.drafts import ProgrammeDraft
from events.catalogue.eligibility import Eligibility
from events.counts.actions import enter_figure
from events.counts.manual import FigureDraft
from events.gate.stops import ensure_stops
from events.people.queries import StaffMember
from events.seeds.agenda import PlannedEvent, PlannedSession
from events.seeds.cast import Crew
from events.seeds.programmes import SOURCES, FigureFacts, ProgrammeFacts

PLANNED_AHEAD: Final = timedelta(days=30)  # when a session of last week was entered, as far as the demo goes
FIGURES_OF: Final = "rsj"  # whose reply they stand in


@dataclass(frozen=True, slots=True)
class MadeSession:
    """`by`: who publishes for its host. `eligibility` is the event's; `called_off`: it was, when this demo began."""

    id: int
    event_id: int
    plan: PlannedSession
    by: StaffMember
    eligibility: Eligibility
    called_off: bool = False


async def make_programmes(crew: Crew, programmes: list[ProgrammeFacts]) -> dict[str, int]:
    """Ids by code."""
    return {each.code: await make_programme(crew, each) for each in programmes}


async def make_programme(crew: Crew, facts: ProgrammeFacts) -> int:
    known: int | None = await database.value("SELECT id FROM programme WHERE code = $1", facts.code)
    if known is not None:
        return known
    draft = ProgrammeDraft(
        facts.name,
        facts.kind,
        crew.departments[facts.host],
        facts.en,
        summary=facts.figure,
        note="；".join(filter(None, (facts.rule, facts.note))),
        source=SOURCES[facts.source],
        partners=tuple(crew.departments[code] for code in facts.partners),
        code=facts.code,
        is_demo=True,
    )
    return await actions.create_programme(crew.editor_of(facts.host), draft)


async def enter_figures(crew: Crew, figures: list[FigureFacts]) -> None:
    for each in figures:
        await enter_figure(
            crew.petr,
            FigureDraft(
                crew.departments[FIGURES_OF], each.label, each.value, each.unit, SOURCES[each.source], each.year,
                remark=each.remark, code=each.code,
            ),
        )  # fmt: skip


async def make_event(staff: StaffMember, programme_id: int, plan: PlannedEvent, now: datetime) -> list[MadeSession]:
    """Its sessions, published. One that was called off before stays as it is."""
    known = await database.row(
        "SELECT id, state FROM event WHERE programme = $1 AND title = $2", programme_id, plan.draft.title
    )
    if known is not None and known["state"] in ("postponed", "cancelled"):
        return await called_off(staff, known["id"], plan)
    event_id = known["id"] if known else await actions.create_event(staff, programme_id, plan.draft, plan.questions)
    if plan.eligibility.all:
        await actions.set_eligibility(staff, event_id, plan.eligibility)
    ids = [await make_session(staff, event_id, plan, each, now) for each in plan.sessions]
    await make_series(staff, event_id, plan)
    await ensure_stops(event_id)
    await actions.publish_event(staff, event_id)
    return [
        MadeSession(session_id, event_id, each, staff, plan.eligibility)
        for session_id, each in zip(ids, plan.sessions, strict=True)
    ]


async def called_off(staff: StaffMember, event_id: int, plan: PlannedEvent) -> list[MadeSession]:
    found = await database.rows("SELECT id, starts_at FROM session WHERE event = $1", event_id)
    ids = {each["starts_at"]: each["id"] for each in found}
    return [MadeSession(ids[each.starts_at], event_id, each, staff, plan.eligibility, True) for each in plan.sessions]


async def make_session(
    staff: StaffMember, event_id: int, plan: PlannedEvent, session: PlannedSession, now: datetime
) -> int:
    as_of = min(now, session.starts_at - PLANNED_AHEAD) if session.starts_at <= now else now
    return await actions.add_session(staff, event_id, session.draft, plan.pools, as_of=as_of)


async def make_series(staff: StaffMember, event_id: int, plan: PlannedEvent) -> None:
    for each in plan.series:
        await actions.add_sessions_by_recurrence(staff, event_id, each.rule, each.first, each.terms, plan.pools)
