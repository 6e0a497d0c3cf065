"""Whatever is sent: an answer below 500, nothing changed that was refused, nothing run that was text."""

import re

import pytest
import pytest_asyncio

from events import database
from tests import make
from tests.web.reading import Seen, press
from tests.web.test_access import MATRIX, address, ask, everything
from tests.web.test_headers import assert_nothing_inline
from tests.web.world import make_world

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}${7*7}%(x)s{0.__class__}</title></textarea>'
TEXTS = {
    "markup": MARKUP,
    "empty": "",
    "full-width space": "\u3000\u3000",
    "zero width": "\u200b\u200d\ufeff",
    "a kilobyte": "长" * 1000,
    "30 kB": "x" * 30_000,
    "combining marks": "a" + "\u0301" * 20_000,
    "override": "\u202eabc\u202d",
    "line ends": "a\r\nBcc: x@example.org\r\n\r\nb",
    "control": "a\x01b\x1b[31m",
    "nul": "a\x00b",
    "sql": "' OR 1=1; DROP TABLE student; --",
    "path": "../../../../etc/passwd",
    "link": "javascript:alert(1)",
    "minus one": "-1",
    "exponent": "1e3",
    "full-width number": "１２",
    "beyond int4": "2147483648",
    "beyond int8": "9223372036854775808",
    "long number": "9" * 5000,
    "not a number": "NaN",
    "year 1": "0001-01-01T00:00",
    "year 9999": "9999-12-31T23:59",
    "no such day": "2027-02-30T10:00",
    "leap second": "2026-12-31T23:59:60",
    "emoji": "👩‍👩‍👧‍👦🇨🇳",
    "rare": "𠮷𡈽龘\U00030000",
}
STORED = ("markup", "link", "sql", "rare", "emoji")  # what some field takes, and every page must show
NO_ID = ["0", "-1", "2147483648", "9223372036854775808", "1" + "0" * 30]
TYPED = re.compile(r"^(csrf_token|version|once|then|confirmed|kind)$")


@pytest_asyncio.fixture
async def world(cast):
    return await make_world(cast)


async def forms_of(client, world, viewer: str):
    """Every form that posts, on every page that this viewer may see, each with the page on which it stands."""
    for line, rule in MATRIX.items():
        method, path = line.split()
        if method != "GET" or viewer not in rule.allowed or path.startswith("/api") or "{import_id}" in path:
            continue
        answer = await client.get(address(path, world.ids))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for form in Seen(answer.text).forms:
            if form.method == "post" and form.action != "/sign-out":
                yield path, form


@pytest.mark.parametrize("what", TEXTS)
async def test_no_text_in_any_field_of_any_form_breaks_or_becomes_code(browser, cast, world, what):
    """Each field of each form is filled with it, all at once; then every page is looked at."""
    clients = {name: await browser(student=getattr(cast, name).id) for name in ("alice",)}
    clients |= {"olga": await browser(staff=cast.olga.id), "sam": await browser(staff=cast.sam.id)}
    clients["nobody"] = await browser()
    tried, broken = 0, []
    for viewer, client in clients.items():
        forms = [each async for each in forms_of(client, world, viewer)]
        before = await everything()
        for path, form in forms:
            typed = {name: TEXTS[what] for name in form.fields if not TYPED.match(name)}
            answer = await press(client, form, **typed)
            tried += 1
            if answer.status_code >= 500:
                broken.append((path, form.action, viewer, answer.status_code))
            now = await everything()
            if answer.status_code >= 400 and now != before:
                broken.append((path, form.action, viewer, "refused and yet something changed"))
            before = now
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert_nothing_inline(answer)
    assert not broken, "\n".join(map(str, broken))
    assert tried > 20
    if what in STORED:
        await every_page_is_clean(clients, world)


async def every_page_is_clean(clients, world) -> None:
    for line, rule in MATRIX.items():
        method, path = line.split()
        if method == "GET" and "{import_id}" not in path:
            for viewer in {*rule.allowed} & {*clients}:
                answer = await clients[viewer].get(address(path, world.ids))
                assert answer.status_code < 500, (path, viewer)
                if answer.headers.get("content-type", "").startswith("text/html"):
                    assert_nothing_inline(answer)


