"""What happens at a gate: somebody is let through or not, and it is on record either way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from events import database
from events.errors import Busy, NotFound
from events.gate.encounter import LINE, Encounter, encounter
from events.gate.reading import Reading, read
from events.gate.results import ScanResult, result_of, scan_result
from events.gate.rules import (
    Direction,
    GateRefusal,
    GateRefused,
    Passage,
    Reason,
    Source,
    refusal_to_undo,
    standing,
    verdict,
)
from events.gate.search import FoundTicket as FoundTicket
from events.gate.search import find_tickets as find_tickets
from events.people.queries import MAY_SCAN, StaffMember
from events.ticket.queries import verifying_keys

TRIES: Final = 5  # times that others may take the claim away between our look and our hand

WRITE_SCAN: Final = """INSERT INTO scan (id, nonce, stop, session, booking, admitted, reason, source, code_read, staff,
    device_time, scanned_at) """
# The booking is locked so that a cancellation cannot slip between the verdict and the claim.
HELD: Final = "held AS (SELECT id FROM booking WHERE id = $4 AND state = 'confirmed' FOR SHARE)"
CLAIM_IN: Final = f"""WITH {HELD},
    claim AS (INSERT INTO admission (booking, stop, scan, at)
        SELECT held.id, $11, nextval('scan_id_seq'), $10 FROM held
        ON CONFLICT (booking, stop) DO NOTHING RETURNING scan)"""
# Who goes out gives up every way in; whoever finds none to give up was beaten to it.
CLAIM_OUT: Final = f"""WITH {HELD},
    given_up AS (DELETE FROM admission USING held, stop WHERE admission.booking = held.id
        AND stop.id = admission.stop AND stop.direction = 'in' RETURNING admission.booking),
    claim AS (INSERT INTO admission (booking, stop, scan, at)
        SELECT booking, $11, nextval('scan_id_seq'), $10 FROM (SELECT DISTINCT booking FROM given_up) AS one
        ON CONFLICT (booking, stop) DO UPDATE SET scan = excluded.scan, at = excluded.at RETURNING scan)"""
CLAIMS: Final = {Direction.IN: CLAIM_IN, Direction.OUT: CLAIM_OUT}


@dataclass(frozen=True, slots=True)
class Undone:
    """`scan_id` is the row of the undo; `undoes` the scan that no longer counts."""

    scan_id: int
    undoes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reading at one stop, as it will stand on record."""

    staff_id: int
    stop_id: int
    reading: Reading
    source: Source
    nonce: UUID
    device_time: datetime | None
    as_of: datetime | None


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
    One statement that looks, one that claims and records in one commit: not to be called inside a transaction.
    Raises NotFound (no such stop, or not this steward's), GateRefused(NONCE_REUSED), Busy.
    """
    reading = await read_here(code_text, source)
    attempt = Attempt(staff.id, stop_id, reading, source, nonce, device_time, as_of)
    for _ in range(TRIES):
        met = await encounter(stop_id, reading, nonce, as_of)
        if not staff.may(MAY_SCAN, met.host):
            raise NotFound
        if met.same_nonce is not None:
            return await earlier_answer(met.same_nonce, attempt)
        reason = verdict(met.stop, reading.fault, met.ticket, met.now).reason
        scan_id = await record(attempt, met, reason)
        if scan_id is not None:
            return await result_of(scan_id, met, reason)
    raise Busy(retry_after=1.0)


async def read_here(code_text: str, source: Source) -> Reading:
    reading = read(code_text, source, await verifying_keys())
    if reading.fault is Reason.UNKNOWN_KEY:  # another process may have added it just now
        reading = read(code_text, source, await verifying_keys(fresh=True))
    return reading


async def earlier_answer(scan_id: int, attempt: Attempt) -> ScanResult:
    same = await database.value(
        "SELECT stop = $2 AND code_read = $3 FROM scan WHERE id = $1", scan_id, attempt.stop_id, attempt.reading.text
    )
    if not same:
        raise GateRefused(GateRefusal.NONCE_REUSED)
    return await scan_result(scan_id)


async def record(attempt: Attempt, met: Encounter, reason: Reason | None) -> int | None:
    """The id of the scan that was written; None when the facts changed meanwhile: look again."""
    try:
        return await (claim(attempt, met) if reason is None else refuse(attempt, met, reason))
    except asyncpg.UniqueViolationError:
        return None  # the same nonce, at the same time


async def claim(attempt: Attempt, met: Encounter) -> int | None:
    """Claim and scan are one statement, so one commit."""
    written: int | None = await database.value(
        CLAIMS[met.stop.direction]
        + WRITE_SCAN
        + "SELECT scan, $1, $2, $3, $4, true, $5, $6, $7, $8, $9, $10 FROM claim RETURNING id",
        *columns(attempt, met, ""),
        met.line,
    )
    return written


async def refuse(attempt: Attempt, met: Encounter, reason: Reason) -> int:
    written: int = await database.value(
        WRITE_SCAN + "VALUES (nextval('scan_id_seq'), $1, $2, $3, $4, false, $5, $6, $7, $8, $9, $10) RETURNING id",
        *columns(attempt, met, reason.value),
    )
    return written


def columns(attempt: Attempt, met: Encounter, reason: str) -> tuple[object, ...]:
    return (
        attempt.nonce,
        attempt.stop_id,
        met.holder.session_id if met.holder else None,
        met.holder.booking_id if met.holder else None,
        reason,
        attempt.source.value,
        attempt.reading.text,
        attempt.staff_id,
        attempt.device_time,
        met.now,
    )


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
