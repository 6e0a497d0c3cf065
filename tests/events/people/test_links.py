import re

import pytest

from events.errors import NotFound
from events.people.links import CANT_GO, read_link, sign_link
from tests.conftest import TEST_SECRET


def test_a_link_gives_back_what_was_signed() -> None:
    token = sign_link(TEST_SECRET, CANT_GO, "12345")
    assert read_link(TEST_SECRET, CANT_GO, token) == "12345"
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert sign_link(TEST_SECRET, CANT_GO, "12345") == token


def test_a_link_is_worth_nothing_for_another_purpose_or_secret() -> None:
    token = sign_link(TEST_SECRET, CANT_GO, "12345")
    for secret, purpose in ((TEST_SECRET, "unsubscribe"), ("another secret, also long enough", CANT_GO)):
        with pytest.raises(NotFound):
            read_link(secret, purpose, token)


def test_no_other_spelling_of_a_token_is_taken() -> None:
    token = sign_link(TEST_SECRET, CANT_GO, "12345")
    altered = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    ]
    for other in [*altered, token + "=", token + "A", token[:-1], f" {token}", "", "燕", "AAAA", "A" * 5000]:
        with pytest.raises(NotFound):
            read_link(TEST_SECRET, CANT_GO, other)
