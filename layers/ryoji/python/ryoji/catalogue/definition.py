"""One procedure of the catalogue, as its YAML file says it. Shapes only: what is true across files is in `loading`.

Dates: `from` is the first and `until` the last day in force, both included. Marks say how well a fact is
known: `found` was read in the named source, `derived` follows from it, `design` is the house's own choice,
`K` is knowledge that nobody has verified yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Check = Literal["travel_document", "portrait", "faces", "identity", "image", "family_register", "screening"]
Family = Literal[
    "passport", "visa", "authorization", "certificate", "notification", "registration", "internal"
]
Mark = Literal["found", "derived", "design", "K"]
Supply = Literal["upload", "shown_at_visit", "original_by_post"]
StageId = Literal["evidence", "review", "payment", "production", "issuance", "handover", "forwarding"]
AtDeadline = Literal["escalate", "lapse"]
Channel = Literal["online", "counter"]
OfficeKind = Literal["mission", "prefecture", "headquarters"]
Part = Literal["state", "prefecture", "consular"]
Payment = Literal["card", "cash"]
Condition = dict[str, Any]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]

Event = Literal[
    "submitted",
    "correction_requested",
    "corrected",
    "payment_due",
    "paid",
    "in_production",
    "ready_for_collection",
    "appointment_booked",
    "appointment_cancelled",
    "reminder",
    "handed_over",
    "issued",
    "revoked",
    "reinstated",
    "cancelled",
    "used",
    "replaced",
    "sealed_again",
    "interview_requested",
    "forwarded",
    "refused",
    "withdrawn",
    "lapsed",
]
EVENTS: tuple[Event, ...] = get_args(Event)


_TOLD_BY_FAMILY = frozenset(
    {
        ("visa", "issued"),
        ("visa", "refused"),
        ("visa", "payment_due"),
        ("visa", "lapsed"),
        ("authorization", "issued"),
        ("authorization", "refused"),
        ("authorization", "payment_due"),
        ("authorization", "lapsed"),
    }
)


class _Shape(BaseModel):
    # Built on first use: a function that needs one model does not pay for the others at start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class LegalBasis(_Shape):
    """One provision that the procedure stands on; the law's name is the message `law.<law>`."""

    law: Code = Field(description="Key of the law, such as passport_act; its name is the message law.<law>.")
    article: str = Field(description="Article number; 4-2 reads as article 4 bis.", pattern=r"^\d+(-\d+)?$")
    paragraph: int | None = Field(default=None, ge=1, description="Paragraph (項) number.")
    item: int | None = Field(default=None, ge=1, description="Item (号) number.")
    source: str = Field(description="Where it was read, by the keys of the reference, such as L1.")
    mark: Mark = Field(description="How well it is known.")


class Actor(_Shape):
    """Somebody who may file, and when."""

    who: Literal["self", "legal_representative", "spouse", "relative", "named_proxy", "agency", "staff"] = (
        Field(description="In what capacity the person acts.")
    )
    channels: list[Channel] = Field(description="Through which doors this person may file.", min_length=1)
    when: Condition | None = Field(default=None, description="JSON Logic; without it, always.")
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Consent(_Shape):
    """Whose written consent is needed, and when."""

    by: Literal["legal_representative"] = Field(description="Who consents.")
    when: Condition = Field(description="JSON Logic: when the consent is needed.")
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class AgeRule(_Shape):
    """How an age is reached (年齢計算ニ関スル法律): a setting, because nobody has verified its reading here."""

    reached: Literal["eve_of_birthday", "birthday"] = Field(
        description="Whether a year of age is full at the end of the day before the birthday, or on the birthday."
    )
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Audience(_Shape):
    """Who may apply, and who may act for whom."""

    who: Literal["japanese_national", "foreign_national", "anyone", "staff"] = Field(
        description="Whose procedure it is."
    )
    age: AgeRule = Field(description="How ages in this procedure's conditions are counted.")
    actors: list[Actor] = Field(description="Who may file.", min_length=1)
    consents: list[Consent] = Field(default=[], description="Consents that are needed besides.")


