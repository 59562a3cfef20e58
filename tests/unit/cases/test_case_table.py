"""What the table's adapter makes of a platform that does not answer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from pynamodb.exceptions import CancellationReason, QueryError, TransactWriteError, VerboseClientError
from pynamodb.transactions import TransactWrite

from ryoji.adapters.aws import does_not_answer
from ryoji.adapters.case_table import CaseTable, Entry
from ryoji.cases.log import SlotChange
from ryoji.errors import Conflict, Invalid, Refused, RyojiError
from tests.unit.cases import walking

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
