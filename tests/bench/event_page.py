"""event_page_rps: the page of an event for somebody who is not signed in."""

from datetime import timedelta
from statistics import mean

from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import CONNECTIONS, House, constant_rps
from tests.bench.load import fire, get, only

SECONDS = 3.0


async def measure(house: House) -> list[Figure]:
    event = await scene.new_event(house)
    for days in (3, 4, 5):
        await scene.new_session(house, event, places=40, starts_in=timedelta(days=days), taken=7)
    page = [get(f"/events/{event}")]
    await fire(house.port, page, CONNECTIONS, 0.3)
    before = await constant_rps(house)
    tally = await fire(house.port, page, CONNECTIONS, SECONDS)
    constant = mean((before, await constant_rps(house)))
    rps = only(tally, 200) / tally.seconds
    return [Figure("event_page_rps", rps, "1/s", 1_500, 0.5 * constant, f"constant answer: {constant:,.0f}/s")]
