"""Bodies and files that call themselves forms: refused with a stable code, and nothing changed."""

import re

import pytest

from events import database
from tests import make

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
