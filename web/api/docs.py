"""The documentation of the API as pages of our own: no script, no foreign server; English prose in either frame."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Request, Response, Router, get

from events.people.api_callers import Scope
from web import sentences
from web.api.catalogue import PAGE_MOST
from web.api.once import LONGEST_KEY
from web.api.openapi import document
from web.pages import Page, answer, locale_of, shell
from web.session import anybody, settings_of

SCHEMAS: Final = "#/components/schemas/"
JSON_LASTS: Final = 300  # seconds


@dataclass(frozen=True)
class TypeShown:
    """`href` leads to the fields of a named type."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class FieldShown:
    name: str
    type: TypeShown
    required: bool
    note: str


@dataclass(frozen=True)
class OperationShown:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    scope: str | None
    students: bool
    parameters: tuple[FieldShown, ...]
    body: TypeShown | None
    answers: tuple[tuple[str, TypeShown], ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    tag: str
    operations: tuple[OperationShown, ...]


@dataclass(frozen=True)
class ShapeShown:
    name: str
    description: str
    fields: tuple[FieldShown, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DocsPage(Page):
    base_url: str
    chapters: tuple[Chapter, ...]
    shapes: tuple[ShapeShown, ...]
    scopes: tuple[str, ...]
    page_most: int
    longest_key: int


@dataclass(frozen=True, kw_only=True)
class ProblemsPage(Page):
    """Pairs of a stable code and its sentence."""

    codes: tuple[tuple[str, str], ...]
    refusals: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]


@get("/openapi.json", sync_to_thread=False)
def openapi_json() -> Response[bytes]:
    headers = {"Cache-Control": f"public, max-age={JSON_LASTS}"}
    return Response(msgspec.json.encode(document()), media_type="application/vnd.oai.openapi+json", headers=headers)


@get("/", sync_to_thread=False)
def docs(request: Request[Any, Any, Any]) -> Response[str]:
    page = DocsPage(
        shell=shell(request, "none"),
        base_url=settings_of(request).base_url,
        chapters=chapters(document()),
        shapes=shapes(document()),
        scopes=tuple(Scope),
        page_most=PAGE_MOST,
        longest_key=LONGEST_KEY,
    )
    return answer(request, "api/docs.html", page)


@get("/problems", sync_to_thread=False)
def problems(request: Request[Any, Any, Any]) -> Response[str]:
    locale = locale_of(request)
    page = ProblemsPage(
        shell=shell(request, "none"),
        codes=tuple((code, sentences.of_code(locale, code)) for code in sentences.CODES),
        refusals=tuple((str(reason), sentences.plain(locale, text)) for reason, text in sentences.REFUSALS.items()),
        faults=tuple((str(fault), sentences.of_fault(locale, fault)) for fault in sentences.FAULTS),
    )
    return answer(request, "api/problems.html", page)


def chapters(made: dict[str, Any]) -> tuple[Chapter, ...]:
    by_tag: dict[str, list[OperationShown]] = {}
    for path, item in made["paths"].items():
        for method, operation in item.items():
            by_tag.setdefault(operation["tags"][0], []).append(operation_shown(path, method, operation))
    return tuple(Chapter(tag, tuple(operations)) for tag, operations in by_tag.items())


def operation_shown(path: str, method: str, operation: dict[str, Any]) -> OperationShown:
    security = operation["security"][0]
    return OperationShown(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        scope=next(iter(security.get("bearer", ())), None),
        students="cookie" in security,
        parameters=tuple(parameter_shown(each) for each in operation.get("parameters", ())),
        body=body_of(operation.get("requestBody")),
        answers=tuple((code, body_of(each) or TypeShown("—")) for code, each in answers_of(operation)),
        codes=tuple(operation["x-problem-codes"]),
    )


def answers_of(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(code, each) for code, each in operation["responses"].items() if code != "default"]


def parameter_shown(parameter: dict[str, Any]) -> FieldShown:
    note = " · ".join(part for part in (parameter["in"], parameter.get("description", "")) if part)
    return FieldShown(parameter["name"], type_shown(parameter["schema"]), parameter["required"], note)


def body_of(described: dict[str, Any] | None) -> TypeShown | None:
    content = (described or {}).get("content", {}).get("application/json")
    return type_shown(content["schema"]) if content else None


def shapes(made: dict[str, Any]) -> tuple[ShapeShown, ...]:
    """Every named type, by name."""
    found = sorted(made["components"]["schemas"].items())
    return tuple(
        ShapeShown(
            name=name,
            description=" ".join(schema.get("description", "").split()),
            fields=tuple(
                FieldShown(each, type_shown(inner), each in schema.get("required", ()), inner.get("description", ""))
                for each, inner in schema.get("properties", {}).items()
            ),
            values=tuple(str(each) for each in schema.get("enum", ())),
        )
        for name, schema in found
    )


def type_shown(schema: dict[str, Any]) -> TypeShown:
    """A JSON schema in a few words: `integer`, `[EventCard]`, `string date-time | null`."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(SCHEMAS)
        return TypeShown(name, f"#{name}")
    if either := schema.get("oneOf") or schema.get("anyOf"):
        inner = [type_shown(each) for each in either]
        return TypeShown(
            " | ".join(each.text for each in inner), next((each.href for each in inner if each.href), None)
        )
    if schema.get("type") == "array":
        item = type_shown(schema.get("items") or {})
        return TypeShown(f"[{item.text}]", item.href)
    return TypeShown(" ".join(part for part in (plain_type(schema), schema.get("format", "")) if part))


def plain_type(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "any")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


docs_router = Router(
    path="/api/docs", guards=[anybody], include_in_schema=False, route_handlers=[openapi_json, docs, problems]
)
