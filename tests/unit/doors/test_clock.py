"""The clock's rounds: reminders, deadlines, dead machines, silent payments, and the end of a file's keeping."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import machines, objects
from ryoji.cases import commands
from ryoji.cases.actions import NewAction, happened
from ryoji.cases.case import Case, fold
from ryoji.cases.log import read, record
from ryoji.doors import correspondence, permissions, sweep
from ryoji.errors import Unavailable
from tests.unit.cases import test_recalled as recalled
from tests.unit.cases import walking
from tests.unit.cases.test_visas import HIT, PERMISSION
from tests.unit.cases.walking import CASE, Walk
from tests.unit.doors.calling import House, doors, modules, officer
from tests.unit.doors.test_moving import record as stream_record


@dataclass
class Platform:
    """What the clock asks for outside: who runs, what was started, asked, deleted and archived."""

    running: set[str] = field(default_factory=set)
    # Names are used once, and the stream has started every case's first machine.
    known: set[str] = field(default_factory=lambda: {CASE})
    started: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    completed: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    registers: list[bytes] = field(default_factory=list)

    def start(self, family: str, case_id: str, stage: str, name: str) -> bool:
        """Start a machine, once under each name; for AWS the name of one that runs is the same call once more."""
        del family, case_id
        if name in self.running:
            return True
        if name in self.known:
            return False
        self.known.add(name)
        self.started.append((stage, name))
        self.running.add(name)
        return True

    def archive(self, key: str, body: bytes) -> None:
        """Keep a register."""
        self.archived.append(key)
        self.registers.append(body)

    def complete(self, token: str, outcome: str) -> bool:
        """End a wait, once."""
        known = (token, outcome) in self.completed
        self.completed.append((token, outcome))
        return not known


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """The adapters' places taken by a record of what they were asked."""
    outside = Platform(running={CASE})
    monkeypatch.setattr(machines, "running_names", lambda _family: frozenset(outside.running))
    monkeypatch.setattr(machines, "running", lambda _family, name: name in outside.running)
    monkeypatch.setattr(machines, "start", outside.start)
    monkeypatch.setattr(machines, "complete", outside.complete)
    monkeypatch.setattr(machines, "ask_the_gateway", outside.asked.append)
    monkeypatch.setattr(objects, "dispose", outside.deleted.append)
    monkeypatch.setattr(objects, "archive", outside.archive)
    monkeypatch.setattr(objects, "left_unrecorded", lambda _before: iter(()))
    return outside


