"""The fold: what a case is now, computed from what happened to it and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ryoji.cases.actions import Action
from ryoji.payments.payment import Payment
from ryoji.payments.payment import fold as fold_money

Status = Literal[
    "draft",
    "checking",
    "in_review",
    "correction",
    "payment",
    "production",
    "collection",
    "issuance",
    "completed",
    "issued",
    "refused",
    "withdrawn",
    "lapsed",
]
ENDED: frozenset[str] = frozenset({"completed", "issued", "refused", "withdrawn", "lapsed"})
STATUS_OF_STAGE: dict[str, Status] = {
    "evidence": "checking",
    "review": "in_review",
    "payment": "payment",
    "production": "production",
    "handover": "collection",
    "issuance": "issuance",
}
# Checks that compare with a document's latest upload: a finding about an older upload is history.
_PER_UPLOAD = frozenset({"portrait", "travel_document", "image", "faces"})
# Checks that look at pictures alone; the others compare them with the answers, or look at nothing else.
_OF_PICTURES = frozenset({"portrait", "image", "faces"})


@dataclass
class Document:
    """The latest upload of one document."""

    upload_id: str
    key: str
    sha256: str
    received_at: datetime
    sequence: int


@dataclass
class RecordedFinding:
    """A finding with where and when it was made; `looked_at` is the sequence of the case as the check saw it."""

    finding: dict[str, Any]
    door: str
    at: datetime
    sequence: int
    document: str | None
    upload_id: str | None
    looked_at: int = 0


@dataclass
class Officer:
    """An officer by subject and name."""

    id: str
    name: str


@dataclass
class Task:
    """An open task: who must act is in the name of the task."""

    task: str
    token: str
    due: str | None
    sequence: int


@dataclass
class Proposal:
    """The first officer's proposal."""

    outcome: str
    ground: str | None
    reasons: str | None
    note: str | None
    by: Officer
    at: datetime


@dataclass
class Decision:
    """A decision, always with the officer's name. The note is for officers."""

    outcome: str
    ground: str | None
    reasons: str | None
    note: str | None
    by: Officer
    at: datetime


@dataclass
class Interview:
    """A visit to the mission that an officer asked for; `held_at` is None until the applicant came."""

    text: str
    asked_at: datetime
    held_at: datetime | None = None
    notes: str | None = None
    by: Officer | None = None
    due: str | None = None
    office: str | None = None
    start: str | None = None


@dataclass
class Original:
    """What an officer found of a document's original; `upload_id` is the upload that it was held beside."""

    upload_id: str | None
    outcome: str
    note: str | None
    by: Officer
    at: datetime


