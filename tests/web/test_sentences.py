"""Every reason has a sentence in both languages and a stable code of its own."""

import importlib
import pkgutil
import re
from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum

import pytest

import events
from events.catalogue.eligibility import Clause, Condition, Fact
from events.errors import Fault, Refused
from templates.language import ENGLISH, LOCALES, catalogue
from web import sentences

NAMES = re.compile(r"%\((\w+)\)s")
HAN = re.compile(r"[\u4e00-\u9fff]")


def rooms() -> list:
    return [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(events.__path__, "events.")
        if "piccolo_migrations" not in found.name and not found.name.endswith("__main__")
    ]


def reasons() -> list[StrEnum]:
    """The members of every enum of refusals, wherever in the house it is."""
    found = {
        thing
        for room in rooms()
        for thing in vars(room).values()
        if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__name__.endswith("Refusal")
    }
    return [reason for each in sorted(found, key=lambda each: each.__qualname__) for reason in each]


REASONS = reasons()


def test_refusals_are_found_in_every_room_that_refuses():
    rooms()
    kinds = {type(reason).__name__ for reason in REASONS}
    refused = {each.__name__.replace("Refused", "Refusal") for each in Refused.__subclasses__()} - {"BookingRefusal"}
    assert refused <= kinds
    assert {"Refusal", "CatalogueRefusal", "GateRefusal"} <= kinds


def test_every_refusal_has_a_sentence_and_no_sentence_is_of_nothing():
    assert {f"{type(each).__name__}.{each.name}" for each in REASONS} == {
        f"{type(each).__name__}.{each.name}" for each in sentences.REFUSALS
    }


def test_codes_are_unique_across_all_that_a_problem_may_say():
    codes = Counter([*sentences.CODES, *(str(each) for each in REASONS)])
    assert [code for code, times in codes.items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,39}", code) for code in codes)


def test_every_fault_has_a_sentence():
    assert set(sentences.FAULTS) == set(Fault)


ALL = [*sentences.CODES.values(), *sentences.REFUSALS.values(), *sentences.FAULTS.values()]


@pytest.mark.parametrize("msgid", sorted(set(ALL)))
def test_every_sentence_is_whole_in_both_languages(msgid):
    english = catalogue("en").gettext(msgid)
    assert english != msgid, "no English"
    assert not HAN.search(english)
    assert sorted(NAMES.findall(msgid)) == sorted(NAMES.findall(english))
    assert msgid.endswith(("。", "！", "？"))
    assert english.endswith((".", "!", "?"))
    assert re.search(r"[,.;:?!](?!\w)", NAMES.sub("", msgid)) is None, "half-width punctuation in Chinese prose"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: f"{type(reason).__name__}.{reason.name}")
def test_a_refusal_says_its_values_as_people_read_them(locale, reason):
    clause = Clause((Condition(Fact.COLLEGE, ("人文学院",)),))
    values = {"opens_at": datetime(2026, 11, 28, 4, tzinfo=UTC), "clause": clause, "rows": 3, "bookings": 12}
    names = NAMES.findall(sentences.REFUSALS[reason])
    detail = {
        name: values.get(name, datetime(2026, 11, 28, 4, tzinfo=UTC) if name.endswith(("_at", "until")) else "甲")
        for name in names
    }
    said = sentences.of_refusal(locale, Refused(reason, **detail))
    assert "%" not in said
    assert "Clause(" not in said
    assert "datetime" not in said
    for name, value in detail.items():
        if isinstance(value, datetime):
            assert "12:00" in said, name  # in the zone of the site, not in UTC


def test_the_english_catalogue_is_a_file_that_babel_accepts():
    assert ENGLISH.exists()
    assert catalogue("en").gettext("请先登录。") != "请先登录。"
