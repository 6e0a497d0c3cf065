import dataclasses
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue.calendar import CalendarEntry, Method, download, feed, invitation, method_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOUR = CalendarEntry(
    uid="booking-17@yantu.example",
    sequence=0,
    stamped_at=datetime(2026, 11, 1, 9, 30, tzinfo=SHANGHAI),
    title="“走进名企，爱上慈溪”逐梦游学",
    starts_at=datetime(2026, 11, 22, 14, tzinfo=SHANGHAI),
    ends_at=datetime(2026, 11, 22, 16, 30, tzinfo=SHANGHAI),
    place="宁大科院南门",
    description="请带学生证；13:50 集合\n短码 7K3M9-Q2WXD",
    url="https://yantu.example/events/3",
    organizer_name="团市委",
    organizer_email="olga@example.cn",
    attendee_email="alice@example.cn",
    alarm=timedelta(hours=2),
)


def with_(**changes):
    return dataclasses.replace(TOUR, **changes)


def raw_lines(content):
    """The reader by hand: lines as they are on the wire."""
    assert content.endswith(b"\r\n")
    return content.removesuffix(b"\r\n").split(b"\r\n")


def unfolded(content):
    return content.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def values(content, name):
    return [line.partition(":")[2] for line in unfolded(content) if re.match(rf"{name}[;:]", line)]


def parsed(content):
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def test_an_invitation_says_when_where_and_who():
    event = parsed(invitation(TOUR))
    assert event["SUMMARY"] == TOUR.title
    assert (event.start, event.end) == (
        datetime(2026, 11, 22, 6, tzinfo=UTC),
        datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
    )
    assert event["LOCATION"] == "宁大科院南门"
    assert event["DESCRIPTION"] == "请带学生证；13:50 集合\n短码 7K3M9-Q2WXD"
    assert event["URL"] == "https://yantu.example/events/3"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:olga@example.cn", "团市委")
    assert (event["ATTENDEE"], dict(event["ATTENDEE"].params)) == (
        "mailto:alice@example.cn",
        {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
    )
    [alarm] = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)


def test_the_lines_that_decide_are_written_as_calendars_want_them():
    lines = unfolded(invitation(TOUR))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert {
        "VERSION:2.0",
        "METHOD:REQUEST",
        "UID:booking-17@yantu.example",
        "SEQUENCE:0",
        "DTSTAMP:20261101T013000Z",
        "DTSTART:20261122T060000Z",
        "DTEND:20261122T083000Z",
        "STATUS:CONFIRMED",
        "TRIGGER:-PT2H",
    } <= set(lines)


def test_a_cancellation_has_the_same_uid_a_higher_sequence_and_no_alarm():
    before, after = invitation(TOUR), invitation(with_(sequence=1, cancelled=True))
    assert values(before, "UID") == values(after, "UID") == [TOUR.uid]
    assert (values(before, "SEQUENCE"), values(after, "SEQUENCE")) == (["0"], ["1"])
    assert (values(after, "METHOD"), values(after, "STATUS")) == (["CANCEL"], ["CANCELLED"])
    assert values(after, "TRIGGER") == []


def test_a_move_keeps_the_uid_and_raises_the_sequence():
    moved = with_(sequence=2, starts_at=TOUR.starts_at + timedelta(days=1), ends_at=TOUR.ends_at + timedelta(days=1))
    assert (values(invitation(moved), "UID"), values(invitation(moved), "SEQUENCE")) == ([TOUR.uid], ["2"])
    assert values(invitation(moved), "DTSTART") == ["20261123T060000Z"]


def test_the_letter_can_name_the_method():
    assert (method_of(TOUR), method_of(with_(cancelled=True))) == (Method.REQUEST, Method.CANCEL)


def test_the_same_entry_gives_the_same_bytes():
    assert invitation(TOUR) == invitation(with_())


def test_a_download_and_a_feed_name_no_attendee():
    for content in (download(TOUR), feed([TOUR], "我的日历")):
        assert values(content, "METHOD") == ["PUBLISH"]
        assert values(content, "ATTENDEE") == []
        assert b"alice" not in content


def test_a_feed_has_its_name_and_every_entry_with_the_cancelled_marked():
    other = with_(uid="booking-18@yantu.example", sequence=3, cancelled=True)
    content = feed([TOUR, other], "王小燕的日历")
    assert values(content, "NAME") == values(content, "X-WR-CALNAME") == ["王小燕的日历"]
    assert values(content, "UID") == [TOUR.uid, other.uid]
    assert values(content, "STATUS") == ["CONFIRMED", "CANCELLED"]
    assert len(values(content, "TRIGGER")) == 1
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in unfolded(content)


