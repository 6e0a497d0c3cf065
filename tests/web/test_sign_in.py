"""Signing in and out through the pages: what a code is good for, and what nobody learns from the answers."""

import re
from datetime import timedelta

import msgspec
import pytest

from events import database
from events.notice.codes import open_code
from events.people.actions.staff import add_staff, appoint
from events.people.logins import hash_token
from events.people.queries import staff_member
from tests import make
from tests.web.reading import Seen, press, see
from web.session import cookie_name

ALICE, NOBODY = "13800000001", "13811111111"
ELSEWHERE = [
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example"),
    *("javascript:alert(1)", "/%09/evil.example\t", "/\r\nLocation: https://evil.example", "///evil.example"),
    *("evil.example", " /me", "http:///evil.example", "/\x00me", "data:text/html,x", ""),
]


async def sent_code(db, account: str) -> str:
    """The digits of the newest letter, as they would arrive."""
    facts = await database.value("SELECT facts FROM notice WHERE address = $1 ORDER BY id DESC LIMIT 1", account)
    letter = msgspec.json.decode(facts)
    return open_code(db.secret, letter["code_id"], letter["sealed"])


async def ask(client, account: str, audience: str = "student", next: str = "/me"):
    """The page that asks for the code."""
    start = "/staff/sign-in" if audience == "staff" else "/sign-in"
    shown = await see(client, start, params={"next": next})
    return await press(client, shown.form(f"/{audience}/sign-in/code"), account=account)


def code_form(answer, audience: str = "student"):
    return Seen(answer.text).form(f"/{audience}/sign-in/login")


async def age_codes(minutes: float) -> None:
    await database.rows(
        "UPDATE sign_in_code SET created_at = created_at - $1::interval, expires_at = expires_at - $1::interval",
        timedelta(minutes=minutes),
    )


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06}"


async def is_signed_in(client) -> bool:
    return (await client.get("/me", follow_redirects=False)).status_code == 200


async def test_alice_signs_in_with_the_phone_of_the_roster_and_lands_where_she_wanted(signed_out, cast, db):
    answer = await ask(signed_out, "138 0000 0001", next="/me/profile")
    assert answer.status_code == 200
    assert "138****0001" in answer.text.replace(" ", "")
    entered = await press(signed_out, code_form(answer), code=await sent_code(db, "+8613800000001"))
    assert (entered.status_code, entered.headers["location"]) == (303, "/me/profile")
    assert "王小燕" in (await see(signed_out, "/me")).text


async def test_a_browser_that_comes_for_the_first_time_can_sign_in(browser, cast, db):
    client = await browser()
    client.cookies.clear()
    answer = await ask(client, ALICE)
    entered = await press(client, code_form(answer), code=await sent_code(db, "+8613800000001"))
    assert (entered.status_code, entered.headers["location"]) == (303, "/me")


async def test_a_browser_without_cookies_is_told_so(browser):
    client = await browser()
    client.cookies.clear()
    first = await client.get("/sign-in?next=/me%26x%3D1", follow_redirects=False)
    client.cookies.clear()
    second = await client.get(first.headers["location"], follow_redirects=False)
    assert second.status_code == 400
    assert "Cookie" in Seen(second.text).text


async def test_a_code_is_good_once(signed_out, browser, cast, db):
    answer = await ask(signed_out, ALICE)
    digits = await sent_code(db, "+8613800000001")
    assert (await press(signed_out, code_form(answer), code=digits)).status_code == 303
    other = await browser()
    again = await ask(other, ALICE)
    assert again.status_code == 429
    assert (await press(other, code_form(again), code=digits)).status_code == 422
    assert not await is_signed_in(other)


async def test_a_good_code_ends_the_earlier_one(signed_out, cast, db):
    await ask(signed_out, ALICE)
    earlier = await sent_code(db, "+8613800000001")
    await age_codes(2)
    answer = await ask(signed_out, ALICE)
    form = code_form(answer)
    assert (await press(signed_out, form, code=await sent_code(db, "+8613800000001"))).status_code == 303
    assert await database.value("SELECT count(*) FROM sign_in_code WHERE used_at IS NULL") == 0
    assert earlier


