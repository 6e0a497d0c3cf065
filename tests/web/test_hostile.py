"""Whatever is sent: an answer below 500 with a stable code, nothing changed that was refused, nothing run that was text."""

import re
from uuid import uuid4

import pytest
import pytest_asyncio

from events import database
from tests import make
from tests.web.reading import Seen, press, see
from tests.web.test_access import BODIES, MATRIX, address, ask, everything, routes
from tests.web.test_headers import assert_nothing_inline
from tests.web.world import make_world

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}${7*7}%(x)s{0.__class__}</title></textarea>'
TEXTS = {
    "markup": MARKUP,
    "empty": "",
    "spaces": "   ",
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
    "formula": '=cmd|" /C calc"!A0',
    "path": "../../../../etc/passwd",
    "link": "javascript:alert(1)",
    "minus one": "-1",
    "zero": "0",
    "exponent": "1e3",
    "full-width number": "１２",
    "arabic number": "٣",
    "beyond int4": "2147483648",
    "beyond int8": "9223372036854775808",
    "long number": "9" * 5000,
    "not a number": "NaN",
    "infinity": "Infinity",
    "year 1": "0001-01-01T00:00",
    "year 9999": "9999-12-31T23:59",
    "year 10000": "10000-01-01T00:00",
    "no such day": "2027-02-30T10:00",
    "leap second": "2026-12-31T23:59:60",
    "a day": "0001-01-01",
    "emoji": "👩‍👩‍👧‍👦🇨🇳",
    "rare": "𠮷𡈽龘\U00030000",
}
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
        for path, form in [each async for each in forms_of(client, world, viewer)]:
            typed = {name: TEXTS[what] for name in form.fields if not TYPED.match(name)}
            before = await everything()
            answer = await press(client, form, **typed)
            tried += 1
            if answer.status_code >= 500:
                broken.append((path, form.action, viewer, answer.status_code))
            if answer.status_code >= 400 and await everything() != before:
                broken.append((path, form.action, viewer, "refused and yet something changed"))
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert_nothing_inline(answer)
    assert not broken, "\n".join(map(str, broken))
    assert tried > 20
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
    texts = dict.fromkeys(("title", "summary", "place", "address", "edition"), MARKUP[:100])
    texts["edition"] = MARKUP[:30]
    event = await make.event(programme, **texts, body=MARKUP, district=MARKUP[:50])
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
            assert "49" not in Seen(answer.text).text.replace("{{7*7}}", "").split("7*7")[0][:0]
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
    await database.rows("DELETE FROM booking")
    if method == "GET":
        return
    assert {
        name: each for name, each in (await everything()).items() if name in ("event", "pool", "question", "programme")
    } == {
        name: before[name] if name != "pool" else (await everything())["pool"]
        for name in ("event", "pool", "question", "programme")
    }


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        *((f"limit={each}", (200,)) for each in ("0", "-1", "1000000000")),
        *((f"limit={each}", (400,)) for each in ("abc", "1e3", "", "NaN", "1.5", "9" * 5000)),
        *(
            (f"cursor={each}", (422,))
            for each in ("x", "-", "1-", "-1", "1-1-1", "9" * 50 + "-1", "1-9999999999", "%EF%BC%91-1")
        ),
        *((f"since={each}", (400,)) for each in ("yesterday", "2026-02-30T00:00:00Z", "99999")),
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


# What calls itself JSON

