"""A hit that comes to light after an approval: the approval is taken back, and an officer has the case again."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.waits import newly_settled, settled, stage_to_go_on_from
from ryoji.errors import Refused
from tests.unit.cases import walking
from tests.unit.cases.test_visas import CHECKS, HIT, PERMISSION, checked, found, propose
from tests.unit.cases.walking import FIRST, SECOND, Walk

NOT_THEM = {"hit": "h1", "verdict": "other_person", "note": "Born elsewhere."}


def granted() -> Walk:
    """By the programme's rule; the machine has not moved on."""
    return checked().do(commands.grant, checks=CHECKS, version="1")


def fee_due(walk: Walk | None = None, fee: dict[str, Any] = walking.FEE) -> Walk:
    """The machine waits for the fee."""
    walk = (walk or granted()).do(commands.start_stage, stage="payment", due="2026-12-23")
    walk.do(commands.fix_fee, fee=fee)
    return walk.do(commands.open_task, task="payment", token="token-fee", due="2026-12-23")


def begun() -> Walk:
    """Somebody is typing their card."""
    return fee_due().do(commands.start_payment, walking.APPLICANT, payment_intent="pi_1")


def paid() -> Walk:
    """The money has come."""
    return begun().do(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_1")


def issuing() -> Walk:
    """About to be sealed."""
    return paid().do(commands.start_stage, stage="issuance", due=None)


def approved() -> Walk:
    """Decided by officers; the machine has not moved on."""
    return propose(found(walking.claimed(), "screening", hits=[])).do(
        commands.decide, officer=SECOND, outcome="approve", note=None
    )


def late_hit(walk: Walk) -> Walk:
    """The screening's first attempt, which was given up, answers after all."""
    return found(walk, "screening", "review", hits=[HIT])


def looked_at_again(walk: Walk) -> Walk:
    """The clock starts a machine at the evidence, which leads to an officer."""
    for stage in ("evidence", "review"):
        walk.do(commands.start_stage, stage=stage, due=None)
    walk.do(commands.open_task, task="review", token="token-again", due=None)
    return walk.do(commands.claim, officer=FIRST)


def approved_again(walk: Walk) -> Walk:
    """It was somebody else, and two officers say so."""
    looked_at_again(walk).do(commands.decide_hit, officer=FIRST, **NOT_THEM)
    return propose(walk).do(commands.decide, officer=SECOND, outcome="approve", note=None)


def refused(walk: Walk) -> Walk:
    """It was the person of the list."""
    looked_at_again(late_hit(walk))
    walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="same_person", note="The same face.")
    propose(walk, outcome="refuse", ground="13-1-1", reasons="Entry was refused.")
    return walk.do(commands.decide, officer=SECOND, outcome="refuse", note=None)


def kinds(walk: Walk) -> list[str]:
    return [action.kind for action in walk.actions]


def test_a_machine_that_died_after_the_grant_goes_on_to_the_fee_and_looks_no_more() -> None:
    assert stage_to_go_on_from(checked().case) == "evidence"
    assert stage_to_go_on_from(granted().case) == "payment"
    assert fee_due().case.status == "payment"


@pytest.mark.parametrize("until", [granted, approved, fee_due, begun, paid, issuing])
def test_a_late_hit_takes_the_approval_back_and_leads_to_an_officer(until: Any) -> None:
    walk = late_hit(until())
    assert kinds(walk)[-2:] == ["finding_recorded", "approval_recalled"]
    case = walk.case
    assert (case.status, case.granted, case.decision, case.proposal) == ("checking", False, None, None)
    assert settled(case, "review") == "correction"
    assert stage_to_go_on_from(case) == "evidence"
    for stage in ("payment", "issuance"):
        with pytest.raises(Refused, match="wrong_status"):
            commands.start_stage(case, stage=stage, due=None)
    walk = looked_at_again(walk)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
    with pytest.raises(Refused, match="hits_open"):
        propose(walk)
    walk.do(commands.decide_hit, officer=FIRST, **NOT_THEM)
    propose(walk).do(commands.decide, officer=SECOND, outcome="approve", note=None)
    assert settled(walk.case, "review") == "approved"


def test_the_officers_days_do_not_run_while_the_fee_is_waited_for() -> None:
    walk = late_hit(fee_due(approved()))
    ((_began, ended),) = walk.case.review_clock
    assert ended == next(action.at for action in walk.actions if action.kind == "decided")
    looked_at_again(walk)
    assert walk.case.review_clock[-1] == (walk.actions[-3].at, None)
    # What was granted by rule had no officer's day.
    assert len(looked_at_again(late_hit(fee_due())).case.review_clock) == 1


