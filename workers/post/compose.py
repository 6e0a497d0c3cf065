"""From what a notice is about to what it says. The facts are those of this moment, not of when it was written."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from events.booking.letters import LetterFacts, calendar_entry
from events.catalogue.calendar import method_of
from events.notice.codes import LiveCode, open_code
from events.notice.lease import Due
from events.notice.rules import REMIND_BEFORE, Kind
from events.people.links import CANT_GO, sign_link
from events.settings import Settings
from events.ticket.short_code import show_short_code
from templates.environment import Locale, render, translate
from templates.formats import clock, near, span
from templates.letters.words import CODE_LEAD, CODE_SMS, CODE_SUBJECT, CODE_WARNING, FACTS, POSTPONED, WORDS, Words
from workers.post.calendar import calendar_part
from workers.post.letter import Letter, is_plain, one_line, sender

LINKED: Final = frozenset(REMIND_BEFORE) | {Kind.CHANGE}  # letters with the one-tap 来不了


@dataclass(frozen=True, slots=True)
class BookingPage:
    """Empty addresses: the letter has no such link."""

    locale: Locale
    subject: str
    name: str
    lead: str
    title: str
    facts: tuple[tuple[str, str], ...]
    ticket_url: str
    leave_url: str
    settings_url: str
    city: str


@dataclass(frozen=True, slots=True)
class CodePage:
    locale: Locale
    subject: str
    lead: str
    code: str
    warning: str
    city: str


def compose_booking(due: Due, facts: LetterFacts, settings: Settings, now: datetime) -> Letter:
    """A letter about a booking; by e-mail if the student has an address and wants that."""
    page = booking_page(due, facts, settings, now)
    email = facts.email if facts.wants_email and sends_mail(settings) else None
    calendar, method = calendar_of(due, facts, settings, page) if email and is_plain(email) else (None, "")
    return Letter(
        notice_id=due.id,
        dedupe_key=due.dedupe_key,
        student_id=facts.student_id,
        subject=page.subject,
        summary="\n".join([page.lead, *(f"{label} {value}" for label, value in page.facts)]),
        link=f"/tickets/{facts.code}",
        text=render(page.locale, "letters/booking.txt", page),
        html=render(page.locale, "letters/booking.html", page),
        email=email,
        calendar=calendar,
        method=method,
    )


def booking_page(due: Due, facts: LetterFacts, settings: Settings, now: datetime) -> BookingPage:
    locale = known(facts.locale)
    words = words_of(due.kind, facts)
    title = one_line((facts.title_en if locale == "en" else "") or facts.title)
    starts = start_in_words(locale, facts.starts_at, now, settings.time_zone)
    valid = facts.state == "confirmed"
    return BookingPage(
        locale=locale,
        subject=translate(locale, words.subject, title=title, when=starts),
        name=one_line(facts.student_name),
        lead=translate(locale, words.lead),
        title=title,
        facts=tuple(
            (translate(locale, FACTS[name]), text) for name, text in said(facts, locale, settings, now) if text
        ),
        ticket_url=f"{settings.base_url}/tickets/{facts.code}" if valid else "",
        leave_url=leave_url(facts, settings) if valid and due.kind in LINKED else "",
        settings_url=f"{settings.base_url}/me",
        city=settings.city,
    )


def words_of(kind: Kind, facts: LetterFacts) -> Words:
    if kind == Kind.CHANGE and facts.postponed:
        return WORDS["postponed"]
    if kind != Kind.CANCEL:
        return WORDS[kind]
    return WORDS[facts.state if facts.state != "cancelled" else f"cancelled_by_{facts.cancelled_by or 'event'}"]


def said(facts: LetterFacts, locale: Locale, settings: Settings, now: datetime) -> list[tuple[str, str]]:
    when = span_in_words(locale, facts.starts_at, facts.ends_at, now, settings.time_zone)
    return [
        ("when", translate(locale, POSTPONED) if facts.postponed else when),
        ("place", one_line(f"{facts.place} {facts.address}")),
        ("choices", one_line("、".join(facts.choices) if locale == "zh-CN" else ", ".join(facts.choices))),
        ("note", one_line(facts.note)),
        ("host", one_line((facts.host_en if locale == "en" else "") or facts.host)),
        ("reason", one_line(facts.reason) if facts.state != "confirmed" else ""),
        ("code", show_short_code(facts.code) if facts.state == "confirmed" else ""),
    ]


@lru_cache(maxsize=256)
def start_in_words(locale: Locale, starts_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return near(locale, starts_at, now, zone=zone)


@lru_cache(maxsize=256)
def span_in_words(locale: Locale, starts_at: datetime, ends_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return span(locale, starts_at, ends_at, now, zone=zone)


def leave_url(facts: LetterFacts, settings: Settings) -> str:
    return f"{settings.base_url}/leave/{sign_link(settings.secret, CANT_GO, str(facts.booking_id))}"


def calendar_of(due: Due, facts: LetterFacts, settings: Settings, page: BookingPage) -> tuple[bytes, str]:
    """The part that puts the session into the student's calendar, moves it there, or takes it out."""
    entry = calendar_entry(
        facts,
        base_url=settings.base_url,
        organizer_email=sender(settings.mail_from)[1],
        description="\n".join(filter(None, (page.lead, page.ticket_url))),
        stamped_at=due.due_at,  # the same for the reminders of a session, which makes their calendars alike
    )
    return calendar_part(entry), method_of(entry).value


def compose_code(due: Due, live: LiveCode, settings: Settings) -> Letter:
    """A one-time code to the address that asked for it. Raises BrokenSeal."""
    locale, address = known(due.facts.locale), due.address or ""
    code = open_code(settings.secret, due.facts.code_id, due.facts.sealed)
    until = clock(locale, live.expires_at, zone=settings.time_zone)
    page = CodePage(
        locale=locale,
        subject=translate(locale, CODE_SUBJECT, code=code),
        lead=translate(locale, CODE_LEAD, code=code, until=until),
        code=code,
        warning=translate(locale, CODE_WARNING),
        city=settings.city,
    )
    if "@" not in address:
        text = translate(locale, CODE_SMS, code=code, until=until)
        return Letter(due.id, due.dedupe_key, page.subject, text, "", phone=address)
    text, html = (render(locale, f"letters/code.{kind}", page) for kind in ("txt", "html"))
    return Letter(due.id, due.dedupe_key, page.subject, text, html, email=address)


def sends_mail(settings: Settings) -> bool:
    """In development letters are kept even when none goes out."""
    return bool(settings.smtp_url) or settings.development


def known(locale: str) -> Locale:
    return "en" if locale == "en" else "zh-CN"
