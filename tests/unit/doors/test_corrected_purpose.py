"""The six months after a refusal hold at a correction too: the purpose may be another one then, or the reason gone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from ryoji.adapters import keys
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.submission import person_of
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, FIRST, SECOND, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import Answer, House
from tests.unit.doors.test_correcting import said, saved

EARLIER = "a" * 24
FAMILY = "family"
DEATH = {"humanitarian": "death", "humanitarian_text": "My aunt in Kobe."}


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda data: hashlib.sha256(data).hexdigest())


class Later(Walk):
    """A history that begins some days after the others."""

    def __init__(self, case_id: str, days: int) -> None:
        super().__init__(case_id)
        self.days = timedelta(days=days)

    @property
    def now(self) -> Any:
        """A minute after the last action."""
        return super().now + self.days


def visit(case_id: str, purpose: str, *, days: int, **mission: str) -> Walk:
    """A visit to relatives or friends, sent and held by the first officer; it was begun `days` from the day of all."""
    opened = {"procedure": "visa-family", "version": "2026-04-01", "language": "en", "email": None}
    walk = Later(case_id, days).do(
        commands.open_draft, walking.APPLICANT, holder=walking.HOLDER, group=None, **opened
    )
    answers = {
        **{name: GOOD[name] for name in ("traveller", "travel_document")},
        "trip": {**GOOD["trip"], "purpose": purpose},
        "mission": {**GOOD["mission"], "office": "mission-united-kingdom", **mission},
    }
    for name, each in answers.items():
        walk.do(commands.save_section, walking.APPLICANT, section=name, answers=each)
    person = keys.keyed_hash(person_of(walk.case) or b"")
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(case_id), "desk": walking.DESK, "person": person}
    walk.do(commands.submit, walking.APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    return walk.do(commands.start_stage, stage="review", due=None).do(commands.claim, officer=FIRST)


def refused(house: House, days: int) -> None:
    """An application for a visit to relatives that was refused."""
    no = {"outcome": "refuse", "ground": "purpose", "reasons": None, "note": None}
    walk = visit(EARLIER, FAMILY, days=days)
    walk.do(commands.propose, officer=FIRST, grounds=frozenset({"purpose"}), reasons_written=False, **no)
    house.keep(walk.do(commands.decide, officer=SECOND, outcome="refuse", note=None))


def asked(house: House, purpose: str, *items: str, **mission: str) -> None:
    """An application of the same person whose applicant is asked to mend these."""
    asks = [{"item": item, "reason": "Please look again."} for item in items]
    house.keep(
        visit(CASE, purpose, days=-10, **mission).do(
            commands.request_correction, officer=FIRST, items=asks, known=frozenset(items), by="2027-02-23"
        )
    )


def too_early(answer: Answer) -> bool:
    return (answer.status, answer.json.get("code")) == (409, "refused_recently")


def test_a_purpose_that_is_closed_is_not_taken_up_by_a_correction(house: House) -> None:
    refused(house, days=-40)
    asked(house, "friends", "sections/trip", "sections/mission")
    assert saved(house, "trip", {**GOOD["trip"], "purpose": FAMILY}).status == 200
    # Whichever item is said to be mended: so the purpose can still be set right.
    saved(house, "mission", {**GOOD["mission"], "office": "mission-united-kingdom", "language": "en"})
    assert too_early(said(house, "sections/mission"))
    assert too_early(said(house, "sections/trip"))
    assert read(house.log, CASE).corrected == set()
    saved(house, "trip", {**GOOD["trip"], "purpose": "friends"})
    assert said(house, "sections/trip").status == 200


def test_a_humanitarian_reason_that_is_taken_back_opens_nothing(house: House) -> None:
    refused(house, days=-40)
    asked(house, FAMILY, "sections/mission", **DEATH)
    mission = {**GOOD["mission"], "office": "mission-united-kingdom"}
    saved(house, "mission", {**mission, "humanitarian": "none"})
    assert too_early(said(house, "sections/mission"))
    saved(house, "mission", {**mission, **DEATH, "language": "en"})
    assert not too_early(said(house, "sections/mission"))


@pytest.mark.parametrize("days", [-240, -5])
def test_a_refusal_of_long_ago_or_of_since_closes_nothing_that_was_sent(house: House, days: int) -> None:
    refused(house, days=days)
    asked(house, FAMILY, "sections/mission")
    saved(house, "mission", {**GOOD["mission"], "office": "mission-united-kingdom", "language": "en"})
    assert not too_early(said(house, "sections/mission"))


def test_a_strangers_refusal_is_not_told_at_a_correction_either(house: House) -> None:
    refused(house, days=-40)
    summary = house.log.summaries[EARLIER]
    house.log.summaries[EARLIER] = {**summary, "holder": "somebody else"}
    asked(house, "friends", "sections/trip")
    saved(house, "trip", {**GOOD["trip"], "purpose": FAMILY})
    assert not too_early(said(house, "sections/trip"))
