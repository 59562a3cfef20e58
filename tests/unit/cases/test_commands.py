"""Every command in every status: what follows, or why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases import commands
from ryoji.cases.access import Caller
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.errors import Conflict, FieldError, Invalid, NotAllowed, Refused, RyojiError
from tests.unit.cases import walking
from tests.unit.cases.walking import FIRST, SECOND, THIRD, Walk

Judge = Callable[[Case], list[NewAction]]
ITEM = [{"item": "documents/portrait", "reason": "Too dark."}]
KNOWN = frozenset({"documents/portrait"})


def given_by(command: Callable[..., list[NewAction]], **what: Any) -> Judge:
    return lambda case: command(case, **what)


REFUSAL: dict[str, Any] = {
    "ground": "13-1-1",
    "reasons": "Entry was refused.",
    "note": None,
    "grounds": walking.GROUNDS,
}
APPROVAL: dict[str, Any] = {"ground": None, "reasons": None, "note": None, "grounds": walking.GROUNDS}
SUBMISSION: dict[str, Any] = {
    "digest": "d" * 64,
    "signed_digest": "d" * 64,
    "signature": {"format": "cms", "value": "b3RoZXI="},
    "reference": "RJ-3333-3333",
    "desk": "tokyo",
    "person": None,
    "identity": walking.finding("identity"),
}

# The command, and what it leads to by status; any other status refuses it.
TABLE: dict[str, tuple[Judge, dict[str, list[str]]]] = {
    "save a section": (
        given_by(commands.save_section, section="contact", answers={"phone": "03-0000-0000"}),
        {"draft": ["section_saved"], "correction": ["section_saved"]},
    ),
    "save a section that was not asked for": (
        given_by(commands.save_section, section="person", answers={"sex": "male"}),
        {"draft": ["section_saved"]},
    ),
    "receive a document": (
        given_by(commands.receive_document, document="portrait", **walking.upload("new")),
        {
            "draft": ["document_received", "finding_recorded"],
            "correction": ["document_received", "finding_recorded"],
        },
    ),
    "receive a document that was not asked for": (
        given_by(commands.receive_document, document="signature", **walking.upload("new")),
        {"draft": ["document_received", "finding_recorded"]},
    ),
    "take a picture at the counter": (
        given_by(commands.receive_counter_picture, **walking.upload("camera")),
        {"collection": ["document_received"]},
    ),
    "read the card": (
        given_by(commands.read_card, attributes={"name": "山田 花子"}, finding=walking.finding("identity")),
        {"draft": ["card_read"]},
    ),
    "submit": (given_by(commands.submit, **SUBMISSION), {"draft": ["finding_recorded", "submitted"]}),
    "claim": (given_by(commands.claim, officer=FIRST), {"in_review": ["claimed"]}),
    "decide without a proposal": (
        given_by(commands.decide, officer=SECOND, outcome="approve", note=None),
        {},
    ),
    "propose without a claim": (
        given_by(commands.propose, officer=FIRST, outcome="approve", **APPROVAL),
        {},
    ),
    "ask for a correction without a claim": (
        given_by(commands.request_correction, officer=FIRST, items=ITEM, known=KNOWN, by="2027-01-01"),
        {},
    ),
    "say that an item is mended which is not": (
        given_by(commands.correct, item="documents/portrait", **walking.AGAIN),
        {},
    ),
    "say that something else is mended": (
        given_by(commands.correct, item="documents/signature", **walking.AGAIN),
        {},
    ),
    "start a payment": (
        given_by(commands.start_payment, payment_intent="pi_9"),
        {"payment": ["payment_started"]},
    ),
    "withdraw": (
        commands.withdraw,
        {
            "draft": ["withdrawn"],
            "checking": ["withdrawn"],
            "in_review": ["withdrawn"],
            "correction": ["withdrawn"],
            "payment": ["withdrawn"],
            "withdrawn": [],
        },
    ),
    "register another book": (
        given_by(commands.register_book, order_id=f"{walking.CASE}.2", **walking.BOOK),
        {},
    ),
    "book another visit": (
        given_by(commands.book_appointment, office=walking.OFFICE, start="2026-11-24T10:00+09:00"),
        {"collection": ["appointment_cancelled", "appointment_booked"]},
    ),
    "cancel the visit": (commands.cancel_appointment, {"collection": ["appointment_cancelled"]}),
    "hand over without a comparison": (
        given_by(commands.hand_over, old_passport="returned", identity_confirmed=True),
        {"completed": []},
    ),
}


@pytest.mark.parametrize("status", sorted(walking.EVERYWHERE))
@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_command_in_every_status(name: str, status: str) -> None:
    judge, follows = TABLE[name]
    case = walking.EVERYWHERE[status]().case
    assert case.status == status
    if status not in follows:
        with pytest.raises(Refused):
            judge(case)
        return
    assert [step.kind for step in judge(case)] == follows[status]


MACHINE: dict[str, Judge] = {
    "start a stage": given_by(commands.start_stage, stage="payment", due=None),
    "fix the fee": given_by(commands.fix_fee, fee=walking.FEE),
    "a deadline": given_by(commands.pass_deadline, task="payment", then="lapse"),
}


@pytest.mark.parametrize("status", ["completed", "refused", "withdrawn", "lapsed"])
@pytest.mark.parametrize("name", sorted(MACHINE))
def test_a_machine_that_comes_late_changes_nothing_of_an_ended_case(name: str, status: str) -> None:
    assert MACHINE[name](walking.EVERYWHERE[status]().case) == []


AGAIN: dict[str, tuple[Callable[[], Walk], Judge]] = {
    "open": (
        walking.opened,
        given_by(
            commands.open_draft, procedure="x", version="1", language="ja", holder="somebody", email=None
        ),
    ),
    "save": (
        walking.draft,
        given_by(commands.save_section, section="contact", answers=walking.SECTIONS["contact"]),
    ),
    "receive": (
        walking.draft,
        given_by(commands.receive_document, document="portrait", **walking.upload("portrait")),
    ),
    "submit": (
        walking.in_review,
        given_by(commands.submit, **{**SUBMISSION, "signature": walking.SIGNATURE}),
    ),
    "stage": (walking.in_review, given_by(commands.start_stage, stage="review", due="2027-01-01")),
    "task": (
        walking.in_review,
        given_by(commands.open_task, task="review", token="token-review-1", due=None),
    ),
    "claim": (walking.claimed, given_by(commands.claim, officer=FIRST)),
    "release": (walking.in_review, given_by(commands.release, officer=FIRST)),
    "fee": (walking.payment, given_by(commands.fix_fee, fee={**walking.FEE, "total": 1})),
    "start": (
        lambda: walking.payment().do(commands.start_payment, payment_intent="pi_1"),
        given_by(commands.start_payment, payment_intent="pi_1"),
    ),
    "pay": (
        walking.paid,
        given_by(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_2"),
    ),
    "order": (walking.production, given_by(commands.order_production, order_id="another")),
    "register": (
        walking.collection,
        given_by(commands.register_book, order_id=f"{walking.CASE}.1", **walking.BOOK),
    ),
    "book": (
        walking.collection,
        given_by(commands.book_appointment, office=walking.OFFICE, start=walking.SLOT),
    ),
    "machine": (
        lambda: walking.in_review().do(commands.machine_started, execution="e"),
        given_by(commands.machine_started, execution="e"),
    ),
}


@pytest.mark.parametrize("name", sorted(AGAIN))
def test_what_is_so_already_changes_nothing(name: str) -> None:
    walk, judge = AGAIN[name]
    assert judge(walk().case) == []


def test_what_was_signed_must_be_what_it_says_now() -> None:
    changed = {**SUBMISSION, "signed_digest": "e" * 64}
    with pytest.raises(Refused, match="changed_since_signed"):
        commands.submit(walking.draft().case, **changed)
    # Where an account is enough, nobody has signed.
    with pytest.raises(Refused, match="digest_changed"):
        commands.submit(walking.draft().case, **{**changed, "signature": None})


GROWING: dict[str, tuple[Callable[..., walking.Walk], Callable[[Case], Any]]] = {
    "a section": (
        walking.opened,
        lambda case: commands.save_section(case, section="contact", answers={}),
    ),
    "a document": (
        walking.opened,
        lambda case: commands.receive_document(case, document="portrait", **walking.upload("another")),
    ),
    "a mended section": (
        walking.correction,
        lambda case: commands.save_section(case, section="contact", answers={}),
    ),
    "a check": (
        walking.draft,
        lambda case: commands.record_finding(
            case,
            finding=walking.finding("portrait"),
            door="upload",
            document="portrait",
            upload_id="upload-portrait",
        ),
    ),
    "a card": (
        walking.draft,
        lambda case: commands.read_card(case, attributes={"name": "A"}, finding=walking.finding("identity")),
    ),
    "a visit": (
        walking.collection,
        lambda case: commands.book_appointment(case, office=walking.OFFICE, start="2027-01-12T09:00+09:00"),
    ),
}


@pytest.mark.parametrize("name", sorted(GROWING))
def test_an_applicant_makes_no_history_endless(name: str) -> None:
    walk, judge = GROWING[name]
    case = walk().case
    assert judge(case)
    case.sequence = commands.MAX_ACTIONS + 1
    with pytest.raises(Refused, match="too_many_changes"):
        judge(case)


def test_a_full_history_can_still_be_ended() -> None:
    full = walking.draft().case
    full.sequence = commands.MAX_ACTIONS + 1
    assert commands.submit(full, **SUBMISSION)
    assert commands.withdraw(full)


def test_the_same_card_is_kept_once() -> None:
    what: dict[str, Any] = {"attributes": {"name": "A"}, "finding": walking.finding("identity")}
    walk = walking.draft().do(commands.read_card, walking.APPLICANT, **what)
    assert commands.read_card(walk.case, **what) == []


LOOKS: dict[str, tuple[str, str]] = {
    "portrait": ("portrait", "portrait"),
    "page": ("travel_document", "passport_page"),
}


@given(
    steps=st.lists(st.sampled_from(["look", "section", "picture", "other picture", "card"]), max_size=14),
    which=st.sampled_from(sorted(LOOKS)),
)
def test_what_was_found_at_upload_is_told_again_until_what_it_saw_changes(
    steps: list[str], which: str
) -> None:
    check, document = LOOKS[which]
    walk, known = walking.draft(), False
    other = {"portrait": "passport_page", "passport_page": "portrait"}[document]
    for n, step in enumerate(steps):
        if step == "look":
            found = commands.found_at_upload(walk.case, check, document)
            assert (found is not None) is known
            upload = walk.case.documents[document].upload_id
            what: dict[str, Any] = {"finding": walking.finding(check), "door": "upload", "document": document}
            before = len(walk.actions)
            walk.do(commands.record_finding, upload_id=upload, looked_at=walk.case.sequence, **what)
            assert (len(walk.actions) == before) is known
            known = True
        elif step == "section":
            walk.do(commands.save_section, section="contact", answers={"phone": str(n)})
            known = known and check == "portrait"
        elif step == "card":
            card = {"attributes": {"name": str(n)}, "finding": walking.finding("identity")}
            walk.do(commands.read_card, **card)
            known = known and check == "portrait"
        else:
            changed = document if step == "picture" else other
            walk.do(commands.receive_document, document=changed, **walking.upload(f"picture-{n}"))
            known = known and changed != document and check == "portrait"


def test_what_could_not_be_looked_at_is_looked_at_again() -> None:
    what: dict[str, Any] = {"door": "upload", "document": "portrait", "upload_id": "upload-portrait"}
    lacking = walking.finding("portrait", "unavailable")
    walk = walking.draft().do(commands.record_finding, finding=lacking, **what)
    assert commands.found_at_upload(walk.case, "portrait", "portrait") is None
    assert commands.record_finding(walk.case, finding=lacking, **what) == []


def test_a_case_that_a_colleague_holds_stays_theirs() -> None:
    case = walking.claimed().case
    with pytest.raises(Refused, match="claimed_by_another") as caught:
        commands.claim(case, officer=SECOND)
    assert caught.value.params == {"officer": FIRST.name}
    examiner = replace(SECOND, roles=frozenset({"examiner", "counter"}))
    for command in (commands.release, _ask, _propose):
        with pytest.raises(Refused, match="claim_first"):
            command(case, officer=examiner)


def test_an_approver_gives_the_case_of_a_colleague_who_is_away_back_to_the_queue() -> None:
    walk = walking.claimed()
    walk.do(commands.release, officer=SECOND)
    assert walk.case.claimed_by is None
    assert (walk.actions[-1].kind, walk.actions[-1].by.name) == ("released", SECOND.name)
    assert walk.do(commands.claim, officer=THIRD).case.claimed_by


def _ask(case: Case, officer: Caller) -> list[NewAction]:
    return commands.request_correction(case, officer=officer, items=ITEM, known=KNOWN, by="2027-01-01")


def _propose(case: Case, officer: Caller, outcome: str = "approve") -> list[NewAction]:
    said = REFUSAL if outcome == "refuse" else APPROVAL
    return commands.propose(case, officer=officer, outcome=outcome, **said)


@pytest.mark.parametrize(
    ("items", "pointers"),
    [
        ([], ["/items"]),
        ([{"item": "documents/pet", "reason": "x"}], ["/items/0/item"]),
        ([{"item": "documents/portrait", "reason": " "}], ["/items/0/reason"]),
        ([*ITEM, {"item": "", "reason": ""}], ["/items/1/item", "/items/1/reason"]),
    ],
)
def test_a_correction_says_what_and_why(items: list[dict[str, str]], pointers: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        commands.request_correction(
            walking.claimed().case, officer=FIRST, items=items, known=KNOWN, by="2027-01-01"
        )
    assert [field.pointer for field in caught.value.fields] == pointers


@pytest.mark.parametrize(
    ("ground", "reasons", "pointers"),
    [
        (None, None, ["/ground", "/reasons"]),
        ("13-1-9", "Because.", ["/ground"]),
        ("13-1-1", "  ", ["/reasons"]),
    ],
)
def test_a_refusal_has_a_ground_and_reasons(
    ground: str | None, reasons: str | None, pointers: list[str]
) -> None:
    with pytest.raises(Invalid) as caught:
        commands.propose(
            walking.claimed().case,
            officer=FIRST,
            outcome="refuse",
            ground=ground,
            reasons=reasons,
            note=None,
            grounds=walking.GROUNDS,
        )
    assert [field.pointer for field in caught.value.fields] == pointers


def test_the_refusal_that_is_decided_says_what_was_proposed() -> None:
    decision = walking.refused().case.decision
    assert decision is not None
    assert (decision.ground, decision.reasons, decision.by.name) == ("13-1-1", "Entry was refused.", "鈴木")


def test_a_decision_agrees_or_sends_back() -> None:
    with pytest.raises(Refused, match="differs_from_proposal"):
        commands.decide(walking.proposed("approve").case, officer=SECOND, outcome="refuse", note=None)
    sent_back = walking.proposed("approve").do(
        commands.decide, officer=SECOND, outcome="send_back", note="Look again."
    )
    assert (sent_back.case.proposal, sent_back.case.decision) == (None, None)
    assert commands.claim(sent_back.case, officer=FIRST)


def test_after_the_decision_nothing_is_reviewed_any_more() -> None:
    case = walking.approved().case
    assert case.status == "in_review"
    with pytest.raises(Refused, match="already_decided"):
        commands.claim(case, officer=THIRD)
    with pytest.raises(Refused, match="already_decided"):
        commands.decide(case, officer=THIRD, outcome="approve", note=None)


def test_a_correction_makes_an_earlier_proposal_void() -> None:
    walk = walking.proposed("approve").do(commands.claim, officer=SECOND)
    walk.then(_ask(walk.case, SECOND), walking.officer(SECOND))
    walk.do(commands.receive_document, walking.APPLICANT, document="portrait", **walking.upload("better"))
    walk.do(commands.correct, walking.APPLICANT, item="documents/portrait", **walking.AGAIN)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due=None)
    with pytest.raises(Refused, match="no_proposal"):
        commands.decide(walk.case, officer=THIRD, outcome="approve", note=None)


def test_an_item_is_mended_once_it_was_changed_and_all_of_them_lead_on() -> None:
    walk = walking.correction()
    for item in ("documents/portrait", "sections/contact"):
        with pytest.raises(Refused, match="not_changed_yet"):
            commands.correct(walk.case, item=item, **walking.AGAIN)
    walk.do(commands.receive_document, walking.APPLICANT, document="portrait", **walking.upload("better"))
    walk.do(commands.correct, walking.APPLICANT, item="documents/portrait", **walking.AGAIN)
    assert walk.case.status == "correction"
    assert commands.correct(walk.case, item="documents/portrait", **walking.AGAIN) == []
    with pytest.raises(Refused):  # said to be mended, it is closed again
        commands.receive_document(walk.case, document="portrait", **walking.upload("third"))
    answers = {**walking.SECTIONS["contact"], "phone": "03-9999-9999"}
    walk.do(commands.save_section, walking.APPLICANT, section="contact", answers=answers)
    walk.do(commands.correct, walking.APPLICANT, item="sections/contact", **walking.AGAIN)
    assert (walk.case.status, walk.case.correction) == ("checking", {})


def test_a_deadline_passes_once_and_never_over_what_was_done() -> None:
    late = walking.in_review().do(commands.pass_deadline, task="review", then="escalate")
    assert late.case.overdue == {"review"}
    assert commands.pass_deadline(late.case, task="review", then="escalate") == []
    assert commands.pass_deadline(walking.paid().case, task="payment", then="lapse") == []
    assert commands.pass_deadline(walking.approved().case, task="review", then="escalate") == []


def test_an_uncollected_book_gives_its_slot_back() -> None:
    passed = commands.pass_deadline(walking.collection().case, task="handover", then="lapse")
    assert [step.kind for step in passed] == ["deadline_passed", "appointment_cancelled", "lapsed"]


def test_withdrawing_what_is_paid_owes_the_money_back() -> None:
    steps = commands.withdraw(walking.paid().case)
    assert [step.kind for step in steps] == ["refund_due", "withdrawn"]
    assert (steps[0].body["payment_intent"], steps[0].body["amount"]) == ("pi_1", 15900)


def test_a_second_intent_is_not_taken_while_one_is_usable() -> None:
    started = walking.payment().do(commands.start_payment, payment_intent="pi_1")
    assert commands.start_payment(started.case, payment_intent="pi_2") == []


def test_after_a_cancelled_intent_comes_a_new_one_and_never_the_old_one_again() -> None:
    started = walking.payment().do(commands.start_payment, payment_intent="pi_1")
    facts = walking.intent_facts(status="canceled", received=0)
    started.do(commands.hear_of_payment, facts=facts, event="evt_1")
    with pytest.raises(Conflict):
        commands.start_payment(started.case, payment_intent="pi_1")
    started.do(commands.start_payment, payment_intent="pi_2")
    assert started.case.payment.intent == "pi_2"


def test_a_task_of_a_machine_that_was_given_up_takes_nothing_from_the_living_one() -> None:
    walk = walking.in_review().do(commands.open_task, task="review", token="token-of-the-next", due=None)
    assert commands.open_task(walk.case, task="review", token="token-review-1", due="2026-12-01") == []
    assert walk.case.tasks["review"].token == "token-of-the-next"


@pytest.mark.parametrize("ended", ["withdrawn", "lapsed"])
def test_money_that_comes_late_goes_back_and_wakes_nothing(ended: str) -> None:
    started = walking.payment().do(commands.start_payment, payment_intent="pi_1")
    if ended == "withdrawn":
        started.do(commands.withdraw, walking.APPLICANT)
    else:
        started.do(commands.pass_deadline, task="payment", then="lapse")
    late = started.do(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_9")
    assert late.actions[-1].kind == "refund_due"
    assert late.actions[-1].body["reason"] == f"late_{ended}"
    assert late.case.status == ended
    assert late.case.payment.owed_back == {"pi_1": 15900}
    assert commands.hear_of_payment(late.case, facts=walking.intent_facts(), event="evt_10") == []


def test_a_book_has_one_number() -> None:
    case = walking.collection().case
    with pytest.raises(Refused, match="book_already_registered"):
        commands.register_book(
            case, order_id=f"{walking.CASE}.1", **{**walking.BOOK, "book_number": "TZ0000000"}
        )


def test_a_book_is_handed_to_whom_the_officer_knows() -> None:
    with pytest.raises(Invalid) as caught:
        commands.hand_over(walking.compared().case, old_passport="returned", identity_confirmed=False)
    assert [field.pointer for field in caught.value.fields] == ["/identity_confirmed"]


def test_a_comparison_of_an_earlier_picture_does_not_count() -> None:
    again = walking.compared().do(commands.receive_counter_picture, **walking.upload("another person"))
    with pytest.raises(Refused, match="compare_first"):
        commands.hand_over(again.case, old_passport="returned", identity_confirmed=True)


def test_a_finding_of_the_chain_is_recorded_once_a_round() -> None:
    what: dict[str, Any] = {
        "finding": walking.finding("portrait"),
        "door": "chain",
        "document": "portrait",
        "upload_id": "upload-portrait",
    }
    assert commands.record_finding(walking.in_review().case, **what) == []
    assert commands.record_finding(walking.correction().case, **what)
    assert commands.record_finding(walking.in_review().case, **{**what, "door": "upload"})


def test_a_message_is_recorded_once() -> None:
    said = {"event": "paid", "to": "h…@example.jp", "language": "ja", "subject": "s", "body": "b"}
    walk = walking.paid().do(commands.message_sent, about=3, channel="email", **said)
    assert commands.message_sent(walk.case, about=3, channel="email", **said) == []
    assert commands.message_sent(walk.case, about=3, channel="portal", **said)
    assert commands.message_sent(walk.case, about=4, channel="email", **said)


# Four eyes: whatever a handful of officers try in whatever order.
people = st.sampled_from([FIRST, SECOND, THIRD])
deeds = st.sampled_from(["claim", "release", "approve", "refuse", "agree", "object", "send_back", "ask"])
attempts = st.lists(st.tuples(people, deeds), max_size=40)


def attempt(case: Case, who: Caller, deed: str) -> list[NewAction]:
    if deed in ("approve", "refuse"):
        return _propose(case, who, deed)
    if deed == "claim":
        return commands.claim(case, officer=who)
    if deed == "release":
        return commands.release(case, officer=who)
    if deed == "ask":
        return _ask(case, who)
    outcome = {"agree": "approve", "object": "refuse"}.get(deed, deed)
    return commands.decide(case, officer=who, outcome=outcome, note=None)


def follow(walk: Walk) -> None:
    """The applicant mends at once what is asked for, and the machine brings the case back."""
    if walk.case.status != "correction":
        return
    walk.do(commands.receive_document, document="portrait", **walking.upload(str(len(walk.actions))))
    walk.do(commands.correct, item="documents/portrait", **walking.AGAIN)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due=None)


@given(attempts)
def test_nobody_ever_decides_on_their_own_proposal(tries: list[tuple[Caller, str]]) -> None:
    walk = walking.in_review()
    for who, deed in tries:
        try:
            walk.then(attempt(walk.case, who, deed), walking.officer(who))
        except (Refused, NotAllowed):
            continue
        follow(walk)
    # Read from the history alone, and not from the fold that the commands went by.
    proposer, settled = None, False
    for action in walk.actions:
        if action.kind == "proposed":
            assert not settled
            proposer = action.by.id
        if action.kind == "correction_requested":
            assert not settled
            proposer = None
        if action.kind == "decided":
            assert proposer is not None
            assert action.by.id != proposer
            assert not settled
            settled = action.body["outcome"] != "send_back"
            proposer = None


def test_the_four_eyes_are_said_to_be_the_reason() -> None:
    with pytest.raises(NotAllowed, match="four_eyes"):
        commands.decide(walking.proposed().case, officer=FIRST, outcome="approve", note=None)
    with pytest.raises(Refused, match="four_eyes"):
        commands.claim(walking.proposed().case, officer=FIRST)


def test_refusals_carry_the_status_for_their_text() -> None:
    with pytest.raises(RyojiError) as caught:
        commands.must_be(walking.lapsed().case, "draft")
    assert (caught.value.code, caught.value.params) == ("wrong_status", {"status": "lapsed"})


@pytest.mark.parametrize(
    ("walk", "stage"),
    [
        (walking.draft, "evidence"),
        (walking.checking, "payment"),
        (walking.in_review, "payment"),
        (walking.in_review, "evidence"),
        (walking.correction, "evidence"),
        (walking.approved, "issuance"),
        (walking.payment, "production"),
        (walking.payment, "issuance"),
        (walking.payment, "review"),
        (walking.production, "handover"),
        (walking.collection, "payment"),
    ],
)
def test_a_late_or_early_step_moves_no_case(walk: Callable[[], Walk], stage: str) -> None:
    with pytest.raises(Refused, match="wrong_status"):
        commands.start_stage(walk().case, stage=stage, due=None)


def test_a_check_or_a_machine_that_comes_after_the_end_says_nothing() -> None:
    ended = walking.withdrawn().case
    late: dict[str, Any] = {
        "finding": walking.finding("faces"),
        "door": "chain",
        "document": None,
        "upload_id": None,
    }
    assert commands.record_finding(ended, **late) == []
    assert commands.machine_started(ended, execution="another") == []


def test_a_deadline_of_a_task_that_nobody_opened_ends_nothing() -> None:
    assert commands.pass_deadline(walking.in_review().case, task="payment", then="lapse") == []


def test_who_withdraws_gets_back_what_was_not_given_back_before() -> None:
    walk = walking.paid()
    by_hand = walking.intent_facts(refunded=5000)
    walk.do(commands.hear_of_payment, facts=by_hand, event="evt_2").do(commands.withdraw)
    assert walk.case.payment.owed_back == {"pi_1": 10900}


def test_what_the_house_opened_waits_for_nobody_once_it_is_there() -> None:
    walk = walking.correction()
    lacking = {**walking.AGAIN, "absent": (FieldError("/sections/guardian", "required"),)}
    walk.do(commands.receive_document, document="portrait", **walking.upload("mended"))
    walk.do(commands.save_section, section="contact", answers={"phone": "1"})
    walk.do(commands.correct, item="sections/contact", **lacking)
    walk.do(commands.correct, item="documents/portrait", **lacking)
    assert walk.case.correction.keys() - walk.case.corrected == {"sections/guardian"}
    # A third item that the guardian's being named breaks again is open once more, and closes all of it.
    broken = {**walking.AGAIN, "absent": (FieldError("/sections/contact/phone", "form"),)}
    walk.do(commands.save_section, section="guardian", answers={"phone": "2"})
    walk.do(commands.correct, item="sections/guardian", **broken)
    assert walk.case.correction.keys() - walk.case.corrected == {"sections/contact"}
    with pytest.raises(Refused, match="not_changed_yet"):
        commands.correct(walk.case, item="sections/contact", **walking.AGAIN)
    walk.do(commands.save_section, section="contact", answers={"phone": "3"})
    assert walk.do(commands.correct, item="sections/contact", **walking.AGAIN).case.status == "checking"


def test_what_the_house_opened_and_nobody_needs_any_more_is_closed_with_the_rest() -> None:
    walk = walking.correction()
    both = (FieldError("/sections/guardian", "required"), FieldError("/sections/contact/phone", "form"))
    walk.do(commands.receive_document, document="portrait", **walking.upload("mended"))
    walk.do(commands.save_section, section="contact", answers={"phone": "1"})
    walk.do(commands.correct, item="sections/contact", **walking.AGAIN)
    walk.do(commands.correct, item="documents/portrait", **{**walking.AGAIN, "absent": both})
    assert walk.case.correction.keys() - walk.case.corrected == {"sections/guardian", "sections/contact"}
    walk.do(commands.save_section, section="contact", answers={"phone": "2"})
    walk.do(commands.correct, item="sections/contact", **{**walking.AGAIN, "desk": "another"})
    assert (walk.case.status, walk.case.desk, walk.case.correction) == ("checking", "another", {})
