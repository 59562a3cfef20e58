"""Conditions: the conformance file, the ages at their boundaries, what a renewal asks of whom."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.catalogue.conditions import (
    BROWSER_VARIABLES,
    OPERATORS,
    Facts,
    age_on,
    faults,
    holds,
    variables_in,
)
from ryoji.catalogue.needs import documents_needed, may_file, rules_broken, sections_needed
from ryoji.catalogue.sections import SECTIONS, section_schema

from .conftest import PROCEDURES

if TYPE_CHECKING:
    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.loading import Catalogue

CONFORMANCE = json.loads((PROCEDURES / "conditions-conformance.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("case", CONFORMANCE["cases"], ids=lambda case: case["name"])
def test_conformance(case: dict[str, Any]) -> None:
    assert holds(case["condition"], case["data"]) is case["holds"]


def test_the_conformance_file_covers_every_operator() -> None:
    text = json.dumps([case["condition"] for case in CONFORMANCE["cases"]])
    assert set(CONFORMANCE["operators"]) == OPERATORS
    assert all(f'"{operator}"' in text for operator in OPERATORS)


def test_what_may_not_be_written() -> None:
    assert list(faults({"==": [{"var": "age"}, 1]})) == [
        f"operator '==' is not one of {', '.join(sorted(OPERATORS))}"
    ]
    assert list(faults({"<": [{"var": "age"}, 15]})) == [
        'age is ordered without {"!==": [{"var": "age"}, null]} beside it'
    ]
    assert list(faults({"and": [{"!==": [{"var": "age"}, None]}, {"<": [{"var": "age"}, 15]}]})) == []
    assert list(variables_in({"or": [{"var": "a.b"}, {"!": {"var": "c"}}]})) == ["a.b", "c"]


def test_conditions_inside_sections_are_fit_for_both_sides() -> None:
    for section in SECTIONS:
        for field in section_schema(section)["properties"].values():
            condition = field["x-ryoji"].get("when")
            assert list(faults(condition)) == []
            for variable in variables_in(condition):
                if variable not in BROWSER_VARIABLES:
                    _, of, name = variable.split(".")
                    assert name in SECTIONS[of].model_fields


@pytest.mark.parametrize(
    ("birth", "on", "eve", "birthday"),
    [
        ("2008-11-24", "2026-11-22", 17, 17),
        ("2008-11-24", "2026-11-23", 18, 17),
        ("2008-11-24", "2026-11-24", 18, 18),
        ("2014-01-01", "2025-12-31", 12, 11),
        ("2008-02-29", "2026-02-27", 17, 17),
        ("2008-02-29", "2026-02-28", 18, 17),
        ("2008-02-29", "2026-03-01", 18, 18),
        ("2008-02-29", "2028-02-28", 20, 19),
        ("2026-11-23", "2026-11-23", 0, 0),
    ],
)
def test_when_a_year_of_age_is_full(birth: str, on: str, eve: int, birthday: int) -> None:
    born, day = date.fromisoformat(birth), date.fromisoformat(on)
    assert age_on(born, day, "eve_of_birthday") == eve
    assert age_on(born, day, "birthday") == birthday


@given(born=st.dates(date(1900, 1, 1), date(2026, 1, 1)), day=st.dates(date(2026, 1, 2), date(2090, 1, 1)))
def test_on_the_eve_one_is_never_younger_and_at_most_a_year_older(born: date, day: date) -> None:
    assert 0 <= age_on(born, day, "eve_of_birthday") - age_on(born, day, "birthday") <= 1


def facts(age: int | None, **more: Any) -> Facts:
    return Facts(on=TODAY, age=age, **more)


@pytest.mark.parametrize(
    ("age", "guardian", "consent"),
    [
        (None, False, False),
        (0, True, False),
        (14, True, False),
        (15, True, True),
        (17, True, True),
        (18, False, False),
    ],
)
def test_whom_the_form_asks_for_a_representative(
    renewal: Procedure, age: int | None, guardian: bool, consent: bool
) -> None:
    sections = [section.id for section in sections_needed(renewal, facts(age))]
    documents = [document.id for document in documents_needed(renewal, facts(age))]
    assert ("guardian" in sections) is guardian
    assert ("guardian_consent" in documents) is consent


@pytest.mark.parametrize(
    ("age", "online"), [(None, set()), (14, {"legal_representative"}), (15, {"self"}), (40, {"self"})]
)
def test_who_may_file_online(renewal: Procedure, age: int | None, online: set[str]) -> None:
    assert {actor.who for actor in may_file(renewal, facts(age))} == online


def test_at_the_counter_relatives_and_proxies_may_hand_it_in(renewal: Procedure) -> None:
    who = {actor.who for actor in may_file(renewal, facts(40, channel="counter"))}
    assert who == {"self", "spouse", "relative", "named_proxy"}


def test_a_residence_permit_is_asked_for_abroad_only(catalogue: Catalogue, renewal: Procedure) -> None:
    abroad = documents_needed(renewal, facts(40, office=catalogue.office("mission-singapore")))
    at_home = documents_needed(renewal, facts(40, office=catalogue.office("prefecture-tokyo")))
    assert {document.id for document in abroad} - {document.id for document in at_home} == {"stay_permit"}
    assert [document.required for document in abroad if document.id == "stay_permit"] == [False]


def answers(**change: dict[str, Any]) -> dict[str, dict[str, Any]]:
    whole: dict[str, dict[str, Any]] = {
        "renewal": {"reason": "remaining_under_one_year", "validity": "10"},
        "passport_held": {"expiry_date": "2027-05-01", "surname": "YAMADA", "given_names": "HANAKO"},
        "person": {"birth_date": "1990-01-02", "surname_roman": "YAMADA", "given_names_roman": "HANAKO"},
    }
    return {section: {**fields, **change.get(section, {})} for section, fields in whole.items()}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, []),
        ({"person": {"birth_date": "2008-11-24"}}, []),
        ({"person": {"birth_date": "2008-11-25"}}, [("/renewal/validity", "ten_years_from_18")]),
        ({"person": {"birth_date": "2008-11-25"}, "renewal": {"validity": "5"}}, []),
        ({"passport_held": {"expiry_date": "2027-11-22"}}, []),
        ({"passport_held": {"expiry_date": "2027-11-23"}}, [("/renewal/reason", "over_one_year_left")]),
        ({"passport_held": {"expiry_date": "2035-01-01"}, "renewal": {"reason": "pages_full"}}, []),
        ({"passport_held": {"expiry_date": "2026-11-23"}}, []),
        (
            {"passport_held": {"expiry_date": "2026-11-22"}},
            [("/passport_held/expiry_date", "passport_has_expired")],
        ),
        ({"person": {"surname_roman": "SATO"}}, [("/person/surname_roman", "surname_has_changed")]),
        (
            {"person": {"given_names_roman": "HANA"}},
            [("/person/given_names_roman", "given_names_have_changed")],
        ),
    ],
)
def test_what_must_hold_across_sections(
    renewal: Procedure, change: dict[str, dict[str, Any]], broken: list[tuple[str, str]]
) -> None:
    found = rules_broken(renewal, Facts(answers=answers(**change), on=TODAY))
    assert [(error.pointer, error.code) for error in found] == broken


def test_a_leap_day_has_a_year_after_it(renewal: Procedure) -> None:
    given_facts = Facts(answers=answers(passport_held={"expiry_date": "2029-02-27"}), on=date(2028, 2, 29))
    assert given_facts.variables("birthday")["passport"] == {
        "expired": False,
        "under_one_year": True,
        "outlasts_trip": None,
    }


def test_dates_may_come_as_dates_or_as_text_and_nonsense_is_not_known() -> None:
    as_date = Facts(answers={"person": {"birth_date": date(1990, 1, 2)}}, on=TODAY).variables("birthday")
    as_text = Facts(answers={"person": {"birth_date": "1990-01-02"}}, on=TODAY).variables("birthday")
    nonsense = Facts(answers={"person": {"birth_date": "tomorrow"}}, on=TODAY).variables("birthday")
    assert as_date == as_text
    assert as_date["age"] == 36
    assert nonsense["age"] is None


@pytest.mark.parametrize(
    ("born", "age"),
    [("2008-XX-XX", 17), ("2008-10-XX", 18), ("2008-11-XX", 17), ("2008-12-XX", 17), ("2026-XX-XX", 0)],
)
def test_whoever_may_still_be_a_child_is_treated_as_one(born: str, age: int) -> None:
    facts = Facts(answers={"traveller": {"birth_date": born}}, on=date(2026, 11, 24))
    assert facts.variables("birthday")["age"] == age
