"""What every answer carries: headers, cookies, tokens; and what no answer ever repeats."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from events import database
from events.people.logins import sign_in_student
from tests import make
from tests.web.conftest import Browser, running
from tests.web.reading import Seen, press, see
from tests.web.test_access import MATRIX, address
from tests.web.test_sign_in import sent_code
from tests.web.world import make_world
from web.app import create_app
from web.session import cookie_name, sign

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
MAY_BE_SAFE = {"student/event.html"}  # Markdown of organizers, sanitised
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "connect-src": "'self'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}
SITE = "https://yantu.example"


@pytest_asyncio.fixture
async def world(cast):
    return await make_world(cast)


@pytest_asyncio.fixture
async def secure(db, cast):
    """A browser at the site as it runs in public."""
    await database.close_pool()
    settings = replace(db, base_url=SITE, development=False)
    application = create_app(settings)
    async with running(application):
        client = Browser(application, base_url=SITE)
        yield client


def policy(answer) -> dict[str, str]:
    parts = (each.strip().partition(" ") for each in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def nonce(answer) -> str:
    (found,) = re.findall(r"'nonce-([^']+)'", policy(answer)["script-src"])
    return found


def assert_framed(answer) -> None:
    given = policy(answer)
    assert {name: given[name] for name in POLICY} == POLICY
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    assert "http" not in answer.headers["content-security-policy"]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert len(answer.headers["x-request-id"]) == 16


def assert_nothing_inline(answer) -> None:
    page = Seen(answer.text)
    for tag, given in page.marks:
        assert "style" not in given, (tag, given)
        assert not [name for name in given if name.startswith("on")], (tag, given)
        leads = [str(given.get(name)).strip().lower() for name in ("href", "src", "action", "formaction")]
        assert not any(each.startswith(("javascript:", "data:text", "vbscript:")) for each in leads), (tag, given)
        if tag == "script":
            assert given["nonce"] == nonce(answer)
            assert str(given["src"]).startswith("/static/")
        if tag in ("link", "img", "script", "iframe", "form"):
            leads = given.get("src") or given.get("href") or given.get("action") or "/"
            assert leads.startswith("/"), (tag, given)
            assert not leads.startswith("//"), (tag, given)
    assert "<style" not in answer.text


async def test_every_page_is_framed_and_holds_nothing_inline(browser, cast, world):
    """Every page of every audience, as somebody sees it who may."""
    clients = {"nobody": await browser(), "anna": await browser(staff=world.anna)}
    clients |= {name: await browser(student=getattr(cast, name).id) for name in ("alice", "bob")}
    clients |= {name: await browser(staff=getattr(cast, name).id) for name in ("olga", "petr", "sam", "dora")}
    pages = 0
    for line, rule in MATRIX.items():
        method, path = line.split()
        viewer = next(iter(rule.allowed), rule.audience[0])
        if method != "GET" or "{import_id}" in path:
            continue
        answer = await clients[viewer].get(address(path, world.ids), follow_redirects=False)
        assert answer.status_code < 500, line
        assert_framed(answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert_nothing_inline(answer)
            assert answer.headers["cache-control"] == "no-store", line
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            pages += 1
    assert pages > 50


@pytest.mark.parametrize("path", ["/nothing", "/events/0", "/api/v1/nothing", "/?cursor=x", "/static/nothing.js"])
async def test_errors_are_framed_too(signed_out, path):
    answer = await signed_out.get(path)
    assert answer.status_code in (404, 422)
    assert_framed(answer)


@pytest.mark.parametrize("host", ["", "a b", "evil.example/", "a,b", "x" * 300, "a:99999", "a:b", "[::1", "a:"])
async def test_a_host_that_is_none_is_refused_in_the_same_frame(signed_out, cast, host):
    event = (await make.session()).event
    for path in ("/", f"/events/{event}", "/sign-in", "/nothing", "/api/v1/events"):
        signed_out.cookies.clear()
        answer = await signed_out.get(path, headers={"host": host}, follow_redirects=False)
        assert answer.status_code in (200, 303, 400, 404)
        assert_framed(answer)


async def test_a_page_that_strangers_share_has_a_nonce_and_a_language_for_each(signed_out, cast):
    event = (await make.session()).event
    signed_out.cookies.clear()
    answers = [await signed_out.get(f"/events/{event}?from=wechat") for _ in range(3)]
    assert len({nonce(each) for each in answers}) == 3
    for each in answers:
        assert_nothing_inline(each)
        assert each.headers["cache-control"] == "no-store"
        assert "set-cookie" not in each.headers
    english = await signed_out.get(f"/events/{event}?from=wechat", headers={"accept-language": "en"})
    assert 'lang="en"' in english.text.split("<head>")[0]


async def test_a_page_that_strangers_share_is_not_given_to_those_who_are_known(signed_out, as_alice, cast):
    session = await make.session()
    booking = await make.booking(session, cast.alice)
    signed_out.cookies.clear()
    first = await signed_out.get(f"/events/{session.event}")
    hers = await as_alice.get(f"/events/{session.event}")
    last = await signed_out.get(f"/events/{session.event}")
    assert booking.code in hers.text
    assert booking.code not in first.text + last.text
    assert "王小燕" not in first.text + last.text


async def test_the_nonce_is_new_for_each_request(signed_out):
    seen = [nonce(await signed_out.get("/")) for _ in range(5)]
    assert len(set(seen)) == 5
    assert all(len(each) >= 20 for each in seen)


async def test_what_a_browser_says_it_wants_of_us_is_not_believed(signed_out):
    """A nonce or a request id of the client's own making is not taken over."""
    answer = await signed_out.get("/", headers={"x-request-id": "mine", "x-nonce": "mine"})
    assert answer.headers["x-request-id"] != "mine"
    assert "mine" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_holds_inline_code_or_unescaped_text(template):
    name, text = template.relative_to(TEMPLATES).as_posix(), template.read_text(encoding="utf-8")
    if name.startswith("letters/"):
        assert "<script" not in text
        return
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|https?://(?!www\.w3\.org)", text) == []
    assert all(" src=" in each and "nonce=" in each for each in re.findall(r"<script[^>]*>", text))
    assert "|safe" not in text or name in MAY_BE_SAFE
    assert "autoescape" not in text


