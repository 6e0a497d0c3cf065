"""Phone numbers and e-mail addresses: what people write, made into the one form that we keep, or refused."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from events.people.names import half_width, plain_spaces

CHINA = "86"
MOBILE_DIGITS = 11
RAW_MOST = 1000  # characters; nobody's number or address is longer, whatever surrounds it
EMAIL_MOST = 254  # octets, RFC 5321 §4.5.3.1.3 with the errata: the path of 256 without its brackets
LOCAL_MOST = 64  # octets, RFC 5321 §4.5.3.1.1
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"  # RFC 1123 §2.1

_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # phones copied from address books are wrapped in them
_HYPHENS = re.compile(r"[-()（）\u2010-\u2015\u2212\u30fc\ufe63]")
_PREFIX = re.compile(rf"^(?:\+|00){CHINA}|^{CHINA}(?=\d{{{MOBILE_DIGITS}}}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322 dot-atom
_DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?!\d+$){LABEL}", re.ASCII)


class ContactFault(StrEnum):
    EMPTY = "empty"
    MASKED = "masked"
    SEVERAL = "several"
    LETTERS = "letters"
    FOREIGN = "foreign_number"
    WRONG_LENGTH = "wrong_length"
    NOT_A_MOBILE = "not_a_mobile"
    CONTROL = "control_character"
    TOO_LONG = "too_long"
    NO_AT = "no_at"
    BAD_LOCAL = "bad_local_part"
    BAD_DOMAIN = "bad_domain"
    NOT_ASCII = "not_ascii"


class BadContact(ValueError):
    def __init__(self, reason: ContactFault) -> None:
        super().__init__(reason)
        self.reason = reason


class AccountKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Account:
    kind: AccountKind
    value: str


def normalise_account(text: str) -> Account:
    """What somebody typed to sign in: an address if there is an @ in it, else a phone. Raises BadContact."""
    if "@" in half_width(text):
        return Account(AccountKind.EMAIL, normalise_email(text))
    return Account(AccountKind.PHONE, normalise_phone(text))


def normalise_phone(text: str) -> str:
    """A mobile number of mainland China as E.164: "+86 138-1234 5678" becomes "+8613812345678". Raises BadContact.

    +86, 0086 and 86 before it, spaces, hyphens, brackets and full-width digits are understood. Every 1[3-9] is a mobile
    number, the virtual operators' 170, 171 and 174 too.
    """
    digits = _PREFIX.sub("", _bare_number(text))
    if digits.startswith(("+", "00")):
        _refuse(ContactFault.FOREIGN)
    if not re.fullmatch(r"\d*", digits, re.ASCII):
        _refuse(_fault_of_characters(digits))
    if len(digits) != MOBILE_DIGITS:
        _refuse(ContactFault.WRONG_LENGTH)
    if not _MOBILE.fullmatch(digits):
        _refuse(ContactFault.NOT_A_MOBILE)
    return f"+{CHINA}{digits}"


def show_phone(phone: str) -> str:
    """A stored number as people here read it: "+8613812345678" becomes "138 1234 5678"."""
    digits = phone.removeprefix(f"+{CHINA}")
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if _MOBILE.fullmatch(digits) else phone


def normalise_email(text: str) -> str:
    """One address, its domain in lower case, at most 254 octets. Raises BadContact.

    The local part is an RFC 5322 dot-atom in ASCII; quoted local parts, comments, address literals and domains with
    characters outside ASCII (write those as xn--…) are refused: no student here has one, and look-alikes do.
    """
    address = half_width(_trimmed(text)).replace("。", ".")
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", address):
        _refuse(ContactFault.CONTROL)
    if re.search(r"[,;、，；\s]", address) or address.count("@") > 1:
        _refuse(ContactFault.SEVERAL)
    if not address.isascii():
        _refuse(ContactFault.NOT_ASCII)
    if len(address) > EMAIL_MOST:
        _refuse(ContactFault.TOO_LONG)
    return _joined(*address.rpartition("@"))


def _joined(local: str, at: str, domain: str) -> str:
    if not at:
        _refuse(ContactFault.NO_AT)
    if len(local) > LOCAL_MOST or not _LOCAL.fullmatch(local):
        _refuse(ContactFault.BAD_LOCAL)
    domain = domain.lower()
    if not _DOMAIN.fullmatch(domain):
        _refuse(ContactFault.BAD_DOMAIN)
    return f"{local}@{domain}"


def _bare_number(text: str) -> str:
    written = half_width(_DIRECTION_MARKS.sub("", _trimmed(text)))
    return _HYPHENS.sub("", written.strip().replace(" ", ""))


def _trimmed(text: str) -> str:
    if len(text) > RAW_MOST:
        _refuse(ContactFault.TOO_LONG)
    return plain_spaces(text).strip(" ") or _refuse(ContactFault.EMPTY)


def _fault_of_characters(text: str) -> ContactFault:
    if "*" in text:
        return ContactFault.MASKED
    if re.search(r"[/,;、，；|\n]", text):
        return ContactFault.SEVERAL
    return ContactFault.LETTERS


def _refuse(reason: ContactFault) -> NoReturn:
    raise BadContact(reason)
