"""An answer that is no longer so, from the register's stream to the carrier: told once, in order, and to the end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from ryoji.adapters.carriers_http import PAUSES
from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.adapters.permission_table import PermissionTable, document_key
from ryoji.permissions.carrier import Carrier
from ryoji.permissions.changes import Change
from ryoji.permissions.documents import claim_hash, document_hash
from ryoji.permissions.held import Status
from ryoji.permissions.inquiry import Asked
from ryoji.permissions.transaction import Flight, References, Transaction, Watched
from tests.unit.doors.calling import House, listening, modules
from tests.unit.doors.following import Queue, Record, Stream, failures
from tests.unit.permissions.examples import permission

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ON = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
NUMBER, INQUIRY = "EV-26-000123", "A" * 16
CARRIER = {"client": "xa", "code": "XA", "designators": ["XA"], "push": {"url": "https://xa.example/changes"}}


class Told:
    """A passenger who may board, the tables that say so, and a carrier that is told when that is no longer so."""

    def __init__(self, notify: Any) -> None:
        self.notify, self.queue = notify, Queue()
        self.register = Stream("permissions")
        self.inquiries = Stream("inquiries")
        self.settings: dict[str, Any] = CARRIER
        self.acknowledges = True
        self.pushed: list[tuple[str, str]] = []

    def push(self, who: Carrier, change: Change, key: bytes, now: datetime) -> bool:
        self.pushed.append((change.id[len(INQUIRY) :], change.answer))
        return self.acknowledges

    def becomes(self, status: Status, hour: int, day: int = 23) -> None:
        at = datetime(2026, 11, day, hour, tzinfo=UTC)
        PermissionTable().change_status(NUMBER, status, at, sequence=24 * day + hour)

    def turn(self) -> None:
        """Both streams once, and what is due in the queue."""
        for stream in (self.register, self.inquiries):
            assert failures(self.notify.door, stream.records()) == []
        self.queue.deliver(self.notify.door)

    def turns(self, many: int = 4) -> None:
        for _ in range(many):
            self.turn()

    @property
    def waiting(self) -> list[tuple[str, str]]:
        found = InquiryTable().unacknowledged("XA")
        return [(each.id[len(INQUIRY) :], each.answer) for each in found]


class _Now(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # the clock of this test
        return NOW.astimezone(tz)


@pytest.fixture
def told(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> Told:
    notify = modules()["notify_carriers"]
    made = Told(notify)
    monkeypatch.setattr(notify, "datetime", _Now)
    monkeypatch.setattr(notify, "partner", lambda *_, **__: {"carriers": [made.settings]})
    monkeypatch.setattr(notify, "push", made.push)
    monkeypatch.setattr("ryoji.adapters.carriers_http.client", lambda _: made.queue)
    monkeypatch.setenv("CHANGE_QUEUE", "queue")
    PermissionTable().put(permission())
    answer(watched())
    made.turn()
    assert (made.pushed, made.queue.sent) == ([], 0)
    return made


def watched(place: int = 0, number: str = "E63974448") -> Watched:
    document = document_hash(document_key(), "CHN", number)
    asked = Asked(document, (claim_hash(document_key(), document, "1956-06-20"),), needed=True)
    return Watched(INQUIRY, place, "XA", asked, "OK_TO_BOARD", ON, References("P1", "BKG", "0000100"))


def answer(*each: Watched) -> None:
    """Write an inquiry down, as the carriers' door does."""
    answers = tuple((one.asked.document, one.answer) for one in each)
    kept = Transaction(INQUIRY, "XA", NOW, ON, answers, tuple(one.references for one in each), "question")
    InquiryTable().keep(kept, "record", "receipt", each)


def test_a_silent_carrier_is_told_again_after_pauses_and_not_by_its_own_tries(told: Told) -> None:
    told.acknowledges = False
    told.becomes("revoked", 6)
    for _ in range(30):
        told.turn()
        told.queue.seconds += 1
    # At once, after five seconds, and after fifteen more; and one message in all.
    assert told.pushed == [("-0-1", "NO_BOARD")] * 3
    assert (told.queue.sent, len(told.queue.due)) == (1, 1)
    told.acknowledges, told.queue.seconds = True, sum(PAUSES)
    told.turns()
    assert (len(told.pushed), told.queue.due, told.waiting) == (4, {}, [])


def test_who_fetches_the_list_is_sent_nothing_and_nobody_is_called_for_it(told: Told) -> None:
    told.settings = {**CARRIER, "push": None}
    told.becomes("revoked", 6)
    told.turns(30)
    assert (told.pushed, told.queue.sent, told.queue.due) == ([], 1, {})
    assert told.waiting == [("-0-1", "NO_BOARD")]


def test_who_is_suspended_is_told_at_its_address_or_else_by_the_people(told: Told) -> None:
    told.settings = {**CARRIER, "suspended": True}
    told.becomes("revoked", 6)
    told.turns()
    assert (told.pushed, told.queue.due) == ([("-0-1", "NO_BOARD")], {})
    told.settings = {**CARRIER, "suspended": True, "push": None}
    told.becomes("active", 7)
    told.turns()
    # The list is closed to it: the message stays, and ends where people look.
    assert len(told.queue.due) == 1