class SectionUse(_Shape):
    """One section of the form; its fields are the typed model of the same name in `sections`."""

    id: Code = Field(description="Section model, such as person or contact.")
    when: Condition | None = Field(default=None, description="JSON Logic; without it, always.")


class UploadLimits(_Shape):
    """What a file may be before it is re-encoded."""

    content_types: list[Literal["image/jpeg", "image/png", "image/bmp", "image/heic", "application/pdf"]] = (
        Field(description="Accepted types, recognised by content and not by name.", min_length=1)
    )
    min_bytes: int = Field(default=1, ge=1, description="Smallest size in bytes.")
    max_bytes: int = Field(ge=1, description="Largest size in bytes.")
    source: str = Field(description="Where the limits were read.")
    mark: Mark = Field(description="How well they are known.")


class Original(_Shape):
    """The paper itself, which an officer must have seen at the counter before the application is approved."""

    asked: Literal["always", "at_interview"] = Field(
        description="Of everybody, or only of who is asked to come to the mission anyway."
    )
    source: str = Field(description="Where the demand was read.")
    mark: Mark = Field(description="How well it is known.")


class Document(_Shape):
    """Something that goes with the application: how it may be supplied, checked and made unnecessary."""

    id: Code = Field(description="Message key document.<id>; also the name under which it is uploaded.")
    supply: Supply = Field(description="Uploaded, shown at the visit, or the original by post.")
    checks: list[Check] = Field(default=[], description="Checks made on it, in this order.")
    required: bool = Field(default=True, description="Whether the application is incomplete without it.")
    when: Condition | None = Field(default=None, description="JSON Logic: when it is asked for at all.")
    unless: Condition | None = Field(default=None, description="JSON Logic: what makes it unnecessary.")
    limits: UploadLimits | None = Field(default=None, description="For uploads: what the file may be.")
    original: Original | None = Field(
        default=None, description="Where the electronic form is not enough: whose original must be seen."
    )
    source: str = Field(description="Where the demand was read.")
    mark: Mark = Field(description="How well it is known.")

    @model_validator(mode="after")
    def _limits_follow_supply(self) -> Document:
        if (self.supply == "upload") != (self.limits is not None):
            raise ValueError("an uploaded document has limits, and no other has")
        if self.checks and self.supply != "upload":
            raise ValueError("only an uploaded document can be checked by machine")
        return self


class Identity(_Shape):
    """How sure one must be of who applies."""

    assurance: Literal["signature_certificate", "account", "shown_at_visit", "none"] = Field(
        description="signature_certificate: the card signs the submission; account: signing in is enough."
    )
    attributes: list[Literal["name", "birth_date", "sex", "address"]] = Field(
        default=[], description="Attributes of the card that are compared with the form."
    )
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Question(_Shape):
    """One question before the form, for who is not sure to be right here: one answer leads on, the other does not.

    Its texts are procedure.<id>.question.<question> with text, stop and instead, and a hint where one helps.
    """

    id: Code = Field(description="Name of the question; its texts are procedure.<id>.question.<this id>.")
    go_on: Literal["yes", "no"] = Field(description="The answer with which one may go on.")
    source: str = Field(description="Where the condition was read.")
    mark: Mark = Field(description="How well it is known.")


class FeeGroup(_Shape):
    """Applicants of one range of ages, for telling the fee before anybody applies: up to where the next begins."""

    since: int = Field(alias="from", ge=0, le=150, description="The youngest, in full years.")
    validity: list[str] = Field(
        description="The validities they may choose from, as the form's own choices.", min_length=1
    )
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")


class Remedy(_Shape):
    """A way to object to a refusal, of which the applicant is told (教示): the text is remedy.<kind>."""

    kind: Literal["review", "action"] = Field(
        description="review: a request to the authority (審査請求); action: a suit for annulment (取消訴訟)."
    )
    body: Code = Field(description="Whom it is directed to; its name is the message body.<body>.")
    months: int = Field(ge=1, description="Months from the day after one learned of the decision.")
    basis: LegalBasis = Field(description="The provision that sets the period.")
    source: str = Field(description="Where the body and the period were read.")
    mark: Mark = Field(description="How well they are known.")