@dataclass
class Case:
    """One application under one procedure, pinned to the definition's version."""

    case_id: str
    procedure: str = ""
    version: str = ""
    language: str = "ja"
    holder: str = ""
    email: str | None = None
    status: Status = "draft"
    stage: str | None = None
    sequence: int = 0
    head: Action | None = None
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    reference: str | None = None
    person: str | None = None
    desk: str | None = None
    due: str | None = None
    digest: str | None = None
    signature: dict[str, str] | None = None
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    findings: list[RecordedFinding] = field(default_factory=list)
    card: dict[str, Any] | None = None
    claimed_by: Officer | None = None
    correction: dict[str, str] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    correction_by: str | None = None
    correction_sequence: int = 0
    changed: dict[str, int] = field(default_factory=dict)
    proposal: Proposal | None = None
    decision: Decision | None = None
    money: list[Action] = field(default_factory=list)
    group: str | None = None
    relation: str | None = None
    granted: bool = False
    # The sequence at which an approval was last taken back; 0 when none was.
    recalled: int = 0
    hits: list[dict[str, Any]] = field(default_factory=list)
    interviews: list[Interview] = field(default_factory=list)
    originals: dict[str, Original] = field(default_factory=dict)
    review_clock: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    permission: dict[str, Any] | None = None
    overstayed: str | None = None
    order_id: str | None = None
    book: dict[str, str] | None = None
    appointment: dict[str, str] | None = None
    tasks: dict[str, Task] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    overdue: set[str] = field(default_factory=set)
    reminded: dict[str, int] = field(default_factory=dict)
    messages: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    happened: list[tuple[datetime, str]] = field(default_factory=list)
    rounds: int = 0
    execution: str | None = None
    # How often machines were started again since anybody but the system did something.
    restarts: int = 0

    @property
    def payment(self) -> Payment:
        """What became of the fee, as the payments' own fold reads it."""
        return fold_money(self.money)

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to the application itself."""
        return self.status in ENDED

    @property
    def open_interview(self) -> Interview | None:
        """The interview that was asked for and is not held."""
        asked = self.interviews[-1] if self.interviews else None
        return asked if asked and asked.held_at is None else None

    def latest(self, check: str, document: str | None = None) -> RecordedFinding | None:
        """The latest finding of a check that still speaks of the current upload."""
        for found in reversed(self.findings):
            if found.finding["check"] != check or (document and found.document != document):
                continue
            if check in _PER_UPLOAD and not self.is_current(found):
                continue
            return found
        return None

    def newest(self, check: str, document: str | None = None) -> RecordedFinding | None:
        """The last that was found of a check, whatever it speaks of; what names no document speaks of each."""
        for found in reversed(self.findings):
            if found.finding["check"] == check and (document is None or found.document in (None, document)):
                return found
        return None

    def last_change(self, check: str, document: str | None = None) -> int:
        """The sequence of the last change of what a check looks at: of pictures, or of the answers as well."""
        if check not in _OF_PICTURES:
            return max(self.changed.values(), default=0)
        if document and check != "faces":
            return self.changed.get(f"documents/{document}", 0)
        return max((at for item, at in self.changed.items() if item.startswith("documents/")), default=0)

    def is_current(self, found: RecordedFinding) -> bool:
        """Whether a finding speaks of the upload that its document has now."""
        held = self.documents.get(found.document or "")
        return found.upload_id is None or (held is not None and held.upload_id == found.upload_id)


def fold(case_id: str, actions: Iterable[Action]) -> Case:
    """Compute a case from its actions, oldest first. A kind that is not known here changes nothing but the head."""
    case = Case(case_id=case_id)
    for action in actions:
        apply(case, action)
    return case


def apply(case: Case, action: Action) -> None:
    """Bring a case on by its next action."""
    if action.by.kind != "system":
        case.restarts = 0
    _APPLY.get(action.kind, _nothing)(case, action)
    case.sequence, case.head, case.updated_at = action.sequence, action, action.at
    case.happened.append((action.at, action.kind))


def _nothing(_case: Case, _action: Action) -> None:
    return None


def _opened(case: Case, action: Action) -> None:
    body = action.body
    case.procedure, case.version = body["procedure"], body["version"]
    case.language, case.holder, case.email = body["language"], body["holder"], body["email"]
    case.opened_at, case.group = action.at, body.get("group")
    case.relation = body.get("relation")


def _section_saved(case: Case, action: Action) -> None:
    case.sections[action.body["section"]] = action.body["answers"]
    case.email = action.body["answers"].get("email") or case.email
    case.changed[f"sections/{action.body['section']}"] = action.sequence


def _document_received(case: Case, action: Action) -> None:
    body = action.body
    case.documents[body["document"]] = Document(
        body["upload_id"], body["key"], body["sha256"], action.at, action.sequence
    )
    case.changed[f"documents/{body['document']}"] = action.sequence


def _finding_recorded(case: Case, action: Action) -> None:
    body = action.body
    case.findings.append(
        RecordedFinding(
            body["finding"],
            body["door"],
            action.at,
            action.sequence,
            body["document"],
            body["upload_id"],
            body.get("looked_at") or action.sequence,
        )
    )


def _card_read(case: Case, action: Action) -> None:
    case.card = action.body["attributes"]
    case.changed["card"] = action.sequence


def _submitted(case: Case, action: Action) -> None:
    body = action.body
    case.status, case.submitted_at = "checking", action.at
    case.reference, case.person, case.desk = body["reference"], body["person"], body["desk"]
    case.digest, case.signature = body["digest"], body["signature"]


def _stage_started(case: Case, action: Action) -> None:
    if case.ended:
        return
    case.stage = action.body["stage"]
    case.due = action.body["due"]
    case.status = STATUS_OF_STAGE.get(action.body["stage"], case.status)
    if action.body["stage"] == "evidence":
        case.rounds += 1
    if action.body["stage"] == "review":
        _start_clock(case, action)


def _start_clock(case: Case, action: Action) -> None:
    if not case.review_clock or case.review_clock[-1][1] is not None:
        case.review_clock.append((action.at, None))


def _stop_clock(case: Case, action: Action) -> None:
    if case.review_clock and case.review_clock[-1][1] is None:
        case.review_clock[-1] = (case.review_clock[-1][0], action.at)


def _task_opened(case: Case, action: Action) -> None:
    body = action.body
    case.tasks[body["task"]] = Task(body["task"], body["token"], body["due"], action.sequence)
    case.tokens.add(body["token"])
    case.overdue.discard(body["task"])
    case.reminded.pop(body["task"], None)


def _deadline_passed(case: Case, action: Action) -> None:
    case.overdue.add(action.body["task"])


def _reminded(case: Case, action: Action) -> None:
    case.reminded[action.body["task"]] = action.body["days_before"]


def _machine_started(case: Case, action: Action) -> None:
    case.execution = action.body["execution"]
    case.restarts += 1


def _officer(action: Action) -> Officer:
    return Officer(action.by.id, action.by.name or action.by.id)


def _claimed(case: Case, action: Action) -> None:
    case.claimed_by = _officer(action)


def _released(case: Case, _action: Action) -> None:
    case.claimed_by = None


def _correction_requested(case: Case, action: Action) -> None:
    case.status = "correction"
    case.correction = {item["item"]: item["reason"] for item in action.body["items"]}
    case.corrected, case.extended = set(), {}
    case.asked = dict.fromkeys(case.correction, action.sequence)
    case.correction_by = action.body["by"]
    case.correction_sequence = action.sequence
    # A proposal was about what is to be mended now: the next one is made on what it becomes.
    case.proposal = None
    case.due = action.body["by"]
    case.overdue.discard("review")
    _stop_clock(case, action)


def _corrected(case: Case, action: Action) -> None:
    case.corrected.add(action.body["item"])
    if case.status == "correction" and case.corrected >= set(case.correction):
        case.status = "checking"
        case.correction, case.corrected, case.correction_by = {}, set(), None
        case.extended, case.asked = {}, {}


def _correction_extended(case: Case, action: Action) -> None:
    for each in action.body["items"]:
        case.correction.setdefault(each["item"], "")
        case.extended[each["item"]] = each["code"]
        case.asked[each["item"]] = action.sequence
        case.corrected.discard(each["item"])


def _resubmitted(case: Case, action: Action) -> None:
    body = action.body
    if case.desk != body["desk"]:
        # The new desk's officers find it in their queue, and nobody of the old one holds it.
        case.claimed_by = None
    case.desk, case.person, case.digest = body["desk"], body["person"], body["digest"]


def _proposed(case: Case, action: Action) -> None:
    body = action.body
    case.proposal = Proposal(
        body["outcome"], body["ground"], body["reasons"], body["note"], _officer(action), action.at
    )
    case.claimed_by = None


def _decided(case: Case, action: Action) -> None:
    body = action.body
    if body["outcome"] == "send_back":
        case.proposal = None
        case.claimed_by = None
        return
    case.decision = Decision(
        body["outcome"], body["ground"], body["reasons"], body["note"], _officer(action), action.at
    )
    case.claimed_by = None
    _stop_clock(case, action)
    if body["outcome"] == "refuse":
        case.status, case.due, case.ended_at = "refused", None, action.at
        case.money.append(action)


def _of_money(case: Case, action: Action) -> None:
    case.money.append(action)


def _production_ordered(case: Case, action: Action) -> None:
    case.order_id = action.body["order_id"]


def _produced(case: Case, action: Action) -> None:
    case.book = {key: action.body[key] for key in ("book_number", "produced_on", "expires_on")}


def _appointment_booked(case: Case, action: Action) -> None:
    _set_appointment(case, action.body["office"], action.body["start"])


def _appointment_cancelled(case: Case, _action: Action) -> None:
    _set_appointment(case, None, None)


def _set_appointment(case: Case, office: str | None, start: str | None) -> None:
    """One place at a counter at a time: while an interview is open, the appointment is for it."""
    case.appointment = {"office": office, "start": start} if office and start else None
    if case.open_interview:
        case.open_interview.office, case.open_interview.start = office, start


def _hit_decided(case: Case, action: Action) -> None:
    case.hits.append(action.body)


def _originals_seen(case: Case, action: Action) -> None:
    for each in action.body["originals"]:
        case.originals[each["document"]] = Original(
            each["upload_id"], each["outcome"], each["note"], _officer(action), action.at
        )


def _interview_requested(case: Case, action: Action) -> None:
    body = action.body
    case.interviews.append(
        Interview(
            body["text"], action.at, due=body.get("by"), office=body.get("office"), start=body.get("start")
        )
    )
    _set_appointment(case, body.get("office"), body.get("start"))
    case.due = body.get("by")
    # What was late before the applicant was asked is not what is waited for now.
    case.overdue -= {"review", "interview"}
    case.reminded.pop("interview", None)
    _stop_clock(case, action)


def _interview_held(case: Case, action: Action) -> None:
    asked = case.interviews[-1]
    case.appointment = None
    asked.held_at, asked.notes, asked.by = action.at, action.body["notes"], _officer(action)
    case.due = action.body["due"]
    case.overdue.discard("interview")
    _start_clock(case, action)


def _granted(case: Case, _action: Action) -> None:
    case.granted = True


def _approval_recalled(case: Case, action: Action) -> None:
    case.granted, case.proposal, case.decision, case.claimed_by = False, None, None, None
    # In no stage: a step of the machine that went on comes late to each.
    case.status, case.stage, case.due, case.recalled = "checking", None, None, action.sequence


def _permission_issued(case: Case, action: Action) -> None:
    case.permission = {**action.body, "status": "active", "issued_at": action.at, "changed_at": action.at}
    case.status, case.due, case.ended_at = "issued", None, action.at
    case.money.append(action)


def _permission_changed(case: Case, action: Action) -> None:
    """`before` is where the way back from a revocation leads; `changes`, with their grounds, are for officers."""
    held = case.permission
    if held is None:
        return
    status, ground = action.body["status"], action.body["ground"]
    change = {"status": status, "at": action.at, "by": action.by, "ground": ground}
    case.permission = {
        **held,
        "status": status,
        "changed_at": action.at,
        "changes": (*held.get("changes", ()), change),
        "before": held["status"],
    }


def _entry_recorded(case: Case, action: Action) -> None:
    """Reported while it stood revoked: so it stays, and the way back leads to `used`."""
    held = case.permission
    if held is None:
        return
    change = {"status": "used", "at": action.at, "by": action.by, "ground": None}
    case.permission = {**held, "changes": (*held.get("changes", ()), change), "before": "used"}


def _permission_sealed_again(case: Case, action: Action) -> None:
    if case.permission:
        sealed = {name: action.body[name] for name in ("seal", "sealed_by")}
        case.permission = {**case.permission, **sealed}


def _overstay_recorded(case: Case, action: Action) -> None:
    case.overstayed = action.body["on"]


def _ended(status: Status) -> Callable[[Case, Action], None]:
    def end(case: Case, action: Action) -> None:
        case.status, case.due, case.ended_at = status, None, action.at
        case.claimed_by = None
        case.money.append(action)

    return end


def _message_sent(case: Case, action: Action) -> None:
    case.messages.append((action.at, action.body))


_APPLY: dict[str, Callable[[Case, Action], None]] = {
    "opened": _opened,
    "section_saved": _section_saved,
    "document_received": _document_received,
    "finding_recorded": _finding_recorded,
    "card_read": _card_read,
    "submitted": _submitted,
    "stage_started": _stage_started,
    "task_opened": _task_opened,
    "deadline_passed": _deadline_passed,
    "reminded": _reminded,
    "machine_started": _machine_started,
    "claimed": _claimed,
    "released": _released,
    "correction_requested": _correction_requested,
    "correction_extended": _correction_extended,
    "corrected": _corrected,
    "resubmitted": _resubmitted,
    "proposed": _proposed,
    "decided": _decided,
    "fee_due": _of_money,
    "payment_started": _of_money,
    "payment_failed": _of_money,
    "paid": _of_money,
    "payment_mismatch": _of_money,
    "refund_due": _of_money,
    "refunded": _of_money,
    "production_ordered": _production_ordered,
    "produced": _produced,
    "appointment_booked": _appointment_booked,
    "appointment_cancelled": _appointment_cancelled,
    "handed_over": _ended("completed"),
    "hit_decided": _hit_decided,
    "originals_seen": _originals_seen,
    "interview_requested": _interview_requested,
    "interview_held": _interview_held,
    "granted": _granted,
    "approval_recalled": _approval_recalled,
    "permission_issued": _permission_issued,
    "permission_changed": _permission_changed,
    "entry_recorded": _entry_recorded,
    "permission_sealed_again": _permission_sealed_again,
    "overstay_recorded": _overstay_recorded,
    "withdrawn": _ended("withdrawn"),
    "lapsed": _ended("lapsed"),
    "message_sent": _message_sent,
}
