"""What sam sees at the door: a stop, a verdict, the way back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from events import database
from events.ticket.queries import code_text, signing_key, ticket_of
from templates.language import LOCALES
from tests import make
from tests.web.reading import Seen, press, see

JSON = {"accept": "application/json"}


@dataclass(frozen=True)
class Door:
    stop: int
    event: int
    booking: int
    code: str
    qr: str

    @property
    def path(self) -> str:
        return f"/gate/{self.stop}"


@pytest_asyncio.fixture
async def door(cast, app, db) -> Door:
    event = await make.event(await make.programme(cast.league.id, kind="lecture"), title="青年夜校")
    begun = make.now() - timedelta(minutes=10)
    session = await make.session(event, starts_at=begun, opens_at=begun - timedelta(days=1))
    stop = await make.stop(event, name="东门")
    booking = await make.booking(session, cast.alice)
    text = code_text(await ticket_of(cast.alice.id, booking.code), await signing_key(db.secret))
    return Door(stop.id, event.id, booking.id, booking.code, text)


async def scan(client, door: Door, code: str, nonce: str = "", source: str = "camera"):
    return await client.submit(
        f"{door.path}/scans", {"code": code, "source": source, "nonce": nonce or str(uuid4())}, headers=JSON
    )


async def admissions() -> int:
    return await database.value("SELECT count(*) FROM admission")


async def test_sam_chooses_among_the_stops_of_today(as_sam, door):
    page = await see(as_sam, "/gate")
    assert door.path in page.links
    assert "青年夜校 · 东门" in page.text


async def test_there_may_be_nothing_to_scan(as_petr, door):
    assert "今天没有要验票的场次" in (await see(as_petr, "/gate")).text


async def test_a_good_code_is_let_in_once_and_the_second_time_told_when(as_sam, door):
    first = (await scan(as_sam, door, door.qr)).json()
    assert (first["admitted"], first["headline"]) == (True, "已签到")
    second = (await scan(as_sam, door, door.qr)).json()
    assert (second["admitted"], second["headline"]) == (False, "已经验过")
    assert any("东门" in line for line in second["lines"])
    assert await admissions() == 1


async def test_the_same_reading_sent_again_after_a_cut_line_is_the_same_scan(as_sam, door):
    nonce = str(uuid4())
    first, again = [(await scan(as_sam, door, door.qr, nonce)).json() for _ in range(2)]
    assert first == again
    assert await database.value("SELECT count(*) FROM scan") == 1


async def test_a_typed_code_works_without_script_in_any_writing(as_sam, door):
    page = await see(as_sam, door.path)
    forms = [each for each in page.forms if each.fields.get("source") == "typed"]
    typed = f" {door.code[:5].lower()}-{door.code[5:]} "
    answer = await press(as_sam, forms[0], code=typed)
    assert answer.status_code in (200, 201)
    seen = Seen(answer.text)
    assert "已签到" in seen.text
    assert await admissions() == 1
    undo = next(each for each in seen.forms if each.action.endswith("/undoing"))
    done = await press(as_sam, undo)
    assert (done.status_code, done.headers["location"]) == (303, door.path)
    assert "已撤销" in (await see(as_sam, door.path)).text
    assert await admissions() == 0


async def test_an_undo_is_possible_for_fifteen_minutes(as_sam, door):
    made = (await scan(as_sam, door, door.qr)).json()
    await database.rows("UPDATE scan SET scanned_at = scanned_at - interval '16 minutes'")
    path = f"{door.path}/scans/{made['scan_id']}/undoing"
    answer = await as_sam.submit(path, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")
    shown = await as_sam.submit(path, follow_redirects=True)
    assert "超过 15 分钟，不能再撤销了。" in Seen(shown.text).text
    assert await admissions() == 1


@pytest.mark.parametrize(
    ("code", "headline"),
    [
        ("", "不是本站的票"),
        ("x", "不是本站的票"),
        ("https://evil.example/", "不是本站的票"),
        ("wxp://f2f0-pay-code", "不是本站的票"),
        ("WIFI:S:x;P:y;;", "不是本站的票"),
        ("YT1:", "票码不完整"),
        ("YT1:ABC", "票码不完整"),
        ("<script>alert(1)</script>", "不是本站的票"),
        ("A" * 5000, "不是本站的票"),
        ("7K3M9-Q2WXD", "查无此票"),
    ],
)
async def test_what_is_no_ticket_is_refused_with_its_reason(as_sam, door, code, headline):
    answer = await scan(as_sam, door, code)
    said = answer.json()
    assert (said["admitted"], said["headline"]) == (False, headline)
    assert await admissions() == 0


async def test_a_code_with_its_letters_changed_is_never_let_in(as_sam, door):
    for twin in (door.qr.lower(), door.qr + "A", door.qr[:-1], door.qr + " ", "YT1:" + door.qr[4:][::-1], door.qr * 2):
        said = (await scan(as_sam, door, twin)).json()
        if said["admitted"]:  # a spelling that names the same ticket is that ticket, and only once
            await database.rows("DELETE FROM admission")
    assert await database.value("SELECT count(DISTINCT booking) FROM scan WHERE admitted") <= 1


async def test_a_ticket_of_another_event_is_told_apart_without_a_name(as_sam, door, cast, db):
    other = await make.booking(await make.session(await make.event(title="别的活动")), cast.bob)
    text = code_text(await ticket_of(cast.bob.id, other.code), await signing_key(db.secret))
    said = (await scan(as_sam, door, text)).json()
    assert (said["admitted"], said["headline"]) == (False, "是另一项活动的票")
    assert "李强" not in str(said)
    assert "李强" not in (await as_sam.get(door.path)).text


async def test_a_cancelled_booking_is_refused(as_sam, as_alice, door):
    await database.rows("UPDATE session SET cancel_until = now() + interval '1 hour'")
    await database.rows("UPDATE booking SET state = 'cancelled'")
    assert (await scan(as_sam, door, door.qr)).json()["headline"] == "报名已取消"


async def test_somebody_without_a_phone_is_found_by_name_and_the_search_is_written_down(as_sam, door):
    page = await see(as_sam, door.path, params={"search": "王小"})
    assert "王*燕" in page.text
    assert "王小燕" not in page.text
    found = next(each for each in page.forms if each.fields.get("source") == "search")
    assert "已签到" in (await press(as_sam, found)).text
    assert await database.value("SELECT count(*) FROM audit_entry WHERE act = 'gate.search'") == 1


@pytest.mark.parametrize("text", ["王", "x" * 41, "\u202e王小", "没有这个人", "%", "__", "' OR 1=1--", "{{7*7}}", "　"])
async def test_a_search_that_finds_nobody_shows_no_one(as_sam, door, text):
    page = await see(as_sam, door.path, params={"search": text})
    assert "王*燕" not in page.text


async def test_the_page_of_the_gate_counts_who_is_in(as_sam, door):
    assert "本场 0 / 1 人" in (await see(as_sam, door.path)).text
    await scan(as_sam, door, door.qr)
    assert "本场 1 / 1 人" in (await see(as_sam, door.path)).text


@pytest.mark.parametrize("nonce", ["", "x", "0" * 36, "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "{" + "0" * 5000])
async def test_a_nonce_that_is_none_is_replaced(as_sam, door, nonce):
    answer = await as_sam.submit(f"{door.path}/scans", {"code": door.qr, "nonce": nonce}, headers=JSON)
    assert answer.json()["admitted"] is True


async def test_a_nonce_of_another_code_is_refused(as_sam, door):
    nonce = str(uuid4())
    await scan(as_sam, door, door.qr, nonce)
    answer = await scan(as_sam, door, "7K3M9-Q2WXD", nonce)
    assert (answer.status_code, answer.json()["code"]) == (409, "nonce_reused")


async def test_a_steward_who_is_signed_out_is_told_in_json(signed_out, door):
    answer = await signed_out.submit(f"{door.path}/scans", {"code": door.qr}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


@pytest.mark.parametrize("locale", LOCALES)
async def test_one_walk_renders_every_page_of_the_gate(as_sam, door, locale):
    as_sam.keep("yantu-language", locale)
    await scan(as_sam, door, door.qr)
    await scan(as_sam, door, "x")
    for path in ("/gate", door.path, f"{door.path}?search=王小", f"{door.path}?search=x"):
        await see(as_sam, path)
    for code in (door.qr, "YT1:", "7K3M9-Q2WXD"):
        assert (await as_sam.submit(f"{door.path}/scans", {"code": code})).status_code in (200, 201)
