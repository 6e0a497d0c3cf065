"""Who says they are somebody, and whoever presses twice."""

import asyncio

import pytest
import pytest_asyncio

from events import database
from tests import make
from tests.web.reading import Seen, press, see
from tests.web.world import make_world
from web.session import sign


@pytest_asyncio.fixture
async def world(cast):
    return await make_world(cast)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", "Bearer ")],
        [("authorization", "Bearer x")],
        [("authorization", "Bearer " + "x" * 6000)],
        [("authorization", "Basic b2xnYTpvbGdh")],
        [("authorization", "TOKEN")],
        [("authorization", "Bearer GOOD"), ("authorization", "Bearer GOOD")],
        [("authorization", "Bearer x"), ("authorization", "Bearer GOOD")],
        [("authorization", "Bearer GOOD, Bearer GOOD")],
        [("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")],
        [("x-api-key", "GOOD")],
        [("cookie", "yantu-login=GOOD")],
    ],
)
async def test_who_does_not_prove_who_they_are_gets_one_and_the_same_answer(signed_out, world, headers):
    good = world.olga["authorization"].removeprefix("Bearer ")
    sent = [(name, value.replace("GOOD", good)) for name, value in headers]
    answer = await signed_out.get("/api/v1/programmes", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
    nobody = (await signed_out.get("/api/v1/programmes")).json()
    assert {**answer.json(), "request_id": ""} == {**nobody, "request_id": ""}


async def test_a_token_in_the_address_is_no_token(signed_out, world):
    token = world.olga["authorization"].removeprefix("Bearer ")
    for query in (f"access_token={token}", f"token={token}", f"authorization=Bearer {token}"):
        assert (await signed_out.get(f"/api/v1/programmes?{query}")).status_code == 401


async def test_cookies_of_any_shape_are_no_sign_in(signed_out, db):
    for value in ("", "x", "x" * 3000, "%00", "\u00ff", '"', ";", "a=b; yantu-login=", "null", "' OR 1=1--"):
        header = f"yantu-login={value}; yantu-flash={value}; yantu-visitor={value}; yantu-language={value}".encode(
            "latin-1"
        )
        answer = await signed_out.get("/me", headers={"cookie": header}, follow_redirects=False)
        assert answer.status_code == 303
        assert (await signed_out.get("/", headers={"cookie": header})).status_code == 200


async def test_a_forged_flash_is_not_shown(signed_out, db):
    for value in ("W10=.x", "x.y", ".", f"W10=.{sign(db.secret, 'form', 'W10=')}", "A" * 3000):
        signed_out.keep("yantu-flash", value)
        answer = await signed_out.get("/")
        assert answer.status_code == 200
        assert "notice" not in [given.get("role") for _, given in Seen(answer.text).marks]


async def test_a_double_press_books_once(as_alice, cast):
    session = await make.session()
    answers = await asyncio.gather(*(as_alice.submit(f"/sessions/{session.id}/booking") for _ in range(8)))
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, answers[0].headers["location"])}
    assert await database.value("SELECT count(*) FROM booking") == 1
    assert await database.value("SELECT taken FROM pool") == 1


async def test_a_double_cancellation_frees_one_place(as_alice, cast):
    session = await make.session()
    booking = await make.booking(session, cast.alice)
    await make.booking(session, cast.bob)
    await asyncio.gather(*(as_alice.submit(f"/bookings/{booking.code}/cancellation") for _ in range(5)))
    assert await database.value("SELECT taken FROM pool") == 1
    assert await database.value("SELECT count(*) FROM cancellation") == 1


async def test_a_form_that_comes_after_signing_out_changes_nothing(as_alice, cast):
    shown = await see(as_alice, "/me/profile")
    await as_alice.submit("/sign-out")
    answer = await press(as_alice, shown.form("/me/profile"), email="later@example.org")
    assert answer.status_code in (303, 403)
    assert await database.value("SELECT email FROM student WHERE id = $1", cast.alice.id) == "alice@example.org"
