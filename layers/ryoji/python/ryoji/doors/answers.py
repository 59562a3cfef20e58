"""The shapes of the API's answers, for its OpenAPI document and the tests; no request builds or checks them.

What is built stands in views.py, views_of_desk.py and ryoji.catalogue.public; a test holds real answers against this.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, RootModel, with_config
from typing_extensions import TypedDict

from ryoji.evidence.screening.hits import HitKind, Verdict

CaseStatus = Literal[
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
FindingOutcome = Literal["pass", "review", "fail", "unavailable"]
Moment = str
Day = str


class Answer(BaseModel):
    """An answer has exactly the fields that are declared."""

    model_config = ConfigDict(extra="forbid")


class ProblemField(Answer):
    """One thing wrong with one field of what was sent."""

    pointer: str = Field(description="JSON pointer into what was sent.")
    code: str
    detail: str


class Problem(Answer):
    """What went wrong (RFC 9457), in the language that was asked for."""

    type: str
    title: str
    status: int
    detail: str
    mend: str | None = Field(default=None, description="What to do about it.")
    code: str
    reference: str = Field(description="The request's id, for a question to support.")
    errors: list[ProblemField] | None = None


class Reason(Answer):
    """One measured rule in words."""

    code: str
    outcome: FindingOutcome
    measured: str | None
    required: str | None
    unit: str | None
    pointer: str | None
    text: str
    mend: str


class FindingText(Answer):
    """What a check found; it never decides."""

    check: str
    title: str
    outcome: FindingOutcome
    reasons: list[Reason]
    facts: dict[str, Any] = Field(description="What the check read; the shape is the check's own.")


class Finding(FindingText):
    """A recorded finding."""

    at: Moment
    door: Literal["upload", "chain", "counter", "desk"]
    document: str | None


class SectionState(Answer):
    """One section of the form."""

    id: str
    title: str
    status: Literal["todo", "done", "not_needed", "mend"]
    answers: dict[str, Any]


class DocumentState(Answer):
    """One document and where it stands."""

    id: str
    title: str
    supply: Literal["upload", "shown_at_visit", "original_by_post"]
    required: bool
    status: Literal["missing", "received", "checked", "attention", "mend"]
    upload_id: str | None
    received_at: Moment | None
    checks: list[str]
    findings: list[Finding]
    original: Literal["bring", "shown"] | None = Field(
        description="Where the original must be seen: whether the applicant is to bring it or has shown it."
    )


class Identity(Answer):
    """What the card has given."""

    read: bool
    signed: bool
    attributes: dict[str, Any] | None
    holder: Literal["applicant", "legal_representative"] | None
    assurance: Literal["signature_certificate", "account", "shown_at_visit", "none"] = Field(
        description="Whether the card signs the submission or signing in is enough."
    )


class Next(Answer):
    """Who must do what, by when."""

    who: Literal["applicant", "officer", "partner", "nobody"]
    action: Literal["fill", "pay", "correct", "book", "attend", "travel", "wait", "none"]
    text: str
    by: Day | None


class Stage(Answer):
    """One stage of the way."""

    id: str
    title: str
    state: Literal["done", "now", "todo"]


class CorrectionItem(Answer):
    """One thing to mend."""

    item: str
    title: str
    reason: str
    done: bool


class Correction(Answer):
    """What the office asks for."""

    items: list[CorrectionItem]
    by: Day | None


class FeeLine(Answer):
    """One line of a fee, in the currency's smallest unit."""

    label: str
    amount: int


class CaseFee(Answer):
    """The fee of a case and what became of it."""

    items: list[FeeLine]
    total: int
    currency: str
    status: Literal["none", "due", "started", "paid", "refund_due", "refunded", "closed"]
    by: Day | None
    failed: str | None
    paid_at: Moment | None


class OfficeText(Answer):
    """An office."""

    code: str
    name: str
    kind: Literal["mission", "prefecture", "headquarters"]
    country: str
    timezone: str
    address: str | None


class Appointment(Answer):
    """The booked visit, in the office's time."""

    office: OfficeText
    start: str


class Book(Answer):
    """The book is ready."""

    ready: Literal[True]


class DecisionText(Answer):
    """The decision."""

    outcome: Literal["approved", "refused"]
    at: Moment
    ground: str | None
    reasons: str | None
    remedies: list[str] = Field(description="Of a refusal: how one may object, a sentence each.")