async def test_five_wrong_tries_end_a_code(signed_out, cast, db):
    answer = await ask(signed_out, ALICE)
    digits = await sent_code(db, "+8613800000001")
    for _ in range(5):
        refused = await press(signed_out, code_form(answer), code=wrong(digits))
        assert refused.status_code == 422
    assert (await press(signed_out, code_form(answer), code=digits)).status_code == 422
    assert not await is_signed_in(signed_out)


async def test_the_fifth_try_still_counts(signed_out, cast, db):
    answer = await ask(signed_out, ALICE)
    digits = await sent_code(db, "+8613800000001")
    for _ in range(4):
        await press(signed_out, code_form(answer), code=wrong(digits))
    assert (await press(signed_out, code_form(answer), code=digits)).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 303), (10.1, 422)])
async def test_a_code_lasts_ten_minutes(signed_out, cast, db, minutes, status):
    answer = await ask(signed_out, ALICE)
    digits = await sent_code(db, "+8613800000001")
    await age_codes(minutes)
    assert (await press(signed_out, code_form(answer), code=digits)).status_code == status


async def test_a_code_for_students_does_not_sign_staff_in(signed_out, cast, db):
    await make.student("Olga", email="olga@example.org")
    await ask(signed_out, "olga@example.org")
    digits = await sent_code(db, "olga@example.org")
    staff = await ask(signed_out, "olga@example.org", "staff", "/organizer")
    staff_digits = await sent_code(db, "olga@example.org")
    if digits != staff_digits:
        assert (await press(signed_out, code_form(staff, "staff"), code=digits)).status_code == 422
    assert (await press(signed_out, code_form(staff, "staff"), code=staff_digits)).status_code == 303


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "１２３４５６", "abcdef", "-12345", "0" * 10_000, "12\x0034"]
)
async def test_what_is_no_code_is_refused(signed_out, cast, db, typed):
    answer = await ask(signed_out, ALICE)
    if typed == await sent_code(db, "+8613800000001"):
        return
    refused = await press(signed_out, code_form(answer), code=typed)
    assert refused.status_code in (400, 422)
    assert not await is_signed_in(signed_out)


async def test_one_code_a_minute_five_an_hour_ten_a_day(signed_out, cast, db):
    async def made() -> int:
        return await database.value("SELECT count(*) FROM sign_in_code")

    assert (await ask(signed_out, ALICE)).status_code == 200
    too_soon = await ask(signed_out, ALICE)
    assert (too_soon.status_code, await made()) == (429, 1)
    assert code_form(too_soon)  # the code that is on its way still works
    for already in range(1, 5):
        await age_codes(2)
        assert ((await ask(signed_out, ALICE)).status_code, await made()) == (200, already + 1)
    await age_codes(2)
    assert ((await ask(signed_out, ALICE)).status_code, await made()) == (429, 5)
    for already in range(5, 10):
        await age_codes(61)
        assert ((await ask(signed_out, ALICE)).status_code, await made()) == (200, already + 1)
    await age_codes(61)
    assert ((await ask(signed_out, ALICE)).status_code, await made()) == (429, 10)
    await age_codes(24 * 60)
    assert ((await ask(signed_out, ALICE)).status_code, await made()) == (200, 11)


async def test_the_limit_of_one_account_is_not_the_limit_of_another(signed_out, cast):
    assert (await ask(signed_out, ALICE)).status_code == 200
    assert (await ask(signed_out, "13800000002")).status_code == 200


def without_tokens(page: str, *names: str) -> str:
    page = re.sub(r'nonce="[^"]+"|name="(csrf_token|sealed)" value="[^"]+"', "", page)
    for name in names:
        page = page.replace(name, "NAME")
    return page


