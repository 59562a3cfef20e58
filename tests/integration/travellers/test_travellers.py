"""Visas and travel authorizations in the deployed sandbox: granted, refused, revoked, used, asked and verified."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from local.api import Caller
from local.journey import until
from local.travellers import (
    BRITISH,
    CHINESE,
    INDIAN_IN_LONDON,
    INDONESIAN,
    Traveller,
    filled,
    passport_page,
    sections,
    send,
)
from tests.independent_reader import read_elsewhere
from tests.integration.carriers.asking import ask, carrier, client_of, desk, holder_of, interchange, passenger
from tests.integration.carriers.asking import send as send_edifact
from tests.integration.renewal.walking import approve, confirm_card
from tests.sandbox import PEOPLE, Sandbox

PATIENCE = 90.0
LONDON = "mission-united-kingdom"
BOARD, NO_BOARD = ("OK_TO_BOARD", True), ("NO_BOARD", False)
PORTRAITS = {"IDN": "hanako.jpg", "GBR": "kenichi.jpg", "IND": "kenichi.jpg", "CHN": "kenichi.jpg"}


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


def flies(ryoji: Sandbox, who: Traveller) -> tuple[str, bool]:
    """What an airline is answered about a traveller: in JSON, and whether in EDIFACT it reads 0Z and no 1Z."""
    asked = {"issuing_state": who.nationality, "nationality": who.nationality, "birth_date": who.birth_date}
    answer = ask(carrier(ryoji), passenger(who.number, **asked))
    text = interchange(who.number, state=who.nationality, birth_date=who.birth_date)
    _, _, told = send_edifact(carrier(ryoji), text)
    return answer.body["answers"][0]["answer"], "ERC+0Z'" in told and "ERC+1Z'" not in told


def holds(ryoji: Sandbox, caller: Caller, case_id: str, who: Traveller, status: str, subject: str) -> None:
    """Wait until airline, stranger and holder are told one and the same, the holder wherever they look."""
    seal = caller.ok("GET", f"/cases/{case_id}/permission")["seal"]
    flying = BOARD if status == "active" else NO_BOARD
    until(lambda: verified(ryoji, seal), lambda seen: seen["permission"] == status, 20)
    until(lambda: {"told": flies(ryoji, who)}, lambda seen: seen["told"] == flying, 20)
    assert caller.ok("GET", f"/cases/{case_id}/permission")["status"] == status
    case = caller.ok("GET", f"/cases/{case_id}")
    assert case["permission"]["status"] == status
    step = ("applicant", "travel") if status == "active" else ("nobody", "none")
    (row,) = [each for each in caller.ok("GET", "/cases")["cases"] if each["case_id"] == case_id]
    asked = {"reference": case["reference"], "birth_date": who.birth_date}
    for shown in (case, row, ryoji.public().ok("POST", "/status", asked)):
        assert (shown["next"]["who"], shown["next"]["action"]) == step
    until(lambda: caller.ok("GET", f"/cases/{case_id}"), lambda case: _written(case, subject), 20)


def _written(case: dict[str, Any], subject: str) -> bool:
    channels = {each["channel"] for each in case["messages"] if subject in each["subject"]}
    return channels == {"email", "portal"}


def _pushed(seen: dict[str, Any], code: str) -> bool:
    return any(f"ERC+{code}'" in each["body"] for each in seen["changes"])


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


def test_a_seal_of_the_ministrys_key_verifies_also_elsewhere_and_a_changed_one_nowhere(
    ryoji: Sandbox, authorized: tuple[Caller, str]
) -> None:
    caller, case_id = authorized
    authority = trusted(ryoji, "authority.cer")
    seal = caller.ok("GET", f"/cases/{case_id}/permission")["seal"]
    assert read_elsewhere(seal, authority)
    changed = seal.replace("HARTONO", "HARTONA")
    assert verified(ryoji, changed)["status"] != "VALID"
    assert not read_elsewhere(changed, authority)


def test_a_revocation_shows_within_seconds_and_can_be_undone(
    ryoji: Sandbox, authorized: tuple[Caller, str]
) -> None:
    caller, case_id = authorized
    assert flies(ryoji, replace(INDONESIAN, number="X7654321")) == NO_BOARD
    assert flies(ryoji, INDONESIAN) == BOARD
    approver = ryoji.officer("suzuki.approver")
    for status, subject in (("revoked", " has been revoked ("), ("active", "The revocation has been undone")):
        approver.ok("POST", f"/desk/cases/{case_id}/permission", {"status": status, "ground": "For a test."})
        holds(ryoji, caller, case_id, INDONESIAN, status, subject)
    # Who had been told that the traveller may board was told of the change, and of the change back.
    until(lambda: desk(ryoji, "XA"), lambda seen: _pushed(seen, "1Z") and _pushed(seen, "0Z"), 60)
    examiner = ryoji.officer("sato.examiner")
    refused = examiner.call("POST", f"/desk/cases/{case_id}/permission", {"status": "revoked", "ground": "x"})
    assert refused.status == 403


def test_a_visa_goes_through_two_officers_and_is_paid_on_issue(ryoji: Sandbox) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    case_id = drafted(caller, "visa-tourism", INDIAN_IN_LONDON, LONDON)
    send(caller, case_id)
    reaches(caller, case_id, "in_review")
    approve(ryoji, case_id)
    due = reaches(caller, case_id, "payment")["fee"]
    # Japan and India ask each other for less: japan.md §7.5.
    assert (due["total"], due["currency"]) == (832, "jpy")
    asked = caller.ok("POST", f"/cases/{case_id}/payment", {})
    confirm_card(ryoji, asked["client_secret"])
    issued = reaches(caller, case_id, "issued")
    assert issued["permission"]["entries"] == "single"
    wallet = caller.ok("GET", f"/cases/{case_id}/permission")
    assert verified(ryoji, wallet["seal"])["status"] == "VALID"
    again = caller.call("GET", f"/cases/{case_id}/submission")
    assert again.status == 409
    assert flies(ryoji, INDIAN_IN_LONDON) == BOARD
    border = holder_of(ryoji, client_of(ryoji, "BorderClient"), "border/report")
    for _ in range(2):
        border.ok("POST", "/partner/entries", {"number": wallet["number"]})
    holds(ryoji, caller, case_id, INDIAN_IN_LONDON, "used", "Your entry into Japan")


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
        issued = found.get("london IND visa-tourism", {}).get("issued")
        return bool(granted.get("issued") and issued and visas.get("refused") and visas["received"] >= 2)

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
    ended = {"london GBR visa-tourism": (2, 0, 1), "london IND visa-tourism": (1, 1, 0)}
    for key, counts in ended.items():
        assert (after[key]["received"], after[key]["issued"], after[key]["refused"]) == counts


def test_a_desk_sees_its_agencies_with_their_staff(ryoji: Sandbox) -> None:
    listed = ryoji.officer("sato.examiner").ok("GET", "/desk/desks/beijing/agencies")
    (agency,) = listed["agencies"]
    assert (agency["suspended"], agency["used"], agency["may"]) == (False, 0, [])
    assert [account["email"] for account in agency["staff"]] == ["agent@example.cn"]


@pytest.mark.parametrize(
    ("status", "subject", "number"),
    # An earlier cancellation is a hit for an officer: so it comes last.
    [
        ("replaced", ": the passport was replaced (", "X2345678"),
        ("cancelled", " has been cancelled (", "X3456789"),
    ],
)
def test_what_is_over_is_over_everywhere(ryoji: Sandbox, status: str, subject: str, number: str) -> None:
    caller = ryoji.applicant("dewi@example.id")
    who = replace(INDONESIAN, number=number)
    case_id = drafted(caller, "authorization-indonesia", who)
    send(caller, case_id)
    if reaches(caller, case_id, "issued", "in_review")["status"] != "issued":
        pytest.fail(json.dumps(ryoji.officer("sato.examiner").ok("GET", f"/desk/cases/{case_id}")["hits"]))
    assert flies(ryoji, who) == BOARD
    change = {"status": status, "ground": "For a test."}
    ryoji.officer("suzuki.approver").ok("POST", f"/desk/cases/{case_id}/permission", change)
    holds(ryoji, caller, case_id, who, status, subject)


def test_a_suspended_agency_sends_nothing_until_it_may_again(ryoji: Sandbox) -> None:
    agent, approver = ryoji.applicant("agent@example.cn"), ryoji.officer("suzuki.approver")
    agency = {"organisation": "sunrise-travel"}
    case_id = drafted(agent, "visa-tourism-china", CHINESE, "mission-china", **agency)
    shown = agent.ok("GET", f"/cases/{case_id}/submission")

    def suspend(suspended: bool) -> Any:
        body = {"suspended": suspended, "reason": "For a test."}
        return approver.ok("POST", "/desk/agencies/sunrise-travel/suspension", body)

    assert suspend(True)["changes"][0]["did"] == "suspended"
    told_no = agent.call("POST", f"/cases/{case_id}/submission", {"digest": shown["digest"]})
    assert (told_no.status, told_no.body["code"]) == (409, "agency_suspended")
    assert agent.ok("GET", f"/cases/{case_id}")["status"] == "draft"
    suspend(False)
    assert send(agent, case_id)["status"] == "checking"
    # The agency is written to about its case, and the traveller about how it stands.
    told = {"s…@example.cn", "w…@example.org", "portal"}
    until(
        lambda: agent.ok("GET", f"/cases/{case_id}"),
        lambda case: {each["to"] for each in case["messages"]} == told,
        PATIENCE,
    )


def test_staff_join_and_leave_an_agency_that_an_officer_makes(ryoji: Sandbox) -> None:
    approver, path = ryoji.officer("suzuki.approver"), "/desk/agencies/kingfisher"
    terms = {
        "name": "Kingfisher",
        "desk": "beijing",
        "procedures": ["visa-tourism-china"],
        "monthly_quota": 5,
        "email": "kingfisher@example.cn",
    }
    assert approver.ok("PUT", path, terms)["staff"] == []
    account = {"email": "oliver@example.uk"}
    assert [each["email"] for each in approver.ok("POST", f"{path}/staff", account)["staff"]] == [
        "oliver@example.uk"
    ]
    unknown = approver.call("POST", f"{path}/staff", {"email": "nobody@example.uk"})
    assert (unknown.status, unknown.body["code"]) == (404, "account_not_found")
    left = approver.ok("POST", f"{path}/staff/removal", account)
    assert left["staff"] == []
    assert [change["did"] for change in left["changes"]] == ["staff_removed", "staff_added", "accredited"]


def test_who_is_not_eligible_is_told_before_anything_is_sent(ryoji: Sandbox) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    case_id = drafted(caller, "authorization-indonesia", BRITISH)
    told_no = caller.call("GET", f"/cases/{case_id}/submission")
    assert (told_no.status, told_no.body["code"]) == (409, "incomplete")
    assert "not_eligible" in {error["code"] for error in told_no.body["errors"]}


def trusted(ryoji: Sandbox, name: str) -> bytes:
    """A file about seals' certificates, as anybody fetches it."""
    with urllib.request.urlopen(f"{ryoji.origin}/trust/{name}", timeout=10) as answer:
        told: bytes = answer.read()
    return told


