"""What the table's adapter makes of a platform that does not answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from pynamodb.exceptions import CancellationReason, QueryError, TransactWriteError, VerboseClientError
from pynamodb.transactions import TransactWrite

from ryoji.adapters.aws import does_not_answer
from ryoji.adapters.case_table import CaseTable, Entry
from ryoji.adapters.earlier_cases import EarlierCases
from ryoji.cases import commands
from ryoji.cases.case import fold
from ryoji.cases.earlier import remembered
from ryoji.cases.log import SlotChange
from ryoji.cases.summary import place_of
from ryoji.errors import Conflict, Invalid, Refused, RyojiError
from ryoji.evidence.screening.subject import Subject
from tests.unit.cases import walking
from tests.unit.cases.test_visas import CHANGE, PERMISSION
from tests.unit.evidence.screening.memory_marks import MemoryMarks

CURSOR = '{"case_id": {"S": "c"}, "item": {"S": "S"}, "queue": {"S": "q"}, "due": {"S": "d"}}'


def answered(code: str) -> QueryError:
    return QueryError("Failed to query", ClientError({"Error": {"Code": code, "Message": ""}}, "Query"))


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def query(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Entry.by_desk, "query", query)


@pytest.mark.parametrize("cursor", [None, CURSOR])
def test_a_queue_without_a_connection_is_no_fault_of_the_cursor(
    monkeypatch: pytest.MonkeyPatch, cursor: str | None
) -> None:
    failing(QueryError("Failed to query", ConnectionClosedError(endpoint_url="http://x")), monkeypatch)
    with pytest.raises(QueryError) as caught:
        CaseTable().queue("singapore", "in_review", cursor)
    assert does_not_answer(caught.value)


def test_a_cursor_that_no_page_said_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(answered("ValidationException"), monkeypatch)
    with pytest.raises(Invalid):
        CaseTable().queue("singapore", "in_review", CURSOR)
    with pytest.raises(Invalid):
        CaseTable().queue("singapore", "in_review", "[")
    with pytest.raises(Invalid):
        CaseTable().queue("singapore", "in_review", "[" * 5000)


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("ProvisionedThroughputExceededException", True),
        ("InternalServerError", True),
        ("AccessDeniedException", False),
        ("ValidationException", False),
    ],
)
def test_only_what_passes_by_itself_is_called_away(code: str, passes: bool) -> None:
    assert does_not_answer(answered(code)) is passes


def cancelled(*codes: str | None) -> TransactWriteError:
    reasons = [CancellationReason(code) if code else None for code in codes]
    cause = VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException", "Message": ""}},
        "TransactWriteItems",
        cancellation_reasons=reasons,
    )
    return TransactWriteError("cancelled", cause)


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        ((None, None, "ConditionalCheckFailed"), Refused),
        # Somebody else was writing the slot in this moment: it may still have room, so it is asked again.
        ((None, None, "TransactionConflict"), Conflict),
        (("ConditionalCheckFailed", None, "ConditionalCheckFailed"), Conflict),
    ],
)
def test_a_slot_is_full_only_when_its_places_say_so(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[str | None, ...], error: type[RyojiError]
) -> None:
    def commit(_transaction: TransactWrite) -> None:
        raise cancelled(*codes)

    monkeypatch.setattr(TransactWrite, "_commit", commit)
    walk = walking.collection()
    with pytest.raises(error):
        CaseTable().append(walk.case, walk.actions[-1:], slots=(SlotChange("o", "s", 1, 2),))


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseTable]:
    """The table in a stand-in of DynamoDB, within the test's own process."""
    from moto import mock_aws

    from ryoji.adapters import case_table

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        for model in (Entry, case_table.Slot):
            monkeypatch.setattr(model, "_connection", None)
            model.create_table(billing_mode="PAY_PER_REQUEST")
        case_table._connection.cache_clear()
        yield CaseTable()
    case_table._connection.cache_clear()


def kept(table: CaseTable, walk: walking.Walk) -> walking.Walk:
    for n, action in enumerate(walk.actions, start=1):
        table.append(fold(walk.case_id, walk.actions[:n]), [action])
    return walk


@pytest.mark.parametrize("capacity", [0, 1, 2])
def test_a_place_that_nobody_has_taken_yet_holds_as_many_as_are_said(table: CaseTable, capacity: int) -> None:
    took = 0
    for n in range(3):
        walk = walking.opened(str(n) * 24)
        with suppress(Refused):
            table.append(
                walk.case, walk.actions[:1], slots=(SlotChange("agency sunrise", "2026-11", 1, capacity),)
            )
            took += 1
    assert took == capacity


def earlier(table: CaseTable, person: str) -> list[str]:
    """What screening finds by the person."""
    records = EarlierCases(table, MemoryMarks(), 200).of(person, Subject())
    return [found.kind for found in records.outcomes]


