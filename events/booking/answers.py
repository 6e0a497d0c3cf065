"""Answers to an event's questions: what a form or a program sent, made into what is kept, or refused."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from events.booking.rules import AnswerUpload
from events.catalogue.queries import QuestionDetail
from events.errors import Fault, Invalid
from events.people.names import BadText, clean_line

TEXT_MOST: Final = 500  # characters of one answer
TICKED: Final = frozenset({"1", "true", "on", "yes"})
WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,10}")


Given = str | AnswerUpload


def field(question: QuestionDetail) -> str:
    """The name of the question's field in forms and problems."""
    return f"q{question.id}"


def read_answers(questions: Sequence[QuestionDetail], given: Mapping[str, Given]) -> dict[str, str]:
    """What is kept, by the question's id as text; a file is kept under its name.

    A question that is not shown is neither asked nor kept. Raises Invalid, with a fault for each field.
    """
    kept: dict[str, str] = {}
    problems: dict[str, Fault] = {}
    for question in questions:
        if not is_shown(question, kept):
            continue
        try:
            answer = read_answer(question, given.get(field(question), ""))
        except Invalid as error:
            problems.update(error.problems)
        else:
            if answer:
                kept[str(question.id)] = answer
    if problems:
        raise Invalid(problems)
    return kept


def is_shown(question: QuestionDetail, kept: Mapping[str, str]) -> bool:
    return question.shown_if is None or kept.get(str(question.shown_if)) == question.shown_if_value


def read_answer(question: QuestionDetail, given: Given) -> str:
    text = given.filename if isinstance(given, AnswerUpload) else given.strip()
    if isinstance(given, AnswerUpload) != (question.kind == "file") and text:
        raise Invalid({field(question): Fault.BAD_FILE})
    try:
        answer = clean_line(text, most=TEXT_MOST)
    except BadText:
        fault = Fault.TOO_LONG if len(text) > TEXT_MOST else Fault.BAD_CHARACTER
        raise Invalid({field(question): fault}) from None
    fault_found = fault_of(question, answer)
    if fault_found is not None:
        raise Invalid({field(question): fault_found})
    return "true" if question.kind == "consent" and answer else answer


def fault_of(question: QuestionDetail, answer: str) -> Fault | None:
    if not answer or (question.kind == "consent" and answer not in TICKED):
        return Fault.MISSING if question.required else None
    match question.kind:
        case "choice":
            return None if answer in question.options else Fault.NOT_AN_OPTION
        case "number":
            return fault_of_number(question, answer)
        case "date":
            return None if is_day(answer) else Fault.NOT_A_DATE
        case "text":
            return fault_of_length(question, len(answer))
    return None


def fault_of_number(question: QuestionDetail, answer: str) -> Fault | None:
    if not WHOLE_NUMBER.fullmatch(answer):
        return Fault.NOT_A_NUMBER
    if question.minimum is not None and int(answer) < question.minimum:
        return Fault.TOO_LOW
    return Fault.TOO_HIGH if question.maximum is not None and int(answer) > question.maximum else None


def fault_of_length(question: QuestionDetail, length: int) -> Fault | None:
    if question.minimum is not None and length < question.minimum:
        return Fault.TOO_SHORT
    return Fault.TOO_LONG if question.maximum is not None and length > question.maximum else None


def is_day(text: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False
