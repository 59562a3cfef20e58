"""What each command means for a case as it is: the actions that follow, or why it cannot be.

Pure judgements: `(case, …) -> list[NewAction]`. An empty list says that it is already so. Refused says that the
state does not allow it, Invalid that what was sent is wrong. Four eyes: the deciding officer is never the proposing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ryoji.cases.access import Caller, may_release
from ryoji.cases.actions import NewAction, happened
from ryoji.cases.case import Case, RecordedFinding
from ryoji.cases.grants import Wanted, clear
from ryoji.cases.standing import CHANGES, standing
from ryoji.cases.waits import is_waited_for, last_day, settled
from ryoji.errors import Conflict, FieldError, Invalid, NotAllowed, Refused
from ryoji.evidence.screening.hits import all_hits, judge_hit, must_all_be_decided, waiting_hits
from ryoji.payments.facts import PaymentFacts
from ryoji.payments.judgement import judge

# Until something is made or issued on it, an approval can be taken back.
RECALLABLE = frozenset({"checking", "in_review", "payment", "issuance"})
WITHDRAWABLE = frozenset({"draft", "checking", "in_review", "correction", "payment"})
# Every command reads the whole history, so an applicant makes it no longer than this.
MAX_ACTIONS = 2000


def must_be(case: Case, *statuses: str) -> None:
    """Raise Refused unless the case has one of these statuses."""
    if case.status not in statuses:
        raise Refused("wrong_status", status=case.status)


def open_draft(
    case: Case,
    *,
    procedure: str,
    version: str,
    language: str,
    holder: str,
    email: str | None,
    group: str | None = None,
    relation: str | None = None,
) -> list[NewAction]:
    """Open a draft under the version of the procedure in force today; `group` joins applications made together.

    `relation`: in a family, what the traveller is to its first applicant.
    """
    if case.sequence:
        return []
    opened = {"procedure": procedure, "version": version, "language": language, "holder": holder}
    return [happened("opened", **opened, email=email, group=group, relation=relation)]


def must_be_open_for(case: Case, item: str) -> None:
    """Raise Refused unless the item (`sections/…` or `documents/…`) may be changed now."""
    asked_for = case.status == "correction" and item in case.correction and item not in case.corrected
    if case.status != "draft" and not asked_for:
        raise Refused("wrong_status", status=case.status)
    must_have_room(case)


def must_have_room(case: Case) -> None:
    """Raise Refused when the applicant has made the history so long that it takes only what ends it.

    What can be done once or a few times (send, say that an item is mended, pay, withdraw) is not counted.
    """
    if case.sequence > MAX_ACTIONS:
        raise Refused("too_many_changes")


def save_section(case: Case, *, section: str, answers: dict[str, Any]) -> list[NewAction]:
    """Keep one section's validated answers, in a draft or where a correction was asked for."""
    must_be_open_for(case, f"sections/{section}")
    if case.sections.get(section) == answers:
        return []
    return [happened("section_saved", section=section, answers=answers)]


def receive_document(case: Case, *, document: str, **upload: Any) -> list[NewAction]:
    """Keep a clean upload as the document's latest."""
    must_be_open_for(case, f"documents/{document}")
    if any(d.upload_id == upload["upload_id"] for d in case.documents.values()):
        return []
    return [happened("document_received", document=document, **upload), _looked_at(document, upload)]


def _looked_at(document: str, upload: dict[str, Any]) -> NewAction:
    facts = {"width": upload["width"], "height": upload["height"]}
    finding = {"check": "image", "outcome": "pass", "reasons": [], "facts": facts}
    return happened(
        "finding_recorded", finding=finding, door="upload", document=document, upload_id=upload["upload_id"]
    )


def receive_counter_picture(case: Case, **upload: Any) -> list[NewAction]:
    """Keep the picture that was taken at the counter."""
    must_be(case, "collection")
    return [happened("document_received", document="counter_picture", **upload)]


