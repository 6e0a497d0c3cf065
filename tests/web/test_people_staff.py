"""Staff and tokens on their pages."""

import re

import pytest_asyncio

from events import database
from events.people.api_callers import caller_with
from tests import make
from tests.cast import Cast
from tests.web.conftest import Browser

STAFF, TOKENS = "/organizer/people/staff", "/organizer/people/tokens"


@pytest_asyncio.fixture
async def owner(cast: Cast) -> int:
    return (await make.staff("周明远", "owner", cast.league.id, email="owner@example.org")).id


@pytest_asyncio.fixture
async def as_owner(browser, owner: int) -> Browser:
    return await browser(staff=owner)


async def roles_of(email: str) -> list[str]:
    found = await database.rows(
        "SELECT role FROM staff_role JOIN staff ON staff.id = staff WHERE email = $1 ORDER BY role", email
    )
    return [each["role"] for each in found]


async def test_an_owner_adds_somebody(as_owner, cast):
    new = {"name": "赵雪", "email": "xue@example.org", "department": str(cast.league.id), "role": "gate"}
    assert (await as_owner.submit(STAFF, new)).status_code == 303
    page = (await as_owner.get(STAFF)).text
    assert "赵雪" in page
    assert await roles_of("xue@example.org") == ["gate"]


async def test_a_refused_form_keeps_what_was_typed_and_names_each_fault(as_owner):
    refused = await as_owner.submit(STAFF, {"name": "赵雪", "email": "not an address", "department": "", "role": ""})
    assert refused.status_code == 422
    assert 'value="赵雪"' in refused.text
    assert 'value="not an address"' in refused.text


async def test_a_department_of_others_looks_absent(as_owner, cast):
    new = {"name": "赵雪", "email": "xue@example.org", "department": str(cast.bureau.id), "role": "owner"}
    assert (await as_owner.submit(STAFF, new)).status_code == 404
    assert (await as_owner.submit(f"{STAFF}/{cast.petr.id}/suspension", {"confirmed": "1"})).status_code == 404
    assert await roles_of("xue@example.org") == []


async def test_who_owns_nothing_finds_no_staff_page(as_olga, as_sam):
    for client in (as_olga, as_sam):
        assert (await client.get(STAFF)).status_code == 404
        assert STAFF not in (await client.get("/organizer/people")).text


async def test_taking_a_role_back_asks_first(as_owner, cast):
    path, role = f"{STAFF}/{cast.olga.id}/role-removals", {"department": str(cast.league.id), "role": "editor"}
    asked = await as_owner.submit(path, role)
    assert (asked.status_code, "收回“Olga”的这个角色？" in asked.text) == (200, True)
    assert await roles_of("olga@example.org") == ["editor"]
    assert (await as_owner.submit(path, role | {"confirmed": "1"})).status_code == 303
    assert await roles_of("olga@example.org") == []


async def test_the_last_owner_cannot_go_and_the_page_says_why(as_owner, owner, cast):
    role = {"department": str(cast.league.id), "role": "owner", "confirmed": "1"}
    refused = await as_owner.submit(f"{STAFF}/{owner}/role-removals", role)
    assert refused.status_code == 409
    assert "“团市委”至少要保留一位能登录的负责人。" in refused.text


async def test_a_suspended_colleague_is_out_at_once_and_can_be_readmitted(as_owner, as_olga, cast):
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 200
    await as_owner.submit(f"{STAFF}/{cast.olga.id}/suspension", {"confirmed": "1"})
    assert (await as_olga.get("/organizer", follow_redirects=False)).status_code == 303
    assert "已停用" in (await as_owner.get(STAFF)).text
    await as_owner.submit(f"{STAFF}/{cast.olga.id}/readmission")
    assert await database.value("SELECT disabled_at FROM staff WHERE id = $1", cast.olga.id) is None


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(as_olga):
    made = await as_olga.submit(TOKENS, {"name": "数据大屏", "scopes": "counts:read", "days": "90"})
    [token] = set(re.findall(r"yantu_[\w-]{43}", made.text))
    assert made.headers["cache-control"] == "no-store"
    assert (await caller_with(token)) is not None
    page = (await as_olga.get(TOKENS)).text
    assert token not in page
    assert "数据大屏" in page
    token_id = await database.value("SELECT id FROM api_token")
    assert (await as_olga.submit(f"{TOKENS}/{token_id}/revocation")).status_code == 303
    assert await caller_with(token) is None


async def test_a_token_needs_a_name_a_scope_and_an_end(as_olga):
    refused = await as_olga.submit(TOKENS, {"name": "", "days": "90"})
    assert refused.status_code == 422
    assert await database.value("SELECT count(*) FROM api_token") == 0


async def test_somebody_elses_token_cannot_be_revoked(as_olga, as_petr):
    await as_olga.submit(TOKENS, {"name": "x", "scopes": "counts:read", "days": "90"})
    token_id = await database.value("SELECT id FROM api_token")
    assert (await as_petr.submit(f"{TOKENS}/{token_id}/revocation")).status_code == 404


async def test_the_pages_read_in_english_too(as_owner):
    as_owner.headers["accept-language"] = "en"
    for path, word in (("/organizer/people", "People"), (STAFF, "Add staff"), (TOKENS, "New token")):
        page = await as_owner.get(path)
        assert (page.status_code, word in page.text) == (200, True), path
