"""What a text that came in at a gate is: a ticket's code, a short code, or nothing of ours. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events.gate.rules import Reason, Source
from events.ticket.code import PREFIX, BadCode, CodeFault, decode
from events.ticket.short_code import normalise_short_code

LONGEST: Final = 200  # characters looked at and kept; a ticket has 151

REASONS: Final = {
    CodeFault.NOT_OURS: Reason.NOT_OURS,
    CodeFault.MALFORMED: Reason.MALFORMED,
    CodeFault.UNKNOWN_VERSION: Reason.UNKNOWN_VERSION,
    CodeFault.UNKNOWN_KEY: Reason.UNKNOWN_KEY,
    CodeFault.BAD_SIGNATURE: Reason.BAD_SIGNATURE,
    CodeFault.BAD_FACTS: Reason.MALFORMED,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Exactly one of the last three is given. `text` is what goes on record, never opened or followed."""

    text: str
    ticket_id: UUID | None = None
    short_code: str | None = None
    fault: Reason | None = None


def read(text: str, source: Source, keys: Mapping[int, Ed25519PublicKey]) -> Reading:
    """Blanks round the text are dropped (hand scanners end with a line break); nothing else is forgiven in a QR."""
    kept = keepable(text)
    if kept.startswith(PREFIX):
        return read_ticket(kept, keys)
    if (short := normalise_short_code(kept)) is not None:
        return Reading(kept, short_code=short)
    by_hand = source in (Source.TYPED, Source.SEARCH)
    return Reading(kept, fault=Reason.MALFORMED if by_hand else Reason.NOT_OURS)


def read_ticket(text: str, keys: Mapping[int, Ed25519PublicKey]) -> Reading:
    try:
        return Reading(text, ticket_id=decode(text, keys).ticket_id)
    except BadCode as error:
        return Reading(text, fault=REASONS[error.reason])


def keepable(text: str) -> str:
    """The beginning of the text as a column can hold it: no NUL, no half of a surrogate pair."""
    return text.strip()[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