def test_a_carrier_that_does_not_acknowledge_is_no_fault_of_the_program(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(told.notify.door.metrics, "add_metric", lambda name, **_: counted.append(name))
    told.acknowledges = False
    told.becomes("revoked", 6)
    with listening(told.notify.door) as heard:
        told.turns()
    assert told.pushed
    assert "change_unacknowledged" in heard.getvalue()
    assert "unexpected" not in heard.getvalue()
    assert counted == []


def test_an_answer_that_was_overtaken_is_not_sent_after_the_newer_one(told: Told) -> None:
    told.acknowledges = False
    told.becomes("revoked", 5)
    told.turns()
    told.becomes("active", 6)
    told.turns()
    # Neither is acknowledged, and only what is so now is told.
    assert told.waiting == [("-0-2", "OK_TO_BOARD")]
    told.becomes("revoked", 7)
    told.acknowledges = True
    told.turns()
    assert told.pushed[-1] == ("-0-3", "NO_BOARD")
    assert told.waiting == []
    many = len(told.pushed)
    told.queue.seconds += sum(PAUSES)
    told.turns()
    assert (len(told.pushed), told.queue.due) == (many, {})


def test_a_record_that_comes_again_forgets_nothing_that_was_told(told: Told) -> None:
    again = Stream("inquiries")
    repeated = [each for each in again.records() if each["dynamodb"]["Keys"]["item"]["S"] == "watch"]
    told.becomes("revoked", 5)
    told.turns()
    assert failures(told.notify.door, repeated) == []
    told.becomes("active", 6)
    told.turns()
    assert failures(told.notify.door, repeated) == []
    told.turns()
    assert told.pushed == [("-0-1", "NO_BOARD"), ("-0-2", "OK_TO_BOARD")]
    assert told.waiting == []


def test_an_old_image_that_comes_again_is_no_news(told: Told) -> None:
    told.becomes("revoked", 5)
    records: list[Record] = told.register.records()
    told.becomes("active", 6)
    records += told.register.records()
    assert failures(told.notify.door, records) == []
    assert failures(told.notify.door, records) == []
    told.turns()
    assert told.pushed == []


def test_a_change_is_never_written_over_another(told: Told) -> None:
    one = watched()
    told.becomes("revoked", 5)
    told.turns()
    table = boto3.client("dynamodb", region_name="ap-northeast-1")
    # As if the watched passenger had been written anew.
    table.update_item(
        TableName="inquiries",
        Key={
            "subject": {"S": f"D#{one.asked.document}"},
            "item": {"S": f"{ON.arrival}#{INQUIRY}#0000"},
        },
        UpdateExpression="REMOVE turn",
    )
    assert len(failures(told.notify.door, Stream("permissions").records())) == 1
    kept = InquiryTable().change("XA", f"{INQUIRY}-0-1")
    assert kept is not None
    assert kept.acknowledged


def test_a_large_flight_is_watched_beside_what_is_watched_already(told: Told) -> None:
    many = [watched(place, f"E{place:08}") for place in range(1, 251)]
    InquiryTable().watch(many[90:110])
    InquiryTable().watch(many)
    InquiryTable().watch(many)
    today = NOW.date()
    found = [InquiryTable().watching(each.asked.document, today) for each in many]
    assert found == [[(each, 0)] for each in many]


def test_who_was_not_read_in_time_is_looked_at_again(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    later = watched()._replace(inquiry="B" * 16)
    InquiryTable().keep(
        Transaction(later.inquiry, "XA", NOW, ON, (), (), "question"), "record", "receipt", [later]
    )
    told.becomes("revoked", 6)
    # The register's own record was there before the passenger was watched.
    told.register.records()
    (record,) = [
        each for each in told.inquiries.records() if each["dynamodb"]["Keys"]["item"]["S"] == "watch"
    ]
    with monkeypatch.context() as slow:
        slow.setattr(told.notify, "PermissionTable", lambda: PermissionTable(budget=0.0))
        with pytest.raises(BatchProcessingError):
            failures(told.notify.door, [record])
    assert told.waiting == []
    assert failures(told.notify.door, [record]) == []
    assert [each.inquiry for each in InquiryTable().unacknowledged("XA")] == [INQUIRY, later.inquiry]


def test_an_entry_that_cannot_be_read_does_not_come_again(told: Told) -> None:
    table = boto3.client("dynamodb", region_name="ap-northeast-1")
    table.update_item(
        TableName="permissions",
        Key={"document": {"S": watched().asked.document}},
        UpdateExpression="SET #p = :nonsense",
        ExpressionAttributeNames={"#p": f"P#{NUMBER}"},
        ExpressionAttributeValues={":nonsense": {"S": "nonsense"}},
    )
    with listening(told.notify.door) as heard:
        told.turns()
    assert "entry_unreadable" in heard.getvalue()
    assert told.waiting == []


def test_the_flight_that_brought_the_passenger_is_not_told_of_the_entry_and_later_ones_are(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    monkeypatch.setattr(_Now, "now", classmethod(lambda _, tz=None: landed.astimezone(tz)))
    later = Flight("XA341", "PVG", "NRT", "2026-11-25T16:20", "2026-11-25T20:35", date(2026, 11, 25))
    InquiryTable().watch([watched(1)._replace(flight=later)])
    told.becomes("used", 12, day=24)
    told.turns()
    assert told.pushed == [("-1-1", "NO_BOARD")]
