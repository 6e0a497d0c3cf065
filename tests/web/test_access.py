"""Every route × every viewer × other people's ids. A route that nobody wrote down here fails the first test."""

import re
from dataclasses import dataclass

import pytest
import pytest_asyncio

from events import database
from tests.web.world import World, make_world

STUDENTS, STAFF = ("alice", "bob"), ("olga", "petr", "sam", "dora", "anna")
EVERYBODY = ("nobody", *STUDENTS, *STAFF)


@dataclass(frozen=True)
class Rule:
    """Who is asked to sign in, and who of those that did gets anything but 404. `routes`: METHOD path, one a line."""

    audience: tuple[str, ...]
    allowed: tuple[str, ...]
    routes: str

    @property
    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in self.routes.strip().splitlines()]


PUBLIC = Rule(
    EVERYBODY,
    EVERYBODY,
    """
    GET /
    GET /calendar
    GET /sign-in
    GET /staff/sign-in
    GET /dev/inbox
    GET /language/{language}
    GET /size/{size}
    GET /health/live
    GET /health/ready
    GET /metrics
    GET /api/docs
    GET /api/docs/problems
    GET /api/docs/openapi.json
    GET /api/v1/events
    GET /api/v1/ticket-keys
    POST /sign-out
    """,
)
HIDDEN = Rule(  # public addresses of what is not published
    EVERYBODY,
    (),
    """
    GET /events/{event_id}
    GET /events/{event_id}/poster/{version}
    GET /api/v1/events/{event_id}
    GET /leave/{token}
    POST /leave/{token}/cancellation
    POST /{audience}/sign-in/code
    POST /{audience}/sign-in/login
    POST /sign-in/person
    GET /static/{file_path}
    HEAD /static/{file_path}
    GET /static/dist/{file_path}
    HEAD /static/dist/{file_path}
    """,
)
STUDENT = Rule(
    STUDENTS,
    STUDENTS,
    """
    GET /tickets
    GET /me
    GET /me/profile
    POST /me/profile
    GET /me/inbox
    POST /me/inbox/{message_id}/reading
    GET /api/v1/me/bookings
    """,
)
UNBOOKABLE = Rule(  # a session that students may not see, and one that alice may show but not book again
    STUDENTS,
    (),
    """
    GET /sessions/{session_id}/booking
    POST /sessions/{session_id}/booking
    POST /api/v1/sessions/{session_id}/bookings
    """,
)
ALICES = Rule(
    STUDENTS,
    ("alice",),
    """
    GET /tickets/{code}
    GET /tickets/{code}/code.png
    GET /tickets/{code}/calendar.ics
    POST /bookings/{code}/cancellation
    GET /api/v1/me/bookings/{code}/ticket
    POST /api/v1/me/bookings/{code}/cancellation
    """,
)
ANY_STAFF = Rule(
    STAFF,
    STAFF,
    """
    GET /gate
    GET /organizer
    GET /organizer/scan
    GET /organizer/events
    GET /organizer/programmes
    GET /organizer/people
    GET /organizer/people/tokens
    POST /organizer/people/tokens
    GET /api/v1/programmes
    POST /api/v1/programmes
    GET /api/v1/run-events
    GET /api/v1/stops
    """,
)
EDITORS = Rule(  # of any department
    STAFF,
    ("olga", "petr", "anna"),
    """
    GET /organizer/events/new
    POST /organizer/events
    GET /organizer/programmes/new
    POST /organizer/programmes
    POST /api/v1/events
    """,
)
OWNERS = Rule(
    STAFF,
    ("anna",),
    """
    GET /organizer/people/staff
    POST /organizer/people/staff
    POST /organizer/people/staff/{staff_id}/readmission
    POST /organizer/people/staff/{staff_id}/role-removals
    POST /organizer/people/staff/{staff_id}/suspension
    GET /organizer/people/roster
    POST /organizer/people/roster
    GET /organizer/people/roster/{import_id}
    POST /organizer/people/roster/{import_id}/application
    """,
)
OLGAS_TOKEN = Rule(STAFF, ("olga",), "POST /organizer/people/tokens/{token_id}/revocation")
HOSTS = Rule(
    STAFF,
    ("olga", "anna"),
    """
    GET /organizer/bookings/{code}
    GET /organizer/bookings/{code}/cancellation
    POST /organizer/bookings/{code}/cancellation
    GET /organizer/bookings/{code}/files/{file_id}
    POST /organizer/bookings/{code}/unmasking
    GET /organizer/events/{event_id}
    GET /organizer/events/{event_id}/attendees
    GET /organizer/events/{event_id}/attendees.csv
    GET /organizer/events/{event_id}/attendees.xlsx
    POST /organizer/events/{event_id}/attendees/exports
    POST /organizer/events/{event_id}/attendees/unmasking
    GET /organizer/events/{event_id}/basics
    POST /organizer/events/{event_id}/basics
    GET /organizer/events/{event_id}/cancellation
    POST /organizer/events/{event_id}/cancellation
    GET /organizer/events/{event_id}/copies
    POST /organizer/events/{event_id}/copies
    GET /organizer/events/{event_id}/eligibility
    POST /organizer/events/{event_id}/eligibility
    GET /organizer/events/{event_id}/picture
    POST /organizer/events/{event_id}/picture
    POST /organizer/events/{event_id}/picture/removal
    GET /organizer/events/{event_id}/postponement
    POST /organizer/events/{event_id}/postponement
    GET /organizer/events/{event_id}/preview
    POST /organizer/events/{event_id}/publication
    GET /organizer/events/{event_id}/questions
    POST /organizer/events/{event_id}/questions
    GET /organizer/events/{event_id}/series
    POST /organizer/events/{event_id}/series
    GET /organizer/events/{event_id}/sessions
    POST /organizer/events/{event_id}/sessions
    GET /organizer/events/{event_id}/sessions/new
    GET /organizer/events/{event_id}/stops
    POST /organizer/events/{event_id}/stops
    POST /organizer/events/{event_id}/visibility
    POST /organizer/events/{event_id}/withdrawal
    GET /organizer/programmes/{programme_id}
    POST /organizer/programmes/{programme_id}
    POST /organizer/programmes/{programme_id}/archiving
    POST /organizer/programmes/{programme_id}/restoration
    GET /organizer/sessions/{session_id}
    POST /organizer/sessions/{session_id}
    GET /organizer/sessions/{session_id}/cancellation
    POST /organizer/sessions/{session_id}/cancellation
    GET /organizer/sessions/{session_id}/pools
    POST /organizer/sessions/{session_id}/pools
    POST /organizer/sessions/{session_id}/removal
    GET /api/v1/run-events/{event_id}
    PUT /api/v1/events/{event_id}
    POST /api/v1/events/{event_id}/publication
    DELETE /api/v1/events/{event_id}/publication
    POST /api/v1/events/{event_id}/postponement
    POST /api/v1/events/{event_id}/cancellation
    POST /api/v1/events/{event_id}/clones
    POST /api/v1/events/{event_id}/sessions
    PUT /api/v1/events/{event_id}/questions
    PUT /api/v1/events/{event_id}/eligibility
    PUT /api/v1/sessions/{session_id}
    POST /api/v1/sessions/{session_id}/cancellation
    DELETE /api/v1/sessions/{session_id}
    PUT /api/v1/sessions/{session_id}/pools
    GET /api/v1/events/{event_id}/attendees
    POST /api/v1/bookings/{code}/cancellation
    """,
)
NO_POSTER = Rule(STAFF, (), "GET /organizer/events/{event_id}/poster")
GATE = Rule(
    STAFF,
    ("olga", "sam", "anna"),
    """
    GET /gate/{stop_id}
    POST /gate/{stop_id}/scans
    POST /gate/{stop_id}/scans/{scan_id}/undoing
    POST /api/v1/stops/{stop_id}/scans
    POST /api/v1/scans/{scan_id}/undoing
    """,
)
COUNTS = Rule(
    STAFF,
    ("olga", "dora", "anna"),
    """
    GET /department/{department_id}
    GET /department/{department_id}/counts.csv
    GET /department/{department_id}/counts.json
    GET /department/{department_id}/figures
    POST /department/{department_id}/figures
    GET /api/v1/departments/{department_id}/counts
    """,
)
COUNTERS = Rule(STAFF, ("olga", "petr", "dora", "anna"), "GET /department")  # of any department
RULES = (
    *(PUBLIC, HIDDEN, STUDENT, UNBOOKABLE, ALICES, ANY_STAFF, EDITORS, OWNERS, OLGAS_TOKEN),
    *(HOSTS, NO_POSTER, GATE, COUNTS, COUNTERS),
)
MATRIX = {line: rule for rule in RULES for line in rule.lines}
QUERIES = {"/api/v1/departments/{department_id}/counts": "?since=2026-01-01&until=2026-12-31"}
BODIES = {  # what a program must send to be understood at all
    "/api/v1/events": {"programme_id": 1, "title": "x", "kind": "lecture"},
    "/api/v1/programmes": {"name": "x", "kind": "lecture", "host": 1},
    "PUT /api/v1/events/{event_id}": {"title": "x", "kind": "lecture", "version": 1},
    "clones": {},
    "postponement": {"reason": "x"},
    "cancellation": {"reason": "x"},
    "questions": {"questions": []},
    "eligibility": {"eligibility": {"all": []}},
    "pools": {"pools": []},
    "scans": {"code": "x", "nonce": "00000000-0000-0000-0000-000000000001"},
    "bookings": {},
    "session": {"starts_at": "2027-01-01T08:00:00Z", "ends_at": "2027-01-01T09:00:00Z", "version": 1},
}
EPHEMERAL = re.compile(r'nonce="[^"]+"|value="[0-9a-f]{64}"|"request_id":"[^"]*"|next=[^"]+|<code>[0-9a-f]{16}</code>')


