"""Signed-in browsers: a row each, found by the hash of a token that only the browser holds.

Rows are read at every request, so that a deleted one is out at once; lookups that arrive together
share one query.
"""

import asyncio
import hashlib
import secrets
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from events import database
from events.people.queries import STUDENT_COLUMNS, StaffMember, StudentProfile, staff_member

STUDENT_LASTS: Final = timedelta(days=30)
STAFF_LASTS: Final = timedelta(hours=12)
SEEN_AGAIN_AFTER: Final = timedelta(minutes=1)  # how coarse `last_seen_at` is, so that reads do not write
TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in: exactly one of the two."""

    login_id: int
    student: StudentProfile | None = None
    staff: StaffMember | None = None


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def sign_in_student(student_id: int, old_token: str | None = None) -> str:
    """A new token; a token that the browser brought along dies, whoever it belonged to."""
    return await new_login("student", student_id, STUDENT_LASTS, old_token)


async def sign_in_staff(staff_id: int, old_token: str | None = None) -> str:
    return await new_login("staff", staff_id, STAFF_LASTS, old_token)


async def new_login(column: str, person_id: int, lasts: timedelta, old_token: str | None) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with database.transaction():
        if old_token:
            await sign_out(old_token)
        await database.rows(
            f"INSERT INTO login (token_hash, {column}, expires_at) VALUES ($1, $2, now() + $3)",
            hash_token(token),
            person_id,
            lasts,
        )
    return token


async def sign_out(token: str) -> None:
    await database.rows("DELETE FROM login WHERE token_hash = $1", hash_token(token))


async def sign_out_everywhere(*, student_id: int | None = None, staff_id: int | None = None) -> None:
    """After a change of roles, address or phone: every browser of this person has to sign in again."""
    await database.rows("DELETE FROM login WHERE student = $1 OR staff = $2", student_id, staff_id)


async def viewer_of(token: str) -> Viewer | None:
    """Who holds this token; None if it is unknown, expired or its person disabled."""
    return await _lookups.find(hash_token(token))


class Lookups:
    """Collects the hashes asked for while a query is under way and finds them all with the next one."""

    def __init__(self) -> None:
        self.asked: dict[bytes, asyncio.Future[Viewer | None]] = {}
        self.task: asyncio.Task[None] | None = None

    async def find(self, token_hash: bytes) -> Viewer | None:
        if token_hash not in self.asked:
            self.asked[token_hash] = asyncio.get_running_loop().create_future()
        if self.task is None:
            self.task = asyncio.create_task(self.answer(), context=Context())
        return await asyncio.shield(self.asked[token_hash])

    async def answer(self) -> None:
        try:
            while self.asked:
                asked, self.asked = self.asked, {}
                try:
                    found = await find_viewers(list(asked))
                except Exception as error:
                    for future in asked.values():
                        future.set_exception(error)
                        future.exception()
                else:
                    for token_hash, future in asked.items():
                        future.set_result(found.get(token_hash))
        finally:
            self.task = None


_lookups = Lookups()


async def find_viewers(hashes: list[bytes]) -> dict[bytes, Viewer]:
    columns = ", ".join(f"student.{name.strip()}" for name in STUDENT_COLUMNS.split(","))
    found = await database.rows(
        f"""SELECT login.id AS login_id, token_hash, staff.id AS staff_id,
                   last_seen_at < now() - $2::interval AS stale, {columns}
            FROM login LEFT JOIN student ON student.id = login.student
                 LEFT JOIN staff ON staff.id = login.staff AND staff.disabled_at IS NULL
            WHERE token_hash = ANY($1::bytea[]) AND expires_at > now()""",
        hashes,
        SEEN_AGAIN_AFTER,
    )
    if stale := [each["login_id"] for each in found if each["stale"]]:
        await database.rows("UPDATE login SET last_seen_at = now() WHERE id = ANY($1::bigint[])", stale)
    viewers = {}
    for each in found:
        if each["staff_id"] is not None:
            viewers[each["token_hash"]] = Viewer(each["login_id"], staff=await staff_member(each["staff_id"]))
        elif each["id"] is not None:
            profile = StudentProfile(**{name: each[name] for name in StudentProfile.__slots__})
            viewers[each["token_hash"]] = Viewer(each["login_id"], student=profile)
    return viewers