class Visit(_Shape):
    """The one visit, if the law keeps one."""

    where: Literal["none", "filing", "handover"] = Field(
        description="At which end of the procedure the visit is."
    )
    who: Literal["holder", "applicant", "anyone"] | None = Field(
        default=None, description="Who must come in person."
    )
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class FeeUse(_Shape):
    """One item of a fee table, and when it is due."""

    table: Code = Field(
        description="Fee table: the file's id in procedures/fees; this file's own id for the rates that it brings."
    )
    item: Code = Field(description="Item of the table; its name is the message fee.<item>.")
    when: Condition | None = Field(default=None, description="JSON Logic; without it, always.")


class Rate(_Shape):
    """One amount of one or more items, at one kind of office, through some channels, between two dates."""

    items: list[Code] = Field(description="Items of which this is a part.", min_length=1)
    part: Part = Field(
        description="Whose part it is: the state's, the prefecture's, or the consul's whole fee."
    )
    office: OfficeKind = Field(description="Kind of office that collects it.")
    channels: list[Channel] = Field(
        default=["online", "counter"], description="Through which channels.", min_length=1
    )
    payments: list[Payment] = Field(default=["card", "cash"], description="Paid how.", min_length=1)
    amount: int = Field(ge=0, description="Amount in the currency's minor unit; yen have none.")
    currency: str = Field(default="jpy", pattern=r"^[a-z]{3}$", description="ISO 4217, in small letters.")
    since: date = Field(alias="from", description="First day in force.")
    until: date | None = Field(default=None, description="Last day in force.")
    unverified: bool = Field(
        default=False, description="Announced and not confirmed: shown to the reader, never charged."
    )
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")

    def in_force(self, on: date) -> bool:
        """Whether the rate stands on that day, verified or not."""
        return self.since <= on and (self.until is None or on <= self.until)


class Deadline(_Shape):
    """A time limit and what happens when it has passed. Exactly one of the three lengths is given."""

    working_days: int | None = Field(default=None, ge=1, description="Working days of the office's calendar.")
    days: int | None = Field(default=None, ge=1, description="Calendar days.")
    months: int | None = Field(default=None, ge=1, description="Calendar months.")
    then: AtDeadline = Field(
        description="At the deadline: escalate to the desk's head, or let the case lapse."
    )
    stops_while_asked: bool = Field(
        default=False, description="Whether the days in which the applicant is asked do not count."
    )
    remind_days_before: list[int] = Field(
        default=[], description="Reminders, in calendar days before the deadline."
    )
    source: str = Field(description="Where the limit was read.")
    mark: Mark = Field(description="How well it is known.")

    @model_validator(mode="after")
    def _one_length(self) -> Deadline:
        if sum(length is not None for length in (self.working_days, self.days, self.months)) != 1:
            raise ValueError("give exactly one of working_days, days and months")
        return self


class Stage(_Shape):
    """A part of the way that a case goes; the order of stages is the order of the file."""

    id: StageId = Field(description="Which shared stage machine.")
    checks: list[Check] = Field(
        default=[], description="Evidence only: checks over the whole case, besides the documents'."
    )
    automatic: bool = Field(
        default=False,
        description="Review only: granted without a person when every check passes and no hit stands.",
    )
    due: Deadline | None = Field(default=None, description="How long the stage may take.")
    correction: Deadline | None = Field(
        default=None, description="Review only: how long the applicant may take to mend."
    )
    interview: Deadline | None = Field(
        default=None,
        description="Review only: how long the applicant may take to come when asked to; without it nobody is asked.",
    )


class Rule(_Shape):
    """Something that must hold across sections when the application is submitted."""

    id: Code = Field(description="Name of the rule; the message is problem.field.<id>.")
    must: Condition = Field(description="JSON Logic that must hold.")
    pointer: str = Field(description="JSON pointer to the answer at fault.", pattern=r"^/[a-z_]+(/[a-z_]+)?$")
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Issued(_Shape):
    """What comes out at the end."""

    what: Literal[
        "passport", "travel_document", "visa", "authorization", "certificate", "receipt", "registration"
    ] = Field(description="Kind of thing issued.")
    form: Literal["book", "paper", "pdf", "record"] = Field(description="In what form.")
    sealed: bool = Field(
        default=False, description="Whether it carries a VDS-NC seal that anyone can verify."
    )
    delivery: Literal["in_person", "courier", "online"] = Field(description="How it reaches the holder.")


