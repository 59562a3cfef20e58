"""Earlier outcomes of our own cases: found by the document, and by a name and birth date that are nearly the same."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.screening import rules
from ryoji.adapters.earlier_cases import EarlierCases
from ryoji.cases.actions import happened
from ryoji.cases.summary import summarise
from ryoji.evidence.screening.check import Screened, Sources, keep_marks, screen
from ryoji.evidence.screening.hits import waiting_hits
from ryoji.evidence.screening.subject import subject_of
from ryoji.evidence.screening.watch_list import WatchList, compile_version
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.walking import CASE
from tests.unit.evidence.screening.memory_marks import MemoryMarks

RULES = rules()
TRAVELLER = {
    "surname": "HARTONO", "given_names": "DEWI AYU", "birth_date": "1994-03-08", "nationality": "IDN", "sex": "female",
}  # fmt: skip
DOCUMENT = {"issuing_state": "IDN", "number": "X1234567"}


class NoList:
    """A watch list without an entry."""

    def latest(self) -> WatchList:
        return WatchList(compile_version((), walking.NOON))


def sections(number: str = "X1234567", **changed: str) -> dict[str, dict[str, Any]]:
    return {
        "traveller": {**TRAVELLER, **changed},
        "travel_document": {**DOCUMENT, "number": number},
        "trip": {"purpose": "tourism"},
    }


def refused(marks: MemoryMarks, log: MemoryLog, **changed: str) -> None:
    """An earlier application that was refused, screened as it came."""
    walk = walking.refused()
    walk.then(
        [
            happened("section_saved", section=name, answers=answers)
            for name, answers in sections(**changed).items()
        ]
    )
    log.histories[CASE] = walk.actions
    log.summaries[CASE] = summarise(walk.case)
    log.people[CASE] = "person"
    keep_marks(Screened(CASE, "person", subject_of(sections(**changed))), marks)


def hits(number: str = "X1234567", person: str = "other", **changed: str) -> list[dict[str, Any]]:
    marks, log = MemoryMarks(), MemoryLog()
    refused(marks, log)
    sources = Sources(NoList(), EarlierCases(log, marks, 200), marks)
    subject = subject_of(sections(number, **changed))
    found: list[dict[str, Any]] = screen(
        Screened("c1", person, subject, purpose="tourism"), sources, RULES
    ).facts["hits"]
    return found


def codes(hit: dict[str, Any]) -> set[str]:
    return {why["code"] for why in hit["because"]}


@pytest.mark.parametrize(
    "changed",
    [
        {"surname": "HARTONA"},
        {"surname": "HARTOMO"},
        {"given_names": "DEWI"},
        {"surname": "DEWI AYU", "given_names": "HARTONO"},
        {"given_names": "DEWY AJU"},
        {"birth_date": "1994-08-03"},
        {"birth_date": "1994-03-09"},
        {"birth_date": "1984-03-08"},
    ],
)
def test_a_refusal_is_found_with_a_letter_or_a_digit_changed_and_another_passport(
    changed: dict[str, str],
) -> None:
    (hit,) = hits("Y7654321", **changed)
    assert (hit["kind"], hit["about"]["case_id"]) == ("earlier", CASE)
    assert {"earlier_refused", "earlier_same_purpose", "by_name"} <= codes(hit)
    assert codes(hit) & {"date_same", "date_one_digit", "date_swapped"}
    assert 0.6 < hit["score"] <= RULES.earlier["refused"]


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("1994-03-08", "1994-XX-XX"),
        ("1994-XX-XX", "1994-03-08"),
        ("1994-03-XX", "1994-XX-XX"),
        ("1994-03-08", "1994-03-XX"),
    ],
)
def test_a_refusal_is_found_when_a_birth_date_is_known_in_part(earlier: str, now: str) -> None:
    marks, log = MemoryMarks(), MemoryLog()
    refused(marks, log, birth_date=earlier)
    sources = Sources(NoList(), EarlierCases(log, marks, 200), marks)
    told = Screened("c1", "other", subject_of(sections("Y7654321", birth_date=now)))
    (hit,) = screen(told, sources, RULES).facts["hits"]
    assert (hit["about"]["case_id"], "date_partial" in codes(hit)) == (CASE, True)


def test_a_refusal_is_found_by_the_passport_under_quite_another_name() -> None:
    earlier, shared = sorted(
        hits(surname="SUSANTI", given_names="RINA", birth_date="1980-12-01"), key=lambda hit: str(hit["kind"])
    )
    assert (earlier["score"], codes(earlier)) == (
        RULES.earlier["refused"],
        {"earlier_refused", "earlier_same_purpose", "by_document"},
    )
    assert shared["about"] == {"mark": "document", "cases": [CASE]}


def test_a_stranger_finds_nothing_and_the_person_finds_it_once() -> None:
    assert hits("Y7654321", surname="SUSANTI", given_names="RINA") == []
    assert hits("Y7654321", surname="SUSANTI", given_names="RINA", birth_date="1980-12-01") == []
    (hit,) = hits(person="person")
    assert "by_person" in codes(hit)


def test_so_many_cases_under_one_mark_that_more_may_be_hidden_are_told() -> None:
    marks, log = MemoryMarks(), MemoryLog()
    for number in range(3):
        keep_marks(Screened(f"x{number}", f"p{number}", subject_of(sections("Y7654321"))), marks)
    subject = subject_of(sections("Y7654321"))
    crowded = EarlierCases(log, marks, 3).of(None, subject).crowded
    assert {mark.kind for mark in crowded} == {"document", "person"}
    # Asking again would not help: it is a hit, and a person decides it.
    sources = Sources(NoList(), EarlierCases(log, marks, 3), MemoryMarks())
    finding = screen(Screened("c1", "p", subject), sources, RULES)
    assert finding.outcome == "review"
    assert {hit["because"][0]["code"] for hit in finding.facts["hits"]} == {
        "crowded_document",
        "crowded_person",
    }
    must = [finding.model_dump(mode="json")]
    assert waiting_hits(must, []) == 2


def test_what_is_among_the_cases_that_are_looked_up_is_told_though_there_are_more() -> None:
    marks, log = MemoryMarks(), MemoryLog()
    refused(marks, log)
    for number in range(3):
        keep_marks(Screened(f"x{number}", f"p{number}", subject_of(sections("Y7654321"))), marks)
    sources = Sources(NoList(), EarlierCases(log, marks, 4), MemoryMarks())
    found = screen(Screened("c1", "p", subject_of(sections("Z9999999"))), sources, RULES).facts["hits"]
    assert [hit["kind"] for hit in found] == ["earlier", "crowded"]
    assert found[0]["about"]["desk"] == walking.DESK
