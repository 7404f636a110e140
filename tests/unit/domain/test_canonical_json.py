"""Canonical JSON: one content, one sequence of bytes, as RFC 8785 has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.domain.canonical_json import canonical_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def reversed_members(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reversed_members(value[name]) for name in reversed(value)}
    return [reversed_members(item) for item in value] if isinstance(value, list) else value


@given(VALUES)
def test_it_reads_back_as_it_was(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(VALUES)
def test_the_order_in_which_members_were_written_is_of_no_account(value: Any) -> None:
    assert canonical_json(reversed_members(value)) == canonical_json(value)


@given(VALUES, VALUES)
def test_different_content_gives_different_bytes(one: Any, other: Any) -> None:
    alike = canonical_json(one) == canonical_json(other)
    assert alike == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


def test_members_are_sorted_as_the_example_of_the_rfc() -> None:
    """RFC 8785, 3.2.3: UTF-16 puts the smiling face before U+FB33, code points would not."""
    members = {"\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\U0001f600": 6, "\x80": 3, "\xf6": 4}
    assert list(json.loads(canonical_json(members)).values()) == [1, 2, 3, 4, 5, 6, 7]


def test_only_what_must_be_escaped_is() -> None:
    text = '\x00\x08\x09\x0a\x0c\x0d\x1f"\\/\x7f\u2028é'
    assert canonical_json(text) == '"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/\x7f\u2028é"'.encode()


def test_text_is_not_normalised() -> None:
    assert canonical_json("e\u0301") != canonical_json("\xe9")


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), "\ud800", b"bytes", {1, 2}, float("nan"), [{"a": 0.0}]])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical_json(value)
