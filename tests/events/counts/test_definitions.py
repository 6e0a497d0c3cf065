"""Every figure says what it means, in both languages."""

from dataclasses import fields

from events.counts.definitions import DEFINITIONS
from events.counts.export import COLUMNS
from events.counts.figures import Row
from templates.language import translate


def test_every_figure_of_a_row_has_a_definition():
    figures = {each.name for each in fields(Row)} - {"key", "label", "label_en"}
    assert figures == set(DEFINITIONS)
    assert set(COLUMNS) == figures


def test_every_definition_begins_with_the_name_of_its_figure():
    for definition in DEFINITIONS.values():
        assert definition.sentence.startswith(f"{definition.name}：")


def test_every_definition_has_its_english():
    for definition in DEFINITIONS.values():
        assert translate("en", definition.sentence) != definition.sentence
