from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from events.settings import Settings
from tests.workers.mailbox import words
from workers.post.letter import Letter, is_plain, message_id, one_line
from workers.post.mime import to_bytes

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SETTINGS = replace(Settings(), base_url="https://yantu.test:8443", mail_from="燕途 <post@yantu.test>")
LETTER = Letter(1, "confirm:1", "已报名：走进名企", "您好\n.\n再见", "<p>您好</p>", email="alice@example.org")


def read(letter: Letter) -> EmailMessage:
    raw = to_bytes(letter, SETTINGS, NOW)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 100
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not list(message.defects)
    return message


def test_what_is_written_is_what_is_read() -> None:
    message = read(replace(LETTER, calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="REQUEST"))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert words(message) == LETTER.text
    assert words(message, "html") == LETTER.html
    assert message["From"] == "燕途 <post@yantu.test>"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_long_subject_is_folded_and_read_back_whole() -> None:
    subject = "活动有变动：" + "走进名企与智能家电 " * 12 + "終"
    assert read(replace(LETTER, subject=subject))["Subject"] == subject


def test_the_message_id_follows_from_the_notice_alone() -> None:
    assert read(LETTER)["Message-ID"] == message_id("confirm:1", SETTINGS)
    assert message_id("confirm:1", SETTINGS).endswith("@yantu.test>")
    assert message_id("confirm:1", SETTINGS) != message_id("confirm:2", SETTINGS)


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\u2028Bcc: eve@x.org\x0b"]
)
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    message = read(replace(LETTER, subject=subject))
    assert message["Bcc"] is None
    assert message["Subject"].startswith("a Bcc: eve@")


@pytest.mark.parametrize(
    "address", ["", "a", "a@b\r\nBcc: eve@x.org", "a@b, c@d", "<a@b>", '"a b"@c', "名@b.org", "a@[::1]"]
)
def test_an_address_that_is_not_plain_is_not_written(address: str) -> None:
    assert not is_plain(address)
    with pytest.raises(ValueError, match="address"):
        to_bytes(replace(LETTER, email=None, phone=address), SETTINGS, NOW)


def test_one_line_keeps_the_words_and_nothing_else() -> None:
    assert one_line(" 音乐节\r\n\t第二天\u202e！\x00\u200b ") == "音乐节 第二天 ！"