async def test_files_with_a_hash_in_their_name_are_kept_for_a_year_and_others_are_not(signed_out):
    page = await see(signed_out, "/")
    (sheet,) = [given["href"] for tag, given in page.marks if tag == "link" and given.get("rel") == "stylesheet"]
    assert (await signed_out.get(sheet)).headers["cache-control"] == "max-age=31536000, public, immutable"
    assert (await signed_out.get("/static/site.webmanifest")).headers["cache-control"] == "max-age=3600, public"


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/static//etc/passwd"]
)
async def test_no_file_outside_the_folder_is_served(signed_out, path):
    assert (await signed_out.get(path)).status_code == 404


# Cookies


async def test_the_cookies_of_the_public_site_are_tied_to_it(secure, db, cast):
    first = await secure.get("/sign-in", follow_redirects=False)
    (visitor,) = first.headers.get_list("set-cookie")
    assert_tied(visitor, "__Host-yantu-visitor")
    secure.keep(cookie_name(replace(db, base_url=SITE)), await sign_in_student(cast.alice.id))
    secure.csrf = sign(db.secret, "form", secure.cookies[cookie_name(replace(db, base_url=SITE))])
    answer = await secure.submit("/sign-out")
    for cookie in answer.headers.get_list("set-cookie"):
        assert_tied(cookie, "__Host-yantu-")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def assert_tied(cookie: str, name: str) -> None:
    parts = [each.strip().lower() for each in cookie.split(";")]
    assert cookie.startswith(name)
    assert {"httponly", "secure", "path=/", "samesite=lax"} <= set(parts)
    assert not any(each.startswith("domain") for each in parts)