async def test_markup_in_every_text_of_an_event_is_shown_as_it_was_written(browser, cast, signed_out, db):
    programme = await make.programme(cast.league.id, name=MARKUP[:80])
    texts = dict.fromkeys(("title", "summary", "place", "address"), MARKUP[:100]) | {"edition": MARKUP[:30]}
    event = await make.event(programme, **texts, body=MARKUP, district=MARKUP[:40])
    session = await make.session(event, note=MARKUP[:100], place=MARKUP[:100])
    await database.rows("UPDATE pool SET name = $1, choice = '', note = $2", MARKUP[:50], MARKUP[:100])
    await make.pool(session, name=MARKUP[:50], choice=MARKUP[:40], note=MARKUP[:50])
    await make.question(event, "choice", label=MARKUP[:100], help=MARKUP[:100], options=[MARKUP[:50], "b"])
    await make.stop(event, name=MARKUP[:50])
    somebody = await make.student(MARKUP[:60], college=MARKUP[:60], class_name=MARKUP[:60], major=MARKUP[:60])
    booking = await make.booking(session, somebody)
    student, olga, sam = (
        await browser(student=somebody.id),
        await browser(staff=cast.olga.id),
        await browser(staff=cast.sam.id),
    )
    shown = {
        student: [
            "/",
            "/calendar",
            f"/events/{event.id}",
            "/tickets",
            f"/tickets/{booking.code}",
            "/me",
            "/me/profile",
        ],
        olga: [
            *(
                f"/organizer/events/{event.id}{part}"
                for part in ("", "/basics", "/sessions", "/questions", "/attendees")
            ),
            *(
                f"/organizer/events/{event.id}{part}"
                for part in ("/stops", "/preview", "/cancellation", "/eligibility")
            ),
            *(f"/organizer/sessions/{session.id}{part}" for part in ("", "/pools", "/cancellation")),
            *("/organizer", "/organizer/events", "/organizer/programmes", f"/organizer/programmes/{programme.id}"),
            *(f"/organizer/bookings/{booking.code}", f"/department/{cast.league.id}"),
        ],
        sam: ["/gate"],
    }
    for client, paths in shown.items():
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert_nothing_inline(answer)
    page = Seen((await student.get(f"/events/{event.id}")).text)
    assert " ".join(MARKUP[:100].split()) in page.text
    assert not any(given.get("src") == "x" for _, given in page.marks)


