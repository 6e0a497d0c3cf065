"""Errors become answers: a page with a sentence for people, problem+json (RFC 9457) for programs."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import structlog
from asyncpg import DataError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from events.errors import Busy, Invalid, NeedsConfirmation, NotFound, Refused, Stale, YantuError
from templates.environment import Locale
from web import sentences
from web.pages import Page, answer, locale_of, path_with_query, shell
from web.session import SignInNeeded, sign_in_address

LONGEST_MESSAGE: Final = 300  # characters
OWN_FORBIDDEN: Final = ("stale_form_token", "forged_origin", "scope_missing")
CODE_OF_STATUS: Final[Mapping[int, str]] = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "busy",
}
log = structlog.get_logger("web")


@dataclass(frozen=True)
class Wrong:
    """One value that cannot be taken. `code` is stable, such as a Fault."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """What is wrong, for both kinds of reader. `code` is stable; `detail` is a sentence in the reader's language.

    `more` are further members of the JSON, such as the version of today; `headers` go with both answers.
    """

    status: int
    code: str
    detail: str
    errors: tuple[Wrong, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    problem: Problem
    request_id: str


def problem_of(error: Exception, request: Request[Any, Any, Any]) -> Problem:
    locale = locale_of(request)

    def say(code: str, status: int, **more: Any) -> Problem:
        return Problem(status, code, sentences.of_code(locale, code), **more)

    match error:
        case NotFound():
            return say("not_found", 404)
        case Refused():
            return Problem(409, str(error.reason), sentences.of_refusal(locale, error))
        case Invalid():
            return say("invalid", 422, errors=faults(locale, error))
        case Stale():
            return say("stale", 409, more={"version": error.version})
        case NeedsConfirmation():
            return say("needs_confirmation", 409, more={"affected": error.affected})
        case Busy():
            return say("busy", 503, headers={"Retry-After": str(math.ceil(error.retry_after))})
        case SignInNeeded():
            return say("sign_in_needed", 401)
        case ValidationException():
            return say("bad_request", 400, errors=unreadable(error))
        case DataError():  # a number or a mark that no column can hold, which the rules before it let through
            return say("bad_request", 400)
        case HTTPException():
            return say(code_of_status(error), error.status_code, headers=error.headers or {})
    return say("internal", HTTP_500_INTERNAL_SERVER_ERROR)


def faults(locale: Locale, error: Invalid) -> tuple[Wrong, ...]:
    return tuple(
        Wrong(field, str(fault), sentences.of_fault(locale, fault, error.detail))
        for field, fault in error.problems.items()
    )


def unreadable(error: ValidationException) -> tuple[Wrong, ...]:
    """What the API's reader says: where a value stands and what it should have been, never the value."""
    said = error.extra if isinstance(error.extra, list) else []
    return tuple(
        Wrong(str(each.get("key", "")), "bad_request", str(each.get("message", ""))[:LONGEST_MESSAGE])
        for each in said
        if isinstance(each, dict)
    )


def code_of_status(error: HTTPException) -> str:
    if error.status_code == 403 and error.detail in OWN_FORBIDDEN:
        return error.detail
    return CODE_OF_STATUS.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")


def wants_json(request: Request[Any, Any, Any]) -> bool:
    accept = request.headers.get("accept", "")
    return request.scope["path"].startswith("/api/") or ("json" in accept and "text/html" not in accept)


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem = problem_of(error, request)
    if isinstance(error, DataError):
        log.warning("stopped by the database", path=request.scope.get("path_template"), exc_info=error)
    if problem.status >= 500 and not isinstance(error, Busy):
        log.error("failed", path=request.scope.get("path_template"), exc_info=error)
    if wants_json(request):
        return problem_json(problem, request)
    if isinstance(error, SignInNeeded):
        here = path_with_query(request) if request.method == "GET" else "/"
        return Redirect(sign_in_address(error.audience, here), status_code=303)
    page = ErrorPage(
        shell=shell(request, "none"), problem=problem, request_id=request.scope.get("state", {}).get("request_id", "")
    )
    response = answer(request, "error.html", page, problem.status)
    response.headers.update(problem.headers)
    return response


def problem_json(problem: Problem, request: Request[Any, Any, Any]) -> Response[bytes]:
    body: dict[str, Any] = {
        "type": f"/api/docs/problems#{problem.code}",
        "title": problem.code,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request.scope.get("state", {}).get("request_id", ""),
    }
    if problem.errors:
        body["errors"] = problem.errors
    headers = {"Cache-Control": "no-store", **problem.headers}
    content = msgspec.json.encode({**problem.more, **body})
    return Response(content, status_code=problem.status, media_type="application/problem+json", headers=headers)


HANDLERS: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    YantuError: handle,
    SignInNeeded: handle,
    HTTPException: handle,
    HTTP_500_INTERNAL_SERVER_ERROR: handle,
    Exception: handle,
}
