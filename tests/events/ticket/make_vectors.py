"""Makes tests/vectors/ticket.json: texts with what every decoder of the ticket's code must say of them.

`python -m tests.events.ticket.make_vectors` writes the file. Everything is fixed, so that it comes out the same each
time. The faulty ones are built from bytes here, not by the code under test. Session ids stay exact in JavaScript.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import base45

from events.ticket.code import CodeFault, TicketFacts, encode
from events.ticket.signing import SigningKey

FILE = Path(__file__).parents[2] / "vectors" / "ticket.json"
DOMAIN = b"yantu ticket v1\x00"
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493  # L of RFC 8032 §5.1

Case = dict[str, Any]


def fixed_key(key_id: int) -> SigningKey:
    return SigningKey.from_private_bytes(key_id, sha256(f"yantu golden key {key_id}".encode()).digest())


KEYS = {key_id: fixed_key(key_id) for key_id in (0, 1, 2, 255)}
STRANGER = fixed_key(3)  # no gate knows it


@dataclass(frozen=True)
class Draft:
    """The fields of a ticket as bytes see them; any of them may be wrong."""

    version: int = 1
    key_id: int = 1
    ticket_id: bytes = UUID("3f0c8a52-7d1e-4b6a-9c35-e2f471d80b96").bytes
    session_id: int = 4711
    begins: int = 1_795_312_800
    ends: int = 1_795_323_600

    @property
    def payload(self) -> bytes:
        numbers = self.session_id.to_bytes(8, "big"), self.begins.to_bytes(4, "big"), self.ends.to_bytes(4, "big")
        return bytes([self.version, self.key_id]) + self.ticket_id + b"".join(numbers)

    def signed(self, by: SigningKey = KEYS[1], domain: bytes = DOMAIN) -> bytes:
        return self.payload + by.private.sign(domain + self.payload)


def text_of(raw: bytes) -> str:
    return "YT1:" + str(base45.b45encode(raw), "ascii")


PLAIN = Draft()
OTHER = replace(PLAIN, ticket_id=UUID("b81d4fae-7dec-41d0-a765-00a0c91e6bf6").bytes, session_id=4712)
RAW, TEXT, OTHER_TEXT = PLAIN.signed(), text_of(PLAIN.signed()), text_of(OTHER.signed())


def main() -> None:
    FILE.write_text(vectors(), "ascii")


def vectors() -> str:
    """The file's whole text."""
    keys = {str(key_id): key.public_bytes().hex() for key_id, key in KEYS.items()}
    return json.dumps({"keys": keys, "cases": list(cases())}, indent=1) + "\n"


def cases() -> Iterator[Case]:
    yield from good()
    for fault, texts in faulty().items():
        for name, text in texts.items():
            yield {"name": name, "text": text, "fault": fault.value}


def good() -> Iterator[Case]:
    for name, draft in {
        "a study tour": PLAIN,
        "another ticket of another session": OTHER,
        "signed by the second key": replace(PLAIN, key_id=2),
        "signed by key 0": replace(PLAIN, key_id=0),
        "signed by key 255": replace(PLAIN, key_id=255),
        "a ticket id of zeros": replace(PLAIN, ticket_id=bytes(16)),
        "a ticket id of ones": replace(PLAIN, ticket_id=b"\xff" * 16),
        "session 0": replace(PLAIN, session_id=0),
        "the highest session": replace(PLAIN, session_id=2**53 - 1),
        "a session above 32 bits": replace(PLAIN, session_id=2**32 + 1),
        "valid for one second": replace(PLAIN, ends=PLAIN.begins + 1),
        "valid from the first second": replace(PLAIN, begins=0),
        "valid beyond 2038 until the last second": replace(PLAIN, begins=2**31, ends=2**32 - 1),
        "valid on a leap day": replace(PLAIN, begins=1_835_395_200, ends=1_835_481_600),
    }.items():
        facts = TicketFacts(
            UUID(bytes=draft.ticket_id),
            draft.session_id,
            datetime.fromtimestamp(draft.begins, UTC),
            datetime.fromtimestamp(draft.ends, UTC),
            draft.key_id,
        )
        said = {"ticket_id": str(facts.ticket_id), "session_id": facts.session_id, "key_id": facts.key_id}
        yield {
            "name": name,
            "text": encode(facts, KEYS[draft.key_id]),
            "facts": said | {"valid_from": draft.begins, "valid_until": draft.ends},
        }


