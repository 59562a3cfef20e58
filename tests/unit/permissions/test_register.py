"""The register of permissions: written once, found by document and by number, changed once."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders
from hypothesis import given
from hypothesis import strategies as st

from ryoji.adapters.aws import QUICK, client
from ryoji.adapters.deadline import Deadline
from ryoji.adapters.dynamodb_calls import call
from ryoji.adapters.permission_table import PermissionTable, document_key
from ryoji.errors import NotFound, Refused, Unavailable
from ryoji.permissions.documents import claim_hash, document_hash, normal_number, normal_state
from ryoji.permissions.held import FINAL, Held, Status, changed, read, written
from tests.unit.permissions.examples import ISSUED, KEY, permission

LATER = ISSUED + timedelta(days=3)
STATUSES: list[Status] = ["active", "revoked", "cancelled", "used", "expired", "replaced"]


def document_of(state: str = "CHN", number: str = "E63974448") -> str:
    return document_hash(document_key(), state, number)


def held(**other: Any) -> Held:
    return permission(**other).held("claim")


def test_a_permission_is_found_by_its_document(register: PermissionTable) -> None:
    assert register.put(permission())
    found = register.for_documents([document_of(), document_of(number="E63974449")])
    claim = claim_hash(document_key(), document_of(), "1956-06-20")
    assert found == {document_of(): (permission().held(claim),), document_of(number="E63974449"): ()}


def test_a_document_holds_several_permissions(register: PermissionTable) -> None:
    register.put(permission())
    register.put(permission(number="EV-26-000124", valid_from=date(2027, 2, 1), valid_until=date(2027, 3, 1)))
    (found,) = register.for_documents([document_of()]).values()
    assert [one.number for one in found] == ["EV-26-000123", "EV-26-000124"]


def test_putting_twice_is_putting_once(register: PermissionTable) -> None:
    assert register.put(permission())
    register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    assert not register.put(permission())
    standing = register.status_of("EV-26-000123")
    assert standing is not None
    assert standing.held.status == "revoked"


@pytest.mark.parametrize("other", [{"case_id": "case-2"}, {"birth_date": date(1956, 6, 21)}])
def test_a_number_is_given_once(register: PermissionTable, other: dict[str, Any]) -> None:
    register.put(permission())
    with pytest.raises(Refused, match="permission_number_taken"):
        register.put(permission(**other))


def test_a_change_shows_by_document_and_by_number(register: PermissionTable) -> None:
    register.put(permission())
    assert register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    (found,) = register.for_documents([document_of()])[document_of()]
    standing = register.status_of("EV-26-000123")
    assert standing is not None
    assert standing.held == found
    assert (found.status, found.since) == ("revoked", LATER)
    assert (standing.case_id, standing.programme, standing.document) == (
        "case-1",
        "evisa-tourism",
        document_of(),
    )


def test_changing_twice_is_changing_once(register: PermissionTable) -> None:
    register.put(permission())
    assert register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    assert not register.change_status("EV-26-000123", "revoked", LATER + timedelta(hours=1), sequence=10)
    standing = register.status_of("EV-26-000123")
    assert standing is not None
    assert standing.held.since == LATER


def test_unknown_numbers(register: PermissionTable) -> None:
    assert register.status_of("EV-26-999999") is None
    with pytest.raises(NotFound, match="permission_not_found"):
        register.change_status("EV-26-999999", "revoked", LATER, sequence=9)


def test_what_is_forgotten_leaves_no_trace(register: PermissionTable) -> None:
    register.put(permission())
    register.put(permission(number="EV-26-000124"))
    assert register.forget("EV-26-000123")
    assert register.status_of("EV-26-000123") is None
    (left,) = register.for_documents([document_of()])[document_of()]
    assert left.number == "EV-26-000124"
    assert register.forget("EV-26-000124")
    assert not register.forget("EV-26-000124")
    assert boto3.client("dynamodb", region_name="ap-northeast-1").scan(TableName="permissions")["Count"] == 0


def test_a_document_that_is_written_to_in_the_moment_it_is_emptied_stays(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.put(permission())
    write, others = register._write, [permission(number="EV-26-000124")]

    def somebody_first(changes: list[Any]) -> bool:
        if others:
            register.put(others.pop())
        return write(changes)

    monkeypatch.setattr(register, "_write", somebody_first)
    assert register.forget("EV-26-000123")
    (left,) = register.for_documents([document_of()])[document_of()]
    assert left.number == "EV-26-000124"


def test_four_hundred_documents(register: PermissionTable) -> None:
    for number in range(7):
        register.put(permission(number=f"EV-{number:04}", document=_passport(number)))
    wanted = [document_of(number=f"E{number:08}") for number in range(400)]
    found = register.for_documents([*wanted, wanted[0]])
    assert set(found) == set(wanted)
    assert sum(len(each) for each in found.values()) == 7


def test_nothing_readable_of_the_document_is_kept(register: PermissionTable) -> None:
    register.put(permission())
    kept = boto3.client("dynamodb", region_name="ap-northeast-1").scan(TableName="permissions")["Items"]
    assert len(kept) == 2
    assert "E63974448" not in str(kept)
    assert "1956" not in str(kept)


def test_what_dynamodb_had_no_room_for_is_asked_again(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.put(permission())
    wanted = [document_of(), document_of(number="E63974449")]
    answers = _Throttled(register.table)
    monkeypatch.setattr("ryoji.adapters.permission_table.call", answers)
    assert register.for_documents(wanted)[document_of()] != ()
    assert answers.calls == 2


def test_what_could_not_be_read_in_time_is_missing(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = _Throttled(register.table)
    monkeypatch.setattr("ryoji.adapters.permission_table.call", answers)
    register.budget = 0.0
    assert register.for_documents([document_of()]) == {}
    with pytest.raises(Unavailable):
        register.for_all_documents([document_of()])


def test_an_entry_that_cannot_be_read_is_missing_and_hides_no_other(register: PermissionTable) -> None:
    other = document_of(number="E63974449")
    register.put(permission())
    register.put(permission(number="EV-26-000124", document={"issuing_state": "CHN", "number": "E63974449"}))
    boto3.client("dynamodb", region_name="ap-northeast-1").update_item(
        TableName="permissions",
        Key={"document": {"S": other}},
        UpdateExpression="SET #p = :nonsense",
        ExpressionAttributeNames={"#p": "P#EV-26-000124"},
        ExpressionAttributeValues={":nonsense": {"S": "nonsense"}},
    )
    assert list(register.for_documents([document_of(), other])) == [document_of()]
    # Whoever must hear of every one is told which cannot be read.
    found = register.for_all_documents([document_of(), other])
    assert [each for each, held in found.items() if held is None] == [other]


def test_a_store_that_fails_is_unavailable(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.table = "nowhere"
    for asked in (
        lambda: register.for_documents([document_of()]),
        lambda: register.status_of("EV-26-000123"),
        lambda: register.put(permission()),
    ):
        with pytest.raises(Unavailable):
            asked()


class _Throttled:
    """The real call, which the first time has room for one key only."""

    def __init__(self, table: str) -> None:
        self.table, self.calls = table, 0

    def __call__(self, operation: str, asked: dict[str, Any], until: Deadline) -> dict[str, Any]:
        self.calls += 1
        keys = asked["RequestItems"][self.table]["Keys"]
        if self.calls > 1:
            return call(operation, asked)
        answer = call(operation, {"RequestItems": {self.table: {"Keys": keys[1:]}}})
        return {**answer, "UnprocessedKeys": {self.table: {"Keys": keys[:1]}}}


def _passport(number: int) -> dict[str, str]:
    return {"issuing_state": "CHN", "number": f"E{number:08}"}


@given(st.sampled_from(STATUSES), st.sampled_from(["single", "multiple"]))
def test_an_entry_reads_as_it_was_written(status: Status, entries: str) -> None:
    one = held(status=status, entries=entries)
    assert read(one.number, written(one)) == one


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.integers(-5, 5), st.integers(1, 9)), max_size=12))
def test_a_status_never_goes_back_in_its_case_nor_out_of_a_final_one(
    changes: list[tuple[Status, int, int]],
) -> None:
    now, known = held(), 0
    for status, hours, sequence in changes:
        at = ISSUED + timedelta(hours=hours)
        after = changed(now, status, at, sequence=sequence, known=known)
        assert after is None or (sequence >= known and now.status not in FINAL)
        assert after is None or (after.status, after.since) == (status, at)
        now, known = (after, sequence) if after else (now, known)


def test_one_entry_does_not_use_up_a_permission_for_many() -> None:
    assert changed(held(entries="multiple"), "used", LATER, sequence=9, known=0) is None
    used = changed(held(), "used", LATER, sequence=9, known=0)
    assert used is not None
    assert not used.in_force(date(2026, 12, 1))


def status_of(register: PermissionTable) -> tuple[str, str]:
    """How the permission stands by number and by document."""
    standing = register.status_of("EV-26-000123")
    (found,) = register.for_documents([document_of()])[document_of()]
    assert standing is not None
    return standing.held.status, found.status


def test_what_was_recorded_last_counts_whenever_it_was_begun(register: PermissionTable) -> None:
    register.put(permission())
    assert register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    assert register.change_status("EV-26-000123", "active", LATER + timedelta(seconds=2), sequence=10)
    # An officer began to revoke before the reinstatement, and was recorded after it.
    assert register.change_status("EV-26-000123", "revoked", LATER + timedelta(seconds=1), sequence=11)
    assert status_of(register) == ("revoked", "revoked")
    # Whoever read the case before that comes late, though with a later clock.
    assert not register.change_status("EV-26-000123", "active", LATER + timedelta(hours=1), sequence=10)
    assert status_of(register) == ("revoked", "revoked")


def test_what_was_written_before_sequences_were_noted_gives_way(register: PermissionTable) -> None:
    register.put(permission())
    register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    boto3.client("dynamodb", region_name="ap-northeast-1").update_item(
        TableName="permissions",
        Key={"document": {"S": "N#EV-26-000123"}},
        UpdateExpression="REMOVE #s",
        ExpressionAttributeNames={"#s": "sequence"},
    )
    assert register.change_status("EV-26-000123", "active", ISSUED, sequence=3)
    assert status_of(register) == ("active", "active")


def test_who_says_the_same_later_is_remembered(register: PermissionTable) -> None:
    register.put(permission())
    assert register.change_status("EV-26-000123", "revoked", LATER, sequence=9)
    # Brought back into force and revoked again: the reinstatement is told after the second revocation.
    assert not register.change_status("EV-26-000123", "revoked", LATER + timedelta(hours=2), sequence=11)
    assert not register.change_status("EV-26-000123", "active", LATER + timedelta(hours=1), sequence=10)
    assert status_of(register) == ("revoked", "revoked")


def test_of_two_who_write_at_once_the_later_reading_stays(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.put(permission())
    write, others = register._write, [("revoked", 12)]

    def somebody_first(changes: list[Any]) -> bool:
        if others:
            status, sequence = others.pop()
            register.change_status("EV-26-000123", status, LATER, sequence=sequence)  # type: ignore[arg-type]
        return write(changes)

    monkeypatch.setattr(register, "_write", somebody_first)
    assert not register.change_status("EV-26-000123", "cancelled", LATER + timedelta(hours=1), sequence=11)
    assert status_of(register) == ("revoked", "revoked")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2027, 1, 31), True),
        (date(2027, 2, 1), False),
    ],
)
def test_both_days_count(day: date, *, expected: bool) -> None:
    assert held().in_force(day) is expected


@pytest.mark.parametrize(
    ("written_number", "number"),
    [
        ("E63974448", "E63974448"),
        ("AB12345<<", "AB12345"),
        ("e63974448", None),
        ("E6397444 ", None),
        ("E639-4448", None),
        ("E63974４48", None),
        ("E6397444822", None),
        ("E63", None),
        ("<E6397444", None),
        ("", None),
    ],
)
def test_numbers_of_documents(written_number: str, number: str | None) -> None:
    assert normal_number(written_number) == number


@pytest.mark.parametrize(
    ("written_state", "state"),
    [
        *[("CHN", "CHN"), ("D<<", "D"), ("D", "D"), ("DEU", "D"), ("chn", None), ("", None), ("CHNA", None)],
        *[("CN", None), ("CN<", None), ("DE", None), ("F<<", None), ("<<<", None)],
    ],
)
def test_issuing_states(written_state: str, state: str | None) -> None:
    assert normal_state(written_state) == state


def test_another_number_state_or_key_is_another_document() -> None:
    one = document_hash(KEY, "CHN", "E60000000")
    assert one == document_hash(KEY, "CHN", "E60000000")
    others = {
        document_hash(KEY, "CHN", "E6O000000"),
        document_hash(KEY, "TWN", "E60000000"),
        document_hash(bytes(32), "CHN", "E60000000"),
    }
    assert len(others | {one}) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": date(2026, 10, 1)},
        {"document": {"issuing_state": "CHN", "number": "e6"}},
        {"document": {"issuing_state": "中国", "number": "E63974448"}},
        {"number": "EV|1"},
        {"since": datetime(2026, 11, 1)},  # noqa: DTZ001 - that is what is wrong with it
    ],
)
def test_a_permission_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        permission(**wrong)


def test_a_standing_expires_by_the_day(register: PermissionTable) -> None:
    register.put(permission())
    standing = register.status_of("EV-26-000123")
    assert standing is not None
    assert standing.status_on(date(2027, 1, 31)) == "active"
    assert standing.status_on(date(2027, 2, 1)) == "expired"
    assert standing.held.since == datetime(2026, 11, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize("length", [1, 32, 64, 65, 200])
def test_a_keyed_hash_is_hmac_sha_256(length: int) -> None:
    key = bytes(range(length))
    whole = hmac.digest(key, b"document\x1fCHN\x1fE63974448", hashlib.sha256)
    assert document_hash(key, "CHN", "E63974448") == urlsafe_b64encode(whole[:18]).decode()


def test_a_page_of_the_register_is_read_as_the_service_wrote_it(register: PermissionTable) -> None:
    register.put(permission())
    wanted = [document_of(), document_of(number="E63974449")]
    request: Any = {register.table: {"Keys": [{"document": {"S": each}} for each in wanted]}}
    by_botocore = boto3.client("dynamodb", region_name="ap-northeast-1")
    asked_for_again = call("BatchGetItem", {"RequestItems": request})
    assert asked_for_again["Responses"] == by_botocore.batch_get_item(RequestItems=request)["Responses"]
    assert asked_for_again["Responses"][register.table]


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b"{}")])
def test_what_is_no_page_of_the_register_lets_nobody_board(
    register: PermissionTable, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    def answer(request: AWSRequest, **_: object) -> AWSResponse:
        raw = SimpleNamespace(stream=lambda: iter([body]))
        return AWSResponse(str(request.url), status, HTTPHeaders(), raw)

    events = client("dynamodb", patience=QUICK).meta.events
    events.register_first("before-send.dynamodb.BatchGetItem", answer)
    with pytest.raises(Unavailable):
        register.for_documents([document_of()])
