import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.people.names import LINE_MOST, NAME_MOST, BadText, TextFault, clean_line, clean_name

MEI = "阿依古丽·买买提"
MARKS = "\u200b\u200d\ufeff\u3000\u00a0\u2022\uff0e\u30fb\u2027\u00b7 .王小燕阿aB\u0301-'\U00020000\ue5e5"
names = st.text() | st.text(alphabet=MARKS, max_size=30)


@pytest.mark.parametrize("dot", list("·•．・･‧∙⋅●․˙."))
def test_every_separator_of_meis_name_becomes_the_middle_dot(dot: str) -> None:
    assert clean_name(f"阿依古丽{dot}买买提") == MEI
    assert clean_name(f"阿依古丽 {dot} 买买提") == MEI


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("夏 桐", "夏桐"),
        ("\u3000夏\u3000桐\u3000", "夏桐"),
        ("\u200b王小\ufeff燕", "王小燕"),
        ("John   Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
        ("Jose\u0301", "José"),
        ("Nurgül•Memet", "Nurgül·Memet"),
        ("阿依古丽··买买提", MEI),
        ("·李强", "李强"),
        ("李〇", "李〇"),
        ("\U00020bb7田", "\U00020bb7田"),
        ("王\ue5e5", "王\ue5e5"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("李", "李"),
    ],
)
def test_what_can_be_understood_is_normalised(written: str, kept: str) -> None:
    assert clean_name(written) == kept


def test_a_name_may_have_fifty_characters_and_more() -> None:
    assert clean_name("买" * 50) == "买" * 50
    assert clean_name("买" * NAME_MOST) == "买" * NAME_MOST


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", TextFault.EMPTY),
        (" \u3000\u200b\ufeff\u00a0", TextFault.EMPTY),
        ("买" * (NAME_MOST + 1), TextFault.TOO_LONG),
        ("a" + "\u0301" * 1_000_000, TextFault.TOO_LONG),
        ("王\x00燕", TextFault.CONTROL),
        ("王\n燕", TextFault.CONTROL),
        ("王\u2028燕", TextFault.CONTROL),
        ("王\ud800", TextFault.CONTROL),
        ("王\u202e燕", TextFault.DIRECTION),
        ("\u2067王燕", TextFault.DIRECTION),
        ("王?", TextFault.LOST),
        ("王*燕", TextFault.LOST),
        ("王\ufffd", TextFault.LOST),
        ("13800001111", TextFault.NO_LETTER),
        ("·", TextFault.NO_LETTER),
        ("🎉", TextFault.NO_LETTER),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_reason(written: str, reason: TextFault) -> None:
    with pytest.raises(BadText) as refused:
        clean_name(written)
    assert refused.value.reason == reason


def test_rare_characters_are_not_replaced_by_compatible_ones() -> None:
    assert clean_name("王㎏") == "王㎏"


def test_a_line_of_nothing_visible_is_empty() -> None:
    assert clean_line(" \u200b\u200f\u3000\ufeff\u3164 ") == ""


def test_a_line_keeps_template_and_script_text_as_it_is() -> None:
    text = "<script>{{7*7}}</script> {event.__class__} ' OR 1=1--"
    assert clean_line(text) == text


def test_a_line_one_character_too_long_is_refused() -> None:
    assert len(clean_line("x" * LINE_MOST)) == LINE_MOST
    with pytest.raises(BadText):
        clean_line("x" * (LINE_MOST + 1))


@given(names)
def test_cleaning_a_name_twice_changes_nothing_more(written: str) -> None:
    try:
        once = clean_name(written)
    except BadText:
        return
    assert clean_name(once) == once
    assert once == unicodedata.normalize("NFC", once).strip()
    assert 1 <= len(once) <= NAME_MOST


@given(names)
def test_cleaning_a_line_twice_changes_nothing_more(written: str) -> None:
    try:
        once = clean_line(written)
    except BadText:
        return
    assert clean_line(once) == once
    assert "  " not in once
    assert not any(unicodedata.category(character) == "Cc" for character in once)