def routes(app) -> set[str]:
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method != "OPTIONS"
    }


@pytest_asyncio.fixture
async def world(cast) -> World:
    return await make_world(cast)


@pytest_asyncio.fixture
async def viewers(browser, cast, world):
    staff = {name: await browser(staff=getattr(cast, name).id) for name in ("olga", "petr", "sam", "dora")}
    students = {name: await browser(student=getattr(cast, name).id) for name in STUDENTS}
    return {"nobody": await browser(), **students, **staff, "anna": await browser(staff=world.anna)}


def test_no_route_is_written_down_twice():
    lines = [line for rule in RULES for line in rule.lines]
    assert sorted(lines) == sorted(MATRIX)


async def test_every_route_of_the_application_is_written_down_here(app):
    assert routes(app) == set(MATRIX)


async def test_every_route_has_a_guard(app):
    bare = [
        f"{method} {route.path_format}"
        for route in app.routes
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items()
        if method != "OPTIONS" and not handler.resolve_guards()
    ]
    assert bare == []


def address(path: str, ids: dict[str, str]) -> str:
    ids = {"language": "en", "size": "large", "audience": "nobody", "token": "x", "file_path": "x.css", **ids}
    return path.format(**ids) + QUERIES.get(path, "")


def body_of(line: str) -> dict | None:
    path = line.split()[1]
    if line in BODIES or path in BODIES:
        return BODIES.get(line) or BODIES[path]
    last = path.rsplit("/", 1)[1]
    if last in BODIES:
        return BODIES[last]
    return BODIES["session"] if "session" in path and "undoing" not in path else None


