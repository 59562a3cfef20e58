"""The card's signature: its form is judged before anybody tries to verify it, and it covers what was signed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.evidence.finding import Finding
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE, Walk
from tests.unit.doors.calling import HOLDER, House, doors, modules

MALFORMED = [
    ({"format": "zip", "value": "AAAA"}, "/signature/format"),
    ({"format": "cms", "value": ""}, "/signature/value"),
    ({"format": "cms", "value": "A" * 60_000 + "A" * 6_000}, None),
    ({"format": "cms"}, "/signature/value"),
    ({"format": "cms", "value": "AAAA", "more": 1}, "/signature/more"),
]


@pytest.mark.parametrize("route", ["/cases/{case_id}/identity", "/cases/{case_id}/submission"])
@pytest.mark.parametrize(("signature", "pointer"), MALFORMED)
def test_a_malformed_signature_is_told_by_its_field(
    house: House, route: str, signature: dict[str, Any], pointer: str | None
) -> None:
    house.keep(walking.draft())
    answer = house.call("POST", route, HOLDER, body={"signature": signature}, case_id=CASE)
    assert answer.status == (422 if pointer else 413)
    assert {error["pointer"] for error in answer.json.get("errors", [])} == ({pointer} if pointer else set())
    assert all(error["detail"] for error in answer.json.get("errors", []))


def corrected_after(outcome: str) -> Walk:
    """The authority said this in the first round; then another address was given, and it is the second round."""
    walk = walking.correction()
    found = {"finding": walking.finding("identity", outcome), "door": "chain"}
    walk.do(commands.record_finding, **found, document=None, upload_id=None)
    contact = {**walk.case.sections["contact"], "address": "Another street 1"}
    walk.do(commands.save_section, APPLICANT, section="contact", answers=contact)
    walk.do(commands.receive_document, APPLICANT, document="portrait", **walking.upload("portrait-2"))
    for item in ("documents/portrait", "sections/contact"):
        walk.do(commands.correct, APPLICANT, item=item, **walking.AGAIN)
    return walk.do(commands.start_stage, stage="evidence", due=None)


@pytest.mark.parametrize(("outcome", "checks"), [("unavailable", 1), ("pass", 0), ("fail", 0)])
def test_after_a_correction_the_signature_is_checked_if_it_never_was_over_what_it_signed(
    house: House, monkeypatch: pytest.MonkeyPatch, outcome: str, checks: int
) -> None:
    walk = house.keep(corrected_after(outcome))
    before = walking.checking().case.sections["contact"]["address"]
    seen = []

    def check(_case: Any, document: dict[str, Any], *_: Any) -> Finding:
        seen.append(document["answers"]["contact"]["address"])
        return Finding.model_validate(walking.finding("identity"))

    monkeypatch.setattr(modules()["check_identity"], "check_submission", check)
    doors()["check_identity"]({"case_id": CASE}, SimpleNamespace(function_name="check_identity"))
    assert walk.case.rounds == 2
    assert before != "Another street 1"
    assert seen == [before] * checks
    assert len(house.log.actions(CASE)) == len(walk.actions) + checks
