"""What an officer sees: all evidence of a case on one screen, what was typed beside what was read, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ryoji.cases import commands
from ryoji.cases.access import Caller
from ryoji.cases.actions import Action, Actor
from ryoji.cases.case import Case, Interview
from ryoji.cases.originals import original_of, originals_wanted
from ryoji.cases.standing import CHANGES
from ryoji.cases.summary import is_late, permission_on
from ryoji.cases.waits import settled
from ryoji.catalogue.ministry_days import MINISTRY_ZONE, ministry_day
from ryoji.catalogue.offices import Office
from ryoji.catalogue.states import STATES, state_of
from ryoji.catalogue.subject import PRINTED_SEX, full_name, nationality, person_answers
from ryoji.doors.cases import is_screened
from ryoji.doors.correspondence import holder_language
from ryoji.doors.texts import catalogue, texts
from ryoji.doors.views import Reader, applicant_view, card_holder, finding_view, iso
from ryoji.evidence.screening.hits import all_hits, more_hits, waiting_hits

# Which typed value stands beside which field of the MRZ and which attribute of the card.
COMPARED: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("number", "passport_held", "number", "number", None),
    ("surname", "passport_held", "surname", "surname", None),
    ("given_names", "passport_held", "given_names", "given_names", None),
    ("birth_date", "person", "birth_date", "birth_date", "birth_date"),
    ("sex", "person", "sex", "sex", "sex"),
    ("expiry_date", "passport_held", "expiry_date", "expiry_date", None),
    ("name", "person", "family_name", None, "name"),
    ("address", "contact", "address", None, "address"),
)
# A foreigner has no card, and the passport is the one that they come with.
TRAVELLER: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("number", "travel_document", "number", "number", None),
    ("issuing_state", "travel_document", "issuing_state", "issuing_state", None),
    ("nationality", "traveller", "nationality", "nationality", None),
    ("surname", "traveller", "surname", "surname", None),
    ("given_names", "traveller", "given_names", "given_names", None),
    ("birth_date", "traveller", "birth_date", "birth_date", None),
    ("sex", "traveller", "sex", "sex", None),
    ("expiry_date", "travel_document", "expiry_date", "expiry_date", None),
)
# Where the legal representative's card was read, it says nothing of the child.
REPRESENTATIVE: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("representative_name", "guardian", "family_name", None, "name"),
    ("representative_birth_date", "guardian", "birth_date", None, "birth_date"),
    ("representative_address", "guardian", "address", None, "address"),
)
# What no officer says of a permission.
_BY_BORDER = frozenset({"used"})


def officer_view(
    case: Case,
    reader: Reader,
    officer: Caller,
    actions: list[Action],
    others: list[dict[str, Any]],
    grounds: list[str],
) -> dict[str, Any]:
    """The DeskCase of the API."""
    person = person_answers(case.sections)
    family = reader.definition.family
    view = applicant_view(case, reader)
    view["documents"] += _counter_picture(case, reader)
    theirs = replace(reader, language=holder_language(case))
    return {
        **view,
        "language": theirs.language,
        "advice": {each["id"]: _advice(case, each, theirs) for each in view["documents"]},
        "status_text": reader.text(f"status.{case.status}"),
        "decision": _decision(case, view["decision"], reader),
        "permission": _permission(case, view["permission"], reader),
        "family": family,
        "refusal_reasons": reader.definition.refusal.reasons,
        "applicant": {
            "name": full_name(case.sections),
            "nationality": nationality(case.sections),
            "nationality_text": state_name(nationality(case.sections), reader.language),
            "birth_date": person.get("birth_date"),
            "sex": person.get("sex"),
        },
        "duplicates": [_other(row, reader, officer) for row in others if row["case_id"] != case.case_id],
        "comparison": _comparison(case, reader),
        "mrz": _mrz(case),
        "findings": [finding_view(found, reader) for found in reversed(case.findings)],
        "claimed_by": {"officer": case.claimed_by.id, "name": case.claimed_by.name}
        if case.claimed_by
        else None,
        "due": case.due,
        "overdue": any(settled(case, task) is None for task in case.overdue),
        "proposal": _proposal(case),
        "book_number": (case.book or {}).get("book_number"),
        "hits": _hits(case, reader, officer),
        "more_hits": more_hits(commands.screenings(case)),
        "originals": _originals(case, reader),
        "interviews": [_interview(each) for each in reversed(case.interviews)],
        "payment_flags": sorted(reason for _intent, reason in case.payment.flags),
        "history": [_entry(action, reader) for action in reversed(actions)],
        "grounds": [{"id": ground, "text": reader.text(f"ground.{family}.{ground}")} for ground in grounds],
        "may": _may(case, officer, reader),
    }


def _advice(case: Case, shown: dict[str, Any], reader: Reader) -> str:
    """What the checks say of a document, for the applicant to read; empty where they say nothing."""
    found = [case.latest(check, shown["id"]) for check in shown["checks"]]
    reasons = [reason for each in found if each for reason in finding_view(each, reader)["reasons"]]
    return "\n".join(f"{each['text']} {each['mend']}" for each in reasons if each["outcome"] != "pass")


def _counter_picture(case: Case, reader: Reader) -> list[dict[str, Any]]:
    held = case.documents.get("counter_picture")
    if held is None:
        return []
    return [
        {
            "id": "counter_picture",
            "title": reader.text("document.counter_picture.title"),
            "supply": "upload",
            "required": False,
            "status": "received",
            "upload_id": held.upload_id,
            "received_at": iso(held.received_at),
            "checks": ["faces"],
            "findings": [],
            "original": None,
        }
    ]


def _other(row: dict[str, Any], reader: Reader, officer: Caller) -> dict[str, Any]:
    return {
        **_named(row["case_id"], row, reader, officer),
        "status": row["status"],
        "status_text": reader.text(f"status.{row['status']}"),
        "opened_at": row["opened_at"],
    }


def _read(case: Case) -> dict[str, Any]:
    found = case.latest("travel_document")
    return found.finding["facts"] if found else {}


def _comparison(case: Case, reader: Reader) -> list[dict[str, Any]]:
    fields = _read(case).get("fields") or {}
    card = case.card or {}
    rows = []
    for name, section, field, mrz, attribute in _compared(case, reader):
        typed = _typed(case, section, field)
        read = _read_as_typed(mrz, fields)
        on_card = card.get(attribute) if attribute else None
        known = [_plain(value) for value in (typed, read, on_card) if value]
        rows.append(
            {
                "field": name,
                "label": reader.text(f"comparison.{name}"),
                "typed": typed,
                "mrz": read,
                "card": on_card,
                "same": len(set(known)) <= 1,
            }
        )
    return rows


def _read_as_typed(field: str | None, fields: dict[str, Any]) -> str | None:
    """What was read, in the letters that a form has: a passport of Germany prints D."""
    read = fields.get(field) if field else None
    return state_of(read) if read and field in ("issuing_state", "nationality") else read


def _compared(case: Case, reader: Reader) -> tuple[tuple[str, str, str, str | None, str | None], ...]:
    if "traveller" in case.sections:
        return TRAVELLER
    if card_holder(case, reader) != "legal_representative":
        return COMPARED
    return (
        *((name, section, field, mrz, None) for name, section, field, mrz, _ in COMPARED),
        *REPRESENTATIVE,
    )


def _typed(case: Case, section: str, field: str) -> str | None:
    answers = case.sections.get(section, {})
    if field == "family_name":
        whole = f"{answers.get('family_name', '')} {answers.get('given_name', '')}".strip()
        return whole or None
    value = answers.get(field)
    return str(value) if value is not None else None


def _plain(value: Any) -> str:
    text = str(value)
    return PRINTED_SEX.get(text, text).replace(" ", "").replace("\u3000", "").casefold()


def _mrz(case: Case) -> dict[str, Any] | None:
    facts = _read(case)
    if not facts:
        return None
    return {"lines": facts.get("lines") or [], "corrections": facts.get("corrections") or []}


def _proposal(case: Case) -> dict[str, Any] | None:
    proposal = case.proposal
    if proposal is None:
        return None
    return {
        "outcome": proposal.outcome,
        "ground": proposal.ground,
        "reasons": proposal.reasons,
        "note": proposal.note,
        "by": {"officer": proposal.by.id, "name": proposal.by.name},
        "at": iso(proposal.at),
    }


def _decision(case: Case, told: dict[str, Any] | None, reader: Reader) -> dict[str, Any] | None:
    """A decision with what its applicant is not told: the next officer reads on what ground the last one refused."""
    decision = case.decision
    if decision is None or told is None:
        return None
    ground = f"ground.{reader.definition.family}.{decision.ground}"
    return {
        **told,
        "ground": reader.text(ground) if decision.ground else None,
        "reasons": decision.reasons,
        "note": decision.note,
        "by": {"officer": decision.by.id, "name": decision.by.name},
    }


def _permission(case: Case, shown: dict[str, Any] | None, reader: Reader) -> dict[str, Any] | None:
    """What was issued, with who changed it and on what grounds, the latest first; its holder is told neither."""
    held = case.permission
    if held is None or shown is None:
        return None
    changes = [
        {**each, "at": iso(each["at"]), "by": _name(each["by"], reader)}
        for each in reversed(held.get("changes", ()))
    ]
    return {**shown, "changes": changes}


def _name(by: Actor, reader: Reader) -> str:
    return by.name or reader.text(f"actor.{by.kind}")


def _named(case_id: str, known: Mapping[str, Any], reader: Reader, officer: Caller) -> dict[str, Any]:
    """Another application; what was found before desks were noted says none, and the officer tries."""
    desk = known.get("desk")
    return {
        "case_id": case_id,
        "reference": known.get("reference"),
        "desk": desk_title(desk, reader.language) if desk else None,
        "may_open": desk is None or desk in officer.desks,
    }


def _named_in(about: Mapping[str, Any], reader: Reader, officer: Caller) -> list[dict[str, Any]]:
    """The applications that a hit is about: the earlier one, or those that share something."""
    if about.get("case_id"):
        return [_named(about["case_id"], about, reader, officer)]
    known = about.get("known", {})
    return [_named(each, known.get(each, {}), reader, officer) for each in about.get("cases", ())]


def _hits(case: Case, reader: Reader, officer: Caller) -> list[dict[str, Any]]:
    """What the screening found, beside what a person said of it; the highest score first."""
    said = {each["hit"]: each for each in case.hits}
    found = sorted(all_hits(commands.screenings(case)).values(), key=lambda hit: (-hit["score"], hit["id"]))
    return [
        {
            "id": hit["id"],
            "kind": hit["kind"],
            "title": reader.text(f"screening.kind.{hit['kind']}"),
            "score": hit["score"],
            "because": [
                reader.text(f"screening.because.{why['code']}", **why["params"]) for why in hit["because"]
            ],
            "about": hit["about"],
            "cases": _named_in(hit["about"], reader, officer),
            "ground": _listed_for(hit["about"].get("ground"), reader),
            "verdict": said[hit["id"]]["verdict"] if hit["id"] in said else None,
            "note": said[hit["id"]]["note"] if hit["id"] in said else None,
        }
        for hit in found
    ]


def _listed_for(ground: str | None, reader: Reader) -> str | None:
    """Why an entry is on its list; a list may have grounds of its own, which stand as their code."""
    key = f"screening.ground.{ground}"
    return reader.text(key) if reader.has(key) else ground


def _originals(case: Case, reader: Reader) -> list[dict[str, Any]]:
    """The originals that must be seen, and what was found of them; before another upload it is not known."""
    rows = []
    for document in originals_wanted(case, reader.definition, reader.facts):
        seen = original_of(case, document.id)
        rows.append(
            {
                "document": document.id,
                "title": reader.text(f"document.{document.id}.title"),
                "outcome": seen.outcome if seen else None,
                "note": seen.note if seen else None,
                "by": seen.by.name if seen else None,
                "at": iso(seen.at) if seen else None,
            }
        )
    return rows


def _interview(interview: Interview) -> dict[str, Any]:
    return {
        "text": interview.text,
        "start": interview.start,
        "asked_at": iso(interview.asked_at),
        "held_at": iso(interview.held_at),
        "notes": interview.notes,
        "by": interview.by.name if interview.by else None,
    }


def _entry(action: Action, reader: Reader) -> dict[str, Any]:
    return {
        "sequence": action.sequence,
        "at": iso(action.at),
        "kind": action.kind,
        "text": reader.text(f"timeline.{action.kind}"),
        "by": {"kind": action.by.kind, "name": _name(action.by, reader)},
        "hash": action.hash,
    }


def _may(case: Case, officer: Caller, reader: Reader) -> list[str]:
    allowed = _in_review(case, officer, reader) if case.status == "in_review" else []
    held = reader.standing_of(case)
    if held and CHANGES[held] - _BY_BORDER and "approver" in officer.roles:
        allowed.append("change_permission")
    if case.status == "collection" and "counter" in officer.roles:
        allowed.append("counter_check")
        if case.latest("faces", "counter_picture"):
            allowed.append("hand_over")
    return allowed


def _in_review(case: Case, officer: Caller, reader: Reader) -> list[str]:
    allowed = []
    mine = case.claimed_by is not None and case.claimed_by.id == officer.id
    if "examiner" in officer.roles:
        if case.claimed_by is None and case.proposal is None:
            allowed.append("claim")
        if mine:
            allowed += _holding(case, reader)
    if "approver" in officer.roles:
        if case.claimed_by and not mine:
            allowed.append("release")
        if _is_to_be_decided_by(case, officer):
            allowed.append("decide")
    if (
        "counter" in officer.roles
        and case.decision is None
        and originals_wanted(case, reader.definition, reader.facts)
    ):
        allowed.append("see_originals")
    return allowed


def _is_to_be_decided_by(case: Case, officer: Caller) -> bool:
    """Whether a colleague has proposed, and nobody is awaited."""
    proposal = case.proposal
    by_another = proposal is not None and proposal.by.id != officer.id
    return by_another and case.decision is None and not case.open_interview


def _holding(case: Case, reader: Reader) -> list[str]:
    """What the examiner may who has the case."""
    waiting = bool(waiting_hits(commands.screenings(case), case.hits))
    allowed = ["release"] if case.open_interview else ["release", "request_correction"]
    allowed += [] if case.proposal or waiting or case.open_interview else ["propose"]
    allowed += ["decide_hits"] if all_hits(commands.screenings(case)) else []
    allowed += ["screen_again"] if is_screened(reader.definition) and not case.proposal else []
    return allowed + _interviewing(case, reader)


def _interviewing(case: Case, reader: Reader) -> list[str]:
    """An interview is noted once it was asked for, and asked for before a proposal, where there is a time to come."""
    if case.open_interview:
        return ["note_interview"]
    review = reader.definition.stage("review")
    return ["request_interview"] if review and review.interview and not case.proposal else []


def state_name(code: str | None, language: str) -> str | None:
    """A state's name; the code of one that has none (a travel document of an organisation)."""
    if code is None:
        return None
    key = f"choice.country.{STATES.get(code, '')}"
    return texts().text(key, language) if texts().has(key, language) else code


