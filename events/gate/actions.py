"""What happens at a gate: somebody is let through or not, and it is on record either way."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from events import database
from events.errors import NotFound
from events.gate.encounter import LINE, Attempt
from events.gate.reading import Reading, read
from events.gate.results import ScanResult
from events.gate.rules import Direction, GateRefused, Passage, Reason, Source, refusal_to_undo, standing
from events.gate.search import FoundTicket as FoundTicket
from events.gate.search import find_tickets as find_tickets
from events.gate.turnstile import turnstile
from events.people.queries import MAY_SCAN, StaffMember
from events.ticket.queries import verifying_keys


@dataclass(frozen=True, slots=True)
class Undone:
    """`scan_id` is the row of the undo; `undoes` the scan that no longer counts."""

    scan_id: int
    undoes: int
    at: datetime


async def admit(
    staff: StaffMember,
    stop_id: int,
    code_text: str,
    source: Source,
    nonce: UUID,
    device_time: datetime | None = None,
    *,
    as_of: datetime | None = None,
) -> ScanResult:
    """Reads a ticket's QR text or short code at a stop; lets its holder through once; records either outcome.

    `nonce` names the attempt: the same one again gives the same answer and no second row. `device_time` is kept as
    evidence and decides nothing. `as_of` is the moment to judge by when it is not now (demo data, rehearsals).
    The scan is recorded even if the caller is cancelled while waiting, and never as part of a caller's transaction.
    Raises NotFound (no such stop, or not this steward's), GateRefused(NONCE_REUSED), Busy.
    """
    reading = await read_here(code_text, source)
    return await turnstile.admit(Attempt(staff, stop_id, reading, source, nonce, device_time, as_of))


async def read_here(code_text: str, source: Source) -> Reading:
    reading = read(code_text, source, await verifying_keys())
    if reading.fault is Reason.UNKNOWN_KEY:  # another process may have added it just now
        reading = read(code_text, source, await verifying_keys(fresh=True))
    return reading


async def undo(staff: StaffMember, scan_id: int) -> Undone:
    """Takes a good scan back within 15 minutes, by a further row that names it; the ticket is then good again.

    Pressed twice is the same answer. Raises NotFound, GateRefused (TOO_LATE, NOT_ADMITTED).
    """
    async with database.transaction():
        found = await database.row(
            """SELECT scan.booking, scan.admitted, scan.scanned_at, event.host, now() AS now
               FROM scan JOIN stop ON stop.id = scan.stop JOIN event ON event.id = stop.event WHERE scan.id = $1""",
            scan_id,
        )
        if found is None or not staff.may(MAY_SCAN, found["host"]):
            raise NotFound
        await lock_booking(found["booking"])
        if (already := await undo_of(scan_id)) is not None:
            return already
        if (reason := refusal_to_undo(found["admitted"], found["scanned_at"], found["now"])) is not None:
            raise GateRefused(reason)
        undone = await write_undo(staff, scan_id)
        await rebuild_admissions(found["booking"])
        return undone


async def lock_booking(booking_id: int | None) -> None:
    """One at a time for each booking; a claim that is being made is waited for."""
    await database.rows("SELECT id FROM booking WHERE id = $1 FOR NO KEY UPDATE", booking_id)


async def undo_of(scan_id: int) -> Undone | None:
    found = await database.row(
        """SELECT undo.id, undo.undoes, undo.scanned_at FROM scan JOIN scan AS undo
           ON undo.booking = scan.booking AND undo.undoes = scan.id WHERE scan.id = $1""",
        scan_id,
    )
    return Undone(*found) if found else None


async def write_undo(staff: StaffMember, scan_id: int) -> Undone:
    written = await database.rows(
        """INSERT INTO scan (nonce, stop, session, booking, admitted, reason, source, staff, undoes)
           SELECT $2, stop, session, booking, false, 'undo', source, $3, id FROM scan WHERE id = $1
           RETURNING id, undoes, scanned_at""",
        scan_id,
        uuid4(),
        staff.id,
    )
    return Undone(*written[0])


async def rebuild_admissions(booking_id: int) -> None:
    """Admissions are what the good scans amount to. The booking must be locked."""
    scans = await database.rows(
        f"""SELECT scan.id, scan.scanned_at, scan.undoes, stop.direction, {LINE} AS line
           FROM scan JOIN stop ON stop.id = scan.stop
           WHERE scan.booking = $1 AND (scan.admitted OR scan.undoes IS NOT NULL) ORDER BY scan.id""",
        booking_id,
    )
    undone = {each["undoes"] for each in scans if each["undoes"] is not None}
    passages = [
        Passage(each["id"], each["line"], Direction(each["direction"]), each["scanned_at"])
        for each in scans
        if each["undoes"] is None
    ]
    held = standing(passages, undone)
    await database.rows("DELETE FROM admission WHERE booking = $1", booking_id)
    await database.rows(
        """INSERT INTO admission (booking, stop, scan, at)
           SELECT $1, * FROM unnest($2::int[], $3::bigint[], $4::timestamptz[])""",
        booking_id,
        list(held),
        [each.scan_id for each in held.values()],
        [each.at for each in held.values()],
    )
