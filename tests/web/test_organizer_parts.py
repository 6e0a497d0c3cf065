"""The parts of an event: sessions, places, questions, conditions, poster, stops."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest_asyncio
from PIL import Image

from events import database
from events.catalogue.eligibility import from_json
from tests import make
from tests.web.test_organizer_flow import at, hidden

ZONE = ZoneInfo("Asia/Shanghai")


@pytest_asyncio.fixture
async def event(cast):
    return await make.event(await make.programme(cast.league.id))


@pytest_asyncio.fixture
async def session(event):
    return await make.session(event, capacity=2)


async def version(event) -> str:
    return str(await database.value("SELECT version FROM event WHERE id = $1", event.id))


async def test_moving_a_booked_session_asks_first_and_says_whom_it_affects(as_olga, cast, event, session):
    await make.booking(session, cast.alice)
    fields = {"version": await version(event), "starts_at": at(5), "ends_at": at(5, 12)}
    asked = await as_olga.submit(f"/organizer/sessions/{session.id}", fields)
    assert asked.status_code == 409
    assert "涉及 1 个场次、1 个报名。" in asked.text
    assert f'name="starts_at" value="{fields["starts_at"]}"' in asked.text
    before = await database.value("SELECT starts_at FROM session")
    assert before == session.starts_at
    done = await as_olga.submit(f"/organizer/sessions/{session.id}", fields | {"confirmed": "1"})
    assert done.status_code == 303
    moved = await database.value("SELECT starts_at FROM session")
    assert moved.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == fields["starts_at"]
    assert await database.value("SELECT count(*) FROM notice WHERE kind = 'change'") == 1


async def test_a_form_that_somebody_overtook_shows_both_versions(as_olga, event, session):
    page = (await as_olga.get(f"/organizer/events/{event.id}/basics")).text
    fields = {"version": hidden(page, "version"), "title": "我的标题", "kind": "study_tour", "visibility": "public"}
    fields |= {"admission": "first_come", "needs_booking": "1", "place": event.place}
    await as_olga.submit(f"/organizer/events/{event.id}/basics", fields | {"title": "别人的标题"})
    late = await as_olga.submit(f"/organizer/events/{event.id}/basics", fields)
    assert late.status_code == 409
    assert "有人刚刚把这一项改成了“别人的标题”。" in late.text
    assert 'value="我的标题"' in late.text
    assert await database.value("SELECT title FROM event") == "别人的标题"
    again = await as_olga.submit(
        f"/organizer/events/{event.id}/basics", fields | {"version": hidden(late.text, "version")}
    )
    assert again.status_code == 303
    assert await database.value("SELECT title FROM event") == "我的标题"


async def test_opening_after_closing_is_said_at_its_field(as_olga, event, session):
    fields = {"version": await version(event), "starts_at": at(5), "ends_at": at(5, 12)}
    fields |= {"opens_at": at(4), "closes_at": at(3)}
    answer = await as_olga.submit(f"/organizer/sessions/{session.id}", fields)
    assert answer.status_code == 422
    assert "截止时间要晚于开放时间。" in answer.text
    assert 'href="#f-closes_at"' in answer.text


async def test_a_capacity_below_what_is_taken_says_the_number(as_olga, cast, event, session):
    await make.booking(session, cast.alice)
    await make.booking(session, cast.bob)
    pool = await database.value("SELECT id FROM pool")
    rows = {"version": await version(event), "pools.0.id": str(pool), "pools.0.name": "座位", "pools.0.capacity": "1"}
    rows |= {"pools.1.name": "", "pools.1.capacity": ""}
    answer = await as_olga.submit(f"/organizer/sessions/{session.id}/pools", rows)
    assert answer.status_code == 422
    assert "已有 2 人占用，名额不能比这更少。" in answer.text
    assert await database.value("SELECT capacity FROM pool") == 2


async def test_pools_are_added_from_blank_rows_and_taken_away_by_ticking(as_olga, event, session):
    pool = await database.value("SELECT id FROM pool")
    rows = {"version": await version(event), "pools.0.id": str(pool), "pools.0.name": "名额", "pools.0.remove": "1"}
    rows |= {"pools.0.capacity": "2", "pools.1.name": "一号车", "pools.1.capacity": "33", "pools.1.choice": "车"}
    rows |= {"pools.3.name": "二号车", "pools.3.capacity": "30", "pools.3.choice": "车"}
    assert (await as_olga.submit(f"/organizer/sessions/{session.id}/pools", rows)).status_code == 303
    found = await database.rows("SELECT name, choice, capacity FROM pool ORDER BY position")
    assert [tuple(each) for each in found] == [("一号车", "车", 33), ("二号车", "车", 30)]


def series(**more: str) -> dict[str, str]:
    first = datetime.now(ZONE).date() + timedelta(days=3)
    fields = {"frequency": "daily", "interval": "1", "first": str(first), "until": str(first + timedelta(days=4))}
    fields |= {"starts": "14:00", "ends": "16:30", "shift_weekend": "none", "excluded": str(first + timedelta(days=1))}
    return fields | more


async def test_a_series_shows_its_dates_before_it_makes_them(as_olga, event):
    shown = await as_olga.submit(f"/organizer/events/{event.id}/series", series())
    assert shown.status_code == 200
    assert "添加这 4 场" in shown.text
    assert await database.value("SELECT count(*) FROM session") == 0
    made = await as_olga.submit(f"/organizer/events/{event.id}/series", series(confirmed="1"))
    assert made.status_code == 303
    assert await database.value("SELECT count(*) FROM session") == 4
    await as_olga.submit(f"/organizer/events/{event.id}/series", series(confirmed="1"))
    assert await database.value("SELECT count(*) FROM session") == 4


async def test_a_series_without_an_end_is_refused_at_its_field(as_olga, event):
    answer = await as_olga.submit(f"/organizer/events/{event.id}/series", series(until="", confirmed="1"))
    assert answer.status_code == 422
    assert "请填写重复到哪一天为止。" in answer.text
    assert await database.value("SELECT count(*) FROM session") == 0


async def test_questions_are_ordered_by_their_numbers_and_hang_on_each_other(as_olga, event):
    rows = {"version": await version(event)}
    rows |= {"questions.0.key": "0", "questions.0.kind": "text", "questions.0.label": "忌口"}
    rows |= {"questions.0.position": "2", "questions.0.shown_if": "1|需要"}
    rows |= {"questions.1.key": "1", "questions.1.kind": "choice", "questions.1.label": "午餐"}
    rows |= {"questions.1.position": "1", "questions.1.options": "需要\r\n不需要", "questions.1.required": "1"}
    rows |= {"questions.2.key": "new2", "questions.2.kind": "text", "questions.2.label": ""}
    assert (await as_olga.submit(f"/organizer/events/{event.id}/questions", rows)).status_code == 303
    found = await database.rows("SELECT id, label, required, shown_if, shown_if_value FROM question ORDER BY position")
    lunch, diet = found
    assert (lunch["label"], lunch["required"], lunch["shown_if"]) == ("午餐", True, None)
    assert (diet["label"], diet["shown_if"], diet["shown_if_value"]) == ("忌口", lunch["id"], "需要")


async def test_a_choice_without_options_is_refused_and_kept_in_the_form(as_olga, event):
    rows = {"version": await version(event), "questions.4.key": "0", "questions.4.kind": "choice"}
    answer = await as_olga.submit(f"/organizer/events/{event.id}/questions", rows | {"questions.4.label": "午餐"})
    assert answer.status_code == 422
    assert 'href="#f-questions.0.options"' in answer.text
    assert 'value="午餐"' in answer.text


async def test_a_condition_is_an_and_of_ors_in_plain_words(as_olga, event):
    rows = {"version": await version(event)}
    rows |= {"clauses.0.fact.0": "college", "clauses.0.values.0": "信息工程学院、人文学院"}
    rows |= {"clauses.0.fact.1": "grade", "clauses.0.values.1": "2024级", "clauses.0.fact.2": ""}
    rows |= {"clauses.2.fact.0": "gender", "clauses.2.values.0": "女", "clauses.2.values.1": ""}
    assert (await as_olga.submit(f"/organizer/events/{event.id}/eligibility", rows)).status_code == 303
    rule = from_json(await database.value("SELECT eligibility FROM event"))
    assert [[(each.fact.value, each.is_) for each in clause.any] for clause in rule.all] == [
        [("college", ("信息工程学院", "人文学院")), ("grade", (2024,))],
        [("gender", ("f",))],
    ]


async def test_a_condition_that_cannot_be_read_is_marked_and_not_stored(as_olga, event):
    rows = {"version": await version(event), "clauses.0.fact.0": "grade", "clauses.0.values.0": "大一"}
    answer = await as_olga.submit(f"/organizer/events/{event.id}/eligibility", rows)
    assert answer.status_code == 422
    assert "请填写数字。" in answer.text
    assert 'value="大一"' in answer.text
    assert from_json(await database.value("SELECT eligibility FROM event")).all == ()


def picture(form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 360), "#5B8F7B").save(out, form)
    return out.getvalue()


async def upload(client, event, content: bytes):
    files = {"poster": ("海报.png", content, "image/png")}
    return await client.submit(f"/organizer/events/{event.id}/picture", files=files)


async def test_a_poster_is_drawn_anew_and_shown(as_olga, event):
    assert (await upload(as_olga, event, picture())).status_code == 303
    shown = await as_olga.get(f"/organizer/events/{event.id}/poster")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content[:3] == b"\xff\xd8\xff"


async def test_a_forged_picture_is_refused_with_its_reason(as_olga, event):
    answer = await upload(as_olga, event, b"<html><script>alert(1)</script>")
    assert answer.status_code == 422
    assert "这个文件不是图片。" in answer.text
    assert await database.value("SELECT count(*) FROM poster") == 0


async def test_forty_megabytes_are_refused_with_a_page(as_olga, event):
    answer = await upload(as_olga, event, b"\x89PNG\r\n\x1a\n" + bytes(40 * 1024 * 1024))
    assert answer.status_code == 413
    assert "提交的内容太大了。" in answer.text


async def test_a_poster_is_taken_away_after_asking(as_olga, event):
    await upload(as_olga, event, picture())
    asked = await as_olga.submit(f"/organizer/events/{event.id}/picture/removal")
    assert "移除海报？" in asked.text
    assert await database.value("SELECT count(*) FROM poster") == 1
    await as_olga.submit(f"/organizer/events/{event.id}/picture/removal", {"confirmed": "1"})
    assert await database.value("SELECT count(*) FROM poster") == 0


async def test_stops_begin_with_those_of_the_kind_and_can_be_changed(as_olga, event):
    page = (await as_olga.get(f"/organizer/events/{event.id}/stops")).text
    assert "集合点" in page
    stop = await database.value("SELECT id FROM stop WHERE name = '集合点'")
    rows = {"stops.0.id": str(stop), "stops.0.name": "南门集合", "stops.0.position": "1", "stops.0.counts": "1"}
    rows |= {"stops.1.name": "返校", "stops.1.position": "2", "stops.1.direction": "out"}
    assert (await as_olga.submit(f"/organizer/events/{event.id}/stops", rows)).status_code == 303
    found = await database.rows("SELECT name, counts, direction FROM stop WHERE retired_at IS NULL ORDER BY position")
    assert [tuple(each) for each in found] == [("南门集合", True, "in"), ("返校", False, "out")]


async def test_cancelling_an_event_says_how_many_it_affects_and_needs_a_reason(as_olga, cast, event, session):
    booking = await make.booking(session, cast.alice)
    path = f"/organizer/events/{event.id}/cancellation"
    assert "已有 1 个报名。" in (await as_olga.get(path)).text
    assert (await as_olga.submit(path, {"reason": " "})).status_code == 422
    assert await database.value("SELECT state FROM event") == "published"
    assert (await as_olga.submit(path, {"reason": "台风"})).status_code == 303
    assert (await as_olga.submit(path, {"reason": "台风"})).status_code == 303
    assert await database.value("SELECT state FROM booking WHERE id = $1", booking.id) == "cancelled"
    assert await database.value("SELECT count(*) FROM notice WHERE kind = 'cancel'") == 1


async def test_a_copy_sent_twice_is_one_draft(as_olga, event, session):
    page = (await as_olga.get(f"/organizer/events/{event.id}/copies")).text
    fields = {"once": hidden(page, "once"), "title": "第二届", "first_day": at(30)[:10], "parts": ["sessions", "pools"]}
    first = await as_olga.submit(f"/organizer/events/{event.id}/copies", fields)
    second = await as_olga.submit(f"/organizer/events/{event.id}/copies", fields)
    assert first.headers["location"] == second.headers["location"]
    copies = await database.rows("SELECT state FROM event WHERE title = '第二届'")
    assert [each["state"] for each in copies] == ["draft"]


async def test_an_event_with_bookings_is_not_taken_back(as_olga, cast, event, session):
    await make.booking(session, cast.alice)
    answer = await as_olga.submit(f"/organizer/events/{event.id}/withdrawal")
    assert answer.status_code == 409
    assert await database.value("SELECT state FROM event") == "published"
