from templates import messages
from templates.language import translate, translate_n


def test_every_message_has_its_english() -> None:
    missing = messages.missing(messages.messages_in_use(), messages.english_catalogue())
    assert [message.id for message in missing] == []


def test_no_english_is_left_over() -> None:
    dead = messages.dead(messages.messages_in_use(), messages.english_catalogue())
    assert [message.id for message in dead] == []


def test_both_languages_name_the_same_values() -> None:
    flawed = [message.id for message, errors in messages.english_catalogue().check() if list(errors)]
    assert flawed == []


def test_messages_are_found_in_templates_and_in_code() -> None:
    used = messages.messages_in_use()
    assert "templates/formats.py" in {place for place, _ in used["今天"].locations}
    assert "templates/ui/nav.html" in {place for place, _ in used["首页"].locations}
    assert used["余 %(num)s"].pluralizable


def test_chinese_is_its_own_message_and_english_counts() -> None:
    assert translate("zh-CN", "候补中（第%(position)s位）", position=3) == "候补中（第3位）"
    assert translate("en", "候补中（第%(position)s位）", position=3) == "Waiting list (no. 3)"
    assert [translate_n("en", "%(num)s 天", days) for days in (1, 2)] == ["1 day", "2 days"]
    assert [translate_n("zh-CN", "%(num)s 天", days) for days in (1, 2)] == ["1 天", "2 天"]
