"""sale_3000_300_s: everybody presses at the same moment, and one in ten gets a place."""

from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.load import fire, only

STUDENTS, PLACES = 3_000, 300
CONNECTIONS = 600
WHO = range(scene.STUDENTS - STUDENTS + 1, scene.STUDENTS + 1)


async def measure(house: House) -> list[Figure]:
    event = await scene.new_event(house)
    session = await scene.new_session(house, event, places=PLACES)
    tally = await fire(house.port, scene.bookings(session, WHO), CONNECTIONS)
    assert only(tally, 201, 409) == STUDENTS
    found = await house.sql.fetchrow(
        """SELECT count(DISTINCT student), (SELECT taken FROM pool WHERE session = $1)
           FROM booking WHERE session = $1 AND state = 'confirmed'""",
        session,
    )
    assert found is not None
    sold, taken = found
    assert (sold, taken, tally.statuses["201"]) == (PLACES, PLACES, PLACES), (sold, taken, tally.statuses)
    return [Figure("sale_3000_300_s", tally.seconds, "s", 3.0, 1.0, f"{sold} sold, 0 oversold")]
