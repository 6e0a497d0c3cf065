"""Who calls the API: a bearer token of a staff member, or the cookie of a signed-in browser with the form's token."""

import hmac
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from events.people.api_callers import ApiCaller, Scope, caller_with
from events.people.logins import viewer_of
from events.people.queries import StaffMember, StudentProfile
from web.session import SAFE_METHODS, TOKEN_HEADER, form_token, refuse_unreadable, token_of

SCOPE_MISSING: Final = "scope_missing"


class WhoCalls(AbstractAuthenticationMiddleware):
    """Puts an ApiCaller, or None, into `request.user`. A token that is there and wrong is 401 everywhere."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        headers = connection.headers.getall("authorization", [])
        if headers:
            kind, _, token = headers[0].partition(" ")
            # Two of them may be read differently by whoever stands before us: neither counts.
            caller = await caller_with(token.strip()) if kind.lower() == "bearer" and len(headers) == 1 else None
            if caller is None:
                raise NotAuthorizedException("unknown token")
            return AuthenticationResult(user=caller, auth="token")
        cookie = token_of(connection)
        viewer = await viewer_of(cookie) if cookie else None
        if viewer is None:
            return AuthenticationResult(user=None, auth=None)
        person = f"student:{viewer.student.id}" if viewer.student else f"staff:{viewer.staff.id if viewer.staff else 0}"
        return AuthenticationResult(
            user=ApiCaller(person, viewer.student, viewer.staff, frozenset(Scope)), auth="cookie"
        )


async def refuse_forged_calls(request: Request[Any, Any, Any]) -> None:
    """A browser sends its cookie along by itself, so a write by cookie also needs the form's token in a header."""
    refuse_unreadable(request)
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(TOKEN_HEADER, "")
    if request.auth == "cookie" and not hmac.compare_digest(given.encode(), form_token(request).encode()):
        raise PermissionDeniedException("stale_form_token")
    await refuse_unreadable_json(request)


async def refuse_unreadable_json(request: Request[Any, Any, Any]) -> None:
    """Bytes that are no UTF-8 and brackets without end: the caller's error, which later readers would call ours."""
    body = await request.body()
    try:
        if body:
            msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ClientException("unreadable JSON") from error


@dataclass(frozen=True)
class Needs:
    """A guard for staff whose token has this scope. What the staff member may do is asked by the action itself."""

    scope: Scope

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        caller = connection.user
        if not isinstance(caller, ApiCaller) or caller.staff is None:
            raise NotAuthorizedException("staff only")
        if self.scope not in caller.scopes:
            raise PermissionDeniedException(SCOPE_MISSING)


async def needs_student(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if not isinstance(connection.user, ApiCaller) or connection.user.student is None:
        raise NotAuthorizedException("students only")


async def provide_calling_staff(request: Request[Any, Any, Any]) -> StaffMember:
    return request.user.staff  # type: ignore[no-any-return]


async def provide_calling_student(request: Request[Any, Any, Any]) -> StudentProfile:
    return request.user.student  # type: ignore[no-any-return]


def calling_student(request: Request[Any, Any, Any]) -> StudentProfile | None:
    return request.user.student if isinstance(request.user, ApiCaller) else None
