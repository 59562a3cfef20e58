"""Which refusal closes a purpose, and how long one is told that it stays closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ryoji.adapters import keys
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.submission import person_of
from ryoji.doors import correspondence
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, FIRST, SECOND, Walk
from tests.unit.doors.calling import HOLDER, House
from tests.unit.doors.test_families import filled, opens, sends

EARLIER = "a" * 24


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda what: what.hex()[-32:])


class At(Walk):
    """A case whose every action is at one moment."""

    moment = walking.NOON

    @property
    def now(self) -> datetime:
        return self.moment


def refused(
    house: House, procedure: str, like: str, office: str | None = None, at: datetime | None = None
) -> None:
    """An application for the same person and the same purpose as that draft's, under a procedure, was refused."""
    opened = {"procedure": procedure, "version": "2026-04-01", "language": "en", "email": None}
    walk = At(EARLIER)
    walk.moment = at or walking.NOON
    walk.do(commands.open_draft, APPLICANT, holder=walking.HOLDER, **opened)
    known = Walk(like, house.log.actions(like)).case.sections
    for section in ("traveller", "travel_document", "trip"):
        walk.do(commands.save_section, APPLICANT, section=section, answers=known[section])
    if office:
        walk.do(
            commands.save_section,
            APPLICANT,
            section="mission",
            answers={**known["mission"], "office": office, "language": "en"},
        )
    person = keys.keyed_hash(person_of(walk.case) or b"")
    sent: dict[str, Any] = {"digest": "d", "signed_digest": "d", "signature": None, "identity": None}
    walk.do(
        commands.submit,
        APPLICANT,
        **sent,
        reference=reference_of(EARLIER),
        desk=walking.DESK,
        person=person,
    )
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due=None).do(commands.claim, officer=FIRST)
    no = {"outcome": "refuse", "ground": "13-1-1", "reasons": "x", "note": None, "grounds": walking.GROUNDS}
    walk.do(commands.propose, officer=FIRST, **no)
    house.keep(walk.do(commands.decide, officer=SECOND, outcome="refuse", note=None))


def draft(house: House) -> str:
    return filled(house, str(opens(house).json["case_id"]), "ANNA", without=set())


def test_a_refused_authorization_leaves_the_way_to_a_visa_open(house: House) -> None:
    case_id = draft(house)
    refused(house, "authorization-indonesia", case_id)
    assert sends(house, case_id).json["status"] == "checking"


@pytest.mark.parametrize(
    ("language", "day"), [("en", "23 May 2027"), ("ja", "2027年5月23日"), ("zh-Hans", "2027年5月23日")]
)
def test_a_refused_visa_closes_the_purpose_and_the_day_is_told(house: House, language: str, day: str) -> None:
    case_id = draft(house)
    refused(house, "visa-transit", case_id)
    assert day in turned_down(house, case_id, language)


def turned_down(house: House, case_id: str, language: str = "en") -> str:
    """What the door says to who sends it."""
    shown = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    answer = house.call(
        "POST",
        "/cases/{case_id}/submission",
        HOLDER,
        body={"digest": shown.json["digest"]},
        language=language,
        case_id=case_id,
    )
    assert (answer.status, answer.json["code"]) == (409, "refused_recently")
    return str(answer.json["detail"])


# Each near midnight: in Greenwich, or in Tokyo, it is another day.
@pytest.mark.parametrize(
    ("office", "at", "day"),
    [
        ("mission-australia", "2026-09-02T09:00:00+10:00", "2 March 2027"),
        ("mission-brazil", "2026-09-01T16:00:00-03:00", "1 March 2027"),
        (None, "2026-09-02T08:30:00+09:00", "2 March 2027"),
    ],
)
def test_letter_page_list_and_door_say_the_office_s_day(
    house: House, office: str | None, at: str, day: str
) -> None:
    case_id = draft(house)
    refused(house, "visa-transit", case_id, office, datetime.fromisoformat(at).astimezone(UTC))
    rows = house.call("GET", "/cases", HOLDER).json["cases"]
    assert [day in row["next"]["text"] for row in rows if row["status"] == "refused"] == [True]
    page = house.call("GET", "/cases/{case_id}", HOLDER, case_id=EARLIER).json
    assert day in page["next"]["text"]
    assert day in correspondence.write(read(house.log, EARLIER), "refused", "email").body
    assert day in turned_down(house, case_id)


def test_the_letter_about_an_authorization_tells_the_way_to_a_visa(house: House) -> None:
    refused(house, "authorization-indonesia", draft(house))
    letter = correspondence.write(read(house.log, EARLIER), "refused", "email")
    assert "apply for a visa" in letter.body
    assert "{" not in letter.body
