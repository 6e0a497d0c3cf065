"""The desk of this process, and the verb that every door calls: bookings and their tickets are one commit."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from events.booking.answers import Given, field, read_answers
from events.booking.desk import Booked, Desk
from events.booking.ledger import Confirmed
from events.booking.queries import questions_of_session
from events.booking.rules import AnswerUpload, Request
from events.catalogue.queries import QuestionDetail
from events.ticket.actions import NewTicket, issue
from events.ticket.short_code import new_short_code

QUESTIONS_ARE_KNOWN_FOR: Final = 1.0  # seconds: a rush on one session must not read its questions a thousand times


async def book(
    student_id: int,
    session_id: int,
    choices: Iterable[int] = (),
    given: Mapping[str, Given] | None = None,
    source: str = "student",
    at: Desk | None = None,
) -> Booked:
    """Books a place, or returns the live booking that this student holds in this session already.

    choices: ids of pools, one for each group of alternatives. given: answers by `q<question id>`. at: another desk than
    this process's own.
    Raises Invalid (answers), BookingRefused, NotFound, Busy.
    """
    questions = await known_questions(session_id)
    answers = read_answers(questions, given or {})
    uploads = tuple(
        upload
        for question in questions
        if str(question.id) in answers and isinstance(upload := (given or {}).get(field(question)), AnswerUpload)
    )
    request = Request(
        student_id, new_short_code(), frozenset(choices), msgspec.json.encode(answers).decode(), source, uploads
    )
    return await (at or desk).book(session_id, request)


async def issue_tickets(confirmed: Sequence[Confirmed]) -> None:
    await issue([NewTicket(each.booking_id, each.session_id, each.starts_at, each.ends_at) for each in confirmed])


async def known_questions(session_id: int) -> tuple[QuestionDetail, ...]:
    known_until, questions = _questions.get(session_id, (0.0, ()))
    if time.monotonic() >= known_until:
        questions = await questions_of_session(session_id)
        _questions[session_id] = (time.monotonic() + QUESTIONS_ARE_KNOWN_FOR, questions)
    return questions


_questions: dict[int, tuple[float, tuple[QuestionDetail, ...]]] = {}
desk = Desk(issue_tickets)
