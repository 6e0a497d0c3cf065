"""What students find: the list, the calendar, the page. On the real database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from events import database
from events.catalogue import queries
from events.catalogue.eligibility import Clause, Condition, Eligibility, Fact, to_json
from events.catalogue.queries import EventFilter
from events.catalogue.queries.visible import may_see
from events.errors import Fault, Invalid, NotFound
from events.people.queries import student_profile
from tests import make

SHANGHAI = ZoneInfo("Asia/Shanghai")


def days(number: float):
    return make.now() + timedelta(days=number)


async def listed(viewer=None, **wanted) -> list[str]:
    return [each.title for each in (await queries.list_events(EventFilter(**wanted), viewer)).cards]


async def event(title: str, *starts: float, capacity: int = 40, dates: dict | None = None, **more):
    """An event with sessions so many days from now."""
    row = await make.event(more.pop("programme", None), title=title, **more)
    for start in starts:
        await make.session(
            row, capacity, starts_at=days(start), **({"opens_at": days(min(start, 0) - 30)} | (dates or {}))
        )
    return row


async def test_the_list_shows_what_is_ahead_the_soonest_first(db):
    await event("后天", 2)
    await event("昨天", -1)
    await event("明天和上周", -7, 1)
    await event("没有日期")
    await event("正在进行", -0.05)
    await event("草稿", 1, state="draft", published_at=None)
    await event("没有发布就取消", 1, state="cancelled", published_at=None)
    assert await listed() == ["正在进行", "明天和上周", "后天"]


async def test_a_card_says_what_a_student_wants_to_know(db):
    programme = await make.programme((await make.department(name="团市委")).id, name="逐梦游学")
    row = await event("走进名企", 3, 5, capacity=40, programme=programme, title_en="Visits")
    await database.rows("UPDATE pool SET taken = 39 WHERE session = (SELECT min(id) FROM session)")
    await database.rows("INSERT INTO poster (event, sha256) VALUES ($1, repeat('0123456789abcdef', 4))", row.id)
    [card] = (await queries.list_events()).cards
    sessions = (await queries.event_page(row.id)).sessions
    assert (card.title, card.title_en, card.programme, card.host, card.district) == (
        "走进名企",
        "Visits",
        "逐梦游学",
        "团市委",
        "浒山街道",
    )
    assert (card.next_start, card.next_end) == (sessions[0].starts_at, sessions[0].ends_at)
    assert (card.sessions, card.places_left, card.capacity, card.state) == (2, 41, 80, "open")
    assert (card.opens_at, card.closes_at) == (sessions[0].opens_at, sessions[1].closes_at)
    assert card.poster_version == "0123456789abcdef"


@pytest.mark.parametrize(
    ("dates", "more", "taken", "state"),
    [
        ({}, {}, 0, "open"),
        ({"opens_at": days(1)}, {}, 0, "not_open"),
        ({}, {}, 40, "full"),
        ({"closes_at": days(-0.1)}, {}, 0, "closed"),
        ({}, {"needs_booking": False}, 0, "walk_in"),
        ({"state": "cancelled"}, {"state": "cancelled"}, 0, "cancelled"),
        ({"state": "postponed"}, {"state": "postponed"}, 0, "postponed"),
    ],
)
async def test_card_and_page_agree_on_how_an_event_stands(db, dates, more, taken, state):
    row = await event("走进名企", 3, dates=dates, **more)
    await database.rows("UPDATE pool SET taken = $1", taken)
    [card] = (await queries.list_events()).cards
    [session] = (await queries.event_page(row.id)).sessions
    assert (card.state, session.state) == (state, state)
    assert card.places_left == (session.places_left if state in ("open", "not_open", "full") else 0)


async def test_a_session_that_was_called_off_is_not_the_next_one(db):
    row = await event("走进名企", 2, 4)
    await database.rows("UPDATE session SET state = 'cancelled' WHERE id = (SELECT min(id) FROM session)")
    [card] = (await queries.list_events()).cards
    assert (card.sessions, card.next_start) == (1, (await queries.event_page(row.id)).sessions[1].starts_at)


async def test_what_was_put_off_is_shown_after_the_dates_that_hold_and_not_for_ever(db):
    await event("延期", -3, dates={"state": "postponed", "opens_at": days(-9)}, state="postponed")
    await event("早已延期", -120, dates={"state": "postponed", "opens_at": days(-130)}, state="postponed")
    await event("下月", 30)
    assert await listed() == ["下月", "延期"]


async def test_filters(db):
    office = await make.programme((await make.department(name="就业中心")).id, name="就业中心驻宁大科院服务站")
    await event("政策咨询", 1, programme=office, kind="appointment", district="周巷镇")
    full = await event("越窑青瓷文化节", 2, kind="festival")
    await event("100%原创_歌手赛", 20, kind="contest", title_en="Original Singers")
    await database.rows(
        "UPDATE pool SET taken = capacity WHERE session IN (SELECT id FROM session WHERE event = $1)", full.id
    )
    everything = ["政策咨询", "越窑青瓷文化节", "100%原创_歌手赛"]
    assert await listed() == everything
    assert await listed(kind="festival") == ["越窑青瓷文化节"]
    assert await listed(kind="'; DROP TABLE event --") == []
    assert await listed(district="周巷镇") == ["政策咨询"]
    assert await listed(since=days(10)) == ["100%原创_歌手赛"]
    assert await listed(until=days(10)) == everything[:2]
    assert await listed(since=days(1.5), until=days(3)) == ["越窑青瓷文化节"]
    assert await listed(only_free=True) == ["政策咨询", "100%原创_歌手赛"]
    assert await listed(text="青瓷") == ["越窑青瓷文化节"]
    assert await listed(text="就业中心 服务站") == ["政策咨询"]
    assert await listed(text="SINGERS") == ["100%原创_歌手赛"]
    assert await listed(text="\u3000100%\u200b原创_ ") == ["100%原创_歌手赛"]
    assert await listed(text="%") == ["100%原创_歌手赛"]
    assert await listed(text="_") == ["100%原创_歌手赛"]
    assert await listed(text="\\") == []
    assert await queries.districts() == ["周巷镇", "浒山街道"]


async def test_a_choice_without_a_free_place_leaves_no_place_free(db):
    """The hall has room, but both coaches are full: the same answer in SQL and in the rule."""
    row = await make.event(title="名企行")
    session = await make.session(row, 40)
    for name in ("一号车", "二号车"):
        await make.pool(session, 5, name=name, choice="上车点", taken=5)
    [card] = (await queries.list_events()).cards
    assert (card.places_left, card.capacity, card.state) == (0, 10, "full")
    assert await listed(only_free=True) == []
    await database.rows("UPDATE pool SET taken = 3 WHERE name = '二号车'")
    [card] = (await queries.list_events(EventFilter(only_free=True))).cards
    assert (card.places_left, (await queries.event_page(row.id)).sessions[0].places_left) == (2, 2)


async def test_what_needs_no_booking_always_has_room(db):
    await event("月光夜市", 1, needs_booking=False, capacity=1)
    await database.rows("DELETE FROM pool")
    assert await listed(only_free=True) == ["月光夜市"]


async def test_pages_follow_each_other_without_gaps_or_repeats(db):
    parent, same = await make.programme(), 5
    for number in range(9):
        await event(f"活动{number}", same if number < 6 else number, programme=parent)
    seen, cursor = [], ""
    while cursor is not None:
        page = await queries.list_events(EventFilter(limit=4, cursor=cursor))
        seen.append([each.title for each in page.cards])
        cursor = page.next_cursor
    assert [len(each) for each in seen] == [4, 4, 1]
    assert [title for each in seen for title in each] == [f"活动{number}" for number in range(9)]


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1-", "-1", "1-2-3", "１-2", "1-" + "9" * 50, "9" * 400 + "-1", "1-2147483648"]
)
async def test_a_forged_cursor_is_refused(db, cursor: str):
    with pytest.raises(Invalid) as refused:
        await queries.list_events(EventFilter(cursor=cursor))
    assert refused.value.problems == {"cursor": Fault.NOT_AN_OPTION}


async def test_a_search_with_control_characters_is_refused_and_a_page_has_its_limits(db):
    with pytest.raises(Invalid) as refused:
        await queries.list_events(EventFilter(text="\x00"))
    assert refused.value.problems == {"text": Fault.BAD_CHARACTER}
    await event("走进名企", 1)
    for limit in (-1, 0, 10**9):
        assert len(await listed(limit=limit)) == 1


def rule(fact: Fact, *values) -> Eligibility:
    return Eligibility(all=(Clause(any=(Condition(fact=fact, is_=values),)),))


async def test_list_and_page_agree_on_who_may_see_what(cast):
    """Every visibility × rule × viewer, in SQL and in Python."""
    rules = {
        "everyone": Eligibility(),
        "computing": rule(Fact.COLLEGE, "信息工程学院"),
        "2023": rule(Fact.GRADE, 2023),
        "2024": rule(Fact.GRADE, 2023, 2024),
        "on_roster": rule(Fact.ON_ROSTER, True),
        "off_roster": rule(Fact.ON_ROSTER, False),
        "graduation": rule(Fact.GRADUATION_YEAR, 2028),
        "both": Eligibility(all=rule(Fact.GENDER, "f").all + rule(Fact.GRADE, 2024).all),
        "either": Eligibility(
            all=(Clause(any=rule(Fact.GENDER, "m").all[0].any + rule(Fact.COLLEGE, "信息工程学院").all[0].any),)
        ),
        "nobody": Eligibility(all=(Clause(any=()),)),
    }
    ids = {}
    for visibility, name in product(("public", "signed_in", "eligible", "link"), rules):
        text = to_json(rules[name])
        row = await event(f"{visibility} {name}", 1, visibility=visibility, eligibility=text)
        ids[visibility, name] = row.id
    stranger = await make.student("外校生", number=None, college="信息工程学院", grade=2024)
    unknown = await make.student("无年级", grade=None, graduation_year=None)
    people = [cast.alice, cast.bob, stranger, unknown]
    for viewer in [None, *[await student_profile(each.id) for each in people]]:
        cards = await queries.list_events(EventFilter(limit=100), viewer)
        may = {
            event_id
            for (visibility, name), event_id in ids.items()
            if may_see("published", visibility, make.now(), rules[name], viewer)
        }
        by_link = {event_id for (visibility, _), event_id in ids.items() if visibility == "link"}
        assert {each.id for each in cards.cards} == may - by_link
        assert by_link <= may
        for event_id in ids.values():
            if event_id in may:
                assert (await queries.event_page(event_id, viewer)).id == event_id
            else:
                with pytest.raises(NotFound):
                    await queries.event_page(event_id, viewer)


async def test_off_roster_students_see_only_what_asks_for_nothing_more(cast):
    await event("信息学院专场", 1, visibility="eligible", eligibility=to_json(rule(Fact.COLLEGE, "信息工程学院")))
    alice = await student_profile(cast.alice.id)
    assert await listed(alice) == ["信息学院专场"]
    assert await listed(replace(alice, number=None)) == []
    assert await listed() == []


async def test_the_page_has_everything_of_the_event(cast):
    programme = await make.programme(cast.league.id, name="逐梦游学")
    await database.rows(
        "INSERT INTO programme_partner (programme, department) VALUES ($1, $2)", programme.id, cast.bureau.id
    )
    row = await make.event(programme, body="# 行程", place="科院南门")
    session = await make.session(row, 40, place="青年之家", note="带伞")
    size = await make.question(row, "choice", label="尺码", options='["S", "M"]')
    await make.question(row, "text", label="旧问题", retired_at=make.now())
    why = await make.question(row, "text", label="原因", shown_if=size.id, shown_if_value="S", position=1)
    page = await queries.event_page(row.id)
    assert (page.title, page.body, page.host, page.programme) == (row.title, "# 行程", "团市委", "逐梦游学")
    assert [each.name for each in page.partners] == ["市人力社保局"]
    assert [(each.id, each.options, each.shown_if) for each in page.questions] == [
        (size.id, ("S", "M"), None),
        (why.id, (), size.id),
    ]
    [shown] = page.sessions
    assert (shown.id, shown.starts_at, shown.place, shown.own_place, shown.note) == (
        session.id,
        session.starts_at,
        "青年之家",
        "青年之家",
        "带伞",
    )
    assert [(each.name, each.capacity, each.free) for each in shown.pools] == [("名额", 40, 40)]
    assert abs(page.now - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_page_of_a_long_series_shows_what_is_ahead_and_the_last_past(db):
    row = await event("讲坛", *range(-15, 0), *range(1, 130))
    page = await queries.event_page(row.id)
    assert page.session_count == 144
    assert len(page.sessions) == 10 + 120
    starts = [each.starts_at for each in page.sessions]
    assert starts == sorted(starts)
    assert page.sessions[9].state == "ended"
    assert page.sessions[10].state == "open"


async def test_the_calendar_puts_sessions_on_the_days_that_they_touch(db):
    def wall(day: int, hour: int) -> datetime:
        return datetime(2027, 3, day, hour, tzinfo=SHANGHAI)

    row = await make.event(title="艺术节")
    for start, end in (
        (wall(1, 0), wall(1, 2)),
        (wall(10, 22), wall(12, 0)),
        (wall(31, 23), wall(31, 23) + timedelta(hours=3)),
    ):
        await make.session(row, starts_at=start, ends_at=end)
    await make.session(row, starts_at=wall(20, 9), ends_at=wall(20, 11), state="cancelled")
    draft = await make.event(title="草稿", state="draft", published_at=None)
    await make.session(draft, starts_at=wall(5, 9), ends_at=wall(5, 11))
    march = await queries.calendar_month(2027, 3)
    assert [(each.day.day, each.sessions) for each in march] == [(1, 1), (10, 1), (11, 1), (31, 1)]
    april = await queries.calendar_month(2027, 4)
    assert [each.day for each in april] == [date(2027, 4, 1)]
    february = await queries.calendar_month(2027, 2, zone=ZoneInfo("UTC"))
    assert [each.day for each in february] == [date(2027, 2, 28)]
    entry = march[0].entries[0]
    assert (entry.title, entry.event_id, entry.state, entry.starts_at) == ("艺术节", row.id, "open", wall(1, 0))


@pytest.mark.parametrize(("year", "month"), [(1999, 12), (2200, 1), (2026, 0), (2026, 13), (9999, 12), (0, 1), (-1, 1)])
async def test_a_calendar_outside_time_is_not_found(db, year: int, month: int):
    with pytest.raises(NotFound):
        await queries.calendar_month(year, month)


async def test_december_and_the_last_month_of_all(db):
    assert await queries.calendar_month(2026, 12) == []
    assert await queries.calendar_month(2199, 12) == []
