"""Organizers' Markdown, as HTML that cannot run and as plain text for letters.

Two walls, each enough alone: markdown-it escapes every tag that was typed; nh3 then keeps only a short list of tags.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_CHARACTERS = 20_000
MAX_NESTING = 20  # lists and quotations deeper than this lose what they hold
TOP_HEADING = 3  # the page has h1 and h2 of its own
CACHED_TEXTS = 128

_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "ul",
}
_TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "ol": {"start"}}  # without "*", nh3 lets title and lang through
_SCHEMES = {"http", "https", "mailto", "tel"}
_BAD_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # could show a link or a price back to front


class ProseFault(StrEnum):
    """Why a text is refused. The sentence for the organizer lives with the page."""

    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"


class BadProse(ValueError):
    """The text was refused; `reason` says why."""

    def __init__(self, reason: ProseFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@lru_cache(CACHED_TEXTS)
def to_html(text: str) -> str:
    """Safe HTML of a Markdown text of at most 20,000 characters.

    Headings begin at h3. Links lead to http, https, mailto or tel and carry rel="nofollow noopener"; any other address
    stays literal text. Pictures leave only their description. Typed HTML and template marks stay literal text: put the
    result into a page as it is, and never through a template again. Raises BadProse.
    """
    tokens = _tokens(text)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener",
    )


def to_plain(text: str, limit: int) -> str:
    """The words of a Markdown text, a line for each block, cut with “…” to at most `limit` (≥ 1) characters.

    For letters and og:description: not HTML, so it must be escaped where it is put. Raises BadProse.
    """
    lines = (" ".join(line.split()) for block in _blocks(_tokens(text)) for line in block.splitlines())
    return _cut("\n".join(line for line in lines if line), limit)


def checked(text: str) -> str:
    """The text itself when it may be stored. Raises BadProse."""
    if len(text) > MAX_CHARACTERS:
        raise BadProse(ProseFault.TOO_LONG)
    if _BAD_CHARACTERS.search(text):
        raise BadProse(ProseFault.CONTROL_CHARACTER)
    return text


def _tokens(text: str) -> list[Token]:
    tokens = _MARKDOWN.parse(_DIRECTION_CONTROLS.sub("", checked(text))) if text.strip() else []
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + TOP_HEADING - 1, 6)}"
    return tokens


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    cells: list[str] = []
    for token in tokens:
        if token.type == "inline":
            cells.append("".join(_words(token.children or ())))
        elif token.type in ("fence", "code_block"):
            yield token.content
        if cells and token.type not in ("inline", "th_open", "th_close", "td_open", "td_close"):
            yield "  ".join(cells)  # the cells of a row share a line
            cells = []


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield from _words(token.children or ())
        else:
            yield "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = limit - 1
    while end and (unicodedata.combining(text[end]) or "\u200d" in text[end - 1 : end + 1]):
        end -= 1  # an accent, or a family of emoji, stays whole or goes whole
    return text[:end].rstrip() + "…"


def _description_of_picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return escape(renderer.renderInlineAsText(tokens[index].children or [], options, env))


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        scheme, colon, _ = url.partition(":")
        return bool(colon) and scheme.lower() in _SCHEMES


_MARKDOWN = _Markdown("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING})
_MARKDOWN.enable(["table", "strikethrough"])
_MARKDOWN.disable("code")  # paragraphs pasted from office files begin with spaces and are not programs
_MARKDOWN.add_render_rule("image", _description_of_picture)
