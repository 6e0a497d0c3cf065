"""Scans through the API: the same verdict as at the gate's page."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from events.errors import Fault, Invalid
from events.gate.actions import Undone, admit, undo
from events.gate.queries import StopNow, stops_for
from events.gate.results import ScanResult
from events.gate.rules import Source
from events.people.api_callers import Scope
from events.people.queries import StaffMember
from events.ticket.queries import public_keys
from web.api import wire
from web.api.auth import Needs
from web.session import anybody

SCANS = Needs(Scope.SCANS_WRITE)


@get("/stops", guards=[SCANS])
async def list_stops(staff: NamedDependency[StaffMember]) -> list[StopNow]:
    """Where the caller may scan now, soonest session first."""
    return await stops_for(staff)


@post("/stops/{stop_id:int}/scans", guards=[SCANS], status_code=200)
async def create_scan(
    stop_id: FromPath[int], data: JSONBody[wire.ScanBody], staff: NamedDependency[StaffMember]
) -> ScanResult:
    """Reads one code. The same nonce again is the same scan and the same answer; a refusal is an answer, too."""
    if data.source not in set(Source):
        raise Invalid({"source": Fault.NOT_AN_OPTION})
    return await admit(staff, stop_id, data.code, Source(data.source), data.nonce, data.device_time)


@post("/scans/{scan_id:int}/undoing", guards=[SCANS], status_code=200)
async def undo_scan(scan_id: FromPath[int], staff: NamedDependency[StaffMember]) -> Undone:
    """Takes back a scan that let somebody in. Within 15 minutes, by anyone who may scan there."""
    return await undo(staff, scan_id)


@get("/ticket-keys", guards=[anybody])
async def ticket_keys() -> dict[str, str]:
    """Public halves of the keys that sign tickets. In hex, by key id: anyone may verify a ticket."""
    return {str(key_id): key.hex() for key_id, key in (await public_keys()).items()}


HANDLERS = [list_stops, create_scan, undo_scan, ticket_keys]
