"""The documentation of the API says what the API does."""

import re

import msgspec

from templates.language import LOCALES
from web import sentences
from web.api.openapi import document


def api_operations(app):
    return {
        (route.path_format, method.lower())
        for route in app.routes
        for method in getattr(route, "methods", ())
        if route.path.startswith("/api/v1") and method != "OPTIONS"
    }


def documented():
    return [(path, method, each) for path, item in document()["paths"].items() for method, each in item.items()]


async def test_every_route_of_the_api_is_documented_with_a_summary(app):
    assert {(path, method) for path, method, _ in documented()} == api_operations(app)
    for path, method, operation in documented():
        assert operation["summary"], (path, method)
        assert len(operation["summary"]) <= 80, (path, method)
        assert " " in operation["summary"], f"{method} {path} has no docstring"


def test_the_document_points_at_nothing_that_is_absent():
    made = document()
    references = set(re.findall(r'"\$ref":"#/components/(\w+)/(\w+)"', msgspec.json.encode(made).decode()))
    assert {(kind, name) for kind, name in references if name not in made["components"][kind]} == set()
    assert made["openapi"].startswith("3.1")
    assert made["info"] == {"title": "Yantu API", "version": "1"}


def test_every_operation_says_who_may_call_it():
    schemes = set(document()["components"]["securitySchemes"])
    assert schemes == {"bearer", "cookie"}
    for path, method, operation in documented():
        assert operation["security"], (path, method)
        assert {name for each in operation["security"] for name in each} <= schemes
        if method != "get":
            assert operation["security"] != [{}], f"anybody may {method} {path}"


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for _, _, operation in documented()]
    assert sorted(ids) == sorted(set(ids))


def test_every_problem_code_that_the_document_names_has_a_sentence():
    known = {*sentences.CODES, *map(str, sentences.REFUSALS)}
    named = {code for _, _, operation in documented() for code in operation["x-problem-codes"]}
    assert named - known == set()


async def test_the_document_is_served_as_json(signed_out):
    answer = await signed_out.get("/api/docs/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
    assert msgspec.json.decode(answer.content) == msgspec.json.decode(msgspec.json.encode(document()))


async def test_the_docs_page_shows_every_operation_and_every_link_inside_it_leads_somewhere(signed_out):
    for locale in LOCALES:
        page = await signed_out.get("/api/docs", cookies={"yantu-language": locale})
        assert page.status_code == 200
        anchors = set(re.findall(r'id="([^"]+)"', page.text))
        assert {operation["operationId"] for _, _, operation in documented()} <= anchors
        assert set(re.findall(r'href="#([^"]+)"', page.text)) <= anchors


async def test_the_problems_page_has_an_anchor_and_a_sentence_for_every_code(signed_out):
    for locale in LOCALES:
        page = await signed_out.get("/api/docs/problems", cookies={"yantu-language": locale})
        anchors = re.findall(r'<dt id="([^"]+)"', page.text)
        assert set(anchors) == {*sentences.CODES, *map(str, sentences.REFUSALS), *map(str, sentences.FAULTS)}
        assert "%(" not in page.text


async def test_the_type_of_a_problem_leads_to_its_sentence(signed_out):
    problem = (await signed_out.get("/api/v1/events/404")).json()
    assert problem["type"] == "/api/docs/problems#not_found"
    page = await signed_out.get("/api/docs/problems")
    assert '<dt id="not_found">' in page.text