class Permit(_Shape):
    """What a visa or a travel authorization allows (査証, 渡航認証). Days of stay count both ends."""

    kind: Literal["visa", "authorization"] = Field(description="Kind of permission.")
    programme: Code = Field(description="Programme, as statistics and the airline inquiry know it.")
    type: str = Field(
        pattern=r"^[A-Z]+( [A-Z]+)*$",
        max_length=48,
        description="What the seal and the page call it, such as TOURISM.",
    )
    profile: Literal["jp.visa", "jp.dta"] = Field(
        description="Profile of the seal (procedures/rules/seals.yaml)."
    )
    entries: Literal["single", "multiple"] = Field(description="How often it may be used.")
    nationals: list[Annotated[str, Field(pattern=r"^[A-Z]{3}$")]] = Field(
        default=[],
        description="For an authorization: whose nationals need it to board while the programme is in force.",
    )
    stay_days: int = Field(ge=1, le=180, description="Longest stay in days.")
    valid_months: int = Field(ge=1, le=120, description="Months from issue, but never beyond the passport.")
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")

    def ends(self, issued: date) -> date:
        """The last day of one that is issued on that day, if the passport lasts as long."""
        from ryoji.catalogue.deadlines import add_months

        return add_months(issued, self.valid_months) - timedelta(days=1)


class Refusal(_Shape):
    """How a refusal is told and what it closes. Grounds are the messages ground.<family>.<ground>."""

    reasons: Literal["written", "general"] = Field(
        description="written: the ground and the officer's reasons; general: neither is told."
    )
    same_purpose_months: int | None = Field(
        default=None, ge=1, description="Months in which the same purpose cannot be applied for again."
    )
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Filing(_Shape):
    """How several travellers apply together, and whether an accredited agency may file for them."""

    together: list[Literal["family", "group"]] = Field(
        default=[], description="Kinds of joint application; each traveller has a case of their own."
    )
    agency_only: bool = Field(default=False, description="Whether only accredited agencies may file.")
    source: str = Field(description="Where the rule was read.")
    mark: Mark = Field(description="How well it is known.")


class Duration(_Shape):
    """How long it usually takes, as the applicant is told."""

    working_days: int = Field(
        ge=1, description="Usual working days from acceptance to the thing being ready."
    )
    source: str = Field(description="Where the figure was read.")
    mark: Mark = Field(description="How well it is known.")


class Retention(_Shape):
    """How long the case file is kept (文書保存期間)."""

    years: int = Field(ge=1, description="Years kept.")
    after: Literal["expiry", "decision", "closing"] = Field(description="From when the years run.")
    refusal_years: int | None = Field(
        default=None, ge=1, description="Years that refusals are kept, if different."
    )
    source: str = Field(description="Where the period was read.")
    mark: Mark = Field(description="How well it is known.")


class Inventory(_Shape):
    """The procedure's row in the government's inventory (行政手続等の棚卸)."""

    number: str = Field(description="手続ID.", max_length=20)
    name: str = Field(description="手続名, as in the inventory.")
    yearly: int | None = Field(default=None, ge=0, description="Cases a year; empty where unknown.")
    yearly_online: int | None = Field(default=None, ge=0, description="Of these, online.")
    year: int = Field(ge=2000, description="Fiscal year of the counts.")
    shared_with: str | None = Field(
        default=None, description="Says so where the count covers other procedures too."
    )


