"""What is written about what happened, to whom, in their language and their office's time."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from ryoji.cases.agency import Agency
from ryoji.cases.case import Case
from ryoji.cases.originals import original_of, originals_wanted
from ryoji.cases.standing import standing_of
from ryoji.catalogue.definition import Event
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.catalogue.subject import full_name, notice_language
from ryoji.doors.agencies import agencies, organisation_of
from ryoji.doors.cases import definition_of, ended_on, facts_now, office_of
from ryoji.doors.texts import texts
from ryoji.doors.views import interview_when, item_title_in, next_text, step_of
from ryoji.doors.written import written_day, written_moment, written_yen
from ryoji.errors import NotFound

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
    "permission_sealed_again": "sealed_again",
    "interview_requested": "interview_requested",
}

# A stage that is told when it is entered: one whose deadline is known only then, and the wait for a fee, which is fixed
# after it and once, and is waited for again when an approval was taken back and given anew.
STAGES: dict[str, Event] = {"handover": "ready_for_collection", "payment": "payment_due"}

# What a permission became, and as what the holder is told.
CHANGES: dict[str, Event] = {
    "active": "reinstated",
    "revoked": "revoked",
    "cancelled": "cancelled",
    "used": "used",
    "replaced": "replaced",
}


Addressee = Literal["holder", "traveller"]

# What a traveller is told for whom an agency files: that it came in, how it ended, what became of what was issued, and
# when they must come in person.
# What there is to do is told to the agency, which alone can open the case.
TRAVELLERS: frozenset[Event] = frozenset(
    {
        "submitted",
        "interview_requested",
        "issued",
        "refused",
        "withdrawn",
        "lapsed",
        "sealed_again",
        *CHANGES.values(),
    }
)

# An applicant's words for these speak of what only who can open the case sees or does.
_IN_OTHER_WORDS: frozenset[Event] = frozenset({"submitted", "interview_requested", "issued", "sealed_again"})


@dataclass(frozen=True)
class Message:
    """One message, rendered. `masked` is how the address is shown and kept."""

    event: str
    channel: str
    to: str
    language: str
    subject: str
    body: str
    addressee: Addressee = "holder"

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
    return EVENTS.get(kind)


def told_to(case: Case, event: Event) -> list[tuple[Addressee, str]]:
    """Who is told of an event, by which channels: who holds the case; by e-mail also the traveller of an agency.

    Nobody is asked to pay what has not fallen due, costs nothing or was paid.
    """
    if event == "payment_due" and not case.payment.payable:
        return []
    channels = definition_of(case).messages.get(event, [])
    told: list[tuple[Addressee, str]] = [("holder", channel) for channel in channels]
    # Of a draft that an agency takes back its traveller has heard nothing.
    through_agency = organisation_of(case.holder) is not None and case.submitted_at is not None
    if through_agency and event in TRAVELLERS and "email" in channels:
        told.append(("traveller", "email"))
    return told


def write(case: Case, event: Event, channel: str, addressee: Addressee = "holder") -> Message:
    """Render a message about a case as it was after the action. Raises NotFound for an agency that is not known."""
    code = organisation_of(case.holder)
    if code is None:
        return _to_applicant(case, event, channel)
    agency = agencies().agency(code)
    if agency is None:
        raise NotFound("agency_not_found")
    if addressee == "traveller":
        return _to_traveller(case, event, agency)
    return _to_agency(case, event, channel, agency)


def _to_applicant(case: Case, event: Event, channel: str) -> Message:
    language = _language_of(case)
    subject, body = _said(_told_as(case, event), language, _params(case, language))
    to = (case.email or "") if channel == "email" else ""
    return Message(event, channel, to, language, subject, body)


def _to_agency(case: Case, event: Event, channel: str, agency: Agency) -> Message:
    """What an applicant would be told, under the traveller's name: one address takes the mail of many cases."""
    # The language of notices is the traveller's choice; the agency's is the one in which it opened the case.
    language = holder_language(case)
    params = _params(case, language)
    subject, body = _said(_told_as(case, event), language, params)
    quoted = {"name": params["name"], "agency": agency.name, "subject": subject, "body": body.rstrip()}
    subject, body = _said("message.to_agency", language, quoted)
    to = (agency.email or "") if channel == "email" else ""
    return Message(event, channel, to, language, subject, body)


def _to_traveller(case: Case, event: Event, agency: Agency) -> Message:
    """How it stands, with the address at which the reference number tells it: the case is the agency's to open."""
    language = _language_of(case)
    link = f"{os.environ.get('SITE', '')}/{language}/status"
    params = {**_params(case, language), "agency": agency.name, "link": link}
    own = event in _IN_OTHER_WORDS
    key = f"message.{event}_through_agency" if own else _told_as(case, event)
    subject, body = _said(key, language, params)
    quoted = {"agency": agency.name, "reference": params["reference"], "body": body.rstrip()}
    body = texts().text("message.to_traveller.body", language, **quoted)
    return Message(event, "email", case.email or "", language, subject, body, addressee="traveller")


def _told_as(case: Case, event: Event) -> str:
    """The message key of an event. Of an undone revocation nobody is told that what has ended otherwise is valid."""
    undone = case.permission is not None and case.permission.get("before") == "revoked"
    if undone and event in ("reinstated", "used") and _standing_of(case) != "active":
        return "message.reinstated_over"
    return definition_of(case).told_as(event)


def _day_of(case: Case) -> date:
    """The day at the border of the last action, which is told."""
    return ministry_day(case.updated_at or datetime.now(UTC))


def _standing_of(case: Case) -> str | None:
    return standing_of(case, _day_of(case))


def holder_language(case: Case) -> str:
    """In which language whoever holds the case reads what an officer writes: an agency in its own."""
    return case.language if organisation_of(case.holder) else _language_of(case)


def _language_of(case: Case) -> str:
    return notice_language(case.sections) or case.language


def _said(key: str, language: str, params: dict[str, str]) -> tuple[str, str]:
    known = texts()
    return known.text(f"{key}.subject", language, **params), known.text(f"{key}.body", language, **params)


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
        "next": next_text(step_of(case, definition, _day_of(case))[2], definition, ended_on(case), language),
        "state": known.text(f"permission.state.{_standing_of(case)}", language) if case.permission else "",
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