def record_finding(
    case: Case,
    *,
    finding: dict[str, Any],
    door: str,
    document: str | None,
    upload_id: str | None,
    looked_at: int | None = None,
) -> list[NewAction]:
    """Record what a check found; what it found before, on the same, at the same door, in this round, is known.

    A check that answers after the application is over has nothing more to say about it. One that was slow may bring a
    hit after the approval, which is taken back then.
    """
    if case.ended:
        return []
    if _is_known(case, finding, (door, document, upload_id)):
        return []
    if door == "upload":
        must_have_room(case)
    return [
        happened(
            "finding_recorded",
            finding=finding,
            door=door,
            document=document,
            upload_id=upload_id,
            looked_at=looked_at,
        ),
        *recall_approval(case, finding),
    ]


def _is_known(case: Case, finding: dict[str, Any], place: tuple[str, str | None, str | None]) -> bool:
    """Whether this was found before and nothing else since: a screening's hits may be several findings."""
    newest = case.newest(finding["check"], place[1])
    if newest is None or (newest.door, newest.finding["outcome"]) != (place[0], finding["outcome"]):
        return False
    return any(
        (each.door, each.document, each.upload_id) == place
        and each.finding == finding
        and still_speaks(case, each)
        for each in case.findings
    )


def still_speaks(case: Case, known: RecordedFinding) -> bool:
    """Whether a finding is about what the case says now, and was made since the last correction was asked for."""
    unchanged = known.looked_at >= case.last_change(known.finding["check"], known.document)
    return unchanged and known.sequence > case.correction_sequence and case.is_current(known)


def found_at_upload(case: Case, check: str, document: str) -> RecordedFinding | None:
    """What the applicant was told of the upload that is there, if looking again would find the same."""
    known = case.newest(check, document)
    if known is None or known.door != "upload" or known.finding["outcome"] == "unavailable":
        return None
    return known if still_speaks(case, known) else None


def read_card(case: Case, *, attributes: dict[str, Any], finding: dict[str, Any]) -> list[NewAction]:
    """Keep the card's four attributes to fill in the form."""
    must_be(case, "draft")
    if case.card == attributes:
        return []
    must_have_room(case)
    return [happened("card_read", attributes=attributes, finding=finding)]


def submit(
    case: Case,
    *,
    digest: str,
    signed_digest: str,
    signature: dict[str, str] | None,
    reference: str,
    desk: str,
    person: str | None,
    identity: dict[str, Any] | None,
) -> list[NewAction]:
    """Send the application: what was signed or confirmed must be what the case says now (外務省令 L10 art 4).

    Where an account is enough, there is neither a signature nor a finding about one.
    """
    if case.submitted_at and case.signature == signature and case.digest == signed_digest:
        return []
    must_be(case, "draft")
    if signed_digest != digest:
        raise Refused("changed_since_signed" if signature else "digest_changed")
    return [
        *([happened("finding_recorded", finding=identity, door="upload")] if identity else []),
        happened(
            "submitted", reference=reference, digest=digest, signature=signature, desk=desk, person=person
        ),
    ]


def start_stage(case: Case, *, stage: str, due: str | None) -> list[NewAction]:
    """The machine enters a stage; entering the one that it is in changes nothing.

    A stage follows only from what the case says. Raises Refused for a step that comes late or from a machine that
    was given up, so that it neither takes the case back nor past an approval or a fee.
    """
    if case.ended or case.stage == stage:
        return []
    if not _may_enter(case, stage):
        raise Refused("wrong_status", status=case.status)
    return [happened("stage_started", stage=stage, due=due)]


def _may_enter(case: Case, stage: str) -> bool:
    approved = settled(case, "review") == "approved"
    if stage in ("evidence", "review"):
        return case.status == "checking" and not approved
    if stage == "payment":
        return case.status in ("checking", "in_review") and approved
    if stage in ("production", "issuance"):
        return case.status == "payment" and settled(case, "payment") == "paid"
    return case.status == "production" and case.book is not None


def open_task(case: Case, *, task: str, token: str, due: str | None) -> list[NewAction]:
    """Something waits for a person or a partner; the token completes the machine's wait.

    A wait has its own token, so one that was opened before comes late, and takes nothing from the wait that lives.
    """
    if token in case.tokens:
        return []
    return [happened("task_opened", task=task, token=token, due=due)]


