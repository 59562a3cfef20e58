"""Versions of the watch list: read with line errors, compiled, opened, asked; how many are found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.screening import HELD_OUT, TUNED, People, made_list, rules, sensitivity, strangers_hit
from ryoji.errors import Unavailable
from ryoji.evidence.screening.persons import ask
from ryoji.evidence.screening.subject import subject_of
from ryoji.evidence.screening.watch_list import WatchList, WatchListFaults, compile_version, read_entries
from simulators.watch_list.people import pools

AT = datetime(2026, 1, 1, tzinfo=UTC)
RULES = rules()
PERSON: dict[str, object] = {
    "list_id": "wanted",
    "entry_id": "1",
    "names": [{"surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
    "birth_dates": ["1974-08-12"],
    "nationalities": ["UTO"],
    "documents": [{"issuing_state": "UTO", "number": "L898902O3"}],
    "ground": "crime",
    "source": "made up",
}
LOST: dict[str, object] = {**PERSON, "entry_id": "2", "names": [], "birth_dates": [], "ground": "lost"}


def _list(*entries: dict[str, object]) -> WatchList:
    text = "\n".join(json.dumps(entry) for entry in entries)
    return WatchList(compile_version(read_entries(text, "list.jsonl"), AT))


def test_every_wrong_line_is_named_without_its_data() -> None:
    wrong = {**PERSON, "entry_id": "3", "birth_dates": ["1974-13-40"]}
    lines = [json.dumps(PERSON), "# a comment", "{broken", json.dumps(wrong), json.dumps(PERSON)]
    with pytest.raises(WatchListFaults) as caught:
        read_entries("\n".join(lines), "list.jsonl")
    assert [fault.split(": ")[0] for fault in caught.value.faults] == [
        "list.jsonl:3", "list.jsonl:4", "list.jsonl:5",
    ]  # fmt: skip
    assert "birth_dates" in caught.value.faults[1]
    assert "1974-13-40" not in str(caught.value)


def test_the_same_entries_are_the_same_version_and_one_changed_is_another() -> None:
    first, again = _list(PERSON, LOST).version, _list(PERSON, LOST).version
    assert first == again
    assert (first.entries, first.lists) == (2, {"wanted": 2})
    assert _list(PERSON, {**LOST, "source": "other"}).version.digest != first.digest


@pytest.mark.parametrize("data", [b"", b"nothing", compile_version([], AT)[:-30]])
def test_a_broken_version_is_not_asked(data: bytes) -> None:
    with pytest.raises(Unavailable):
        WatchList(data)


def test_a_document_is_found_exactly_and_a_look_alike_is_marked_lower() -> None:
    def asked(number: str, state: str = "UTO") -> list[tuple[str, float]]:
        subject = subject_of({"travel_document": {"issuing_state": state, "number": number}})
        return [(match.because[0].code, match.score) for match in ask(_list(LOST), subject, RULES)]

    assert asked("L898902O3") == [("document_same", 1.0)]
    assert asked("L89890203") == [("document_confusable", RULES.documents.confusable)]
    assert asked("L898902O4") == []
    assert asked("L898902O3", "D") == []


def test_a_different_nationality_weighs_and_a_different_birth_date_clears() -> None:
    def score(**told: str) -> float:
        traveller = {"surname": "ERIKSSON", "given_names": "ANNA MARIA", **told}
        found = ask(_list(PERSON), subject_of({"traveller": traveller}), RULES)
        return found[0].score if found else 0.0

    same = score(birth_date="1974-08-12", nationality="UTO")
    assert same == 1.0
    assert 0 < score(birth_date="1974-08-12", nationality="XXX") < same
    assert 0 < score(birth_date="74<<<<", nationality="UTO") < same
    assert score(birth_date="1961-03-25", nationality="UTO") == 0


@pytest.mark.parametrize("of", [TUNED, HELD_OUT])
def test_most_of_those_on_the_list_are_found_and_most_strangers_are_not(of: People) -> None:
    of = replace(of, listed=7, strangers=991, entries=400, unlisted=100, each=12)
    watch_list, _ = made_list(of)
    found = sensitivity(watch_list, of, RULES)
    assert sum(hits for _, hits in found.values()) >= 0.93 * sum(asked for asked, _ in found.values())
    for change, (asked, hits) in found.items():
        assert hits >= 0.6 * asked, change
    assert strangers_hit(watch_list, of, RULES) <= 5


def test_the_people_who_were_held_out_have_no_name_of_the_others() -> None:
    tuned, held_out = (
        {
            form
            for culture in pools(of.names).values()
            for kind in ("surnames", "given")
            for native, latin in culture[kind]
            for form in (native, *native.split(), *latin.split())
        }
        for of in (TUNED, HELD_OUT)
    )
    assert held_out
    assert not tuned & held_out