async def ask(client, line: str, ids: dict[str, str], headers: dict[str, str] | None = None):
    method, path = line.split()
    url = address(path, ids)
    headers = {"x-csrf-token": client.csrf, **(headers or {})}
    if path.startswith("/api/") and method in ("POST", "PUT"):
        body = body_of(line)
        if body is not None and method == "POST" and path.endswith("/sessions"):
            body = {name: value for name, value in body.items() if name != "version"}
        return await client.request(method, url, json=body, headers=headers, follow_redirects=False)
    return await client.request(method, url, headers=headers, follow_redirects=False)


def outcome(answer) -> str:
    """What it came to, in one word."""
    if answer.status_code == 401 or "/sign-in" in answer.headers.get("location", ""):
        return "sign in"
    return {403: "forbidden", 404: "absent"}.get(answer.status_code, "let in" if answer.status_code < 500 else "broken")


def expected(rule: Rule, viewer: str) -> str:
    if viewer not in rule.audience:
        return "sign in"
    return "let in" if viewer in rule.allowed else "absent"


async def everything() -> dict[str, str]:
    """A hash of each table, but for the marks of last use."""
    tables = await database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = sorted({each["tablename"] for each in tables} - {"login", "api_token", "migration"})
    hashes = ", ".join(
        f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t) AS {name}"
        for name in names
    )
    return dict(await database.row(f"SELECT {hashes}"))


async def test_nobody_gets_or_changes_what_is_not_theirs(viewers, world):
    """All that must be refused is refused, looks like what is absent, and changes nothing."""
    before, wrong = await everything(), []
    for line, rule in MATRIX.items():
        for viewer, client in viewers.items():
            wanted = expected(rule, viewer)
            if wanted == "let in":
                continue
            answer = await ask(client, line, world.ids)
            if outcome(answer) != wanted:
                wrong.append((line, viewer, f"wanted {wanted}", answer.status_code, answer.headers.get("location")))
    assert not wrong, "\n".join(map(str, wrong))
    assert await everything() == before