def faulty() -> dict[CodeFault, dict[str, str]]:
    return {
        CodeFault.NOT_OURS: foreign_texts() | twins_of_the_prefix(),
        CodeFault.MALFORMED: wrong_lengths() | wrong_alphabets(),
        CodeFault.UNKNOWN_VERSION: unknown_versions(),
        CodeFault.UNKNOWN_KEY: unknown_keys(),
        CodeFault.BAD_SIGNATURE: wrong_signatures() | flipped_bits(),
        CodeFault.BAD_FACTS: impossible_facts(),
    }


def foreign_texts() -> dict[str, str]:
    return {
        "nothing": "",
        "one character": "Y",
        "half a prefix": TEXT[:3],
        "a short code": "7K3M9-Q2WXD",
        "an address": "https://example.org/t/7K3M9Q2WXD",
        "an address with a ticket in it": "https://example.org/?t=" + TEXT,
        "a payment code": "134651297384650192",
        "a Wi-Fi code": "WIFI:T:WPA;S:hall;P:12345678;;",
        "a name": "王小燕",
        "four kilobytes of A": "A" * 4096,
        "a ticket without its prefix": TEXT[4:],
        "the prefix of a later format": "YT2:" + TEXT[4:],
    }


def twins_of_the_prefix() -> dict[str, str]:
    return {
        "all lower case": TEXT.lower(),
        "a scanner's symbology prefix": "]Q1" + TEXT,
        "a space before": " " + TEXT,
        "a byte order mark before": "\ufeff" + TEXT,
        "a line break before": "\n" + TEXT,
        "all full-width": "".join(chr(ord(character) + 0xFEE0) if character != " " else "\u3000" for character in TEXT),
        "a full-width colon": TEXT.replace("YT1:", "YT1："),
        "URL-encoded": quote(TEXT, safe=""),
    }


def wrong_lengths() -> dict[str, str]:
    kept = {f"cut to {length} characters": TEXT[:length] for length in (4, 5, 6, 7, 54, 76, 148, 149, 150)}
    grown = {
        "a line break after": TEXT + "\n",
        "a carriage return and line break after": TEXT + "\r\n",
        "a space after": TEXT + " ",
        "a zero after": TEXT + "0",
        "an exclamation mark after": TEXT + "!",
        "a null character after": TEXT + "\0",
        "a zero-width space inside": TEXT[:70] + "\u200b" + TEXT[70:],
        "a line break inside": TEXT[:70] + "\n" + TEXT[70:],
        "a space inside": TEXT[:70] + " " + TEXT[70:],
        "one zero byte more": text_of(RAW + b"\0"),
        "two zero bytes more": text_of(RAW + b"\0\0"),
        "one byte less": text_of(RAW[:-1]),
        "the payload alone": text_of(PLAIN.payload),
        "four hundred bytes": text_of(RAW + bytes(302)),
        "four kilobytes": "YT1:" + "A" * 4096,
    }
    joined = {
        "the same ticket twice": TEXT + TEXT,
        "two tickets": TEXT + OTHER_TEXT,
        "two tickets on two lines": TEXT + "\n" + OTHER_TEXT,
        "two tickets under one prefix": TEXT + OTHER_TEXT[4:],
    }
    spelt_otherwise = {
        "in Base64": "YT1:" + base64.b64encode(RAW).decode(),
        "in Base32": "YT1:" + base64.b32encode(RAW).decode(),
        "in hexadecimal": "YT1:" + RAW.hex().upper(),
        "URL-encoded after the prefix": "YT1:" + quote(TEXT[4:], safe=""),
    }
    return kept | grown | joined | spelt_otherwise


def wrong_alphabets() -> dict[str, str]:
    def instead(character: str, at: int = 70) -> str:
        return TEXT[:at] + character + TEXT[at + 1 :]

    last = len(TEXT) - 1
    return {
        "lower case after the prefix": "YT1:" + TEXT[4:].lower(),
        "one letter in lower case": instead("a"),
        "the last character a line break": instead("\n", last),
        "the last character an exclamation mark": instead("!", last),
        "the last character an equals sign": instead("=", last),
        "a tab for a character": instead("\t"),
        "a null character for a character": instead("\0"),
        "a no-break space for a character": instead("\u00a0"),
        "a full-width digit": instead("７"),
        "an Arabic digit": instead("\u0667"),
        "a Cyrillic letter": instead("\u0410"),
        "the Kelvin sign for K": instead("\u212a"),
        "a Chinese character": instead("燕"),
        "an emoji": instead("🎫"),
        "half a surrogate pair": instead("\ud83c"),
        "a group above 65535": "YT1:" + ":::" + TEXT[7:],
        "a group that overflows to the right value": "YT1:" + overflowed(RAW[:2]) + TEXT[7:],
        "the last group above 65535": TEXT[:-3] + "GGW",
    }


