"""Asking for a code: the code and the letter that carries it are one commit."""

from events import database
from events.notice.actions import write_sign_in_code
from events.people.codes import Audience, new_code
from events.people.contacts import Account


async def ask_for_code(audience: Audience, account: Account, secret: str, locale: str) -> None:
    """Sends a code. For a staff address that nobody has, all is the same but the letter. Raises CodeRefused."""
    async with database.transaction():
        code = await new_code(audience, account, secret)
        if audience == "student" or await is_staff(account):
            await write_sign_in_code(code.id, account.value, code.digits, secret, locale)


async def is_staff(account: Account) -> bool:
    found = await database.value("SELECT true FROM staff WHERE email = $1 AND disabled_at IS NULL", account.value)
    return bool(found)