class TimelineEntry(Answer):
    """One thing that happened."""

    at: Moment
    kind: str
    text: str


class MessageText(Answer):
    """One message as it was sent; the address is masked."""

    sent_at: Moment
    channel: Literal["email", "portal"]
    to: str
    subject: str
    body: str


MayApplicant = Literal[
    "save",
    "upload",
    "sign",
    "submit",
    "withdraw",
    "correct",
    "pay",
    "book",
    "cancel_appointment",
    "receipt",
]
MayOfficer = Literal[
    "claim",
    "release",
    "request_correction",
    "propose",
    "decide",
    "decide_hits",
    "screen_again",
    "see_originals",
    "request_interview",
    "note_interview",
    "change_permission",
    "counter_check",
    "hand_over",
]


PermissionState = Literal["active", "revoked", "cancelled", "used", "expired", "replaced"]


class PermissionText(Answer):
    """The visa or authorization that was issued."""

    number: str
    kind: Literal["visa", "authorization"]
    status: PermissionState
    valid_from: Day
    valid_until: Day
    entries: Literal["single", "multiple"]
    stay_days: int


class PermissionChange(Answer):
    """What became of a permission: who said so, and an officer's ground, which its holder is not told."""

    status: PermissionState
    at: Moment
    by: str
    ground: str | None


class DeskPermission(PermissionText):
    """What was issued, for an officer."""

    changes: list[PermissionChange] = Field(description="The latest first.")


class DocumentName(Answer):
    """A travel document."""

    issuing_state: str
    number: str


class Wallet(PermissionText):
    """The holder's permission with its seal; it works without a network."""

    programme: str
    document: DocumentName
    name: str
    seal: str = Field(description="The VDS-NC text, as the code has it: docs/seals.md.")
    code: list[str] = Field(description="The QR code without its quiet zone: a row a text, 1 is dark.")
    as_of: Moment


class PermissionPage(Answer):
    """The page to print."""

    name: str
    pdf: str = Field(description="PDF in base64.")


class InterviewText(Answer):
    """What the applicant is asked to come for."""

    text: str
    asked_at: Moment
    start: Moment | None = Field(description="When, where a time was given.")
    when: str = Field(description="When and where, in words: at a time at an office, or by a day.")


class CaseParts(Answer):
    """What the applicant and the officer both see of a case."""

    case_id: str
    procedure: str
    title: str
    reference: str | None
    status: CaseStatus
    status_text: str
    sequence: int
    opened_at: Moment
    submitted_at: Moment | None
    language: str
    timezone: str
    sections: list[SectionState]
    documents: list[DocumentState]
    identity: Identity
    next: Next
    stages: list[Stage]
    correction: Correction | None
    fee: CaseFee | None
    appointment: Appointment | None
    book: Book | None
    permission: PermissionText | None
    interview: InterviewText | None
    group: str | None = Field(description="Applications that are made together have the same.")
    relation: Literal["spouse", "child", "parent"] | None = Field(
        description="In a family: what the traveller is to its first applicant."
    )
    agency: str | None = Field(description="The accredited agency that filed it.")
    decision: DecisionText | None
    timeline: list[TimelineEntry]
    messages: list[MessageText]


class CaseView(CaseParts):
    """A case, for its applicant."""

    may: list[MayApplicant]


class Applicant(Answer):
    """For whom it is."""

    name: str
    nationality: str | None
    nationality_text: str | None
    birth_date: Day | None
    sex: str | None


class NamedCase(Answer):
    """Another application, as an officer knows it; one of a desk that is not theirs is named and not opened."""

    case_id: str
    reference: str | None
    desk: str | None = Field(description="Whose it is, by name; null where that is not known.")
    may_open: bool


class OtherCase(NamedCase):
    """Another case of the same person."""

    status: CaseStatus
    status_text: str
    opened_at: Moment


class Compared(Answer):
    """What was typed beside what was read."""

    field: str
    label: str
    typed: str | None
    mrz: str | None
    card: str | None
    same: bool


class Zone(Answer):
    """The machine-readable zone as it was read."""

    lines: list[str]
    corrections: list[dict[str, Any]]


class OfficerName(Answer):
    """An officer."""

    officer: str
    name: str