PROGRAMME = b'{"name": "x", "kind": "lecture", "host": 1}'
JSON_ODDITIES = {
    "empty": b"",
    "null": b"null",
    "array": b"[]",
    "number": b"1",
    "string": b'"x"',
    "empty object": b"{}",
    "trailing garbage": PROGRAMME + b"x",
    "two documents": PROGRAMME + PROGRAMME,
    "byte order mark": b"\xef\xbb\xbf" + PROGRAMME,
    "utf-16": PROGRAMME.decode().encode("utf-16"),
    "invalid bytes": b'{"name": "\xff\xfe", "kind": "lecture", "host": 1}',
    "lone surrogate": b'{"name": "\\ud800", "kind": "lecture", "host": 1}',
    "nul": b'{"name": "a\\u0000b", "kind": "lecture", "host": 1}',
    "deep": b'{"name": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "very deep": b"[" * 30_000,
    "unknown field": b'{"name": "x", "kind": "lecture", "host": 1, "is_admin": true}',
    "state": b'{"name": "x", "kind": "lecture", "host": 1, "id": 7, "archived_at": null}',
    "wrong type": b'{"name": 1, "kind": "lecture", "host": 1}',
    "number as text": b'{"name": "x", "kind": "lecture", "host": "1"}',
    "float": b'{"name": "x", "kind": "lecture", "host": 1.5}',
    "exponent": b'{"name": "x", "kind": "lecture", "host": 1e400}',
    "not a number": b'{"name": "x", "kind": "lecture", "host": NaN}',
    "long number": b'{"name": "x", "kind": "lecture", "host": ' + b"9" * 60_000 + b"}",
    "comment": b"/* */" + PROGRAMME,
    "single quotes": PROGRAMME.replace(b'"', b"'"),
    "form": b"name=x&kind=lecture&host=1",
}


@pytest.mark.parametrize("what", JSON_ODDITIES)
async def test_what_is_no_json_of_ours_is_refused_with_a_stable_code(signed_out, cast, world, what):
    before = await everything()
    headers = {**world.olga, "content-type": "application/json"}
    answer = await signed_out.post("/api/v1/programmes", content=JSON_ODDITIES[what], headers=headers)
    assert answer.status_code in (400, 413, 422), answer.text
    assert answer.json()["code"] in ("bad_request", "invalid", "too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await everything() == before


async def test_a_million_digits_are_refused_quickly(signed_out, cast, world):
    body = b'{"name": "x", "kind": "lecture", "host": ' + b"9" * 1_000_000 + b"}"
    answer = await signed_out.post("/api/v1/programmes", content=body, headers=world.olga)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/json; charset=utf-16",
    ],
)
async def test_a_content_type_that_lies_changes_nothing_wrong(signed_out, cast, world, kind):
    body = PROGRAMME.replace(b"1}", str(cast.league.id).encode() + b"}")
    answer = await signed_out.post("/api/v1/programmes", content=body, headers={**world.olga, "content-type": kind})
    assert answer.status_code in (201, 400, 415)


async def test_of_a_key_that_comes_twice_one_value_counts_and_never_half_of_each(signed_out, cast, world):
    body = f'{{"name": "一", "name": "二", "kind": "lecture", "host": {cast.league.id}}}'.encode()
    answer = await signed_out.post("/api/v1/programmes", content=body, headers=world.olga)
    assert answer.status_code in (201, 400)
    names = await database.rows("SELECT name FROM programme WHERE id = $1", answer.json().get("id", 0))
    assert [each["name"] for each in names] in ([], ["二"])


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_a_packed_body_is_not_unpacked(signed_out, cast, world, encoding):
    import gzip

    headers = {**world.olga, "content-encoding": encoding, "content-type": "application/json"}
    bomb = gzip.compress(b" " * 10_000_000)
    answer = await signed_out.post("/api/v1/programmes", content=bomb, headers=headers)
    assert answer.status_code in (400, 413, 415)


