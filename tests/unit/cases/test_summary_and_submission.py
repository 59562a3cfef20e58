"""What queues show, and what is signed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.cases.submission import missing, person_of, submission_document
from ryoji.cases.summary import summarise
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.loading import load
from ryoji.evidence.identity.canonical import digest
from tests.unit.cases import walking

CATALOGUE = load(Path(__file__).parents[3] / "procedures")
RENEWAL = CATALOGUE.definition_on("passport-renewal", date(2026, 11, 23))


def facts(case: Case) -> Facts:
    office = CATALOGUE.offices.get(case.sections.get("collection", {}).get("office", ""))
    return Facts(answers=case.sections, on=date(2026, 11, 23), channel="online", office=office)


def document(case: Case) -> dict[str, object]:
    return submission_document(case, RENEWAL, facts(case))


@pytest.mark.parametrize("status", sorted(walking.EVERYWHERE))
def test_a_summary_is_json_and_says_where_the_case_stands(status: str) -> None:
    row = summarise(walking.EVERYWHERE[status]().case)
    assert json.loads(json.dumps(row)) == row
    assert row["status"] == status
    assert row["applicant"] == "山田 花子"


def test_a_summary_of_nothing_is_still_a_row() -> None:
    row = summarise(walking.opened().case)
    assert (row["applicant"], row["reference"], row["findings"]) == (None, None, {})


def test_a_summary_never_holds_what_a_list_does_not_need() -> None:
    text = json.dumps(summarise(walking.compared().case), ensure_ascii=False)
    for secret in ("1990-01-02", "TR1234567", "example.jp", "千代田", "token-", "pictures/", "pi_1"):
        assert secret not in text


def test_the_latest_outcome_of_each_check_is_shown() -> None:
    walk = walking.in_review().do(
        commands.record_finding,
        finding=walking.finding("portrait", "review"),
        door="chain",
        document="portrait",
        upload_id="upload-portrait",
    )
    assert summarise(walk.case)["findings"] == {
        "image": "pass",
        "identity": "pass",
        "portrait": "review",
        "travel_document": "pass",
    }


def test_a_whole_draft_lacks_nothing() -> None:
    case = walking.draft().case
    assert missing(case, RENEWAL, facts(case)) == ()


@pytest.mark.parametrize("section", sorted(walking.SECTIONS))
def test_a_missing_section_is_named(section: str) -> None:
    case = walking.draft().case
    del case.sections[section]
    assert f"/sections/{section}" in [field.pointer for field in missing(case, RENEWAL, facts(case))]


@pytest.mark.parametrize("name", ["portrait", "passport_page", "signature"])
def test_a_missing_document_is_named(name: str) -> None:
    case = walking.draft().case
    del case.documents[name]
    assert [field.pointer for field in missing(case, RENEWAL, facts(case))] == [f"/documents/{name}"]


def test_a_rule_of_the_procedure_is_held_against_the_whole() -> None:
    case = walking.draft().case
    case.sections["passport_held"] = {**case.sections["passport_held"], "surname": "TANAKA"}
    fields = missing(case, RENEWAL, facts(case))
    assert [(field.pointer, field.code) for field in fields] == [
        ("/sections/person/surname_roman", "surname_has_changed")
    ]


def test_the_document_is_the_same_until_something_changes() -> None:
    walk = walking.draft()
    signed = digest(document(walk.case))
    walk.do(
        commands.record_finding,
        finding=walking.finding("portrait"),
        door="upload",
        document="portrait",
        upload_id="upload-portrait",
    )
    assert digest(document(walk.case)) == signed
    answers = {**walking.SECTIONS["contact"], "phone": "03-0000-0000"}
    walk.do(commands.save_section, section="contact", answers=answers)
    assert digest(document(walk.case)) != signed


@given(st.permutations(sorted(walking.SECTIONS)))
def test_the_order_in_which_it_was_filled_in_does_not_matter(order: list[str]) -> None:
    walk = walking.opened()
    for section in order:
        answers = dict(reversed(walking.SECTIONS[section].items()))
        walk.do(commands.save_section, section=section, answers=answers)
    for name in ("signature", "portrait", "passport_page"):
        walk.do(commands.receive_document, document=name, **walking.upload(name))
    assert digest(document(walk.case)) == digest(document(walking.draft().case))


def test_another_picture_is_another_document() -> None:
    walk = walking.draft()
    before = digest(document(walk.case))
    walk.do(
        commands.receive_document,
        document="portrait",
        **{**walking.upload("better"), "sha256": "cd" * 32},
    )
    assert digest(document(walk.case)) != before


def test_the_document_names_its_case_and_version() -> None:
    ours, other = walking.draft().case, walking.draft("f" * 24).case
    assert document(ours)["version"] == "2025-03-24"
    assert digest(document(ours)) != digest(document(other))


def test_answers_that_are_not_asked_for_are_not_signed() -> None:
    case = walking.draft().case
    case.sections["guardian"] = {
        "family_name": "山田",
        "given_name": "太郎",
        "relation": "father",
        "phone": "03-1234-5678",
    }
    signed = document(case)
    assert isinstance(signed["answers"], dict)
    assert "guardian" not in signed["answers"]


def test_a_person_is_who_they_are_whatever_their_account() -> None:
    one, other = walking.draft("a" * 24, "x").case, walking.draft("b" * 24, "y").case
    assert person_of(one) == person_of(other) is not None
    assert person_of(walking.opened().case) is None
    born_later = walking.draft().case
    born_later.sections["person"] = {**walking.PERSON, "birth_date": "1990-01-03"}
    assert person_of(born_later) != person_of(one)
