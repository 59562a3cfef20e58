"""Who ought to sign: the applicant, or for a child under 15 the legal representative named in the form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.needs import sections_needed, signer
from ryoji.catalogue.sections import section_schema
from ryoji.doors.identity import expected_signer
from ryoji.doors.pictures import birth_date_on_card
from ryoji.doors.texts import catalogue
from ryoji.doors.views import Reader, card_holder
from ryoji.doors.views_of_desk import _comparison
from ryoji.evidence.identity import BirthDate, CardAttributes
from ryoji.evidence.identity.comparison import compare, reasons_for
from tests.unit.cases import walking

ADDRESS = "愛知県名古屋市中区三の丸8-7-6"
GUARDIAN = {
    "family_name": "高橋",
    "given_name": "誠",
    "birth_date": "1985-09-30",
    "address": ADDRESS,
    "relation": "father",
    "phone": "03-1234-5678",
}
FATHER = CardAttributes("髙橋　誠", "M", BirthDate(1985, 9, 30), "愛知県名古屋市中区三の丸八丁目7番6号")
CHILD = "2017-04-08"
# Exactly 15 and one day short of it, on the day of `walking`, when a year is full on the eve of the birthday.
FIFTEEN, FOURTEEN = "2011-11-24", "2011-11-25"


def case_of(born: str, **guardian: Any) -> Case:
    """A draft for somebody born that day."""
    walk = walking.draft()
    for section, answers in (
        ("person", {**walking.PERSON, "birth_date": born}),
        ("guardian", {**GUARDIAN, **guardian}),
    ):
        walk.do(commands.save_section, walking.APPLICANT, section=section, answers=answers)
    return walk.case


def codes(case: Case, card: CardAttributes) -> list[tuple[str, str]]:
    """What a card that signs now is told, worst first."""
    expected = expected_signer(case, walking.NOON)
    return [(reason.code, reason.outcome) for reason in reasons_for(compare(card, expected), expected)]


@pytest.mark.parametrize(
    ("birth_date", "role"),
    [(CHILD, "legal_representative"), (FOURTEEN, "legal_representative"), (FIFTEEN, "self")],
)
def test_below_fifteen_the_representative_signs(birth_date: str, role: str) -> None:
    assert expected_signer(case_of(birth_date), walking.NOON).role == role


def test_the_father_who_is_named_may_sign_for_the_child() -> None:
    expected = expected_signer(case_of(CHILD), walking.NOON)
    assert compare(FATHER, expected) == {
        "name": "variant",
        "birth_date": "same",
        "sex": "not_compared",
        "address": "same",
    }
    assert codes(case_of(CHILD), FATHER) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"given_name": "守"}, [("representative_name_differs", "fail")]),
        ({"birth_date": "1985-09-29"}, [("representative_birth_date_differs", "fail")]),
        ({"address": "愛知県名古屋市中区三の丸1-1-1"}, [("representative_address_differs", "review")]),
    ],
)
def test_each_attribute_of_the_card_is_held_against_the_guardian_section(
    typed: dict[str, str], found: list[tuple[str, str]]
) -> None:
    case = case_of(CHILD, **typed)
    expected = expected_signer(case, walking.NOON)
    assert codes(case, FATHER) == found
    (reason,) = reasons_for(compare(FATHER, expected), expected)
    assert reason.pointer in {"/sections/guardian/family_name", f"/sections/guardian/{next(iter(typed))}"}


def test_somebody_elses_card_does_not_sign_for_the_child() -> None:
    stranger = CardAttributes("伊藤　勇", "M", BirthDate(1955, 12, 12), FATHER.address)
    assert codes(case_of(CHILD), stranger)[0] == ("representative_wrong_person", "fail")


def test_a_parent_does_not_sign_for_who_may_sign_alone() -> None:
    assert codes(case_of(FIFTEEN), FATHER)[0] == ("wrong_person", "fail")


@pytest.mark.parametrize("age", range(21))
def test_more_is_asked_of_a_representative_exactly_where_one_signs(age: int) -> None:
    procedure = catalogue().definition_on("passport-renewal", date(2026, 11, 23))
    facts = Facts(on=date(2026, 11, 23), age=age)
    if "guardian" not in {use.id for use in sections_needed(procedure, facts)}:
        assert signer(procedure, facts) == "self"
        return
    from ryoji.catalogue.conditions import holds

    fields = section_schema("guardian")["properties"]
    variables = facts.variables(procedure.audience.age.reached)
    asked = {name for name, field in fields.items() if holds(field["x-ryoji"].get("when"), variables)}
    signs = signer(procedure, facts) == "legal_representative"
    assert ({"birth_date", "address"} <= asked) is signs


@pytest.mark.parametrize("field", ["birth_date", "address"])
def test_an_application_for_a_child_is_not_complete_without_them(field: str) -> None:
    from ryoji.catalogue.needs import rules_broken

    procedure = catalogue().definition_on("passport-renewal", date(2026, 11, 23))
    guardian = {name: value for name, value in GUARDIAN.items() if name != field}

    def broken(birth_date: str) -> set[str]:
        answers = {"person": {"birth_date": birth_date}, "guardian": guardian}
        return {error.pointer for error in rules_broken(procedure, Facts(answers, on=date(2026, 11, 23)))}

    assert f"/guardian/{field}" in broken(CHILD)
    assert f"/guardian/{field}" not in broken(FIFTEEN)


def reader(case: Case) -> Reader:
    """The officer's reader of that case."""
    from ryoji.doors.cases import definition_of, facts_now

    return Reader(definition_of(case), facts_now(case, walking.NOON), "en", walking.NOON)


