"""Writing scans: claims and refusals of any number of attempts, in one statement and so in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events import database
from events.gate.encounter import Attempt, Encounter
from events.gate.rules import Reason

# The bookings are locked so that a cancellation cannot slip between the verdict and the claim. Who goes out gives up
# every way in; whoever finds none to give up was beaten to it. Claims go in order of booking: two statements that
# wait for each other's claims would be a deadlock.
WRITE: Final = """WITH asked AS (
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bigint[], $5::text[], $6::text[],
                             $7::text[], $8::int[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::text[])
            AS new (nonce, stop, session, booking, reason, source, code_read, staff, device_time, at, line, direction)),
    held AS (
        SELECT id FROM booking WHERE id IN (SELECT booking FROM asked WHERE reason = '') AND state = 'confirmed'
        ORDER BY id FOR SHARE {skip_locked}),
    able AS (SELECT asked.* FROM asked JOIN held ON held.id = asked.booking WHERE reason = '' ORDER BY booking),
    given_up AS (
        DELETE FROM admission USING able, stop
        WHERE able.direction = 'out' AND admission.booking = able.booking
          AND stop.id = admission.stop AND stop.direction = 'in' RETURNING admission.booking),
    came_in AS (
        INSERT INTO admission (booking, stop, scan, at)
        SELECT booking, line, nextval('scan_id_seq'), at FROM able WHERE direction = 'in' ORDER BY booking
        ON CONFLICT (booking, stop) DO NOTHING RETURNING booking, scan),
    went_out AS (
        INSERT INTO admission (booking, stop, scan, at)
        SELECT booking, line, nextval('scan_id_seq'), at FROM able
        WHERE direction = 'out' AND booking IN (SELECT booking FROM given_up) ORDER BY booking
        ON CONFLICT (booking, stop) DO UPDATE SET scan = excluded.scan, at = excluded.at RETURNING booking, scan),
    recorded AS (
        SELECT passed.scan, able.* FROM able JOIN (TABLE came_in UNION ALL TABLE went_out) AS passed USING (booking)
        UNION ALL SELECT nextval('scan_id_seq'), * FROM asked WHERE reason <> '')
    INSERT INTO scan (id, nonce, stop, session, booking, admitted, reason, source, code_read, staff,
                      device_time, scanned_at)
    SELECT scan, nonce, stop, session, booking, reason = '', reason, source, code_read, staff, device_time, at
    FROM recorded RETURNING id, nonce"""
WRITE_WAITING: Final = WRITE.format(skip_locked="")
# Many at once must not hold some bookings while they wait for others: those are left for a statement of their own.
WRITE_SKIPPING: Final = WRITE.format(skip_locked="SKIP LOCKED")


@dataclass(frozen=True, slots=True)
class Decided:
    """`reason` is None for an attempt that may pass, if its claim holds."""

    attempt: Attempt
    met: Encounter
    reason: Reason | None


async def record(decided: Sequence[Decided], wait: bool) -> dict[UUID, int]:
    """Writes what was decided, of each booking one attempt at most; maps nonces to the ids of their scans.

    What is missing in the map was not written: somebody else has the claim, the booking is not confirmed any more, or,
    without `wait`, it is locked. Raises UniqueViolationError, with nothing written, for a known nonce.
    """
    written = await database.rows(
        WRITE_WAITING if wait else WRITE_SKIPPING,
        [each.attempt.nonce for each in decided],
        [each.attempt.stop_id for each in decided],
        [each.met.holder.session_id if each.met.holder else None for each in decided],
        [each.met.holder.booking_id if each.met.holder else None for each in decided],
        [each.reason.value if each.reason else "" for each in decided],
        [each.attempt.source.value for each in decided],
        [each.attempt.reading.text for each in decided],
        [each.attempt.staff.id for each in decided],
        [each.attempt.device_time for each in decided],
        [each.met.now for each in decided],
        [each.met.line for each in decided],
        [each.met.stop.direction.value for each in decided],
    )
    return {each["nonce"]: each["id"] for each in written}
