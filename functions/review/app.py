"""The desk: a queue by due date, one case with all its evidence, a correction, a proposal, a decision by another."""

# Long because the desk has many routes; each of them is thin.

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import Field

from ryoji.cases import commands
from ryoji.cases.access import require_desk
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange
from ryoji.cases.references import normalise
from ryoji.cases.slots import freed_if_early, open_slots, taken_for
from ryoji.doors.cases import (
    by_system,
    calendar_of,
    command,
    definition_of,
    desk_view,
    due_date,
    due_of,
    facts_now,
    grounds_of,
    office_of,
    read_for,
    table,
    today_at_office,
)
from ryoji.doors.door import Body, Call, Door, Empty
from ryoji.errors import FieldError, Invalid, Refused
from ryoji.evidence.screening.hits import Verdict

door = Door("review")

STATUSES = (
    "in_review",
    "checking",
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
)

# An officer's own cases are looked for page by page; the cursor says where to go on.
PAGES_FOR_MINE = 10


class Item(Body):
    """One thing to mend and why."""

    item: str = Field(max_length=80)
    reason: str = Field(max_length=1000)


class CorrectionRequest(Body):
    """What the applicant is asked to mend."""

    items: list[Item] = Field(max_length=20)


class Proposal(Body):
    """The first officer's proposal."""

    outcome: Literal["approve", "refuse"]
    ground: str | None = None
    reasons: str | None = Field(default=None, max_length=4000)
    note: str | None = Field(default=None, max_length=2000)


class Decision(Body):
    """The second officer's word on the proposal."""

    outcome: Literal["approve", "refuse", "send_back"]
    note: str | None = Field(default=None, max_length=2000)


class HitVerdict(Body):
    """Whether a hit of the screening is this person, or whether what it tells matters, and why the officer thinks so.

    `relevant` is for hits of the kinds `declared` and `crowded`; the others say who it is; `not_relevant` is for all.
    """

    hit: str = Field(max_length=40)
    verdict: Verdict
    note: str = Field(max_length=2000)


class Original(Body):
    """What was found of one document's original; where it differs, a note says in what."""

    document: str = Field(max_length=60)
    outcome: Literal["agrees", "differs"]
    note: str | None = Field(default=None, max_length=2000)


class Originals(Body):
    """The originals that the applicant has shown."""

    originals: list[Original] = Field(min_length=1, max_length=20)


class Interview(Body):
    """What the applicant is asked to come for; `start`: when, as the office's clocks show it (2026-12-08T09:30).

    Without it the applicant books a time, as for a handover.
    """

    text: str = Field(min_length=1, max_length=2000)
    start: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")


class InterviewNotes(Body):
    """What was said at the interview."""

    notes: str = Field(min_length=1, max_length=4000)


@door.route("GET", "/desk/me", "desk.me", answer="Officer")
def who_am_i(call: Call) -> dict[str, Any]:
    """The officer, their desks and roles."""
    from ryoji.doors.views_of_desk import desk_view

    caller = call.caller
    desks = [desk_view(each, call.language) for each in sorted(caller.desks)]
    return {"name": caller.name, "officer": caller.id, "desks": desks, "roles": sorted(caller.roles)}


@door.route("GET", "/desk/queues/{desk}", "desk.queue", answer="Queue")
def show_queue(call: Call, desk: str) -> dict[str, Any]:
    """One page of a desk's queue by due date."""
    from ryoji.doors.views_of_desk import queue_row

    require_desk(call.caller, desk)
    status = call.query.get("status", "in_review")
    if status not in STATUSES:
        status = "in_review"
    mine = call.query.get("mine") == "true"
    kept: list[dict[str, Any]] = []
    cursor = call.query.get("cursor")
    for _page in range(PAGES_FOR_MINE if mine else 1):
        rows, cursor = table().queue(desk, status, cursor)
        kept += [row for row in rows if not mine or _is_mine(row, call.caller.id)]
        if kept or not cursor:
            break
    return {"rows": [queue_row(row, call.language, call.now) for row in kept], "cursor": cursor}


def _is_mine(row: dict[str, Any], officer: str) -> bool:
    return bool((row.get("claimed_by") or {}).get("officer") == officer)


@door.route("GET", "/desk/cases", "desk.find", answer="QueueRow")
def find_case(call: Call) -> dict[str, Any]:
    """The case of the officer's desks with that reference number, whatever its status; another's looks like none."""
    from ryoji.cases.summary import summarise
    from ryoji.doors.views_of_desk import queue_row

    reference = normalise(call.query.get("reference", ""))
    case_id = table().by_reference(reference) if reference else None
    return queue_row(summarise(read_for(call, case_id or "none")), call.language, call.now)


