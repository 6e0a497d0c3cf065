"""The OpenAPI document of API v1, made from the handlers themselves: their types, guards and docstrings."""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from web.api import api_router
from web.api.auth import Needs, needs_student
from web.session import SAFE_METHODS

TITLE: Final = "Yantu API"
VERSION: Final = "1"
SCHEMES: Final = {
    "bearer": SecurityScheme(
        type="http", scheme="bearer", description="A staff member's token; its scopes limit what it is good for."
    ),
    "cookie": SecurityScheme(
        type="apiKey",
        name="__Host-yantu-login",
        security_scheme_in="cookie",
        description="A signed-in browser. Writes also carry the token of the page's forms in X-CSRF-Token.",
    ),
}
# Codes that any operation may answer, by what it needs; those of its own rules come on top.
ALWAYS: Final = ("bad_request", "method_not_allowed", "internal")
WITH_BODY: Final = ("invalid", "too_large")
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `detail` is a sentence in the caller's language (Accept-Language).",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Wrong"}},
        "version": {"type": "integer", "description": "With `stale`: the version of today."},
        "affected": {"type": "object", "description": "With `needs_confirmation`: whom and what the change touches."},
    },
}
WRONG: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Wrong",
    "description": "One value that cannot be taken.",
    "required": ["field", "code", "detail"],
    "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
}


@cache
def document() -> dict[str, Any]:
    """The whole document as plain data. An application of its own reads the types, so that ours has no extra routes."""
    config = OpenAPIConfig(
        title=TITLE, version=VERSION, use_handler_docstrings=True, components=Components(security_schemes={**SCHEMES})
    )
    reader = Litestar([api_router], openapi_config=config)
    made: dict[str, Any] = reader.openapi_schema.to_schema()
    components = made["components"]
    components["schemas"] |= {"Problem": PROBLEM, "Wrong": WRONG}
    components["responses"] = {"Problem": problem_response()}
    for path, method, handler in operations(reader):
        finish(made["paths"][path][method.lower()], method, handler)
    return made


def operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Every documented operation: path as the document writes it, method, handler."""
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method != "OPTIONS" and handler.resolve_include_in_schema():
                yield route.path_format, method, handler


def finish(operation: dict[str, Any], method: str, handler: HTTPRouteHandler) -> None:
    text = inspect.getdoc(handler.fn) or ""
    first, _, rest = text.partition(". ")
    operation |= {
        "summary": " ".join(first.split()).rstrip("."),
        "description": " ".join(rest.split()),
        "operationId": handler.handler_name,
        "security": security(handler),
        "x-problem-codes": codes(operation, method, handler),
    }
    operation["responses"].pop("400", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}


def security(handler: HTTPRouteHandler) -> list[dict[str, list[str]]]:
    if (scope := scope_of(handler)) is not None:
        return [{"bearer": [scope]}, {"cookie": []}]
    return [{"cookie": []}] if needs_student in (handler.guards or ()) else [{}]


def scope_of(handler: HTTPRouteHandler) -> str | None:
    return next((str(guard.scope) for guard in handler.guards or () if isinstance(guard, Needs)), None)


def codes(operation: dict[str, Any], method: str, handler: HTTPRouteHandler) -> list[str]:
    """The stable codes that this operation may answer with."""
    found = [*ALWAYS]
    if any(each["in"] == "path" for each in operation.get("parameters", ())):
        found += ["not_found"]
    if security(handler) != [{}]:
        found += ["sign_in_needed"]
    if scope_of(handler) is not None:
        found += ["scope_missing"]
    if "requestBody" in operation:
        found += WITH_BODY
    if method not in SAFE_METHODS:
        found += ["stale_form_token", "busy", *(["stale", "needs_confirmation"] if method == "PUT" else [])]
        found += [str(each) for refusals in handler.opt["refusals"] for each in refusals]
    return found


def problem_response() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "What is wrong, with a stable `code`: see /api/docs/problems.", "content": content}
