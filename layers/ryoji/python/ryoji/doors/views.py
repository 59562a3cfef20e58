"""What people see of a case: texts in their language, never a token, never somebody else's data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from ryoji.cases import commands
from ryoji.cases.case import Case, Interview, RecordedFinding
from ryoji.cases.originals import original_of, originals_wanted
from ryoji.cases.standing import standing_of
from ryoji.cases.submission import missing
from ryoji.cases.summary import permission_on
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.definition import Document, Procedure
from ryoji.catalogue.ministry_days import MINISTRY_ZONE, ministry_day
from ryoji.catalogue.needs import documents_needed, sections_needed, signer
from ryoji.catalogue.offices import Office
from ryoji.doors.texts import catalogue, texts
from ryoji.payments import Receipt

# What the applicant's timeline tells; the rest is the house's own business.
TOLD = frozenset(
    {
        "opened",
        "submitted",
        "correction_requested",
        "correction_extended",
        "corrected",
        "resubmitted",
        "decided",
        "fee_due",
        "payment_failed",
        "paid",
        "refund_due",
        "refunded",
        "production_ordered",
        "produced",
        "appointment_booked",
        "appointment_cancelled",
        "handed_over",
        "withdrawn",
        "lapsed",
        "interview_requested",
        "originals_seen",
        "interview_held",
        "granted",
        "approval_recalled",
        "permission_issued",
        "permission_changed",
        "permission_sealed_again",
    }
)


@dataclass(frozen=True)
class Reader:
    """Who reads: by which definition, on which facts, in which language and when."""

    definition: Procedure
    facts: Facts
    language: str
    now: datetime

    def text(self, key: str, **params: object) -> str:
        """A text in the reader's language."""
        return texts().text(key, self.language, **params)

    def has(self, key: str) -> bool:
        """Whether there is such a text; one that is not in the reader's language is told in another."""
        return texts().has(key, "en")

    @property
    def today(self) -> date:
        """Today at the border, whose days a permission's are."""
        return ministry_day(self.now)

    def standing_of(self, case: Case) -> str | None:
        """How what was issued stands now; None where nothing was."""
        return standing_of(case, self.today)


def card_holder(case: Case, reader: Reader) -> Literal["applicant", "legal_representative"] | None:
    """Whose card was read: a child's application is begun with the card that will sign it.

    Before the form has a birth date, the passport's page tells it.
    """
    if case.card is None:
        return None
    person = case.sections.get("person") or {"birth_date": _birth_date_read(case)}
    facts = replace(reader.facts, answers={**case.sections, "person": person})
    return "applicant" if signer(reader.definition, facts) == "self" else "legal_representative"


def _birth_date_read(case: Case) -> str | None:
    found = case.latest("travel_document")
    return (found.finding["facts"].get("fields") or {}).get("birth_date") if found else None


def applicant_view(case: Case, reader: Reader) -> dict[str, Any]:
    """The CaseView of the API."""
    return {
        "case_id": case.case_id,
        "procedure": case.procedure,
        "title": reader.text(f"procedure.{case.procedure}.title"),
        "reference": case.reference,
        "status": case.status,
        "status_text": reader.text(_status_key(case.status, reader.standing_of(case))),
        "sequence": case.sequence,
        "opened_at": iso(case.opened_at),
        "submitted_at": iso(case.submitted_at),
        "language": case.language,
        "timezone": reader.facts.office.timezone if reader.facts.office else MINISTRY_ZONE,
        "sections": [_section(case, use.id, reader) for use in reader.definition.sections],
        "documents": [document_view(case, document, reader) for document in _asked_for(case, reader)],
        "identity": {
            "read": case.card is not None,
            "signed": case.signature is not None,
            "attributes": case.card,
            "holder": card_holder(case, reader),
            "assurance": reader.definition.identity.assurance,
        },
        "next": next_step(case, reader),
        "stages": _stages(case, reader),
        "correction": _correction(case, reader),
        "fee": fee_view(case, reader),
        "appointment": _appointment(case, reader),
        "book": {"ready": True} if case.book and case.status == "collection" else None,
        "permission": _permission(case, reader),
        "interview": _interview(case, reader.language),
        "group": case.group,
        "relation": case.relation,
        "agency": case.holder.removeprefix("org:") if case.holder.startswith("org:") else None,
        "decision": _decision(case, reader),
        "timeline": timeline(case, reader),
        "messages": messages(case),
        "may": may(case, reader),
    }


def iso(moment: datetime | None) -> str | None:
    """A moment as text."""
    return moment.isoformat() if moment else None


