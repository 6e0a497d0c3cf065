"""Bodies that call themselves JSON: refused with a stable code, and nothing changed."""

import gzip

import pytest
import pytest_asyncio

from events import database
from tests.web.test_access import BODIES, MATRIX, address, everything
from tests.web.test_hostile import TEXTS
from tests.web.world import make_world


@pytest_asyncio.fixture
async def world(cast):
    return await make_world(cast)


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
