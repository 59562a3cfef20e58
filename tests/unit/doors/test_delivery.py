"""Changes on their way to a carrier that behaves as carriers do: silent, down, wrong, late, or never there again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters.carriers_http import PAUSES
from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.doors.carriers import push_key
from ryoji.errors import Retryable
from ryoji.permissions.changes import Change
from ryoji.permissions.inquiry import Asked
from ryoji.permissions.transaction import Flight, References, Watched
from simulators.carrier.__main__ import Handler, Server
from simulators.carrier.signatures import Api
from tests.unit.doors.calling import House, modules

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
ON = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
CHANGE = Change(
    f"{'A' * 16}-0-1", "XA", "A" * 16, ON, References("P1", "BKG", "0000100"), "OK_TO_BOARD", "NO_BOARD", AT
)


class Way:
    """The carrier's simulator, the function that delivers, and the pauses that the queue was told."""

    def __init__(self, notify: Any, server: Server) -> None:
        self.notify, self.server, self.pauses = notify, server, list[int]()

    def behaves(self, mode: str) -> None:
        self.server.desk("XA").mode = mode

    def deliver(self) -> bool:
        """Whether the message was taken off the queue."""
        body = json.dumps({"carrier": "XA", "change": CHANGE.id})
        try:
            self.notify._deliver(SimpleNamespace(body=body, receipt_handle="handle"))
        except Retryable:
            return False
        return True

    @property
    def received(self) -> int:
        return len(self.server.desk("XA").received)


@pytest.fixture(params=["json", "edifact"])
def way(
    request: pytest.FixtureRequest,
    house: House,
    cloud: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Way]:
    server = Server(("127.0.0.1", 0), Handler)
    server.desks = {}
    # The simulator looks at each signature with the key that the API would tell it.
    server.api = Api("", "", {}, {"XA": push_key("XA")})
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    push = {"url": f"http://127.0.0.1:{server.server_port}/XA/changes", "format": request.param}
    settings = {"carriers": [{"client": "xa", "code": "XA", "designators": ["XA"], "push": push}]}
    notify = modules()["notify_carriers"]
    monkeypatch.setattr(notify, "partner", lambda *_, **__: settings)
    # The signature's time is the real one, or the carrier would take it for old; the flight is not over all the same.
    monkeypatch.setattr(notify, "over", lambda *_: False)
    made = Way(notify, server)
    sqs = SimpleNamespace(
        change_message_visibility=lambda **told: made.pauses.append(told["VisibilityTimeout"])
    )
    # Only the queue is called by it.
    monkeypatch.setattr("ryoji.adapters.carriers_http.client", lambda _: sqs)
    monkeypatch.setenv("CHANGE_QUEUE", "queue")
    watched = Watched(
        "A" * 16, 0, "XA", Asked("d", ("c",), needed=True), "OK_TO_BOARD", ON, CHANGE.references
    )
    InquiryTable().record(watched, 0, CHANGE)
    yield made
    server.shutdown()
    server.server_close()


def tries() -> int:
    change = InquiryTable().change("XA", CHANGE.id)
    assert change is not None
    return change.tries


def waiting() -> list[str]:
    return [each.id for each in InquiryTable().unacknowledged("XA")]


@pytest.mark.parametrize("mode", ["silent", "down", "wrong"])
def test_it_is_sent_again_until_the_carrier_acknowledges(way: Way, mode: str) -> None:
    way.behaves(mode)
    assert not way.deliver()
    assert not way.deliver()
    assert (waiting(), tries(), way.pauses) == ([CHANGE.id], 2, [PAUSES[0], PAUSES[1]])
    way.behaves("ok")
    assert way.deliver()
    assert (waiting(), tries()) == ([], 3)
    came = way.received
    # The queue may bring it once more; the carrier hears nothing more of it.
    assert way.deliver()
    assert way.received == came


def test_a_push_whose_signature_is_wrong_is_not_taken_and_comes_again(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way.notify, "push_key", lambda _: b"another key")
    assert not way.deliver()
    assert (way.received, waiting(), way.pauses) == (0, [CHANGE.id], [PAUSES[0]])


def test_pauses_grow_and_the_last_is_repeated(way: Way) -> None:
    way.behaves("down")
    for _ in range(len(PAUSES) + 2):
        assert not way.deliver()
    assert way.pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_what_is_acknowledged_late_by_the_api_is_not_sent_again(way: Way) -> None:
    way.behaves("silent")
    assert not way.deliver()
    InquiryTable().acknowledge("XA", CHANGE.id, AT)
    assert way.deliver()
    assert (way.received, waiting()) == (1, [])


def test_nobody_is_told_of_a_flight_that_is_over(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way.notify, "over", lambda *_: True)
    assert way.deliver()
    assert (way.received, tries()) == (0, 0)


def test_who_has_no_address_finds_it_in_the_list(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {"carriers": [{"client": "xa", "code": "XA", "designators": ["XA"]}]}
    monkeypatch.setattr(way.notify, "partner", lambda *_, **__: bare)
    assert way.deliver()
    assert (waiting(), tries(), way.pauses) == ([CHANGE.id], 0, [])


def test_who_is_no_carrier_any_more_is_left_to_the_people(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way.notify, "partner", lambda *_, **__: {"carriers": []})
    assert not way.deliver()
    assert (waiting(), tries(), way.pauses) == ([CHANGE.id], 1, [PAUSES[0]])
