"""The ticket's code: what the QR says, byte for byte.

The text is `YT1:` followed by the Base45 form (RFC 9285) of 98 bytes. That makes 151 characters of QR's alphanumeric
set, which is within the 154 that version 6 (41 × 41 modules) holds at level M. Integers are big-endian.

    offset  bytes  field        meaning
         0      1  version      1
         1      1  key id       which public key verifies the signature
         2     16  ticket id    a random UUID (version 4), RFC 9562
        18      8  session id   at most 2^53 − 1, so that it is exact in JSON and in JavaScript
        26      4  valid from   seconds since 1970-01-01 UTC, inclusive
        30      4  valid until  seconds since 1970-01-01 UTC, exclusive, later than valid from
        34     64  signature    Ed25519 (RFC 8032) over b"yantu ticket v1\\0" and bytes 0 to 33

Nothing in it tells who the holder is. A code can be written in one way only: decoding refuses whatever does not
re-encode to itself, and everything after it is keyed on the ticket id, never on the text. Whether a genuine ticket is
good here and now is not decided in this module.

`web/client/gate/ticket.ts` decodes the same format; `tests/vectors/ticket.json` binds the two.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NoReturn
from uuid import UUID

import base45
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events.ticket.signing import SigningKey

PREFIX = "YT1:"
DOMAIN = b"yantu ticket v1\x00"  # a signature made for any other purpose must not pass as a ticket
VERSION = 1
PAYLOAD = struct.Struct(">BB16sQII")
SIGNATURE_BYTES = 64
CODE_BYTES = PAYLOAD.size + SIGNATURE_BYTES
CODE_CHARACTERS = len(PREFIX) + CODE_BYTES // 2 * 3
HIGHEST_SESSION_ID = 2**53 - 1
LAST_SECOND = 2**32 - 1  # 2106-02-07


class CodeFault(StrEnum):
    """Why a text is no ticket. The first fault met counts, in this order."""

    NOT_OURS = "not_ours"  # does not begin with YT1:
    MALFORMED = "malformed"  # another length, another alphabet, or not the one way to write its bytes
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    BAD_FACTS = "bad_facts"  # genuine, yet ends before it begins or names an impossible session


class BadCode(Exception):
    """The text is not a ticket of ours; `reason` says why."""

    def __init__(self, reason: CodeFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a ticket says. Times are aware, in UTC, in whole seconds; at `valid_until` it is too late."""

    ticket_id: UUID
    session_id: int
    valid_from: datetime
    valid_until: datetime
    key_id: int


def encode(facts: TicketFacts, key: SigningKey) -> str:
    """The code of a ticket: 151 characters, the same for the same facts and key.

    Fractions of a second are dropped. ValueError if `facts` names another key, holds a naive time or a number that
    the format has no room for, or if its validity is empty.
    """
    if facts.key_id != key.key_id:
        raise ValueError(f"the facts name key {facts.key_id}, the signer is key {key.key_id}")
    begins, ends = _second(facts.valid_from), _second(facts.valid_until)
    if not _possible(facts.session_id, begins, ends):
        raise ValueError(f"no ticket can say this: {facts}")
    payload = PAYLOAD.pack(VERSION, facts.key_id, facts.ticket_id.bytes, facts.session_id, begins, ends)
    return _write(payload + key.private.sign(DOMAIN + payload))


def decode(text: str | bytes, keys: Mapping[int, Ed25519PublicKey]) -> TicketFacts:
    """The facts of a genuine ticket; `keys` are the public keys by key id.

    BadCode with its reason for every other text, and no other exception for any text.
    """
    raw = _read(text.decode("latin-1") if isinstance(text, bytes) else text)
    version, key_id, ticket_id, session_id, begins, ends = PAYLOAD.unpack_from(raw)
    if version != VERSION:
        _refuse(CodeFault.UNKNOWN_VERSION)
    if (key := keys.get(key_id)) is None:
        _refuse(CodeFault.UNKNOWN_KEY)
    _verify(raw, key)
    if not _possible(session_id, begins, ends):
        _refuse(CodeFault.BAD_FACTS)
    return TicketFacts(UUID(bytes=ticket_id), session_id, _moment(begins), _moment(ends), key_id)


def _write(raw: bytes) -> str:
    return PREFIX + str(base45.b45encode(raw), "ascii")


def _read(text: str) -> bytes:
    if not text.startswith(PREFIX):
        _refuse(CodeFault.NOT_OURS)
    if len(text) != CODE_CHARACTERS or not text.isascii():
        _refuse(CodeFault.MALFORMED)
    try:
        raw = bytes(base45.b45decode(text[len(PREFIX) :]))
    except ValueError:
        _refuse(CodeFault.MALFORMED)
    if _write(raw) != text:
        _refuse(CodeFault.MALFORMED)
    return raw


def _verify(raw: bytes, key: Ed25519PublicKey) -> None:
    payload, signature = raw[: PAYLOAD.size], raw[PAYLOAD.size :]
    try:
        key.verify(signature, DOMAIN + payload)
    except InvalidSignature:
        _refuse(CodeFault.BAD_SIGNATURE)


def _refuse(fault: CodeFault) -> NoReturn:
    raise BadCode(fault) from None


def _possible(session_id: int, begins: int, ends: int) -> bool:
    return 0 <= session_id <= HIGHEST_SESSION_ID and 0 <= begins < ends <= LAST_SECOND


def _second(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return int(moment.timestamp() // 1)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
