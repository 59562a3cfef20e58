"""The conformance kit meets changed answers of a service that keeps the rules, and of ones that break them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from ryoji.adapters.carriers_http import push
from ryoji.conformance.asking import Carrier, Reply
from ryoji.conformance.passports import changing, passports
from ryoji.conformance.pushes import listening, met
from ryoji.permissions.carrier import Carrier as Told
from ryoji.permissions.changes import Change, shown
from ryoji.permissions.edifact.cusres import CODES
from ryoji.permissions.transaction import Flight, References

KEY = bytes(range(32))
FLIGHT = Flight("XA900", "PVG", "NRT", "2026-11-24T08:20", "2026-11-24T12:35", date(2026, 11, 24))
ACKNOWLEDGED = "/acknowledgement"


@dataclass(frozen=True)
class Service(Carrier):
    """A service in memory, pushing by the product's own code; `faults` are what it does wrong."""

    format: Literal["json", "edifact"] = "json"
    port: int = 0
    faults: frozenset[str] = frozenset()
    outbox: dict[str, Change] = field(default_factory=dict)

    def ask(self, people: Sequence[Any], **flight: str) -> Reply:
        """The answer of the sandbox's passport."""
        assert [each["document_number"] for each in people] == ["K00000011"]
        answers = [{"reference": "0", "answer": "OK_TO_BOARD"}]
        return _reply({"inquiry": "A" * 16, "answers": answers, "receipt": "", "outage_procedure": None})

    def call(self, verb: str, path: str, body: Any = None, *, token: str | None = None) -> Reply:
        """The outbox, and its acknowledgements."""
        if path.endswith(ACKNOWLEDGED):
            if "forgets" not in self.faults:
                self.outbox.pop(path.split("/")[-2], None)
            return _reply({"received": True})
        waiting = [shown(each) for each in list(self.outbox.values())]
        return _reply({"carrier": "XA", "changes": waiting, "push_key": KEY.hex()})

    def change(self, number: str, status: str) -> None:
        """What the ministry does."""
        assert number == "SANDBOX-11"
        was, answer = ("OK_TO_BOARD", "NO_BOARD") if status == "revoked" else ("NO_BOARD", "OK_TO_BOARD")
        turn = 1 if status == "revoked" else 2
        at = datetime.now(UTC)
        references = References("0", "BKG", "KIT")
        made = Change(f"{'A' * 16}-0-{turn}", "XA", "A" * 16, FLIGHT, references, was, answer, at)  # type: ignore[arg-type]  # text for its two answers
        if "mute" in self.faults:
            return
        self.outbox[made.id] = made
        if self.port:
            threading.Thread(target=self._deliver, args=(made,), daemon=True).start()

    def _deliver(self, change: Change) -> None:
        url = f"http://127.0.0.1:{self.port}/changes"
        told = Told(code="XA", designators=("XA",), push={"url": url, "format": self.format})
        key = bytes(32) if "another_key" in self.faults else KEY
        for _ in range(1 if "once" in self.faults else 50):
            if push(told, change, key, datetime.now(UTC)):
                self.outbox.pop(change.id, None)
                return
            time.sleep(0.05)


def _reply(body: object) -> Reply:
    return Reply(200, {}, json.dumps(body).encode())


def service(**more: Any) -> Service:
    return Service("", "", "XA", "XA", datetime.combine(date(2026, 11, 24), datetime.min.time(), UTC), **more)


def seen(of: Service, listener: Any = None) -> dict[str, str | None]:
    return {each.rule: each.seen for each in met(of, of.change, listener, wait=2.0)}


def test_what_stands_in_the_outbox_is_acknowledged_and_goes() -> None:
    told = seen(service())
    assert set(told) == {"changes.asked", "changes.told", "changes.acknowledged", "changes.back"}
    assert set(told.values()) == {None}


@pytest.mark.parametrize("form", ["json", "edifact"])
def test_a_push_comes_again_until_it_is_acknowledged(form: str) -> None:
    with listening("127.0.0.1", 0) as listener:
        told = seen(service(format=form, port=listener.server_port), listener)
    assert set(told) >= {"push.comes", "push.again", "push.acknowledged", "changes.back"}
    assert set(told.values()) == {None}


@pytest.mark.parametrize(
    ("fault", "rule"),
    [("mute", "changes.told"), ("once", "push.again"), ("another_key", "push.again")],
)
def test_what_is_wrong_is_said_of_its_rule(fault: str, rule: str) -> None:
    with listening("127.0.0.1", 0) as listener:
        told = seen(service(port=listener.server_port, faults=frozenset({fault})), listener)
    assert [name for name, fault_seen in told.items() if fault_seen] == [rule]


def test_an_acknowledgement_that_is_forgotten_is_said() -> None:
    told = seen(service(faults=frozenset({"forgets"})))
    assert told["changes.acknowledged"] == "an acknowledged change stands in the outbox"


def test_every_answer_has_a_passport_and_the_one_that_changes_is_none_of_them() -> None:
    assert {each.answer for each in passports()} == set(CODES)
    assert changing().asked not in [each.asked for each in passports()]
