"""The code for eyes and keyboards: forgiving in spelling, never in meaning."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ticket.short_code import ALPHABET, new_short_code, normalise_short_code, show_short_code

CODE = "7K3M9Q2WXD"

codes = st.text(ALPHABET, min_size=10, max_size=10)


def test_a_new_code_is_ten_characters_that_nobody_misreads() -> None:
    made = {new_short_code() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", code) for code in made)
    assert set("".join(made)) == set(ALPHABET)


def test_a_code_is_shown_in_two_groups() -> None:
    assert show_short_code(CODE) == "7K3M9-Q2WXD"


@given(codes)
def test_what_is_shown_can_be_typed_back(code: str) -> None:
    assert normalise_short_code(code) == code
    assert normalise_short_code(show_short_code(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m9-q2wxd",
        "7K3M9 Q2WXD",
        " 7K3M9Q2WXD\r\n",
        "7 K 3 M 9 - Q 2 W X D",
        "7K3M9–Q2WXD",
        "7K3M9—Q2WXD",
        "７Ｋ３Ｍ９－Ｑ２ＷＸＤ",
        "７ｋ３ｍ９　ｑ２ｗｘｄ",
        "\u200b7K3M9\u00a0Q2WXD\ufeff",
    ],
)
def test_spelling_is_forgiven(typed: str) -> None:
    assert normalise_short_code(typed) == CODE


@pytest.mark.parametrize("typed", ["0Oo1I-iLl0O", "０Ｏｏ１Ｉ－ｉＬｌ０Ｏ"])
def test_lookalikes_are_read_as_digits(typed: str) -> None:
    assert normalise_short_code(typed) == "0001111100"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "7K3M9-Q2WX",
        "7K3M9-Q2WXD7",
        "7K3M9-Q2WXU",
        "7K3M9-Q2WXu",
        "7K3M9-Q2WXＵ",
        "7K3M9-Q2WX!",
        "7K3M9-Q2WX*",
        "7K3M9-Q2WX①",
        "7K3M9-Q2WXı",
        "7K3M9-Q2WXſ",
        "7\u212a3M9-Q2WXD",
        "٧K3M9-Q2WXD",
        "王小燕",
        "7K3M9-Q2WX\0",
        "YT1:7K3M9Q2WXD",
    ],
)
def test_what_could_be_no_code_or_two_is_refused(typed: str) -> None:
    assert normalise_short_code(typed) is None


@given(st.text())
def test_any_text_is_a_code_or_none(typed: str) -> None:
    code = normalise_short_code(typed)
    assert code is None or normalise_short_code(code) == code
