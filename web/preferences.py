"""Language and size of letters: choices of the browser, kept in cookies."""

from typing import Any

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from web.session import anybody, local_path, settings_of

A_YEAR = 31_536_000  # seconds


@get("/language/{language:str}", guards=[anybody], sync_to_thread=False)
def choose_language(request: Request[Any, Any, Any], language: FromPath[str], next: FromQuery[str] = "/") -> Redirect:
    return kept(request, "yantu-language", "en" if language == "en" else "zh-CN", next)


@get("/size/{size:str}", guards=[anybody], sync_to_thread=False)
def choose_size(request: Request[Any, Any, Any], size: FromPath[str], next: FromQuery[str] = "/") -> Redirect:
    return kept(request, "yantu-size", "large" if size == "large" else "normal", next)


def kept(request: Request[Any, Any, Any], name: str, value: str, next_path: str) -> Redirect:
    response = Redirect(local_path(next_path), status_code=303)
    secure = settings_of(request).secure
    response.set_cookie(Cookie(key=name, value=value, max_age=A_YEAR, httponly=True, secure=secure, samesite="lax"))
    return response
