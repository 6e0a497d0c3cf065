"""The ticket's code: golden vectors, strictness, mutants, and what is not in it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ticket.code import BadCode, CodeFault, TicketFacts, decode, encode
from events.ticket.signing import SigningKey, public_key
from tests.events.ticket import make_vectors
from tests.events.ticket.mutants import try_mutants

VECTORS = json.loads(make_vectors.FILE.read_text("ascii"))
KEYS = {int(key_id): public_key(bytes.fromhex(key)) for key_id, key in VECTORS["keys"].items()}
KEY = make_vectors.KEYS[1]

FACTS = TicketFacts(
    ticket_id=UUID("3f0c8a52-7d1e-4b6a-9c35-e2f471d80b96"),
    session_id=4711,
    valid_from=datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
    valid_until=datetime(2026, 11, 22, 5, 0, tzinfo=UTC),
    key_id=1,
)

seconds = st.integers(0, 2**32 - 1)
windows = st.tuples(seconds, seconds).filter(lambda pair: pair[0] != pair[1]).map(sorted)
possible_facts = st.builds(
    lambda ticket_id, session_id, window: TicketFacts(
        ticket_id, session_id, datetime.fromtimestamp(window[0], UTC), datetime.fromtimestamp(window[1], UTC), 1
    ),
    st.uuids(),
    st.integers(0, 2**53 - 1),
    windows,
)


def verdict(text: str | bytes) -> TicketFacts | CodeFault:
    try:
        return decode(text, KEYS)
    except BadCode as refusal:
        return refusal.reason


def expected(case: dict[str, Any]) -> TicketFacts | CodeFault:
    if "fault" in case:
        return CodeFault(case["fault"])
    facts = case["facts"]
    begins, ends = (datetime.fromtimestamp(facts[name], UTC) for name in ("valid_from", "valid_until"))
    return TicketFacts(UUID(facts["ticket_id"]), facts["session_id"], begins, ends, facts["key_id"])


def test_the_golden_vectors_are_what_their_generator_makes() -> None:
    assert make_vectors.FILE.read_text("ascii") == make_vectors.vectors()


def test_the_golden_vectors_hold_every_fault_and_no_name_or_text_twice() -> None:
    cases = VECTORS["cases"]
    assert {case["fault"] for case in cases if "fault" in case} == {fault.value for fault in CodeFault}
    assert len({case["name"] for case in cases}) == len({case["text"] for case in cases}) == len(cases)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_golden_vector(case: dict[str, Any]) -> None:
    assert verdict(case["text"]) == expected(case)
    assert verdict(case["text"].encode("utf-8", "surrogatepass")) == expected(case)


@given(possible_facts)
def test_what_was_encoded_is_decoded(facts: TicketFacts) -> None:
    assert decode(encode(facts, KEY), KEYS) == facts


def test_a_code_is_made_of_what_qr_writes_in_its_dense_mode() -> None:
    text = encode(FACTS, KEY)
    assert len(text) == 151
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(possible_facts)
def test_a_code_holds_ids_and_times_and_nothing_of_its_holder(facts: TicketFacts) -> None:
    raw = base45.b45decode(encode(facts, KEY)[4:])
    begins, ends = int(facts.valid_from.timestamp()), int(facts.valid_until.timestamp())
    assert raw[:2] == b"\1\1"
    assert raw[2:18] == facts.ticket_id.bytes
    assert raw[18:26] == facts.session_id.to_bytes(8, "big")
    assert raw[26:34] == begins.to_bytes(4, "big") + ends.to_bytes(4, "big")
    assert raw[34:] == KEY.private.sign(b"yantu ticket v1\x00" + raw[:34])


def test_every_cut_of_a_code_is_refused() -> None:
    text = encode(FACTS, KEY)
    assert [verdict(text[:length]) for length in range(4)] == [CodeFault.NOT_OURS] * 4
    assert [verdict(text[:length]) for length in range(4, 151)] == [CodeFault.MALFORMED] * 147


def test_every_flipped_bit_is_refused_for_its_own_reason() -> None:
    raw = base45.b45decode(encode(FACTS, KEY)[4:])
    faults = [verdict(make_vectors.text_of(make_vectors.flipped(raw, bit))) for bit in range(98 * 8)]
    assert faults == (
        [CodeFault.UNKNOWN_VERSION] * 8
        + [CodeFault.UNKNOWN_KEY] * 7
        + [CodeFault.BAD_SIGNATURE]  # 1 → 0, a key that the gates know
        + [CodeFault.BAD_SIGNATURE] * 96 * 8
    )


def test_twenty_thousand_mutants_are_refused_and_none_surprises() -> None:
    outcome = try_mutants(20_000)
    assert (outcome.accepted, outcome.crashed) == ([], [])
    assert outcome.refused.total() == 20_000
    assert set(outcome.refused) == set(CodeFault) - {CodeFault.BAD_FACTS}  # those need the private key


@given(st.text() | st.binary() | st.text().map("YT1:".__add__))
def test_no_text_surprises(text: str | bytes) -> None:
    assert isinstance(verdict(text), CodeFault)


def test_no_keys_means_no_tickets() -> None:
    with pytest.raises(BadCode) as refusal:
        decode(encode(FACTS, KEY), {})
    assert refusal.value.reason is CodeFault.UNKNOWN_KEY


def test_the_zone_of_a_time_does_not_matter_and_fractions_are_dropped() -> None:
    shanghai = timezone(timedelta(hours=8))
    local = TicketFacts(
        FACTS.ticket_id,
        FACTS.session_id,
        FACTS.valid_from.astimezone(shanghai) + timedelta(microseconds=999_999),
        FACTS.valid_until.astimezone(shanghai) + timedelta(microseconds=1),
        1,
    )
    assert encode(local, KEY) == encode(FACTS, KEY)


def with_facts(**changes: Any) -> TicketFacts:
    return TicketFacts(**{name: getattr(FACTS, name) for name in FACTS.__slots__} | changes)


@pytest.mark.parametrize(
    "impossible",
    [
        with_facts(key_id=2),
        with_facts(session_id=-1),
        with_facts(session_id=2**53),
        with_facts(valid_until=FACTS.valid_from),
        with_facts(valid_until=FACTS.valid_from + timedelta(milliseconds=999)),
        with_facts(valid_until=FACTS.valid_from - timedelta(seconds=1)),
        with_facts(valid_from=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        with_facts(valid_until=datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC)),
        with_facts(valid_from=datetime(2026, 11, 22, 2, 0)),
    ],
)
def test_no_ticket_is_signed_for_impossible_facts(impossible: TicketFacts) -> None:
    with pytest.raises(ValueError):
        encode(impossible, KEY)


def test_a_ticket_by_another_server_with_the_same_key_id_is_refused() -> None:
    assert verdict(encode(FACTS, SigningKey.generate(1))) is CodeFault.BAD_SIGNATURE