def queue_row(row: dict[str, Any], language: str, now: datetime) -> dict[str, Any]:
    """One row of a queue. It is late when its last day is over where the office is."""
    known = texts()
    office = catalogue().offices.get(row.get("office") or "")
    today = (office.today(now) if office else ministry_day(now)).isoformat()
    attention = any(outcome in ("review", "fail", "unavailable") for outcome in row["findings"].values())
    return {
        "case_id": row["case_id"],
        "reference": row["reference"],
        "procedure": row["procedure"],
        "family": catalogue().family(row["procedure"]),
        "title": known.text(f"procedure.{row['procedure']}.title", language),
        "applicant": row["applicant"],
        "status": row["status"],
        "status_text": known.text(f"status.{row['status']}", language),
        "submitted_at": row["submitted_at"],
        "due": row["due"],
        "overdue": is_late(row) or bool(row["due"] and row["due"] < today),
        "claimed_by": row["claimed_by"],
        "nationality": row["nationality"],
        "nationality_text": state_name(row["nationality"], language),
        "permission": permission_on(row, ministry_day(now)),
        "flags": [
            *(["attention"] if attention else []),
            *(["proposed"] if row["proposed_by"] else []),
            *(["interview"] if row["interview"] else []),
            # Rows written before it was asked for do not say.
            *(["humanitarian"] if row.get("humanitarian") else []),
        ],
        "findings": row["findings"],
    }


def appointment_row(row: dict[str, Any]) -> dict[str, Any]:
    """One row of a day's appointments."""
    return {
        "start": row["appointment"]["start"],
        "case_id": row["case_id"],
        "reference": row["reference"],
        "applicant": row["applicant"],
        "status": row["status"],
        "purpose": "interview" if row["interview"] else "handover",
    }


def desk_view(desk: str, language: str) -> dict[str, str]:
    """The Desk of the API: its days are counted in its office's zone."""
    office = _office_of(desk)
    zone = office.timezone if office else MINISTRY_ZONE
    return {"desk": desk, "title": desk_title(desk, language), "timezone": zone}


def desk_title(desk: str, language: str) -> str:
    """A desk is called after its office."""
    office = _office_of(desk)
    return office.named(language) if office else desk


def _office_of(desk: str) -> Office | None:
    return next((office for office in catalogue().offices.values() if office.desk == desk), None)
