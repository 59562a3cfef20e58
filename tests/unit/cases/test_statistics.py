"""What the ministry counts: each action once, in its month, whatever the order in which it is heard of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases import commands
from ryoji.cases.actions import chain, happened
from ryoji.cases.statistics import Counted, counted, figure_of, month_of
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, DESK, Walk

ISSUED = {
    "number": "VABCDEFGH",
    "kind": "visa",
    "programme": "tourism-single",
    "valid_from": "2026-11-24",
    "valid_until": "2027-02-23",
    "entries": "single",
    "stay_days": 90,
    "issuing_state": "GBR",
    "document": "123456789",
}


def figures(walk: Walk) -> list[str]:
    found = (counted(walk.actions, action.sequence) for action in walk.actions)
    return [each.figure for each in found if each]


def visa() -> Walk:
    """A British traveller's visa, issued three days after it was received."""
    walk = Walk().do(
        commands.open_draft,
        walking.APPLICANT,
        procedure="visa-tourism",
        version="2026-04-01",
        language="en",
        holder=walking.HOLDER,
        email=None,
    )
    traveller = {"surname": "JONES", "given_names": "HARRY", "birth_date": "1990-02-03", "nationality": "GBR"}
    walk.do(commands.save_section, walking.APPLICANT, section="traveller", answers=traveller)
    sent = {"reference": "RJ-0000-0000", "desk": "london", "person": None, "identity": None}
    walk.do(commands.submit, digest="d" * 64, signed_digest="d" * 64, signature=None, **sent)
    issued = [happened("stage_started", stage="issuance", due=None), happened("permission_issued", **ISSUED)]
    later = walking.NOON + timedelta(days=3)
    walk.actions += chain(CASE, walk.actions[-1], issued, walking.SYSTEM, later)
    return walk


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        (walking.draft, []),
        (walking.in_review, ["received"]),
        (walking.approved, ["received"]),
        (walking.completed, ["received", "issued"]),
        (walking.refused, ["received", "refused"]),
        (walking.withdrawn, ["received", "withdrawn"]),
        (walking.lapsed, ["received", "lapsed"]),
        (visa, ["received", "issued"]),
    ],
)
def test_a_case_is_received_once_and_ends_once(walk: object, expected: list[str]) -> None:
    assert callable(walk)
    assert figures(walk()) == expected


def test_a_draft_that_is_taken_back_was_never_received() -> None:
    assert figures(walking.draft().do(commands.withdraw, walking.APPLICANT)) == []


def test_a_figure_says_desk_month_nationality_procedure_and_days() -> None:
    walk = visa()
    assert counted(walk.actions, len(walk.actions)) == Counted(
        "london", "2026-11", "GBR", "visa-tourism", "issued", 3
    )
    national = walking.refused()
    found = counted(national.actions, len(national.actions))
    assert found == Counted(DESK, "2026-11", "JPN", "passport-renewal", "refused", 0)


def test_only_answers_have_days() -> None:
    walk = walking.payment()
    taken_back = commands.withdraw(walk.case)
    later = walking.NOON + timedelta(days=9)
    walk.actions += chain(CASE, walk.actions[-1], taken_back, walking.APPLICANT, later)
    found = counted(walk.actions, len(walk.actions))
    assert found is not None
    assert (found.figure, found.days) == ("withdrawn", 0)


def test_a_month_is_japans() -> None:
    assert month_of(datetime(2026, 11, 30, 14, 59, tzinfo=UTC)) == "2026-11"
    assert month_of(datetime(2026, 11, 30, 15, 0, tzinfo=UTC)) == "2026-12"


def test_a_number_that_no_action_has_adds_nothing() -> None:
    walk = walking.refused()
    assert [counted(walk.actions, n) for n in (0, -1, len(walk.actions) + 1)] == [None] * 3
    assert counted([], 1) is None


WALKS = [
    walk(f"{n:024x}")
    for n, walk in enumerate(
        (walking.completed, walking.refused, walking.withdrawn, walking.lapsed, walking.in_review)
    )
]
COUNTING = [
    (walk, action.sequence)
    for walk in WALKS
    for action in walk.actions
    if figure_of(action.kind, action.body)
]


@given(
    heard=st.permutations(COUNTING),
    again=st.lists(st.sampled_from(COUNTING), max_size=20),
    later=st.integers(min_value=0, max_value=3),
)
def test_what_an_action_adds_is_the_same_whenever_it_is_heard_of(
    heard: list[tuple[Walk, int]], again: list[tuple[Walk, int]], later: int
) -> None:
    seen: set[tuple[str, int]] = set()
    sums: Counter[str] = Counter()
    for walk, sequence in [*heard, *again]:
        # Whoever counts may read a history that has grown since, or only as far as the action.
        history = walk.actions[: sequence + later]
        found = counted(history, sequence)
        assert found == counted(walk.actions, sequence)
        if found and (walk.case_id, sequence) not in seen:
            seen.add((walk.case_id, sequence))
            sums[found.figure] += 1
    assert sums == {"received": 5, "issued": 1, "refused": 1, "withdrawn": 1, "lapsed": 1}