def test_what_is_filed_and_taken_back_pushes_no_outcome_out(
    table: CaseTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = 4
    monkeypatch.setattr("ryoji.adapters.case_table.PAGE", page)
    refused = kept(table, walking.refused("f" * 24))
    for n in range(page + 2):
        walk = walking.checking(f"{n:024}").do(commands.withdraw, walking.APPLICANT)
        walk.actions = [walking.changed(each, at=each.at + timedelta(days=1)) for each in walk.actions]
        table.append(walk.case, walk.actions)
    person = refused.case.person or ""
    rows = table.of_person(person)
    assert len(rows) == page + 1
    assert rows[-1]["case_id"] == "f" * 24
    assert earlier(table, person) == ["refused"]


def test_an_outcome_goes_with_its_case(table: CaseTable) -> None:
    refused = kept(table, walking.refused("f" * 24))
    assert Entry.get(f"P#{refused.case.person}", f"O#{refused.case_id}").summary["status"] == "refused"
    table.dispose(refused.case_id)
    assert table.of_person(refused.case.person or "") == []
    assert list(Entry.query(f"P#{refused.case.person}")) == []


def test_what_changed_in_an_hour_is_found_by_the_hour(table: CaseTable) -> None:
    draft = kept(table, walking.draft())
    begun = draft.actions[-1].at
    assert [row["case_id"] for row in table.changed_in(begun)] == [draft.case_id]
    for other in (begun - timedelta(hours=1), begun + timedelta(hours=1), begun + timedelta(days=1)):
        assert list(table.changed_in(other)) == []


def test_a_draft_that_was_gone_on_with_since_it_was_listed_stays(table: CaseTable) -> None:
    draft = kept(table, walking.draft("d" * 24))
    (listed,) = table.changed_on(walking.NOON.date())
    draft.do(commands.save_section, walking.APPLICANT, section="contact", answers={"phone": "1"})
    table.append(draft.case, draft.actions[-1:])
    assert not table.close(listed)
    assert not table.close({**listed, "case_id": "e" * 24})
    assert len(table.actions(draft.case_id)) == len(draft.actions)


def test_nothing_is_added_to_a_case_that_is_being_deleted(table: CaseTable) -> None:
    draft = kept(table, walking.draft("d" * 24))
    (listed,) = table.changed_on(walking.NOON.date())
    # Read before the case was closed, and written after.
    late = draft.do(commands.save_section, walking.APPLICANT, section="contact", answers={"phone": "1"})
    assert table.close(listed)
    with pytest.raises(Conflict):
        table.append(late.case, late.actions[-1:])
    # Interrupted before it was deleted, it is listed as before and closed as before.
    assert list(table.changed_on(walking.NOON.date())) == [listed]
    assert table.close(listed)
    table.dispose(draft.case_id)
    with pytest.raises(Conflict):
        table.append(late.case, late.actions[-1:])
    assert table.actions(draft.case_id) == []
    assert table.summary(draft.case_id) is None


def test_what_was_taken_back_in_error_is_not_remembered_as_it_was(table: CaseTable) -> None:
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    walk.do(commands.issue_permission, **PERMISSION)
    assert not remembered(walk.case)
    kept(table, walk.do(commands.change_permission, status="revoked", **CHANGE))
    person = walk.case.person or ""
    assert earlier(table, person) == ["revoked"]
    walk.do(commands.change_permission, status="active", **CHANGE)
    table.append(walk.case, walk.actions[-1:])
    assert earlier(table, person) == []


def test_a_holders_list_goes_on_where_a_page_ends(table: CaseTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ryoji.adapters.case_table.HELD", 2)
    for name in "abcde":
        walk = walking.opened(name * 24)
        table.append(walk.case, walk.actions)
    seen: list[str] = []
    before = None
    while rows := table.held_by(walking.HOLDER, before)[:2]:
        seen += [row["case_id"][0] for row in rows]
        before = place_of(rows[-1])
    assert sorted(seen) == list("abcde")


def test_what_has_ended_is_read_from_either_end(table: CaseTable) -> None:
    cases = {day: walking.opened(f"{day}" * 24) for day in range(3)}
    for day, walk in cases.items():
        ended = dataclasses.replace(
            walk.case, desk=walking.DESK, status="issued", ended_at=walking.NOON + timedelta(days=day)
        )
        table.append(ended, walk.actions)
    asked = walking.DESK, "issued", (walking.NOON + timedelta(days=2)).date()
    assert [row["case_id"][0] for row in table.ended_before(*asked)] == ["0", "1"]
    assert [row["case_id"][0] for row in table.ended_before(*asked, latest_first=True)] == ["1", "0"]
