"""The cookie of a signed-in browser, who is asking, and the forms' token against forged requests."""

import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, FormMultiDict
from litestar.exceptions import ClientException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from events.catalogue.ids import HIGHEST_ID
from events.errors import NotFound
from events.people.logins import STUDENT_LASTS, Viewer, viewer_of
from events.people.queries import StaffMember, StudentProfile
from events.settings import Settings

# What no keyboard types; a database refuses NUL, UTF-8 lone surrogates. Line ends and tabs are the fields' affair.
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD = "csrf_token"  # noqa: S105
TOKEN_HEADER = "x-csrf-token"  # noqa: S105


class SignInNeeded(Exception):
    """Raised by guards: pages lead to the sign-in, the API answers 401. `audience`: student or staff."""

    def __init__(self, audience: str) -> None:
        super().__init__(audience)
        self.audience = audience


def settings_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Settings:
    return connection.app.state.settings  # type: ignore[no-any-return]


def cookie_name(settings: Settings, purpose: str = "login") -> str:
    """`__Host-` ties the cookie to HTTPS and this host (RFC 6265bis); plain HTTP is for development only."""
    return f"__Host-yantu-{purpose}" if settings.secure else f"yantu-{purpose}"


def login_cookie(settings: Settings, token: str) -> Cookie:
    return private_cookie(settings, "login", token, int(STUDENT_LASTS.total_seconds()))


def private_cookie(settings: Settings, purpose: str, value: str, max_age: int) -> Cookie:
    """A cookie that no script can read; max_age 0 takes it away."""
    return Cookie(
        key=cookie_name(settings, purpose),
        value=value,
        max_age=max_age,
        path="/",
        httponly=True,
        secure=settings.secure,
        samesite="lax",
    )


def token_of(connection: ASGIConnection[Any, Any, Any, Any], purpose: str = "login") -> str | None:
    return connection.cookies.get(cookie_name(settings_of(connection), purpose)) or None


class WhoIsAsking(AbstractAuthenticationMiddleware):
    """Puts a Viewer, or None, into `request.user`. Nobody is turned away here: guards do that."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        token = token_of(connection)
        return AuthenticationResult(user=await viewer_of(token) if token else None, auth=token)


# Guards are async although they await nothing: Litestar sends every other one to a thread, at each request.
async def only_students(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if not isinstance(connection.user, Viewer) or connection.user.student is None:
        raise SignInNeeded("student")


async def only_staff(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if not isinstance(connection.user, Viewer) or connection.user.staff is None:
        raise SignInNeeded("staff")


async def anybody(_: ASGIConnection[Any, Any, Any, Any], __: BaseRouteHandler) -> None:
    """For pages that are public on purpose: a route without a guard fails a test."""


async def provide_student(request: Request[Any, Any, Any]) -> StudentProfile:
    return request.user.student  # type: ignore[no-any-return]


async def provide_staff(request: Request[Any, Any, Any]) -> StaffMember:
    return request.user.staff  # type: ignore[no-any-return]


def viewing_student(request: Request[Any, Any, Any]) -> StudentProfile | None:
    """The student who looks at a public page, if one is signed in."""
    return request.user.student if isinstance(request.user, Viewer) else None


def form_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """What forms carry in `csrf_token`, bound to the login, or to the visitor cookie before there is one."""
    owner = token_of(connection) or token_of(connection, "visitor") or ""
    return sign(settings_of(connection).secret, "form", owner) if owner else ""


def sign(secret: str, purpose: str, value: str) -> str:
    """One key for each purpose: a token made for one thing must not open another."""
    return hmac.new(secret.encode(), f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def visitor_cookie(settings: Settings) -> Cookie:
    """Set by the sign-in pages, so that their forms have something to be bound to."""
    return private_cookie(settings, "visitor", secrets.token_urlsafe(24), 24 * 3600)


def refuse_unreadable(request: Request[Any, Any, Any]) -> None:
    """An id that no row can have is an absent one, and control characters are in no address of ours."""
    given = request.path_params.values()
    if any(isinstance(each, int) and not 0 < each <= HIGHEST_ID for each in given):
        raise NotFound
    texts = [each for each in given if isinstance(each, str)]
    asked = [each for pair in request.query_params.multi_items() for each in pair]
    if any(UNREADABLE.search(each) for each in (*texts, *asked)):
        raise ClientException("control characters in the address")


async def form_of(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The submitted form. A body that cannot be read as one is the client's error, never ours."""
    try:
        fields = await request.form()
    except (ValueError, LookupError, UnicodeError) as error:  # unknown charset, broken multipart, bad bytes
        raise ClientException("unreadable form") from error
    if any(UNREADABLE.search(value) for _, value in fields.multi_items() if isinstance(value, str)):
        raise ClientException("control characters in the form")
    return fields


async def refuse_forged(request: Request[Any, Any, Any]) -> None:
    """Before every handler of pages: an address that can be ours; and a write needs our origin and the form's token."""
    refuse_unreadable(request)
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is not None and not is_ours(request, origin):
        raise PermissionDeniedException("forged_origin")
    header = request.headers.get(TOKEN_HEADER)
    given = [header] if header else (await form_of(request)).getall(TOKEN_FIELD, [])
    expected = form_token(request)
    if not expected or len(given) != 1 or not hmac.compare_digest(str(given[0]).encode(), expected.encode()):
        raise PermissionDeniedException("stale_form_token")


def is_ours(connection: ASGIConnection[Any, Any, Any, Any], origin: str) -> bool:
    """The configured address, or the one that the browser asked; over HTTPS if that is where we live."""
    settings = settings_of(connection)
    scheme, _, host = origin.partition("://")
    if settings.secure and scheme != "https":
        return False
    return host in (connection.headers.get("host"), urlsplit(settings.base_url).netloc)


def sign_in_address(audience: str, next_path: str) -> str:
    page = "/staff/sign-in" if audience == "staff" else "/sign-in"
    return f"{page}?next={quote(local_path(next_path))}"


def local_path(text: str | None, otherwise: str = "/") -> str:
    """A path on this site, or `otherwise`: never a way to lead somebody elsewhere."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or any(ord(c) < 33 for c in text):
        return otherwise
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc and "\\" not in text else otherwise
