"""Spoilt tickets by the thousand, none of which may pass.

`python -m tests.events.ticket.mutants 1000000 [seed]` is the long form; the test runs the short one.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events.ticket.code import BadCode, TicketFacts, decode, encode
from events.ticket.signing import SigningKey

ORIGINALS = 50
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
STRANGE = "abz!=\n\r\t\0\u00a0\u200b\u3000\ufeff０Ｙ：燕🎫\ud800ß\u212a"


@dataclass
class Outcome:
    """What became of the mutants: refused ones by reason, and the texts that were not refused as they should be."""

    refused: Counter[str] = field(default_factory=Counter)
    accepted: list[str | bytes] = field(default_factory=list)
    crashed: list[str | bytes] = field(default_factory=list)


def try_mutants(count: int, seed: int = 1) -> Outcome:
    """Decodes `count` texts, each of which differs from every genuine one."""
    chance = random.Random(seed)
    keys = {key_id: SigningKey.from_private_bytes(key_id, chance.randbytes(32)) for key_id in (1, 2)}
    genuine = [encode(random_facts(chance), keys[1]) for _ in range(ORIGINALS)]
    known, public = set(genuine), {key_id: key.public for key_id, key in keys.items()}
    outcome = Outcome()
    for _ in range(count):
        while (text := chance.choice(MUTATIONS)(chance, genuine)) in known:
            pass
        meet(text if chance.random() < 0.8 else text.encode("utf-8", "surrogatepass"), public, outcome)
    return outcome


def meet(text: str | bytes, public: Mapping[int, Ed25519PublicKey], outcome: Outcome) -> None:
    try:
        decode(text, public)
    except BadCode as refusal:
        outcome.refused[refusal.reason] += 1
    except Exception:
        outcome.crashed.append(text)
    else:
        outcome.accepted.append(text)


def random_facts(chance: random.Random) -> TicketFacts:
    begins = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=chance.randrange(100_000))
    ends = begins + timedelta(hours=chance.randint(1, 48))
    return TicketFacts(UUID(bytes=chance.randbytes(16), version=4), chance.randint(1, 10_000), begins, ends, 1)


def flip_bits(chance: random.Random, genuine: list[str]) -> str:
    raw = bytearray(raw_of(chance.choice(genuine)))
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return text_of(raw)


def overwrite_bytes(chance: random.Random, genuine: list[str]) -> str:
    raw = bytearray(raw_of(chance.choice(genuine)))
    at, width = chance.randrange(len(raw)), chance.randint(1, 8)
    raw[at : at + width] = chance.choice((bytes(width), b"\xff" * width, chance.randbytes(width)))
    return text_of(raw)


def splice(chance: random.Random, genuine: list[str]) -> str:
    one, two = (raw_of(text) for text in chance.sample(genuine, 2))
    at = chance.choice((2, 18, 26, 34, 66, chance.randrange(1, 98)))
    return text_of(one[:at] + two[at:])


def truncate(chance: random.Random, genuine: list[str]) -> str:
    text = chance.choice(genuine)
    return text[: chance.randrange(len(text))] if chance.random() < 0.7 else text[chance.randrange(1, len(text)) :]


def concatenate(chance: random.Random, genuine: list[str]) -> str:
    one, two = chance.choices(genuine, k=2)
    return one + chance.choice(("", "\n", " ", "!")) + two[chance.choice((0, 4, chance.randrange(len(two)))) :]


def change_characters(chance: random.Random, genuine: list[str]) -> str:
    characters = list(chance.choice(genuine))
    for _ in range(chance.choice((1, 1, 2, 5))):
        characters[chance.randrange(4, len(characters))] = chance.choice(ALPHABET)
    return "".join(characters)


def exchange_characters(chance: random.Random, genuine: list[str]) -> str:
    characters = list(chance.choice(genuine))
    one, two = chance.randrange(len(characters)), chance.randrange(len(characters))
    characters[one], characters[two] = characters[two], characters[one]
    return "".join(characters)


def write_strangely(chance: random.Random, genuine: list[str]) -> str:
    text, strange = chance.choice(genuine), chance.choice(STRANGE)
    at = chance.randint(0, len(text))
    return text[:at] + strange + text[at + chance.randint(0, 1) :]


def write_as_twin(chance: random.Random, genuine: list[str]) -> str:
    text = chance.choice(genuine)
    start, end = sorted(chance.sample(range(len(text) + 1), 2))
    middle = text[start:end]
    twin = chance.choice((middle.lower(), "".join(chr(ord(each) + 0xFEE0) for each in middle), middle + " "))
    return text[:start] + twin + text[end:]


def invent(chance: random.Random, genuine: list[str]) -> str:
    return chance.choice(("YT1:", "")) + "".join(chance.choices(ALPHABET, k=chance.choice((0, 147, 151, 300))))


Mutation = Callable[[random.Random, list[str]], str]
MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    overwrite_bytes,
    splice,
    truncate,
    concatenate,
    change_characters,
    exchange_characters,
    write_strangely,
    write_as_twin,
    invent,
)


def raw_of(text: str) -> bytes:
    return bytes(base45.b45decode(text[4:]))


def text_of(raw: bytes | bytearray) -> str:
    return "YT1:" + str(base45.b45encode(raw), "ascii")


if __name__ == "__main__":
    result = try_mutants(*map(int, sys.argv[1:] or ["1000000"]))
    print(*(f"{number:>8} {reason}" for reason, number in result.refused.most_common()), sep="\n")
    print("accepted:", result.accepted, "crashed:", result.crashed)
    sys.exit(bool(result.accepted or result.crashed))
