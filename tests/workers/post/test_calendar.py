from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from events.catalogue.calendar import CalendarEntry, invitation
from workers.post.calendar import LINE_MOST, calendar_part, folded

STARTS = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="booking-7@yantu.test",
    sequence=2,
    stamped_at=STARTS - timedelta(days=1),
    title="走进名企 · 智能家电线，一天走三家企业；请带学生证, 穿平底鞋",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=3),
    place="科院南门",
    description="活动就要开始了，请留足路上的时间，到场时出示票码。\nhttps://yantu.test/tickets/7K3M9Q2WXD",
    url="https://yantu.test/tickets/7K3M9Q2WXD",
    organizer_name="团市委",
    organizer_email="post@yantu.test",
    attendee_email="alice@example.org",
    alarm=timedelta(hours=1),
)


def unfolded(calendar: bytes) -> list[bytes]:
    return calendar.replace(b"\r\n ", b"").split(b"\r\n")


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        replace(ENTRY, uid="booking-123456789@yantu.test", attendee_email=f"{'a' * 60}@{'b' * 60}.example.org"),
        replace(ENTRY, cancelled=True, sequence=3),
        replace(ENTRY, url="https://yantu.test/" + "x" * 200, description="没有链接"),
    ],
)
def test_the_part_says_what_the_invitation_says(entry: CalendarEntry) -> None:
    assert unfolded(calendar_part(entry)) == unfolded(invitation(entry))


def test_two_students_of_one_session_do_not_get_each_others_part() -> None:
    other = replace(
        ENTRY,
        uid="booking-8@yantu.test",
        attendee_email="bob@example.org",
        url="https://yantu.test/tickets/0000000000",
        description=ENTRY.description.replace("7K3M9Q2WXD", "0000000000"),
    )
    first, second = (b"\n".join(unfolded(calendar_part(entry))) for entry in (ENTRY, other))
    assert b"bob@example.org" in second
    for own in (b"alice", b"7K3M9Q2WXD", b"booking-7@"):
        assert own in first
        assert own not in second


@pytest.mark.parametrize("line", ["", "A" * 75, "A" * 76, "走" * 200, "A" + "\U0001f3b5" * 100])
def test_lines_are_folded_between_characters(line: str) -> None:
    lines = folded(line).split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(each) <= LINE_MOST for each in lines)
    assert (
        "".join(each.decode().removeprefix(" ") if number else each.decode() for number, each in enumerate(lines))
        == line
    )