def pass_deadline(case: Case, *, task: str, then: str) -> list[NewAction]:
    """A task was not done in time; `lapse` ends the case, `escalate` marks it.

    What was done just before the clock came round is done, even if the machine has not moved on yet.
    """
    if not is_waited_for(case, task):
        return []
    passed = happened("deadline_passed", task=task, then=then)
    if then != "lapse":
        return [passed]
    # Who was asked something when the fee was paid, and the approval taken back, has paid for nothing.
    owed = _refund(case, "lapsed") if task in ("correction", "interview") else []
    return [passed, *_free_slot(case), *owed, happened("lapsed", reason=task)]


def remind(case: Case, *, task: str, days_before: int) -> list[NewAction]:
    """A deadline comes near: each of the definition's reminders is sent once, the nearest when several are late."""
    due = last_day(case, task)
    if due is None:
        return []
    if case.reminded.get(task, days_before + 1) <= days_before:
        return []
    return [happened("reminded", task=task, due=due, days_before=days_before)]


def machine_started(case: Case, *, execution: str) -> list[NewAction]:
    """A machine that had died is started again."""
    if case.ended or case.execution == execution:
        return []
    return [happened("machine_started", execution=execution)]


def claim(case: Case, *, officer: Caller) -> list[NewAction]:
    """An officer takes the case; taken by a colleague it stays theirs until it is given back."""
    must_be(case, "in_review")
    if case.decision:
        raise Refused("already_decided")
    if case.claimed_by and case.claimed_by.id == officer.id:
        return []
    if case.claimed_by:
        raise Refused("claimed_by_another", officer=case.claimed_by.name)
    if case.proposal and case.proposal.by.id == officer.id:
        raise Refused("four_eyes")
    return [happened("claimed")]


def release(case: Case, *, officer: Caller) -> list[NewAction]:
    """The officer who holds the case gives it back, or an approver does when that officer is away."""
    if not case.claimed_by:
        return []
    if not may_release(officer, case):
        raise Refused("claim_first")
    return [happened("released")]


def must_hold(case: Case, officer: Caller) -> None:
    """Raise Refused unless this officer has claimed the case."""
    if not case.claimed_by or case.claimed_by.id != officer.id:
        raise Refused("claim_first")


def request_correction(
    case: Case, *, officer: Caller, items: list[dict[str, str]], known: frozenset[str], by: str
) -> list[NewAction]:
    """Ask the applicant to mend some items; each needs a reason in words."""
    must_be(case, "in_review")
    must_hold(case, officer)
    nobody_is_expected(case)
    wrong = tuple(
        FieldError(f"/items/{n}/{field}", code)
        for n, item in enumerate(items)
        for field, code in _item_errors(item, known)
    )
    if wrong or not items:
        raise Invalid("validation_failed", fields=wrong or (FieldError("/items", "required"),))
    return [happened("released"), happened("correction_requested", items=items, by=by)]


def _item_errors(item: dict[str, str], known: frozenset[str]) -> list[tuple[str, str]]:
    errors = []
    if item["item"] not in known:
        errors.append(("item", "unknown"))
    if not item["reason"].strip():
        errors.append(("reason", "required"))
    return errors


def correct(
    case: Case,
    *,
    item: str,
    absent: tuple[FieldError, ...],
    digest: str,
    desk: str,
    person: str | None,
) -> list[NewAction]:
    """The applicant says that an item is mended; it must have been changed since it was asked for.

    With the last one the application is sent again, and must be as complete as when it was first sent. What it now
    lacks (`absent`) is opened and waited for as well; where that is this item itself, raises Refused. `digest`,
    `desk` and `person` are what submission would derive from the answers now.
    """
    must_be(case, "correction")
    if item not in case.correction:
        raise Refused("not_asked_for")
    if item in case.corrected:
        return []
    if case.changed.get(item, 0) < case.asked[item]:
        raise Refused("not_changed_yet")
    lacking = {item_of(error): error for error in absent}
    waiting = [each for each in case.correction if each not in case.corrected and each != item]
    mended = happened("corrected", item=item)
    # What was opened by the house's own rule and is there, or is no longer needed, waits for nobody's word.
    if any(each not in case.extended or each in lacking for each in waiting):
        return [mended]
    if item in lacking:
        raise Refused("incomplete", fields=tuple(error for error in absent if item_of(error) == item))
    if lacking:
        more = [{"item": each, "code": error.code} for each, error in lacking.items()]
        return [happened("correction_extended", items=more), mended]
    return [
        *(happened("corrected", item=each) for each in waiting),
        happened("resubmitted", digest=digest, desk=desk, person=person),
        mended,
    ]


