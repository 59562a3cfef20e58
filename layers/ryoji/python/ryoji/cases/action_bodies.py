"""What can happen to a case: each kind of action, and what its body says."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ryoji.evidence.screening.hits import Verdict


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class Opened(_Body):
    """A draft was opened under one version of a procedure by one account.

    `relation`: what the traveller is to the first applicant of the family whose `group` it joins.
    """

    procedure: str
    version: str
    language: str
    holder: str
    email: str | None = None
    group: str | None = None
    relation: Literal["spouse", "child", "parent"] | None = None


class SectionSaved(_Body):
    """One section's answers, whole, as validated."""

    section: str
    answers: dict[str, Any]


class DocumentReceived(_Body):
    """A file was recognised, re-encoded and moved to the clean bucket under `key`."""

    document: str
    upload_id: str
    key: str
    sha256: str
    width: int
    height: int


class FindingRecorded(_Body):
    """What a check found: at `upload` for the applicant's eyes, in the `chain` for the record, at the `counter`.

    At the `desk` where an officer asked for it again.
    `looked_at` is the sequence of the case as the check saw it: what came between it and this action, it did not see.
    """

    finding: dict[str, Any]
    door: Literal["upload", "chain", "counter", "desk"]
    document: str | None = None
    upload_id: str | None = None
    looked_at: int | None = None


class CardRead(_Body):
    """The card gave its four attributes to fill in the form."""

    attributes: dict[str, Any]
    finding: dict[str, Any]


class Submitted(_Body):
    """The applicant signed and sent the application. `person` is a keyed hash of the person's identity."""

    reference: str
    digest: str
    signature: dict[str, str] | None
    desk: str
    person: str | None = None


class StageStarted(_Body):
    """The machine entered a stage."""

    stage: str
    due: str | None = None


class StageEnded(_Body):
    """The machine left a stage."""

    stage: str
    outcome: str


class TaskOpened(_Body):
    """Something a person or partner must do; `token` is Step Functions' and never leaves the log."""

    task: str
    token: str
    due: str | None = None


class DeadlinePassed(_Body):
    """A task was not done in time; `then` says what the definition does about it."""

    task: str
    then: str


class Reminded(_Body):
    """A deadline comes near: `due` is its day, `days_before` which of the definition's reminders this is."""

    task: str
    due: str
    days_before: int


class MachineStarted(_Body):
    """A machine that had died is started again under a new name."""

    execution: str


class Claimed(_Body):
    """An officer took the case."""


class Released(_Body):
    """An officer gave the case back to the queue."""


class CorrectionItem(_Body):
    """One thing to mend: `documents/<id>` or `sections/<id>`, and why in the officer's words."""

    item: str
    reason: str


class CorrectionRequested(_Body):
    """An officer asks the applicant to mend some items by a date."""

    items: list[CorrectionItem]
    by: str


class LackingItem(_Body):
    """One thing that became necessary, or wrong, by what was mended: `problem.field.<code>` says why."""

    item: str
    code: str


class CorrectionExtended(_Body):
    """What was mended makes more necessary: it is open too, and the application waits for it."""

    items: list[LackingItem]


class Corrected(_Body):
    """The applicant mended one item."""

    item: str


class Resubmitted(_Body):
    """Everything was mended: what submission derived from the answers is derived anew."""

    digest: str
    desk: str
    person: str | None = None


class Proposed(_Body):
    """The first officer's proposal; a refusal names its ground and its written reasons (旅券法 art 14)."""

    outcome: Literal["approve", "refuse"]
    ground: str | None = None
    reasons: str | None = None
    note: str | None = None


class Decided(_Body):
    """The deciding officer's word; `send_back` returns the case to the first officer."""

    outcome: Literal["approve", "refuse", "send_back"]
    ground: str | None = None
    reasons: str | None = None
    note: str | None = None


class FeeDue(_Body):
    """The fee, fixed on the date of acceptance; amounts in the currency's smallest unit."""

    items: list[dict[str, Any]]
    total: int
    currency: str
    by: str
    source: str


class PaymentStarted(_Body):
    """A PaymentIntent was made for the fee; there is never a second one for the same fee."""

    payment_intent: str
    amount: int
    currency: str


class PaymentFailed(_Body):
    """A card was declined or abandoned; the fee is still due."""

    payment_intent: str
    reason: str


class Paid(_Body):
    """The signed webhook (or the object it points to) said that the money came."""

    payment_intent: str
    amount: int
    currency: str
    event: str


class PaymentMismatch(_Body):
    """Money came that does not match what is due: an officer looks at it."""

    payment_intent: str
    reason: str


class RefundDue(_Body):
    """Money came for a case that no longer needs it."""

    payment_intent: str
    amount: int
    currency: str
    reason: str


class Refunded(_Body):
    """The money went back."""

    payment_intent: str
    amount: int
    currency: str


class ProductionOrdered(_Body):
    """The printing partner was asked for the book."""

    order_id: str


class Produced(_Body):
    """The printing partner registered the book."""

    order_id: str
    book_number: str
    produced_on: str
    expires_on: str


class AppointmentBooked(_Body):
    """A slot was taken; `start` is local time with its offset."""

    office: str
    start: str


