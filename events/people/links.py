"""Links that prove where they came from: a value and a MAC of it, for one purpose, in letters that need no sign-in.

The MAC is HMAC-SHA-256 (RFC 2104) cut to 128 bits, under a key drawn from the server secret by the purpose: a token
of one purpose is worth nothing for another. A token says who may act, never that the act is still allowed.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from typing import Final

from events.errors import NotFound

CANT_GO: Final = "cant-go"  # the value is a booking's id
MAC_BYTES: Final = 16
TOKEN_MOST: Final = 300  # characters


def sign_link(secret: str, purpose: str, value: str) -> str:
    """A token of letters, digits, - and _, the same each time."""
    return _text(_mac(secret, purpose, value.encode()) + value.encode())


def read_link(secret: str, purpose: str, token: str) -> str:
    """The value that was signed. Raises NotFound for any other token: a forged link looks like a dead one."""
    if len(token) > TOKEN_MOST:
        raise NotFound
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        mac, value = raw[:MAC_BYTES], raw[MAC_BYTES:]
        # Written back and compared: Base64 has several spellings of the same bytes, and we give out one.
        if not hmac.compare_digest(mac, _mac(secret, purpose, value)) or _text(raw) != token:
            raise NotFound
        return value.decode()
    except (BadBase64, ValueError) as error:
        raise NotFound from error


def _mac(secret: str, purpose: str, value: bytes) -> bytes:
    key = hmac.digest(secret.encode(), f"yantu link {purpose}".encode(), "sha256")
    return hmac.digest(key, value, "sha256")[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
