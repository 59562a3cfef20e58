"""Every deadline of the renewal, by the clock: nothing on its last day, once after it, and then what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from ryoji.adapters import machines
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.doors import sweep
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.doors.calling import House

NEVER = 10**9


def asked_for_a_correction() -> Walk:
    """The officer has asked, and the machine waits for the applicant."""
    return walking.correction().do(
        commands.open_task, task="correction", token="token-correction", due="2027-02-23"
    )


# The stage, the task that waits in it, its last day, and what follows.
DEADLINES = [
    pytest.param(walking.in_review, "review", "2026-12-01", "escalate", id="review"),
    pytest.param(asked_for_a_correction, "correction", "2027-02-23", "lapse", id="correction"),
    pytest.param(walking.payment, "payment", "2026-12-23", "lapse", id="payment"),
    pytest.param(walking.production, "production", "2026-12-10", "escalate", id="production"),
    pytest.param(walking.collection, "handover", "2027-05-24", "lapse", id="handover"),
]


@pytest.fixture(autouse=True)
def _machines_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "running_names", lambda _family: frozenset({CASE}))
    monkeypatch.setattr(machines, "running", lambda _family, _name: True)


def round_on(day: date) -> int:
    """How many deadlines a round at noon in Tokyo finds passed."""
    noon = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return sweep.sweep(noon, patience=NEVER)["DeadlinesPassed"]


@pytest.mark.parametrize(("stage", "task", "last_day", "then"), DEADLINES)
def test_a_deadline_fires_once_after_its_last_day(
    house: House, stage: Callable[[], Walk], task: str, last_day: str, then: str
) -> None:
    before = house.keep(stage()).case.status
    house.log.places[walking.OFFICE, walking.SLOT] = 1
    due = date.fromisoformat(last_day)
    assert round_on(due) == 0
    assert read(house.log, CASE).status == before
    assert round_on(due + timedelta(days=1)) == 1
    assert round_on(due + timedelta(days=1)) == 0
    passed = [action for action in house.log.actions(CASE) if action.kind == "deadline_passed"]
    assert [(action.body["task"], action.by.kind) for action in passed] == [(task, "system")]
    after = read(house.log, CASE)
    assert after.status == ("lapsed" if then == "lapse" else before)
    assert (house.log.actions(CASE)[-1].kind == "lapsed") == (then == "lapse")
    # Whoever will not come any more leaves the place to others.
    assert house.log.places[walking.OFFICE, walking.SLOT] == (0 if task == "handover" else 1)


@pytest.mark.parametrize(("stage", "task", "last_day", "then"), DEADLINES)
def test_the_queue_says_which_cases_are_late(
    house: House, stage: Callable[[], Walk], task: str, last_day: str, then: str
) -> None:
    status = house.keep(stage()).case.status
    assert house.log.summaries[CASE]["overdue"] == []
    round_on(date.fromisoformat(last_day) + timedelta(days=1))
    summary = house.log.summaries[CASE]
    assert summary["overdue"] == [task]
    assert summary["status"] == ("lapsed" if then == "lapse" else status)


def test_the_table_is_the_definition_s() -> None:
    from ryoji.doors.texts import catalogue

    definition = catalogue().definition("passport-renewal", "2025-03-24")
    found = {str(stage.id): stage.due.then for stage in definition.stages if stage.due}
    (found["correction"],) = (stage.correction.then for stage in definition.stages if stage.correction)
    assert found == {param.values[1]: param.values[3] for param in DEADLINES}
