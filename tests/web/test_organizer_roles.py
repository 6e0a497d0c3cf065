"""Whose pages they are: every route of the organizers against the cast."""

import re

import pytest_asyncio
from litestar.routes import HTTPRoute

from events import database
from tests import make

OURS = re.compile(r"(?!/organizer/people/)/organizer/.*\{")  # pages of one thing; test_access asks people's


@pytest_asyncio.fixture
async def things(cast) -> dict[str, object]:
    """One of each of the league's things, by the name of the path's parameter."""
    programme = await make.programme(cast.league.id)
    event = await make.event(programme)
    session = await make.session(event)
    booking = await make.booking(session, cast.alice)
    return {
        "programme_id": programme.id,
        "event_id": event.id,
        "session_id": session.id,
        "code": booking.code,
        "file_id": 1,
    }


def routes(app, things) -> list[tuple[str, str]]:
    """Method and path of every page of one thing, filled in."""
    found = []
    for route in app.routes:
        if isinstance(route, HTTPRoute) and OURS.match(route.path_format):
            path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: str(things[name[1]]), route.path_format)
            found += [(method, path) for method in sorted(route.methods) if method in ("GET", "POST")]
    return found


async def ask(client, method: str, path: str):
    return await (client.get(path, follow_redirects=False) if method == "GET" else client.submit(path, {}))


async def test_pages_of_a_thing_are_absent_for_everybody_else(app, things, as_petr, as_sam, as_dora):
    asked = routes(app, things)
    assert len(asked) > 40
    for client in (as_petr, as_sam, as_dora):
        answers = {each: (await ask(client, *each)).status_code for each in asked}
        assert {each: status for each, status in answers.items() if status != 404} == {}
    assert await database.value("SELECT count(*) FROM audit_entry") == 0


async def test_students_and_strangers_are_led_to_the_sign_in(app, things, as_alice, signed_out):
    for client in (as_alice, signed_out):
        for method, path in [*routes(app, things), ("GET", "/organizer"), ("GET", "/organizer/events")]:
            answer = await ask(client, method, path)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/staff/sign-in"), path


async def test_the_organizer_gets_every_page_of_her_own(app, things, as_olga):
    pages = [path for method, path in routes(app, things) if method == "GET"]
    # There is no poster and no file.
    absent = {f"/organizer/events/{things['event_id']}/poster", f"/organizer/bookings/{things['code']}/files/1"}
    statuses = {path: (await as_olga.get(path)).status_code for path in pages if path not in absent}
    assert {path: status for path, status in statuses.items() if status != 200} == {}


async def test_lists_hold_only_what_is_ones_own(things, as_petr, as_sam, as_dora):
    for client in (as_petr, as_sam, as_dora):
        for path in ("/organizer/events", "/organizer/programmes"):
            assert "走进名企" not in (await client.get(path)).text
    assert "走进名企" not in (await as_petr.get("/organizer")).text
    assert "走进名企" in (await as_sam.get("/organizer")).text


async def test_who_may_not_edit_cannot_begin_anything(cast, as_sam, as_dora):
    for client in (as_sam, as_dora):
        assert (await client.get("/organizer/events/new")).status_code == 404
        assert (await client.get("/organizer/programmes/new")).status_code == 404
        fields = {"name": "偷偷的项目", "kind": "lecture", "host": str(cast.league.id)}
        assert (await client.submit("/organizer/programmes", fields)).status_code in (404, 422)
    assert await database.value("SELECT count(*) FROM programme") == 0


async def test_numbers_that_no_row_can_have_are_absent(as_olga):
    for number in ("0", "99999999999999999999", "2147483648"):
        for path in ("events/{}", "sessions/{}", "programmes/{}", "events/{}/attendees", "events/{}/attendees.csv"):
            assert (await as_olga.get("/organizer/" + path.format(number))).status_code == 404
