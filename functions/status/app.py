"""Where is my case? By reference number and birth date, without an account, and not by guessing."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from pydantic import Field

from ryoji.adapters.attempts import count_attempt, seconds_left
from ryoji.cases.log import read
from ryoji.cases.references import normalise
from ryoji.catalogue.subject import person_answers
from ryoji.doors.cases import definition_of, facts_now, table
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import NotFound, TooManyRequests

door = Door("status")
TRIES, MINUTES = 5, 15


class Question(Body):
    """The reference number and the birth date of the person that the case is for."""

    reference: str = Field(max_length=40)
    birth_date: str = Field(pattern=r"^\d{4}-(\d{2}|XX)-(\d{2}|XX)$")


@door.route("POST", "/status", "status.read", body=Question, answer="Status")
def tell(call: Call) -> dict[str, Any]:
    """The status of a case; unknown and not matching look the same, and tries are counted by reference."""
    from ryoji.doors.views import Reader, status_view

    reference = normalise(call.body.reference)
    if reference is None:
        raise NotFound("status_not_found")
    if count_attempt(f"status {reference}", call.now, minutes=MINUTES) > TRIES:
        raise _too_often(call.now)
    case_id = table().by_reference(reference)
    case = read(table(), case_id or "none")
    known = str(person_answers(case.sections).get("birth_date", ""))
    # Whose passport says no day or month may write 00 for it, as in the form.
    said = call.body.birth_date.replace("-00", "-XX")
    if not known or not hmac.compare_digest(known.encode(), said.encode()):
        raise NotFound("status_not_found")
    reader = Reader(definition_of(case), facts_now(case, call.now), call.language, call.now)
    return status_view(case, reader)


def _too_often(now: datetime) -> TooManyRequests:
    refused = TooManyRequests("too_many_requests", minutes=str(MINUTES))
    refused.after = seconds_left(now, minutes=MINUTES)
    return refused