class Procedure(_Shape):
    """One version of one procedure."""

    id: str = Field(
        description="Name in addresses, such as passport-renewal.", pattern=r"^[a-z]+(-[a-z0-9]+)*$"
    )
    family: Family = Field(description="Folder and state machine.")
    version: str = Field(
        description="Name of the version to which cases are pinned: its first day, with .2 and so on after a mend.",
        pattern=r"^\d{4}-\d{2}-\d{2}(\.\d+)?$",
    )
    since: date = Field(alias="from", description="First day in force.")
    until: date | None = Field(default=None, description="Last day in force; empty while nothing follows.")
    audience: Audience = Field(description="Who may apply and act.")
    legal_basis: list[LegalBasis] = Field(description="What the procedure stands on.", min_length=1)
    sections: list[SectionUse] = Field(description="The form, in order.", min_length=1)
    documents: list[Document] = Field(default=[], description="What goes with it, in order.")
    rules: list[Rule] = Field(default=[], description="What must hold across sections.")
    identity: Identity = Field(description="How sure one must be of who applies.")
    visit: Visit = Field(description="The one visit, if any.")
    fees: list[FeeUse] = Field(default=[], description="What is to be paid; empty means free.")
    rates: list[Rate] = Field(
        default=[],
        description="Amounts of its own, if no table in procedures/fees has them: a table by the name of its id.",
    )
    stages: list[Stage] = Field(description="The way that a case goes, in order.", min_length=1)
    questions: list[Question] = Field(
        default=[], description="Asked one by one before the form; empty means that the form begins at once."
    )
    fee_groups: list[FeeGroup] = Field(
        default=[],
        description="If the fee depends on age and validity: the ages, the oldest first, the last from 0.",
    )
    offices: list[OfficeKind] = Field(description="Kinds of office that take this procedure.", min_length=1)
    calendar: Code = Field(description="Calendar of working days where no office is known yet.")
    duration: Duration = Field(description="How long it usually takes.")
    needs: list[Code] = Field(
        default=[], description="What to have ready: messages procedure.<id>.need.<key>, in order."
    )
    issues: list[Issued] = Field(default=[], description="What is issued.")
    permit: Permit | None = Field(default=None, description="For visas and authorizations: what is allowed.")
    refusal: Refusal = Field(
        default_factory=lambda: Refusal(reasons="written", source="旅券法 art 14", mark="found"),
        description="How a refusal is told and what it closes.",
    )
    remedy: list[Remedy] = Field(
        default=[], description="How one may object to a refusal; empty where the law gives no way."
    )
    false_statement: LegalBasis | None = Field(
        default=None, description="The provision that punishes a false statement, said before signing."
    )
    filing: Filing | None = Field(default=None, description="Joint applications and agencies.")
    retention: Retention = Field(description="How long the file is kept.")
    inventory: Inventory | None = Field(default=None, description="Its row in the government's inventory.")
    languages: list[str] = Field(
        description="Languages in which every text of the procedure exists.", min_length=1
    )
    words: dict[str, dict[str, Any]] = Field(
        default={},
        description="Its own words by language, if no message file has them: title, summary, need.<key>, "
        "and fee.<item>.<part> for rates of its own.",
    )
    messages: dict[Event, list[Literal["email", "portal"]]] = Field(
        default={}, description="Which events are told to the applicant, and how."
    )

    def in_force(self, on: date) -> bool:
        """Whether this version applies to an application accepted on that day."""
        return self.since <= on and (self.until is None or on <= self.until)

    def told_as(self, event: Event) -> str:
        """The message key of an event: what is issued, refused or paid for is told in its family's own words."""
        own = (self.family, event) in _TOLD_BY_FAMILY
        return f"message.{event}_{self.family}" if own else f"message.{event}"

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that name, if a case goes through it."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def document(self, document_id: str) -> Document | None:
        """The document of that name, if the procedure knows it."""
        return next((document for document in self.documents if document.id == document_id), None)

    @model_validator(mode="after")
    def _names_once(self) -> Procedure:
        for kind, names in (
            ("section", [section.id for section in self.sections]),
            ("document", [document.id for document in self.documents]),
            ("stage", [stage.id for stage in self.stages]),
            ("question", [question.id for question in self.questions]),
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"a {kind} stands here twice")
        return self

    @model_validator(mode="after")
    def _interviews_are_told_and_end(self) -> Procedure:
        review = self.stage("review")
        if ("interview_requested" in self.messages) != bool(review and review.interview):
            raise ValueError(
                "interview_requested is told where the review has an interview, and nowhere else"
            )
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> Procedure:
        if self.until is not None and self.until < self.since:
            raise ValueError("until is before from")
        return self
