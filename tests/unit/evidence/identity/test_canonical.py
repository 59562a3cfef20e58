"""What is signed is the same whoever writes it down."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.errors import Invalid
from ryoji.evidence.identity import digest, submission_bytes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES, max_size=5)


def test_keys_are_sorted_and_nothing_is_escaped_that_need_not_be() -> None:
    assert submission_bytes({"b": 1, "a": "山田"}) == '{"a":"山田","b":1}'.encode()


@given(DOCUMENTS)
def test_the_order_of_keys_does_not_matter(document: dict[str, object]) -> None:
    assert digest(dict(reversed(document.items()))) == digest(document)


@given(DOCUMENTS)
def test_nothing_is_lost(document: dict[str, object]) -> None:
    assert json.loads(submission_bytes(document)) == document


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, "\ud800", object()])
def test_what_json_cannot_carry_exactly_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="document_not_canonical"):
        submission_bytes({"value": value})
