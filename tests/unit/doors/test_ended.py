"""A permission that has ended is told as ended wherever its case is shown, and nobody travels with it any more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.actions import Actor, happened
from ryoji.cases.case import Case
from ryoji.cases.log import read
from ryoji.doors import permissions
from ryoji.doors.correspondence import event_of, write
from ryoji.errors import Unavailable
from tests.unit.cases import walking
from tests.unit.cases.test_visas import CHANGE, LATER, PERMISSION
from tests.unit.cases.walking import CASE, FIRST, SECOND, Walk
from tests.unit.doors.calling import HOLDER, Answer, House, modules, officer
from tests.unit.doors.test_answers import fits
from tests.unit.doors.test_interviews import claimed

APPROVER = officer("approver", subject="officer-2")
NOT_TOLD = "He said at the counter that he will work."
BORDER = Actor("partner", "border")
# The doors' clock stands at 15:00 in Japan on 23 November.
OVER = {"valid_from": "2026-11-01", "valid_until": "2026-11-22"}
IN_FORCE = {"valid_from": "2026-11-01", "valid_until": "2027-02-23"}
ENDS = {
    "revoked": "You can no longer travel to Japan with it.",
    "cancelled": "You can no longer travel to Japan with it.",
    "used": "apply again.",
    "replaced": "the passport was replaced",
    "expired": "It has expired.",
}


def issued(**days: str) -> Walk:
    """A tourist's visa, approved by two officers, paid for and issued."""
    walk = claimed()
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": "Bookings seen."}
    walk.do(commands.propose, officer=FIRST, grounds=frozenset(), reasons_written=False, **said)
    walk.do(commands.decide, officer=SECOND, outcome="approve", note="I agree.")
    walk.do(commands.start_stage, stage="payment", due="2026-12-23").do(commands.fix_fee, fee=walking.FEE)
    walk.do(commands.start_payment, walking.APPLICANT, payment_intent="pi_1")
    walk.do(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_1")
    walk.do(commands.start_stage, stage="issuance", due=None)
    return walk.do(commands.issue_permission, **{**PERMISSION, **(days or IN_FORCE)}, seal="S")


def ended(status: str) -> Walk:
    """The same, ended in one of the five ways."""
    if status == "expired":
        return issued(**OVER)
    by, ground = (BORDER, None) if status == "used" else (walking.officer(SECOND), NOT_TOLD)
    return issued().do(commands.change_permission, by, status=status, **{**CHANGE, "ground": ground})


def status_page(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(modules()["status"], "count_attempt", lambda *_, **__: 1)
    case = read(house.log, CASE)
    known = {"reference": case.reference, "birth_date": case.sections["traveller"]["birth_date"]}
    return fits(house.call("POST", "/status", body=known), "Status")


def shown(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the holder sees: the page of the case, its row in the list, and the public status."""
    page = fits(house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE), "CaseView")
    (row,) = fits(house.call("GET", "/cases", HOLDER), "CaseList")["cases"]
    return [{**page, "permission": page["permission"]["status"]}, row, status_page(house, monkeypatch)]


@pytest.mark.parametrize("status", ENDS)
def test_nobody_is_told_to_travel_with_what_has_ended(
    house: House, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    house.keep(ended(status))
    for seen in shown(house, monkeypatch):
        assert (seen["next"]["who"], seen["next"]["action"]) == ("nobody", "none")
        assert ENDS[status] in seen["next"]["text"]
        assert "Travel with the passport" not in seen["next"]["text"]
        assert (seen["status"], seen["permission"]) == ("issued", status)
        assert seen["status_text"] != "Issued"


def test_who_has_a_visa_in_force_is_told_to_travel(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.keep(issued())
    for seen in shown(house, monkeypatch):
        assert (seen["next"]["who"], seen["next"]["action"]) == ("applicant", "travel")
        assert (seen["status_text"], seen["permission"]) == ("Issued", "active")


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "id", "ar"])
@pytest.mark.parametrize("status", ENDS)
def test_it_is_said_in_every_language(house: House, status: str, language: str) -> None:
    house.keep(ended(status))
    page = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE, language=language).json
    english = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json
    for text in (page["next"]["text"], page["status_text"]):
        assert "permission" not in text
    assert language == "en" or page["next"]["text"] != english["next"]["text"]


def look(house: House) -> Any:
    return fits(house.call("GET", "/desk/cases/{case_id}", APPROVER, case_id=CASE), "DeskCase")


def change(house: House, status: str) -> Answer:
    body = {"status": status, "ground": "A second look."}
    return house.call("POST", "/desk/cases/{case_id}/permission", APPROVER, body=body, case_id=CASE)


def queued(house: House) -> Any:
    reference = {"reference": read(house.log, CASE).reference or ""}
    return fits(house.call("GET", "/desk/cases", APPROVER, query=reference), "QueueRow")


def test_officers_see_that_a_visa_has_expired_and_revoke_nothing(house: House) -> None:
    house.keep(issued(**OVER))
    file = look(house)
    assert (file["permission"]["status"], queued(house)["permission"]) == ("expired", "expired")
    assert "change_permission" not in file["may"]
    for status in ("revoked", "cancelled", "replaced"):
        answer = change(house, status)
        assert (answer.status, answer.json["code"]) == (409, "permission_is_over")
        assert answer.json["title"] == "It cannot be changed any more"
    assert read(house.log, CASE).permission == issued(**OVER).case.permission


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put into the register, in order."""
    put: list[str] = []
    monkeypatch.setattr(permissions, "publish", lambda case: put.append(case.permission["status"]))
    return put


def test_an_officer_reads_who_took_a_visa_away_on_what_ground_and_its_holder_does_not(
    house: House, published: list[str]
) -> None:
    house.keep(ended("revoked"))
    (told,) = look(house)["permission"]["changes"]
    assert (told["status"], told["by"], told["ground"]) == ("revoked", SECOND.name, NOT_TOLD)
    # Brought back, it is still to be read why it was taken away.
    assert [each["ground"] for each in change(house, "active").json["permission"]["changes"]] == [
        "A second look.",
        NOT_TOLD,
    ]
    page = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE)
    assert NOT_TOLD not in page.text
    assert "changes" not in page.json["permission"]


def test_an_officer_reads_what_the_border_reported(house: House) -> None:
    house.keep(ended("used"))
    (told,) = look(house)["permission"]["changes"]
    assert (told["status"], told["by"], told["ground"]) == ("used", "Partner", None)


def test_a_revocation_is_in_the_register_before_the_officer_is_answered(
    house: House, published: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(issued())
    assert change(house, "revoked").status == 200
    assert published == ["revoked"]

    def down(_case: Case) -> None:
        raise Unavailable("storage_unavailable")

    # The stream has it done then; the officer has decided, and is told so.
    monkeypatch.setattr(permissions, "publish", down)
    answer = change(house, "active")
    assert (answer.status, answer.json["permission"]["status"]) == (200, "active")


def test_a_used_visa_that_was_revoked_in_error_is_used_again(house: House, published: list[str]) -> None:
    house.keep(ended("used").do(commands.change_permission, status="revoked", **CHANGE))
    assert change(house, "active").json["permission"]["status"] == "used"
    assert published == ["used"]
    assert "Travel with the passport" not in look(house)["next"]["text"]


def test_a_visa_whose_entry_was_reported_while_it_stood_revoked_is_used_when_that_is_undone(
    house: House, published: list[str]
) -> None:
    used = {**CHANGE, "status": "used", "ground": None}
    house.keep(ended("revoked").do(commands.change_permission, BORDER, **used))
    file = look(house)
    assert (file["permission"]["status"], file["may"]) == ("revoked", ["change_permission"])
    # Whoever is about to undo it reads that somebody has travelled with it; the holder reads no more than before.
    told = [(each["status"], each["by"]) for each in file["permission"]["changes"]]
    assert told == [("used", "Partner"), ("revoked", SECOND.name)]
    assert "An entry was reported" in [each["text"] for each in file["history"]]
    page = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE)
    assert "An entry was reported" not in page.text
    assert page.json["permission"]["status"] == "revoked"
    assert change(house, "active").json["permission"]["status"] == "used"
    assert published == ["used"]
    letter = write(read(house.log, CASE), "used", "portal")
    assert letter.subject.startswith("The revocation has been undone")
    assert "You still cannot travel to Japan with it." in letter.body


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "id", "ar"])
@pytest.mark.parametrize(
    ("before", "when", "state"), [("used", CHANGE, "used"), (None, CHANGE, None), (None, LATER, "expired")]
)
def test_its_holder_is_told_that_it_is_valid_again_only_if_it_is(
    before: str | None, when: dict[str, Any], state: str | None, language: str
) -> None:
    walk = ended(before) if before else issued()
    walk.do(commands.change_permission, status="revoked", **CHANGE)
    walk.do(commands.change_permission, status="active", **when)
    case, last = walk.case, walk.actions[-1]
    case.sections["mission"] = {**case.sections["mission"], "language": language}
    if state == "expired":
        case.updated_at = case.updated_at and case.updated_at.replace(year=2027, month=3)
    event = event_of(last.kind, {"body": json.dumps(last.body)})
    assert event == ("used" if before else "reinstated")
    said = write(case, event, "portal")
    again = walk_in_force(language)
    assert said.subject == again.subject
    assert (said.body == again.body) == (state is None)
    assert "{" not in said.body
    assert "permission." not in said.body