def _section(case: Case, section: str, reader: Reader) -> dict[str, Any]:
    needed = section in {use.id for use in sections_needed(reader.definition, reader.facts)}
    status = "not_needed" if not needed else "done" if section in case.sections else "todo"
    if _open_item(case, f"sections/{section}"):
        status = "mend"
    return {
        "id": section,
        "title": reader.text(f"section.{section}.title"),
        "status": status,
        "answers": case.sections.get(section, {}),
    }


def _open_item(case: Case, item: str) -> bool:
    return item in case.correction and item not in case.corrected


def _asked_for(case: Case, reader: Reader) -> list[Document]:
    needed = list(documents_needed(reader.definition, reader.facts))
    names = {document.id for document in needed}
    others = [document for document in reader.definition.documents if document.id not in names]
    # An officer may ask for what the first of the family has sent, and what was sent stays to be seen.
    return [*needed, *(d for d in others if d.id in case.documents or f"documents/{d.id}" in case.correction)]


def document_view(case: Case, document: Document, reader: Reader) -> dict[str, Any]:
    """One document with where it stands and what the checks found."""
    held = case.documents.get(document.id)
    found = [case.latest(check, document.id) for check in document.checks]
    findings = [finding_view(each, reader) for each in found if each]
    return {
        "id": document.id,
        "title": reader.text(f"document.{document.id}.title"),
        "supply": document.supply,
        "required": document.required,
        "status": _document_status(case, document, findings),
        "upload_id": held.upload_id if held else None,
        "received_at": iso(held.received_at) if held else None,
        "checks": list(document.checks),
        "findings": findings,
        "original": _original(case, document, reader),
    }


def _original(case: Case, document: Document, reader: Reader) -> str | None:
    """Whether the applicant brings it or has shown it; what was found of it the desk says, by its decision."""
    if document.original is None or case.ended:
        return None
    if document.id not in {each.id for each in originals_wanted(case, reader.definition, reader.facts)}:
        return None
    return "shown" if original_of(case, document.id) else "bring"


def _document_status(case: Case, document: Document, findings: list[dict[str, Any]]) -> str:
    if _open_item(case, f"documents/{document.id}"):
        return "mend"
    if document.id not in case.documents:
        return "missing"
    if any(finding["outcome"] in ("fail", "review") for finding in findings):
        return "attention"
    return "checked" if len(findings) == len(document.checks) else "received"


def finding_view(found: RecordedFinding, reader: Reader) -> dict[str, Any]:
    """A recorded finding in words."""
    return {
        **finding_text(found.finding, reader),
        "at": iso(found.at),
        "door": found.door,
        "document": found.document,
    }


