"""In development, every letter that went out, codes included. Absent everywhere else."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from events.notice.queries import DevLetterSeen, dev_letters
from web.pages import Page, answer, shell
from web.session import anybody, settings_of


@dataclass(frozen=True, kw_only=True)
class DevInboxPage(Page):
    letters: tuple[DevLetterSeen, ...]


@get("/dev/inbox", guards=[anybody])
async def dev_inbox(request: Request[Any, Any, Any]) -> Response[str]:
    if not settings_of(request).development:
        raise NotFoundException
    page = DevInboxPage(shell=shell(request, "none"), letters=tuple(await dev_letters(50)))
    return answer(request, "people/dev_inbox.html", page)


HANDLERS = [dev_inbox]