@pytest.mark.parametrize("identity", NO_ID)
async def test_an_id_that_no_row_can_have_is_an_absent_one(browser, cast, world, identity):
    """In every address; for the viewer who may see the real one."""
    clients = {"alice": await browser(student=cast.alice.id), "olga": await browser(staff=cast.olga.id)}
    clients |= {"anna": await browser(staff=world.anna), "dora": await browser(staff=cast.dora.id)}
    wrong = []
    for line, rule in MATRIX.items():
        numbers = [name for name in re.findall(r"\{(\w+)\}", line) if name.endswith("_id")]
        if not numbers:
            continue
        viewer = next((name for name in rule.allowed if name in clients), "olga" if "organizer" in line else "alice")
        answer = await ask(clients[viewer], line, {**world.ids, **dict.fromkeys(numbers, identity)})
        if answer.status_code != 404:
            wrong.append((line, viewer, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "code", ["x", "0" * 5000, "%00", "%ff", "%2e%2e", "7K3M9-Q2WXD", "7k3m9q2wxd", "💥", "' OR 1=1--", "%0d%0aX: y"]
)
async def test_a_code_that_is_none_is_an_absent_one(as_alice, as_olga, world, code):
    paths = [
        (as_alice, f"/tickets/{code}"),
        (as_alice, f"/tickets/{code}/code.png"),
        (as_olga, f"/organizer/bookings/{code}"),
    ]
    for client, path in (*paths, (as_alice, f"/api/v1/me/bookings/{code}/ticket"), (as_alice, f"/leave/{code}")):
        answer = await client.get(path)
        assert answer.status_code in (400, 404), path
        assert "X" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_ids_in_queries_and_bodies_are_held_to_the_same(signed_out, as_alice, cast, world, method):
    huge = 2**63
    session = await make.session()
    sent = {
        "GET": [
            f"/api/v1/run-events?programme_id={huge}",
            f"/api/v1/events/{world.ids['event_id']}/attendees?session_id={huge}",
            f"/api/v1/events/{world.ids['event_id']}/attendees?after={huge}",
            f"/api/v1/departments/{cast.league.id}/counts?since=2026-01-01&until=2026-12-31&programme_id={huge}",
        ],
        "POST": [
            ("/api/v1/events", {"programme_id": huge, "title": "x", "kind": "lecture"}),
            ("/api/v1/programmes", {"name": "x", "kind": "lecture", "host": huge}),
            ("/api/v1/programmes", {"name": "x", "kind": "lecture", "host": cast.league.id, "partners": [huge]}),
        ],
        "PUT": [
            (f"/api/v1/events/{world.ids['event_id']}", {"title": "x", "kind": "lecture", "version": huge}),
            (f"/api/v1/sessions/{world.ids['session_id']}/pools", {"pools": [{"name": "x", "capacity": huge}]}),
            (
                f"/api/v1/sessions/{world.ids['session_id']}/pools",
                {"pools": [{"name": "x", "capacity": 5, "id": huge}]},
            ),
            (
                f"/api/v1/events/{world.ids['event_id']}/questions",
                {"questions": [{"kind": "text", "label": "x", "id": huge}]},
            ),
            (
                f"/api/v1/events/{world.ids['event_id']}/questions",
                {"questions": [{"kind": "number", "label": "x", "minimum": huge}]},
            ),
        ],
        "DELETE": [],
    }[method]
    before = await everything()
    for each in sent:
        path, body = each if isinstance(each, tuple) else (each, None)
        answer = await signed_out.request(method, path, json=body, headers=world.olga)
        assert answer.status_code < 500, (path, body, answer.text)
        if method != "GET":
            assert answer.status_code >= 400, (path, body, answer.text)
    headers = {"x-csrf-token": as_alice.csrf}
    for body in ({"choices": [huge]}, {"choices": [-1]}, {"answers": {str(huge): "x"}}, {"answers": {"x": "y"}}):
        answer = await as_alice.post(f"/api/v1/sessions/{session.id}/bookings", json=body, headers=headers)
        assert answer.status_code < 500, (body, answer.text)
    left = await everything()
    assert {name for name in before if before[name] != left[name]} <= {"booking", "pool", "ticket", "notice"}


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        *((f"limit={each}", (200,)) for each in ("0", "-1", "1000000000")),
        *((f"limit={each}", (400,)) for each in ("abc", "", "NaN", "1.5", "9" * 5000)),
        *(
            (f"cursor={each}", (422,))
            for each in ("x", "-", "1-", "-1", "1-1-1", "9" * 50 + "-1", "1-9999999999", "%EF%BC%91-1")
        ),
        *((f"since={each}", (400,)) for each in ("yesterday", "2026-02-30T00:00:00Z")),
        ("since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", (200, 422)),
        ("since=0001-01-01T00:00:00%2B14:00", (200, 400, 422)),
        ("until=9999-12-31T23:59:59-12:00", (200, 400, 422)),
        ("since=2026-01-01T00:00:00", (200, 400, 422)),
        *((f"text={each}", (200,)) for each in ("%25", "_", "%25_%25", "%5C", "%F0%9F%92%A5")),
        *((f"text={each}", (200, 422)) for each in ("x" * 5000, "%E2%80%AE")),
        ("text=%00", (400,)),
        ("kind=party", (200, 422)),
        ("free=maybe", (400,)),
        ("limit=5&limit=6", (200, 400)),
        ("sort=phone&order=desc&fields=secret", (200,)),
        ("&".join(f"x{each}=1" for each in range(2000)), (200,)),
    ],
)
async def test_the_ends_of_pagination_and_filters(signed_out, cast, query, statuses):
    await make.session(await make.event(await make.programme(cast.league.id)))
    answer = await signed_out.get(f"/api/v1/events?{query}")
    assert answer.status_code in statuses, answer.text[:300]
    if answer.status_code >= 400:
        assert answer.json()["code"] in ("bad_request", "invalid")