@pytest.mark.parametrize(
    "what", ["markup", "nul", "combining marks", "override", "a kilobyte", "30 kB", "empty", "zero width", "rare"]
)
async def test_no_text_in_any_body_breaks_the_api(signed_out, cast, world, what):
    """Every text of every body, at once; the token may do everything."""
    text, broken = TEXTS[what], []
    for line, rule in MATRIX.items():
        method, path = line.split()
        if not path.startswith("/api/v1") or method not in ("POST", "PUT") or "olga" not in rule.allowed:
            continue
        last = path.rsplit("/", 1)[1]
        body = BODIES.get(line) or BODIES.get(path) or BODIES.get(last) or BODIES["session"]
        filled = {
            name: text if isinstance(value, str) and name not in ("nonce",) else value for name, value in body.items()
        }
        extra = {"title": text, "reason": text} if last in ("clones", "postponement", "cancellation") else {}
        for sent in (filled, {name: value for name, value in {**filled, **extra}.items() if name in (*body, "title")}):
            answer = await signed_out.request(method, address(path, world.ids), json=sent, headers=world.olga)
            if answer.status_code >= 500:
                broken.append((line, answer.status_code))
    assert not broken


# What calls itself a form

BOUNDARY = "----b"


def part(name: str, value: str, extra: str = "") -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n{extra}\r\n{value}\r\n'