async def test_the_cookie_of_a_sign_in_is_tied_too(secure, db, cast):
    shown = await see(secure, "/sign-in")
    answer = await press(secure, shown.form("/student/sign-in/code"), account="13800000001")
    form = Seen(answer.text).form("/student/sign-in/login")
    assert "/dev/inbox" not in answer.text
    entered = await press(secure, form, code=await sent_code(db, "+8613800000001"))
    cookies = entered.headers.get_list("set-cookie")
    assert sorted(each.split("=")[0] for each in cookies) == ["__Host-yantu-login", "__Host-yantu-visitor"]
    for cookie in cookies:
        assert_tied(cookie, "__Host-yantu-")


async def test_the_inbox_of_development_is_not_there_in_public(secure):
    assert (await secure.get("/dev/inbox")).status_code == 404


async def test_the_cookie_of_development_means_nothing_in_public(secure, cast):
    secure.keep("yantu-login", await sign_in_student(cast.alice.id))
    assert (await secure.get("/me", follow_redirects=False)).status_code == 303


async def test_a_choice_of_language_is_a_cookie_that_scripts_cannot_read(signed_out):
    answer = await signed_out.get("/language/en", follow_redirects=False)
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


# Forged requests


async def name_of(student) -> str:
    return await database.value("SELECT email FROM student WHERE id = $1", student.id)


@pytest.mark.parametrize("fields", [[], [""], ["x"], ["0" * 64], ["x", "RIGHT"], ["RIGHT", "x"], ["RIGHT", "RIGHT"]])
async def test_a_write_needs_the_token_of_the_form_once(as_alice, cast, fields):
    tokens = [as_alice.csrf if each == "RIGHT" else each for each in fields]
    body = "&".join([*(f"csrf_token={each}" for each in tokens), "email=mallory@example.org"])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await as_alice.post("/me/profile", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert "请刷新后再提交一次" in answer.text
    assert await name_of(cast.alice) == "alice@example.org"


async def test_the_token_of_another_session_or_of_an_earlier_one_is_worth_nothing(as_alice, as_bob, cast, db):
    for token in (as_bob.csrf, sign(db.secret, "form", "visitor"), sign(db.secret, "flash", "x")):
        answer = await as_alice.post("/me/profile", data={"csrf_token": token, "email": "mallory@example.org"})
        assert answer.status_code == 403
    earlier = as_alice.csrf
    as_alice.keep(cookie_name(db), await sign_in_student(cast.alice.id))
    answer = await as_alice.post("/me/profile", data={"csrf_token": earlier, "email": "mallory@example.org"})
    assert answer.status_code == 403
    assert await name_of(cast.alice) == "alice@example.org"


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", "http://evil.example", "https://testserver.local.evil.example", "http://sub.testserver.local"),
        *("http://testserver.local:8080", "testserver.local", "http://[", "http://testserver.local@evil.example"),
    ],
)
async def test_a_request_of_another_site_is_refused_even_with_the_right_token(as_alice, cast, origin):
    answer = await as_alice.submit("/me/profile", {"email": "mallory@example.org"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert await name_of(cast.alice) == "alice@example.org"


async def test_a_request_of_our_own_site_is_taken(as_alice, cast):
    headers = {"origin": "http://testserver.local"}
    answer = await as_alice.submit("/me/profile", {"email": "a@example.org"}, headers=headers)
    assert (answer.status_code, await name_of(cast.alice)) == (303, "a@example.org")


async def test_in_public_the_origin_is_the_site_over_https(secure, db, cast):
    secure.keep("__Host-yantu-login", token := await sign_in_student(cast.alice.id))
    secure.csrf = sign(db.secret, "form", token)
    for origin, status in ((SITE, 303), ("http://yantu.example", 403), ("https://evil.example", 403)):
        answer = await secure.submit("/me/profile", {"email": "a@example.org"}, headers={"origin": origin})
        assert answer.status_code == status


async def test_a_token_alone_lets_nobody_in(signed_out, as_alice, cast):
    """CVE-2026-40776: a public token is not a permission."""
    answer = await signed_out.submit("/me/profile", {"email": "mallory@example.org"})
    assert answer.headers["location"].startswith("/sign-in")
    assert await name_of(cast.alice) == "alice@example.org"


async def test_a_write_to_the_api_by_cookie_needs_the_token_too(as_alice, cast):
    session = await make.session()
    for headers in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "x" * 64}, {"x-csrf-token": "ü"}):
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = await as_alice.post(f"/api/v1/sessions/{session.id}/bookings", json={}, headers=encoded)
        assert (answer.status_code, answer.json()["code"]) == (403, "stale_form_token")
    assert await database.value("SELECT count(*) FROM booking") == 0
    good = {"x-csrf-token": as_alice.csrf}
    assert (await as_alice.post(f"/api/v1/sessions/{session.id}/bookings", json={}, headers=good)).status_code == 201


