"""Words of the organizer's pages against the values that they name."""

import pytest

from events.catalogue.actions import Part
from events.catalogue.eligibility import Fact
from events.catalogue.kinds import KIND_NAMES, Admission, Kind, QuestionKind, preset_of
from events.catalogue.poster import ImageFault
from events.catalogue.recurrence import Frequency, RecurrenceFault, WeekendShift
from events.catalogue.rules import Visibility
from web.organizer import words
from web.organizer.posters import IMAGE_SENTENCES
from web.organizer.series import RULE_SENTENCES


def test_kinds_are_called_as_everywhere():
    assert {kind.value: name for kind, name in KIND_NAMES.items()} == words.KINDS


def test_what_counts_as_attended_is_known_for_every_kind():
    assert {*words.EVIDENCE} == {preset_of(kind).evidence for kind in Kind}


@pytest.mark.parametrize(
    ("named", "values"),
    [
        (words.VISIBILITIES, Visibility),
        (words.ADMISSIONS, Admission),
        (words.QUESTION_KINDS, QuestionKind),
        (words.FACTS, Fact),
        (words.PARTS, Part),
        (words.FREQUENCIES, Frequency),
        (words.SHIFTS, WeekendShift),
        (IMAGE_SENTENCES, ImageFault),
        (RULE_SENTENCES, RecurrenceFault),
    ],
)
def test_every_value_has_its_words(named, values):
    assert {*named} == {*values}