def walk_in_force(language: str) -> Any:
    """What is written when a revocation is undone in time."""
    walk = issued().do(commands.change_permission, status="revoked", **CHANGE)
    case = walk.do(commands.change_permission, status="active", **CHANGE).case
    case.sections["mission"] = {**case.sections["mission"], "language": language}
    return write(case, "reinstated", "portal")


@pytest.mark.parametrize("status", ENDS)
def test_no_page_is_printed_of_what_has_ended(house: House, status: str) -> None:
    house.keep(ended(status))
    answer = house.call("GET", "/cases/{case_id}/permission/page", HOLDER, case_id=CASE)
    assert (answer.status, answer.json["code"]) == (409, "permission_has_ended")
    assert answer.json["detail"] == "There is no page to print of what has ended."


def refused() -> Walk:
    """The same application, refused: its applicant is told no reason."""
    walk = claimed()
    said = {"outcome": "refuse", "ground": "purpose", "reasons": None, "note": "See the interview."}
    walk.do(commands.propose, officer=FIRST, grounds=frozenset({"purpose"}), reasons_written=False, **said)
    return walk.do(commands.decide, officer=SECOND, outcome="refuse", note=NOT_TOLD)


def test_the_next_officer_reads_the_ground_of_a_refusal_and_its_applicant_does_not(house: House) -> None:
    house.keep(refused())
    file = look(house)
    assert file["decision"]["ground"] == "The purpose is not credible or does not fit the visa"
    assert (file["decision"]["note"], file["decision"]["by"]["name"]) == (NOT_TOLD, SECOND.name)
    page = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE)
    assert (page.json["decision"]["ground"], page.json["decision"]["reasons"]) == (None, None)
    for secret in (NOT_TOLD, "See the interview.", "The purpose is not credible", SECOND.name):
        assert secret not in page.text


def test_a_written_refusal_is_read_whole_by_both_and_the_note_by_officers_only(house: House) -> None:
    walk = walking.proposed("refuse").do(commands.decide, officer=SECOND, outcome="refuse", note=NOT_TOLD)
    house.keep(walk)
    file, page = look(house), house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE)
    assert file["decision"]["reasons"] == page.json["decision"]["reasons"] == "Entry was refused."
    assert file["decision"]["ground"] == page.json["decision"]["ground"]
    assert NOT_TOLD not in page.text


def test_a_humanitarian_reason_is_seen_in_the_queue(house: House) -> None:
    walk = claimed()
    house.keep(walk)
    assert "humanitarian" not in queued(house)["flags"]
    answers = {
        **walk.case.sections["mission"],
        "humanitarian": "death",
        "humanitarian_text": "My aunt in Kobe.",
    }
    house.log.histories[CASE] = []
    mission = happened("section_saved", section="mission", answers=answers)
    house.keep(Walk(CASE, walk.actions).then([mission]))
    assert "humanitarian" in queued(house)["flags"]
