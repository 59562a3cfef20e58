"""An applicant's own cases: open, fill in, look at, sign and send, mend, take back."""

# Long because an applicant's own case has nine routes; each of them is thin.

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange, read
from ryoji.cases.slots import freed
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.agencies import agency_may_file, at_another_mission, organisation_of
from ryoji.doors.cases import (
    case_view,
    command,
    definition_of,
    facts_now,
    office_of,
    read_for,
    row_ended_on,
    table,
    today_at_office,
)
from ryoji.doors.door import Body, Call, Door, Empty
from ryoji.doors.texts import catalogue
from ryoji.errors import FieldError, Invalid, NotAllowed, NotFound, Refused
from ryoji.evidence.card_signature import CardSignature

if TYPE_CHECKING:
    from ryoji.cases.summary import Place
    from ryoji.catalogue.conditions import Facts
    from ryoji.catalogue.definition import Procedure

door = Door("applications")
CURSOR = re.compile(r"[0-9T:.+-]{10,40} [0-9a-f]{1,64}")


class Opening(Body):
    """Which procedure, and in which language the applicant wants to be written to.

    `organisation`: the accredited agency that files, when the caller works for one. `group` joins applications
    that are made together; it is the first one's case id. `relation`: what the traveller is to that first one,
    where a family applies; a group that an agency files has none.
    """

    procedure: str
    language: str = "ja"
    organisation: str | None = Field(default=None, max_length=40)
    group: str | None = Field(default=None, pattern=r"^[0-9a-f]{24}$")
    relation: Literal["spouse", "child", "parent"] | None = None


class Section(Body):
    """One section's answers; `sequence` is what the page last saw."""

    answers: dict[str, Any]
    sequence: int | None = None


class Submission(Body):
    """The card's signature over what `GET …/submission` gave, or its digest where an account is enough."""

    signature: CardSignature | None = None
    digest: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Correction(Body):
    """Which item was mended."""

    item: str


@door.route("POST", "/cases", "case.open", body=Opening, status=201)
def open_case(call: Call) -> dict[str, Any]:
    """Open a draft; a repeated idempotency key gives the same draft."""
    from ryoji.doors.texts import LANGUAGES

    if call.body.language not in LANGUAGES:
        raise Invalid("validation_failed", fields=(FieldError("/language", "unknown"),))
    definition = catalogue().definition_on(call.body.procedure, ministry_day(call.now))
    holder = _holder(call, definition)
    group = _group(call, holder, definition)
    case_id = _case_id(call)

    def judge(case: Case) -> list[NewAction]:
        return commands.open_draft(
            case,
            procedure=definition.id,
            version=definition.version,
            language=call.body.language,
            holder=holder,
            email=None,
            group=group,
            relation=call.body.relation if group else None,
        )

    from ryoji.cases.log import record

    return case_view(call, record(table(), case_id, judge, by=call.actor, now=call.now, once=call.once))


def _holder(call: Call, definition: Procedure) -> str:
    """In whose name: the caller's own, or the agency's that they work for."""
    organisation = call.body.organisation
    if organisation is None:
        if definition.filing and definition.filing.agency_only:
            raise Refused("agency_needed")
        return call.caller.id
    if organisation not in call.caller.organisations:
        raise NotAllowed("not_allowed")
    if "agency" not in {actor.who for actor in definition.audience.actors}:
        raise Refused("agency_cannot_file")
    agency_may_file(organisation, definition)
    return f"org:{organisation}"


def _group(call: Call, holder: str, definition: Procedure) -> str | None:
    """The group that a new application joins must be the holder's own, for the same thing, where that may be."""
    from ryoji.cases.together import must_be_first, must_go_on

    if call.body.group is None:
        return None
    first = read(table(), call.body.group)
    if first.holder != holder:
        raise NotFound("case_not_found")
    together = definition.filing.together if definition.filing else []
    # Who files for others may file for a group of strangers; a family says what each is to the first.
    kind = "family" if call.body.relation or call.body.organisation is None else "group"
    if kind not in together:
        raise Refused("together_not_possible")
    if kind == "family" and call.body.relation is None:
        raise Invalid("validation_failed", fields=(FieldError("/relation", "required"),))
    if first.procedure != definition.id:
        raise Refused("together_for_one_procedure")
    must_be_first(first)
    if kind == "family":
        must_go_on(first)
    return str(call.body.group)


def _case_id(call: Call) -> str:
    if not call.once:
        return secrets.token_hex(12)
    import hashlib

    # The caller's key makes the id, so that a repetition finds the draft that the first request opened.
    return hashlib.sha256(f"{call.caller.id} {call.once.key}".encode()).hexdigest()[:24]


