"""What is written to the applicant about what happened, in their language and their office's time."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ryoji.cases.case import Case
from ryoji.cases.originals import original_of, originals_wanted
from ryoji.catalogue.definition import Event
from ryoji.catalogue.subject import full_name, notice_language
from ryoji.doors.cases import definition_of, facts_now, office_of
from ryoji.doors.texts import texts
from ryoji.doors.views import interview_when, item_title_in, step_of
from ryoji.doors.written import written_day, written_moment, written_yen

# An action that is told, and as what.
EVENTS: dict[str, Event] = {
    "submitted": "submitted",
    "reminded": "reminder",
    "correction_requested": "correction_requested",
    "corrected": "corrected",
    "fee_due": "payment_due",
    "paid": "paid",
    "production_ordered": "in_production",
    "appointment_booked": "appointment_booked",
    "appointment_cancelled": "appointment_cancelled",
    "handed_over": "handed_over",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "permission_issued": "issued",
    "interview_requested": "interview_requested",
}

# A stage that is told when it is entered, because only then is its deadline known.
STAGES: dict[str, Event] = {"handover": "ready_for_collection"}

# What a permission became, and as what the holder is told.
CHANGES: dict[str, Event] = {
    "active": "reinstated",
    "revoked": "revoked",
    "cancelled": "cancelled",
    "used": "used",
    "replaced": "replaced",
}


@dataclass(frozen=True)
class Message:
    """One message, rendered. `masked` is how the address is shown and kept."""

    event: str
    channel: str
    to: str
    language: str
    subject: str
    body: str

    @property
    def masked(self) -> str:
        """The address with its name part hidden but for one letter."""
        name, at, domain = self.to.partition("@")
        return f"{name[:1]}…{at}{domain}" if at else "portal"


def event_of(kind: str, image: dict[str, Any]) -> Event | None:
    """The event that an action is told as, or None."""
    if kind == "decided":
        return "refused" if json.loads(image["body"])["outcome"] == "refuse" else None
    if kind == "permission_changed":
        return CHANGES[json.loads(image["body"])["status"]]
    if kind == "stage_started":
        return STAGES.get(json.loads(image["body"])["stage"])
    if kind == "fee_due" and json.loads(image["body"])["total"] == 0:
        return None  # nobody is asked to pay nothing
    return EVENTS.get(kind)


def write(case: Case, event: Event, channel: str) -> Message:
    """Render a message about a case as it was after the action."""
    language = notice_language(case.sections) or case.language
    params = _params(case, language)
    known, key = texts(), definition_of(case).told_as(event)
    return Message(
        event=event,
        channel=channel,
        to=(case.email or "") if channel == "email" else "",
        language=language,
        subject=known.text(f"{key}.subject", language, **params),
        body=known.text(f"{key}.body", language, **params),
    )


def _params(case: Case, language: str) -> dict[str, str]:
    known = texts()
    office = office_of(case)
    payment = case.payment
    appointment = case.appointment["start"] if case.appointment else ""
    decision = case.decision
    definition = definition_of(case)
    return {
        "name": full_name(case.sections),
        "reference": case.reference or "",
        "procedure": known.text(f"procedure.{case.procedure}.title", language),
        "office": office.named(language) if office else "",
        "address": (office.addressed(language) or "") if office else "",
        "by": written_day(case.due, language),
        "due": written_day(case.due, language),
        "when": interview_when(case.interviews[-1], language) if case.interviews else "",
        "bring": _bring(case, language),
        "amount": written_yen(payment.due.total if payment.due else 0, language),
        "next": known.text(step_of(case, definition)[2], language),
        "appointment": written_moment(appointment, language),
        "items": "\n".join(
            f"- {item_title_in(item, language)}: {why}" for item, why in case.correction.items()
        ),
        "ground": known.text(f"ground.{definition.family}.{decision.ground}", language)
        if decision and decision.ground
        else "",
        "reasons": (decision.reasons or "") if decision else "",
        "link": f"{os.environ.get('SITE', '')}/{language}/cases/{case.case_id}",
    }


def _bring(case: Case, language: str) -> str:
    """What whoever is asked to the mission brings: the passport, and the originals that are still to be seen."""
    known, facts = texts(), facts_now(case, case.submitted_at or datetime.now(UTC))
    wanted = originals_wanted(case, definition_of(case), facts) if case.interviews else ()
    titles = [
        known.text(f"document.{each.id}.title", language) for each in wanted if not original_of(case, each.id)
    ]
    if not titles:
        return known.text("written.bring", language)
    return known.text(
        "written.bring_originals", language, documents=known.text("written.between", language).join(titles)
    )
