"""What the stream has lost, the clock has done: within two days, and for what changed a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import machines
from ryoji.adapters.permission_table import PermissionTable
from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.doors import catching_up, permissions
from ryoji.errors import Unavailable
from tests.unit.cases import walking
from tests.unit.cases.test_visas import CHANGE, PERMISSION
from tests.unit.cases.walking import CASE, NOON
from tests.unit.doors.calling import House, doors
from tests.unit.doors.test_expired import TRAVELLER
from tests.unit.doors.test_moving import begun, issued, owing, refused_after_all, revoked, run_out

PATIENCE = timedelta(minutes=2)
NUMBER = str(PERMISSION["number"])


@dataclass
class World:
    """The register, as far as it is asked how permissions stand, and what other functions were asked to do."""

    standing: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    broken: int = 0

    def for_numbers(self, numbers: Sequence[str]) -> dict[str, Any]:
        """How they stand."""
        if self.broken:
            self.broken -= 1
            raise Unavailable("storage_unavailable")
        found = {number: self.standing.get(number) for number in numbers}
        return {number: held and SimpleNamespace(status=held) for number, held in found.items()}

    def repeat(self, do: str, case_id: str) -> None:
        """Ask another function."""
        self.asked.append((do, case_id))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(catching_up, "register", lambda: made)
    monkeypatch.setattr(machines, "repeat", made.repeat)
    return made


def round_at(now: datetime, failed: list[Exception] | None = None) -> int:
    gone_wrong: list[Exception] = [] if failed is None else failed
    done = catching_up.catch_up(now, PATIENCE, gone_wrong)
    assert failed is not None or not gone_wrong
    return done


@pytest.mark.parametrize(
    ("walk", "standing", "asked"),
    [
        (issued, None, [("publish", CASE)]),
        (issued, "active", []),
        (revoked, "active", [("publish", CASE)]),
        (revoked, "revoked", []),
        (owing, None, [("refund", CASE)]),
        (begun, None, [("close", CASE)]),
        (run_out, None, [("close", CASE)]),
        (refused_after_all, None, [("close", CASE)]),
        (walking.payment, None, []),
        (walking.refused, None, []),
    ],
)
def test_what_was_not_done_is_done(
    house: House, world: World, walk: Any, standing: str | None, asked: list[tuple[str, str]]
) -> None:
    kept = house.keep(walk())
    world.standing = {NUMBER: standing} if standing else {}
    assert round_at(kept.now + PATIENCE) == len(asked)
    assert world.asked == asked


def test_what_was_done_is_not_asked_for_again(house: House, world: World) -> None:
    back = walking.intent_facts(refunded=walking.FEE["total"])
    closed = walking.intent_facts("canceled")
    given_back = owing().do(commands.hear_of_payment, facts=back, event="refund")
    # Closed a moment before the case ended: it would be told no more of it.
    over = walking.payment().do(commands.start_payment, payment_intent="pi_1")
    over.do(commands.hear_of_payment, facts=closed, event="closing").do(commands.withdraw)
    for walk in (given_back, over):
        house.log.histories.clear()
        house.keep(walk)
        assert round_at(walk.now + PATIENCE) == 0
    assert world.asked == []


def test_a_refund_that_the_gateway_could_not_make_is_a_persons(house: House, world: World) -> None:
    failed = walking.intent_facts(refund_failed=True)
    walk = house.keep(owing().do(commands.hear_of_payment, facts=failed, event="refund"))
    assert walk.case.payment.owed_back
    assert round_at(walk.now + PATIENCE) == 0
    assert world.asked == []


def test_what_has_just_happened_is_still_on_its_way(house: House, world: World) -> None:
    walk = house.keep(revoked())
    happened_at = walk.actions[-1].at
    assert round_at(happened_at + PATIENCE - timedelta(seconds=1)) == 0
    assert round_at(happened_at + timedelta(hours=46)) == 1
    assert round_at(happened_at + timedelta(hours=49)) == 0
    assert len(world.asked) == 1


def test_rows_that_do_not_say_are_passed_over(house: House, world: World) -> None:
    walk = house.keep(owing())
    for name in ("to_refund", "to_close", "permission_number"):
        del house.log.summaries[CASE][name]
    assert round_at(walk.now + PATIENCE) == 0
    assert world.asked == []


def test_an_hour_that_cannot_be_looked_at_keeps_no_other(house: House, world: World) -> None:
    first = house.keep(revoked())
    second = walking.paid("b" * 24).do(commands.withdraw)
    second.actions[-1] = walking.changed(second.actions[-1], at=first.now + timedelta(hours=3))
    house.keep(second)
    world.broken = 1
    failed: list[Exception] = []
    assert round_at(first.now + timedelta(hours=5), failed) == 1
    assert (len(failed), world.asked) == (1, [("refund", second.case_id)])


def test_a_round_stops_before_its_time_is_over_and_begins_elsewhere(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(revoked())
    seen: list[datetime] = []

    def watched(hour: datetime) -> Any:
        seen.append(hour)
        return iter(())

    monkeypatch.setattr(house.log, "changed_in", watched)
    for minutes in range(0, 4 * 60, 5):
        ticks = iter((0.0, *(1.0,) * 5, 1e9))
        monkeypatch.setattr(catching_up, "time", SimpleNamespace(monotonic=lambda t=ticks: next(t)))
        round_at(NOON + timedelta(minutes=minutes))
    # Five hours a round, and yet all of two days within four hours.
    assert len({hour.replace(minute=0) for hour in seen}) >= catching_up.HOURS


def test_the_clock_says_what_it_has_made_good(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "running_names", lambda _family: frozenset())
    walk = house.keep(revoked())
    event = {"do": "sweep", "as_of": (walk.now + PATIENCE).isoformat()}
    context = SimpleNamespace(function_name="move_cases")
    assert doors()["move_cases"](event, context)["repeated"] == 1
    world.broken = 1
    with pytest.raises(Unavailable):
        doors()["move_cases"](event, context)


def test_a_revocation_that_the_stream_has_lost_reaches_the_register(
    house: House, cloud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cloud
    permissions.register.cache_clear()
    context = SimpleNamespace(function_name="issue_permission")

    def at_once(do: str, case_id: str) -> None:
        doors()["issue_permission"]({"do": do, "case_id": case_id}, context)

    monkeypatch.setattr(machines, "repeat", at_once)
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.then([happened("section_saved", section="traveller", answers=TRAVELLER)])
    walk.do(commands.issue_permission, **PERMISSION)
    permissions.publish(walk.case)
    house.keep(walk.do(commands.change_permission, status="revoked", **CHANGE))
    assert round_at(walk.now + PATIENCE) == 1
    known = PermissionTable().for_numbers([NUMBER, "VNOBODY12"])
    assert known[NUMBER].status == "revoked"  # type: ignore[union-attr]
    assert known["VNOBODY12"] is None
    assert round_at(walk.now + PATIENCE) == 0


def test_what_was_revoked_before_it_was_ever_published_is_never_in_force(
    cloud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cloud
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.then([happened("section_saved", section="traveller", answers=TRAVELLER)])
    walk.do(commands.issue_permission, **PERMISSION).do(
        commands.change_permission, status="revoked", **CHANGE
    )
    table = PermissionTable()
    monkeypatch.setattr(permissions, "register", lambda: table)
    with monkeypatch.context() as patch:
        # The function dies between the two.
        patch.setattr(table, "change_status", lambda *_, **__: None)
        permissions.publish(walk.case)
    assert table.for_numbers([NUMBER])[NUMBER].status == "revoked"  # type: ignore[union-attr]
    permissions.publish(walk.case)
    known = table.status_of(NUMBER)
    assert known
    assert (known.held.status, known.sequence) == ("revoked", walk.case.sequence)


@pytest.mark.parametrize(
    ("do", "function"), [("publish", "issue"), ("refund", "collect"), ("close", "collect")]
)
def test_it_is_asked_for_without_waiting(monkeypatch: pytest.MonkeyPatch, do: Any, function: str) -> None:
    monkeypatch.setenv("PERMISSION_FUNCTION", "issue")
    monkeypatch.setenv("PAYMENT_FUNCTION", "collect")
    called: list[dict[str, Any]] = []
    monkeypatch.setattr(
        machines, "client", lambda _: SimpleNamespace(invoke=lambda **how: called.append(how))
    )
    machines.repeat(do, CASE)
    payload = f'{{"case_id": "{CASE}", "do": "{do}"}}'.encode()
    assert called == [{"FunctionName": function, "InvocationType": "Event", "Payload": payload}]