@door.route("GET", "/desk/cases/{case_id}", "desk.read", answer="DeskCase")
def show_case(call: Call, case_id: str) -> dict[str, Any]:
    """One case with everything that an officer needs to decide."""
    return desk_view(call, read_for(call, case_id))


@door.route("POST", "/desk/cases/{case_id}/claim", "desk.claim", body=Empty, answer="DeskCase")
def claim(call: Call, case_id: str) -> dict[str, Any]:
    """Take a case."""
    return desk_view(call, command(call, case_id, lambda case: commands.claim(case, officer=call.caller)))


@door.route("POST", "/desk/cases/{case_id}/release", "desk.release", body=Empty, answer="DeskCase")
def release(call: Call, case_id: str) -> dict[str, Any]:
    """Give a case back to the queue."""
    return desk_view(call, command(call, case_id, lambda case: commands.release(case, officer=call.caller)))


@door.route(
    "POST",
    "/desk/cases/{case_id}/correction-request",
    "desk.request_correction",
    body=CorrectionRequest,
    answer="DeskCase",
)
def request_correction(call: Call, case_id: str) -> dict[str, Any]:
    """Ask the applicant to mend some items, by a date that the definition gives."""
    items = [item.model_dump() for item in call.body.items]

    def judge(case: Case) -> list[NewAction]:
        return commands.request_correction(
            case, officer=call.caller, items=items, known=_items_of(case), by=_correction_by(case, call.now)
        )

    return desk_view(call, command(call, case_id, judge))


def _items_of(case: Case) -> frozenset[str]:
    definition = definition_of(case)
    documents = {
        f"documents/{document.id}" for document in definition.documents if document.supply == "upload"
    }
    return frozenset(
        documents | {f"sections/{use.id}" for use in definition.sections if use.id in case.sections}
    )


def _correction_by(case: Case, now: datetime) -> str:
    review = definition_of(case).stage("review")
    if review is None or review.correction is None:
        return today_at_office(case, now).isoformat()
    return due_date(case, review.correction, now)


@door.route("POST", "/desk/cases/{case_id}/hits", "desk.decide_hit", body=HitVerdict, answer="DeskCase")
def decide_hit(call: Call, case_id: str) -> dict[str, Any]:
    """Say of one hit whether it is this person, or whether what it tells matters."""
    said = call.body.model_dump()
    return desk_view(
        call, command(call, case_id, lambda case: commands.decide_hit(case, officer=call.caller, **said))
    )


@door.route(
    "POST", "/desk/cases/{case_id}/originals", "desk.see_originals", body=Originals, answer="DeskCase"
)
def see_originals(call: Call, case_id: str) -> dict[str, Any]:
    """Record of originals, at the counter, whether they agree with what was uploaded."""
    from ryoji.cases.originals import originals_wanted

    seen = [each.model_dump() for each in call.body.originals]

    def judge(case: Case) -> list[NewAction]:
        documents = originals_wanted(case, definition_of(case), facts_now(case, call.now))
        return commands.see_originals(case, seen=seen, wanted=frozenset(each.id for each in documents))

    return desk_view(call, command(call, case_id, judge))


def _lacking(case: Case, now: datetime) -> tuple[FieldError, ...]:
    from ryoji.cases.originals import originals_lacking

    return originals_lacking(case, definition_of(case), facts_now(case, now))


@door.route(
    "POST", "/desk/cases/{case_id}/interview", "desk.interview", body=Interview, answer="DeskCase", once=True
)
def request_interview(call: Call, case_id: str) -> dict[str, Any]:
    """Ask the applicant to come to the mission by a day that the definition gives; the clock stands still."""
    text = call.body.text

    def judge(case: Case) -> list[NewAction]:
        by = _interview_by(case, call.now)
        place = _interview_at(case, call.body.start, by, call.now)
        return commands.request_interview(case, officer=call.caller, text=text, by=by, **place)

    def slots(case: Case) -> tuple[SlotChange, ...]:
        place = _interview_at(case, call.body.start, _interview_by(case, call.now), call.now)
        office = office_of(case)
        return taken_for(case, office, place["start"]) if office and place else ()

    return desk_view(call, command(call, case_id, judge, slots=slots))


