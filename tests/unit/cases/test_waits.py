"""What the machine waits for, when a wait is over, and where a machine that died goes on."""

from __future__ import annotations

import pytest

from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.case import Task, fold
from ryoji.cases.statistics import figure_of
from ryoji.cases.waits import STILL, TASKS, newly_settled, settled, stage_to_go_on_from
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk

OPEN = {
    "in_review": {"review", "payment", "production", "handover"},
    "correction": {"correction", "payment", "production", "handover"},
    "payment": {"payment", "production", "handover"},
    "production": {"production", "handover"},
    "collection": {"handover"},
}


@pytest.mark.parametrize("status", sorted(OPEN))
def test_what_is_still_waited_for(status: str) -> None:
    case = walking.EVERYWHERE[status]().case
    for task in OPEN[status]:
        assert settled(case, task) is None, task


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("status", ["withdrawn", "lapsed"])
def test_an_ended_case_ends_every_wait(status: str, task: str) -> None:
    assert settled(walking.EVERYWHERE[status]().case, task) == "ended"


def test_how_waits_end() -> None:
    assert settled(walking.approved().case, "review") == "approved"
    assert settled(walking.refused().case, "review") == "refused"
    assert settled(walking.correction().case, "review") == "correction"
    assert settled(walking.in_review().case, "correction") == "corrected"
    assert settled(walking.paid().case, "payment") == "paid"
    assert settled(walking.collection().case, "production") == "produced"
    assert settled(walking.completed().case, "handover") == "handed_over"


def test_nobody_waits_for_a_fee_of_nothing() -> None:
    walk = walking.approved().do(commands.start_stage, stage="payment", due=None)
    walk.do(commands.fix_fee, fee={**walking.FEE, "items": [], "total": 0})
    walk.do(commands.open_task, task="payment", token="t", due=None)
    assert [(task.token, outcome) for task, outcome in last(walk)] == [("t", "paid")]


def last(walk: Walk) -> list[tuple[Task, str]]:
    return list(newly_settled(walk.actions, len(walk.actions)))


def told(walk: Walk) -> list[tuple[str, str]]:
    """Every token that was ever completed along a history, in order, as the stream would."""
    return [
        (task.token, outcome)
        for sequence in range(1, len(walk.actions) + 1)
        for task, outcome in newly_settled(walk.actions, sequence)
    ]


# What the walks have none of.
LETTER = {"event": "submitted", "to": "h…@example.jp", "language": "en", "subject": "Received", "body": "…"}
UNWALKED = (
    happened("card_read", attributes={"name": "山田 花子"}, finding=walking.finding("identity")),
    happened("reminded", task="payment", due="2027-01-15", days_before=3),
    happened("permission_sealed_again", number="V1", seal="another", sealed_by="2f"),
    happened("entry_recorded", number="V1"),
    happened("message_sent", about=1, channel="email", **LETTER),
)


@pytest.mark.parametrize("status", sorted(walking.EVERYWHERE))
def test_what_moves_nothing_need_not_be_heard_of(status: str) -> None:
    actions = walking.EVERYWHERE[status]().then([*UNWALKED]).actions
    for n, action in enumerate(actions, start=1):
        if action.kind in STILL:
            before, after = fold(CASE, actions[: n - 1]), fold(CASE, actions[:n])
            assert (before.status, before.tasks, before.overdue) == (after.status, after.tasks, after.overdue)
            assert [settled(before, task) for task in TASKS] == [settled(after, task) for task in TASKS]
            assert newly_settled(actions, n) == []
            assert figure_of(action.kind, action.body) is None


def test_all_that_moves_nothing_was_walked() -> None:
    walked = {action.kind for walk in walking.EVERYWHERE.values() for action in walk().actions}
    assert walked | {each.kind for each in UNWALKED} >= STILL


def test_each_wait_of_a_whole_way_ends_once() -> None:
    assert told(walking.completed()) == [
        ("token-review-1", "approved"),
        ("token-payment", "paid"),
        ("token-production", "produced"),
        ("token-handover", "handed_over"),
    ]


def test_a_refusal_ends_the_review_and_a_withdrawal_the_payment() -> None:
    assert told(walking.refused()) == [("token-review-1", "refused")]
    assert told(walking.withdrawn())[-1] == ("token-payment", "ended")
    assert told(walking.lapsed())[-1] == ("token-payment", "ended")


def test_a_correction_ends_the_review_and_then_its_own_wait() -> None:
    walk = walking.correction()
    walk.do(commands.open_task, task="correction", token="token-correction", due="2027-02-23")
    for item in ("documents/portrait", "sections/contact"):
        kind, _, name = item.partition("/")
        if kind == "documents":
            walk.do(commands.receive_document, document=name, **walking.upload("better"))
        else:
            walk.do(commands.save_section, section=name, answers={"phone": "1"})
        walk.do(commands.correct, item=item, **walking.AGAIN)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due=None)
    walk.do(commands.open_task, task="review", token="token-review-2", due=None)
    assert told(walk) == [("token-review-1", "correction"), ("token-correction", "corrected")]
    assert settled(walk.case, "review") is None


def test_a_token_that_comes_after_the_fact_is_completed_at_once() -> None:
    walk = walking.paid()
    walk.do(commands.open_task, task="payment", token="token-of-a-second-machine", due=None)
    assert [(task.token, outcome) for task, outcome in last(walk)] == [("token-of-a-second-machine", "paid")]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("draft", None),
        ("checking", "evidence"),
        ("in_review", "review"),
        ("correction", "review"),
        ("payment", "payment"),
        ("production", "production"),
        ("collection", "handover"),
        ("completed", None),
        ("refused", None),
        ("withdrawn", None),
        ("lapsed", None),
    ],
)
def test_where_a_machine_that_died_goes_on(status: str, stage: str | None) -> None:
    assert stage_to_go_on_from(walking.EVERYWHERE[status]().case) == stage


def test_a_case_that_was_only_sent_begins_at_the_evidence() -> None:
    walk = walking.checking()
    walk.actions.pop()
    assert stage_to_go_on_from(walk.case) == "evidence"
