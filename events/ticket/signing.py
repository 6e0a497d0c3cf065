"""The keys that sign tickets, and how a private key rests in the database.

A key has a number from 0 to 255, its key id, printed in every ticket that it signed; gates hold the public halves.
At rest the private half is sealed with AES-256-GCM under a key that HKDF-SHA-256 (RFC 5869) draws from the server
secret; the key id is authenticated with it, so that a sealed key moved to another row does not open.
"""

import os
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HIGHEST_KEY_ID = 255  # one byte on the wire
PRIVATE_KEY_BYTES = 32
SEAL_PURPOSE = b"yantu ticket signing key v1"  # another purpose of the same secret must yield another key
SEAL_KEY_BYTES = 32
NONCE_BYTES = 12  # what GCM is defined for, NIST SP 800-38D §8.2


class BrokenSeal(Exception):
    """The sealed key was altered, belongs to another key id, or was sealed with another server secret."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key (RFC 8032) and the number by which tickets name it."""

    key_id: int
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        _check_key_id(self.key_id)

    @classmethod
    def generate(cls, key_id: int) -> Self:
        """A new random key. ValueError if `key_id` is not 0…255."""
        return cls(key_id, Ed25519PrivateKey.generate())

    @classmethod
    def from_private_bytes(cls, key_id: int, raw: bytes) -> Self:
        """The key with these 32 bytes, as `private_bytes` gave them. ValueError on any other length."""
        return cls(key_id, Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    def private_bytes(self) -> bytes:
        """The 32 secret bytes. For `seal` alone: they go nowhere else."""
        return self.private.private_bytes_raw()

    def public_bytes(self) -> bytes:
        """The 32 bytes that gates receive."""
        return self.public.public_bytes_raw()


def public_key(raw: bytes) -> Ed25519PublicKey:
    """The public key with these 32 bytes. ValueError on any other length."""
    return Ed25519PublicKey.from_public_bytes(raw)


def seal(private_bytes: bytes, secret: bytes, key_id: int) -> bytes:
    """Nonce (12) · encrypted key (32) · tag (16): 60 bytes, different each time. `secret` is the server secret.

    ValueError if `private_bytes` is not 32 bytes long or `key_id` is not 0…255.
    """
    if len(private_bytes) != PRIVATE_KEY_BYTES:
        raise ValueError(f"a private key has {PRIVATE_KEY_BYTES} bytes, not {len(private_bytes)}")
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _sealer(secret).encrypt(nonce, private_bytes, _key_id_byte(key_id))


def unseal(sealed: bytes, secret: bytes, key_id: int) -> bytes:
    """The 32 private bytes that `seal` was given with the same secret and key id. BrokenSeal on anything else."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _sealer(secret).decrypt(nonce, body, _key_id_byte(key_id))
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(f"signing key {key_id} does not open with this server secret") from error


def _sealer(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), SEAL_KEY_BYTES, salt=None, info=SEAL_PURPOSE).derive(secret))


def _key_id_byte(key_id: int) -> bytes:
    _check_key_id(key_id)
    return bytes([key_id])


def _check_key_id(key_id: int) -> None:
    if not 0 <= key_id <= HIGHEST_KEY_ID:
        raise ValueError(f"a key id is 0…{HIGHEST_KEY_ID}, not {key_id}")
