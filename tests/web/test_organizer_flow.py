"""From an empty desk to a list of attendees, as an organizer does it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest_asyncio

from events import database
from tests import make

ZONE = ZoneInfo("Asia/Shanghai")


def at(days: int, hour: int = 9) -> str:
    """The value of a datetime-local input, so many days ahead."""
    return (datetime.now(ZONE) + timedelta(days=days)).strftime(f"%Y-%m-%dT{hour:02}:00")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


@pytest_asyncio.fixture
async def programme(cast):
    return await make.programme(cast.league.id, name="逐梦游学")


async def tour_form(client, programme, **more: str) -> dict[str, str]:
    page = (await client.get(f"/organizer/events/new?programme={programme.id}")).text
    fields = {"programme": str(programme.id), "kind": "study_tour", "once": hidden(page, "once")}
    fields |= {"title": "走进名企", "starts_at": at(7), "ends_at": at(7, 17), "place": "科院南门"}
    return fields | {"capacity": "45", "needs_booking": "1", "then": "publish"} | more


async def test_a_study_tour_is_published_with_one_form(as_olga, signed_out, programme):
    answer = await as_olga.submit("/organizer/events", await tour_form(as_olga, programme))
    assert answer.status_code == 303
    event = await database.row("SELECT id, state, title, kind FROM event")
    assert (event["state"], event["title"], event["kind"]) == ("published", "走进名企", "study_tour")
    assert answer.headers["location"] == f"/organizer/events/{event['id']}"
    pools = await database.rows("SELECT name, choice, capacity FROM pool ORDER BY position")
    assert [tuple(each) for each in pools] == [
        ("座位", "", 45),
        ("校门口上车", "上车点", 45),
        ("市区上车", "上车点", 45),
    ]
    assert await database.value("SELECT count(*) FROM stop") == 4
    assert await database.value("SELECT count(*) FROM question") == 5
    assert "走进名企" in (await signed_out.get(f"/events/{event['id']}")).text


async def test_a_draft_is_not_seen_by_students_until_it_is_published(as_olga, as_alice, programme):
    await as_olga.submit("/organizer/events", await tour_form(as_olga, programme, then="draft"))
    event_id = await database.value("SELECT id FROM event")
    assert (await as_alice.get(f"/events/{event_id}")).status_code == 404
    preview = await as_olga.get(f"/organizer/events/{event_id}/preview")
    assert preview.status_code == 200
    assert "走进名企" in preview.text
    assert (await as_olga.submit(f"/organizer/events/{event_id}/publication")).status_code == 303
    assert (await as_alice.get(f"/events/{event_id}")).status_code == 200


async def test_a_form_sent_twice_makes_one_event(as_olga, programme):
    fields = await tour_form(as_olga, programme)
    first = await as_olga.submit("/organizer/events", fields)
    second = await as_olga.submit("/organizer/events", fields)
    assert first.headers["location"] == second.headers["location"]
    assert await database.value("SELECT count(*) FROM event") == 1
    assert await database.value("SELECT count(*) FROM session") == 1


async def test_a_tour_of_tomorrow_is_open_until_it_starts(as_olga, programme):
    await as_olga.submit("/organizer/events", await tour_form(as_olga, programme, starts_at=at(1), ends_at=at(1, 17)))
    row = await database.row("SELECT starts_at, opens_at, closes_at, cancel_until FROM session")
    assert row["opens_at"] <= datetime.now(UTC)
    assert (row["closes_at"], row["cancel_until"]) == (row["starts_at"], row["starts_at"])


async def test_nothing_typed_is_lost_when_the_end_is_before_the_start(as_olga, programme):
    fields = await tour_form(as_olga, programme, ends_at=at(6), title="走进名企 <script>alert(1)</script>")
    answer = await as_olga.submit("/organizer/events", fields)
    assert answer.status_code == 422
    assert "结束时间要晚于开始时间。" in answer.text
    assert "走进名企 &lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert f'value="{fields["starts_at"]}"' in answer.text
    assert await database.value("SELECT count(*) FROM event") == 0


async def test_every_fault_of_a_form_is_said_at_once(as_olga, programme):
    fields = await tour_form(as_olga, programme, title="​　", capacity="0", starts_at="soon", ends_at="")
    answer = await as_olga.submit("/organizer/events", fields)
    assert answer.status_code == 422
    assert "有 3 处需要修改" in answer.text or "有 4 处需要修改" in answer.text
    assert 'href="#f-title"' in answer.text
    assert 'href="#f-capacity"' in answer.text
    assert 'href="#f-starts_at"' in answer.text


async def test_a_title_that_is_too_long_is_kept_and_refused(as_olga, programme):
    answer = await as_olga.submit("/organizer/events", await tour_form(as_olga, programme, title="长" * 101))
    assert answer.status_code == 422
    assert "太长了，请缩短。" in answer.text
    assert "长" * 101 in answer.text


async def test_text_that_looks_like_code_is_stored_and_shown_literally(as_olga, programme):
    text = "{{ 7 * 7 }} {% raw %} <b>%(name)s</b> ${x}"
    await as_olga.submit("/organizer/events", await tour_form(as_olga, programme, title=text, place=text))
    event = await database.row("SELECT id, title, place FROM event")
    assert (event["title"], event["place"]) == (text, text)
    for path in ("", "/basics", "/sessions", "/cancellation", "/attendees", "/preview"):
        page = (await as_olga.get(f"/organizer/events/{event['id']}{path}")).text
        assert "{{ 7 * 7 }} {% raw %} &lt;b&gt;%(name)s&lt;/b&gt; ${x}" in page
        assert "<b>%(name)s" not in page


async def test_a_new_organizer_is_told_to_make_a_programme_and_can(as_olga, cast):
    assert "新建第一个项目" in (await as_olga.get("/organizer")).text
    fields = {"name": "慈晓讲堂", "kind": "lecture", "host": str(cast.league.id)}
    answer = await as_olga.submit("/organizer/programmes", fields)
    programme_id = await database.value("SELECT id FROM programme WHERE name = '慈晓讲堂'")
    assert answer.headers["location"] == f"/organizer/events/new?programme={programme_id}"


async def test_the_desk_says_what_a_draft_still_lacks(as_olga, programme):
    await make.event(programme, state="draft", published_at=None, title="还没有场次的草稿")
    page = (await as_olga.get("/organizer")).text
    assert "还没有场次的草稿" in page
    assert "还没有未来的场次，请先加一场。" in page


async def test_every_page_of_an_event_can_be_read_in_both_languages(as_olga, programme, cast):
    event = await make.event(programme)
    session = await make.session(event)
    booking = await make.booking(session, cast.alice)
    await make.question(event, "choice", label="午餐", options='["素食", "清真"]')
    base = f"/organizer/events/{event.id}"
    parts = ["", "/basics", "/sessions", "/sessions/new", "/series", "/questions", "/eligibility", "/picture", "/stops"]
    parts += ["/attendees", "/copies", "/postponement", "/cancellation", "/preview"]
    paths = [base + part for part in parts]
    paths += [f"/organizer/sessions/{session.id}{part}" for part in ("", "/pools", "/cancellation")]
    paths += [f"/organizer/bookings/{booking.code}{part}" for part in ("", "/cancellation")]
    paths += ["/organizer", "/organizer/events", "/organizer/events/new", "/organizer/programmes"]
    for language in ("zh-CN", "en"):
        as_olga.cookies.set("yantu-language", language)
        statuses = {path: (await as_olga.get(path)).status_code for path in paths}
        assert statuses == dict.fromkeys(paths, 200)
