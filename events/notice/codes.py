"""One-time codes on their way: sealed in the row that waits, and dead as soon as they are used or too old."""

import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from events import database

PURPOSE: Final = b"yantu sign-in code on its way v1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12  # what GCM is defined for, NIST SP 800-38D §8.2


class BrokenSeal(ValueError):
    """The sealed code was altered, belongs to another row, or was sealed with another server secret."""


@dataclass(frozen=True, slots=True)
class LiveCode:
    """A code that would still sign somebody in. `audience`: student or staff."""

    audience: str
    expires_at: datetime


def seal_code(secret: str, code_id: int, code: str) -> str:
    """AES-256-GCM under a key drawn from the server secret; opens only for the same `code_id`."""
    nonce = os.urandom(NONCE_BYTES)
    return b64encode(nonce + _sealer(secret).encrypt(nonce, code.encode(), str(code_id).encode())).decode()


def open_code(secret: str, code_id: int, sealed: str) -> str:
    """Raises BrokenSeal."""
    try:
        raw = b64decode(sealed, validate=True)
        return _sealer(secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(code_id).encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(f"code {code_id} does not open with this server secret") from error


async def live_codes(code_ids: Sequence[int]) -> dict[int, LiveCode]:
    """Those of the codes that are neither used nor expired, by the database's clock."""
    if not code_ids:
        return {}
    found = await database.rows(
        """SELECT id, audience, expires_at FROM sign_in_code
           WHERE id = ANY($1::bigint[]) AND used_at IS NULL AND expires_at > clock_timestamp()""",
        list(code_ids),
    )
    return {each["id"]: LiveCode(each["audience"], each["expires_at"]) for each in found}


def _sealer(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(secret.encode()))