def item_of(error: FieldError) -> str:
    """The item (`sections/…` or `documents/…`) that something lacking belongs to."""
    return "/".join(error.pointer.split("/")[1:3])


def propose(
    case: Case,
    *,
    officer: Caller,
    outcome: str,
    ground: str | None,
    reasons: str | None,
    note: str | None,
    grounds: frozenset[str],
    reasons_written: bool = True,
    lacking: tuple[FieldError, ...] = (),
) -> list[NewAction]:
    """Propose a decision. A refusal names a ground (旅券法 art 13) and, where they are told, written reasons (art 14).

    Every hit of the screening is decided by a person before anything is proposed. Nothing is approved while the
    screening is not whole. `lacking`: originals that must be seen to agree before anything is approved.
    """
    must_be(case, "in_review")
    must_hold(case, officer)
    nobody_is_expected(case)
    if case.proposal:
        raise Refused("already_proposed")
    must_all_be_decided(screenings(case), case.hits)
    _refusal_is_founded(outcome, ground, reasons, grounds, reasons_written)
    _approval_is_founded(case, outcome, lacking)
    return [happened("proposed", outcome=outcome, ground=ground, reasons=reasons, note=note)]


def _refusal_is_founded(
    outcome: str, ground: str | None, reasons: str | None, grounds: frozenset[str], reasons_written: bool
) -> None:
    if outcome != "refuse":
        return
    wrong = []
    if ground not in grounds:
        wrong.append(FieldError("/ground", "required"))
    if reasons_written and not (reasons or "").strip():
        wrong.append(FieldError("/reasons", "required"))
    if wrong:
        raise Invalid("validation_failed", fields=tuple(wrong))


def _approval_is_founded(case: Case, outcome: str, lacking: tuple[FieldError, ...]) -> None:
    if outcome != "approve":
        return
    screening = case.newest("screening")
    if screening and screening.finding["outcome"] == "unavailable":
        raise Refused("screening_unavailable")
    if lacking:
        raise Refused("originals_not_seen", fields=lacking)


def decide(
    case: Case, *, officer: Caller, outcome: str, note: str | None, lacking: tuple[FieldError, ...] = ()
) -> list[NewAction]:
    """Decide on a colleague's proposal: agree with it, or send it back. Never one's own.

    `lacking`: originals that were found to differ since the proposal, or are to be seen now.
    """
    must_be(case, "in_review")
    if not case.proposal:
        raise Refused("no_proposal")
    if case.proposal.by.id == officer.id:
        raise NotAllowed("four_eyes")
    if case.decision:
        raise Refused("already_decided")
    nobody_is_expected(case)
    if outcome not in ("send_back", case.proposal.outcome):
        raise Refused("differs_from_proposal")
    if outcome != "send_back":
        # What came to light after the proposal, too.
        must_all_be_decided(screenings(case), case.hits)
    _approval_is_founded(case, outcome, lacking)
    # The fee of an approval that was taken back may have been paid.
    owed = _refund(case, "refused") if outcome == "refuse" else []
    return [
        *owed,
        happened(
            "decided",
            outcome=outcome,
            ground=case.proposal.ground if outcome == "refuse" else None,
            reasons=case.proposal.reasons if outcome == "refuse" else None,
            note=note,
        ),
    ]


def decide_hit(case: Case, *, officer: Caller, hit: str, verdict: str, note: str) -> list[NewAction]:
    """An officer says of one hit whether it is this person; saying otherwise later is recorded as well."""
    must_be(case, "in_review")
    must_hold(case, officer)
    body = judge_hit(screenings(case), case.hits, hit=hit, verdict=verdict, note=note)
    return [happened("hit_decided", **body)] if body else []


def must_be_for_screening(case: Case, officer: Caller) -> None:
    """Raise Refused unless this officer may have the case screened again: theirs, and nothing proposed on it."""
    must_be(case, "in_review")
    must_hold(case, officer)
    if case.proposal:
        raise Refused("already_proposed")