@door.route("GET", "/cases", "case.list", answer="CaseList")
def list_cases(call: Call) -> dict[str, Any]:
    """The caller's cases, latest first, page by page."""
    from ryoji.adapters.case_table import HELD
    from ryoji.cases.summary import place_of
    from ryoji.doors.views import summary_view

    before = _place(call.query.get("cursor"))
    rows = [
        {**row, "agency": organisation_of(holder)}
        for holder in sorted(call.caller.holds)
        for row in table().held_by(holder, before)
    ]
    rows.sort(key=place_of, reverse=True)
    more = len(rows) > HELD
    return {
        "cases": [summary_view(row, call.language, call.now) for row in rows[:HELD]],
        "next": " ".join(place_of(rows[HELD - 1])) if more else None,
    }


def _place(cursor: str | None) -> Place | None:
    """The place after which a page begins, as the page before said."""
    if cursor is None:
        return None
    at, _, case_id = cursor.partition(" ")
    if not CURSOR.fullmatch(cursor):
        raise Invalid("validation_failed", fields=(FieldError("/cursor", "unknown"),))
    return at, case_id


@door.route("GET", "/cases/{case_id}", "case.read")
def read_case(call: Call, case_id: str) -> dict[str, Any]:
    """One case."""
    return case_view(call, read_for(call, case_id))


@door.route("PUT", "/cases/{case_id}/sections/{section}", "case.save", body=Section)
def save_section(call: Call, case_id: str, section: str) -> dict[str, Any]:
    """Keep one section's answers; they are validated by the same models that the form is drawn from."""
    from ryoji.catalogue.sections import validate_section

    case = read_for(call, case_id)
    definition = definition_of(case)
    if section not in {use.id for use in definition.sections}:
        raise NotFound("section_not_found")
    answers = validate_section(
        section,
        call.body.answers,
        today=today_at_office(case, call.now),
        offices=frozenset(catalogue().offices),
    ).model_dump(mode="json")
    return case_view(
        call,
        command(call, case_id, lambda case: commands.save_section(case, section=section, answers=answers)),
    )


@door.route("GET", "/cases/{case_id}/submission", "case.submit", answer="SubmissionDocument")
def show_submission(call: Call, case_id: str) -> dict[str, Any]:
    """What will be signed, with its digest; 409 `incomplete` says what is missing."""
    case = read_for(call, case_id)
    commands.must_be(case, "draft")
    return _submission(case, call)


def _submission(case: Case, call: Call) -> dict[str, Any]:
    from ryoji.cases.submission import submission_document
    from ryoji.evidence.identity.canonical import digest

    definition = definition_of(case)
    facts = facts_now(case, call.now)
    absent = _absent(case, definition, facts, sending=True)
    if absent:
        raise Refused("incomplete", fields=absent)
    document = submission_document(case, definition, facts)
    return {"document": document, "digest": digest(document)}


def _absent(case: Case, definition: Procedure, facts: Facts, *, sending: bool) -> tuple[FieldError, ...]:
    """What keeps the application from being sent, or sent again after a correction (not `sending`)."""
    from ryoji.cases.submission import missing
    from ryoji.cases.together import elsewhere, must_be_sent

    absent = missing(case, definition, facts) or at_another_mission(case)
    first = None if absent else _first_of(case, definition, facts)
    if first is None:
        return absent
    # Who mends what was sent already may do so whatever has become of the first one.
    if sending:
        must_be_sent(first)
    return elsewhere(case, first)


def _first_of(case: Case, definition: Procedure, facts: Facts) -> Case | None:
    """The family's first application, if it brings what is not asked of this one."""
    from ryoji.cases.together import relies_on_first

    return read(table(), case.group) if case.group and relies_on_first(definition, facts) else None


@door.route("POST", "/cases/{case_id}/submission", "case.submit", body=Submission, once=True)
def submit(call: Call, case_id: str) -> dict[str, Any]:
    """Check the card's signature over the submission, or what was confirmed, and send the application."""
    case = read_for(call, case_id)
    signature = call.body.signature.model_dump() if call.body.signature else None
    if case.submitted_at and case.signature == signature:
        return case_view(call, case)
    commands.must_be(case, "draft")
    shown = _submission(case, call)
    identity = _identity(case, shown, signature, call)
    try:
        sent = command(
            call,
            case_id,
            lambda now: _send(now, call, shown["digest"], signature, identity),
            slots=lambda now: _quota(now, call),
        )
    except Refused as error:
        # What is counted here is an agency's month, not an appointment.
        raise Refused("quota_used_up") if error.code == "slot_full" else error from None
    door.metrics.add_metric(name="ApplicationsSubmitted", unit="Count", value=1)
    return case_view(call, sent)


