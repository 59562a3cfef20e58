"""Who applies: the card read at the start to fill in the form, its signature checked again in the chain."""

# Long because reading the card needs its challenge, and the challenge must be found again without being kept.

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from ryoji.cases import commands
from ryoji.cases.actions import Action
from ryoji.cases.case import Case, fold
from ryoji.doors.cases import case_view, command, definition_of, facts_now, read_for, table
from ryoji.doors.checks import record_in_chain
from ryoji.doors.door import Body, Call, Door, Empty
from ryoji.doors.identity import check_submission, trust
from ryoji.errors import Refused, Unavailable
from ryoji.evidence.card_signature import CardSignature
from ryoji.evidence.identity import Challenge, read_card

door = Door("check_identity")
CHALLENGE_MINUTES = 15


class Reading(Body):
    """A reading of the card: its signature over the challenge."""

    signature: CardSignature


@door.route("POST", "/cases/{case_id}/identity/challenge", "case.identify", body=Empty, answer="Challenge")
def challenge(call: Call, case_id: str) -> dict[str, Any]:
    """What the card signs to be read: bound to this case and the next minutes."""
    case = read_for(call, case_id)
    commands.must_be(case, "draft")
    asked = _challenge(case, call.now)
    return {"purpose": "read", "challenge": asked.digest, "expires_at": asked.expires_at.isoformat()}


def _challenge(case: Case, now: datetime) -> Challenge:
    # Time is cut into windows, so that the same challenge can be worked out again without keeping it.
    window = timedelta(minutes=CHALLENGE_MINUTES).total_seconds()
    expires = datetime.fromtimestamp((now.timestamp() // window + 2) * window, UTC)
    nonce = hashlib.sha256(f"{case.case_id} {case.holder} {expires.isoformat()}".encode()).hexdigest()
    return Challenge(case.case_id, nonce, expires)


@door.route("POST", "/cases/{case_id}/identity", "case.identify", body=Reading, answer="CardRead")
def read_the_card(call: Call, case_id: str) -> dict[str, Any]:
    """The card's four attributes, to fill in the form."""
    from ryoji.doors.cases import reader_of
    from ryoji.doors.views import finding_text

    case = read_for(call, case_id)
    commands.must_be(case, "draft")
    signature = call.body.signature
    # Just after the window turned, the page still holds the challenge of the one before.
    reading = read_card(signature, _challenge(case, call.now), trust=trust(), at=call.now)
    if reading.attributes is None and reading.finding.reasons[0].code == "signature_invalid":
        earlier = call.now - timedelta(minutes=CHALLENGE_MINUTES)
        reading = read_card(signature, _challenge(case, earlier), trust=trust(), at=call.now)
    if reading.attributes is None:
        raise _refusal(reading.finding.reasons[0].code)
    attributes = reading.attributes.facts()
    finding = reading.finding.model_dump(mode="json")
    after = command(
        call, case_id, lambda now: commands.read_card(now, attributes=attributes, finding=finding)
    )
    return {
        "finding": finding_text(finding, reader_of(call, after)),
        "attributes": attributes,
        "case": case_view(call, after),
    }


def _refusal(code: str) -> Refused | Unavailable:
    if code == "status_unavailable":
        return Unavailable("identity_unavailable")
    return Refused("card_refused", reason=code)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Check the submission's signature again, as of the time when it was received."""
    from ryoji.cases.submission import submission_document

    actions = table().actions(event["case_id"])
    case = fold(event["case_id"], actions)
    if case.signature is None or case.submitted_at is None:
        return {"outcome": "nothing_signed"}
    if case.rounds > 1 and _was_checked(case):
        return {"outcome": "checked_before"}
    signed = _as_signed(actions)
    document = submission_document(signed, definition_of(signed), facts_now(signed, case.submitted_at))
    finding = check_submission(signed, document, case.signature, case.submitted_at)
    record_in_chain(case, finding, step="check_identity")
    if finding.outcome == "unavailable":
        raise Unavailable("identity_unavailable")
    return {"outcome": "checked", "findings": [finding.outcome]}


def _was_checked(case: Case) -> bool:
    """Whether the chain has an answer: the authority may have been away in every round until now."""
    return any(
        each.door == "chain"
        and each.finding["check"] == "identity"
        and each.finding["outcome"] != "unavailable"
        for each in case.findings
    )


def _as_signed(actions: list[Action]) -> Case:
    """The case as it was sent: a correction changes answers, and was not signed by the card."""
    sent = next(place for place, action in enumerate(actions) if action.kind == "submitted")
    return fold(actions[0].case_id, actions[: sent + 1])