def _interview_at(case: Case, start: str | None, by: str, now: datetime) -> dict[str, str]:
    """Office and time; a time must begin in the office's hours, on a working day, until the last day."""
    office = office_of(case)
    if start is None or office is None:
        return {}
    today = office.today(now)
    days = (date.fromisoformat(by) - today).days + 1
    slots = {slot[:16]: slot for slot in open_slots(office, calendar_of(case), today, days, now)}
    if start not in slots:
        raise Invalid("validation_failed", fields=(FieldError("/start", "not_open_then"),))
    return {"office": office.code, "start": slots[start]}


def _interview_by(case: Case, now: datetime) -> str:
    review = definition_of(case).stage("review")
    if review is None or review.interview is None:
        raise Refused("no_interviews")
    return due_date(case, review.interview, now)


@door.route(
    "POST", "/desk/cases/{case_id}/interview/notes", "desk.interview", body=InterviewNotes, answer="DeskCase"
)
def note_interview(call: Call, case_id: str) -> dict[str, Any]:
    """Note what was said; the clock goes on."""
    notes = call.body.notes

    def judge(case: Case) -> list[NewAction]:
        due = due_of(case, "review", call.now)
        return commands.note_interview(case, officer=call.caller, notes=notes, due=due)

    noted = command(call, case_id, judge, slots=lambda case: freed_if_early(case, call.now))
    return desk_view(call, noted)


@door.route(
    "POST", "/desk/cases/{case_id}/proposal", "desk.propose", body=Proposal, answer="DeskCase", once=True
)
def propose(call: Call, case_id: str) -> dict[str, Any]:
    """Propose to approve or to refuse."""
    proposal = call.body.model_dump()

    def judge(case: Case) -> list[NewAction]:
        proposed = commands.propose(
            case,
            officer=call.caller,
            grounds=frozenset(grounds_of(case)),
            reasons_written=definition_of(case).refusal.reasons == "written",
            lacking=_lacking(case, call.now),
            **proposal,
        )
        _must_be_in_time(case, call, proposal["outcome"])
        return proposed

    return desk_view(call, command(call, case_id, judge))


@door.route(
    "POST", "/desk/cases/{case_id}/decision", "desk.decide", body=Decision, answer="DeskCase", once=True
)
def decide(call: Call, case_id: str) -> dict[str, Any]:
    """Decide on a colleague's proposal."""
    decision = call.body.model_dump()

    def judge(case: Case) -> list[NewAction]:
        decided = commands.decide(case, officer=call.caller, lacking=_lacking(case, call.now), **decision)
        _must_be_in_time(case, call, decision["outcome"])
        return decided

    return desk_view(call, command(call, case_id, judge))


def _must_be_in_time(case: Case, call: Call, outcome: str) -> None:
    """An approval is followed by the fee and by nobody's judgement: what is over by now is not approved."""
    from ryoji.cases.permit import must_be_in_time
    from ryoji.catalogue.ministry_days import ministry_day

    if outcome == "approve":
        must_be_in_time(case, definition_of(case).permit, ministry_day(call.now))


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`wait_for_decision`, `wait_for_correction`: the token waits in the history; `grant_if_clear` needs no person."""
    if event["do"] == "grant_if_clear":
        return _grant(event["case_id"])
    now, token = datetime.now(UTC), event["token"]

    def judge(case: Case) -> list[NewAction]:
        if event["do"] == "wait_for_correction":
            return commands.open_task(case, task="correction", token=token, due=case.correction_by)
        due = due_of(case, "review", now)
        return [
            *commands.start_stage(case, stage="review", due=due),
            *commands.open_task(case, task="review", token=token, due=due),
        ]

    by_system(event["case_id"], judge, step="review", now=now)
    return {"outcome": "waiting"}


def _grant(case_id: str) -> dict[str, Any]:
    """By the programme's own rule: every check that the definition names was made and passed."""
    from ryoji.cases.grants import checks_wanted
    from ryoji.cases.permit import is_too_late
    from ryoji.catalogue.ministry_days import ministry_day

    now = datetime.now(UTC)

    def judge(case: Case) -> list[NewAction]:
        definition = definition_of(case)
        stage = definition.stage("review")
        if stage is None or not stage.automatic or is_too_late(case, definition.permit, ministry_day(now)):
            return []
        checks = checks_wanted(case, definition, facts_now(case, now))
        return commands.grant(case, checks=checks, version=definition.version)

    case = by_system(case_id, judge, step="review", now=now)
    if case.ended:
        return {"outcome": "ended"}
    return {"outcome": "approved" if case.granted else "review"}
