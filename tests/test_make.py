from events import database
from tests import make


async def test_the_cast_can_book(cast):
    session = await make.session(await make.event(await make.programme(cast.league.id)))
    await make.stop(await make.event())
    await make.booking(session, cast.alice)
    assert await database.value("SELECT taken FROM pool WHERE session = $1", session.id) == 1
    assert cast.olga.may(frozenset({"editor"}), cast.league.id)
    assert not cast.petr.may(frozenset({"editor"}), cast.league.id)