# Limits and hosts


@pytest.mark.parametrize("size", [64 * 1024, 1024 * 1024])
async def test_a_form_is_at_most_64_kb(as_alice, cast, size):
    answer = await as_alice.submit("/me/profile", {"email": "a" * size})
    assert answer.status_code == 413
    assert "提交的内容太大了" in answer.text


async def test_a_body_without_a_length_is_counted_as_it_comes(as_alice):
    async def endless():
        for _ in range(100):
            yield b"x" * 1024

    headers = {"content-type": "application/x-www-form-urlencoded", "x-csrf-token": as_alice.csrf}
    assert (await as_alice.post("/me/profile", content=endless(), headers=headers)).status_code == 413


async def test_json_is_at_most_64_kb(signed_out, cast, world):
    answer = await signed_out.post("/api/v1/programmes", content=b" " * 70_000, headers=world.olga)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "gopher", "x-forwarded-prefix": "/evil.example"},
        {"forwarded": "host=evil.example;proto=https"},
        {"x-original-url": "/evil.example", "x-rewrite-url": "/evil.example"},
    ],
)
async def test_no_header_ends_up_in_a_link(as_alice, browser, cast, headers):
    booking = await make.booking(await make.session(), cast.alice)
    paths = (
        "/",
        f"/events/{await database.value('SELECT event FROM session')}",
        "/sign-in",
        f"/tickets/{booking.code}",
    )
    as_alice.cookies = dict(as_alice.cookies.items())  # whatever host is asked
    for path in (*paths, f"/tickets/{booking.code}/calendar.ics", "/nothing", "/organizer"):
        answer = await as_alice.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code < 500
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("location", "")


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "get"])
async def test_an_address_says_which_methods_it_takes(signed_out, method):
    for path in ("/", "/api/v1/events"):
        answer = await signed_out.request(method.encode() if method == "get" else method, path)
        assert answer.status_code in (405, 200 if method == "get" else 405)
        if answer.status_code == 405:
            assert "GET" in answer.headers["allow"]


async def test_the_method_in_a_header_or_a_field_is_not_taken(as_alice, cast):
    session = await make.session()
    booking = await make.booking(session, cast.alice)
    for headers in ({"x-http-method-override": "POST"}, {"x-method-override": "DELETE"}):
        answer = await as_alice.get(f"/bookings/{booking.code}/cancellation?_method=POST", headers=headers)
        assert answer.status_code == 405
    assert await database.value("SELECT state FROM booking") == "confirmed"


async def test_metrics_count_unknown_methods_as_one(signed_out):
    for method in ("BREW", "FROB", "X" * 50):
        await signed_out.request(method, "/")
    metrics = (await signed_out.get("/metrics")).text
    assert 'method="other"' in metrics
    assert "BREW" not in metrics
    assert "FROB" not in metrics
