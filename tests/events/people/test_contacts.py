import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.people.contacts import (
    Account,
    AccountKind,
    BadContact,
    ContactFault,
    normalise_account,
    normalise_email,
    normalise_phone,
    show_phone,
)

STORED = "+8613812345678"


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "+86 138 1234 5678",
        "0086-138-1234-5678",
        "8613812345678",
        "(+86) 138-1234-5678",
        "（＋８６）１３８１２３４５６７８",
        "\u3000138\u00a01234\u200b5678\n",
        "138\u20131234\uff0d5678",
        "\u202d13812345678\u202c",
        STORED,
    ],
)
def test_every_way_to_write_a_mobile_number_is_stored_as_one(written: str) -> None:
    assert normalise_phone(written) == STORED


@pytest.mark.parametrize("prefix", ["130", "145", "159", "166", "170", "171", "174", "184", "191", "199"])
def test_every_mobile_prefix_is_a_mobile_number(prefix: str) -> None:
    assert normalise_phone(f"{prefix}00001111") == f"+86{prefix}00001111"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", ContactFault.EMPTY),
        ("\u3000\u200b", ContactFault.EMPTY),
        ("153070226", ContactFault.WRONG_LENGTH),
        ("138123456789", ContactFault.WRONG_LENGTH),
        ("-", ContactFault.WRONG_LENGTH),
        ("12812345678", ContactFault.NOT_A_MOBILE),
        ("05746389123", ContactFault.NOT_A_MOBILE),
        ("1381234567x", ContactFault.LETTERS),
        ("٠١٣٨١٢٣٤٥٦٧", ContactFault.LETTERS),
        ("138****5678", ContactFault.MASKED),
        ("13812345678/13812345679", ContactFault.SEVERAL),
        ("13812345678、13812345679", ContactFault.SEVERAL),
        ("+1 202 555 0143", ContactFault.FOREIGN),
        ("00442071234567", ContactFault.FOREIGN),
        ("1" * 1001, ContactFault.TOO_LONG),
    ],
)
def test_what_is_no_mobile_number_is_refused_with_its_reason(written: str, reason: ContactFault) -> None:
    with pytest.raises(BadContact) as refused:
        normalise_phone(written)
    assert refused.value.reason == reason


def test_a_number_is_shown_in_groups_and_another_countrys_as_it_is() -> None:
    assert show_phone(STORED) == "138 1234 5678"
    assert show_phone("+12025550143") == "+12025550143"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Alice@Example.ORG", "Alice@example.org"),
        (" alice@example.org\u3000", "alice@example.org"),
        ("alice＠example．org", "alice@example.org"),
        ("a.b+c_d'e@xn--fiq228c.xn--55qx5d", "a.b+c_d'e@xn--fiq228c.xn--55qx5d"),
        ("a" * 64 + "@" + "b" * 63 + ".cn", "a" * 64 + "@" + "b" * 63 + ".cn"),
    ],
)
def test_an_address_is_stored_with_its_domain_in_lower_case(written: str, stored: str) -> None:
    assert normalise_email(written) == stored


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", ContactFault.EMPTY),
        ("alice", ContactFault.NO_AT),
        ("a@b@c.cn", ContactFault.SEVERAL),
        ("a@b.cn, c@d.cn", ContactFault.SEVERAL),
        ("a@b.cn；c@d.cn", ContactFault.SEVERAL),
        ("a@b.cn\r\nBcc: c@d.cn", ContactFault.CONTROL),
        ("a@b.cn\n", ContactFault.CONTROL),
        ("王@example.org", ContactFault.NOT_ASCII),
        ("a@例子.中国", ContactFault.NOT_ASCII),
        ('"a b"@example.org', ContactFault.SEVERAL),
        ('"ab"@example.org', ContactFault.BAD_LOCAL),
        ("a..b@example.org", ContactFault.BAD_LOCAL),
        ("@example.org", ContactFault.BAD_LOCAL),
        ("a" * 65 + "@example.org", ContactFault.BAD_LOCAL),
        ("a@localhost", ContactFault.BAD_DOMAIN),
        ("a@127.0.0.1", ContactFault.BAD_DOMAIN),
        ("a@[127.0.0.1]", ContactFault.BAD_DOMAIN),
        ("a@-x.cn", ContactFault.BAD_DOMAIN),
        ("a@" + "b" * 64 + ".cn", ContactFault.BAD_DOMAIN),
        ("a@" + "b.cn" * 63 + "cn", ContactFault.TOO_LONG),
    ],
)
def test_what_is_no_single_address_is_refused_with_its_reason(written: str, reason: ContactFault) -> None:
    with pytest.raises(BadContact) as refused:
        normalise_email(written)
    assert refused.value.reason == reason


def test_an_account_is_an_address_if_it_has_an_at_and_else_a_phone() -> None:
    assert normalise_account("alice@Example.org") == Account(AccountKind.EMAIL, "alice@example.org")
    assert normalise_account("138 1234 5678") == Account(AccountKind.PHONE, STORED)


contacts = st.text() | st.text(alphabet="+0086 138１２-()a@.cn\u200b\u3000", max_size=40)


@given(contacts)
def test_whatever_is_written_is_stored_in_a_form_that_stays_or_refused(written: str) -> None:
    for normalise in (normalise_phone, normalise_email):
        try:
            stored = normalise(written)
        except BadContact:
            continue
        assert normalise(stored) == stored
        assert stored.isascii()
        assert not any(character.isspace() for character in stored)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_number_reads_back_from_how_it_is_shown(digits: str) -> None:
    assert normalise_phone(show_phone(f"+86{digits}")) == f"+86{digits}"
