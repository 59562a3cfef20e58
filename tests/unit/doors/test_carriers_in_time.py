"""Whatever is slow or silent, a carrier has its answer in time: on a clock that only waiting moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from ryoji.adapters import aws, dynamodb_calls, keys, settings
from ryoji.adapters.aws import ONE_TRY, QUICK_SECONDS
from ryoji.adapters.deadline import Deadline
from ryoji.cases.access import Caller
from ryoji.doors import carriers
from ryoji.doors.carriers import BUDGET_SECONDS, Answered
from ryoji.errors import NotAllowed, Unavailable
from ryoji.permissions.documents import claim_hash, document_hash
from ryoji.permissions.inquiry import Passenger
from ryoji.permissions.transaction import Flight, References
from tests.unit.permissions.examples import RULES, permission

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
FLIGHT = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
HERS = Passenger("P", "CHN", "E63974448", "1956-06-20", "CHN")
HOME = Passenger("P", "JPN", "TK1234567", "1980-01-02", "JPN")
KEY = bytes(32)
AGREED = {"client": "xa", "code": "XA", "designators": ["XA"]}
COUNTED = {name: {"N": "1"} for name in ("calls", "passengers", "unknown", "day_passengers", "day_unknown")}
NAMED = {"get_parameters": "GetParameters", "generate_mac": "GenerateMac"}
CALLS = ("GetParameters", "GenerateMac", "BatchGetItem", "UpdateItem", "BatchWriteItem")
SILENT = 60.0


def _register() -> dict[str, Any]:
    document = document_hash(KEY, "CHN", "E63974448")
    held = permission().held(claim_hash(KEY, document, "1956-06-20"))
    entry = f"visa|{held.valid_from}|{held.valid_until}|single|active|{held.since.isoformat()}|{held.claim}"
    return {"document": {"S": document}, "P#EV-26-000123": {"S": entry}}


def _settings(*carriers: dict[str, Any]) -> dict[str, Any]:
    """What Parameter Store has: they stand in one of its parameters, nobody in the others."""
    return {"Parameters": [{"Value": json.dumps(each)} for each in (carriers, *[()] * (settings.PARTS - 1))]}


SAID: dict[str, dict[str, Any]] = {
    "GetParameters": _settings(AGREED),
    "GenerateMac": {"Mac": KEY},
    "BatchGetItem": {"Responses": {"permissions": [_register()]}},
    "UpdateItem": {"Attributes": COUNTED},
    "BatchWriteItem": {},
}


class Cloud:
    """AWS on a clock of its own: each call takes its next seconds, or as long as its caller waits for it."""

    def __init__(self, **seconds: list[float]) -> None:
        self.now = 1000.0
        self.seconds = {name: list(each) for name, each in seconds.items()}
        self.calls: list[str] = []
        self.refusing = False

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def deadline(self) -> Deadline:
        return Deadline(BUDGET_SECONDS, self.clock, self.wait)

    def answers(self, operation: str, patience: float) -> bool:
        """Whether it has answered before its caller gave up."""
        self.calls.append(operation)
        left = self.seconds.get(operation, [])
        takes = (left.pop(0) if len(left) > 1 else left[0]) if left else 0.01
        self.wait(min(takes, patience))
        return takes < patience

    # What stands in for boto3's clients.
    def client(self, service: str, **_: Any) -> Any:
        assert service in ("ssm", "kms")
        return self

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in NAMED:
            raise AttributeError(name)

        def call(**_: Any) -> Any:
            if self.refusing:
                self.calls.append(NAMED[name])
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, name)
            if not self.answers(NAMED[name], ONE_TRY.longest):
                raise ReadTimeoutError(endpoint_url="")
            return SAID[NAMED[name]]

        return call

    # What stands in for the inquiry's own way to DynamoDB.
    def answer_to(self, operation: str, _: bytes, until: Deadline) -> Any:
        return SAID[operation] if self.answers(operation, until.left(QUICK_SECONDS)) else True


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PERMISSION_TABLE", "INQUIRY_TABLE", "DOCUMENT_KEY"):
        monkeypatch.setenv(name, name.removesuffix("_TABLE").lower() + "s")
    monkeypatch.setenv("PARTNER_SETTINGS", "/ryoji/partners")
    monkeypatch.setattr(carriers, "rules", lambda: RULES)
    yield
    _forget()


def _forget() -> None:
    keys._derived.clear()
    settings._kept.clear()
    settings._not_before.clear()


def _asked(cloud: Cloud, *people: Passenger) -> tuple[Answered, float]:
    """What is answered, and in how many seconds from the door on."""
    began = cloud.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws, "client", cloud.client)
        patch.setattr(dynamodb_calls, "client", lambda *_, **__: None)
        patch.setattr(dynamodb_calls, "_wire", lambda _: cloud)
        until = cloud.deadline()
        who = carriers.asking(Caller("partner", "xa"), until)
        references = [References() for _ in people]
        return carriers.ask(who, FLIGHT, people, references, NOW, until), cloud.now - began


def test_when_all_is_well_she_boards() -> None:
    answered, seconds = _asked(Cloud(), HERS)
    assert answered.answers == ["OK_TO_BOARD"]
    assert seconds < 0.1


def test_register_and_count_are_slow_and_the_proof_is_silent() -> None:
    cloud = Cloud(BatchGetItem=[SILENT, 0.9], UpdateItem=[SILENT, 0.4], BatchWriteItem=[SILENT])
    answered, seconds = _asked(cloud, HERS)
    assert answered == carriers.unable(1)
    assert seconds <= BUDGET_SECONDS


@given(
    st.fixed_dictionaries(
        {
            name: st.lists(st.sampled_from([0.01, 0.4, 0.95, 1.4, SILENT]), min_size=1, max_size=3)
            for name in CALLS
        }
    )
)
def test_it_always_comes_in_time_and_boards_nobody_without_a_proof(seconds: dict[str, list[float]]) -> None:
    _forget()
    cloud = Cloud(**seconds)
    answered, took = _asked(cloud, HERS, HOME)
    assert took <= BUDGET_SECONDS
    assert answered.answers in (
        ["OK_TO_BOARD", "OK_TO_BOARD"],
        ["UNABLE", "OK_TO_BOARD"],
        ["UNABLE", "UNABLE"],
    )
    assert ("OK_TO_BOARD" in answered.answers) is (answered.receipt is not None)


def test_only_who_hangs_on_the_register_is_unable_when_it_is_silent() -> None:
    bad = HERS._replace(number="x")
    answered, seconds = _asked(Cloud(BatchGetItem=[SILENT]), HERS, HOME, bad)
    assert answered.answers == ["UNABLE", "OK_TO_BOARD", "INSUFFICIENT_DATA"]
    assert answered.inquiry
    assert seconds <= BUDGET_SECONDS


def test_what_there_was_no_room_for_is_asked_for_with_growing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    keys_asked = {"permissions": {"Keys": [{"document": _register()["document"]}]}}
    monkeypatch.setitem(SAID, "BatchGetItem", {"Responses": {}, "UnprocessedKeys": keys_asked})
    cloud = Cloud()
    answered, seconds = _asked(cloud, HERS)
    assert answered.answers == ["UNABLE"]
    assert seconds <= BUDGET_SECONDS
    assert 3 <= cloud.calls.count("BatchGetItem") <= 8


def test_settings_that_cannot_be_read_again_are_those_of_before_for_an_hour() -> None:
    cloud = Cloud()
    _asked(cloud, HERS)
    cloud.seconds["GetParameters"] = [SILENT]
    cloud.wait(301)
    answered, seconds = _asked(cloud, HERS)
    assert answered.answers == ["OK_TO_BOARD"]
    assert seconds <= BUDGET_SECONDS
    # Nobody else waits for it in the next seconds.
    cloud.calls.clear()
    assert _asked(cloud, HERS)[1] < 0.1
    assert "GetParameters" not in cloud.calls
    cloud.wait(11)
    assert _asked(cloud, HERS)[0].answers == ["OK_TO_BOARD"]
    assert "GetParameters" in cloud.calls
    cloud.wait(3600)
    assert _asked(cloud, HERS)[0].answers == ["UNABLE"]


def test_settings_that_were_never_read_are_waited_for_once_in_a_while() -> None:
    cloud = Cloud(GetParameters=[SILENT])
    answered, seconds = _asked(cloud, HERS)
    assert answered.answers == ["UNABLE"]
    assert seconds <= BUDGET_SECONDS
    assert _asked(cloud, HERS)[1] == 0
    cloud.seconds["GetParameters"] = [0.01]
    cloud.wait(11)
    assert _asked(cloud, HERS)[0].answers == ["OK_TO_BOARD"]


def test_what_is_refused_is_not_asked_for_again() -> None:
    cloud = Cloud()
    cloud.refusing = True
    assert _asked(cloud, HERS)[0].answers == ["UNABLE"]
    assert cloud.calls == ["GetParameters"]


def test_a_change_of_the_settings_is_known_within_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud()
    _asked(cloud, HERS)
    monkeypatch.setitem(SAID, "GetParameters", _settings({**AGREED, "suspended": True}))
    cloud.wait(301)
    with pytest.raises(NotAllowed):
        _asked(cloud, HERS)


def test_where_a_part_of_the_settings_is_gone_nobody_is_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SAID, "GetParameters", {"Parameters": _settings()["Parameters"][1:]})
    assert _asked(Cloud(), HERS)[0].answers == ["UNABLE"]


def test_a_deadline_counts_down() -> None:
    cloud = Cloud()
    until = Deadline(2.0, cloud.clock, cloud.wait)
    assert (until.left(), until.left(1.0), until.earlier(1.5).left()) == (2.0, 1.0, 0.5)
    assert until.pause(0.5)
    assert (until.left(), cloud.now) == (1.5, 1000.5)
    assert not until.pause(1.5)
    assert cloud.now == 1000.5
    cloud.wait(1.5)
    with pytest.raises(Unavailable):
        until.left()
