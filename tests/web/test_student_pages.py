"""What alice sees and does, as rendered pages."""

from datetime import timedelta
from io import BytesIO

import icalendar
import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from events import database
from events.people.links import CANT_GO, sign_link
from events.ticket.code import decode
from events.ticket.queries import verifying_keys
from templates.language import LOCALES
from tests import make
from tests.web.reading import Seen, press, see


@pytest_asyncio.fixture
async def tour(cast):
    """A study tour with two pick-up stops, a question, and two places in each coach."""
    event = await make.event(await make.programme(cast.league.id), title="走进名企", title_en="Inside the factory")
    session = await make.session(event, capacity=2)
    session.stops = [
        await make.pool(session, capacity=capacity, name=name, choice="上车点")
        for name, capacity in (("校门口", 2), ("市区", 1))
    ]
    session.meal = await make.question(event, "choice", label="午餐", options=["荤", "素"], required=True)
    session.contact = await make.question(event, "text", label="紧急联系人", required=False)
    return session


async def book_by_form(client, tour, **typed):
    shown = await see(client, f"/sessions/{tour.id}/booking")
    form = shown.form(f"/sessions/{tour.id}/booking")
    typed = {"choice0": str(tour.stops[0].id), f"q{tour.meal.id}": "素"} | typed
    return await press(client, form, **typed)


async def test_the_first_page_shows_what_is_on_with_its_places(signed_out, tour):
    page = await see(signed_out, "/")
    assert "走进名企" in page.text
    assert f"/events/{tour.event}" in page.links
    assert "余" in page.text


async def test_filters_narrow_the_list_and_say_so_when_nothing_is_left(signed_out, tour, cast):
    festival = await make.programme(cast.league.id, name="杨梅节", kind="festival")
    await make.session(await make.event(festival, title="杨梅节开幕", district="横河镇"))
    assert "杨梅节开幕" not in (await see(signed_out, "/?kind=study_tour")).text
    assert "走进名企" not in (await see(signed_out, "/?district=横河镇")).text
    found = await see(signed_out, "/", params={"text": "开幕"})
    assert "杨梅节开幕" in found.text
    assert "走进名企" not in found.text
    assert "没有符合条件的活动" in (await see(signed_out, "/?text=没有这种活动")).text
    assert "走进名企" in (await see(signed_out, "/?free=1")).text
    await database.rows("UPDATE pool SET taken = capacity")
    assert "走进名企" not in (await see(signed_out, "/?free=1")).text


async def test_unknown_values_of_filters_are_no_error(signed_out, tour):
    for query in ("?when=yesterday", "?kind=party", "?free=2", "?district=" + "x" * 500, "?utm_source=wechat"):
        await see(signed_out, f"/{query}")


