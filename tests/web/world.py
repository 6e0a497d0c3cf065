"""Everything of one kind, owned by olga's department or by alice: what petr and bob must never get at."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from events import database
from events.people.actions.staff import appoint
from events.people.api_callers import Scope
from events.people.logins import hash_token
from tests import make
from tests.cast import Cast

SCOPED = "yantu-test-token-with-all-scopes"


@dataclass(frozen=True)
class World:
    """`ids` fills the parameters of addresses; `absent` does so with what nobody has. `anna` owns olga's department."""

    ids: dict[str, str]
    absent: dict[str, str]
    anna: int
    olga: dict[str, str]
    olga_unscoped: dict[str, str]
    petr: dict[str, str]


async def make_world(cast: Cast) -> World:
    programme = await make.programme(cast.league.id, name="秘密项目")
    event = await make.event(programme, title="只给主办方看", state="draft")
    session = await make.session(event)
    question = await make.question(event, "file")
    booking = await make.booking(session, cast.alice, answers={str(question.id): "证明.pdf"})
    stop = await make.stop(await on_now(programme, cast))
    return World(
        ids={
            "programme_id": str(programme.id),
            "event_id": str(event.id),
            "session_id": str(session.id),
            "code": booking.code,
            "stop_id": str(stop.id),
            "scan_id": str(await a_scan(stop.id, booking.id)),
            "file_id": str(await a_file(booking.id, question.id)),
            "message_id": str(await a_message(cast.alice.id)),
            "department_id": str(cast.league.id),
            "import_id": str(await an_import(cast)),
            "staff_id": str(cast.sam.id),
            "token_id": str(await a_token(cast.olga.id, "olga", SCOPED, *Scope)),
            "version": "0123456789abcdef",
        },
        absent={
            **dict.fromkeys(("programme_id", "event_id", "session_id", "stop_id", "scan_id"), "987654"),
            **dict.fromkeys(("file_id", "message_id", "department_id", "import_id", "staff_id", "token_id"), "987654"),
            "code": "0000000000",
            "version": "0123456789abcdef",
        },
        anna=await appoint("Anna", "anna@example.org", {cast.league.id: "owner"}),
        olga=bearer(SCOPED),
        olga_unscoped=await fresh(cast.olga.id),
        petr=await fresh(cast.petr.id, *Scope),
    )


async def on_now(programme, cast: Cast):
    """An event whose session has just begun, so that its stop may be opened at the gate."""
    event = await make.event(programme, title="正在进行")
    begun = make.now() - timedelta(minutes=10)
    await make.session(event, starts_at=begun, opens_at=begun - timedelta(days=1))
    return event


async def a_scan(stop: int, booking: int) -> int:
    return await database.value(
        "INSERT INTO scan (stop, booking, admitted, source) VALUES ($1, $2, true, 'typed') RETURNING id", stop, booking
    )


async def a_file(booking: int, question: int) -> int:
    return await database.value(
        """INSERT INTO answer_file (booking, question, filename, media_type, content)
           VALUES ($1, $2, '证明.pdf', 'application/pdf', '%PDF-1.4') RETURNING id""",
        booking,
        question,
    )


async def a_message(student: int) -> int:
    return await database.value(
        """WITH notice AS (INSERT INTO notice (dedupe_key, student) VALUES ('world', $1) RETURNING id)
           INSERT INTO inbox_message (student, notice, title, body) SELECT $1, id, '给小燕的信', '内容' FROM notice
           RETURNING id""",
        student,
    )


async def an_import(cast: Cast) -> int:
    return await database.value(
        "INSERT INTO roster_import (school, filename) VALUES ($1, 'roster.xlsx') RETURNING id", cast.alice.school
    )


async def a_token(staff: int, name: str, token: str, *scopes: Scope) -> int:
    return await database.value(
        "INSERT INTO api_token (name, token_hash, staff, scopes) VALUES ($1, $2, $3, $4) RETURNING id",
        name,
        hash_token(token),
        staff,
        [str(each) for each in scopes],
    )


async def fresh(staff: int, *scopes: Scope) -> dict[str, str]:
    token = str(uuid4())
    await a_token(staff, "test", token, *scopes)
    return bearer(token)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