def at(day: str, hour: int = 3) -> datetime:
    """A time in UTC; 3 o'clock is noon in Tokyo."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=UTC)


def kinds(house: House) -> list[str]:
    """What happened to the case, by kind."""
    return [action.kind for action in house.log.actions(CASE)]


def days_reminded(house: House) -> list[int]:
    """The reminders that were recorded."""
    return [a.body["days_before"] for a in house.log.actions(CASE) if a.kind == "reminded"]


def test_reminders_come_on_their_days_and_once(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.payment())  # due 2026-12-23, with reminders 14 and 3 days before
    for day in ("2026-12-08", "2026-12-09", "2026-12-09", "2026-12-10", "2026-12-20", "2026-12-23"):
        sweep.sweep(at(day), patience=10**9)
    assert days_reminded(house) == [14, 3]
    assert correspondence.event_of("reminded", {}) == "reminder"


def test_after_an_outage_only_the_nearest_reminder_is_sent(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.payment())
    sweep.sweep(at("2026-12-21"), patience=10**9)
    sweep.sweep(at("2026-12-22"), patience=10**9)
    assert days_reminded(house) == [3]


def test_a_reminder_says_what_to_do(house: House) -> None:
    house.keep(walking.payment())
    told = correspondence.write(read(house.log, CASE), "reminder", "portal")
    assert "手数料を、期限までにお支払いください。" in told.body


def test_who_may_collect_is_told_the_last_day_for_it(house: House) -> None:
    house.keep(walking.collection())
    entered = next(
        a for a in house.log.actions(CASE) if a.kind == "stage_started" and a.body["stage"] == "handover"
    )
    assert (
        correspondence.event_of("stage_started", {"body": json.dumps(entered.body)}) == "ready_for_collection"
    )
    assert correspondence.event_of("stage_started", {"body": json.dumps({"stage": "production"})}) is None
    then = fold(CASE, house.log.actions(CASE)[: entered.sequence])
    assert "2027年5月24日" in correspondence.write(then, "ready_for_collection", "email").body


def test_the_day_is_the_offices(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.payment())
    sweep.sweep(at("2026-12-08", hour=14), patience=10**9)  # 23 o'clock in Tokyo
    assert days_reminded(house) == []
    sweep.sweep(at("2026-12-08", hour=16), patience=10**9)  # 1 o'clock of the ninth
    assert days_reminded(house) == [14]


def test_an_unpaid_application_lapses_after_its_last_day(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.payment())
    assert sweep.sweep(at("2026-12-23"), patience=10**9)["DeadlinesPassed"] == 0
    assert sweep.sweep(at("2026-12-24"), patience=10**9)["DeadlinesPassed"] == 1
    assert kinds(house)[-2:] == ["deadline_passed", "lapsed"]
    assert sweep.sweep(at("2026-12-25"), patience=10**9)["CasesWaiting"] == 0


def test_a_late_review_is_marked_once_and_goes_on(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.in_review())
    late = at("2027-02-01")
    assert [sweep.sweep(late, patience=10**9)["DeadlinesPassed"] for _ in range(2)] == [1, 0]
    assert "lapsed" not in kinds(house)


def approved_late(house: House) -> walking.Walk:
    """The review's deadline passed, and then it was approved after all."""
    walk = walking.claimed().do(commands.pass_deadline, task="review", then="escalate")
    said = {"ground": None, "reasons": None, "note": None, "grounds": walking.GROUNDS}
    walk.do(commands.propose, officer=walking.FIRST, outcome="approve", **said)
    walk.do(commands.decide, officer=walking.SECOND, outcome="approve", note=None)
    walk.do(commands.start_stage, stage="payment", due="2026-12-23").do(commands.fix_fee, fee=walking.FEE)
    return house.keep(walk.do(commands.open_task, task="payment", token="token", due="2026-12-23"))


def test_after_a_late_review_the_next_deadline_is_kept(house: House, platform: Platform) -> None:
    del platform
    row = house.log.summaries[approved_late(house).case_id]
    assert sweep.sweep(at("2026-12-23"), patience=10**9)["DeadlinesPassed"] == 0
    assert sweep.sweep(at("2026-12-24"), patience=10**9)["DeadlinesPassed"] == 1
    assert kinds(house)[-2:] == ["deadline_passed", "lapsed"]
    assert row["overdue"] == ["review"]


def test_overdue_is_only_what_is_still_to_be_done(house: House, platform: Platform) -> None:
    del platform
    late = walking.in_review("a" * 24).do(commands.pass_deadline, task="review", then="escalate")
    house.keep(late)
    approved_late(house)
    caller = officer("examiner", "approver")
    shown = {
        case_id: house.call("GET", "/desk/cases/{case_id}", caller, case_id=case_id).json["overdue"]
        for case_id in ("a" * 24, CASE)
    }
    assert shown == {"a" * 24: True, CASE: False}
    rows = [
        row
        for status in ("in_review", "payment")
        for row in house.call(
            "GET", "/desk/queues/{desk}", caller, desk=walking.DESK, query={"status": status}
        ).json["rows"]
    ]
    assert {row["case_id"]: row["overdue"] for row in rows} == shown


def test_a_row_that_does_not_name_its_late_tasks_is_looked_into(house: House, platform: Platform) -> None:
    del platform
    house.log.summaries[approved_late(house).case_id]["overdue"] = True  # as rows were written before
    assert sweep.sweep(at("2026-12-24"), patience=10**9)["DeadlinesPassed"] == 1