async def test_the_calendar_shows_the_month_and_leads_to_the_next(signed_out, tour):
    page = await see(signed_out, f"/calendar?month={tour.starts_at:%Y-%m}")
    assert "走进名企" in page.text
    following = (tour.starts_at.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
    assert f"/calendar?month={following}" in page.links


@pytest.mark.parametrize("month", ["2026-13", "0001-01", "9999-12", "abc", "2026-1", "2026-11-01", "二〇二六"])
async def test_a_month_that_is_none_is_not_found(signed_out, month):
    await see(signed_out, "/calendar", 404, params={"month": month})


async def test_the_event_page_speaks_both_languages(signed_out, tour):
    chinese = await see(signed_out, f"/events/{tour.event}")
    assert "走进名企" in chinese.text
    signed_out.keep("yantu-language", "en")
    english = await see(signed_out, f"/events/{tour.event}")
    assert "Inside the factory" in english.text
    assert ("html", "en") in [(name, given.get("lang")) for name, given in english.marks]


async def test_the_event_page_leads_a_visitor_to_the_sign_in_and_back(signed_out, tour):
    page = await see(signed_out, f"/events/{tour.event}")
    assert f"/sessions/{tour.id}/booking" in page.links
    answer = await signed_out.get(f"/sessions/{tour.id}/booking", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/sessions/{tour.id}/booking")


async def test_alice_books_with_her_choice_and_answers_and_sees_her_ticket(as_alice, tour, cast):
    answer = await book_by_form(as_alice, tour)
    booking = await database.row(
        "SELECT id, code, state, pools, answers FROM booking WHERE student = $1", cast.alice.id
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{booking['code']}")
    assert booking["state"] == "confirmed"
    assert tour.stops[0].id in booking["pools"]
    assert tour.stops[1].id not in booking["pools"]
    page = await see(as_alice, f"/tickets/{booking['code']}")
    assert "报名成功" in page.text
    assert "王*燕" in page.text
    assert "王小燕" not in page.text.replace(
        page.text.split("报名成功")[0], ""
    )  # the header names the viewer, the ticket does not
    assert "报名成功" not in (await see(as_alice, f"/tickets/{booking['code']}")).text
    assert f"/tickets/{booking['code']}" in (await see(as_alice, "/tickets")).links


async def test_pressing_twice_leads_to_the_same_ticket(as_alice, tour, cast):
    first, second = await book_by_form(as_alice, tour), None
    shown = Seen((await as_alice.get(f"/events/{tour.event}")).text)
    second = await as_alice.submit(
        f"/sessions/{tour.id}/booking", {"choice0": str(tour.stops[0].id), f"q{tour.meal.id}": "素"}
    )
    assert first.headers["location"] == second.headers["location"]
    assert first.headers["location"] in shown.links
    assert await database.value("SELECT count(*) FROM booking") == 1
    assert await database.value("SELECT max(taken) FROM pool") == 1


async def test_the_form_of_a_booked_session_leads_to_the_ticket(as_alice, tour):
    booked = await book_by_form(as_alice, tour)
    again = await as_alice.get(f"/sessions/{tour.id}/booking", follow_redirects=False)
    assert again.headers["location"] == booked.headers["location"]


async def test_a_missing_answer_keeps_what_was_typed(as_alice, tour):
    answer = await book_by_form(as_alice, tour, **{f"q{tour.meal.id}": "", f"q{tour.contact.id}": "妈妈 138"})
    assert answer.status_code == 422
    form = Seen(answer.text).form(f"/sessions/{tour.id}/booking")
    assert form.fields[f"q{tour.contact.id}"] == "妈妈 138"
    assert form.fields["choice0"] == str(tour.stops[0].id)
    assert "请填写这一项" in answer.text
    assert await database.value("SELECT count(*) FROM booking") == 0


async def test_a_full_coach_is_refused_with_a_sentence_and_the_rest_is_kept(as_bob, tour, cast):
    await make.booking(tour, cast.alice, pools=[(await first_pool(tour)), tour.stops[1].id])
    answer = await book_by_form(as_bob, tour, choice0=str(tour.stops[1].id), **{f"q{tour.contact.id}": "爸爸"})
    assert answer.status_code == 409
    page = Seen(answer.text)
    assert "您选的“上车点”已满，请换一个。" in page.text
    assert page.form(f"/sessions/{tour.id}/booking").fields[f"q{tour.contact.id}"] == "爸爸"
    assert await database.value("SELECT count(*) FROM booking WHERE student = $1", cast.bob.id) == 0


async def first_pool(tour) -> int:
    return await database.value("SELECT id FROM pool WHERE session = $1 AND choice = ''", tour.id)


async def test_a_rule_that_keeps_bob_out_says_which_in_words(as_bob, cast):
    rule = '{"all": [{"any": [{"fact": "college", "is": ["人文学院"]}]}]}'
    event = await make.event(await make.programme(cast.league.id))
    session = await make.session(event)
    await database.rows("UPDATE event SET eligibility = $2 WHERE id = $1", event.id, rule)
    answer = await as_bob.submit(f"/sessions/{session.id}/booking")
    assert answer.status_code == 409
    assert "本活动面向：人文学院。" in Seen(answer.text).text
    assert "Clause(" not in answer.text


async def test_somebody_off_the_roster_gives_a_name_once(browser, tour):
    stranger = await make.student("", number=None, school="", college="", phone="+8613900000009")
    client = await browser(student=stranger.id)
    refused = await book_by_form(client, tour, name="　 ")
    assert refused.status_code == 422
    assert (await book_by_form(client, tour, name="陈阿四")).status_code == 303
    assert await database.value("SELECT name FROM student WHERE id = $1", stranger.id) == "陈阿四"


async def test_the_picture_of_the_ticket_decodes_to_a_signed_code_of_this_session(as_alice, tour, cast):
    booked = await book_by_form(as_alice, tour)
    answer = await as_alice.get(f"{booked.headers['location']}/code.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"].startswith("private")
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)).convert("L"))
    ticket = decode(read.text, await verifying_keys())
    assert ticket.session_id == tour.id
    assert "王" not in read.text