def screen_again(
    case: Case, *, officer: Caller, findings: list[dict[str, Any]], looked_at: int
) -> list[NewAction]:
    """Record what the screening found that an officer asked for: all of its pages, unless all are known."""
    must_be_for_screening(case, officer)
    place = {"door": "desk", "document": None, "upload_id": None}
    if all(_is_known(case, each, ("desk", None, None)) for each in findings):
        return []
    return [happened("finding_recorded", finding=each, **place, looked_at=looked_at) for each in findings]


def screenings(case: Case) -> list[dict[str, Any]]:
    """What the screenings found, oldest first: a corrected name does not clear an earlier hit."""
    return [found.finding for found in case.findings if found.finding["check"] == "screening"]


def see_originals(case: Case, *, seen: list[dict[str, Any]], wanted: frozenset[str]) -> list[NewAction]:
    """An officer held originals beside what was uploaded; what differs is said in words. The latest word counts.

    Whoever is at the counter sees them, so the case may be in a colleague's hands.
    """
    must_be(case, "in_review")
    if case.decision:
        raise Refused("already_decided")
    wrong = tuple(
        FieldError(f"/originals/{n}/{field}", code)
        for n, each in enumerate(seen)
        for field, code in _original_errors(each, wanted)
    )
    if wrong:
        raise Invalid("validation_failed", fields=wrong)
    found = [{**each, "upload_id": _upload_of(case, each["document"])} for each in seen]
    new = [each for each in found if not _is_seen_so(case, each)]
    return [happened("originals_seen", originals=new)] if new else []


def _original_errors(each: dict[str, Any], wanted: frozenset[str]) -> list[tuple[str, str]]:
    errors = []
    if each["document"] not in wanted:
        errors.append(("document", "unknown"))
    if each["outcome"] == "differs" and not (each["note"] or "").strip():
        errors.append(("note", "required"))
    return errors


def _upload_of(case: Case, document: str) -> str | None:
    held = case.documents.get(document)
    return held.upload_id if held else None


def _is_seen_so(case: Case, each: dict[str, Any]) -> bool:
    known = case.originals.get(each["document"])
    return known is not None and (known.upload_id, known.outcome, known.note) == (
        each["upload_id"],
        each["outcome"],
        each["note"],
    )


def request_interview(
    case: Case,
    *,
    officer: Caller,
    text: str,
    by: str | None,
    office: str | None = None,
    start: str | None = None,
) -> list[NewAction]:
    """Ask the applicant to come to the mission by a day; one interview at a time, and before anything is proposed.

    `start` is a time of that office's hours, at which a place is taken; where none is given, the applicant books.
    """
    must_be(case, "in_review")
    must_hold(case, officer)
    if case.open_interview:
        raise Refused("interview_already_requested")
    if case.proposal:
        raise Refused("interview_after_proposal")
    return [happened("interview_requested", text=text, by=by, office=office, start=start)]


def nobody_is_expected(case: Case) -> None:
    """Raise Refused while the applicant is asked to an interview: it is noted before anything else is done."""
    if case.open_interview:
        raise Refused("interview_open")


def note_interview(case: Case, *, officer: Caller, notes: str, due: str | None) -> list[NewAction]:
    """The applicant came; what was said, in the officer's words."""
    must_be(case, "in_review")
    must_hold(case, officer)
    if not case.open_interview:
        raise Refused("no_interview_requested")
    return [happened("interview_held", notes=notes, due=due)]


def grant(case: Case, *, checks: frozenset[Wanted], version: str) -> list[NewAction]:
    """Grant by the programme's rule when each check was made and passed; otherwise nothing, and an officer decides.

    A case that ever had a hit stays a person's, whatever was said of it and whatever was corrected since.
    """
    if case.granted or case.status != "checking" or all_hits(screenings(case)):
        return []
    if not all(clear(case, check, document) for check, document in checks):
        return []
    return [happened("granted", version=version)]