class ProposalText(Answer):
    """The first officer's proposal."""

    outcome: Literal["approve", "refuse"]
    ground: str | None
    reasons: str | None
    note: str | None
    by: OfficerName
    at: Moment


class ActorName(Answer):
    """Who acted."""

    kind: Literal["applicant", "officer", "partner", "system"]
    name: str


class HistoryEntry(Answer):
    """One action with its hash."""

    sequence: int
    at: Moment
    kind: str
    text: str
    by: ActorName
    hash: str


class DeskDecision(DecisionText):
    """The decision, for an officer: whole, also where a refusal's ground and reasons are not told."""

    note: str | None
    by: OfficerName


class HitText(Answer):
    """Something that the screening found, and what a person said of it."""

    id: str
    kind: HitKind
    title: str
    score: float
    because: list[str]
    about: dict[str, Any]
    cases: list[NamedCase] = Field(description="The applications that it is about.")
    ground: str | None = Field(description="Why the entry is on its list.")
    verdict: Verdict | None
    note: str | None


class OriginalText(Answer):
    """An original that must be seen before an approval, and what an officer found of it."""

    document: str
    title: str
    outcome: Literal["agrees", "differs"] | None
    note: str | None
    by: str | None
    at: Moment | None


class InterviewNotes(Answer):
    """One interview with its notes."""

    text: str
    start: Moment | None = Field(description="When, where a time was given.")
    asked_at: Moment
    held_at: Moment | None
    notes: str | None
    by: str | None


class Ground(Answer):
    """A ground on which it may be refused."""

    id: str
    text: str


class DeskCase(CaseParts):
    """A case, for an officer."""

    family: str
    refusal_reasons: Literal["written", "general"] = Field(
        description="Whether a refusal's ground and reasons are told."
    )
    applicant: Applicant
    advice: dict[str, str] = Field(
        description="By document, what the checks say of it, in the language of whoever holds the case."
    )
    decision: DeskDecision | None
    permission: DeskPermission | None
    duplicates: list[OtherCase]
    comparison: list[Compared]
    mrz: Zone | None
    findings: list[Finding]
    claimed_by: OfficerName | None
    due: Day | None
    overdue: bool
    proposal: ProposalText | None
    book_number: str | None
    hits: list[HitText]
    more_hits: int = Field(
        description="Hits that were found and are not listed yet; nothing is proposed before."
    )
    originals: list[OriginalText]
    interviews: list[InterviewNotes]
    payment_flags: list[str]
    history: list[HistoryEntry]
    grounds: list[Ground]
    may: list[MayOfficer]


class CaseRow(Answer):
    """A row of the applicant's list."""

    case_id: str
    procedure: str
    title: str
    reference: str | None
    status: CaseStatus
    status_text: str
    permission: PermissionState | None = Field(
        description="How what was issued stands; null where nothing was."
    )
    updated_at: Moment
    next: Next
    applicant: str | None = Field(description="Whose application it is, once the form says so.")
    group: str | None = Field(description="Applications that are made together have the same.")
    agency: str | None = Field(description="The accredited agency that filed it.")


class CaseList(Answer):
    """The caller's cases."""

    cases: list[CaseRow]
    next: str | None = Field(description="The `cursor` of the next page, where there is one.")


class SubmissionDocument(Answer):
    """What will be signed, and its digest."""

    document: dict[str, Any]
    digest: str = Field(description="SHA-256 of the document's RFC 8785 form, in hex.")


class Slot(Answer):
    """A time that can be booked."""

    start: str
    left: int


class Slots(Answer):
    """Seven days of slots."""

    office: OfficeText
    slots: list[Slot]


class AppointmentRow(Answer):
    """One visit of a day."""

    start: str
    case_id: str
    reference: str | None
    applicant: str | None
    status: CaseStatus
    purpose: Literal["handover", "interview"]


class Appointments(Answer):
    """A day's visits."""

    appointments: list[AppointmentRow]


class ProcedureRow(Answer):
    """One procedure in few words."""

    id: str
    title: str
    summary: str
    actors: list[str] = Field(description="Who may file it.")


class Procedures(Answer):
    """What can be applied for."""

    procedures: list[ProcedureRow]


class Provision(Answer):
    """A provision of the law."""

    text: str


Condition = dict[str, Any]


