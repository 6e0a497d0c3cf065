"""What a form shows: what is stored, or what was typed and what is the matter with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from events.errors import Fault, Invalid, Refused, Stale
from templates.environment import Locale, translate
from templates.language import N_
from web import sentences
from web.forms import Form

CHANGED_BY_SOMEBODY = N_("有人刚刚把这一项改成了“%(saved)s”。再次保存，会以您填写的为准。")
EMPTIED_BY_SOMEBODY = N_("有人刚刚清空了这一项。再次保存，会以您填写的为准。")
ShownAgain = Invalid | Refused | Stale
VERSION = "version"
NOT_COMPARED = (VERSION, ".id", ".key")  # how the names of fields end


@dataclass(frozen=True)
class Filled:
    """`values`, `lists`: what the fields hold. `errors`: a sentence by field. `refusal`: why nothing was saved.

    `stale`: somebody saved another version meanwhile; the errors then say what it is.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    stale: bool = False
    status: int = 200

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def chosen(self, name: str) -> tuple[str, ...]:
        return self.lists.get(name, ())

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    def ticked(self, name: str) -> bool:
        return self.value(name) in ("1", "on", "true")


def shown_again(
    locale: Locale,
    form: Form,
    error: ShownAgain,
    saved: Mapping[str, str] | None = None,
    instead: Mapping[str, str] | None = None,
) -> Filled:
    """The form as it was typed, and why it was not taken.

    `saved`: what is stored by now, with its `version`. `instead`: sentences that say more than those of the faults.
    """
    saved = saved or {}
    match error:
        case Invalid():
            errors = fault_sentences(locale, error) | dict(instead or {})
            return Filled(form.values, several(form), errors, status=422)
        case Stale():
            values = form.values | {VERSION: saved.get(VERSION, str(error.version))}
            return Filled(values, several(form), differences(locale, form, saved), stale=True, status=409)
    return Filled(form.values, several(form), refusal=sentences.of_refusal(locale, error), status=409)


def several(form: Form) -> dict[str, tuple[str, ...]]:
    return {name: tuple(form.several(name)) for name in form.fields}


def fault_sentences(locale: Locale, error: Invalid) -> dict[str, str]:
    return {name: sentences.of_fault(locale, fault, error.detail) for name, fault in error.problems.items()}


def differences(locale: Locale, form: Form, saved: Mapping[str, str]) -> dict[str, str]:
    """For each field that differs from what is saved by now, what that is."""
    differing = {name: text for name, text in saved.items() if plain(text) != plain(form.raw(name))}
    return {
        name: translate(locale, CHANGED_BY_SOMEBODY, saved=text) if text else translate(locale, EMPTIED_BY_SOMEBODY)
        for name, text in differing.items()
        if not name.endswith(NOT_COMPARED)
    }


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def refuse_all(form: Form, *found: Mapping[str, Fault]) -> None:
    """Raises Invalid with all that the rules found and all that the form could not read, so that one look tells all."""
    problems = {name: fault for each in found for name, fault in each.items()} | form.problems
    if problems:
        raise Invalid(problems)
