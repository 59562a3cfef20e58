"""What border control reports: an entry uses a permission up, an overstay is found when the person applies again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ryoji.adapters.earlier_cases import EarlierCases
from ryoji.adapters.permission_table import PermissionTable
from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.cases.log import read, record
from ryoji.cases.summary import summarise
from ryoji.doors import permissions
from ryoji.doors.correspondence import event_of
from ryoji.errors import Refused
from ryoji.evidence.screening.subject import Subject
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.test_visas import CHANGE, PERMISSION
from tests.unit.cases.walking import CASE
from tests.unit.doors.calling import Answer, Claims, House
from tests.unit.evidence.screening.memory_marks import MemoryMarks

BORDER: Claims = {"sub": "border", "client_id": "border", "scope": "border/report"}
NUMBER = str(PERMISSION["number"])
TRAVELLER = {"birth_date": "1990-01-02", "nationality": "GBR"}


def issued(house: House, **other: Any) -> Case:
    """A permission in force, in the case and in the register."""
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.do(commands.issue_permission, **{**PERMISSION, "valid_from": "2026-11-01", **other})
    house.keep(walk)
    permissions.publish(walk.case)
    return walk.case


def report(house: House, what: str, claims: Claims = BORDER, **body: Any) -> Answer:
    return house.call("POST", f"/partner/{what}", claims, body={"number": NUMBER, **body})


@pytest.fixture
def border(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> House:
    permissions.register.cache_clear()
    publish = permissions.publish

    def of_a_traveller(case: Case) -> None:
        publish(replace(case, sections={**case.sections, "traveller": TRAVELLER}))

    monkeypatch.setattr(permissions, "publish", of_a_traveller)
    return house


def registered() -> str:
    standing = PermissionTable().status_of(NUMBER)
    assert standing is not None
    return standing.held.status


def test_an_entry_uses_a_permission_for_one_entry_up_once(border: House) -> None:
    issued(border)
    assert report(border, "entries").status == 200
    assert report(border, "entries").status == 200
    case = read(border.log, CASE)
    assert case.permission is not None
    assert case.permission["status"] == "used"
    # The answer says that it is so everywhere: nothing waits for the stream.
    assert registered() == "used"
    assert [each.kind for each in border.log.actions(CASE)].count("permission_changed") == 1


@pytest.mark.parametrize(
    ("entries", "after", "told"), [("single", "used", "used"), ("multiple", "active", "reinstated")]
)
def test_an_entry_is_not_forgotten_that_is_reported_while_it_stands_revoked(
    border: House, entries: str, after: str, told: str
) -> None:
    issued(border, entries=entries)
    revoked = revoke(border)
    for _ in range(2):
        assert report(border, "entries").status == 200
        case = read(border.log, CASE)
        assert (case.permission or {})["status"] == registered() == "revoked"
    assert case.sequence == revoked.sequence + (entries == "single")
    undone = revoke(border, "active")
    assert (undone.permission or {})["status"] == registered() == after
    last = border.log.actions(CASE)[-1]
    assert event_of(last.kind, {"body": json.dumps(last.body)}) == told


def revoke(house: House, status: str = "revoked") -> Case:
    """What an officer says of it, in the case and in the register."""
    by = walking.officer(walking.SECOND)
    case = record(
        house.log,
        CASE,
        lambda case: commands.change_permission(case, status=status, **CHANGE),
        by=by,
        now=walking.NOON,
    )
    permissions.publish(case)
    return case


def test_an_entry_leaves_a_permission_for_many_in_force(border: House) -> None:
    issued(border, entries="multiple")
    assert report(border, "entries").status == 200
    case = read(border.log, CASE)
    assert case.permission is not None
    assert case.permission["status"] == "active"
    assert registered() == "active"


def test_an_overstay_is_found_when_the_person_applies_again(border: House) -> None:
    case = issued(border)
    assert report(border, "overstays", on="2026-11-20").status == 200
    assert report(border, "overstays", on="2026-11-21").status == 200
    assert case.person is not None
    earlier = EarlierCases(border.log, MemoryMarks(), 200)
    (found,) = earlier.of(case.person, Subject()).outcomes
    assert (found.kind, found.on, found.by, found.case_id) == ("overstayed", "2026-11-20", "person", CASE)
    assert earlier.of("somebody else", Subject()).outcomes == []


@pytest.mark.parametrize(("status", "kinds"), [("revoked", ["revoked"]), ("replaced", []), ("used", [])])
def test_a_permission_that_was_taken_back_is_found_too(status: str, kinds: list[str]) -> None:
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.do(commands.issue_permission, **PERMISSION)
    walk.do(commands.change_permission, status=status, **CHANGE)
    log = MemoryLog()
    log.summaries[CASE], log.people[CASE] = summarise(walk.case), "person"
    found = EarlierCases(log, MemoryMarks(), 200).of("person", Subject()).outcomes
    assert [each.kind for each in found] == kinds


@pytest.mark.parametrize(
    ("outcome", "event"), [("refuse", "refused"), ("send_back", None), ("approve", None)]
)
def test_an_officers_note_is_no_refusal(outcome: str, event: str | None) -> None:
    body = {"outcome": outcome, "ground": None, "reasons": None, "note": "refuse"}
    assert event_of("decided", {"body": json.dumps(body)}) == event


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("revoked", "revoked"),
        ("active", "reinstated"),
        ("cancelled", "cancelled"),
        ("used", "used"),
        ("replaced", "replaced"),
    ],
)
def test_the_holder_is_told_of_every_change(status: str, event: str) -> None:
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.do(commands.issue_permission, **PERMISSION)
    if status == "active":
        walk.do(commands.change_permission, status="revoked", **CHANGE)
    said = {**CHANGE, "ground": 'What the officer wrote: not "revoked".'}
    walk.do(commands.change_permission, status=status, **said)
    last = walk.actions[-1]
    assert event_of(last.kind, {"body": json.dumps(last.body)}) == event


@pytest.mark.parametrize(
    ("on", "code"), [("2026-10-31", "date_out_of_range"), ("2026-11-25", "date_in_future")]
)
def test_a_day_that_cannot_be_is_not_written_down(border: House, on: str, code: str) -> None:
    issued(border)
    answer = report(border, "overstays", on=on)
    assert answer.status == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [("/on", code)]
    assert read(border.log, CASE).overstayed is None


@pytest.mark.parametrize("what", ["entries", "overstays"])
def test_who_is_not_the_border_or_knows_no_number_changes_nothing(border: House, what: str) -> None:
    day: dict[str, Any] = {"on": "2026-11-20"} if what == "overstays" else {}
    assert report(border, what, **day).status == 404
    case = issued(border)
    assert report(border, what, {**BORDER, "scope": "inquiry/ask"}, **day).status == 403
    assert PermissionTable().status_of(NUMBER) is not None
    assert read(border.log, CASE).sequence == case.sequence


def test_a_case_without_a_permission_has_no_overstay() -> None:
    with pytest.raises(Refused, match="no_permission"):
        commands.record_overstay(walking.payment().case, on=date(2026, 11, 20), today=date(2026, 11, 23))
