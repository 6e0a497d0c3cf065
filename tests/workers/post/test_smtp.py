import pytest

from tests.workers.mailbox import open_mailbox
from workers.post.smtp import Envelope, Line, NotTaken, ServerDown, options_of

ENVELOPE = Envelope("post@yantu.test", "alice@example.org", b"Subject: hi\r\n\r\n.\r\nhello\r\n")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.test", ("mail.test", 25, False, False, None, None)),
        ("smtps://mail.test", ("mail.test", 465, True, False, None, None)),
        ("smtp+starttls://post%40x:p%3Aw@mail.test:2587", ("mail.test", 2587, False, True, "post@x", "p:w")),
    ],
)
def test_the_address_says_how_to_connect(url: str, expected: tuple[object, ...]) -> None:
    names = ("hostname", "port", "use_tls", "start_tls", "username", "password")
    assert tuple(options_of(url)[name] for name in names) == expected


@pytest.mark.parametrize("url", ["mail.test", "http://mail.test", "smtp://", "smtp+tls://mail.test"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        options_of(url)


async def test_a_line_reconnects_after_the_server_has_gone_and_come_back() -> None:
    async with open_mailbox() as first:
        line = Line(first.url)
        await line.send(ENVELOPE)
        await line.close()
        assert first.letters[0].get_content() == ".\r\nhello\r\n"
        port = int(first.url.rpartition(":")[2])
    with pytest.raises(ServerDown):
        await line.send(ENVELOPE)
    async with open_mailbox(port) as second:
        await line.send(ENVELOPE)
        assert len(second.letters) == 1
        await line.close()


async def test_credentials_are_never_sent_to_a_server_that_takes_none() -> None:
    async with open_mailbox() as mailbox:
        line = Line(mailbox.url.replace("smtp://", "smtp://post:secret@"))
        with pytest.raises(ServerDown):
            await line.send(ENVELOPE)
        assert mailbox.seen == []


async def test_a_server_that_cannot_encrypt_is_not_used_when_encryption_was_asked_for() -> None:
    async with open_mailbox() as mailbox:
        line = Line(mailbox.url.replace("smtp://", "smtp+starttls://"))
        with pytest.raises(ServerDown):
            await line.send(ENVELOPE)
        assert mailbox.seen == []


async def test_a_refused_recipient_is_an_answer_and_the_line_goes_on() -> None:
    async with open_mailbox() as mailbox:
        line = Line(mailbox.url)
        with pytest.raises(NotTaken, match=r"^5\d\d ") as refused:
            await line.send(Envelope("post@yantu.test", "@", ENVELOPE.content))
        assert refused.value.permanent
        await line.send(ENVELOPE)
        assert mailbox.connections == 1
        await line.close()