MULTIPART = {
    "no boundary": ("multipart/form-data", "x"),
    "empty boundary": ("multipart/form-data; boundary=", "x"),
    "long boundary": (f"multipart/form-data; boundary={'b' * 500}", "x"),
    "boundary of blanks": ('multipart/form-data; boundary="   "', "x"),
    "nothing": (f"multipart/form-data; boundary={BOUNDARY}", ""),
    "truncated": (f"multipart/form-data; boundary={BOUNDARY}", part("email", "x")[:-10]),
    "never closed": (f"multipart/form-data; boundary={BOUNDARY}", part("email", "mallory@example.org")),
    "no name": (
        f"multipart/form-data; boundary={BOUNDARY}",
        f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--",
    ),
    "101 parts": (f"multipart/form-data; boundary={BOUNDARY}", part("x", "1") * 101 + f"--{BOUNDARY}--"),
    "unknown charset": (
        f"multipart/form-data; boundary={BOUNDARY}",
        part("email", "x", "Content-Type: text/plain; charset=klingon\r\n") + f"--{BOUNDARY}--",
    ),
    "charset of the form": (
        f"multipart/form-data; boundary={BOUNDARY}; charset=klingon",
        part("email", "x") + f"--{BOUNDARY}--",
    ),
    "a codec that is none": (
        f"multipart/form-data; boundary={BOUNDARY}; charset=zip",
        part("email", "x") + f"--{BOUNDARY}--",
    ),
    "rot13": (f"multipart/form-data; boundary={BOUNDARY}; charset=rot13", part("email", "x") + f"--{BOUNDARY}--"),
    "utf-7": (
        f"multipart/form-data; boundary={BOUNDARY}; charset=utf-7",
        part("email", "+ADw-script+AD4-") + f"--{BOUNDARY}--",
    ),
    "invalid bytes": (f"multipart/form-data; boundary={BOUNDARY}", part("email", "\udcff\udcfe") + f"--{BOUNDARY}--"),
    "nul in a name": (f"multipart/form-data; boundary={BOUNDARY}", part("em\x00ail", "x") + f"--{BOUNDARY}--"),
    "a file for a text": (
        f"multipart/form-data; boundary={BOUNDARY}",
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="email"; filename="a.txt"\r\n\r\nx\r\n--{BOUNDARY}--',
    ),
    "urlencoded with a charset": ("application/x-www-form-urlencoded; charset=klingon", "email=x"),
    "urlencoded bytes": ("application/x-www-form-urlencoded", "email=%ff%fe"),
    "urlencoded surrogates": ("application/x-www-form-urlencoded", "email=%ed%a0%80"),
    "urlencoded nul": ("application/x-www-form-urlencoded", "email=%00"),
    "half an escape": ("application/x-www-form-urlencoded", "email=%&=%zz&&==;"),
    "many fields": ("application/x-www-form-urlencoded", "&".join(f"f{each}=" for each in range(5000))),
    "no type": ("", "email=x"),
    "json": ("application/json", '{"email": "mallory@example.org"}'),
    "xml": ("application/xml", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
}


@pytest.mark.parametrize("what", MULTIPART)
@pytest.mark.parametrize("with_header", [True, False], ids=["token in header", "token missing"])
async def test_what_is_no_form_is_refused_and_changes_nothing(as_alice, cast, what, with_header):
    kind, body = MULTIPART[what]
    headers = {"content-type": kind} | ({"x-csrf-token": as_alice.csrf} if with_header else {})
    content = body.encode("utf-8", "surrogateescape")
    answer = await as_alice.post("/me/profile", content=content, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, what
    if not with_header:
        assert answer.status_code in (400, 403, 413)
    email = await database.value("SELECT email FROM student WHERE id = $1", cast.alice.id)
    assert email in ("alice@example.org", None)  # an address that is left out is an address taken away


@pytest.mark.parametrize(
    "filename",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        'a\\"b.pdf',
        "x" * 5000 + ".pdf",
        "C:\\x.pdf",
        ".",
        "..",
        "/",
        "",
        "<script>.pdf",
        "报名表.pdf",
        "CON",
    ],
)
async def test_the_name_of_a_file_is_never_a_path(as_alice, as_olga, cast, filename):
    event = await make.event(await make.programme(cast.league.id))
    session, question = await make.session(event), await make.question(event, "file")
    body = (
        part("csrf_token", as_alice.csrf)
        + f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="q{question.id}"; filename="{filename}"\r\n'
        + "Content-Type: text/html\r\n\r\n%PDF-1.4 x\r\n"
        + f"--{BOUNDARY}--\r\n"
    )
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = await as_alice.post(
        f"/sessions/{session.id}/booking", content=body.encode(), headers=headers, follow_redirects=False
    )
    assert answer.status_code in (303, 400, 422)
    for kept in await database.rows("SELECT id, filename, media_type FROM answer_file"):
        assert not re.search(r"[/\\\x00-\x1f]", kept["filename"])
        assert kept["media_type"] == "application/pdf"
        code = await database.value("SELECT code FROM booking")
        given = await as_olga.get(f"/organizer/bookings/{code}/files/{kept['id']}")
        assert given.headers["content-disposition"].startswith("attachment")
        assert given.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("content", [b"", b"<html>", b"GIF89a", b"MZ", b"PK\x03\x04", b"\x89PN", b"%PD", b"\xff\xd8"])
async def test_a_file_of_another_kind_is_refused_by_what_it_holds(as_alice, cast, content):
    event = await make.event()
    session, question = await make.session(event), await make.question(event, "file", required=True)
    files = {"csrf_token": (None, as_alice.csrf), f"q{question.id}": ("a.pdf", content, "application/pdf")}
    answer = await as_alice.post(f"/sessions/{session.id}/booking", files=files, follow_redirects=False)
    assert answer.status_code == 422
    assert await database.value("SELECT count(*) FROM booking") == 0
    assert await database.value("SELECT count(*) FROM answer_file") == 0


# Who says they are somebody


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
    from web.session import sign

    for value in ("W10=.x", "x.y", ".", f"W10=.{sign(db.secret, 'form', 'W10=')}", "A" * 3000):
        signed_out.keep("yantu-flash", value)
        answer = await signed_out.get("/")
        assert answer.status_code == 200
        assert "notice" not in [given.get("role") for _, given in Seen(answer.text).marks]


# Twice


async def test_a_double_press_books_once(as_alice, cast):
    import asyncio

    session = await make.session()
    answers = await asyncio.gather(*(as_alice.submit(f"/sessions/{session.id}/booking") for _ in range(8)))
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, answers[0].headers["location"])}
    assert await database.value("SELECT count(*) FROM booking") == 1
    assert await database.value("SELECT taken FROM pool") == 1


async def test_a_double_cancellation_frees_one_place(as_alice, cast):
    import asyncio

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


async def test_every_route_is_asked_by_some_test_of_this_file(app):
    """The walks above take their addresses from the matrix, and the matrix is the application."""
    assert routes(app) == set(MATRIX)


def test_nonces_are_of_the_client():
    assert uuid4() != uuid4()