class AppointmentCancelled(_Body):
    """The slot was given back."""

    office: str
    start: str


class HandedOver(_Body):
    """The book was handed over in person (旅券法 art 8) and the old one dealt with."""

    book_number: str
    old_passport: Literal["returned", "cancelled_and_given_back"]


class HitDecided(_Body):
    """An officer said of one hit of the screening whether it is this person, or whether what it tells matters."""

    hit: str
    verdict: Verdict
    note: str


class OriginalSeen(_Body):
    """Whether the original of one document agrees with its upload; a note says where it does not."""

    document: str
    upload_id: str | None = None
    outcome: Literal["agrees", "differs"]
    note: str | None = None


class OriginalsSeen(_Body):
    """An officer held originals, at the counter, beside what was uploaded."""

    originals: list[OriginalSeen]


class InterviewRequested(_Body):
    """The applicant is asked to come to the mission by a day; the clock stands still until they came.

    `start`: the place taken, local time with its offset, at `office`; without, the applicant books one.
    """

    text: str
    by: str | None = None
    office: str | None = None
    start: str | None = None


class InterviewHeld(_Body):
    """The officer's notes of the interview; `due` is the review's new last day."""

    notes: str
    due: str | None = None


class Granted(_Body):
    """Every check passed and no hit stood: granted by the programme's own rule, without a person."""

    version: str


class ApprovalRecalled(_Body):
    """A hit came to light after the approval: it is taken back, and an officer looks at the application."""


class PermissionIssued(_Body):
    """A visa or travel authorization came into force for one travel document.

    `sealed_by`: the serial (hex) of the signer whose certificate is in the seal.
    """

    number: str
    kind: Literal["visa", "authorization"]
    programme: str
    valid_from: str
    valid_until: str
    entries: Literal["single", "multiple"]
    stay_days: int
    issuing_state: str
    document: str
    seal: str | None = None
    sealed_by: str | None = None


class PermissionChanged(_Body):
    """A permission was revoked, cancelled, used, replaced, or stands again as before; with the officer's ground."""

    number: str
    status: Literal["active", "revoked", "cancelled", "used", "replaced"]
    ground: str | None = None


class EntryRecorded(_Body):
    """Border control reported an entry with a permission for one that stood revoked, and stays so."""

    number: str


class PermissionSealedAgain(_Body):
    """A permission got another seal of the same content, because nobody believes the signer of the one before."""

    number: str
    seal: str
    sealed_by: str


class OverstayRecorded(_Body):
    """Border control found the holder of a permission after the stay was over; `on` is an ISO date."""

    number: str
    on: str


class Withdrawn(_Body):
    """The applicant took the application back."""


class Lapsed(_Body):
    """The application or the uncollected book lapsed at a deadline."""

    reason: str


class MessageSent(_Body):
    """What was sent to whom, when and in which language; `about` is the sequence of the action it tells of.

    `addressee`: who holds the case, or the traveller for whom an agency holds it.
    """

    event: str
    about: int
    channel: Literal["email", "portal"]
    to: str
    language: str
    subject: str
    body: str
    addressee: Literal["holder", "traveller"] = "holder"


class MessageFailed(_Body):
    """The e-mail could not be sent; the portal still shows the message."""

    event: str
    about: int
    reason: str


BODIES: dict[str, type[_Body]] = {
    "opened": Opened,
    "section_saved": SectionSaved,
    "document_received": DocumentReceived,
    "finding_recorded": FindingRecorded,
    "card_read": CardRead,
    "submitted": Submitted,
    "stage_started": StageStarted,
    "stage_ended": StageEnded,
    "task_opened": TaskOpened,
    "deadline_passed": DeadlinePassed,
    "reminded": Reminded,
    "machine_started": MachineStarted,
    "claimed": Claimed,
    "released": Released,
    "correction_requested": CorrectionRequested,
    "correction_extended": CorrectionExtended,
    "corrected": Corrected,
    "resubmitted": Resubmitted,
    "proposed": Proposed,
    "decided": Decided,
    "fee_due": FeeDue,
    "payment_started": PaymentStarted,
    "payment_failed": PaymentFailed,
    "paid": Paid,
    "payment_mismatch": PaymentMismatch,
    "refund_due": RefundDue,
    "refunded": Refunded,
    "production_ordered": ProductionOrdered,
    "produced": Produced,
    "appointment_booked": AppointmentBooked,
    "appointment_cancelled": AppointmentCancelled,
    "handed_over": HandedOver,
    "hit_decided": HitDecided,
    "originals_seen": OriginalsSeen,
    "interview_requested": InterviewRequested,
    "interview_held": InterviewHeld,
    "granted": Granted,
    "approval_recalled": ApprovalRecalled,
    "permission_issued": PermissionIssued,
    "permission_changed": PermissionChanged,
    "entry_recorded": EntryRecorded,
    "permission_sealed_again": PermissionSealedAgain,
    "overstay_recorded": OverstayRecorded,
    "withdrawn": Withdrawn,
    "lapsed": Lapsed,
    "message_sent": MessageSent,
    "message_failed": MessageFailed,
}
