"""A family sends its common papers once: whom one may join, what must be there first, and what can still be asked."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.adapters import keys
from ryoji.cases import commands
from ryoji.cases.log import read
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, FIRST, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, goes_on, officer

WAIVED = {"itinerary", "funds_proof"}
LONDON, OTTAWA = "mission-united-kingdom", "mission-canada"


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda what: what.hex()[-32:])


def opens(house: House, first: str | None = None) -> Answer:
    """A tourist's draft, which joins that family."""
    joined = {"group": first, "relation": "child"} if first else {}
    return house.call(
        "POST", "/cases", HOLDER, body={"procedure": "visa-tourism", "language": "en", **joined}
    )


def filled(
    house: House, case_id: str, given: str, *, office: str = LONDON, without: set[str] = WAIVED
) -> str:
    """The same case with every answer, and every document but those."""

    def steps(walk: Walk) -> None:
        own: dict[str, dict[str, Any]] = {
            "traveller": {"given_names": given, "country_of_residence": "GBR" if office == LONDON else "CAN"},
            "mission": {"office": office},
        }
        for section in ("traveller", "travel_document", "trip", "host", "funds", "past_travel", "mission"):
            walk.do(
                commands.save_section,
                APPLICANT,
                section=section,
                answers={**GOOD[section], **own.get(section, {})},
            )
        for document in sorted({"portrait", "passport_page", "residence_proof", *WAIVED} - without):
            walk.do(commands.receive_document, APPLICANT, document=document, **walking.upload(document))

    goes_on(house, case_id, steps)
    return case_id


def family(house: House, **child: Any) -> tuple[str, str]:
    """A complete draft of a mother, and one of a child that leaves the common papers to her."""
    mother = filled(house, opens(house).json["case_id"], "ANNA", without=set())
    return mother, filled(house, opens(house, mother).json["case_id"], "PIA", **child)


def shown(house: House, case_id: str) -> Answer:
    return house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)


def sends(house: House, case_id: str) -> Answer:
    body = {"digest": shown(house, case_id).json["digest"]}
    return house.call("POST", "/cases/{case_id}/submission", HOLDER, body=body, case_id=case_id)


def withdraws(house: House, case_id: str) -> None:
    assert house.call("POST", "/cases/{case_id}/withdrawal", HOLDER, body={}, case_id=case_id).status == 200


def refused_for(answer: Answer) -> str:
    assert answer.status == 409, answer.text
    return str(answer.json["code"])


def test_what_the_first_has_not_sent_is_not_waived(house: House) -> None:
    mother, child = family(house)
    assert refused_for(shown(house, child)) == "together_first_not_sent"
    assert sends(house, mother).status == 200
    assert sends(house, child).json["status"] == "checking"


def test_nothing_is_waived_for_papers_that_came_to_nothing(house: House) -> None:
    mother, child = family(house)
    sends(house, mother)
    withdraws(house, mother)
    assert refused_for(shown(house, child)) == "together_first_over"
    assert refused_for(opens(house, mother)) == "together_first_over"


def test_a_first_one_that_is_kept_no_more_has_no_papers(house: House) -> None:
    mother, child = family(house)
    house.log.histories[mother] = []
    assert refused_for(shown(house, child)) == "together_first_over"


def test_nobody_joins_who_has_joined(house: House) -> None:
    _mother, child = family(house)
    answer = opens(house, child)
    assert refused_for(answer) == "together_with_first"
    assert answer.json["mend"]


def test_the_papers_lie_where_the_application_is_decided(house: House) -> None:
    mother, child = family(house, office=OTTAWA)
    sends(house, mother)
    answer = shown(house, child)
    assert refused_for(answer) == "incomplete"
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/sections/mission/office", "office_of_first")
    ]


def test_who_sends_all_papers_needs_no_first_one(house: House) -> None:
    alone = filled(house, opens(house).json["case_id"], "ANNA", without=set())
    assert sends(house, alone).status == 200


def asked(house: House, case_id: str, item: str) -> Answer:
    """An officer asks the applicant of a case that was sent to mend something."""

    def steps(walk: Walk) -> None:
        walk.do(commands.start_stage, stage="evidence", due=None)
        walk.do(commands.start_stage, stage="review", due="2026-12-01").do(commands.claim, officer=FIRST)

    goes_on(house, case_id, steps)
    desk = str(read(house.log, case_id).desk)
    body = {"items": [{"item": item, "reason": "For the child alone."}]}
    path = "/desk/cases/{case_id}/correction-request"
    return house.call("POST", path, officer("examiner", desk=desk), body=body, case_id=case_id)


def test_a_waived_paper_can_be_asked_for_and_sent(house: House) -> None:
    mother, child = family(house)
    sends(house, mother)
    sends(house, child)
    assert asked(house, child, "documents/itinerary").status == 200
    seen = house.call("GET", "/cases/{case_id}", HOLDER, case_id=child).json
    states = {each["id"]: each["status"] for each in seen["documents"]}
    assert states["itinerary"] == "mend"
    assert "funds_proof" not in states
    goes_on(
        house,
        child,
        lambda walk: walk.do(
            commands.receive_document, APPLICANT, document="itinerary", **walking.upload("itinerary")
        ),
    )
    body = {"item": "documents/itinerary"}
    mended = house.call("POST", "/cases/{case_id}/correction", HOLDER, body=body, case_id=child)
    assert (mended.status, mended.json["status"]) == (200, "checking")


def test_a_correction_does_not_take_the_case_from_the_papers(house: House) -> None:
    mother, child = family(house)
    sends(house, mother)
    sends(house, child)
    asked(house, child, "sections/traveller")
    path = "/cases/{case_id}/sections/{section}"
    traveller = {**GOOD["traveller"], "given_names": "PIA", "country_of_residence": "CAN"}
    house.call("PUT", path, HOLDER, body={"answers": traveller}, case_id=child, section="traveller")
    body = {"item": "sections/traveller"}
    mended = house.call("POST", "/cases/{case_id}/correction", HOLDER, body=body, case_id=child).json
    open_items = {item["item"] for item in mended["correction"]["items"] if not item["done"]}
    assert open_items == {"sections/mission"}
    mission = {**GOOD["mission"], "office": OTTAWA}
    house.call("PUT", path, HOLDER, body={"answers": mission}, case_id=child, section="mission")
    again = house.call(
        "POST", "/cases/{case_id}/correction", HOLDER, body={"item": "sections/mission"}, case_id=child
    )
    assert refused_for(again) == "incomplete"
    assert [each["code"] for each in again.json["errors"]] == ["office_of_first"]
