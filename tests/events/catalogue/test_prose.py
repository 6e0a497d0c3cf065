import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue.prose import MAX_CHARACTERS, MAX_NESTING, BadProse, ProseFault, checked, to_html, to_plain

ALLOWED = {
    *("a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Seen(HTMLParser):
    """An independent reader of what a browser would build: tags, attributes and words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = set(), [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("集合地点：**南门**\n请准时", "<p>集合地点：<strong>南门</strong><br>\n请准时</p>\n"),
        ("# 一\n## 二\n###### 六", "<h3>一</h3>\n<h4>二</h4>\n<h6>六</h6>\n"),
        ("- 学生证\n- 雨具", "<ul>\n<li>学生证</li>\n<li>雨具</li>\n</ul>\n"),
        ("3. 返程", '<ol start="3">\n<li>返程</li>\n</ol>\n'),
        ("~~旧~~", "<p><s>旧</s></p>\n"),
        (
            '[官网](https://a.cn/?b=1&c "t")',
            '<p><a href="https://a.cn/?b=1&amp;c" rel="nofollow noopener">官网</a></p>\n',
        ),
        ("[电话](tel:+8657463000000)", '<p><a href="tel:+8657463000000" rel="nofollow noopener">电话</a></p>\n'),
        ("<olga@example.cn>", '<p><a href="mailto:olga@example.cn" rel="nofollow noopener">olga@example.cn</a></p>\n'),
        ("![海*报*<b>](https://evil.example/x.png)", "<p>海报&lt;b&gt;</p>\n"),
        ("", ""),
        ("　\n \t", ""),
        ("    从办公软件粘贴", "<p>从办公软件粘贴</p>\n"),
    ],
)
def test_markdown_becomes(text, html):
    assert to_html(text) == html


def test_a_table_keeps_its_cells_and_loses_its_style():
    html = to_html("|时间|地点|\n|:-|-:|\n|9:00|南门|")
    assert Seen(html).tags == {"table", "thead", "tbody", "tr", "th", "td"}
    assert Seen(html).attributes == []


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "<javascript:alert(1)>",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://evil.example/track.gif)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](file:///etc/passwd)",
    "[x]( https://a.cn' onmouseover='alert(1))",
    '[x](https://a.cn "\' onmouseover=alert(1)")',
    "[x][r]\n\n[r]: javascript:alert(1)",
    '```"><script>\n</code></pre><script>alert(1)</script>\n```',
    "    <style>*{display:none}</style>",
    "<!--><script>alert(1)</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_a_tag_an_attribute_or_an_address(text):
    assert_harmless(to_html(text))


def assert_harmless(html):
    seen = Seen(html)
    assert seen.tags - ALLOWED == set()
    assert {name for name, _ in seen.attributes} - {"href", "rel", "start"} == set()
    addresses = [value for name, value in seen.attributes if name == "href"]
    assert [a for a in addresses if not re.match(r"(https?|mailto|tel):", a, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}",
        "{% import os %}",
        "{event.title}",
        "${x}",
        "%s",
        "' OR 1=1--",
        "../../etc/passwd",
        "=cmd|'/c calc'!A0",
    ],
)
def test_marks_of_templates_and_formulas_stay_the_words_that_they_are(text):
    assert Seen(to_html(text)).words.strip() == text
    assert to_plain(text, 100) == text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</script>", "<b>", "[x](javascript:alert(1))"])
def test_what_is_refused_as_markup_is_shown_as_text(text):
    assert Seen(to_html(text)).words.strip() == text


@pytest.mark.parametrize("control", list("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_text_cannot_be_turned_back_to_front(control):
    assert to_html(f"票价{control}001元") == "<p>票价001元</p>\n"
    assert to_plain(f"票价{control}001元", 100) == "票价001元"


def test_uyghur_text_needs_no_controls_and_is_kept():
    assert to_html("ئالىگۈل") == "<p>ئالىگۈل</p>\n"


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "> " * 10_000, "- " * 10_000, "![" * 10_000, "*a _" * 5_000, "`" * 20_000]
)
def test_deep_nesting_ends(text):
    assert_harmless(to_html(text))


def test_quotations_inside_quotations_stop_at_a_depth():
    assert to_html("> " * 50 + "x").count("<blockquote>") == MAX_NESTING


@pytest.mark.parametrize("render", [to_html, checked, lambda text: to_plain(text, 100)])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("字" * (MAX_CHARACTERS + 1), ProseFault.TOO_LONG),
        ("x" * 1_000_000, ProseFault.TOO_LONG),
        ("a" + "\u0301" * 1_000_000, ProseFault.TOO_LONG),
        ("a\x00b", ProseFault.CONTROL_CHARACTER),
        ("a\x1b[31mb", ProseFault.CONTROL_CHARACTER),
        ("a\ud800b", ProseFault.CONTROL_CHARACTER),
    ],
)
def test_what_may_not_be_stored_is_refused_with_its_reason(render, text, reason):
    with pytest.raises(BadProse) as refused:
        render(text)
    assert refused.value.reason is reason


def test_the_longest_text_is_accepted():
    assert to_html("字" * MAX_CHARACTERS) == f"<p>{'字' * MAX_CHARACTERS}</p>\n"


def test_plain_text_has_a_line_for_each_block_and_a_row():
    lists = "# 行程\n\n**集合**：[南门](https://a.cn)\n准时\n\n- 学生证\n- 雨具\n\n"
    text = lists + "|时间|地点|\n|-|-|\n|9:00|上林湖|\n\n`a<b` ![*图*](https://a.cn/x)"
    assert to_plain(text, 500) == "行程\n集合：南门\n准时\n学生证\n雨具\n时间 地点\n9:00 上林湖\na<b 图"


@pytest.mark.parametrize(
    ("text", "limit", "plain"),
    [
        ("一二三四五", 5, "一二三四五"),
        ("一二三四五六", 5, "一二三四…"),
        ("一二 三四五", 4, "一二…"),
        ("cafe\u0301s", 5, "caf…"),
        ("家👨\u200d👩\u200d👧好人", 4, "家…"),
        ("一二", 1, "…"),
    ],
)
def test_plain_text_is_cut_between_whole_characters(text, limit, plain):
    assert to_plain(text, limit) == plain


marks = st.sampled_from([*"ab<>[]()!*_`~#-|:\"'&;/\\ \n\t=", "javascript:", "https://a.cn", "<img ", "]("])


@settings(max_examples=200, deadline=None)
@given(st.lists(marks, max_size=60).map("".join))
def test_no_mixture_of_marks_escapes(text):
    assert_harmless(to_html(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200).filter(lambda text: "\x00" not in text), st.integers(1, 60))
def test_plain_text_keeps_its_limit(text, limit):
    try:
        plain = to_plain(text, limit)
    except BadProse:
        return
    assert len(plain) <= limit
