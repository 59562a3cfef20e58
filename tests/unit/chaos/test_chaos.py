"""What `make chaos` puts in is what it says, and what it looks for it finds when it is there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaos import invariants
from chaos.client import Client, Heard, Refusal
from chaos.faults import faults
from chaos.journeys import Journey
from local.api import Answer
from ryoji.adapters import recognition
from ryoji.adapters.aws import client
from ryoji.adapters.case_table import Entry

SERVICES = ("dynamodb", "s3", "kms", "stepfunctions", "lambda", "sesv2", "rekognition")


def fired(service: str, rules: list[dict[str, Any]]) -> dict[str, float]:
    """How likely each kind of fault is for a call, when the rules are drawn one after the other."""
    left, found = 1.0, dict[str, float]()
    for rule in rules:
        if rule["service"] not in ("*", service):
            continue
        kind = str(next(name for name in ("error", "reset", "response", "timeout_ms") if name in rule))
        found[kind] = found.get(kind, 0.0) + left * rule["probability"]
        left *= 1 - rule["probability"]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_tenth_call_fails_whatever_is_called(service: str) -> None:
    kinds = fired(service, faults(0.1))
    assert sum(kinds.values()) == pytest.approx(0.1)
    assert kinds["reset"] == pytest.approx(0.016)
    assert kinds["response"] == pytest.approx(0.016)
    assert kinds["timeout_ms"] == pytest.approx(0.002)


def test_what_is_held_outlasts_whoever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    waited: dict[str, float] = {
        "textract": recognition.textract().meta.config.read_timeout,
        "rekognition": recognition.rekognition().meta.config.read_timeout,
        "dynamodb": Entry.Meta.read_timeout_seconds,
    }
    held = {rule["service"]: rule["timeout_ms"] / 1000 for rule in faults(0.1) if "timeout_ms" in rule}
    for service, seconds in held.items():
        known = waited.get(service)
        assert seconds > (client(service).meta.config.read_timeout if known is None else known), service


def action(sequence: int, kind: str, **body: Any) -> dict[str, Any]:
    return {"sequence": sequence, "kind": kind, "body": body}


def way(*kinds: str) -> list[dict[str, Any]]:
    """A history of so many actions."""
    bodies: dict[str, dict[str, Any]] = {
        "fee_due": {"total": 15900},
        "permission_issued": {"number": "V1"},
        "produced": {"book_number": "ZX1"},
    }
    return [action(place, kind, **bodies.get(kind, {})) for place, kind in enumerate(kinds, 1)]


def journey(status: str = "completed", case: str = "c1") -> Journey:
    return Journey(0, "k", None, case_id=case, status=status)


WHOLE = way("opened", "submitted", "fee_due", "paid", "produced", "handed_over")
CASES: list[tuple[list[Journey], dict[str, Any], str | None]] = [
    ([journey()], {"c1": WHOLE}, None),
    ([journey("payment")], {"c1": WHOLE[:3]}, "cases lost"),
    ([journey("none", "")], {}, "cases lost"),
    ([journey()], {"c1": WHOLE, "c2": way("opened")}, "cases doubled"),
    ([journey("lapsed")], {"c1": WHOLE}, "cases that ended otherwise"),
    ([journey()], {"c1": [*WHOLE, action(7, "paid")]}, "deeds done twice"),
    ([journey()], {"c1": [*WHOLE, action(7, "payment_mismatch")]}, "deeds done twice"),
]


@pytest.mark.parametrize(("journeys", "histories", "broken"), CASES)
def test_lost_and_doubled_cases_are_found(
    journeys: list[Journey], histories: dict[str, Any], broken: str | None
) -> None:
    found = invariants.Found()
    invariants._cases(found, journeys, histories)
    assert {each.partition(":")[0] for each in found.broken} == ({broken} if broken else set())


def intent(case: str = "c1", status: str = "succeeded", amount: int = 15900) -> dict[str, Any]:
    return {"status": status, "amount": amount, "metadata": {"case_id": case}}


MONEY: list[tuple[list[dict[str, Any]], str | None]] = [
    ([intent()], None),
    ([intent(), intent(status="requires_payment_method")], None),
    ([intent(), intent()], "second charges"),
    ([intent(), intent("c9")], "charges that no case knows"),
    ([], "fees that are paid and not charged"),
    ([intent(amount=1)], "charges of another amount"),
]


@pytest.mark.parametrize(("intents", "broken"), MONEY)
def test_wrong_charges_are_found(
    monkeypatch: pytest.MonkeyPatch, intents: list[dict[str, Any]], broken: str | None
) -> None:
    monkeypatch.setattr(invariants, "_intents", lambda _: iter(intents))
    found = invariants.Found()
    invariants._money(found, SimpleNamespace(), {"c1": WHOLE})  # type: ignore[arg-type]  # stand-ins
    assert broken in {each.partition(":")[0] for each in found.broken} | {None}
    assert bool(found.broken) is bool(broken)


NUMBER = {"document": {"S": "N#V1"}, "case_id": {"S": "c1"}}
DOCUMENT = {"document": {"S": "d1"}, "P#V1": {"S": "…"}}
REGISTER: list[tuple[list[dict[str, Any]], str | None]] = [
    ([NUMBER, DOCUMENT], None),
    ([DOCUMENT], "permissions lost on the way to the register"),
    ([NUMBER, DOCUMENT, {**NUMBER, "document": {"S": "N#V2"}}], "second permissions"),
    ([NUMBER, DOCUMENT, {**DOCUMENT, "document": {"S": "d2"}}], "permissions not once under their document"),
    ([NUMBER], "permissions not once under their document"),
]


@pytest.mark.parametrize(("items", "broken"), REGISTER)
def test_wrong_permissions_are_found(
    monkeypatch: pytest.MonkeyPatch, items: list[dict[str, Any]], broken: str | None
) -> None:
    def scan(*_: Any) -> Iterator[dict[str, Any]]:
        yield from items

    monkeypatch.setattr(invariants, "_scan", scan)
    ryoji: Any = SimpleNamespace(running=SimpleNamespace(outputs={"PermissionTable": "t"}))
    found = invariants.Found()
    invariants._permissions(found, ryoji, {"c1": way("opened", "permission_issued")})
    assert broken in {each.partition(":")[0] for each in found.broken} | {None}
    assert bool(found.broken) is bool(broken)


def test_messages_that_are_lost_or_came_twice_are_found() -> None:
    told = [action(2, "message_sent", about=1, channel=channel) for channel in ("email", "portal")]
    for history, broken in (
        ([action(1, "submitted"), *told], 0),
        ([action(1, "submitted"), told[0]], 1),
        ([action(1, "submitted"), *told, told[1]], 1),
    ):
        found = invariants.Found()
        invariants._messages(found, {"c1": history})
        assert len(found.broken) == broken


class Api:
    """Answers as it is told, and remembers the keys."""

    def __init__(self, *answers: Answer | OSError) -> None:
        self.answers, self.keys = list(answers), list[str]()

    def call(self, _verb: str, _path: str, _body: Any = None, *, key: str) -> Answer:
        self.keys.append(key)
        answer = self.answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer


def test_the_client_asks_again_under_the_same_key_until_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaos.client.time.sleep", lambda _: None)
    monkeypatch.setattr("chaos.client.REPEATED", 0.0)
    conflict = Answer(409, {"code": "conflict"})
    api: Any = Api(Answer(503, {"code": "unavailable"}), OSError(), conflict, Answer(200, {"a": 1}))
    client = Client(api, Heard(), random.Random(1))
    assert client.ask("POST", "/cases") == {"a": 1}
    assert len(api.keys) == 4
    assert len(set(api.keys)) == 1
    client.caller = refusing = Api(Answer(409, {"code": "wrong_status"}))  # type: ignore[assignment]  # stand-ins
    with pytest.raises(Refusal, match="wrong_status"):
        client.ask("POST", "/cases")
    assert len(refusing.keys) == 1


def test_an_answer_that_differs_when_repeated_is_wondered_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaos.client.REPEATED", 1.0)
    api: Any = Api(Answer(200, {}), Answer(409, {"code": "wrong_status"}))
    heard = Heard()
    Client(api, heard, random.Random(1)).ask("POST", f"/cases/{'a' * 24}/submission")
    assert heard.odd == ["POST /cases/{id}/submission repeated: 200, then 409"]


def test_the_page_tells_of_all_that_is_counted() -> None:
    page = (Path(__file__).parents[3] / "docs" / "chaos.md").read_text()
    for name in ("cases lost", "cases doubled", "deeds done twice", "second charges", "second permissions"):
        assert name in page
