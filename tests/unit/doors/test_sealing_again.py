"""After a signer was revoked: what is in force gets another seal of the same content, once, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import mail, seal_keys, sealing, trust_store
from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.log import read
from ryoji.cases.standing import standing
from ryoji.doors import correspondence, sealing_again
from ryoji.doors.texts import catalogue
from ryoji.errors import Unavailable
from ryoji.issuance import records, vdsnc
from ryoji.issuance.certificates import Reason
from ryoji.issuance.records import Keys
from ryoji.issuance.trust import Trust, read_trust
from ryoji.issuance.verification import verify
from tests.unit.cases import walking
from tests.unit.cases.test_visas import PERMISSION
from tests.unit.cases.walking import CASE, Walk
from tests.unit.doors.calling import HOLDER, House, doors, modules
from tests.unit.doors.conftest import Today
from tests.unit.doors.test_agencies import Register
from tests.unit.doors.test_agency_mail import AGENCYS, TRAVELLERS_OWN, received, told
from tests.unit.doors.test_expired import TRAVELLER
from tests.unit.doors.test_keeping_certificates import Store
from tests.unit.issuance.sealing import RULES, VISA, MemoryKey

# The doors' clock stands at six in the morning of that day.
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
TODAY = NOW.date()
OTHER = "fedcba9876543210fedcba98"
KEYS = Keys([MemoryKey()], {"a": MemoryKey(), "b": MemoryKey()})
SERIALS = count(2000)


@pytest.fixture
def store(house: House, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A CA whose first signer seals."""
    del house
    made = Store()
    monkeypatch.setattr(trust_store, "read_records", made.read_records)
    monkeypatch.setattr(seal_keys, "KmsKey", lambda name: KEYS.signers[name])
    monkeypatch.setattr(modules()["issue_permission"], "datetime", Today)
    made.kept = kept(made)
    return made


def kept(store: Store) -> records.Records:
    return records.keep(store.kept, KEYS, RULES, NOW, lambda: next(SERIALS)).records


def revoke(store: Store, reason: Reason = "key_compromise") -> None:
    """The signer of the day is revoked, and has a successor where there is a key for one."""
    serial = f"{records.current(store.kept, RULES, NOW).read.serial:x}"
    store.kept = records.revoke(store.kept, serial, reason, NOW)
    store.kept = kept(store)


def sealed(until: date = date(2027, 2, 23)) -> dict[str, Any]:
    """A permission that is sealed by the signer of the day."""
    seal = sealing.seal(replace(VISA, valid_from=date(2026, 11, 1), valid_until=until), RULES, NOW)
    held = {**PERMISSION, "valid_from": "2026-11-01", "valid_until": until.isoformat(), "seal": seal}
    return {**held, "sealed_by": records.sealed_by(seal)}


def issued(house: House, case_id: str = CASE, *, until: date = date(2027, 2, 23), **other: Any) -> Walk:
    """A permission in force."""
    held = sealed(until)
    walk = walking.paid(case_id).do(commands.start_stage, stage="issuance", due=None)
    walk.then([happened("section_saved", section="traveller", answers=TRAVELLER)])
    walk.do(commands.issue_permission, **{**held, **other})
    return house.keep(walk)


def change(house: House, walk: Walk, status: str) -> None:
    """What becomes of a permission."""
    before = len(walk.actions)
    walk.do(commands.change_permission, status=status, ground="x", today=TODAY)
    house.log.append(walk.case, walk.actions[before:])


def step() -> dict[str, Any]:
    told: dict[str, Any] = doors()["issue_permission"]({"do": "seal_again"}, SimpleNamespace())
    return told


def trust(store: Store) -> Trust:
    return read_trust(records.files(store.kept, KEYS, RULES, NOW)["list.json"][0])


def seal_of(house: House, case_id: str = CASE) -> str:
    held = read(house.log, case_id).permission
    assert held is not None
    return str(held["seal"])


