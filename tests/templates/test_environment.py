from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta, nodes

from templates.assets import AssetMissing, Assets, read_assets
from templates.environment import FOLDER, environment
from templates.language import LOCALES, Locale
from templates.states import STATES
from tests.templates.gallery import HERE, gallery_page
from tests.templates.shell import Shell
from web import pages


@dataclass(frozen=True)
class Greeting:
    name: str


@pytest.fixture
def chinese() -> Environment:
    return environment("zh-CN")


def test_what_people_wrote_is_escaped(chinese: Environment) -> None:
    page = Greeting("<script>alert(1)</script>")
    assert chinese.from_string("{{ page.name }}").render(page=page) == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_what_people_wrote_is_escaped_within_messages(chinese: Environment) -> None:
    assert chinese.from_string('{{ _("候补中（第%(position)s位）", position=page.name) }}').render(
        page=Greeting("<b>")
    ) == ("候补中（第&lt;b&gt;位）")
    assert chinese.from_string('{{ _n("余 %(num)s", 1200) }}').render() == "余 1,200"


def test_a_name_that_the_page_lacks_is_an_error(chinese: Environment) -> None:
    with pytest.raises(UndefinedError):
        chinese.from_string("{{ page.surname }}").render(page=Greeting("王小燕"))


@pytest.mark.parametrize("name", sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html")))
def test_a_template_knows_page_and_functions_only(chinese: Environment, name: str) -> None:
    template = chinese.parse((FOLDER / name).read_text("utf-8"))
    strangers = meta.find_undeclared_variables(template) - chinese.globals.keys() - names_made_in(template)
    frame = {"nav", "feedback", "shell", "self"} if template.find(nodes.Block) else set()
    assert strangers - frame <= {"page"}


def names_made_in(template: nodes.Template) -> set[str]:
    """What the template imports and sets at its top is known in its blocks too; jinja's own analysis forgets that."""
    imported = {node.target for node in template.find_all(nodes.Import)}
    chosen = {name for node in template.find_all(nodes.FromImport) for name in node.names}
    aliases = {name[1] if isinstance(name, tuple) else name for name in chosen}
    made = {name.name for name in template.find_all(nodes.Name) if name.ctx == "store"}
    return imported | aliases | made | {node.name for node in template.find_all(nodes.Macro)}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.html")))
def test_every_macro_renders_in_both_languages(name: str, locale: Locale) -> None:
    html = gallery_page(name, locale=locale)
    assert f'<html lang="{locale}"' in html
    assert html.rstrip().endswith("</html>")
    assert " style=" not in html


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.html")))
def test_english_pages_say_nothing_in_chinese_of_their_own(name: str) -> None:
    assert "选填" not in gallery_page(name, locale="en")
    assert "主要栏目" not in gallery_page(name, locale="en")


def test_every_script_and_style_carries_the_nonce() -> None:
    html = gallery_page("home", nonce="n0nce")
    assert html.count("<script ") == html.count("<script") == 1
    assert html.count('nonce="n0nce"') == 2


def test_the_frame_asks_for_nothing_that_the_site_does_not_give() -> None:
    assert {field.name for field in fields(Shell)} <= {field.name for field in fields(pages.Shell)}


def test_every_state_has_a_badge(chinese: Environment) -> None:
    badge = chinese.from_string('{% import "ui/state.html" as state %}{{ state.badge(page) }}')
    for code, look in STATES.items():
        assert badge.render(page=code).strip() == f'<span class="badge {look.tone}">{look.word}</span>'


def test_a_place_on_the_waiting_list_is_said(chinese: Environment) -> None:
    badge = chinese.from_string('{% import "ui/state.html" as state %}{{ state.badge("waitlisted", 3) }}')
    assert "候补中（第3位）" in badge.render()


def test_an_asset_is_served_under_the_name_that_holds_its_hash() -> None:
    assert Assets({"site.css": "site-ABC.css"}).url("site.css") == "/static/dist/site-ABC.css"


def test_a_missing_asset_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetMissing, match=r"site\.css is not in the client build: run `make client`"):
        Assets({}).url("site.css")
    with pytest.raises(AssetMissing, match="holds no client build: run `make client`"):
        read_assets(tmp_path)