def interviewed(*, late: bool) -> walking.Walk:
    """A traveller is asked to come by 2027-02-23, in a review that was late before or was not."""
    opened = {"procedure": "visa-tourism", "version": "2026-04-01", "language": "en", "email": None}
    walk = walking.Walk().do(commands.open_draft, walking.APPLICANT, holder=walking.HOLDER, **opened)
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": "RJ-0000-0001", "desk": walking.DESK, "person": None}
    walk.do(commands.submit, walking.APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")
    walk.do(commands.claim, officer=walking.FIRST)
    if late:
        walk.do(commands.pass_deadline, task="review", then="escalate")
    return walk.do(commands.request_interview, officer=walking.FIRST, text="Please come.", by="2027-02-23")


@pytest.mark.parametrize("late", [False, True])
def test_who_does_not_come_to_the_interview_is_reminded_and_lapses(
    house: House, platform: Platform, late: bool
) -> None:
    del platform
    house.keep(interviewed(late=late))
    for day in ("2027-02-08", "2027-02-09", "2027-02-20", "2027-02-23"):
        assert sweep.sweep(at(day), patience=10**9)["DeadlinesPassed"] == 0
    assert days_reminded(house) == [14, 3]
    assert sweep.sweep(at("2027-02-24"), patience=10**9)["DeadlinesPassed"] == 1
    assert kinds(house)[-2:] == ["deadline_passed", "lapsed"]


def test_quiet_cases_are_not_read(house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    del platform
    house.keep(walking.payment())
    reads: list[str] = []

    def counted(case_id: str) -> list[Any]:
        reads.append(case_id)
        return list(house.log.histories.get(case_id, []))

    monkeypatch.setattr(house.log, "actions", counted)
    sweep.sweep(at("2026-11-30"))
    assert reads == []


def test_a_dead_machine_is_started_again_where_the_case_stands(house: House, platform: Platform) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()
    later = walk.now + timedelta(minutes=10)
    assert sweep.sweep(later)["MachinesRestarted"] == 1
    assert platform.started == [("payment", f"{CASE}-payment-{len(walk.actions)}")]
    assert sweep.sweep(later + timedelta(minutes=10))["MachinesRestarted"] == 0


def test_a_machine_that_dies_again_and_again_is_started_ever_more_seldom(
    house: House, platform: Platform
) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()
    starts = []
    for minute in range(5, 24 * 60, 5):
        now = walk.now + timedelta(minutes=minute)
        if sweep.sweep(now)["MachinesRestarted"]:
            starts.append(minute)
            platform.running.clear()
    waits = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert waits == [5, 10, 20, 35, 65, 130, 260, 515]


def test_after_somebody_did_something_a_machine_is_started_at_once(house: House, platform: Platform) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()
    for minutes in (10, 20, 40):
        sweep.sweep(walk.now + timedelta(minutes=minutes))
        platform.running.clear()
    assert read(house.log, CASE).restarts == 3
    record(house.log, CASE, _begin_to_pay, by=walking.APPLICANT, now=walk.now + timedelta(minutes=50))
    assert read(house.log, CASE).restarts == 0


def _begin_to_pay(case: Case) -> list[NewAction]:
    return commands.start_payment(case, payment_intent="pi_1")


def told_of_the_submission(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream's record of a submission arrives."""
    monkeypatch.setattr(modules()["move_cases"], "have_counted", lambda *_: None)
    sent = next(action.sequence for action in walk.actions if action.kind == "submitted")
    answer = doors()["move_cases"](
        {"Records": [stream_record("submitted", sent)]}, SimpleNamespace(function_name="move_cases")
    )
    assert answer["batchItemFailures"] == []


def test_a_stream_that_is_late_gives_a_case_no_second_machine(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.submitted())
    platform.running.clear()
    platform.known.clear()
    assert sweep.sweep(walk.now + timedelta(minutes=3))["MachinesRestarted"] == 1
    told_of_the_submission(walk, monkeypatch)
    assert (platform.started, platform.running) == ([("evidence", CASE)], {CASE})
    assert sweep.sweep(walk.now + timedelta(minutes=9))["MachinesRestarted"] == 0


def test_a_record_that_comes_after_a_revival_starts_no_machine(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.submitted())
    platform.running.clear()
    sweep.sweep(walk.now + timedelta(minutes=3))
    second = read(house.log, CASE).execution
    # A platform knows a name for so long only.
    platform.known.clear()
    told_of_the_submission(walk, monkeypatch)
    assert platform.running == {second}


def test_a_machine_that_started_while_the_clock_looked_is_left_alone(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.submitted())
    monkeypatch.setattr(machines, "running_names", lambda _family: frozenset[str]())
    assert sweep.sweep(walk.now + timedelta(minutes=3))["MachinesRestarted"] == 0
    assert platform.started == []


def test_a_machine_that_could_not_be_started_is_dead(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()

    def fails(family: str, case_id: str, stage: str, name: str) -> bool:
        if name == CASE:
            return False
        raise Unavailable("unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(machines, "start", fails)
        with pytest.raises(Unavailable):
            sweep.sweep(walk.now + timedelta(minutes=3))
    named = read(house.log, CASE).execution
    assert named == f"{CASE}-payment-{len(walk.actions)}"
    assert sweep.sweep(walk.now + timedelta(minutes=10))["MachinesRestarted"] == 1
    assert read(house.log, CASE).execution != named
    assert platform.running == {read(house.log, CASE).execution}


def test_of_two_rounds_at_once_one_starts_a_machine(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()
    now = walk.now + timedelta(minutes=10)

    def looked_at(_family: str, _name: str) -> bool:
        # Meanwhile the payment is begun, and the other round comes by.
        monkeypatch.setattr(machines, "running", lambda _family, name: name in platform.running)
        record(house.log, CASE, _begin_to_pay, by=walking.APPLICANT, now=now)
        assert sweep.sweep(now, patience=0)["MachinesRestarted"] == 1
        return False

    monkeypatch.setattr(machines, "running", looked_at)
    assert sweep.sweep(now)["MachinesRestarted"] == 0
    assert platform.running == {read(house.log, CASE).execution}


def test_a_machine_that_was_never_told_is_told(house: House, platform: Platform) -> None:
    walk = house.keep(walking.paid())
    later = walk.now + timedelta(minutes=10)
    assert sweep.sweep(later)["MachinesRestarted"] == 1
    assert ("token-payment", "paid") in platform.completed
    assert platform.started == []
    assert sweep.sweep(later + timedelta(minutes=10))["MachinesRestarted"] == 0


def test_a_machine_that_waits_for_somebody_is_left_alone(house: House, platform: Platform) -> None:
    walk = house.keep(walking.payment())
    assert sweep.sweep(walk.now + timedelta(minutes=10))["MachinesRestarted"] == 0
    assert platform.completed == []


def test_a_machine_that_died_before_the_permission_was_sealed_is_started_again(
    house: House, platform: Platform
) -> None:
    walk = house.keep(walking.paid().do(commands.start_stage, stage="issuance", due=None))
    platform.running.clear()
    assert sweep.sweep(walk.now + timedelta(minutes=10))["MachinesRestarted"] == 1
    assert platform.started == [("issuance", f"{CASE}-issuance-{len(walk.actions)}")]


def test_where_the_family_has_a_new_machine_a_case_on_its_way_goes_on_under_another_name(
    house: House, platform: Platform
) -> None:
    walk = house.keep(walking.payment())
    # The stages' machines are the old ones: they know what they were told by the name that the case began with.
    platform.running.clear()
    platform.known.clear()
    sweep.sweep(walk.now + timedelta(minutes=10))
    assert platform.started == [("payment", f"{CASE}-payment-{len(walk.actions)}")]


def test_a_machine_that_died_after_the_grant_looks_at_nothing_again(house: House, platform: Platform) -> None:
    walk = house.keep(recalled.granted())
    platform.running.clear()
    sweep.sweep(walk.now + timedelta(minutes=10))
    assert platform.started == [("payment", f"{CASE}-payment-{len(walk.actions)}")]


def test_a_case_whose_approval_was_taken_back_comes_to_an_officer(house: House, platform: Platform) -> None:
    walk = house.keep(recalled.late_hit(recalled.fee_due()))
    later = walk.now + timedelta(minutes=10)
    # The machine waits for a fee: should the stream have lost it, the clock tells it that this is over.
    assert sweep.sweep(later)["MachinesRestarted"] == 1
    assert platform.completed == [("token-fee", "recalled")]
    platform.running.clear()
    assert sweep.sweep(later)["MachinesRestarted"] == 1
    assert platform.started == [("evidence", f"{CASE}-evidence-{len(walk.actions)}")]


def asked_to_pay(walk: Walk) -> list[str]:
    """The actions after which the letter about the fee is written, by their kinds."""
    case_id = walk.case.case_id
    return [
        action.kind
        for action in walk.actions
        if correspondence.event_of(action.kind, {"body": json.dumps(action.body)}) == "payment_due"
        and correspondence.told_to(fold(case_id, walk.actions[: action.sequence]), "payment_due")
    ]


def test_who_has_to_pay_is_told_again_when_the_approval_was_taken_back_and_given_anew() -> None:
    assert asked_to_pay(walking.payment()) == ["fee_due"]
    renewed = recalled.approved_again(recalled.late_hit(recalled.fee_due()))
    renewed.do(commands.start_stage, stage="payment", due="2027-01-20")
    assert asked_to_pay(renewed) == ["fee_due", "stage_started"]
    paid = recalled.approved_again(recalled.late_hit(recalled.paid()))
    paid.do(commands.start_stage, stage="payment", due="2027-01-20")
    assert asked_to_pay(paid) == ["fee_due"]


def test_what_was_about_to_be_issued_past_a_hit_comes_to_an_officer(house: House, platform: Platform) -> None:
    hit = walking.finding("screening", "review", hits=[HIT])
    late = happened("finding_recorded", finding=hit, door="chain", document=None, upload_id=None)
    # As histories have it that are older than the rule by which it would have been taken back at once.
    house.keep(recalled.issuing().then([late]))
    told = doors()["issue_permission"]({"do": "issue", "case_id": CASE}, SimpleNamespace(function_name="x"))
    assert told == {"outcome": "ended"}
    assert kinds(house)[-1] == "approval_recalled"
    platform.running.clear()
    assert sweep.sweep(datetime.now(UTC) + timedelta(minutes=10))["MachinesRestarted"] == 1
    assert platform.started[0][0] == "evidence"


def test_the_gateway_is_asked_about_a_silent_payment(house: House, platform: Platform) -> None:
    walk = walking.payment().do(commands.start_payment, walking.APPLICANT, payment_intent="pi_1")
    house.keep(walk)
    sweep.sweep(walk.now + timedelta(minutes=8), patience=10**9)
    assert platform.asked == []
    sweep.sweep(walk.now + timedelta(minutes=12), patience=10**9)
    assert platform.asked == [CASE]


def test_the_longer_a_payment_is_silent_the_seldomer_the_gateway_is_asked(
    house: House, platform: Platform
) -> None:
    walk = walking.payment().do(commands.start_payment, walking.APPLICANT, payment_intent="pi_1")
    house.keep(walk)
    began, asked = walk.actions[-1].at, []
    for minutes in range(0, 3 * 24 * 60, 5):
        sweep.sweep(began + timedelta(minutes=minutes), patience=10**9)
        asked += [minutes] * len(platform.asked)
        platform.asked.clear()
    assert asked == [10, 15, 30, 35, 120, 125, 1440, 1445, 2880, 2885]


def test_a_case_that_cannot_be_served_keeps_the_clock_from_no_other(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = house.keep(walking.payment("a" * 24)), house.keep(walking.payment("b" * 24))
    house.log.summaries[first.case.case_id]["version"] = "1900-01-01"  # no such definition
    platform.running.clear()
    failed: list[Exception] = []
    done = sweep.sweep(second.now + timedelta(minutes=10), failed=failed)
    assert (done["MachinesRestarted"], done["CasesWaiting"], len(failed)) == (1, 2, 1)
    assert platform.started[0][1].startswith("b" * 24)
    with pytest.raises(type(failed[0])):
        sweep.sweep(second.now + timedelta(minutes=20))


def test_a_queue_that_cannot_be_read_keeps_the_clock_from_no_other(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = house.keep(walking.payment())
    platform.running.clear()
    queue = house.log.queue

    def reading(desk: str, status: str, cursor: str | None) -> Any:
        if status == "checking":
            raise Unavailable("storage_unavailable")
        return queue(desk, status, cursor)

    monkeypatch.setattr(house.log, "queue", reading)
    failed: list[Exception] = []
    assert sweep.sweep(walk.now + timedelta(minutes=10), failed=failed)["MachinesRestarted"] == 1
    assert failed


def test_a_round_stops_before_its_time_is_over_and_the_next_begins_elsewhere(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case_id in ("a" * 24, "b" * 24):
        house.keep(walking.payment(case_id))
    platform.running.clear()
    ticks = iter((0.0, 1.0, 1e9))
    monkeypatch.setattr(sweep, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    done = sweep.sweep(at("2026-11-24"))
    assert done["MachinesRestarted"] == 1
    assert "CasesWaiting" not in done


@pytest.mark.usefixtures("compiled")
def test_every_queue_is_soon_among_the_first() -> None:
    rounds = [sweep.queues_from(at("2026-11-24") + timedelta(minutes=5 * n)) for n in range(50)]
    queues = set(rounds[0])
    assert {frozenset(each) for each in rounds} == {frozenset(queues)}
    # Even when a round has time for a tenth of the queues only.
    reached = {queue for each in rounds for queue in each[: len(queues) // 10]}
    assert reached == queues


def test_who_runs_is_not_guessed(house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = house.keep(walking.payment())
    house.keep(walking.payment("b" * 24))

    def silent(_family: str) -> frozenset[str]:
        raise Unavailable("unavailable")

    monkeypatch.setattr(machines, "running_names", silent)
    failed: list[Exception] = []
    assert sweep.sweep(walk.now + timedelta(minutes=10), failed=failed)["MachinesRestarted"] == 0
    assert (platform.started, len(failed)) == ([], 1)  # asked once, not for every case


def test_the_heads_of_what_grew(house: House) -> None:
    walk = house.keep(walking.payment())
    now = walk.now
    assert [head.hash for head in sweep.grown_since(now - timedelta(hours=26), now)] == [
        walk.actions[-1].hash
    ]
    assert sweep.grown_since(now + timedelta(hours=1), now + timedelta(hours=27)) == []


def dispose(day: str) -> int:
    """One night's disposal."""
    context = SimpleNamespace(function_name="dispose_of_cases")
    done = doors()["dispose_of_cases"]({"do": "dispose", "as_of": at(day).isoformat()}, context)
    return int(done["cases"])


def test_a_file_goes_when_its_keeping_ends_and_the_register_stays(house: House, platform: Platform) -> None:
    house.keep(walking.completed())  # the book expires on 2036-11-24; kept five years after that
    assert dispose("2041-11-24") == 0
    assert dispose("2041-11-25") == 1
    assert house.log.actions(CASE) == []
    assert "pictures/counter.jpg" in platform.deleted
    assert [key[:20] for key in platform.archived] == ["disposals/2041/11/25"]
    assert dispose("2041-11-26") == 0


def test_a_visas_years_run_from_its_last_day_and_its_entry_goes_with_it(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    del platform
    forgotten: list[str] = []
    monkeypatch.setattr(permissions, "register", lambda: SimpleNamespace(forget=forgotten.append))
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    house.keep(walk.do(commands.issue_permission, **PERMISSION))  # until 2027-02-23
    assert (dispose("2032-02-23"), forgotten) == (0, [])
    assert (dispose("2032-02-24"), forgotten) == (1, ["VABCDEFGH"])


def test_a_row_that_cannot_be_judged_keeps_no_other(house: House, platform: Platform) -> None:
    del platform
    for case_id in ("a" * 24, "b" * 24, "c" * 24):
        house.keep(walking.completed(case_id))
    house.keep(walking.draft("d" * 24))
    house.log.summaries["b" * 24]["expires"] = "2036-99-99"
    assert dispose("2027-02-22") == 1
    assert dispose("2041-11-25") == 2
    assert sorted(house.log.histories) == ["b" * 24]


def test_the_register_is_written_before_anything_is_deleted(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.completed())

    def full(_key: str, _body: bytes) -> None:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(objects, "archive", full)
    with pytest.raises(Unavailable):
        dispose("2041-11-25")
    assert house.log.actions(CASE)
    assert not platform.deleted


def test_a_case_that_cannot_be_deleted_stands_in_the_register_and_goes_the_next_night(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case_id in ("a" * 24, "b" * 24):
        house.keep(walking.completed(case_id))
    delete = house.log.dispose
    broken = {"a" * 24}

    def deleting(case_id: str) -> None:
        if case_id in broken:
            raise Unavailable("storage_unavailable")
        delete(case_id)

    monkeypatch.setattr(house.log, "dispose", deleting)
    assert dispose("2041-11-25") == 1
    broken.clear()
    assert dispose("2041-11-26") == 1
    registers = [json.loads(body)["disposed"] for body in platform.registers]
    assert [[row["case_id"][0] for row in register] for register in registers] == [["a", "b"], ["a"]]


def test_disposal_stops_before_its_time_is_over_and_goes_on_the_next_night(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = modules()["dispose_of_cases"]
    for name in "abcdef":
        house.keep(walking.completed(name * 24))
    monkeypatch.setattr(module, "CHUNK", 4)
    ticks = iter((0.0, 1.0, 1e9, 0.0, 1.0, 2.0))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    assert [dispose("2041-11-25"), dispose("2041-11-26")] == [4, 2]
    assert not house.log.histories
    assert len(platform.archived) == 2


def test_refusals_are_kept_longer_than_withdrawals(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.refused())
    house.keep(walking.withdrawn("another"))
    assert dispose("2031-12-01") == 1
    assert house.log.actions(CASE)
    assert not house.log.actions("another")
    assert dispose("2036-12-01") == 1


def test_untouched_drafts_go_after_ninety_days(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.draft())
    assert dispose("2027-02-21") == 0
    assert dispose("2027-02-22") == 1
    assert house.log.actions(CASE) == []


def test_a_draft_that_is_gone_on_with_in_the_night_of_its_deletion_stays(
    house: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = house.keep(walking.draft("a" * 24)), house.keep(walking.draft("b" * 24))
    listed = [dict(row) for row in house.log.summaries.values()]
    monkeypatch.setattr(house.log, "changed_on", lambda day: iter(listed if str(day) == "2026-11-23" else []))
    record(house.log, kept.case_id, _say_more, by=walking.APPLICANT, now=at("2027-02-22"))
    assert dispose("2027-02-22") == 1
    assert len(house.log.actions(kept.case_id)) == len(kept.actions) + 1
    assert house.log.actions(gone.case_id) == []
    # The register tells of what is deleted and of nothing else.
    assert [row["case_id"] for row in json.loads(platform.registers[0])["disposed"]] == [gone.case_id]


def _say_more(case: Case) -> list[NewAction]:
    return commands.save_section(case, section="contact", answers={"phone": "1"})


def test_a_waiting_case_is_never_disposed_of(house: House, platform: Platform) -> None:
    del platform
    house.keep(walking.payment())
    assert dispose("2099-01-01") == 0


def test_whoever_comes_early_frees_the_place(house: House) -> None:
    from tests.unit.doors.calling import officer

    walk = house.keep(walking.compared())
    house.log.places[walking.OFFICE, walking.SLOT] = 1
    answer = house.call(
        "POST",
        "/desk/cases/{case_id}/handover",
        officer("counter"),
        body={"old_passport": "returned", "identity_confirmed": True},
        headers={"Idempotency-Key": "handover-1"},
        case_id=CASE,
    )
    assert answer.status == 200
    assert house.log.places[walking.OFFICE, walking.SLOT] == 0
    assert len(house.log.actions(CASE)) == len(walk.actions) + 1