def read(walk: walking.Walk) -> walking.Walk:
    """The father's card, read."""
    return walk.do(
        commands.read_card,
        walking.APPLICANT,
        attributes=FATHER.facts(),
        finding=walking.finding("identity"),
    )


def test_before_the_form_has_a_birth_date_the_passports_page_says_whose_card_it_is() -> None:
    walk = read(walking.opened())
    assert card_holder(walk.case, reader(walk.case)) == "applicant"
    walk.do(
        commands.receive_document,
        walking.APPLICANT,
        document="passport_page",
        **walking.upload("passport_page"),
    )
    walk.do(
        commands.record_finding,
        finding=walking.finding("travel_document", fields={"birth_date": CHILD}),
        door="upload",
        document="passport_page",
        upload_id="upload-passport_page",
    )
    assert card_holder(walk.case, reader(walk.case)) == "legal_representative"
    assert card_holder(walking.opened().case, reader(walk.case)) is None


def test_the_officer_sees_the_representatives_card_beside_the_guardian_section() -> None:
    walk = read(walking.draft())
    for section, answers in (("person", {**walking.PERSON, "birth_date": CHILD}), ("guardian", GUARDIAN)):
        walk.do(commands.save_section, walking.APPLICANT, section=section, answers=answers)
    rows = {row["field"]: row for row in _comparison(walk.case, reader(walk.case))}
    assert rows["name"]["card"] is None
    assert rows["representative_name"] == {
        "field": "representative_name",
        "label": "Name of the legal representative",
        "typed": "高橋 誠",
        "mrz": None,
        "card": "髙橋　誠",
        "same": False,
    }
    assert rows["representative_birth_date"]["same"] is True


def read_with(card: CardAttributes) -> Case:
    """A draft begun with that card; nothing is typed yet."""
    finding = walking.finding("identity", "pass")
    return (
        walking.opened()
        .do(commands.read_card, walking.APPLICANT, attributes=card.facts(), finding=finding)
        .case
    )


def test_somebody_elses_passport_is_seen_before_anything_is_typed() -> None:
    today = walking.NOON.date()
    assert birth_date_on_card(read_with(FATHER), "1990-01-02", today) == "1985-09-30"
    assert birth_date_on_card(read_with(FATHER), CHILD, today) is None
    assert birth_date_on_card(walking.opened().case, "1990-01-02", today) is None
    unsure = CardAttributes("髙橋　誠", "M", BirthDate(1985, None, None), ADDRESS)
    assert birth_date_on_card(read_with(unsure), "1990-01-02", today) is None
