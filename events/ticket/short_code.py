"""The code beside the QR, for eyes and keyboards: ten characters of Crockford's Base32, shown as 7K3M9-Q2WXD.

It carries 50 random bits and no meaning: a gate looks it up. What a person may type for it is forgiven; what could
stand for two codes is not.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O (they look like digits) and no U
LENGTH = 10
BITS = 5 * LENGTH
GROUP = 5

LOOKALIKES = {"O": "0", "I": "1", "L": "1"}
SEPARATORS = " \t\r\n-_.\u00a0\u2010\u2011\u2012\u2013\u2014\u2212\u3000\uff0d\uff3f\u200b\u2060\ufeff"
FULL_WIDTH_OFFSET = 0xFEE0  # from ASCII to the full-width forms, U+FF01…FF5E


def new_short_code() -> str:
    """Ten random characters as they are stored, without the hyphen: 7K3M9Q2WXD. Unique only if the table says so."""
    bits = secrets.randbits(BITS)
    return "".join(ALPHABET[bits >> shift & 31] for shift in reversed(range(0, BITS, 5)))


def show_short_code(code: str) -> str:
    """A stored code as people see it: 7K3M9-Q2WXD."""
    return f"{code[:GROUP]}-{code[GROUP:]}"


def normalise_short_code(text: str) -> str | None:
    """The stored form of what somebody typed, or None if it cannot be a short code.

    Lower case, full-width characters, spaces and hyphens anywhere are accepted; O is read as 0, I and L as 1. U is in
    no code, and any length but ten is none.
    """
    code = text.translate(_READINGS)
    return code if len(code) == LENGTH and _LETTERS.issuperset(code) else None


def _readings() -> dict[int, str | None]:
    read = {character: character for character in ALPHABET} | LOOKALIKES
    read |= {character.lower(): meant for character, meant in read.items()}
    read |= {chr(ord(character) + FULL_WIDTH_OFFSET): meant for character, meant in read.items()}
    return {ord(character): meant for character, meant in read.items()} | {ord(mark): None for mark in SEPARATORS}


_READINGS = _readings()
_LETTERS = frozenset(ALPHABET)