async def test_everybody_may_read_what_is_theirs(viewers, world):
    wrong = []
    for line, rule in MATRIX.items():
        if not line.startswith("GET ") or "{import_id}" in line:
            continue
        for viewer in rule.allowed:
            answer = await ask(viewers[viewer], line, world.ids)
            if outcome(answer) != "let in":
                wrong.append((line, viewer, answer.status_code, answer.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


async def test_forbidden_looks_like_absent(viewers, world):
    """The same status and the same body, whether the id is olga's, alice's, or nobody's."""
    different = []
    for line, rule in MATRIX.items():
        if "{" not in line or rule.audience == EVERYBODY:
            continue
        stranger = viewers["bob" if rule.audience == STUDENTS else "petr"]
        theirs, nobodys = [await ask(stranger, line, ids) for ids in (world.ids, world.absent)]
        if plain(theirs, world.ids) != plain(nobodys, world.absent):
            different.append((line, theirs.status_code, nobodys.status_code))
    assert different == []


def plain(answer, ids: dict[str, str]) -> tuple[int, str]:
    return answer.status_code, EPHEMERAL.sub("", answer.text)


API_OF_STAFF = [line for line, rule in MATRIX.items() if " /api/v1" in line and rule.audience == STAFF]


async def test_a_token_opens_only_what_its_scopes_say(viewers, world):
    client, before = viewers["nobody"], await everything()
    for line in API_OF_STAFF:
        answer = await ask(client, line, world.ids, world.olga_unscoped)
        assert (line, answer.status_code, answer.json()["code"]) == (line, 403, "scope_missing")
    assert await everything() == before


async def test_a_token_opens_nothing_of_another_department(viewers, world):
    client, before = viewers["nobody"], await everything()
    for line in API_OF_STAFF:
        if MATRIX[line] in (HOSTS, GATE, COUNTS):
            answer = await ask(client, line, world.ids, world.petr)
            assert (line, answer.status_code, answer.json()["code"]) == (line, 404, "not_found")
    assert await everything() == before


async def test_a_programme_is_made_only_for_a_department_of_ones_own(viewers, world, cast):
    before = await everything()
    body = {"name": "x", "kind": "lecture", "host": cast.league.id}
    for viewer in ("petr", "sam", "dora"):
        headers = {"x-csrf-token": viewers[viewer].csrf}
        answer = await viewers[viewer].post("/api/v1/programmes", json=body, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "host")
    assert await everything() == before


async def test_a_token_of_staff_is_no_student(viewers, world):
    for rule in (STUDENT, UNBOOKABLE, ALICES):
        for line in rule.lines:
            if " /api/v1" in line:
                assert (await ask(viewers["nobody"], line, world.ids, world.olga)).status_code == 401


async def test_a_token_opens_no_page(viewers, world):
    answer = await viewers["nobody"].get("/organizer", headers=world.olga, follow_redirects=False)
    assert answer.headers["location"].startswith("/staff/sign-in")


@pytest.mark.parametrize("change", ["revoked_at = now()", "expires_at = now()"])
async def test_a_token_that_ended_is_as_unknown_as_any(viewers, world, change):
    client = viewers["nobody"]
    assert (await client.get("/api/v1/programmes", headers=world.olga)).status_code == 200
    await database.rows(f"UPDATE api_token SET {change}")
    ended = await client.get("/api/v1/programmes", headers=world.olga)
    unknown = await client.get("/api/v1/programmes", headers={"authorization": "Bearer nobody-has-this"})
    assert plain(ended, {}) == plain(unknown, {})
    assert ended.status_code == 401


async def test_a_token_ends_with_its_owner(viewers, world, cast):
    await database.rows("UPDATE staff SET disabled_at = now() WHERE id = $1", cast.olga.id)
    assert (await viewers["nobody"].get("/api/v1/programmes", headers=world.olga)).status_code == 401


async def test_a_scan_is_undone_only_at_a_stop_that_may_be_opened(viewers, world):
    """The stop in the address is sam's own, the scan is not: ids that do not belong together open nothing."""
    other = {**world.ids, "stop_id": world.absent["stop_id"]}
    answer = await ask(viewers["petr"], "POST /gate/{stop_id}/scans/{scan_id}/undoing", other)
    assert answer.status_code == 404


async def test_lists_of_petr_hold_nothing_of_olgas(viewers, world):
    for path in ("/organizer", "/organizer/events", "/organizer/programmes", "/gate", "/api/v1/programmes"):
        assert "秘密项目" not in (await viewers["petr"].get(path)).text
        assert "只给主办方看" not in (await viewers["petr"].get(path)).text
    for path in ("/api/v1/run-events", "/api/v1/stops"):
        assert "只给主办方看" not in (await viewers["petr"].get(path)).text


async def test_an_answer_of_bob_holds_nothing_of_alice(viewers, world):
    for path in ("/tickets", "/me", "/me/inbox", "/api/v1/me/bookings"):
        text = (await viewers["bob"].get(path)).text
        assert "给小燕的信" not in text
        assert world.ids["code"] not in text