def recall_approval(case: Case, *found: dict[str, Any]) -> list[NewAction]:
    """Take back an approval that was given without a hit which nobody has decided; an officer looks at it first.

    `found`: findings that are recorded in the same stroke. The machine is told that its wait for the fee is over, and
    the clock starts another at the evidence, which leads to the officers.
    """
    approved = case.status in RECALLABLE and settled(case, "review") == "approved"
    if not approved or not waiting_hits([*screenings(case), *found], case.hits):
        return []
    return [happened("approval_recalled")]


def issue_permission(case: Case, **permission: Any) -> list[NewAction]:
    """Bring the permission into force, once, and never past a hit that nobody has decided."""
    if case.permission:
        return []
    must_be(case, "issuance")
    must_all_be_decided(screenings(case), case.hits)
    return [happened("permission_issued", **permission)]


def lapse_unissued(case: Case) -> list[NewAction]:
    """What was applied for was over before it could be issued: the case lapses, and what was paid goes back."""
    if case.ended:
        return []
    return [*_refund(case, "lapsed"), happened("lapsed", reason="issuance")]


def change_permission(case: Case, *, status: str, ground: str | None, today: date) -> list[NewAction]:
    """Revoke, cancel, mark as used or replaced; or undo (`active`) a revocation: it stands again as it did before.

    What was used before it was revoked in error, or while it was, is used, and lets nobody in a second time. `today`
    is the border's: what has expired by then is over, and nobody is told that it was revoked.
    """
    if case.permission is None:
        raise Refused("no_permission")
    if case.permission["status"] == status:
        return []
    held = standing(case.permission, today)
    if status not in CHANGES[held]:
        raise Refused("permission_is_over", status=held)
    if held == "revoked" and status == "used":
        return _record_entry(case.permission)
    after = case.permission["before"] if held == "revoked" else status
    return [happened("permission_changed", number=case.permission["number"], status=after, ground=ground)]


def _record_entry(revoked: dict[str, Any]) -> list[NewAction]:
    """An entry that is reported while the revocation stands is noted, once, for the day on which that is undone."""
    if revoked["before"] == "used":
        return []
    return [happened("entry_recorded", number=revoked["number"])]


def seal_permission_again(
    case: Case, *, instead_of: str, seal: str, sealed_by: str, today: date
) -> list[NewAction]:
    """Put a seal under another signer in the place of one that nobody believes any more; number and content stay.

    What was sealed again meanwhile stays as it is, and so does what has ended: nobody travels with it.
    """
    held = case.permission
    if held is None or held["seal"] != instead_of or standing(held, today) != "active":
        return []
    return [happened("permission_sealed_again", number=held["number"], seal=seal, sealed_by=sealed_by)]


def must_be_in_force(case: Case, today: date) -> None:
    """Raise Refused unless the permission lets its holder travel: one that has ended is not printed any more."""
    if case.permission and standing(case.permission, today) != "active":
        raise Refused("permission_has_ended")


def record_overstay(case: Case, *, on: date, today: date) -> list[NewAction]:
    """The holder was still there on `on` without leave; the first word stands. It changes nothing but what is known.

    Raises Refused without a permission, Invalid for a day before it was in force or after today.
    """
    if case.permission is None:
        raise Refused("no_permission")
    if case.overstayed:
        return []
    if on > today:
        raise Invalid("validation_failed", fields=(FieldError("/on", "date_in_future"),))
    if on.isoformat() < case.permission["valid_from"]:
        raise Invalid("validation_failed", fields=(FieldError("/on", "date_out_of_range"),))
    return [happened("overstay_recorded", number=case.permission["number"], on=on.isoformat())]


def fix_fee(case: Case, *, fee: dict[str, Any]) -> list[NewAction]:
    """The fee falls due, once."""
    if case.ended or case.payment.due:
        return []
    return [happened("fee_due", **fee)]


def start_payment(case: Case, *, payment_intent: str) -> list[NewAction]:
    """A PaymentIntent stands for the fee; there is one for each fee, until the gateway cancels it.

    While one is usable, another is not taken: the payer goes on with the one that stands. Raises Conflict for one
    that the gateway is known to have cancelled.
    """
    must_be(case, "payment")
    payment = case.payment
    if not payment.due or not payment.payable:
        raise Refused("payment.nothing_due")
    if payment.intent:
        return []
    if payment_intent in payment.intents:
        raise Conflict("conflict")
    return [
        happened(
            "payment_started",
            payment_intent=payment_intent,
            amount=payment.due.total,
            currency=payment.due.currency,
        )
    ]


