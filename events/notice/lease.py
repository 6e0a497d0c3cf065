"""The post room's side of the table: claim what is due, send it, and say with the claim's token what became of it.

A claim is a lease. Whoever dies holding one loses it when it runs out, and whoever wakes up late finds the token
changed: a mark with an old token changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

import msgspec

from events import database
from events.notice.rules import MOST_ATTEMPTS, Kind, wait_after

LEASE: Final = timedelta(seconds=60)
MOST_CLAIMED: Final = 100  # letters in one claim
CODES_CLAIMED: Final = 20  # sign-in codes besides: somebody is waiting for each, so they pass ten thousand reminders


class DueFacts(msgspec.Struct, frozen=True):
    """What a row carries besides ids: the session's version, or a sealed code."""

    version: int = 0
    code_id: int = 0
    sealed: str = ""
    locale: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed notice. `attempts` counts this one."""

    id: int
    dedupe_key: str
    kind: Kind
    student_id: int | None
    booking_id: int | None
    address: str | None
    facts: DueFacts
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    token: UUID
    due: Sequence[Due]


class Fate(StrEnum):
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    AGAIN = "pending"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed notice. `wait`: for AGAIN, how long. `counted`: whether it was an attempt at all."""

    notice_id: int
    fate: Fate
    reason: str = ""
    wait: timedelta = field(default=timedelta(0))
    counted: bool = True


def failure(due: Due, error: str) -> Outcome:
    """Tried and not taken: later again, or given up after the last attempt."""
    wait = wait_after(due.attempts)
    return Outcome(due.id, Fate.FAILED, error) if wait is None else Outcome(due.id, Fate.AGAIN, error, wait)


async def claim(most: int = MOST_CLAIMED) -> Claim:
    """Leases up to `most` due notices, and sign-in codes besides, to this caller; oldest first, codes before all.

    Commits by itself: never call it inside a transaction. FOR UPDATE, against the rule of the house, because
    nothing refers to these rows but the inbox, and what is locked is skipped.
    """
    token = uuid4()
    found = await database.rows(
        """UPDATE notice SET state = 'leased', lease_token = $1, lease_until = now() + $2, attempts = attempts + 1
           WHERE id = ANY(ARRAY(
                SELECT id FROM notice
                WHERE kind = 'sign_in_code' AND state IN ('pending', 'leased') AND due_at <= now() AND attempts < $3
                  AND (state = 'pending' OR lease_until < now())
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
              || ARRAY(
                SELECT id FROM notice
                WHERE kind <> 'sign_in_code' AND state IN ('pending', 'leased') AND due_at <= now() AND attempts < $3
                  AND (state = 'pending' OR lease_until < now())
                ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED))
           RETURNING id, dedupe_key, kind, student AS student_id, booking_id, address, facts, attempts, due_at""",
        token,
        LEASE,
        MOST_ATTEMPTS,
        CODES_CLAIMED,
        most,
    )
    due = [
        Due(**(dict(each) | {"kind": Kind(each["kind"]), "facts": msgspec.json.decode(each["facts"], type=DueFacts)}))
        for each in found
    ]
    return Claim(token, sorted(due, key=lambda each: (each.kind != Kind.SIGN_IN_CODE, each.due_at, each.id)))


async def settle(token: UUID, outcomes: Sequence[Outcome]) -> set[int]:
    """Writes what became of leased notices, one statement for any number. Ids of those whose lease was still ours."""
    settled = await database.rows(
        """UPDATE notice SET state = o.fate, last_error = left(o.reason, 500), lease_token = NULL, lease_until = NULL,
                  attempts = attempts - CASE WHEN o.counted THEN 0 ELSE 1 END,
                  due_at = CASE o.fate WHEN 'pending' THEN greatest(due_at, now() + o.wait) ELSE due_at END,
                  sent_at = CASE o.fate WHEN 'sent' THEN now() END,
                  facts = CASE WHEN kind = 'sign_in_code' AND o.fate <> 'pending' THEN '{}' ELSE facts END
           FROM unnest($2::bigint[], $3::text[], $4::text[], $5::interval[], $6::bool[])
                AS o (id, fate, reason, wait, counted)
           WHERE notice.id = o.id AND notice.lease_token = $1
           RETURNING notice.id""",
        token,
        [each.notice_id for each in outcomes],
        [each.fate for each in outcomes],
        [each.reason.replace("\0", "") for each in outcomes],
        [each.wait for each in outcomes],
        [each.counted for each in outcomes],
    )
    return {each["id"] for each in settled}


async def bury_exhausted() -> int:
    """Notices whose every attempt ended with the death of the sender: failed, so that somebody looks at them."""
    buried = await database.rows(
        """UPDATE notice SET state = 'failed', last_error = 'the sender died at every attempt',
                  lease_token = NULL, lease_until = NULL,
                  facts = CASE kind WHEN 'sign_in_code' THEN '{}' ELSE facts END
           WHERE state = 'leased' AND state IN ('pending', 'leased') AND due_at <= now()
             AND lease_until < now() AND attempts >= $1
           RETURNING id""",
        MOST_ATTEMPTS,
    )
    return len(buried)
