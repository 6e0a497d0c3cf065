"""A count equals a recount from the scans, whatever happened."""

from datetime import date

import pytest

from events import database
from events.counts.actions import refresh_due
from events.counts.figures import By, CutScope
from events.counts.queries import cut
from events.counts.recount import Difference, differences, recount
from events.errors import NotFound
from tests import make
from tests.events.counts.history import ZONE, attended, held, local, random_history, settled, stale_months

YEAR = date(2024, 1, 1), date(2024, 12, 31)
PERIODS = [YEAR, (date(2024, 9, 1), date(2024, 10, 31)), (date(2024, 8, 28), date(2024, 11, 1))]


@pytest.mark.parametrize("seed", range(4))
async def test_a_count_equals_its_recount_for_any_history(db, seed: int):
    top = await make.department()
    below = await random_history(seed, top)
    scopes = [CutScope(department.id, *period) for department in (top, below[0]) for period in PERIODS]

    async def disagreements() -> list[Difference]:
        return [each for scope in scopes for by in By for each in await differences(scope, by, ZONE)]

    assert await stale_months() > 0
    assert await disagreements() == []  # from the attendance rows
    await refresh_due(most=3)
    assert await disagreements() == []  # partly from tallies
    await refresh_due()
    assert await stale_months() == 0
    assert await disagreements() == []  # from tallies wherever a month is whole


async def test_the_histories_are_worth_counting(db):
    top = await make.department()
    await random_history(0, top)
    found = await database.row(
        """SELECT count(*) FILTER (WHERE state = 'attended') > 20 AS came,
                  count(*) FILTER (WHERE state = 'absent') > 5 AS missed,
                  count(*) FILTER (WHERE state = 'excused') > 5 AS excused,
                  count(DISTINCT host) > 1 AS hosts, max(stops) > 1 AS several_stops,
                  (SELECT count(*) FROM scan WHERE undoes IS NOT NULL) > 20 AS taken_back,
                  (SELECT count(*) FROM session WHERE settled_at IS NULL) > 0 AS open FROM attendance"""
    )
    assert dict(found) == dict.fromkeys(found.keys(), True)


async def test_a_recount_notices_what_the_count_got_wrong(cast):
    event = await make.event(await make.programme(cast.league.id))
    session = await held(event, local(2024, 10, 17))
    await attended(session, await make.stop(event), cast.alice)
    await settled(session)
    await database.rows("UPDATE attendance SET state = 'absent'")
    assert await differences(CutScope(cast.league.id, *YEAR), By.NONE) == [
        Difference("", "person_times", 0, 1),
        Difference("", "persons", 0, 1),
        Difference("", "absent", 1, 0),
    ]


async def test_dora_may_recount_her_department_and_petr_may_not(cast):
    event = await make.event(await make.programme(cast.league.id))
    session = await held(event, local(2024, 10, 17))
    await attended(session, await make.stop(event), cast.alice, cast.bob)
    await settled(session)
    scope = CutScope(cast.league.id, *YEAR)
    again = await recount(cast.dora, scope, By.COLLEGE)
    assert (again.total.person_times, again.total.persons) == (2, 2)
    assert {key: row.persons for key, row in again.rows.items()} == {"信息工程学院": 2}
    assert (await cut(cast.dora, scope)).total.persons == again.total.persons
    with pytest.raises(NotFound):
        await recount(cast.petr, scope)
