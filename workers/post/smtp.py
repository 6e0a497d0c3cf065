"""Lines to the SMTP server: each one connection, opened when first needed and kept for the letters that follow."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

SEND_WITHIN: Final = 10.0  # seconds for one letter, connecting included
QUIT_WITHIN: Final = 2.0  # seconds
PERMANENT: Final = range(500, 600)  # RFC 5321 §4.2.1: trying again will not help
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class ServerDown(Exception):
    """The server cannot be reached or does not let us in: no fault of the letter, and no other would fare better."""


class NotTaken(Exception):
    """The server answered about this letter, or fell silent over it. `permanent`: it will not take it later either."""

    def __init__(self, text: str, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipient: str
    content: bytes


class Line:
    """One connection; one letter at a time."""

    def __init__(self, smtp_url: str) -> None:
        self._options = options_of(smtp_url)
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, envelope: Envelope) -> None:
        """Returns when the server has taken the letter. Raises ServerDown or NotTaken."""
        client = await self._connected()
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await client.sendmail(envelope.sender, envelope.recipient, envelope.content)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise answered(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise answered(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:  # a time-out is an OSError
            self._drop()
            raise NotTaken(f"{type(error).__name__}: {error}", permanent=False) from error
        except BaseException:
            self._drop()  # cancelled in the middle of a letter: the next one must not be said into it
            raise

    async def close(self) -> None:
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(QUIT_WITHIN):
                    await self._client.quit()
        self._drop()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._drop()
        client = aiosmtplib.SMTP(**self._options)
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise ServerDown(f"{type(error).__name__}: {error}") from error
        self._client = client
        return client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def answered(error: aiosmtplib.SMTPResponseException) -> NotTaken:
    return NotTaken(f"{error.code} {error.message}", permanent=error.code in PERMANENT)


def options_of(smtp_url: str) -> dict[str, Any]:
    """The client's arguments. Raises ValueError for a scheme that is none of smtp, smtps, smtp+starttls."""
    url = urlsplit(smtp_url)
    if url.scheme not in PORTS or not url.hostname:
        raise ValueError("SMTP_URL must look like smtp://, smtps:// or smtp+starttls://host[:port]")
    return {
        "hostname": url.hostname,
        "port": url.port or PORTS[url.scheme],
        "use_tls": url.scheme == "smtps",
        "start_tls": url.scheme == "smtp+starttls",
        "username": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        # No time limits of its own: it would wait by asyncio.wait_for, which before Python 3.12 forgets a cancellation
        # that meets an answer. A cancelled sender would go on sending.
        "timeout": None,
    }
