"""Reference numbers: read aloud, typed with a slip, written in full width."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases.references import ALPHABET, free_reference, normalise, reference_of

case_ids = st.text("0123456789abcdef", min_size=24, max_size=24)
FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


def plain(reference: str) -> str:
    return reference.removeprefix("RJ-").replace("-", "")


@given(case_ids)
def test_a_reference_has_its_form_and_is_always_the_same(case_id: str) -> None:
    reference = reference_of(case_id)
    assert re.fullmatch(rf"RJ-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", reference)
    assert reference_of(case_id) == reference


@given(case_ids, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_letter_is_caught(case_id: str, place: int, letter: str) -> None:
    right = plain(reference_of(case_id))
    wrong = right[:place] + letter + right[place + 1 :]
    assert (normalise(wrong) is None) == (wrong != right)


@given(case_ids, st.integers(0, 6))
def test_every_swap_of_neighbours_is_caught(case_id: str, place: int) -> None:
    right = plain(reference_of(case_id))
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert (normalise(wrong) is None) == (wrong != right)


@given(case_ids)
def test_people_write_it_in_many_ways(case_id: str) -> None:
    reference = reference_of(case_id)
    letters = plain(reference)
    ways = [
        reference,
        reference.lower(),
        f" {letters} ",
        f"rj{letters}",
        reference.replace("-", " "),
        reference.replace("-", "ー"[:0] + "－"),
        reference.translate(FULL_WIDTH),
    ]
    assert [normalise(way) for way in ways] == [reference] * len(ways)


def test_a_number_that_begins_with_the_prefix_itself_needs_no_prefix() -> None:
    number = next(
        plain(reference_of(str(n))) for n in range(100_000) if plain(reference_of(str(n))).startswith("RJ")
    )
    assert normalise(number) == normalise(f"RJ-{number}") == f"RJ-{number[:4]}-{number[4:]}"


@given(case_ids, st.integers(0, 5))
def test_a_number_that_another_case_holds_is_left_to_it(case_id: str, taken: int) -> None:
    others: dict[str, str] = {}
    for _ in range(taken):
        others[free_reference(case_id, others.get)] = "another case"
    found = free_reference(case_id, others.get)
    assert found not in others
    assert normalise(found) == found
    assert free_reference(case_id, {**others, found: case_id}.get) == found


@given(st.text(max_size=40))
def test_what_is_no_reference_is_none(text: str) -> None:
    found = normalise(text)
    assert found is None or normalise(found) == found
