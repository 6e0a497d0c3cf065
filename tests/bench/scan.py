"""scan_rps and scan_p99_ms: eight gates, each with its own token, one ticket at a time."""

from datetime import timedelta
from statistics import quantiles
from uuid import UUID, uuid4

from events import database
from events.ticket.code import TicketFacts, encode
from events.ticket.queries import forget_keys, signing_key
from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.load import fire, only, post

GATES, TICKETS, WARMING = 8, 5_000, 400

BOOKED = """
INSERT INTO booking (session, student, state, code, pools)
    SELECT $1, n, 'confirmed', 'S' || lpad(n::text, 9, '0'), ARRAY[(SELECT id FROM pool WHERE session = $1)]
    FROM generate_series(1, $2::int) n"""
TICKETED = """
INSERT INTO ticket (booking, session, valid_from, valid_until)
    SELECT id, session, now() - interval '12 hours', now() + interval '15 hours' FROM booking WHERE session = $1
    RETURNING id, session, valid_from, valid_until"""


async def measure(house: House) -> list[Figure]:
    event = await scene.new_event(house)
    session = await scene.new_session(house, event, TICKETS, timedelta(minutes=20), taken=TICKETS)
    stop = await house.sql.fetchval("INSERT INTO stop (event, name) VALUES ($1, '入口') RETURNING id", event)
    requests = scans(stop, await codes(house, session), await scene.steward_tokens(house, GATES))
    await fire(house.port, requests[:WARMING], GATES)
    tally = await fire(house.port, requests[WARMING:], GATES)
    assert only(tally, 200) == TICKETS - WARMING
    admitted = await house.sql.fetchval("SELECT count(*) FROM admission WHERE stop = $1", stop)
    assert admitted == TICKETS, admitted
    return [
        Figure("scan_rps", len(tally.took) / tally.seconds, "1/s", 500, 2_000, f"{admitted:,} admitted"),
        Figure("scan_p99_ms", quantiles(tally.took, n=100)[98], "ms", 100, 20),
    ]


async def codes(house: House, session: int) -> list[str]:
    """What the QR of each ticket says: signed, as a student shows it."""
    await house.sql.execute(BOOKED, session, TICKETS)
    tickets = await house.sql.fetch(TICKETED, session)
    await database.open_pool(house.settings)
    try:
        key = await signing_key(house.settings.secret)
    finally:
        await database.close_pool()
        forget_keys()
    return [
        encode(TicketFacts(UUID(str(each["id"])), session, each["valid_from"], each["valid_until"], key.key_id), key)
        for each in tickets
    ]


def scans(stop: int, texts: list[str], tokens: list[str]) -> list[bytes]:
    return [
        post(
            f"/api/v1/stops/{stop}/scans",
            {"code": text, "nonce": str(uuid4())},
            {"Authorization": f"Bearer {tokens[n % len(tokens)]}"},
        )
        for n, text in enumerate(texts)
    ]