@with_config(ConfigDict(extra="forbid"))
class SectionForm(TypedDict):
    """A section of the form: the schema's properties stand in the order in which they are asked."""

    id: str
    title: str
    hint: NotRequired[str]
    schema: dict[str, Any]
    when: NotRequired[Condition]


@with_config(ConfigDict(extra="forbid"))
class DocumentWanted(TypedDict):
    """A document that is asked for."""

    id: str
    title: str
    hint: str
    supply: Literal["upload", "shown_at_visit", "original_by_post"]
    checks: list[str]
    required: bool
    accept: NotRequired[list[str]]
    max_bytes: NotRequired[int]
    when: NotRequired[Condition]


@with_config(ConfigDict(extra="forbid"))
class FeeUnder(TypedDict):
    """A line of the fee and when it is asked."""

    label: str
    amount: int
    currency: str
    office: str
    channels: list[str]
    when: NotRequired[Condition]


@with_config(ConfigDict(extra="forbid"))
class QuestionBefore(TypedDict):
    """A question before the form; `go_on` is the answer with which one may go on."""

    id: str
    text: str
    hint: NotRequired[str]
    go_on: Literal["yes", "no"]
    stop: str
    instead: str


class Validity(Answer):
    """A validity that can be chosen."""

    value: str
    label: str


class FeeGroup(Answer):
    """Applicants of one range of ages, for asking what it costs; `before` is the first age above it."""

    since: int = Field(alias="from")
    before: int | None
    validity: list[Validity]


class Visit(Answer):
    """Where a visit is needed, and who must come."""

    where: str
    who: Literal["holder", "applicant", "anyone"] | None
    text: str | None


class StageName(Answer):
    """A stage."""

    id: str
    title: str


class Procedure(ProcedureRow):
    """Everything that a form is drawn from; conditions are JSON Logic."""

    family: str
    version: str
    languages: list[str] = Field(description="In which every text of it exists.")
    together: list[Literal["family", "group"]] = Field(description="Who may apply together.")
    agency_only: bool = Field(description="Whether an accredited agency applies, and nobody else.")
    age_reached: Literal["eve_of_birthday", "birthday"]
    automatic: bool = Field(description="Whether it may be granted without a person.")
    questions: list[QuestionBefore]
    false_statement: str | None = Field(description="The provision that punishes a false statement.")
    legal_basis: list[Provision]
    sections: list[SectionForm]
    documents: list[DocumentWanted]
    fees: list[FeeUnder]
    fee_groups: list[FeeGroup] = Field(description="The oldest first.")
    duration_working_days: int | None
    what_you_need: list[str]
    visit: Visit
    stages: list[StageName]


class Offices(Answer):
    """Where it can be applied for."""

    offices: list[OfficeText]


class Fee(Answer):
    """What it costs today."""

    items: list[FeeLine]
    exceptions: list[FeeLine] = Field(
        description="What nationals pay instead who have a fee of their own; the label says whose it is."
    )
    total: int
    currency: str
    as_of: Day
    source: str
    notes: list[str]


class Challenge(Answer):
    """What the card signs to be read."""

    purpose: Literal["read"]
    challenge: str
    expires_at: Moment


class CardRead(Answer):
    """The card's four attributes."""

    finding: FindingText
    attributes: dict[str, Any]
    case: CaseView


class Checked(Answer):
    """What a check found at once."""

    finding: Finding
    case: CaseView


class CounterChecked(Answer):
    """What the camera's picture says."""

    finding: Finding
    case: DeskCase


class PaymentToConfirm(Answer):
    """The payment that the browser confirms."""

    payment_intent: str
    client_secret: str
    amount: int
    currency: str


class Receipt(Answer):
    """The record of a payment."""

    number: str
    issued_on: Day
    reference: str
    items: list[FeeLine]
    total: int
    currency: str
    paid_at: Moment
    refunded: int
    note: str


class Registered(Answer):
    """The book is registered."""

    registered: Literal[True]


class PassengerAnswer(Answer):
    """One passenger's answer, under the carrier's own reference."""

    reference: str
    answer: Literal["OK_TO_BOARD", "NO_BOARD", "INSUFFICIENT_DATA", "UNABLE"]


