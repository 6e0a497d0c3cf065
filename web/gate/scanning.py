"""One stop: the camera and the typed code, a verdict for each, and the way back."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events.errors import Invalid, NotFound
from events.gate.actions import FoundTicket, admit, find_tickets, undo
from events.gate.queries import LiveView, StopNow, live_view, stops_for
from events.gate.rules import GateRefused, Source
from events.people.queries import StaffMember
from templates.language import N_
from web import sentences
from web.errors import wants_json
from web.forms import Form, read_form
from web.gate.verdicts import Verdict, in_words
from web.pages import Page, answer, locale_of, redirect, shell

LONGEST_CODE = 4096  # characters of whatever a camera reads


@dataclass(frozen=True, kw_only=True)
class ScanPage(Page):
    stop: StopNow
    live: LiveView | None
    verdict: Verdict | None
    nonce: str
    search: str
    found: tuple[FoundTicket, ...]
    search_error: str | None


@get("/{stop_id:int}")
async def scan_page(
    request: Request[Any, Any, Any],
    stop_id: FromPath[int],
    staff: NamedDependency[StaffMember],
    search: FromQuery[str] = "",
) -> Response[str]:
    page = await page_of(request, staff, stop_id)
    if search.strip():
        try:
            page = replace(page, search=search, found=tuple(await find_tickets(staff, stop_id, search)))
        except Invalid as invalid:
            sentence = sentences.of_fault(locale_of(request), next(iter(invalid.problems.values())))
            page = replace(page, search=search, search_error=sentence)
    return answer(request, "gate/scan.html", page)


@post("/{stop_id:int}/scans")
async def scan(
    request: Request[Any, Any, Any], stop_id: FromPath[int], staff: NamedDependency[StaffMember]
) -> Response[Any]:
    """Reads one code. JSON for the script on the page, the page itself for a form without script."""
    form = await read_form(request)
    result = await admit(staff, stop_id, form.raw("code")[:LONGEST_CODE], source_of(form), nonce_of(form))
    verdict = in_words(locale_of(request), result)
    if wants_json(request):
        return Response(asdict(verdict), headers={"Cache-Control": "no-store"})
    return answer(request, "gate/scan.html", replace(await page_of(request, staff, stop_id), verdict=verdict))


@post("/{stop_id:int}/scans/{scan_id:int}/undoing")
async def undo_scan(
    request: Request[Any, Any, Any],
    stop_id: FromPath[int],
    scan_id: FromPath[int],
    staff: NamedDependency[StaffMember],
) -> Response[Any]:
    try:
        await undo(staff, scan_id)
    except GateRefused as refused:
        if wants_json(request):
            raise
        sentence = sentences.of_refusal(locale_of(request), refused)
        return redirect(request, f"/gate/{stop_id}", done=sentence.replace("%", "%%"), kind="error")
    if wants_json(request):
        return Response({"undone": scan_id}, status_code=200)
    return redirect(request, f"/gate/{stop_id}", done=N_("已撤销这次验票。"))


async def page_of(request: Request[Any, Any, Any], staff: StaffMember, stop_id: int) -> ScanPage:
    stop = next((each for each in await stops_for(staff) if each.stop_id == stop_id), None)
    if stop is None:
        raise NotFound
    live = await live_view(staff, stop.session_id, stop_id) if stop.session_id is not None else None
    return ScanPage(
        shell=shell(request, "gate", "scan"),
        stop=stop,
        live=live,
        verdict=None,
        nonce=str(uuid4()),
        search="",
        found=(),
        search_error=None,
    )


def source_of(form: Form) -> Source:
    try:
        return Source(form.raw("source") or "typed")
    except ValueError:
        return Source.TYPED


def nonce_of(form: Form) -> UUID:
    """The page's own mark of this reading: sent twice, it is one scan."""
    try:
        return UUID(form.raw("nonce"))
    except ValueError:
        return uuid4()


HANDLERS = [scan_page, scan, undo_scan]
