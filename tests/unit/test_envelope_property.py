"""Whatever bytes come in as a payload: they are read strictly or refused, never a crash, never a second meaning."""

import base64
import json
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.acts.envelope import (
    MAX_DEPTH,
    MAX_INT,
    MAX_PAYLOAD_BYTES,
    Payload,
    is_signed,
    pae,
    read_payload,
    strict_json,
)
from plumbline.acts.errors import PayloadTooLarge, PayloadUnreadable
from plumbline.problems import Problem
from tests.support.device import TestDevice
from tests.support.device import pae as other_pae

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
WHOLE = st.integers(-MAX_INT, MAX_INT)
SCALAR = st.none() | st.booleans() | WHOLE | TEXT


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)


JSON = st.recursive(SCALAR, nested, max_leaves=25)
BODIES = st.dictionaries(TEXT, JSON, max_size=4)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def payload(**changes: Any) -> dict[str, Any]:
    made = TestDevice().payload("place:add", UUID(int=1), {}, project=UUID(int=2), actor=UUID(int=3))
    return made | changes


def encoded(value: Any, is_ascii: bool = False) -> bytes:
    return json.dumps(value, ensure_ascii=is_ascii).encode()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for read in (strict_json, read_payload):
        with suppress(PayloadUnreadable, PayloadTooLarge):
            read(raw)


@given(JSON, st.booleans())
def test_the_strict_profile_reads_json_as_everybody_does(value: Any, is_ascii: bool) -> None:
    raw = encoded(value, is_ascii)
    if depth(value) <= MAX_DEPTH:
        assert strict_json(raw) == value
    else:
        with pytest.raises(Problem):
            strict_json(raw)


@given(BODIES.filter(lambda b: depth(b) < MAX_DEPTH), st.booleans())
def test_a_body_comes_out_as_it_went_in(body: dict[str, Any], is_ascii: bool) -> None:
    raw = encoded(payload(body=body), is_ascii)
    if len(raw) <= MAX_PAYLOAD_BYTES:
        assert read_payload(raw).body == body


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_float_gets_in(number: float) -> None:
    for value in (number, [number], {"x": number}):
        with pytest.raises(Problem):
            strict_json(encoded(value))


@given(st.integers(min_value=MAX_INT + 1) | st.integers(max_value=-MAX_INT - 1))
def test_no_whole_number_that_a_phone_cannot_hold_gets_in(number: int) -> None:
    with pytest.raises(Problem):
        strict_json(encoded({"x": number}))


@given(TEXT, SCALAR, SCALAR)
def test_a_key_may_not_come_twice(key: str, one: Any, other: Any) -> None:
    name = json.dumps(key)
    raw = f"{{{name}: {json.dumps(one)}, {name}: {json.dumps(other)}}}".encode()
    with pytest.raises(Problem):
        strict_json(raw)


@given(TEXT, st.sampled_from(["\\u0000", "\\ud800", "\\udfff"]), TEXT)
def test_no_half_characters_and_no_nul_get_in(before: str, bad: str, after: str) -> None:
    text = f'"{json.dumps(before)[1:-1]}{bad}{json.dumps(after)[1:-1]}"'
    for raw in (f"[{text}]", f"{{{text}: 1}}"):
        with pytest.raises(Problem):
            strict_json(raw.encode())


@given(st.sampled_from(sorted(Payload.model_fields)))
def test_no_member_may_be_missing(member: str) -> None:
    made = payload()
    del made[member]
    with pytest.raises(Problem):
        read_payload(encoded(made))


@given(TEXT.filter(lambda key: key not in Payload.model_fields), JSON)
def test_no_member_may_be_added(member: str, value: Any) -> None:
    with pytest.raises(Problem):
        read_payload(encoded(payload() | {member: value}))


@given(st.sampled_from(sorted(Payload.model_fields)), JSON)
def test_any_value_in_any_member_is_read_or_refused(member: str, value: Any) -> None:
    with suppress(PayloadUnreadable, PayloadTooLarge):
        read = json.loads(read_payload(encoded(payload() | {member: value})).model_dump_json())
        assert member in ("where", "files") or read[member] == value


@given(st.binary(max_size=300))
def test_the_signed_encoding_is_that_of_the_standard(raw: bytes) -> None:
    assert pae(raw) == other_pae(raw)


@given(st.binary(max_size=200), st.integers(0, 63), st.integers(1, 255))
def test_a_signature_holds_for_its_own_bytes_alone(raw: bytes, at: int, change: int) -> None:
    signature = DEVICE.sign(raw)
    assert is_signed(DEVICE.point, raw, signature)
    assert not is_signed(DEVICE.point, raw + b" ", signature)
    assert not is_signed(OTHER.point, raw, signature)
    bent = bytearray(signature)
    bent[at] ^= change
    assert not is_signed(DEVICE.point, raw, bytes(bent))


@given(st.binary(max_size=80))
def test_any_bytes_as_a_signature_are_simply_wrong(signature: bytes) -> None:
    assert not is_signed(DEVICE.point, b"{}", signature)


def test_envelopes_of_the_test_device_are_what_the_product_reads() -> None:
    made = DEVICE.envelope(encoded(payload()))
    raw, signature = base64.b64decode(made["payload"]), base64.b64decode(made["signature"])
    assert is_signed(DEVICE.point, raw, signature)
    assert read_payload(raw).type == "place:add"


DEVICE, OTHER = TestDevice(), TestDevice()