async def test_the_calendar_file_parses_and_names_time_and_place(as_alice, tour):
    booked = await book_by_form(as_alice, tour)
    answer = await as_alice.get(f"{booked.headers['location']}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "走进名企"
    assert event["DTSTART"].dt == tour.starts_at
    assert event["URL"].startswith("http://127.0.0.1:8000/tickets/")


async def test_alice_cancels_and_the_place_is_free_again(as_alice, tour, cast):
    booked = await book_by_form(as_alice, tour)
    code = booked.headers["location"].rsplit("/", 1)[1]
    page = await see(as_alice, f"/tickets/{code}")
    answer = await press(as_alice, page.form(f"/bookings/{code}/cancellation"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets")
    assert "已取消报名" in (await see(as_alice, "/tickets")).text
    assert await database.value("SELECT max(taken) FROM pool") == 0
    ticket = await see(as_alice, f"/tickets/{code}")
    assert "已取消" in ticket.text
    assert not any("code.png" in str(given.get("src")) for name, given in ticket.marks if name == "img")


async def test_cancelling_too_late_is_answered_with_the_time(as_alice, cast):
    session = await make.session(cancel_until=make.now() - timedelta(hours=1))
    booking = await make.booking(session, cast.alice)
    answer = await as_alice.submit(f"/bookings/{booking.code}/cancellation", follow_redirects=True)
    assert "自行取消的截止时间是" in answer.text
    assert await database.value("SELECT state FROM booking WHERE id = $1", booking.id) == "confirmed"


async def test_the_link_of_a_letter_asks_first_and_then_frees_the_place(browser, cast, db):
    session = await make.session()
    booking = await make.booking(session, cast.alice)
    token = sign_link(db.secret, CANT_GO, str(booking.id))
    scanner = await browser()
    scanner.cookies.clear()
    page = await see(scanner, f"/leave/{token}")  # what a mail scanner does, too: it opens links
    assert await database.value("SELECT state FROM booking WHERE id = $1", booking.id) == "confirmed"
    answer = await press(scanner, page.form(f"/leave/{token}/cancellation"))
    assert answer.status_code == 303
    assert await database.value("SELECT state FROM booking WHERE id = $1", booking.id) == "cancelled"
    assert await database.value("SELECT max(taken) FROM pool") == 0
    assert "已经取消" in (await see(scanner, f"/leave/{token}")).text


@pytest.mark.parametrize("token", ["x", "A" * 300, "A" * 301, "%00", "中文"])
async def test_a_forged_link_looks_like_a_dead_one(signed_out, db, token):
    assert (await signed_out.get(f"/leave/{token}")).status_code in (400, 404)


async def test_a_link_of_another_purpose_frees_no_place(signed_out, cast, db):
    booking = await make.booking(await make.session(), cast.alice)
    token = sign_link(db.secret, "unsubscribe", str(booking.id))
    assert (await signed_out.submit(f"/leave/{token}/cancellation")).status_code == 404
    assert await database.value("SELECT state FROM booking WHERE id = $1", booking.id) == "confirmed"


async def test_alice_changes_how_she_is_reached_and_not_who_she_is(as_alice, cast):
    form = (await see(as_alice, "/me/profile")).form("/me/profile")
    assert form.fields["email"] == "alice@example.org"
    answer = await press(as_alice, form, email="alice@new.example.org", name="Somebody Else", locale="en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    row = await database.row("SELECT name, email, locale, number FROM student WHERE id = $1", cast.alice.id)
    assert tuple(row) == ("王小燕", "alice@new.example.org", "en", cast.alice.number)


@pytest.mark.parametrize(
    "email", ["a@b@c", "alice@example.org\r\nBcc: x@y.z", "a" * 250 + "@b.cn", '"a b"@c.cn', "nobody"]
)
async def test_an_address_that_is_none_is_refused_and_kept_in_the_form(as_alice, cast, email):
    answer = await as_alice.submit("/me/profile", {"email": email})
    assert answer.status_code == 422
    assert "邮箱地址不正确" in answer.text
    assert await database.value("SELECT email FROM student WHERE id = $1", cast.alice.id) == "alice@example.org"


async def test_letters_lie_in_the_inbox_until_they_are_read(as_alice, as_bob, cast):
    for student in (cast.alice, cast.bob):
        await database.rows(
            """WITH notice AS (INSERT INTO notice (dedupe_key, student) VALUES ($1, $2) RETURNING id)
               INSERT INTO inbox_message (student, notice, title, body, link)
               SELECT $2, id, '报名成功', '这是您的票', '/tickets' FROM notice""",
            f"confirm:{student.id}",
            student.id,
        )
    page = await see(as_alice, "/me/inbox")
    assert page.text.count("报名成功") == 1
    mine = await database.value("SELECT id FROM inbox_message WHERE student = $1", cast.alice.id)
    bobs = await database.value("SELECT id FROM inbox_message WHERE student = $1", cast.bob.id)
    assert (await press(as_alice, page.form(f"/me/inbox/{mine}/reading"))).status_code == 303
    await as_alice.submit(f"/me/inbox/{bobs}/reading")
    read = await database.rows("SELECT student FROM inbox_message WHERE read_at IS NOT NULL")
    assert [each["student"] for each in read] == [cast.alice.id]
    assert "未读" not in (await see(as_alice, "/me/inbox")).text


@pytest.mark.parametrize("locale", LOCALES)
async def test_one_walk_renders_every_page_of_students(as_alice, tour, cast, db, locale):
    as_alice.keep("yantu-language", locale)
    booked = await book_by_form(as_alice, tour)
    token = sign_link(db.secret, CANT_GO, str(await database.value("SELECT id FROM booking")))
    pages = ("/", "/calendar", f"/events/{tour.event}", "/tickets", booked.headers["location"], "/me", "/me/profile")
    for path in (*pages, "/me/inbox", f"/leave/{token}", "/dev/inbox"):
        await see(as_alice, path)
    await see(as_alice, "/nothing", 404)


async def test_an_english_page_of_students_holds_no_chinese_of_ours(as_alice, tour):
    """What organizers and rosters wrote stays as it is; what the interface says is English."""
    as_alice.keep("yantu-language", "en")
    ours = Seen((await as_alice.get("/me/profile")).text).text
    for word in ("姓名", "邮箱", "保存", "学号", "登录"):
        assert word not in ours