def revoked(ryoji: Sandbox) -> set[str]:
    """The serials in the published revocation list, which is the authority's, signed by it and not too old."""
    authority = x509.load_der_x509_certificate(trusted(ryoji, "authority.cer"))
    listed = x509.load_der_x509_crl(trusted(ryoji, "revocations.crl"))
    names = {part.oid: part.value for part in listed.issuer}
    assert names == {x509.NameOID.COUNTRY_NAME: "JP", x509.NameOID.COMMON_NAME: "Ryoji Seal CA"}
    assert listed.issuer == authority.subject
    key = authority.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    assert listed.is_signature_valid(key)
    assert listed.next_update_utc is not None
    assert listed.last_update_utc <= datetime.now(UTC) < listed.next_update_utc
    return {f"{entry.serial_number:x}" for entry in listed}


def test_a_signer_that_is_revoked_takes_its_seals_along_and_another_signs_them_again(
    ryoji: Sandbox, authorized: tuple[Caller, str]
) -> None:
    caller, case_id = authorized
    held = caller.ok("GET", f"/cases/{case_id}/permission")
    seal = held["seal"]
    assert verified(ryoji, seal)["status"] == "VALID"
    (signer,) = json.loads(trusted(ryoji, "list.json"))["data"]["signers"]
    assert signer["serial"] not in revoked(ryoji)
    told = ryoji.invoke(
        "keep_certificates", {"do": "revoke", "serial": signer["serial"], "reason": "key_compromise"}
    )
    assert (told["outcome"], told["lacks"]) == ("kept", None)
    # A worker believes a list for a minute before it asks again.
    until(lambda: verified(ryoji, seal), lambda said: said["status"] == "REVOKED_CERTIFICATE", PATIENCE)
    assert signer["serial"] in revoked(ryoji)
    who = Traveller("LESTARI", "RINA", "1979-12-19", "female", "IDN", "X9988776", "IDN")
    another = drafted(caller, "authorization-indonesia", who)
    send(caller, another)
    reaches(caller, another, "issued")
    fresh = caller.ok("GET", f"/cases/{another}/permission")["seal"]
    assert verified(ryoji, fresh)["status"] == "VALID"
    # Whoever has a permission from before is not left with a seal that nobody believes.
    assert ryoji.invoke("issue_permission", {"do": "seal_again"})["all_reached"]
    again = caller.ok("GET", f"/cases/{case_id}/permission")
    assert again["seal"] != seal
    assert {**again, "seal": seal, "code": held["code"], "as_of": held["as_of"]} == held
    verdict = verified(ryoji, again["seal"])
    assert (verdict["status"], verdict["permission"]) == ("VALID", "active")
    assert verdict["content"] == verified(ryoji, seal)["content"]
    assert verified(ryoji, seal)["status"] == "REVOKED_CERTIFICATE"
    assert flies(ryoji, INDONESIAN) == BOARD
    # Once is enough: the next round finds nobody.
    told = ryoji.invoke("issue_permission", {"do": "seal_again"})
    assert told == {"outcome": "sealed_again", "sealed": 0, "all_reached": True}
    assert caller.ok("GET", f"/cases/{case_id}/permission")["seal"] == again["seal"]
    kinds = [each["kind"] for each in caller.ok("GET", f"/cases/{case_id}")["timeline"]]
    assert kinds.count("permission_sealed_again") == 1