def hear_of_payment(case: Case, *, facts: PaymentFacts, event: str) -> list[NewAction]:
    """What the gateway says of an intent, as far as the case does not know it yet."""
    return [happened(verdict.kind, **verdict.body) for verdict in judge(facts, case.payment, event)]


def withdraw(case: Case) -> list[NewAction]:
    """The applicant takes the application back, until the book is ordered."""
    if case.status == "withdrawn":
        return []
    if case.status not in WITHDRAWABLE or case.order_id:
        raise Refused("too_late_to_withdraw", status=case.status)
    return [*_free_slot(case), *_refund(case, "withdrawn"), happened("withdrawn")]


def _refund(case: Case, reason: str) -> list[NewAction]:
    payment = case.payment
    if not payment.paid_by or not payment.due or payment.paid_by in payment.refunds_due:
        return []
    due = payment.due
    return [
        happened(
            "refund_due",
            payment_intent=payment.paid_by,
            amount=due.total,
            currency=due.currency,
            reason=reason,
        )
    ]


def order_production(case: Case, *, order_id: str) -> list[NewAction]:
    """The printing partner was asked for the book, once."""
    if case.order_id:
        return []
    must_be(case, "production")
    return [happened("production_ordered", order_id=order_id)]


def register_book(case: Case, *, order_id: str, **book: str) -> list[NewAction]:
    """The partner registers the book number; a repetition says the same, another number is refused."""
    if case.order_id != order_id:
        raise Refused("unknown_order")
    if case.book:
        if case.book["book_number"] == book["book_number"]:
            return []
        raise Refused("book_already_registered")
    must_be(case, "production")
    return [happened("produced", order_id=order_id, **book)]


def must_be_expected(case: Case) -> None:
    """Raise Refused unless somebody is to come to the office: for the handover, or to an interview."""
    if not case.open_interview:
        must_be(case, "collection")


def book_appointment(case: Case, *, office: str, start: str) -> list[NewAction]:
    """Take a slot, for the handover or for an interview; an earlier one is given back in the same stroke."""
    must_be_expected(case)
    if case.open_interview and start[:10] > (case.open_interview.due or start):
        raise Invalid("validation_failed", fields=(FieldError("/start", "no_such_slot"),))
    if case.appointment == {"office": office, "start": start}:
        return []
    must_have_room(case)
    return [*_free_slot(case), happened("appointment_booked", office=office, start=start)]


def cancel_appointment(case: Case) -> list[NewAction]:
    """Give the slot back."""
    must_be_expected(case)
    return _free_slot(case)


def _free_slot(case: Case) -> list[NewAction]:
    if not case.appointment:
        return []
    return [happened("appointment_cancelled", **case.appointment)]


def hand_over(case: Case, *, old_passport: str, identity_confirmed: bool) -> list[NewAction]:
    """Hand the book to the person who came (旅券法 art 8): compared by machine, confirmed by the officer.

    Whoever comes without an appointment, or not at its time, is served as the counter sees fit.
    """
    if case.status == "completed":
        return []
    must_be(case, "collection")
    compared = case.latest("faces", "counter_picture")
    if compared is None:
        raise Refused("compare_first")
    if not identity_confirmed:
        raise Invalid("validation_failed", fields=(FieldError("/identity_confirmed", "required"),))
    number = (case.book or {}).get("book_number", "")
    return [happened("handed_over", book_number=number, old_passport=old_passport)]


def message_sent(
    case: Case, *, about: int, channel: str, addressee: str = "holder", **message: Any
) -> list[NewAction]:
    """A message went out; about one action it is recorded once for each channel and addressee."""
    if was_told(case, about, channel, addressee):
        return []
    return [happened("message_sent", about=about, channel=channel, addressee=addressee, **message)]


def was_told(case: Case, about: int, channel: str, addressee: str) -> bool:
    """Whether the addressee was told of an action by that channel."""
    # Records from before agencies' travellers were written to name no addressee.
    told = ((body["about"], body["channel"], body.get("addressee", "holder")) for _at, body in case.messages)
    return (about, channel, addressee) in told