def _identity(
    case: Case, shown: dict[str, Any], signature: dict[str, str] | None, call: Call
) -> dict[str, Any] | None:
    """What the card says of the signer; where an account is enough, the digest must be of what was shown."""
    from ryoji.doors.identity import check_submission

    if definition_of(case).identity.assurance == "account":
        if call.body.digest is None:
            raise Invalid("validation_failed", fields=(FieldError("/digest", "required"),))
        if call.body.digest != shown["digest"]:
            raise Refused("digest_changed")
        return None
    if signature is None:
        raise Invalid("validation_failed", fields=(FieldError("/signature", "required"),))
    identity = check_submission(case, shown["document"], signature, call.now)
    if identity.outcome == "fail":
        raise Refused("signature_refused", reason=identity.reasons[0].code if identity.reasons else "invalid")
    return identity.model_dump(mode="json")


def _quota(case: Case, call: Call) -> tuple[SlotChange, ...]:
    """An agency's month has only so many applications, counted in the same transaction."""
    from ryoji.doors.agencies import quota_of

    return quota_of(case, call.now)


def _open_again(case: Case, person: str | None, call: Call) -> None:
    """After a refusal the same purpose waits, but for a humanitarian reason, which an officer will weigh.

    Only who holds the refused application is told. The person is known by name and birth date, which anybody may
    type and namesakes share: for everybody else screening finds the refusal, and an officer decides (decision 0030).
    What is corrected was sent already: a refusal that came since does not close it.
    """
    from ryoji.cases.earlier import closed_until, ended_before
    from ryoji.cases.summary import is_humanitarian
    from ryoji.doors.written import written_day

    if person is None or is_humanitarian(case):
        return
    until = closed_until(
        (
            row
            for row in table().of_person(person)
            if row.get("holder") == case.holder
            and _closes_its_purpose(row)
            and ended_before(row, case.submitted_at)
        ),
        purpose=case.sections.get("trip", {}).get("purpose"),
        months=definition_of(case).refusal.same_purpose_months,
        on=today_at_office(case, call.now),
        ended_on=row_ended_on,
    )
    if until:
        raise Refused("refused_recently", until=written_day(until.isoformat(), call.language))


def _closes_its_purpose(row: dict[str, Any]) -> bool:
    """Whether a refusal of this case closes the purpose: that is said by the definition that it is pinned to."""
    return catalogue().definition(row["procedure"], row["version"]).refusal.same_purpose_months is not None


def _send(
    case: Case,
    call: Call,
    signed_digest: str,
    signature: dict[str, str] | None,
    identity: dict[str, Any] | None,
) -> list[NewAction]:
    from ryoji.cases.references import free_reference

    # Still complete, whatever was saved while the signature was looked at.
    derived = _derived(case, _submission(case, call)["digest"])
    _open_again(case, derived["person"], call)
    return commands.submit(
        case,
        signed_digest=signed_digest,
        signature=signature,
        reference=free_reference(case.case_id, table().holder_of),
        identity=identity,
        **derived,
    )


def _derived(case: Case, digest: str) -> dict[str, Any]:
    """What sending derives from the answers: whose application it is, which desk takes it; and what it says."""
    from ryoji.adapters.keys import keyed_hash
    from ryoji.cases.submission import person_of

    known, office = person_of(case), office_of(case)
    return {
        "person": keyed_hash(known) if known else None,
        "desk": office.desk if office else "",
        "digest": digest,
    }


@door.route("POST", "/cases/{case_id}/correction", "case.correct", body=Correction)
def correct(call: Call, case_id: str) -> dict[str, Any]:
    """Say that an item that was asked for is mended; the last one sends the application again.

    What is then missing is opened as well, and stands among the items.
    """
    from ryoji.cases.submission import submission_document
    from ryoji.evidence.identity.canonical import digest

    def judge(case: Case) -> list[NewAction]:
        commands.must_be(case, "correction")
        definition, facts = definition_of(case), facts_now(case, call.now)
        said = digest(submission_document(case, definition, facts))
        absent = _absent(case, definition, facts, sending=False)
        derived = _derived(case, said)
        # At every item: what closes the purpose can still be changed while nobody has said that it is mended.
        _open_again(case, derived["person"], call)
        return commands.correct(case, item=call.body.item, absent=absent, **derived)

    return case_view(call, command(call, case_id, judge))


@door.route("POST", "/cases/{case_id}/withdrawal", "case.withdraw", body=Empty, once=True)
def withdraw(call: Call, case_id: str) -> dict[str, Any]:
    """Take the application back, until the book is ordered."""
    return case_view(call, command(call, case_id, commands.withdraw, slots=freed))
