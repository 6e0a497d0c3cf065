"""sold_out_rps: how fast a full session says so, each time to another student."""

from statistics import mean

from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import CONNECTIONS, House, constant_rps
from tests.bench.load import fire, only

PLACES, SECONDS = 300, 3.0


async def measure(house: House) -> list[Figure]:
    session = await scene.new_session(house, await scene.new_event(house), places=PLACES, taken=PLACES)
    requests = scene.bookings(session, range(1, scene.STUDENTS + 1))
    before = await constant_rps(house)
    tally = await fire(house.port, requests, CONNECTIONS, SECONDS)
    constant = mean((before, await constant_rps(house)))
    rps = only(tally, 409) / tally.seconds
    return [Figure("sold_out_rps", rps, "1/s", 2_000, 0.5 * constant, f"constant answer: {constant:,.0f}/s")]
