"""Keys that sign and verify, and the ticket as its holder sees it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events import database
from events.errors import NotFound, YantuError
from events.ticket.code import TicketFacts, encode
from events.ticket.short_code import normalise_short_code
from events.ticket.signing import SigningKey, public_key, unseal

KEYS_STAY: Final = 60.0  # seconds that this process trusts what it read of the keys
FRESH_AT_MOST_EVERY: Final = 1.0  # seconds: a flood of codes with invented key ids must not become a flood of queries
RETIRED_VERIFIES: Final = timedelta(days=180)  # a key that signs no more still stands behind pictures saved before


class NoKey(YantuError):
    """No key signs tickets: `ensure_key` was never called on this database."""


@dataclass(frozen=True, slots=True)
class HeldTicket:
    """A ticket for its holder's eyes. `state` is the booking's; `pools` are the chosen ones, such as a coach."""

    ticket_id: UUID
    booking_id: int
    code: str
    state: str
    student_name: str
    event_id: int
    session_id: int
    title: str
    title_en: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    note: str
    event_state: str
    session_state: str
    pools: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    revoked: bool

    def facts(self, key_id: int) -> TicketFacts:
        return TicketFacts(self.ticket_id, self.session_id, self.valid_from, self.valid_until, key_id)


@dataclass(slots=True)
class KnownKeys:
    """What this process knows; `read_at` is monotonic."""

    public: Mapping[int, Ed25519PublicKey]
    read_at: float
    signing: SigningKey | None = None


_known: KnownKeys | None = None


def forget_keys() -> None:
    """The next question reads the table again."""
    global _known
    _known = None


async def verifying_keys(fresh: bool = False) -> Mapping[int, Ed25519PublicKey]:
    """Public keys by key id. `fresh`: a key may have been added since; reads again, within reason."""
    return (await _keys(FRESH_AT_MOST_EVERY if fresh else KEYS_STAY)).public


async def public_keys() -> dict[int, bytes]:
    """The 32 raw bytes (RFC 8032) of each verifying key, by key id: what a device needs to check tickets alone."""
    return {key_id: key.public_bytes_raw() for key_id, key in (await verifying_keys()).items()}


async def signing_key(secret: str) -> SigningKey:
    """The newest key that signs. Raises NoKey; BrokenSeal when `secret` is not the one that sealed it."""
    known = await _keys(KEYS_STAY)
    if known.signing is None:
        found = await database.row(
            "SELECT id, sealed FROM ticket_key WHERE retired_at IS NULL ORDER BY id DESC LIMIT 1"
        )
        if found is None:
            raise NoKey
        raw = unseal(found["sealed"], secret.encode(), found["id"])
        known.signing = SigningKey.from_private_bytes(found["id"], raw)
    return known.signing


async def ticket_of(student_id: int, code: str) -> HeldTicket:
    """The student's ticket by its short code, in any spelling. NotFound if unknown, another's, or never issued."""
    found = await database.row(
        """SELECT ticket.id AS ticket_id, booking.id AS booking_id, booking.code, booking.state,
                  student.name AS student_name, event.id AS event_id, session.id AS session_id,
                  event.title, event.title_en, event.kind, session.starts_at, session.ends_at,
                  coalesce(nullif(session.place, ''), event.place) AS place, event.address, session.note,
                  event.state AS event_state, session.state AS session_state,
                  ARRAY(SELECT name FROM pool WHERE id = ANY(booking.pools) AND choice <> ''
                         ORDER BY position) AS pools,
                  ticket.valid_from, ticket.valid_until, ticket.revoked_at IS NOT NULL AS revoked
           FROM booking JOIN ticket ON ticket.booking = booking.id JOIN student ON student.id = booking.student
           JOIN session ON session.id = booking.session JOIN event ON event.id = session.event
           WHERE booking.student = $1 AND booking.code = $2""",
        student_id,
        normalise_short_code(code),
    )
    if found is None:
        raise NotFound
    return HeldTicket(**{**found, "pools": tuple(found["pools"])})


def code_text(ticket: HeldTicket, key: SigningKey) -> str:
    """What the ticket's QR says; the same text for the same ticket, validity and key."""
    return encode(ticket.facts(key.key_id), key)


async def _keys(no_older: float) -> KnownKeys:
    global _known
    if _known is None or time.monotonic() - _known.read_at > no_older:
        asked_at = time.monotonic()
        found = await database.rows(
            "SELECT id, public FROM ticket_key WHERE retired_at IS NULL OR retired_at > now() - $1::interval",
            RETIRED_VERIFIES,
        )
        _known = KnownKeys({each["id"]: public_key(each["public"]) for each in found}, asked_at)
    return _known