async def test_known_and_unknown_accounts_get_the_same_answer(browser, cast):
    """Whatever is asked and whatever is typed: nobody learns who is on a roster or who works here."""
    pairs = [("student", ALICE, NOBODY), ("student", "alice@example.org", "alicf@example.org")]
    pairs.append(("staff", "olga@example.org", "olgb@example.org"))
    for audience, known, unknown in pairs:
        pages = []
        for account in (known, unknown):
            client = await browser()
            asked = await ask(client, account, audience, "/")
            shown = Seen(asked.text).text
            again = await ask(client, account, audience, "/")
            tried = await press(client, code_form(asked, audience), code="000000")
            names = (account, *re.findall(r"如果 (\S+) 可以登录", shown))
            pages.append([(each.status_code, without_tokens(each.text, *names)) for each in (asked, again, tried)])
        assert pages[0] == pages[1]


async def test_a_letter_goes_only_to_staff_that_are_there(signed_out, cast):
    await ask(signed_out, "nobody@example.org", "staff")
    await database.rows("UPDATE staff SET disabled_at = now() WHERE email = 'petr@example.org'")
    await ask(signed_out, "petr@example.org", "staff")
    assert await database.value("SELECT count(*) FROM notice") == 0
    assert await database.value("SELECT count(*) FROM sign_in_code") == 2


async def test_somebody_whom_no_roster_names_becomes_a_student_off_the_roster(signed_out, db):
    answer = await ask(signed_out, NOBODY)
    assert (await press(signed_out, code_form(answer), code=await sent_code(db, "+8613811111111"))).status_code == 303
    row = await database.row("SELECT name, number, phone, school FROM student")
    assert tuple(row) == ("", None, "+8613811111111", "")
    assert "名单外" in (await see(signed_out, "/me")).text


async def test_several_people_behind_one_phone_choose(signed_out, browser, cast, db):
    sister = await make.student("王小雁", phone="+8613800000001", number="2499999999")
    answer = await ask(signed_out, ALICE)
    which = await press(signed_out, code_form(answer), code=await sent_code(db, "+8613800000001"))
    assert which.status_code == 200
    assert not await is_signed_in(signed_out)
    assert "王小雁" not in which.text
    form = Seen(which.text).form("/sign-in/person")
    assert (await press(signed_out, form, student=str(cast.bob.id))).status_code == 404
    thief = await browser()
    assert (await thief.submit("/sign-in/person", {**form.fields, "student": str(sister.id)})).status_code in (403, 404)
    forged = {**form.fields, "account": "+8613800000002", "student": str(cast.bob.id)}
    assert (await signed_out.submit("/sign-in/person", forged)).status_code == 404
    assert (await press(signed_out, form, student=str(sister.id))).status_code == 303
    assert "王小雁" in (await see(signed_out, "/me")).text


async def test_the_choice_among_several_ends_with_the_code(signed_out, cast, db, monkeypatch):
    await make.student("王小雁", phone="+8613800000001")
    answer = await ask(signed_out, ALICE)
    which = await press(signed_out, code_form(answer), code=await sent_code(db, "+8613800000001"))
    form = Seen(which.text).form("/sign-in/person")
    until, _, mac = form.fields["sealed"].partition(".")
    for forged in (
        f"{int(until) + 3600}.{mac}",
        f"{int(until) - 3600}.{mac}",
        mac,
        f".{mac}",
        "",
        "9" * 5000 + f".{mac}",
    ):
        assert (await press(signed_out, form, sealed=forged, student=str(cast.alice.id))).status_code == 404


async def test_a_planted_cookie_is_not_adopted(browser, cast, db):
    client = await browser()
    client.keep(cookie_name(db), "planted-by-somebody")
    answer = await ask(client, ALICE)
    await press(client, code_form(answer), code=await sent_code(db, "+8613800000001"))
    assert client.cookies[cookie_name(db)] != "planted-by-somebody"
    assert await database.value("SELECT count(*) FROM login") == 1
    planted = hash_token("planted-by-somebody")
    assert await database.value("SELECT count(*) FROM login WHERE token_hash = $1", planted) == 0


async def test_signing_in_again_ends_what_the_browser_was_signed_in_as(as_bob, browser, cast, db):
    bobs = as_bob.cookies[cookie_name(db)]
    answer = await ask(as_bob, ALICE)
    await press(as_bob, code_form(answer), code=await sent_code(db, "+8613800000001"))
    assert "王小燕" in (await see(as_bob, "/me")).text
    thief = await browser()
    thief.keep(cookie_name(db), bobs)
    assert not await is_signed_in(thief)


