"""Typed pages: a frozen dataclass and a template make an answer. The template sees `page` and nothing else."""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.response import Redirect

from events.people.logins import Viewer
from templates.environment import Locale, render, translate
from web.session import form_token, local_path, private_cookie, settings_of, sign, token_of

Audience = Literal["student", "organizer", "department", "gate", "none"]
FlashKind = Literal["done", "info", "warning", "error"]
FLASH_LASTS = 60  # seconds


@dataclass(frozen=True)
class Shell:
    """What the frame of every page needs."""

    locale: Locale
    nonce: str
    csrf_token: str
    viewer_name: str | None
    audience: Audience
    tab: str
    path: str
    flash: tuple[tuple[FlashKind, str], ...]
    unread: int
    demo: bool
    language_switch_url: str
    large: bool
    size_switch_url: str
    city: str
    now: datetime
    zone: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Every page's dataclass inherits from this one."""

    shell: Shell


def shell(request: Request[Any, Any, Any], audience: Audience, tab: str = "", unread: int = 0) -> Shell:
    settings = settings_of(request)
    locale = locale_of(request)
    here = quote(path_with_query(request))
    large = request.cookies.get("yantu-size") == "large"
    return Shell(
        locale=locale,
        nonce=request.scope["state"]["nonce"],
        csrf_token=form_token(request),
        viewer_name=viewer_name(request),
        audience=audience,
        tab=tab,
        path=request.scope["path"],
        flash=read_flash(request),
        unread=unread,
        demo=settings.development,
        language_switch_url=f"/language/{'en' if locale == 'zh-CN' else 'zh-CN'}?next={here}",
        large=large,
        size_switch_url=f"/size/{'normal' if large else 'large'}?next={here}",
        city=settings.city,
        now=datetime.now(settings.time_zone),
        zone=settings.time_zone.key,
    )


def path_with_query(request: Request[Any, Any, Any]) -> str:
    """The address that was asked, without the host: that one is whatever the client says, a bad port included."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"]) + (f"?{query}" if query else "")


def locale_of(request: Request[Any, Any, Any]) -> Locale:
    """The cookie's word, else the browser's first language, else Chinese."""
    chosen = request.cookies.get("yantu-language")
    if chosen in ("zh-CN", "en"):
        return chosen  # type: ignore[return-value]
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh-CN"


def viewer_name(request: Request[Any, Any, Any]) -> str | None:
    viewer = request.scope.get("user")
    if not isinstance(viewer, Viewer):
        return None
    person = viewer.student or viewer.staff
    return person.name if person else None


def answer(request: Request[Any, Any, Any], template: str, page: Page, status: int = 200) -> Response[str]:
    """Renders; pages are never stored by anybody in between."""
    response = Response(
        render(page.shell.locale, template, page, ZoneInfo(page.shell.zone)),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"},
    )
    if page.shell.flash:
        response.set_cookie(private_cookie(settings_of(request), "flash", "", 0))
    return response


def redirect(
    request: Request[Any, Any, Any], path: str, done: str = "", kind: FlashKind = "done", **values: object
) -> Redirect:
    """303 to a local path; `done` is a Chinese msgid shown on the next page."""
    response = Redirect(local_path(path), status_code=303)
    if done:
        settings = settings_of(request)
        text = translate(locale_of(request), done, **values)
        packed = base64.urlsafe_b64encode(json.dumps([kind, text]).encode()).decode()
        value = f"{packed}.{sign(settings.secret, 'flash', packed)}"
        response.set_cookie(private_cookie(settings, "flash", value, FLASH_LASTS))
    return response


def read_flash(request: Request[Any, Any, Any]) -> tuple[tuple[FlashKind, str], ...]:
    value = token_of(request, "flash") or ""
    packed, _, signature = value.rpartition(".")
    expected = sign(settings_of(request).secret, "flash", packed)
    if not packed or not hmac.compare_digest(expected.encode(), signature.encode()):
        return ()
    kind, text = json.loads(base64.urlsafe_b64decode(packed))
    return ((kind, text),)
