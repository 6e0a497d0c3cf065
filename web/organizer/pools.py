"""Pools 名额: the counted capacities of one session."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.drafts import PoolDraft
from events.catalogue.queries import SessionRun, session_run_by
from events.errors import Fault, Invalid, Refused, Stale
from events.people.queries import StaffMember
from templates.environment import translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer.drafts import version_of
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import FormPage, frame
from web.organizer.rows import Row, kept, one, renumbered
from web.pages import answer, locale_of, redirect

BLANK_ROWS: Final = 4
FIELDS: Final = ("name", "capacity", "choice", "note")


@dataclass(frozen=True, kw_only=True)
class PoolsPage(FormPage):
    """`rows`: how many hold something; as many as `blank` follow. `taken`: by pool id as text."""

    session: SessionRun
    rows: int
    blank: int
    taken: dict[str, int]


@get("/sessions/{session_id:int}/pools")
async def show_pools(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str]:
    session = await session_run_by(staff, session_id)
    return pools_form(request, session, Filled(pool_values(session)), len(session.pools))


def pool_values(session: SessionRun) -> dict[str, str]:
    values = {"version": str(session.event_version)}
    for place, pool in enumerate(session.pools):
        values |= {f"pools.{place}.{name}": str(getattr(pool, name)) for name in ("id", *FIELDS)}
    return values


def pools_form(request: Request[Any, Any, Any], session: SessionRun, filled: Filled, rows: int) -> Response[str]:
    page = PoolsPage(
        shell=frame(request),
        form=filled,
        session=session,
        rows=rows,
        blank=BLANK_ROWS,
        taken={str(each.id): each.taken for each in session.pools},
    )
    return answer(request, "organizer/pools.html", page, filled.status)


@post("/sessions/{session_id:int}/pools")
async def set_pools(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], session_id: FromPath[int]
) -> Response[str] | Redirect:
    session = await session_run_by(staff, session_id)
    sent = await read_form(request)
    rows = kept(sent, "pools", is_blank)
    form = renumbered(sent, "pools", rows)
    try:
        version, drafts = version_of(form), read_pools(form, len(rows))
        form.check()
        await actions.set_pools(staff, session_id, drafts, version)
    except (Invalid, Stale, Refused) as error:
        instead = too_few(request, form, error, session)
        filled = shown_again(locale_of(request), form, error, pool_values(session), instead)
        return pools_form(request, session, filled, len(rows))
    return redirect(request, f"/organizer/events/{session.event_id}/sessions", done=N_("名额已保存。"))


def is_blank(row: Row) -> bool:
    return not any(one(row, name) for name in FIELDS) and not one(row, "id")


def read_pools(form: Form, rows: int) -> tuple[PoolDraft, ...]:
    return tuple(
        PoolDraft(
            name=form.raw(f"pools.{place}.name"),
            capacity=form.number(f"pools.{place}.capacity", least=0),
            choice=form.raw(f"pools.{place}.choice"),
            note=form.raw(f"pools.{place}.note"),
            id=form.number(f"pools.{place}.id", least=1, required=False),
        )
        for place in range(rows)
    )


def too_few(request: Request[Any, Any, Any], form: Form, error: Exception, session: SessionRun) -> dict[str, str]:
    """Where a capacity is below what is taken, the row says the number."""
    if not isinstance(error, Invalid):
        return {}
    taken = {str(each.id): each.taken for each in session.pools}
    rows = {
        name: form.raw(f"{name.removesuffix('.capacity')}.id")
        for name, fault in error.problems.items()
        if fault is Fault.BELOW_TAKEN and name.endswith(".capacity")
    }
    locale = locale_of(request)
    return {
        name: translate(locale, "已有 %(n)s 人占用，名额不能比这更少。", n=taken.get(pool, 0))
        for name, pool in rows.items()
    }


HANDLERS = [show_pools, set_pools]
