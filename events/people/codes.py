"""One-time codes for signing in: six digits, five tries, ten minutes, once; limited by account.

Known and unknown accounts are treated alike to the last step, so that nobody learns who is on a roster.
(Limits after OWASP ASVS 5 §6.5 and §6.6.)
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from events import database
from events.errors import Refused
from events.people.contacts import Account

Audience = Literal["student", "staff"]
DIGITS: Final = 6
TRIES: Final = 5
LASTS: Final = timedelta(minutes=10)
# No more codes for an account than these, each within its time.
AT_MOST: Final = ((1, timedelta(minutes=1)), (5, timedelta(hours=1)), (10, timedelta(days=1)))
ACCOUNT_LOCK: Final = 2  # first key of the advisory locks on accounts


class CodeRefusal(StrEnum):
    TOO_SOON = "code_too_soon"
    TOO_MANY = "code_too_many"
    WRONG = "code_wrong"


class CodeRefused(Refused):
    """Raised with a CodeRefusal."""


@dataclass(frozen=True, slots=True)
class NewCode:
    id: int
    digits: str


async def new_code(audience: Audience, account: Account, secret: str) -> NewCode:
    """Writes a code and returns it once, to be sent in the same transaction. Raises CodeRefused (limits)."""
    await lock(audience, account)
    await refuse_too_many(audience, account)
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code_id = await database.value(
        """INSERT INTO sign_in_code (audience, account, code_hash, tries_left, expires_at)
           VALUES ($1, $2, $3, $4, now() + $5::interval) RETURNING id""",
        audience,
        account.value,
        hashed(secret, audience, account, digits),
        TRIES,
        LASTS,
    )
    return NewCode(code_id, digits)


async def redeem(audience: Audience, account: Account, digits: str, secret: str) -> None:
    """Uses up the newest live code, or one of its tries. Raises CodeRefused(WRONG): wrong, used, expired or none."""
    async with database.transaction():
        await lock(audience, account)
        live = await database.row(
            """SELECT id, code_hash FROM sign_in_code WHERE audience = $1 AND account = $2
               AND used_at IS NULL AND tries_left > 0 AND expires_at > clock_timestamp()
               ORDER BY id DESC LIMIT 1""",
            audience,
            account.value,
        )
        good = live is not None and hmac.compare_digest(
            live["code_hash"], hashed(secret, audience, account, digits.strip())
        )
        if live is not None:
            await database.rows(
                # A code that was good ends the earlier ones too: one sign-in for all that was sent.
                """UPDATE sign_in_code SET tries_left = tries_left - (id = $1)::int,
                          used_at = CASE WHEN $2 THEN clock_timestamp() END
                   WHERE id = $1 OR ($2 AND audience = $3 AND account = $4 AND used_at IS NULL)""",
                live["id"],
                good,
                audience,
                account.value,
            )
    # After the commit: a try that is rolled back would be a try for free.
    if not good:
        raise CodeRefused(CodeRefusal.WRONG)


async def refuse_too_many(audience: Audience, account: Account) -> None:
    for most, within in AT_MOST:
        made = await database.value(
            """SELECT count(*) FROM sign_in_code
               WHERE audience = $1 AND account = $2 AND created_at > clock_timestamp() - $3::interval""",
            audience,
            account.value,
            within,
        )
        if made >= most:
            refusal = CodeRefusal.TOO_SOON if within <= timedelta(minutes=1) else CodeRefusal.TOO_MANY
            raise CodeRefused(refusal)


async def lock(audience: Audience, account: Account) -> None:
    """One at a time for each account, so that two presses cannot both be the first, nor six tries be five."""
    await database.rows("SELECT pg_advisory_xact_lock($1, hashtext($2))", ACCOUNT_LOCK, f"{audience}:{account.value}")


def hashed(secret: str, audience: Audience, account: Account, digits: str) -> bytes:
    return hmac.new(
        secret.encode(), f"code\x00{audience}\x00{account.value}\x00{digits}".encode(), hashlib.sha256
    ).digest()
