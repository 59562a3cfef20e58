"""The renewal from the first answer to the collected book, in the deployed stack with IAM enforced."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from chaos.histories import faults_of
from local import cloud_logs
from local.journey import person, read_and_sign, sign, until
from tests.integration.renewal.walking import (
    approve,
    confirm_card,
    draft,
    filled,
    make_books,
    reaches,
    submitted,
    tell,
)
from tests.sandbox import Sandbox, pictures


def test_the_whole_way(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = submitted(ryoji, applicant)
    _correct_the_portrait(ryoji, case_id)
    approve(ryoji, case_id)
    _pay_after_a_declined_card(ryoji, case_id)
    make_books(ryoji)
    case = reaches(applicant, case_id, "collection")
    assert case["next"]["action"] == "book"
    _hand_over(ryoji, case_id)
    done = applicant.ok("GET", f"/cases/{case_id}")
    assert done["status"] == "completed"
    _was_told(ryoji, case_id)
    _history_verifies(ryoji, case_id)
    _is_named_in_no_log(ryoji)
    _is_named_in_no_execution(ryoji, case_id)


def _correct_the_portrait(ryoji: Sandbox, case_id: str) -> None:
    applicant, examiner = ryoji.applicant(), ryoji.officer("sato.examiner")
    examiner.ok("POST", f"/desk/cases/{case_id}/claim")
    items = [{"item": "documents/portrait", "reason": "Please look straight ahead."}]
    examiner.ok("POST", f"/desk/cases/{case_id}/correction-request", {"items": items})
    case = reaches(applicant, case_id, "correction")
    assert case["correction"]["items"][0]["reason"] == "Please look straight ahead."
    # Only the item that was asked for is open: what would be a good answer in a draft is not taken.
    contact = next(section["answers"] for section in case["sections"] if section["id"] == "contact")
    moved = {"answers": {**contact, "phone": "03-0000-0000"}}
    closed = applicant.call("PUT", f"/cases/{case_id}/sections/contact", moved)
    assert (closed.status, closed.body["code"]) == (409, "wrong_status")
    applicant.upload(case_id, "portrait", pictures().portrait)
    applicant.ok("POST", f"/cases/{case_id}/correction", {"item": "documents/portrait"})
    reaches(applicant, case_id, "in_review")


def _pay_after_a_declined_card(ryoji: Sandbox, case_id: str) -> None:
    applicant = ryoji.applicant()
    case = reaches(applicant, case_id, "payment")
    assert (case["fee"]["total"], case["fee"]["currency"]) == (15900, "jpy")
    first = applicant.ok("POST", f"/cases/{case_id}/payment")
    again = applicant.ok("POST", f"/cases/{case_id}/payment")
    assert first["payment_intent"] == again["payment_intent"]
    confirm_card(ryoji, first["client_secret"], "4000000000000002")
    until(lambda: applicant.ok("GET", f"/cases/{case_id}"), lambda c: bool(c["fee"]["failed"]), 60)
    confirm_card(ryoji, first["client_secret"])
    reaches(applicant, case_id, "production")
    receipt = applicant.ok("GET", f"/cases/{case_id}/receipt")
    assert receipt["total"] == 15900
    late = applicant.call("POST", f"/cases/{case_id}/payment")
    assert late.status == 409


def _hand_over(ryoji: Sandbox, case_id: str) -> None:
    applicant, counter = ryoji.applicant(), ryoji.officer("tanaka.counter")
    slots = applicant.ok("GET", f"/cases/{case_id}/slots")["slots"]
    applicant.ok("POST", f"/cases/{case_id}/appointment", {"start": slots[0]["start"]})
    day = slots[0]["start"][:10]
    rows = counter.ok("GET", f"/desk/appointments/mission-singapore?date={day}")["appointments"]
    assert case_id in {row["case_id"] for row in rows}
    early = counter.call(
        "POST", f"/desk/cases/{case_id}/handover", {"old_passport": "returned", "identity_confirmed": True}
    )
    assert early.body["code"] == "compare_first"
    counter.upload(case_id, "counter_picture", pictures().portrait, desk=True)
    checked = counter.ok("POST", f"/desk/cases/{case_id}/counter-check")
    assert checked["finding"]["facts"]["band"]
    counter.ok(
        "POST", f"/desk/cases/{case_id}/handover", {"old_passport": "returned", "identity_confirmed": True}
    )


def _was_told(ryoji: Sandbox, case_id: str) -> None:
    subjects = until(
        lambda: ryoji.applicant().ok("GET", f"/cases/{case_id}"),
        lambda c: any("Your passport is ready" in m["subject"] for m in c["messages"]),
        60,
    )["messages"]
    assert all("山田" not in message["to"] for message in subjects)
    url = f"{ryoji.origin}/simulators/mailbox/messages"
    with urllib.request.urlopen(url, timeout=10) as answer:
        box = json.loads(answer.read())
    assert "Your passport is ready" in json.dumps(box)


def _history_verifies(ryoji: Sandbox, case_id: str) -> None:
    def signed() -> dict[str, Any]:
        assert ryoji.invoke("sign_histories", {"do": "sign"})["outcome"] == "signed"
        wrong, unsigned = faults_of(ryoji, [case_id])
        return {"wrong": wrong, "unsigned": unsigned}

    # A letter that was still on its way may be written down after the signing: the next one has it.
    seen = until(signed, lambda seen: bool(seen["wrong"]) or not seen["unsigned"], 60)
    assert seen == {"wrong": {}, "unsigned": []}


# Of the applicant and of what she wrote, also as JSON writes it.
PERSONAL = (
    "山田",
    "花子",
    "ハナコ",
    "YAMADA",
    "HANAKO",
    "TR7654321",
    "hanako@example.jp",
    "1234-5678",
    "8765-4321",
)


def _personal(text: str) -> set[str]:
    return {word for word in PERSONAL if word in text or json.dumps(word)[1:-1] in text}


def _is_named_in_no_log(ryoji: Sandbox) -> None:
    logs = ryoji.running.client("logs")
    lines = 0
    for group in cloud_logs.groups(logs):
        for event in cloud_logs.events(logs, group):
            lines += 1
            assert _personal(event["message"]) == set(), group
    assert lines > 100


def _is_named_in_no_execution(ryoji: Sandbox, case_id: str) -> None:
    machines = ryoji.running.client("stepfunctions")
    executions = [
        execution["executionArn"]
        for machine in machines.list_state_machines()["stateMachines"]
        for execution in machines.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
        if case_id in execution["name"]
    ]
    assert executions
    for execution in executions:
        told = machines.describe_execution(executionArn=execution)
        steps = machines.get_execution_history(executionArn=execution)["events"]
        assert steps
        assert _personal(json.dumps([told, steps], default=str, ensure_ascii=False)) == set()


def test_refusal_with_a_ground_and_reasons(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = submitted(ryoji, applicant)
    examiner, approver = ryoji.officer("sato.examiner"), ryoji.officer("suzuki.approver")
    examiner.ok("POST", f"/desk/cases/{case_id}/claim")
    bare = examiner.call("POST", f"/desk/cases/{case_id}/proposal", {"outcome": "refuse"})
    assert (bare.status, {e["pointer"] for e in bare.body["errors"]}) == (422, {"/ground", "/reasons"})
    reasons = {"outcome": "refuse", "ground": "13-1-3", "reasons": "The sentence is not finished."}
    examiner.ok("POST", f"/desk/cases/{case_id}/proposal", reasons)
    approver.ok("POST", f"/desk/cases/{case_id}/decision", {"outcome": "refuse"})
    case = applicant.ok("GET", f"/cases/{case_id}")
    assert case["status"] == "refused"
    assert case["decision"]["reasons"] == "The sentence is not finished."
    assert "item 3" in case["decision"]["ground"]


def test_nobody_decides_on_their_own_proposal(ryoji: Sandbox) -> None:
    case_id = submitted(ryoji, ryoji.applicant())
    approver = ryoji.officer("suzuki.approver")  # also an examiner
    approver.ok("POST", f"/desk/cases/{case_id}/claim")
    approver.ok("POST", f"/desk/cases/{case_id}/proposal", {"outcome": "approve"})
    own = approver.call("POST", f"/desk/cases/{case_id}/decision", {"outcome": "approve"})
    assert (own.status, own.body["code"]) == (403, "four_eyes")


def test_withdrawal_ends_it_everywhere(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = submitted(ryoji, applicant)
    case = applicant.ok("POST", f"/cases/{case_id}/withdrawal")
    assert case["status"] == "withdrawn"
    claimed = ryoji.officer("sato.examiner").call("POST", f"/desk/cases/{case_id}/claim")
    assert claimed.status == 409
    assert applicant.ok("POST", f"/cases/{case_id}/withdrawal")["status"] == "withdrawn"


def test_a_deadline_that_fires(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = submitted(ryoji, applicant)
    approve(ryoji, case_id)
    reaches(applicant, case_id, "payment")
    swept = ryoji.invoke(
        "move_cases", {"do": "sweep", "as_of": "2027-06-01T00:00:00+00:00", "patience": 10**9}
    )
    assert swept["DeadlinesPassed"] >= 1
    assert reaches(applicant, case_id, "lapsed")["next"]["action"] == "none"


def test_status_without_an_account(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = submitted(ryoji, applicant)
    reference = applicant.ok("GET", f"/cases/{case_id}")["reference"]
    public = ryoji.public()
    told = public.ok("POST", "/status", {"reference": reference.lower(), "birth_date": "1990-01-02"})
    assert told["status"] == "in_review"
    wrong = [
        public.call("POST", "/status", {"reference": reference, "birth_date": "1990-01-03"}) for _ in range(6)
    ]
    assert wrong[0].status == 404
    assert wrong[-1].status == 429


def test_other_peoples_signatures_and_changed_documents_are_refused(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = filled(ryoji, applicant)
    digest = applicant.ok("GET", f"/cases/{case_id}/submission")["digest"]
    other = sign(ryoji.walker, person("sato-kenichi"), digest)
    refused = applicant.call("POST", f"/cases/{case_id}/submission", {"signature": other})
    assert (refused.status, refused.body["code"]) == (409, "signature_refused")
    earlier = sign(ryoji.walker, person("yamada-hanako"), digest)
    contact = applicant.ok("GET", f"/cases/{case_id}")["sections"]
    answers = next(s["answers"] for s in contact if s["id"] == "contact")
    applicant.ok(
        "PUT", f"/cases/{case_id}/sections/contact", {"answers": {**answers, "phone": "03-0000-0000"}}
    )
    changed = applicant.call("POST", f"/cases/{case_id}/submission", {"signature": earlier})
    assert changed.status == 409
    assert read_and_sign(ryoji.walker, applicant, case_id, person("yamada-hanako"))["status"] == "checking"


# How the card and its authority are told to be bad, and to be good again.
BAD_CARDS = (
    ("people/yamada-hanako/certificate", {"status": "revoked"}, {"status": "good"}),
    ("people/yamada-hanako/certificate", {"status": "unknown"}, {"status": "good"}),
    ("behaviour", {"signatures": "signature"}, {"signatures": "none"}),
    ("behaviour", {"signatures": "digest"}, {"signatures": "none"}),
)


def test_a_card_that_is_not_good_signs_nothing_and_nothing_is_lost(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = filled(ryoji, applicant)
    digest = applicant.ok("GET", f"/cases/{case_id}/submission")["digest"]
    for at, bad, good in BAD_CARDS:
        assert tell(f"{ryoji.walker.card}/api/{at}", bad) == 200
        try:
            signature = sign(ryoji.walker, person("yamada-hanako"), digest)
            refused = applicant.call("POST", f"/cases/{case_id}/submission", {"signature": signature})
        finally:
            tell(f"{ryoji.walker.card}/api/{at}", good)
        assert (refused.status, refused.body["code"]) == (409, "signature_refused"), bad
    assert applicant.ok("GET", f"/cases/{case_id}")["status"] == "draft"
    assert read_and_sign(ryoji.walker, applicant, case_id, person("yamada-hanako"))["status"] == "checking"


def test_a_dead_authority_loses_nothing(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    case_id = filled(ryoji, applicant)
    tell(f"{ryoji.walker.card}/api/behaviour", {"ocsp": "down"})
    try:
        case = read_and_sign(ryoji.walker, applicant, case_id, person("yamada-hanako"))
        assert case["status"] == "checking"
        reaches(applicant, case_id, "in_review")
    finally:
        tell(f"{ryoji.walker.card}/api/behaviour", {"ocsp": "ok"})
    desk = ryoji.officer("sato.examiner").ok("GET", f"/desk/cases/{case_id}")
    # The officer is told that nobody could ask whether the certificate is good, not that it is bad.
    found = [finding for finding in desk["findings"] if finding["check"] == "identity"]
    assert {finding["outcome"] for finding in found} == {"unavailable"}
    assert found[0]["reasons"][0]["code"] == "could_not_be_made"


def test_repeating_a_request_changes_nothing(ryoji: Sandbox) -> None:
    applicant = ryoji.applicant()
    first = applicant.call(
        "POST", "/cases", {"procedure": "passport-renewal", "language": "en"}, key="k" * 20
    )
    again = applicant.call(
        "POST", "/cases", {"procedure": "passport-renewal", "language": "en"}, key="k" * 20
    )
    assert first.body["case_id"] == again.body["case_id"]
    assert again.body["sequence"] == 1


def test_somebody_elses_case_looks_like_none(ryoji: Sandbox) -> None:
    case_id = draft(ryoji.applicant())
    stranger = ryoji.applicant("kenichi@example.jp")
    theirs = stranger.call("GET", f"/cases/{case_id}")
    none = stranger.call("GET", "/cases/000000000000000000000000")
    del theirs.body["reference"], none.body["reference"]
    assert (theirs.status, theirs.body) == (none.status, none.body) == (404, none.body)