def test_while_no_signer_is_revoked_no_case_is_looked_at(
    house: House, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    del store
    issued(house)
    monkeypatch.setattr(house.log, "ended_before", lambda *_: pytest.fail("a queue was read"))
    assert step() == {"outcome": "sealed_again", "sealed": 0, "all_reached": True}


def test_the_holder_has_a_seal_that_is_believed_with_the_same_number_and_content(
    house: House, store: Store
) -> None:
    issued(house)
    old = seal_of(house)
    revoke(store)
    assert verify(old, trust(store), RULES, NOW).status == "REVOKED_CERTIFICATE"
    assert step()["sealed"] == 1
    fresh = house.call("GET", "/cases/{case_id}/permission", HOLDER, case_id=CASE).json
    assert verify(fresh["seal"], trust(store), RULES, NOW).status == "VALID"
    assert vdsnc.read(fresh["seal"]).message == vdsnc.read(old).message
    assert (fresh["number"], fresh["status"]) == (PERMISSION["number"], "active")
    case = read(house.log, CASE)
    assert case.permission is not None
    assert (case.status, case.permission["changed_at"]) == ("issued", case.permission["issued_at"])
    assert [each.kind for each in house.log.actions(CASE)].count("permission_sealed_again") == 1
    told = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json["timeline"]
    assert told[0]["kind"] == "permission_sealed_again"


def test_the_next_round_finds_nothing_to_do_and_reads_no_history(
    house: House, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(house)
    revoke(store)
    assert step()["sealed"] == 1
    actions = house.log.actions(CASE)
    with monkeypatch.context() as patch:
        patch.setattr(house.log, "actions", lambda *_: pytest.fail("a history was read"))
        assert step()["sealed"] == 0
    assert house.log.actions(CASE) == actions
    # Until its signer is revoked, too.
    revoke(store, "superseded")
    assert step()["sealed"] == 1
    assert verify(seal_of(house), trust(store), RULES, NOW).status == "VALID"


@pytest.mark.parametrize(
    ("holder", "written_to"), [("applicant-1", [TRAVELLERS_OWN]), ("org:sunrise", [AGENCYS, TRAVELLERS_OWN])]
)
def test_it_is_told_once_that_all_is_valid_as_before_and_prints_are_not(
    house: House, store: Store, monkeypatch: pytest.MonkeyPatch, holder: str, written_to: list[str]
) -> None:
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail, "send", lambda *said: sent.append(said))
    monkeypatch.setattr(correspondence, "agencies", Register)
    house.keep(received(holder).then([happened("permission_issued", **sealed())]))
    revoke(store)
    assert step()["sealed"] == 1
    for _ in range(2):
        assert told(house, "permission_sealed_again") == []
    assert [to for to, _subject, _body in sent] == written_to
    for _to, subject, body in sent:
        assert "has a new code" in subject
        assert "valid as before" in body
        assert "A PDF or print from before is no longer accepted" in body
    # Who can open the case saves it again; a traveller of an agency asks the agency for it.
    assert "save or print it again" in sent[0][2]
    assert f"https://ryoji.example/en/cases/{CASE}" in sent[0][2]
    assert ["ask Sunrise" in body for _to, _subject, body in sent] == [False, True][: len(sent)]
    recorded = [(body["event"], body["channel"]) for _at, body in read(house.log, CASE).messages]
    assert recorded == [
        ("sealed_again", channel) for channel in ["email", "portal", "email"][: len(sent) + 1]
    ]
    # That something was told is no reason to seal it once more.
    assert step()["sealed"] == 0


@pytest.mark.parametrize("status", ["used", "cancelled", "replaced"])
def test_what_is_over_is_not_sealed_again(house: House, store: Store, status: str) -> None:
    change(house, issued(house), status)
    revoke(store)
    assert step()["sealed"] == 0


def test_what_has_expired_is_not_sealed_again(house: House, store: Store) -> None:
    walk = issued(house, until=TODAY - timedelta(days=1))
    revoke(store)
    assert step()["sealed"] == 0
    assert walk.case.permission is not None
    assert standing(walk.case.permission, TODAY) == "expired"


def test_what_was_revoked_in_error_is_sealed_again_once_it_is_in_force(house: House, store: Store) -> None:
    walk = issued(house)
    change(house, walk, "revoked")
    revoke(store)
    assert step()["sealed"] == 0
    change(house, walk, "active")
    assert step()["sealed"] == 1
    assert verify(seal_of(house), trust(store), RULES, NOW).status == "VALID"


def test_what_was_issued_before_the_signer_was_noted_is_found_by_its_seal(house: House, store: Store) -> None:
    issued(house, sealed_by=None)
    revoke(store)
    issued(house, OTHER, sealed_by=None)
    sound = seal_of(house, OTHER)
    assert step()["sealed"] == 1
    assert verify(seal_of(house), trust(store), RULES, NOW).status == "VALID"
    assert seal_of(house, OTHER) == sound


def test_one_that_cannot_be_sealed_keeps_no_other_from_it_and_is_told(house: House, store: Store) -> None:
    issued(house, seal="unreadable", sealed_by=None)
    issued(house, OTHER)
    revoke(store)
    with pytest.raises(Exception, match="seal_wrong_format"):
        step()
    assert verify(seal_of(house, OTHER), trust(store), RULES, NOW).status == "VALID"


def test_without_a_signer_nothing_is_tried_and_somebody_is_told(house: House, store: Store) -> None:
    issued(house)
    revoke(store)
    revoke(store)
    with pytest.raises(Unavailable, match="no_signer"):
        step()


def test_what_an_earlier_signer_of_a_stolen_key_sealed_is_sealed_again_too(
    house: House, store: Store
) -> None:
    store.kept = records.Records()
    seals = []
    for years in (2, 1, 0):
        then = NOW - timedelta(days=340 * years)
        store.kept = records.keep(store.kept, KEYS, RULES, then, lambda: next(SERIALS)).records
        seals.append(sealing.seal(replace(VISA, valid_until=date(2027, 2, 23)), RULES, then))
    for case_id, seal in zip((CASE, OTHER), seals, strict=False):
        issued(house, case_id, seal=seal, sealed_by=records.sealed_by(seal))
    revoke(store)
    assert verify(seals[0], trust(store), RULES, NOW).status == "REVOKED_CERTIFICATE"
    assert step()["sealed"] == 1
    assert verify(seal_of(house), trust(store), RULES, NOW).status == "VALID"
    assert seal_of(house, OTHER) == seals[1]


def test_the_latest_issued_come_first_whichever_desk_issued_them(
    house: House, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = dict(zip(catalogue().desks(), (0, 4, 2), strict=False))
    for age, (desk, days) in enumerate(desks.items()):
        row = house.log.summaries[issued(house, f"{age:024x}").case_id]
        row.update(desk=desk, ended_at=(NOW - timedelta(days=days)).isoformat())
    looked: list[str] = []
    monkeypatch.setattr(sealing_again, "permission_on", lambda row, _day: looked.append(row["case_id"]))
    revoke(store)
    step()
    assert looked == [f"{age:024x}" for age in (0, 2, 1)]


def test_a_round_without_time_leaves_the_rest_to_the_next(
    house: House, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(house)
    revoke(store)
    with monkeypatch.context() as patch:
        patch.setattr(sealing_again, "BUDGET_SECONDS", 0.0)
        assert step() == {"outcome": "sealed_again", "sealed": 0, "all_reached": False}
    assert step()["sealed"] == 1


def test_a_seal_that_was_replaced_meanwhile_is_not_replaced_again(house: House, store: Store) -> None:
    walk = issued(house)
    held = walk.case.permission
    assert held is not None
    fresh: dict[str, Any] = {"seal": "another", "sealed_by": "2f", "today": TODAY}
    late = commands.seal_permission_again(walk.case, instead_of="the one before", **fresh)
    assert (late, len(commands.seal_permission_again(walk.case, instead_of=held["seal"], **fresh))) == ([], 1)
    del store
