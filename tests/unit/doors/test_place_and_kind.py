"""What a seal and its page say of where and what: a city and words, of every office and procedure that issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest

from ryoji.cases.case import Case
from ryoji.catalogue.definition import Procedure
from ryoji.doors import permissions
from ryoji.doors.texts import catalogue
from ryoji.issuance.seal_profile import elements_of, message_of
from tests.unit.cases.test_visas import PERMISSION
from tests.unit.doors.test_expired import TRAVELLER
from tests.unit.issuance.sealing import NOW, RULES, VISA, ministry

TODAY = date(2026, 11, 23)


def issuing() -> list[Procedure]:
    return [each for each in catalogue().in_force(TODAY) if each.permit]


def case(procedure: Procedure, office: str) -> Case:
    sections = {"traveller": {**TRAVELLER, "sex": "female"}, "mission": {"office": office}}
    return Case("case", procedure=procedure.id, version=procedure.version, sections=sections)


def said(procedure: Procedure, office: str) -> dict[str, Any]:
    """The content of the seal."""
    permit = procedure.permit
    assert permit is not None
    held = {**PERMISSION, "kind": permit.kind, "programme": permit.programme}
    return elements_of(message_of(permissions.issued(case(procedure, office), held), RULES), RULES)


def test_every_office_that_issues_is_named_by_its_city() -> None:
    for procedure in issuing():
        for office in catalogue().offices_for(procedure):
            content = said(procedure, office.code)
            assert content["place_of_issue"] == office.place, office.code
            assert content["type"] == (procedure.permit and procedure.permit.type)


@pytest.mark.parametrize(
    ("procedure", "office", "place", "kind"),
    [
        ("visa-tourism-china", "mission-china", "BEIJING", "TOURISM"),
        ("visa-business", "mission-united-arab-emirates", "ABU DHABI", "BUSINESS"),
        ("authorization-indonesia", "headquarters-authorizations", "TOKYO", "SHORT STAY"),
    ],
)
def test_no_code_of_the_house_is_cut_into_a_seal(procedure: str, office: str, place: str, kind: str) -> None:
    content = said(catalogue().definition_on(procedure, TODAY), office)
    assert (content["place_of_issue"], content["type"]) == (place, kind)


def test_the_page_says_what_its_seal_says_though_the_catalogue_has_other_words_now() -> None:
    seal = ministry().seal(replace(VISA, place_of_issue="UNITED-ARAB-EMI", type="TOURISM-SINGLE"))
    issued = case(catalogue().definition_on("visa-tourism", TODAY), "mission-united-arab-emirates")
    issued.permission = {**PERMISSION, "seal": seal}
    page = pypdfium2.PdfDocument(permissions.printed(issued, NOW))[0].get_textpage().get_text_range()
    assert "UNITED-ARAB-EMI" in page
    assert "TOURISM-SINGLE" in page
    assert "ABU DHABI" not in page
