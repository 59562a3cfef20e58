"""Is this seal true? For machines and for whoever has no camera: the same answer as the verification page's."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.door import Body, Call, Door

door = Door("verify_seal")
# The longest text that a QR code holds is shorter; what is longer is no seal.
MOST = 8192
# Two lines of 44, with the blanks that people put between.
LONGEST_ZONE = 400


class Question(Body):
    """The text of the code, exactly as it was read; `zone`: the two lines printed on the page, to compare with it."""

    seal: str = Field(min_length=1, max_length=MOST)
    zone: str | None = Field(default=None, max_length=LONGEST_ZONE)


@door.route("POST", "/verify", "seal.verify", body=Question, answer="SealVerdict")
def tell(call: Call) -> dict[str, Any]:
    """Whether a seal is genuine: what was checked and what was not, its content, and how old the trust list is."""
    from ryoji.doors.permissions import RegisterStatus
    from ryoji.doors.seals import verdict_of

    register = RegisterStatus(ministry_day(call.now))
    return verdict_of(call.body.seal, register, call.language, call.now, call.body.zone)
