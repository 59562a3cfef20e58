"""The hash chain: whatever is changed, taken out, put in or put elsewhere is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases.action_bodies import BODIES
from ryoji.cases.actions import (
    FIRST_HASH,
    Action,
    Actor,
    NewAction,
    canonical,
    chain,
    first_break,
    happened,
)
from ryoji.cases.case import fold
from ryoji.cases.heads import Head, signed_bytes
from tests.unit.cases import walking

HISTORY = walking.completed().actions
places = st.integers(0, len(HISTORY) - 1)
fields = st.sampled_from(
    ["case_id", "sequence", "kind", "at", "by.kind", "by.id", "by.name", "body", "previous", "hash"]
)


def tampered(action: Action, field: str) -> Action:
    other: dict[str, Any] = {
        "case_id": "f" * 24,
        "sequence": action.sequence + 1,
        "kind": "decided" if action.kind != "decided" else "proposed",
        "at": action.at + timedelta(microseconds=1),
        "by.kind": Actor(
            "system" if action.by.kind == "partner" else "partner", action.by.id, action.by.name
        ),
        "by.id": Actor(action.by.kind, "officer-9", action.by.name),
        "by.name": Actor(action.by.kind, action.by.id, "somebody else"),
        "body": {**action.body, "note": "added"},
        "previous": "1" * 64,
        "hash": "2" * 64,
    }
    return walking.changed(action, **{field.partition(".")[0]: other[field]})


def test_a_history_that_nobody_touched_verifies() -> None:
    assert first_break(HISTORY) is None
    assert HISTORY[0].previous == FIRST_HASH
    assert first_break([]) is None


@given(places, fields)
def test_a_changed_action_is_found_where_it_was_changed(place: int, field: str) -> None:
    history = [*HISTORY[:place], tampered(HISTORY[place], field), *HISTORY[place + 1 :]]
    assert first_break(history) == place + 1


@given(st.integers(0, len(HISTORY) - 2))
def test_a_removed_action_is_found(place: int) -> None:
    assert first_break([*HISTORY[:place], *HISTORY[place + 1 :]]) == place + 1


@given(places, places)
def test_an_inserted_action_is_found(place: int, copied: int) -> None:
    assert first_break([*HISTORY[:place], HISTORY[copied], *HISTORY[place:]]) in (place + 1, place + 2)


@given(st.permutations(range(len(HISTORY))))
def test_another_order_is_found_at_the_first_that_moved(order: list[int]) -> None:
    moved = next((n for n, place in enumerate(order) if n != place), None)
    assert first_break([HISTORY[place] for place in order]) == (None if moved is None else moved + 1)


@given(places)
def test_what_is_rehashed_from_one_place_on_verifies_and_has_another_head(place: int) -> None:
    # The chain alone cannot tell a history that was written anew: the signed heads can.
    step = tampered(HISTORY[place], "body")
    before = HISTORY[place - 1] if place else None
    anew = chain(walking.CASE, before, [NewAction(step.kind, step.body)], step.by, step.at)
    assert first_break([*HISTORY[:place], *anew]) is None
    assert anew[0].hash != HISTORY[place].hash


def test_a_history_is_the_same_after_it_was_kept_as_json() -> None:
    kept = [walking.changed(action, body=json.loads(json.dumps(action.body))) for action in HISTORY]
    assert first_break(kept) is None
    assert [canonical(a) for a in kept] == [canonical(a) for a in HISTORY]


def test_signed_heads_do_not_depend_on_the_order_in_which_cases_were_read() -> None:
    heads = [Head("b", 2, "2" * 64), Head("a", 1, "1" * 64)]
    assert signed_bytes(heads, walking.NOON) == signed_bytes(heads[::-1], walking.NOON)
    assert signed_bytes(heads, walking.NOON) != signed_bytes(heads[:1], walking.NOON)


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_no_kind_of_action_accepts_what_it_does_not_declare(kind: str) -> None:
    with pytest.raises(ValueError, match="smuggled"):
        happened(kind, smuggled="x")


def test_a_kind_from_the_future_moves_only_the_head() -> None:
    known = walking.in_review()
    before = known.case
    after = known.then([NewAction("not_invented_yet", {"any": "thing"})]).case
    assert (after.sequence, after.status, after.sections) == (
        before.sequence + 1,
        before.status,
        before.sections,
    )


@given(st.integers(0, len(HISTORY)))
def test_the_fold_of_a_beginning_knows_nothing_of_the_end(place: int) -> None:
    case = fold(walking.CASE, HISTORY[:place])
    assert case.sequence == place
    assert case.head == (HISTORY[place - 1] if place else None)
    assert [kind for _at, kind in case.happened] == [action.kind for action in HISTORY[:place]]


def test_the_form_that_is_hashed_never_changes() -> None:
    # Histories that were recorded once must verify for ever: this value may not be adapted to the code.
    (first,) = chain(
        "case-1",
        None,
        [happened("claimed")],
        Actor("officer", "officer-1", "佐藤"),
        datetime(2026, 11, 23, 3, tzinfo=UTC),
    )
    assert (
        canonical(first)
        == (
            '{"at":"2026-11-23T03:00:00+00:00","body":{},"by":{"id":"officer-1","kind":"officer","name":"佐藤"},'
            '"case_id":"case-1","kind":"claimed","previous":"' + "0" * 64 + '","sequence":1}'
        ).encode()
    )
    assert first.hash == sha256(canonical(first)).hexdigest()