def finding_text(finding: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """A finding with the text of each reason and how to mend it."""
    check = finding["check"]
    title = f"check.{check}"
    return {
        "check": check,
        "title": reader.text(title),
        "outcome": finding["outcome"],
        "reasons": [_reason(check, reason, reader) for reason in finding["reasons"]],
        "facts": finding["facts"],
    }


def _reason(check: str, reason: dict[str, Any], reader: Reader) -> dict[str, Any]:
    key = f"finding.{check}.{reason['code']}"
    if not reader.has(f"{key}.text"):
        key = f"finding.any.{reason['code']}"
    unit = reason.get("unit")
    told = {**reason, "unit": reader.text(f"unit.{unit}") if unit else unit}
    values = {name: told.get(name) or "" for name in ("measured", "required", "unit")}
    return {
        **told,
        "text": reader.text(f"{key}.text", **values),
        "mend": reader.text(f"{key}.mend", **values),
    }


# Who has the case and what they do, by status; a draft and a correction depend on more.
_NEXT: dict[str, tuple[str, str]] = {
    "draft": ("applicant", "fill"),
    "checking": ("officer", "wait"),
    "in_review": ("officer", "wait"),
    "correction": ("applicant", "correct"),
    "payment": ("applicant", "pay"),
    "production": ("partner", "wait"),
    "collection": ("applicant", "book"),
    "issuance": ("officer", "wait"),
    "issued": ("applicant", "travel"),
}


def next_step(case: Case, reader: Reader) -> dict[str, Any]:
    """Who must do what, by when."""
    from ryoji.doors.cases import ended_on

    who, action, key = step_of(case, reader.definition, reader.today)
    text = next_text(key, reader.definition, ended_on(case), reader.language)
    return {"who": who, "action": action, "text": text, "by": case.due}


def next_text(key: str, definition: Procedure, ended: date | None, language: str) -> str:
    """What is next in words; of a refusal that closes its purpose also until when. `ended`: the day at the office."""
    from ryoji.catalogue.deadlines import add_months
    from ryoji.doors.written import written_day

    months = definition.refusal.same_purpose_months
    until = add_months(ended, months).isoformat() if ended and months else None
    return texts().text(key, language, until=written_day(until, language))


def step_of(case: Case, definition: Procedure, today: date) -> tuple[str, str, str]:
    """Who must do what, and the key of the text that says it; `today` is the border's."""
    interview = case.open_interview is not None
    held = standing_of(case, today)
    who, action, key = _next(case.status, definition, interview=interview, permission=held)
    if case.status == "collection" and case.appointment:
        action, key = "attend", "next.attend"
    if case.status == "payment" and not case.payment.payable:
        who, action = "officer", "wait"
        key = "next.payment_received" if case.payment.paid_by else "next.in_review"
    return who, action, key


def _next(
    status: str, definition: Procedure, *, interview: bool, permission: str | None
) -> tuple[str, str, str]:
    """Who must do what, and the text that says it.

    `interview`: one was asked for and is not held. `permission`: how what was issued stands now; nobody travels with
    one that has ended.
    """
    if _has_ended(permission):
        return "nobody", "none", f"next.permission_{permission}"
    who, action = _NEXT.get(status, ("nobody", "none"))
    if status == "in_review" and interview:
        return "applicant", "attend", "next.interview"
    if status == "draft" and definition.identity.assurance == "account":
        return who, action, "next.draft_visa"
    if status == "refused" and definition.family == "visa" and not definition.refusal.same_purpose_months:
        return who, action, "next.refused_open"
    if status in ("refused", "lapsed") and definition.family in ("visa", "authorization"):
        return who, action, f"next.{status}_{definition.family}"
    return who, action, f"next.{status}"


def _has_ended(permission: str | None) -> bool:
    return permission not in (None, "active")


def _status_key(status: str, permission: str | None) -> str:
    """What an application came to; once what was issued has ended, that it has."""
    return f"permission.state.{permission}" if _has_ended(permission) else f"status.{status}"


def _stages(case: Case, reader: Reader) -> list[dict[str, Any]]:
    stages = reader.definition.stages
    order = [stage.id for stage in stages]
    current = order.index(case.stage) if case.stage in order else (0 if case.submitted_at else -1)
    done = case.status in ("completed", "issued")

    def state(place: int) -> str:
        if done or place < current:
            return "done"
        return "now" if place == current and not case.ended else "todo"

    return [
        {"id": stage.id, "title": reader.text(f"stage.{stage.id}"), "state": state(place)}
        for place, stage in enumerate(stages)
    ]


def item_title_in(item: str, language: str) -> str:
    """The title of `documents/<id>` or `sections/<id>`."""
    kind, _, name = item.partition("/")
    return texts().text(f"{kind.removesuffix('s')}.{name}.title", language)


def _correction(case: Case, reader: Reader) -> dict[str, Any] | None:
    if case.status != "correction":
        return None
    items = [
        {
            "item": item,
            "title": item_title_in(item, reader.language),
            "reason": reader.text(f"problem.field.{case.extended[item]}")
            if item in case.extended
            else reason,
            "done": item in case.corrected,
        }
        for item, reason in case.correction.items()
    ]
    return {"items": items, "by": case.correction_by}


def fee_view(case: Case, reader: Reader) -> dict[str, Any] | None:
    """The fee, its lines in words, and what became of it."""
    payment = case.payment
    if payment.due is None:
        return None
    failed = payment.declined.get(payment.intent or "")
    return {
        "items": [_fee_line(item.model_dump(), reader) for item in payment.due.items],
        "total": payment.due.total,
        "currency": payment.due.currency,
        "status": payment.status,
        "by": payment.due.by,
        "failed": reader.text(f"problem.payment.{failed}.title") if failed and payment.payable else None,
        "paid_at": iso(payment.paid_at),
    }


def _fee_line(item: dict[str, Any], reader: Reader) -> dict[str, Any]:
    return {"label": reader.text(str(item.get("label", ""))), "amount": item["amount"]}


def receipt_view(receipt: Receipt, reader: Reader) -> dict[str, Any]:
    """A receipt in words."""
    return {
        "number": receipt.number,
        "issued_on": receipt.issued_on.isoformat(),
        "reference": receipt.payer,
        "items": [_fee_line(item.model_dump(), reader) for item in receipt.items],
        "total": receipt.total,
        "currency": receipt.currency,
        "paid_at": receipt.paid_at.isoformat(),
        "refunded": receipt.refunded,
        "note": " ".join(reader.text(f"receipt.note.{note}") for note in receipt.notes),
    }


def office_view(office: Office, language: str) -> dict[str, Any]:
    """An office as it is shown."""
    return {
        "code": office.code,
        "name": office.named(language),
        "kind": office.kind,
        "country": office.country,
        "timezone": office.timezone,
        "address": office.addressed(language),
    }


def _appointment(case: Case, reader: Reader) -> dict[str, Any] | None:
    office = catalogue().offices.get(case.appointment["office"]) if case.appointment else None
    if not case.appointment or office is None or case.ended:
        return None
    return {"office": office_view(office, reader.language), "start": case.appointment["start"]}


def _permission(case: Case, reader: Reader) -> dict[str, Any] | None:
    held = case.permission
    if held is None:
        return None
    shown = ("number", "kind", "valid_from", "valid_until", "entries", "stay_days")
    return {**{name: held[name] for name in shown}, "status": reader.standing_of(case)}


def _interview(case: Case, language: str) -> dict[str, Any] | None:
    asked = case.open_interview
    if asked is None:
        return None
    return {
        "text": asked.text,
        "asked_at": iso(asked.asked_at),
        "start": asked.start,
        "when": interview_when(asked, language),
    }


def interview_when(asked: Interview, language: str) -> str:
    """When and where the applicant comes, in words: at a time at an office, or by a day."""
    from ryoji.doors.written import written_day, written_moment

    office = catalogue().offices.get(asked.office or "")
    if asked.start is None or office is None:
        return texts().text("written.interview_by", language, by=written_day(asked.due, language))
    at = written_moment(asked.start, language)
    return texts().text("written.interview_at", language, at=at, office=office.named(language))


def _decision(case: Case, reader: Reader) -> dict[str, Any] | None:
    decision = case.decision
    if decision is None:
        return None
    told = reader.definition.refusal.reasons == "written"
    refused = decision.outcome == "refuse"
    ground = f"ground.{reader.definition.family}.{decision.ground}" if decision.ground and told else None
    return {
        "outcome": "refused" if refused else "approved",
        "at": iso(decision.at),
        "ground": reader.text(ground) if ground else None,
        "reasons": decision.reasons if told else None,
        "remedies": _remedies(reader) if refused else [],
    }


def _remedies(reader: Reader) -> list[str]:
    from ryoji.catalogue.public import remedy

    return [remedy(way, reader.language, texts()) for way in reader.definition.remedy]


def timeline(case: Case, reader: Reader) -> list[dict[str, Any]]:
    """What happened, in the applicant's words, latest first."""
    told = [
        {"at": iso(at), "kind": kind, "text": reader.text(f"timeline.{kind}")}
        for at, kind in case.happened
        if kind in TOLD
    ]
    return told[::-1]


def messages(case: Case) -> list[dict[str, Any]]:
    """What was sent to whom and when, latest first."""
    return [
        {
            "sent_at": iso(at),
            "channel": body["channel"],
            "to": body["to"],
            "subject": body["subject"],
            "body": body["body"],
        }
        for at, body in reversed(case.messages)
    ]


def may(case: Case, reader: Reader) -> list[str]:
    """What the applicant may do now."""
    allowed: list[str] = []
    if case.status == "draft":
        allowed += ["save", "upload"]
        if not missing(case, reader.definition, reader.facts):
            allowed += ["sign", "submit"]
    if case.status == "correction":
        allowed += ["save", "upload", "correct"]
    if case.status == "payment" and case.payment.payable:
        allowed.append("pay")
    if case.status == "collection" or case.open_interview:
        allowed += ["book", "cancel_appointment"] if case.appointment else ["book"]
    if case.payment.paid_by:
        allowed.append("receipt")
    if case.status in commands.WITHDRAWABLE and not case.order_id:
        allowed.append("withdraw")
    return allowed


def summary_view(row: dict[str, Any], language: str, now: datetime) -> dict[str, Any]:
    """A row of the applicant's own list."""
    from ryoji.doors.cases import row_ended_on

    definition = catalogue().definition(row["procedure"], row["version"])
    held = permission_on(row, ministry_day(now))
    interview = bool(row.get("interview"))
    ended = row_ended_on(row) if row.get("ended_at") else None
    who, action, key = _next(row["status"], definition, interview=interview, permission=held)
    known = texts()
    return {
        "case_id": row["case_id"],
        "procedure": row["procedure"],
        "title": known.text(f"procedure.{row['procedure']}.title", language),
        "reference": row["reference"],
        "status": row["status"],
        "status_text": known.text(_status_key(row["status"], held), language),
        "permission": held,
        "updated_at": row["updated_at"],
        "next": {
            "who": who,
            "action": action,
            "text": next_text(key, definition, ended, language),
            "by": row["due"],
        },
        "applicant": row.get("applicant"),
        "group": row.get("group"),
        "agency": row.get("agency"),
    }


def status_view(case: Case, reader: Reader) -> dict[str, Any]:
    """What anybody may learn who knows the reference number and the birth date."""
    held = reader.standing_of(case)
    return {
        "reference": case.reference,
        "title": reader.text(f"procedure.{case.procedure}.title"),
        "status": case.status,
        "status_text": reader.text(_status_key(case.status, held)),
        "permission": held,
        "next": next_step(case, reader),
        "updated_at": iso(case.updated_at),
    }
