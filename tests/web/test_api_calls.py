"""API v1 as programs use it: the whole loop, pages of lists, keys against doing twice."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from events import database
from events.catalogue.tables import Event
from events.people.api_callers import Scope
from tests import make
from tests.web.world import fresh


@pytest_asyncio.fixture
async def olga(cast) -> dict[str, str]:
    return await fresh(cast.olga.id, *Scope)


@pytest_asyncio.fixture
async def sam(cast) -> dict[str, str]:
    return await fresh(cast.sam.id, Scope.SCANS_WRITE)


def soon(**ahead: float) -> str:
    return (make.now() + timedelta(**ahead)).isoformat()


async def sent(client, method: str, path: str, body: object = None, status: int = 200, **headers: str):
    answer = await client.request(method, f"/api/v1{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def published(client, cast, olga) -> tuple[int, int]:
    """An event made, given a session and published by calls alone."""
    made = {"name": "逐梦游学", "kind": "lecture", "host": cast.league.id}
    programme = (await sent(client, "POST", "/programmes", made, 201, **olga))["id"]
    draft = {"programme_id": programme, "title": "青年夜校", "kind": "lecture", "place": "文化馆"}
    event = (await sent(client, "POST", "/events", draft, 201, **olga))["id"]
    session = {"starts_at": soon(minutes=30), "ends_at": soon(hours=3), "opens_at": soon(days=-1)}
    session |= {"closes_at": soon(minutes=20), "pools": [{"name": "座位", "capacity": 2}]}
    session_id = (await sent(client, "POST", f"/events/{event}/sessions", session, 201, **olga))["id"]
    await sent(client, "POST", f"/events/{event}/publication", **olga)
    return event, session_id


async def test_the_whole_loop_by_calls(signed_out, as_alice, cast, olga, sam):
    event, session = await published(signed_out, cast, olga)
    shown = await sent(signed_out, "GET", f"/events/{event}")
    assert (shown["title"], shown["sessions"][0]["places_left"]) == ("青年夜校", 2)
    token = {"x-csrf-token": as_alice.csrf}
    booked = await sent(as_alice, "POST", f"/sessions/{session}/bookings", {}, 201, **token)
    again = await sent(as_alice, "POST", f"/sessions/{session}/bookings", {}, 201, **token)
    assert (booked["state"], booked["already"], again) == ("confirmed", False, {**booked, "already": True})
    ticket = await sent(as_alice, "GET", f"/me/bookings/{booked['code']}/ticket")
    await make.stop(await first_event())
    (stop,) = await sent(signed_out, "GET", "/stops", **sam)
    scan = {"code": ticket["qr"], "nonce": str(uuid4())}
    path = f"/stops/{stop['stop_id']}/scans"
    first = await sent(signed_out, "POST", path, scan, **sam)
    assert (first["admitted"], first["name"]) == (True, "王*燕")
    assert await sent(signed_out, "POST", path, scan, **sam) == first
    second = await sent(signed_out, "POST", path, {**scan, "nonce": str(uuid4())}, **sam)
    assert (second["admitted"], second["reason"]) == (False, "already_admitted")
    (attendee,) = (await sent(signed_out, "GET", f"/events/{event}/attendees", **olga))["rows"]
    assert attendee["name"] == "王*燕"
    assert "13800000001" not in str(attendee)
    undone = await sent(signed_out, "POST", f"/scans/{first['scan_id']}/undoing", **sam)
    assert undone["undoes"] == first["scan_id"]


async def first_event():
    return await Event.objects().first()


async def test_a_booking_is_cancelled_by_its_holder_and_by_the_host(signed_out, as_alice, as_bob, cast, olga):
    session = await make.session(await make.event(await make.programme(cast.league.id)))
    mine, bobs = await make.booking(session, cast.alice), await make.booking(session, cast.bob)
    token = {"x-csrf-token": as_alice.csrf}
    await sent(as_alice, "POST", f"/me/bookings/{mine.code}/cancellation", None, 204, **token)
    await sent(as_alice, "POST", f"/me/bookings/{bobs.code}/cancellation", None, 404, **token)
    reason = {"reason": "车辆故障"}
    await sent(signed_out, "POST", f"/bookings/{bobs.code}/cancellation", reason, 204, **olga)
    assert await database.value("SELECT taken FROM pool") == 0
    reasons = await database.rows("SELECT reason FROM cancellation ORDER BY id")
    assert [each["reason"] for each in reasons][1] == "车辆故障"


async def test_a_refusal_is_a_problem_with_its_own_code(as_alice, cast):
    session = await make.session(capacity=1)
    await make.booking(session, cast.bob)
    token = {"x-csrf-token": as_alice.csrf}
    problem = await sent(as_alice, "POST", f"/sessions/{session.id}/bookings", {}, 409, **token)
    assert (problem["code"], problem["type"]) == ("full", "/api/docs/problems#full")
    assert problem["detail"].startswith("名额已满")
    english = {**token, "accept-language": "en"}
    problem = await sent(as_alice, "POST", f"/sessions/{session.id}/bookings", {}, 409, **english)
    assert (problem["code"], problem["detail"].isascii()) == ("full", True)


async def test_what_is_wrong_with_a_draft_is_named_field_by_field(signed_out, cast, olga):
    body = {"name": "", "kind": "party", "host": cast.league.id}
    problem = await sent(signed_out, "POST", "/programmes", body, 422, **olga)
    assert problem["code"] == "invalid"
    assert {each["field"]: each["code"] for each in problem["errors"]} == {"name": "missing", "kind": "not_an_option"}
    problem = await sent(signed_out, "POST", "/programmes", {"name": "x", "is_admin": True}, 400, **olga)
    assert problem["code"] == "bad_request"
    assert "is_admin" in str(problem["errors"])


async def test_an_edit_of_an_old_version_says_which_is_new(signed_out, cast, olga):
    event = await make.event(await make.programme(cast.league.id))
    edit = {"title": "新标题", "kind": event.kind, "version": 0}
    problem = await sent(signed_out, "PUT", f"/events/{event.id}", edit, 409, **olga)
    assert (problem["code"], problem["version"]) == ("stale", 1)
    edit["version"] = problem["version"]
    assert (await sent(signed_out, "PUT", f"/events/{event.id}", edit, **olga))["version"] == 2


async def test_a_change_that_touches_people_asks_first_and_says_whom(signed_out, cast, olga):
    event = await make.event(await make.programme(cast.league.id))
    session = await make.session(event)
    await make.booking(session, cast.alice)
    start = session.starts_at + timedelta(days=1)
    edit = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(), "version": 1}
    problem = await sent(signed_out, "PUT", f"/sessions/{session.id}", edit, 409, **olga)
    assert (problem["code"], problem["affected"]["bookings"]) == ("needs_confirmation", 1)
    assert await database.value("SELECT starts_at FROM session") == session.starts_at
    await sent(signed_out, "PUT", f"/sessions/{session.id}", {**edit, "confirmed": True}, **olga)
    assert await database.value("SELECT starts_at FROM session") == start


async def test_pages_of_a_list_hold_everything_once(signed_out, cast):
    programme = await make.programme(cast.league.id)
    for _ in range(7):
        await make.session(await make.event(programme))
    seen, cursor = [], ""
    while cursor is not None:
        page = await sent(signed_out, "GET", f"/events?limit=3&cursor={cursor}")
        seen += [card["id"] for card in page["cards"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == list(range(1, 8))


async def test_pages_of_attendees_hold_everyone_once(signed_out, cast, olga, monkeypatch):
    event = await make.event(await make.programme(cast.league.id))
    session = await make.session(event, capacity=200)
    for _ in range(60):
        await make.booking(session, await make.student())
    first = await sent(signed_out, "GET", f"/events/{event.id}/attendees", **olga)
    second = await sent(signed_out, "GET", f"/events/{event.id}/attendees?after={first['after']}", **olga)
    assert (first["total"], second["after"]) == (60, None)
    assert len({each["booking_id"] for each in first["rows"] + second["rows"]}) == 60


async def test_counts_come_as_json_and_as_a_table(signed_out, cast, olga):
    path = f"/departments/{cast.league.id}/counts?since=2026-01-01&until=2026-12-31"
    found = await sent(signed_out, "GET", path, **olga)
    assert found["department"]["id"] == cast.league.id
    assert found["definitions"]
    table = await signed_out.get(f"/api/v1{path}&format=csv", headers=olga)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    for query in ("since=2026-12-31&until=2026-01-01", "since=x&until=y", "since=0001-01-01&until=9999-12-31", ""):
        answer = await signed_out.get(f"/api/v1/departments/{cast.league.id}/counts?{query}", headers=olga)
        assert answer.status_code in (400, 422), query


# Keys against doing twice


async def made(client, cast, key: str | bytes | None, token: dict[str, str], name: str = "逐梦游学"):
    headers = {**token} | ({} if key is None else {"idempotency-key": key})
    body = {"name": name, "kind": "lecture", "host": cast.league.id}
    return await client.post("/api/v1/programmes", json=body, headers=headers)


async def programmes() -> int:
    return await database.value("SELECT count(*) FROM programme")


async def test_the_same_key_and_request_get_the_first_answer(signed_out, cast, olga):
    first, again = [await made(signed_out, cast, "k1", olga) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert await programmes() == 1


async def test_without_a_key_each_request_makes_one(signed_out, cast, olga):
    assert [(await made(signed_out, cast, None, olga)).status_code for _ in range(2)] == [201, 201]
    assert await programmes() == 2


async def test_a_key_that_comes_with_another_request_is_refused(signed_out, cast, olga):
    await made(signed_out, cast, "k1", olga)
    answer = await made(signed_out, cast, "k1", olga, "另一个")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    other = await signed_out.post(
        "/api/v1/events",
        json={"programme_id": 1, "title": "x", "kind": "lecture"},
        headers={**olga, "idempotency-key": "k1"},
    )
    assert other.status_code == 409
    assert await programmes() == 1


async def test_keys_of_different_callers_never_meet(signed_out, cast, olga):
    other = await fresh(cast.olga.id, *Scope)
    first, second = await made(signed_out, cast, "k1", olga), await made(signed_out, cast, "k1", other)
    assert first.json()["id"] != second.json()["id"]


async def test_what_was_refused_leaves_no_key_behind(signed_out, cast, olga):
    assert (await made(signed_out, cast, "k1", olga, "")).status_code == 422
    assert (await made(signed_out, cast, "k1", olga)).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 91, "x" * 300, "键".encode(), b"\xff", "a\tb"])
async def test_a_key_that_is_none_is_refused(signed_out, cast, olga, key):
    answer = await made(signed_out, cast, key, olga)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert await programmes() == 0


async def test_two_requests_with_one_key_at_once_make_one(signed_out, cast, olga):
    answers = await asyncio.gather(*(made(signed_out, cast, "k1", olga) for _ in range(6)))
    assert {(each.status_code, each.json()["id"]) for each in answers} == {(201, 1)}
    assert await programmes() == 1
