"""Errors become answers: a page with a sentence for people, problem+json (RFC 9457) for programs."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from events.errors import Busy, Invalid, NeedsConfirmation, NotFound, Refused, Stale, YantuError
from web import sentences
from web.pages import Page, answer, locale_of, shell
from web.session import SignInNeeded, sign_in_address

log = structlog.get_logger("web")


@dataclass(frozen=True)
class Problem:
    """What is wrong, for both kinds of reader. `code` is stable; `detail` is a sentence in the reader's language."""

    status: int
    code: str
    detail: str
    errors: dict[str, str]
    retry_after: int | None = None


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    problem: Problem
    request_id: str


def problem_of(error: Exception, request: Request[Any, Any, Any]) -> Problem:
    locale = locale_of(request)

    def say(code: str, status: int, **detail: Any) -> Problem:
        return Problem(status, code, sentences.of_code(locale, code, **detail), {})

    match error:
        case NotFound():
            return say("not_found", 404)
        case Refused():
            return Problem(409, str(error.reason), sentences.of_refusal(locale, error), {})
        case Invalid():
            errors = {field: sentences.of_fault(locale, fault, error.detail) for field, fault in error.problems.items()}
            return Problem(422, "invalid", sentences.of_code(locale, "invalid"), errors)
        case Stale():
            return say("stale", 409)
        case NeedsConfirmation():
            return say("needs_confirmation", 409)
        case Busy():
            waiting = math.ceil(error.retry_after)
            return Problem(503, "busy", sentences.of_code(locale, "busy"), {}, retry_after=waiting)
        case SignInNeeded():
            return say("sign_in_needed", 401)
        case HTTPException():
            return say(code_of_status(error), error.status_code)
    return say("internal", HTTP_500_INTERNAL_SERVER_ERROR)


def code_of_status(error: HTTPException) -> str:
    known = {400: "bad_request", 401: "sign_in_needed", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}
    known |= {413: "too_large", 415: "unsupported_media_type", 429: "too_many_requests", 503: "busy"}
    if error.status_code == 403 and error.detail in ("stale_form_token", "forged_origin"):
        return error.detail
    return known.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")


def wants_json(request: Request[Any, Any, Any]) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem = problem_of(error, request)
    if problem.status >= 500 and not isinstance(error, Busy):
        log.error("failed", path=request.scope.get("path_template"), exc_info=error)
    if wants_json(request):
        return problem_json(problem, request)
    if isinstance(error, SignInNeeded):
        here = request.url.path if request.method == "GET" else "/"
        return Redirect(sign_in_address(error.audience, here), status_code=303)
    page = ErrorPage(
        shell=shell(request, "none"), problem=problem, request_id=request.scope.get("state", {}).get("request_id", "")
    )
    response = answer(request, "error.html", page, problem.status)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
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
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {}
    return Response(
        msgspec.json.encode(body), status_code=problem.status, media_type="application/problem+json", headers=headers
    )


HANDLERS: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    YantuError: handle,
    SignInNeeded: handle,
    HTTPException: handle,
    HTTP_500_INTERNAL_SERVER_ERROR: handle,
    Exception: handle,
}
