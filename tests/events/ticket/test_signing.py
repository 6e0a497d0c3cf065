"""Signing keys at rest: only the same secret and the same key id open the seal."""

import pytest
from cryptography.exceptions import InvalidSignature

from events.ticket.signing import BrokenSeal, SigningKey, public_key, seal, unseal

SECRET = b"a server secret of at least thirty-two bytes"
PRIVATE = bytes(range(32))


def test_a_sealed_key_opens_with_its_secret_and_key_id() -> None:
    assert unseal(seal(PRIVATE, SECRET, 7), SECRET, 7) == PRIVATE


def test_the_seal_shows_nothing_of_the_key_and_is_never_twice_the_same() -> None:
    one, two = seal(PRIVATE, SECRET, 7), seal(PRIVATE, SECRET, 7)
    assert (len(one), one != two, one[12:] != two[12:]) == (60, True, True)
    assert PRIVATE[:8] not in one


def test_another_secret_another_key_id_or_a_changed_byte_opens_nothing() -> None:
    sealed = seal(PRIVATE, SECRET, 7)
    spoilt = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(60)]
    attempts = [(sealed, b"x" + SECRET, 7), (sealed, SECRET, 8), *((each, SECRET, 7) for each in spoilt)]
    attempts += [(sealed[:length], SECRET, 7) for length in range(60)]
    for text, secret, key_id in attempts:
        with pytest.raises(BrokenSeal):
            unseal(text, secret, key_id)


def test_a_key_keeps_its_identity_through_its_bytes() -> None:
    key = SigningKey.generate(7)
    again = SigningKey.from_private_bytes(7, key.private_bytes())
    public_key(key.public_bytes()).verify(again.private.sign(b"ticket"), b"ticket")
    with pytest.raises(InvalidSignature):
        SigningKey.generate(7).public.verify(again.private.sign(b"ticket"), b"ticket")


def test_a_key_does_not_print_its_secret() -> None:
    key = SigningKey.from_private_bytes(7, PRIVATE)
    assert PRIVATE.hex() not in repr(key)
    assert str(PRIVATE) not in repr(key)


@pytest.mark.parametrize("key_id", [-1, 256])
def test_a_key_id_is_one_byte(key_id: int) -> None:
    with pytest.raises(ValueError):
        SigningKey.generate(key_id)
    with pytest.raises(ValueError):
        seal(PRIVATE, SECRET, key_id)


@pytest.mark.parametrize("private", [b"", PRIVATE[:31], PRIVATE + b"\0"])
def test_only_a_whole_key_is_sealed(private: bytes) -> None:
    with pytest.raises(ValueError):
        seal(private, SECRET, 7)