def test_an_empty_feed_is_a_calendar():
    assert icalendar.Calendar.from_ical(feed([], "空")).walk("VEVENT") == []


def test_lines_are_folded_at_75_octets_and_never_inside_a_character():
    long = with_(title="越窑青瓷文化节" * 40, description="𠮷a·é👨\u200d👩" * 200, place="上林湖" * 60)
    content = invitation(long)
    assert max(map(len, raw_lines(content))) <= 75
    for line in raw_lines(content):
        assert line.decode().encode() == line
    assert values(content, "SUMMARY")[0] == long.title
    assert values(content, "DESCRIPTION")[0] == long.description
    assert parsed(content)["LOCATION"] == long.place


# What is hidden in a field

LINE_ENDS = ["\r\n", "\n", "\r", "\n\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n "]
FIELDS = ["uid", "title", "place", "description", "organizer_name", "url"]
NAMES = "BEGIN|END|VERSION|PRODID|METHOD|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|STATUS|ORGANIZER|ATTENDEE|SUMMARY"
NAMES += "|LOCATION|DESCRIPTION|URL|ACTION|TRIGGER"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_no_field_can_begin_a_line_of_its_own(field, line_end):
    attack = f"x{line_end}ATTACH:file:///etc/passwd{line_end}END:VEVENT{line_end}METHOD:CANCEL"
    content = invitation(with_(**{field: attack}))
    assert_one_calm_event(content)
    assert "ATTACH" not in parsed(content)


def assert_one_calm_event(content):
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
    text = content.decode()
    assert len(text.splitlines()) == text.count("\r\n")
    for line in unfolded(content):
        assert re.match(rf"({NAMES})[;:]", line), line
    assert [line for line in unfolded(content) if line.startswith(("BEGIN", "END", "METHOD"))] == [
        "BEGIN:VCALENDAR",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize("field", ["organizer_email", "attendee_email"])
@pytest.mark.parametrize(
    "address",
    [
        "",
        "olga",
        "olga@example.cn\r\nATTENDEE:mailto:evil@example.cn",
        "a@b@example.cn",
        "a@example.cn,b@example.cn",
        "a@example.cn?bcc=evil@example.cn",
        '"o l"@example.cn',
        "olga@example.cn\n",
        "o\x85lga@example.cn",
    ],
)
def test_an_address_that_is_none_is_refused(field, address):
    with pytest.raises(ValueError, match="plain e-mail address"):
        invitation(with_(**{field: address}))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/events/3", ""])
def test_an_address_that_is_not_of_the_web_is_left_out(url):
    assert values(invitation(with_(url=url)), "URL") == []


@pytest.mark.parametrize(
    "text", [r"C:\New\nothing", r"a\;b,c;d:e", '"quoted"', "^n ^^ ^'", "=1+1", "{{7*7}}", "<script>", "BEGIN:VEVENT"]
)
def test_marks_in_a_text_arrive_as_they_were_typed(text):
    content = invitation(with_(title=text))
    escaped = values(content, "SUMMARY")[0]
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert parsed(content)["SUMMARY"] == text


def test_quotes_in_the_name_of_the_organizer_become_single():
    assert parsed(invitation(with_(organizer_name='团市委"青·巢";:,')))["ORGANIZER"].params["CN"] == "团市委'青·巢';:,"


def test_a_name_with_a_dot_and_lone_surrogates_survive_as_far_as_they_can():
    content = invitation(with_(organizer_name="阿依古丽·买买提", title="a\ud800b\x00c"))
    assert parsed(content)["ORGANIZER"].params["CN"] == "阿依古丽·买买提"
    assert parsed(content)["SUMMARY"] == "abc"


@pytest.mark.parametrize(
    "changes",
    [
        {"attendee_email": None},
        {"ends_at": TOUR.starts_at},
        {"ends_at": TOUR.starts_at - timedelta(hours=1)},
        {"starts_at": datetime(2026, 11, 22, 14)},
        {"stamped_at": datetime(2026, 11, 22, 14)},
        {"sequence": -1},
        {"sequence": 2**31},
        {"uid": " \r\n"},
    ],
)
def test_what_no_calendar_could_read_is_refused(changes):
    with pytest.raises(ValueError):
        invitation(with_(**changes))


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=120), st.sampled_from(["title", "place", "description", "organizer_name"]))
def test_whatever_is_typed_makes_one_event_that_can_be_read(text, field):
    content = invitation(with_(**{field: text}))
    assert_one_calm_event(content)
    assert max(map(len, raw_lines(content))) <= 75
    assert parsed(content)["UID"] == TOUR.uid
