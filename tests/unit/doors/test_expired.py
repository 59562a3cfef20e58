"""What is over by its last day is over everywhere: for the holder, for whoever verifies the seal, and for airlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ryoji.adapters import trust_store
from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.standing import standing
from ryoji.doors import carriers, permissions, seals
from ryoji.permissions.entry import entry_rules
from tests.unit.cases import walking
from tests.unit.cases.test_visas import PERMISSION
from tests.unit.cases.walking import CASE
from tests.unit.doors.calling import HOLDER, House
from tests.unit.doors.test_carriers import ENTRY, SETTINGS, ask, passenger
from tests.unit.issuance.sealing import NOW, RULES, VISA, Ministry

# The doors' clock stands at 15:00 in Japan on 23 November.
LAST_DAYS = [("2026-11-23", "active", "OK_TO_BOARD"), ("2026-11-22", "expired", "NO_BOARD")]
TRAVELLER = {
    "surname": "ERIKSSON",
    "given_names": "ANNA MARIA",
    "birth_date": "1956-06-20",
    "nationality": "CHN",
}


def seal(number: str, last: str) -> str:
    sealed = replace(VISA, number=number, valid_from=date(2026, 11, 1), valid_until=date.fromisoformat(last))
    return MINISTRY.seal(sealed)


MINISTRY = Ministry(now=NOW.replace(month=10))


@pytest.mark.parametrize(("last", "status", "answer"), LAST_DAYS)
def test_holder_verifier_and_airline_are_told_one_and_the_same(
    house: House,
    cloud: None,
    monkeypatch: pytest.MonkeyPatch,
    last: str,
    status: str,
    answer: str,
) -> None:
    del cloud
    permissions.register.cache_clear()
    monkeypatch.setattr(trust_store, "published_list", MINISTRY.list)
    monkeypatch.setattr(seals, "seal_rules", lambda: RULES)
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(carriers, "rules", lambda: entry_rules(ENTRY))
    seals.forget()
    number = str(PERMISSION["number"])
    held: dict[str, Any] = {
        **PERMISSION,
        "valid_from": "2026-11-01",
        "valid_until": last,
        "issuing_state": "CHN",
        "document": "E10000001",
        "seal": seal(number, last),
    }
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.then([happened("section_saved", section="traveller", answers=TRAVELLER)])
    case = house.keep(walk.do(commands.issue_permission, **held)).case
    permissions.publish(case)
    told = house.call("GET", "/cases/{case_id}/permission", HOLDER, case_id=CASE)
    assert (told.status, told.json["status"]) == (200, status)
    verdict = house.call("POST", "/verify", body={"seal": held["seal"]}).json
    assert (verdict["status"], verdict["permission"]) == ("VALID", status)
    assert verdict["validity"] == ("current" if status == "active" else "past")
    told = ask(house, passenger(), departs_at="2026-11-23T16:20", arrives_at="2026-11-23T20:35")
    assert told.json["answers"][0]["answer"] == answer
    seals.forget()


def test_a_last_day_passes_where_the_border_is() -> None:
    held = {"status": "active", "valid_until": "2026-11-22"}
    assert standing(held, date(2026, 11, 22)) == "active"
    assert standing(held, date(2026, 11, 23)) == "expired"
    # What became of it before says more than that its days are over.
    assert standing({**held, "status": "revoked"}, date(2026, 11, 23)) == "revoked"