class InquiryAnswer(Answer):
    """The answers in the passengers' order. Only OK_TO_BOARD lets somebody board."""

    inquiry: str | None = Field(
        description="Proves the answer later; null when nothing could be written down."
    )
    answers: list[PassengerAnswer]
    receipt: str | None = Field(description="HMAC-SHA-256 over what was kept, for Ryoji to check.")
    outage_procedure: str | None = Field(description="The procedure to follow where the answer is UNABLE.")


class ProvedAnswer(Answer):
    """One passenger of an inquiry, as the carrier called them, with the answer."""

    reference: str
    booking: str
    document: str = Field(description="A keyed hash that only Ryoji can make; empty for INSUFFICIENT_DATA.")
    answer: Literal["OK_TO_BOARD", "NO_BOARD", "INSUFFICIENT_DATA", "UNABLE"]


class InquiryRecord(Answer):
    """What was answered, in the order of the passengers. When `intact` is false, nothing in it proves anything."""

    inquiry: str
    at: Moment | None
    flight: str | None
    departure_port: str | None
    arrival_port: str | None
    departs_at: str | None
    arrives_at: str | None
    answers: list[Literal["OK_TO_BOARD", "NO_BOARD", "INSUFFICIENT_DATA", "UNABLE"]]
    passengers: list[ProvedAnswer]
    question: str | None = Field(description="HMAC-SHA-256, hex, of what was asked; see docs/carriers.")
    question_key: str = Field(description="Its key, hex: with it a carrier checks the request that it kept.")
    receipt: str
    intact: bool = Field(
        description="Whether the record is, byte for byte, what was written with the answer."
    )


class AnswerChanged(Answer):
    """An answer that is no longer so."""

    change: str = Field(
        description="`inquiry`, `place` and a number that counts up, joined by hyphens; the highest number holds."
    )
    inquiry: str
    place: int = Field(description="The passenger's place in the inquiry, counted from 0.")
    flight: str
    arrives_at: str = Field(description="YYYY-MM-DDTHH:MM; the day alone where EDIFACT told no time.")
    reference: str = Field(description="As the inquiry had it; may be empty.")
    booking: str = Field(description="RFF+AVF of an inquiry in EDIFACT; else empty.")
    was: str = Field(description="The answer before, whether it was told or not.")
    answer: str
    at: Moment


class InquiryChanges(Answer):
    """What the carrier has not yet acknowledged, and the key (hex) of its pushes' signatures."""

    carrier: str
    designators: list[str] = Field(description="The airline codes that its flights' numbers begin with.")
    changes: list[AnswerChanged]
    push_key: str


class Interchange(RootModel[str]):
    """A UN/EDIFACT interchange (application/edifact): CUSRES."""


class Received(Answer):
    """The event was taken."""

    received: Literal[True]


class Upload(Answer):
    """A presigned POST: send `fields` and the file to `url`."""

    upload_id: str
    url: str
    fields: dict[str, str]


class Link(Answer):
    """A link that works for a few minutes."""

    url: str


class Desk(Answer):
    """A desk."""

    desk: str
    title: str
    timezone: str


class Officer(Answer):
    """Who is signed in."""

    name: str
    officer: str
    desks: list[Desk]
    roles: list[str]


class QueueRow(Answer):
    """A case in a queue."""

    case_id: str
    reference: str | None
    procedure: str
    family: str
    title: str
    applicant: str | None
    status: CaseStatus
    status_text: str
    submitted_at: Moment | None
    due: Day | None
    overdue: bool
    claimed_by: OfficerName | None
    nationality: str | None
    nationality_text: str | None
    permission: PermissionState | None
    flags: list[Literal["attention", "proposed", "interview", "humanitarian"]]
    findings: dict[str, FindingOutcome]


class Queue(Answer):
    """A page of a queue."""

    rows: list[QueueRow]
    cursor: str | None


class StatisticsRow(Answer):
    """The figures of one desk, nationality and procedure in a month. Nobody is named."""

    desk: str
    desk_title: str
    nationality: str = Field(description="Three letters (ISO 3166-1); nationals are JPN.")
    nationality_text: str
    procedure: str
    title: str
    family: str
    received: int
    issued: int = Field(description="Visas and authorizations issued, passports handed over.")
    refused: int
    withdrawn: int
    lapsed: int
    days: int = Field(description="Days from receipt to answer, added up over all issued and refused.")


