"""What letters say, and that the right ones go out: the whole way from a booking to the mailbox."""

from datetime import UTC, datetime, timedelta

import pytest

from events.catalogue.tables import Event, Session
from events.notice.queries import dev_letters, inbox
from events.notice.rules import Kind
from events.people.links import CANT_GO, read_link
from events.people.tables import Student
from events.settings import Settings
from tests import make
from tests.cast import Cast
from tests.conftest import TEST_SECRET
from tests.workers.mailbox import Mailbox, calendar_of, words
from tests.workers.story import ask_for_code, book, cancel, comes_due, move, states
from workers.post.room import PostRoom

STARTS = datetime(2100, 11, 28, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai, a Sunday


async def test_a_confirmation_tells_time_place_and_ticket(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    session = await make.session(starts_at=STARTS, note="请穿平底鞋")
    booking = await book(cast.alice, session)
    assert await room.drain() == 1

    (letter,) = mailbox.to("alice@example.org")
    assert letter["Subject"] == "已报名：走进名企 · 智能家电线"
    assert letter["From"] == "燕途 <post@yantu.test>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@yantu.test>")
    for kind in ("plain", "html"):
        text = words(letter, kind)
        for said in ("王小燕，您好：", "2100年11月28日 周日 8:30–11:30", "科院南门", "请穿平底鞋", "团市委"):
            assert said in text
        assert f"http://yantu.test/tickets/{booking.code}" in text
        assert f"{booking.code[:5]}-{booking.code[5:]}" in text
        assert "/leave/" not in text


async def test_the_calendar_part_has_the_right_times(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    method, entry = calendar_of(mailbox.letters[0])
    assert method == "REQUEST"
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (STARTS, STARTS + timedelta(hours=3))
    assert entry["UID"] == f"booking-{booking.id}@yantu.test"
    assert entry["SUMMARY"] == "走进名企 · 智能家电线"
    assert entry["LOCATION"] == "科院南门"
    assert entry["ORGANIZER"] == "mailto:post@yantu.test"


async def test_a_reminder_says_when_and_offers_the_way_out(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    session = await make.session(starts_at=make.now() + timedelta(hours=30))
    booking = await book(cast.alice, session)
    await comes_due(Kind.REMIND_24H)
    await room.drain()

    (letter,) = mailbox.letters
    assert letter["Subject"].startswith("活动提醒：")
    link = next(word for word in words(letter).split() if "/leave/" in word)
    assert link.startswith("http://yantu.test/leave/")
    assert read_link(TEST_SECRET, CANT_GO, link.rpartition("/")[2]) == str(booking.id)
    method, entry = calendar_of(letter)
    assert (method, entry["DTSTART"].dt) == ("REQUEST", session.starts_at)
    assert await room.drain() == 0


async def test_one_booking_gets_one_confirmation_and_two_reminders(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    for kind in (Kind.REMIND_24H, Kind.REMIND_2H):
        await comes_due(kind)
        await room.drain()
        await room.drain()
    assert [letter["Subject"].partition("：")[0] for letter in mailbox.letters] == ["已报名", "活动提醒", "即将开始"]
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 3


async def test_a_moved_session_is_told_and_reminds_of_its_new_time_only(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    _, before = calendar_of(mailbox.letters[0])
    await move(booking, STARTS + timedelta(days=1, hours=1))
    await room.drain()

    letter = mailbox.letters[1]
    assert letter["Subject"] == "活动有变动：走进名企 · 智能家电线"
    assert "2100年11月29日 周一 9:30–12:30" in words(letter)
    method, after = calendar_of(letter)
    assert (method, after["DTSTART"].dt) == ("REQUEST", STARTS + timedelta(days=1, hours=1))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert await states() == {
        f"change:{booking.id}:2": "sent",
        f"confirm:{booking.id}": "sent",
        f"remind:{booking.id}:1:24h": "dropped",
        f"remind:{booking.id}:1:2h": "dropped",
        f"remind:{booking.id}:2:24h": "pending",
        f"remind:{booking.id}:2:2h": "pending",
    }


async def test_a_reminder_that_escaped_the_move_is_dropped_at_the_last_look(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await Session.update({Session.version: 2}).where(Session.id == booking.session)
    await comes_due(Kind.REMIND_24H)
    await room.drain()
    assert mailbox.letters == []
    assert (await states())[f"remind:{booking.id}:1:24h"] == "dropped"


async def test_a_cancelled_booking_gets_one_cancellation_and_no_reminder(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    await cancel(booking, by_staff=cast.olga.id, reason="场地临时调整\n<b>抱歉</b>")
    await comes_due(*Kind)
    for _ in range(2):
        await room.drain()

    confirmation, cancellation = mailbox.letters
    assert cancellation["Subject"] == "报名已取消：走进名企 · 智能家电线"
    assert "原因：场地临时调整 <b>抱歉</b>" in words(cancellation)
    assert "&lt;b&gt;抱歉&lt;/b&gt;" in words(cancellation, "html")
    assert "/tickets/" not in words(cancellation)
    method, entry = calendar_of(cancellation)
    assert (method, entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert entry["UID"] == calendar_of(confirmation)[1]["UID"]
    assert entry["SEQUENCE"] > calendar_of(confirmation)[1]["SEQUENCE"]


@pytest.mark.parametrize(
    ("state", "by", "subject"),
    [
        ("cancelled", "student", "已取消报名：走进名企 · 智能家电线"),
        ("cancelled", "event", "活动取消：走进名企 · 智能家电线"),
        ("on_leave", "student", "已请假：走进名企 · 智能家电线"),
    ],
)
async def test_a_cancellation_says_who_cancelled(
    cast: Cast, room: PostRoom, mailbox: Mailbox, state: str, by: str, subject: str
) -> None:
    booking = await book(cast.alice)
    await cancel(booking, state, by_student=cast.alice.id if by == "student" else None)
    await room.drain()
    assert [letter["Subject"] for letter in mailbox.letters] == [subject]


async def test_a_confirmation_of_a_booking_that_has_ended_is_dropped(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    booking = await book(cast.alice)
    await cancel(booking, by_student=cast.alice.id)
    await room.drain()
    assert (await states())[f"confirm:{booking.id}"] == "dropped"


async def test_a_postponed_session_is_told_without_a_time_and_not_reminded(
    cast: Cast, room: PostRoom, mailbox: Mailbox
) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    await Session.update({Session.state: "postponed"}).where(Session.id == booking.session)
    await move(booking, STARTS)
    await comes_due(*Kind)
    await room.drain()
    letter = mailbox.letters[1]
    assert letter["Subject"] == "活动延期：走进名企 · 智能家电线"
    assert "时间：延期，时间待定" in words(letter)
    assert calendar_of(letter)[0] == "CANCEL"
    assert len(mailbox.letters) == 2


async def test_english_for_those_who_read_it(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    await Student.update({Student.locale: "en"}).where(Student.id == cast.mei.id)
    event = await make.event(title_en="Inside the appliance makers")
    await book(cast.mei, await make.session(event, starts_at=STARTS))
    await room.drain()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Booked: Inside the appliance makers"
    text = words(letter)
    assert "Hello 阿依古丽·买买提," in text
    assert "When: Sun 28 Nov 2100, 8:30–11:30" in text
    assert 'lang="en"' in words(letter, "html")
    assert calendar_of(letter)[1]["SUMMARY"] == "Inside the appliance makers"


async def test_every_letter_lies_in_the_inbox_too(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    booking = await book(cast.alice, await make.session(starts_at=STARTS))
    await room.drain()
    (message,) = await inbox(cast.alice.id)
    assert message.title == "已报名：走进名企 · 智能家电线"
    assert message.body.startswith("您已报名成功，到场时出示票码即可入场。\n时间 2100年11月28日")
    assert message.link == f"/tickets/{booking.code}"


async def test_without_an_address_or_the_wish_the_inbox_is_enough(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    session = await make.session()
    await Student.update({Student.email: None}).where(Student.id == cast.alice.id)
    await Student.update({Student.wants_email: False}).where(Student.id == cast.bob.id)
    for student in (cast.alice, cast.bob):
        await book(student, session)
    await room.drain()
    assert mailbox.seen == []
    assert [len(await inbox(student.id)) for student in (cast.alice, cast.bob)] == [1, 1]
    assert sorted((await states()).values()) == ["pending"] * 4 + ["sent"] * 2


@pytest.mark.parametrize(
    "title",
    [
        "开放日\r\nBcc: everyone@example.org\r\n\r\n假正文",
        "{{ page.city }}{% raw %}{settings.secret} %(title)s %s",
        "\u202e反过来\u2028另一行\x00",
        "=?utf-8?q?Bcc:?= " + "长" * 80,
    ],
)
async def test_a_title_is_only_ever_text(cast: Cast, room: PostRoom, mailbox: Mailbox, title: str) -> None:
    event = await make.event()
    await Event.update({Event.title: title.replace("\x00", "")}).where(Event.id == event.id)
    await book(cast.alice, await make.session(event))
    await room.drain()
    (letter,) = mailbox.letters
    plain = " ".join(title.replace("\u202e", " ").replace("\x00", " ").split())
    assert letter["Subject"] == f"已报名：{plain}"
    assert letter["Bcc"] is None
    assert letter["To"] == "alice@example.org"
    assert plain in words(letter)
    calendar_of(letter)


@pytest.mark.parametrize(
    "address", ["eve@example.org\r\nBcc: bob@example.org", "a@b@c", "名@example.org", "<eve@x.org>"]
)
async def test_an_address_that_breaks_the_header_fails_for_good(
    cast: Cast, room: PostRoom, mailbox: Mailbox, address: str
) -> None:
    await Student.update({Student.email: address}).where(Student.id == cast.alice.id)
    await book(cast.alice)
    await book(cast.bob)
    await room.drain()
    assert [letter["To"] for letter in mailbox.seen] == ["bob@example.org"]
    assert sorted((await states()).values()) == ["failed"] + ["pending"] * 4 + ["sent"]


async def test_a_code_goes_to_the_address_that_asked(room: PostRoom, mailbox: Mailbox, db: Settings) -> None:
    await ask_for_code("olga@example.org", audience="staff")
    await ask_for_code("mei@example.org", locale="en")
    await room.drain()
    subjects = {letter["To"]: letter["Subject"] for letter in mailbox.letters}
    assert subjects == {"olga@example.org": "登录验证码：483920", "mei@example.org": "Sign-in code: 483920"}
    for kind in ("plain", "html"):
        assert "483920" in words(mailbox.letters[0], kind)


async def test_a_code_for_a_phone_is_only_kept_in_development(room: PostRoom, mailbox: Mailbox) -> None:
    await ask_for_code("+8613800000001")
    await room.drain()
    assert mailbox.seen == []
    (kept,) = await dev_letters()
    assert (kept.channel, kept.address) == ("sms", "+8613800000001")
    assert kept.text.startswith("【燕途】验证码 483920，")


async def test_a_dead_code_is_not_sent(room: PostRoom, mailbox: Mailbox) -> None:
    used = await ask_for_code("olga@example.org", used_at=datetime.now(UTC))
    await room.drain()
    assert mailbox.seen == []
    assert await states() == {f"code:{used}": "dropped"}


async def test_development_keeps_every_letter_as_it_went_out(cast: Cast, room: PostRoom, mailbox: Mailbox) -> None:
    await book(cast.alice)
    await room.drain()
    (kept,) = await dev_letters()
    assert (kept.channel, kept.address, kept.subject) == ("email", "alice@example.org", mailbox.letters[0]["Subject"])
    assert kept.calendar is not None
    assert b"BEGIN:VCALENDAR" in kept.calendar