async def test_signing_out_is_at_once_and_everywhere_that_token_is(as_alice, browser, db):
    copy = await browser()
    copy.keep(cookie_name(db), as_alice.cookies[cookie_name(db)])
    assert await is_signed_in(copy)
    answer = await as_alice.submit("/sign-out")
    assert answer.headers["clear-site-data"] == '"storage"'
    assert not await is_signed_in(copy)
    assert not await is_signed_in(as_alice)


async def test_tokens_are_not_in_the_database_as_they_are(as_alice, db):
    token = as_alice.cookies[cookie_name(db)]
    assert await database.value("SELECT token_hash FROM login") == hash_token(token)
    assert (
        await database.value("SELECT count(*) FROM login WHERE encode(token_hash, 'escape') LIKE $1", f"%{token}%") == 0
    )


async def test_a_sign_in_of_staff_ends_after_twelve_hours(as_olga):
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 200
    left = await database.value("SELECT expires_at - now() FROM login")
    assert timedelta(hours=11) < left <= timedelta(hours=12)
    await database.rows("UPDATE login SET expires_at = now()")
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 303


async def test_disabled_staff_are_out_at_the_next_request(as_olga, cast):
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 200
    await database.rows("UPDATE staff SET disabled_at = now() WHERE id = $1", cast.olga.id)
    answer = await as_olga.get("/organizer", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in?next=/organizer")


async def test_a_new_role_signs_out_so_that_the_next_sign_in_has_it(as_olga, cast):
    owner = await staff_member(await appoint("Anna", "anna@example.org", {cast.league.id: "owner"}))
    await add_staff(owner, "Olga", "olga@example.org", cast.league.id, "gate")
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 303


@pytest.mark.parametrize("next", ELSEWHERE)
async def test_next_never_leads_elsewhere(signed_out, cast, db, next):
    shown = await signed_out.get("/sign-in", params={"next": next})
    if shown.status_code != 400:  # control characters
        assert Seen(shown.text).form("/student/sign-in/code").fields["next"] == "/"
    answer = await ask(signed_out, ALICE)
    form = code_form(answer)
    entered = await press(signed_out, form, code=await sent_code(db, "+8613800000001"), next=next)
    assert entered.status_code in (303, 400)
    assert entered.headers.get("location", "/") == "/"


@pytest.mark.parametrize("next", [each for each in ELSEWHERE if each])
async def test_no_link_that_takes_a_next_leads_elsewhere(signed_out, next):
    for path in ("/language/en", "/size/large"):
        answer = await signed_out.get(path, params={"next": next}, follow_redirects=False)
        assert answer.headers.get("location", "/") == "/"


async def test_the_sign_in_keeps_the_whole_address_that_was_asked_for(signed_out, cast):
    asked = await signed_out.get("/organizer/events?state=draft&text=a%26b", follow_redirects=False)
    shown = Seen((await signed_out.get(asked.headers["location"])).text)
    assert shown.form("/staff/sign-in/code").fields["next"] == "/organizer/events?state=draft&text=a%26b"


@pytest.mark.parametrize("path", ["/admin/sign-in/code", "/admin/sign-in/login", "/Student/sign-in/code"])
async def test_there_are_two_audiences(signed_out, path):
    assert (await signed_out.submit(path, {"account": ALICE})).status_code == 404


@pytest.mark.parametrize(
    "account", ["", " ", "12345", "+1 202 555 0100", "a@b@c", "x" * 5000, "a@b.cn\r\nBcc: c@d.cn", "👩"]
)
async def test_an_account_that_is_none_is_refused_and_kept(signed_out, account):
    answer = await ask(signed_out, account)
    assert answer.status_code == 422
    assert await database.value("SELECT count(*) FROM sign_in_code") == 0


async def test_visits_without_signing_in_leave_no_rows(browser):
    for _ in range(20):
        client = await browser()
        client.cookies.clear()
        await client.get("/")
        await client.get("/sign-in")
    assert await database.value("SELECT count(*) FROM login") == 0