def test_the_machine_that_waits_for_the_fee_is_told() -> None:
    walk = late_hit(fee_due())
    over = newly_settled(walk.actions, len(walk.actions))
    assert [(task.token, outcome) for task, outcome in over] == [("token-fee", "recalled")]


def test_what_was_paid_is_not_paid_twice_after_the_officers_have_agreed() -> None:
    walk = approved_again(late_hit(paid()))
    fee_due(walk)
    assert kinds(walk).count("fee_due") == 1
    assert settled(walk.case, "payment") == "paid"
    walk.do(commands.start_stage, stage="issuance", due=None)
    assert walk.do(commands.issue_permission, **PERMISSION).case.status == "issued"


def test_an_unpaid_fee_is_waited_for_again() -> None:
    walk = approved_again(late_hit(fee_due()))
    walk.do(commands.start_stage, stage="payment", due=None)
    walk.do(commands.open_task, task="payment", token="token-fee-2", due=None)
    assert settled(walk.case, "payment") is None
    walk.do(commands.start_payment, walking.APPLICANT, payment_intent="pi_1")
    walk.do(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_1")
    assert settled(walk.case, "payment") == "paid"


def test_who_is_refused_after_all_has_the_fee_back() -> None:
    walk = refused(paid())
    assert walk.case.status == "refused"
    assert walk.case.payment.owed_back == {"pi_1": walking.FEE["total"]}
    assert refused(begun()).case.payment.still_open == ["pi_1"]


def test_who_does_not_mend_what_was_asked_after_all_has_the_fee_back() -> None:
    walk = looked_at_again(late_hit(paid()))
    item = {"item": "sections/contact", "reason": "Which address is it?"}
    known = frozenset({item["item"]})
    walk.do(commands.request_correction, officer=FIRST, items=[item], known=known, by="2027-02-23")
    walk.do(commands.open_task, task="correction", token="token-correction", due="2027-02-23")
    walk.do(commands.pass_deadline, task="correction", then="lapse")
    assert walk.case.payment.owed_back == {"pi_1": walking.FEE["total"]}
    # What lies ready and is not fetched was made with the fee.
    uncollected = walking.collection().do(commands.pass_deadline, task="handover", then="lapse")
    assert uncollected.case.payment.owed_back == {}


def test_what_is_found_again_and_was_decided_changes_nothing() -> None:
    walk = found(walking.claimed(), "screening", "review", hits=[HIT])
    walk.do(commands.decide_hit, officer=FIRST, **NOT_THEM)
    propose(walk).do(commands.decide, officer=SECOND, outcome="approve", note=None)
    again = walking.finding("screening", "review", hits=[HIT], list="newer")
    walk.do(commands.record_finding, finding=again, door="chain", document=None, upload_id=None)
    assert kinds(walk)[-1] == "finding_recorded"
    assert settled(walk.case, "review") == "approved"


@pytest.mark.parametrize(
    "proposal",
    [{"outcome": "approve"}, {"outcome": "refuse", "ground": "13-1-1", "reasons": "Entry was refused."}],
)
def test_nothing_is_decided_past_a_hit_that_came_after_the_proposal(proposal: dict[str, str]) -> None:
    decided = {"officer": SECOND, "outcome": proposal["outcome"], "note": None}
    walk = late_hit(propose(found(walking.claimed(), "screening", hits=[]), **proposal))
    with pytest.raises(Refused, match="hits_open"):
        walk.do(commands.decide, **decided)
    walk.do(commands.claim, officer=SECOND).do(commands.decide_hit, officer=SECOND, **NOT_THEM)
    assert walk.do(commands.decide, **decided).case.decision


def test_a_hit_that_came_after_the_proposal_does_not_hold_up_sending_back() -> None:
    walk = late_hit(propose(found(walking.claimed(), "screening", hits=[])))
    walk.do(commands.decide, officer=SECOND, outcome="send_back", note="A hit has come to light.")
    walk.do(commands.claim, officer=FIRST).do(commands.decide_hit, officer=FIRST, **NOT_THEM)
    assert propose(walk).case.proposal


def test_nothing_is_issued_past_a_hit_however_it_came_there() -> None:
    walk = issuing()
    # As histories have it that are older than this rule.
    finding = walking.finding("screening", "review", hits=[HIT])
    late = happened("finding_recorded", finding=finding, door="chain", document=None, upload_id=None)
    walk.then([late])
    assert walk.case.status == "issuance"
    with pytest.raises(Refused, match="hits_open"):
        walk.do(commands.issue_permission, **PERMISSION)
    assert walk.do(commands.recall_approval).case.status == "checking"
    assert commands.recall_approval(walk.case) == []