def overflowed(pair: bytes) -> str:
    """Base45 of the two bytes plus 65,536: a decoder that wraps round would read the same two bytes."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    number = int.from_bytes(pair, "big") + 65_536
    return digits[number % 45] + digits[number // 45 % 45] + digits[number // 2025]


def unknown_versions() -> dict[str, str]:
    return {
        "version 0, genuine": text_of(replace(PLAIN, version=0).signed()),
        "version 2, genuine": text_of(replace(PLAIN, version=2).signed()),
        "version 255, genuine": text_of(replace(PLAIN, version=255).signed()),
        "version changed after signing": text_of(b"\2" + RAW[1:]),
        "unknown version and unknown key": text_of(replace(PLAIN, version=2, key_id=3).signed(STRANGER)),
        "all zeros": text_of(bytes(98)),
        "all ones": text_of(b"\xff" * 98),
    }


def unknown_keys() -> dict[str, str]:
    return {
        "a key that no gate knows": text_of(replace(PLAIN, key_id=3).signed(STRANGER)),
        "key id changed to an unknown one": text_of(RAW[:1] + b"\3" + RAW[2:]),
        "unknown key and a signature of zeros": text_of(replace(PLAIN, key_id=9).payload + bytes(64)),
    }


def wrong_signatures() -> dict[str, str]:
    payload, signature = RAW[:34], RAW[34:]
    point, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    forged = {
        "of zeros": bytes(64),
        "of ones": b"\xff" * 64,
        "of the neutral point and zero": b"\1" + bytes(63),
        "of another ticket": OTHER.signed()[34:],
        "by a stranger under a known key id": PLAIN.signed(STRANGER)[34:],
        "by the second key under the first key's id": PLAIN.signed(KEYS[2])[34:],
        "without the domain": PLAIN.signed(domain=b"")[34:],
        "for another domain": PLAIN.signed(domain=b"yantu ticket v2\x00")[34:],
        "for the domain without its end": PLAIN.signed(domain=DOMAIN[:-1])[34:],
        "with its halves exchanged": signature[32:] + point,
        "backwards": signature[::-1],
        "with the group order added": point + (scalar + GROUP_ORDER).to_bytes(32, "little"),
        "with the scalar negated": point + (GROUP_ORDER - scalar).to_bytes(32, "little"),
    }
    texts = {f"signature {name}": text_of(payload + each) for name, each in forged.items()}
    return texts | {
        "key id changed to another known one": text_of(RAW[:1] + b"\2" + RAW[2:]),
        "ticket id exchanged": text_of(OTHER.payload + signature),
        "valid for longer": text_of(replace(PLAIN, ends=PLAIN.ends + 86_400).payload + signature),
        "a false signature on impossible facts": text_of(replace(PLAIN, ends=0).payload + bytes(64)),
    }


def flipped_bits() -> dict[str, str]:
    fields = {"ticket id": 2, "session id": 25, "valid from": 29, "valid until": 30, "signature's point": 34}
    fields |= {"last bit of the point": 65, "signature's scalar": 66, "last byte": 97}
    return {f"a bit flipped in the {field}": text_of(flipped(RAW, at * 8)) for field, at in fields.items()}


def flipped(raw: bytes, bit: int) -> bytes:
    """The bytes with one bit turned over; bit 0 is the highest of the first byte."""
    return (int.from_bytes(raw, "big") ^ 1 << len(raw) * 8 - 1 - bit).to_bytes(len(raw), "big")


def impossible_facts() -> dict[str, str]:
    return {
        "valid for no time, genuine": text_of(replace(PLAIN, ends=PLAIN.begins).signed()),
        "ends before it begins, genuine": text_of(replace(PLAIN, ends=PLAIN.begins - 1).signed()),
        "all times zero, genuine": text_of(replace(PLAIN, begins=0, ends=0).signed()),
        "a session that JavaScript would round, genuine": text_of(replace(PLAIN, session_id=2**53).signed()),
        "the highest 64-bit session, genuine": text_of(replace(PLAIN, session_id=2**64 - 1).signed()),
    }


if __name__ == "__main__":
    main()
