import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.people.masks import mask_email, mask_name, mask_phone, mask_student_number

distinct_han = st.lists(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=3, max_size=12, unique=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张", "*"),
        ("李强", "李*"),
        ("王小燕", "王*燕"),
        ("王小小燕", "王**燕"),
        ("欧阳锋", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("司马", "司*"),
        ("阿依古丽·买买提", "阿依古丽*"),
        ("John Smith", "J*** S***"),
        ("John S", "J*** ***"),
        ("Nurgül·Memet", "N***·M***"),
        ("Jean-Luc", "J***"),
        ("葛\U000e0100小城", "葛\U000e0100*城"),
        ("", ""),
    ],
)
def test_a_name_is_masked_so_that_only_its_owner_knows_it(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613812341234", "138****1234"),
        ("13812341234", "138****1234"),
        ("153070226", "153****"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_a_phone_shows_three_digits_and_four(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_an_address_shows_its_first_character_and_its_domain() -> None:
    assert mask_email("wang@example.org") == "w***@example.org"
    assert mask_email("no address") == "***"


@pytest.mark.parametrize(
    ("number", "shown"), [("2547040000", "25******00"), ("1234", "1**4"), ("123", "***"), ("", "")]
)
def test_a_student_number_shows_its_ends(number: str, shown: str) -> None:
    assert mask_student_number(number) == shown


@given(distinct_han)
def test_no_mask_shows_the_middle_of_a_chinese_name(characters: list[str]) -> None:
    masked = mask_name("".join(characters))
    hidden = characters[1:-1]
    if masked[:2] == "".join(characters[:2]):  # a compound surname stays
        hidden = characters[2:]
    assert not set(hidden) & set(masked)
    assert len(masked) == len(characters)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mask_shows_the_middle_of_a_phone(digits: str) -> None:
    assert mask_phone(f"+86{digits}") == f"{digits[:3]}****{digits[7:]}"


@given(st.text())
def test_masks_never_fail_and_never_show_a_whole_name(text: str) -> None:
    assert mask_name(text) != text or not text.strip(" ·")
    assert len(mask_student_number(text)) == len(text)
    assert mask_phone(text)
    assert mask_email(text)
