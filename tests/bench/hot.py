"""hot_booking_ratio: bookings/s of one session over HTTP, against the hot row of pgbench."""

from statistics import mean

from tests.bench import scene
from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.load import fire, only
from tests.bench.pgbench import hot_row_per_second

BOOKINGS = 12_000
CONNECTIONS = 96


async def measure(house: House) -> list[Figure]:
    event = await scene.new_event(house)
    hot = await scene.new_session(house, event, places=BOOKINGS)
    before = await hot_row_per_second(house)
    tally = await fire(house.port, scene.bookings(hot, range(1, BOOKINGS + 1)), CONNECTIONS)
    after = await hot_row_per_second(house)
    assert only(tally, 201) == BOOKINGS
    await check(house, hot)
    booked, row = BOOKINGS / tally.seconds, mean((before, after))
    return [
        Figure(
            "hot_booking_ratio", booked / row, "ratio", 0.5, 1.5, f"{booked:,.0f} bookings/s ÷ {row:,.0f} hot rows/s"
        )
    ]


async def check(house: House, session: int) -> None:
    """All that a booking is made of is there: its ticket, its place, its confirmation and two reminders."""
    found = await house.sql.fetchrow(
        """SELECT count(*), count(ticket.id), (SELECT taken FROM pool WHERE session = $1),
                  (SELECT count(*) FROM notice JOIN booking AS told ON told.id = booking_id WHERE told.session = $1)
           FROM booking LEFT JOIN ticket ON ticket.booking = booking.id
           WHERE booking.session = $1 AND state = 'confirmed'""",
        session,
    )
    assert tuple(found or ()) == (BOOKINGS, BOOKINGS, BOOKINGS, 3 * BOOKINGS), found
