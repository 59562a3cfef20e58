"""Visas and travel authorizations in the deployed sandbox: granted, refused, revoked, used, asked and verified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.api import Caller
from local.journey import until
from local.travellers import BRITISH, INDONESIAN, Traveller, filled, passport_page, sections, send
from tests.integration.renewal.walking import approve, confirm_card
from tests.sandbox import PEOPLE, Sandbox, sandbox

PATIENCE = 90.0
LONDON = "mission-united-kingdom"
PORTRAITS = {"IDN": "hanako.jpg", "GBR": "kenichi.jpg"}


@pytest.fixture(scope="module")
def ryoji() -> Iterator[Sandbox]:
    """A sandbox of its own."""
    with sandbox("test-travellers") as running:
        yield running


def today() -> Any:
    return datetime.now(UTC).date()


def reaches(caller: Caller, case_id: str, *statuses: str) -> dict[str, Any]:
    return until(
        lambda: caller.ok("GET", f"/cases/{case_id}"), lambda case: case["status"] in statuses, PATIENCE
    )


def drafted(caller: Caller, procedure: str, who: Traveller, office: str | None = None, **more: Any) -> str:
    portrait = (PEOPLE / PORTRAITS[who.nationality]).read_bytes()
    answers = sections(who, today(), office=office)
    return filled(caller, procedure, answers, passport_page(who, portrait), portrait, **more)


def verified(ryoji: Sandbox, seal: str) -> dict[str, Any]:
    answer: dict[str, Any] = ryoji.public().ok("POST", "/verify", {"seal": seal})
    return answer


@pytest.fixture(scope="module")
def authorized(ryoji: Sandbox) -> tuple[Caller, str]:
    """An Indonesian's authorization, granted by the programme's own rule."""
    caller = ryoji.applicant("dewi@example.id")
    case_id = drafted(caller, "authorization-indonesia", INDONESIAN)
    send(caller, case_id)
    case = reaches(caller, case_id, "issued", "in_review")
    assert case["status"] == "issued", json.dumps(case["documents"])[:3000]
    return caller, case_id


def test_an_authorization_is_granted_without_a_person(ryoji: Sandbox, authorized: tuple[Caller, str]) -> None:
    caller, case_id = authorized
    wallet = caller.ok("GET", f"/cases/{case_id}/permission")
    assert (wallet["kind"], wallet["entries"], wallet["stay_days"]) == ("authorization", "multiple", 15)
    assert wallet["name"] == INDONESIAN.name
    verdict = verified(ryoji, wallet["seal"])
    assert (verdict["status"], verdict["permission"]) == ("VALID", "active")
    page = caller.ok("GET", f"/cases/{case_id}/permission/page")
    assert page["pdf"].startswith("JVBERi0")


def test_a_changed_seal_is_not_valid(ryoji: Sandbox, authorized: tuple[Caller, str]) -> None:
    caller, case_id = authorized
    seal = caller.ok("GET", f"/cases/{case_id}/permission")["seal"]
    assert verified(ryoji, seal.replace("HARTONO", "HARTONA"))["status"] != "VALID"


def test_a_revocation_shows_within_seconds_and_can_be_undone(
    ryoji: Sandbox, authorized: tuple[Caller, str]
) -> None:
    caller, case_id = authorized
    seal = caller.ok("GET", f"/cases/{case_id}/permission")["seal"]
    approver = ryoji.officer("suzuki.approver")
    for status in ("revoked", "active"):
        approver.ok("POST", f"/desk/cases/{case_id}/permission", {"status": status, "ground": "For a test."})
        until(lambda: verified(ryoji, seal), lambda seen, to=status: seen["permission"] == to, 20)  # type: ignore[misc]
        assert caller.ok("GET", f"/cases/{case_id}/permission")["status"] == status
    examiner = ryoji.officer("sato.examiner")
    refused = examiner.call("POST", f"/desk/cases/{case_id}/permission", {"status": "revoked", "ground": "x"})
    assert refused.status == 403


def test_a_visa_goes_through_two_officers_and_is_paid_on_issue(ryoji: Sandbox) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    case_id = drafted(caller, "visa-tourism", BRITISH, LONDON)
    send(caller, case_id)
    reaches(caller, case_id, "in_review")
    approve(ryoji, case_id)
    due = reaches(caller, case_id, "payment")["fee"]
    assert (due["total"], due["currency"]) == (3000, "jpy")
    asked = caller.ok("POST", f"/cases/{case_id}/payment", {})
    confirm_card(ryoji, asked["client_secret"])
    issued = reaches(caller, case_id, "issued")
    assert issued["permission"]["entries"] == "single"
    wallet = caller.ok("GET", f"/cases/{case_id}/permission")
    assert verified(ryoji, wallet["seal"])["status"] == "VALID"
    again = caller.call("GET", f"/cases/{case_id}/submission")
    assert again.status == 409


def test_a_refusal_tells_no_reason_and_closes_the_purpose_for_six_months(ryoji: Sandbox) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    who = Traveller("JONES", "HARRY", "1990-02-03", "male", "GBR", "987654321", "GBR")
    case_id = drafted(caller, "visa-tourism", who, LONDON)
    send(caller, case_id)
    reaches(caller, case_id, "in_review")
    examiner, approver = ryoji.officer("sato.examiner"), ryoji.officer("suzuki.approver")
    desk = examiner.ok("POST", f"/desk/cases/{case_id}/claim")
    for hit in desk["hits"]:
        said = {"hit": hit["id"], "verdict": "not_relevant", "note": "The same demo pictures."}
        examiner.ok("POST", f"/desk/cases/{case_id}/hits", said)
    examiner.ok("POST", f"/desk/cases/{case_id}/proposal", {"outcome": "refuse", "ground": "purpose"})
    approver.ok("POST", f"/desk/cases/{case_id}/decision", {"outcome": "refuse"})
    told = reaches(caller, case_id, "refused")["decision"]
    assert (told["ground"], told["reasons"]) == (None, None)
    second = drafted(caller, "visa-tourism", who, LONDON)
    shown = caller.ok("GET", f"/cases/{second}/submission")
    told_no = caller.call("POST", f"/cases/{second}/submission", {"digest": shown["digest"]})
    assert (told_no.status, told_no.body["code"]) == (409, "refused_recently")
    humane = {
        "office": LONDON, "language": "en", "humanitarian": "death", "humanitarian_text": "My aunt in Kobe."
    }  # fmt: skip
    caller.ok("PUT", f"/cases/{second}/sections/mission", {"answers": humane})
    assert send(caller, second)["status"] == "checking"


def test_what_happened_is_counted_once_by_nationality_and_mission(
    ryoji: Sandbox, authorized: tuple[Caller, str]
) -> None:
    officer, sqs = ryoji.officer("sato.examiner"), ryoji.running.client("sqs")

    def figures() -> dict[str, Any]:
        rows = officer.ok("GET", "/desk/statistics/all")["rows"]
        return {f"{row['desk']} {row['nationality']} {row['procedure']}": row for row in rows}

    def counted(found: dict[str, Any]) -> bool:
        granted = found.get("authorizations IDN authorization-indonesia", {})
        visas = found.get("london GBR visa-tourism", {})
        ended = visas.get("issued") and visas.get("refused")
        return bool(granted.get("issued") and ended and visas["received"] >= 3)

    before = until(figures, counted, PATIENCE)
    # A queue may bring a message again: nothing is counted a second time.
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "Figures" in url]
    for sequence in range(1, 40):
        sqs.send_message(
            QueueUrl=queue, MessageBody=json.dumps({"case_id": authorized[1], "sequence": sequence})
        )
    waiting = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    until(
        lambda: sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=waiting)["Attributes"],
        lambda left: {left[name] for name in waiting} == {"0"},
        PATIENCE,
    )
    after = figures()
    assert after == before
    granted = after["authorizations IDN authorization-indonesia"]
    assert (granted["received"], granted["issued"], granted["refused"]) == (1, 1, 0)
    assert (granted["nationality_text"], granted["family"]) == ("Indonesia", "authorization")
    visas = after["london GBR visa-tourism"]
    assert (visas["received"], visas["issued"], visas["refused"]) == (3, 1, 1)


def test_a_desk_sees_its_agencies_with_their_staff(ryoji: Sandbox) -> None:
    listed = ryoji.officer("sato.examiner").ok("GET", "/desk/desks/beijing/agencies")
    (agency,) = listed["agencies"]
    assert (agency["suspended"], agency["used"], agency["may"]) == (False, 0, [])
    assert [account["email"] for account in agency["staff"]] == ["agent@example.cn"]


def test_who_is_not_eligible_is_told_before_anything_is_sent(ryoji: Sandbox) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    case_id = drafted(caller, "authorization-indonesia", BRITISH)
    told_no = caller.call("GET", f"/cases/{case_id}/submission")
    assert (told_no.status, told_no.body["code"]) == (409, "incomplete")
    assert "not_eligible" in {error["code"] for error in told_no.body["errors"]}