class Filed(Answer):
    """Applications of a procedure that a desk received in the month, by the way in which they came."""

    desk: str
    desk_title: str
    procedure: str
    title: str
    online: int
    on_paper: int = Field(description="As the counter said.")


class Statistics(Answer):
    """What was received and what was answered in a month, each in the month (Japan's) in which it happened."""

    month: str
    desks: list[Desk] = Field(description="The desks that the officer may ask about.")
    rows: list[StatisticsRow]
    filed: list[Filed] = Field(description="Only where the counter has said what came in on paper.")


class Status(Answer):
    """What anybody may learn who knows reference and birth date."""

    reference: str
    title: str
    status: CaseStatus
    status_text: str
    permission: PermissionState | None = Field(
        description="How what was issued stands; null where nothing was."
    )
    next: Next
    updated_at: Moment


SealCheck = Literal["pass", "fail", "not_checked"]


class TrustListAge(Answer):
    """Which trust list was believed."""

    issued: Moment | None
    age_seconds: int | None


class PrintedField(Answer):
    """One field of a printed visa's zone beside the seal."""

    field: Literal["issuing_state", "name", "number", "nationality", "birth_date", "sex", "valid_until"]
    printed: str
    outcome: Literal["agrees", "differs", "not_compared"] = Field(
        description="`not_compared`: the seal does not say it."
    )


class PrintedZone(Answer):
    """A printed visa's zone beside the seal; NOT_COMPARED where the seal is not VALID."""

    status: Literal["MATCH", "INVALID_VISA_MRZ", "SEAL_VISA_MISMATCH", "NOT_COMPARED"]
    fields: list[PrintedField]


class SealVerdict(Answer):
    """What a verification found, and what it did not look at."""

    status: Literal[
        "VALID",
        "READ_ERROR",
        "WRONG_FORMAT",
        "UNKNOWN_CERTIFICATE",
        "UNTRUSTED_CERTIFICATE",
        "INVALID_DOCUMENTTYPE",
        "EXPIRED_CERTIFICATE",
        "REVOKED_CERTIFICATE",
        "INVALID_SIGNATURE",
    ]
    text: str
    mend: str
    checks: dict[str, SealCheck]
    not_checked: list[str] = Field(
        description="Always with `holder`: who stands before you, no seal can say."
    )
    warnings: list[str]
    type: str | None
    state: str | None
    content: dict[str, Any] = Field(description="By plain names for our profiles; as it stands for others.")
    validity: Literal["not_yet", "current", "past", "not_checked"]
    permission: Literal[
        "active", "revoked", "cancelled", "used", "expired", "replaced", "unknown", "not_checked"
    ]
    signer: str | None = Field(description="SHA-256 of the signer's certificate, hex.")
    trust_list: TrustListAge
    verified_at: Moment
    printed: PrintedZone | None = Field(
        description="What `zone` says beside the seal; null where none was sent."
    )


class Agency(Answer):
    """An accredited agency, and what is left of its month."""

    code: str
    name: str
    email: str | None = Field(
        description="Where it is written to about what it files; null while none is known."
    )
    procedures: list[str]
    quota: int
    used: int
    left: int
    suspended: bool


class AgencyAccount(Answer):
    """Somebody who may file in an agency's name."""

    email: str
    enabled: bool = Field(description="Whether they may sign in.")


class AgencyChange(Answer):
    """What an officer did to an agency."""

    at: Moment
    by: str
    did: Literal["accredited", "changed", "suspended", "restored", "staff_added", "staff_removed"]
    account: str | None = Field(description="Whose account was added or removed.")


class DeskAgency(Agency):
    """An agency as officers see it."""

    desk: str = Field(description="The desk that accredits it.")
    desk_title: str
    timezone: str = Field(description="The desk's.")
    reason: str | None = Field(description="Why it was suspended or let file again; the agency is not told.")
    staff: list[AgencyAccount]
    changes: list[AgencyChange] = Field(description="Who did what when, the latest first.")
    may: list[Literal["accredit", "suspend"]]


class DeskAgencies(Answer):
    """A page of the agencies of a desk."""

    desks: list[Desk] = Field(description="The desks that the officer may ask about.")
    agencies: list[DeskAgency]
    cursor: str | None


class Agencies(Answer):
    """The agencies that the caller works for."""

    agencies: list[Agency]


class Empty(Answer):
    """Nothing more to say."""
