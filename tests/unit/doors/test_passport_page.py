"""A passport page in the chain: held against everything that the traveller typed."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.adapters import objects, zone_reading
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.evidence.travel_document.document import MrzFields, format_mrz
from ryoji.evidence.travel_document.lines import OcrLine
from ryoji.evidence.travel_document.reader import read_mrz
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import House, doors

PRINTED = MrzFields(
    document_code="P",
    issuing_state="IDN",
    surname="HARTONO",
    given_names="DEWI AYU",
    number="X1234567",
    nationality="IDN",
    birth_date="1994-03-08",
    sex="F",
    expiry_date="2033-01-09",
)
TYPED = {
    "surname": "HARTONO",
    "given_names": "DEWI AYU",
    "birth_date": "1994-03-08",
    "nationality": "IDN",
    "sex": "female",
}


class Context:
    function_name, aws_request_id = "check_travel_document", "1"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page prints: changes of `PRINTED`."""
    changes: dict[str, Any] = {}

    def read_zone(_picture: bytes, today: Any) -> Any:
        lines = format_mrz(PRINTED.model_copy(update=changes), "TD3")
        return read_mrz([OcrLine(text=line) for line in lines], today)

    monkeypatch.setattr(objects, "clean", lambda _key: b"")
    monkeypatch.setattr(zone_reading, "read_zone", read_zone)
    return changes


def checked(house: House, *, issuing_state: str = "IDN", **typed: str) -> dict[str, str]:
    """The outcome under "" and the reasons of the check in the chain."""
    opened = {"procedure": "authorization-indonesia", "version": "2026-04-01", "language": "en"}
    walk = Walk().do(commands.open_draft, APPLICANT, **opened, holder=walking.HOLDER, email=None)
    sections = {
        "traveller": {**GOOD["traveller"], **TYPED, **typed},
        "travel_document": {
            "issuing_state": issuing_state,
            "number": "X1234567",
            "expiry_date": "2033-01-09",
        },
    }
    for section, answers in sections.items():
        walk.do(commands.save_section, APPLICANT, section=section, answers=answers)
    walk.do(commands.receive_document, APPLICANT, document="passport_page", **walking.upload("passport_page"))
    house.keep(walk)
    doors()["check_travel_document"]({"case_id": CASE}, Context())
    found = read(house.log, CASE).newest("travel_document")
    assert found is not None
    reasons: dict[str, str] = {each["code"]: each["outcome"] for each in found.finding["reasons"]}
    return {"": found.finding["outcome"], **reasons}


def test_what_agrees_passes(house: House, page: dict[str, Any]) -> None:
    assert checked(house) == {"": "pass"}


def test_a_page_of_another_nationality_is_an_officers(house: House, page: dict[str, Any]) -> None:
    page["nationality"] = "MMR"
    assert checked(house) == {"": "review", "nationality_differs": "review"}


def test_a_page_of_another_sex_is_an_officers(house: House, page: dict[str, Any]) -> None:
    page["sex"] = "M"
    assert checked(house) == {"": "review", "sex_differs": "review"}


def test_a_sex_that_the_page_does_not_say_is_the_unspecified_one(house: House, page: dict[str, Any]) -> None:
    page["sex"] = "X"
    assert checked(house, sex="unspecified") == {"": "pass"}


def test_a_german_passport_prints_one_letter_and_a_form_has_three(house: House, page: dict[str, Any]) -> None:
    page.update({"nationality": "D", "issuing_state": "D"})
    assert checked(house, issuing_state="DEU", nationality="DEU") == {"": "pass"}
