"""What `make chaos` puts in is what it says, and what it looks for it finds when it is there."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaos import driving, invariants, journeys, weather
from chaos.__main__ import _look_at_the_run
from chaos.client import Client, Heard, Refusal
from chaos.faults import faults
from chaos.histories import unsigned
from chaos.journeys import Journey
from chaos.travellers import Application, _traveller
from chaos.weather import Weather
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


DUE: list[tuple[list[dict[str, Any]], dict[str, Any], str | None]] = [
    ([intent()], {"c1": WHOLE}, None),
    # Issued for nothing, because nothing was to be paid.
    ([], {"c1": [action(1, "fee_due", total=0), action(2, "permission_issued", number="V1")]}, None),
    ([], {"c1": way("fee_due", "permission_issued")}, "fees due that nobody paid"),
    ([], {"c1": way("fee_due", "produced", "handed_over")}, "fees due that nobody paid"),
    ([], {"c1": way("opened", "permission_issued")}, "fees that never fell due"),
    ([intent()], {"c1": WHOLE, "c2": way("fee_due")}, "fees due and charges that differ"),
]


@pytest.mark.parametrize(("intents", "histories", "broken"), DUE)
def test_what_was_given_without_being_paid_is_found(
    monkeypatch: pytest.MonkeyPatch,
    intents: list[dict[str, Any]],
    histories: dict[str, Any],
    broken: str | None,
) -> None:
    monkeypatch.setattr(invariants, "_intents", lambda _: iter(intents))
    found = invariants.Found()
    invariants._money(found, SimpleNamespace(), histories)  # type: ignore[arg-type]  # stand-ins
    assert broken in {each.partition(":")[0] for each in found.broken} | {None}
    assert bool(found.broken) is bool(broken)


def entry(status: str = "active") -> dict[str, str]:
    return {"S": f"visa|2026-11-01|2027-01-31|single|{status}|2026-11-01T03:00:00+00:00|claim"}


def of_number(status: str = "active", number: str = "V1") -> dict[str, Any]:
    return {"document": {"S": f"N#{number}"}, "case_id": {"S": "c1"}, "entry": entry(status)}


def of_document(status: str = "active", document: str = "d1") -> dict[str, Any]:
    return {"document": {"S": document}, "P#V1": entry(status)}


ISSUED = way("opened", "permission_issued")
REVOKED = [*ISSUED, action(3, "permission_changed", status="revoked")]
STANDS_OTHERWISE = "permissions that stand otherwise than in their case"
REGISTER: list[tuple[list[dict[str, Any]], list[dict[str, Any]], str | None]] = [
    ([of_number(), of_document()], ISSUED, None),
    # The conformance kit has a passport whose entry cannot be read.
    (
        [of_number(), of_document(), {"document": {"S": "d3"}, "P#K1": {"S": "not an entry"}}],
        ISSUED,
        None,
    ),
    ([of_number("revoked"), of_document("revoked")], REVOKED, None),
    ([of_document()], ISSUED, "permissions lost on the way to the register"),
    ([of_number(), of_document(), of_number(number="V2")], ISSUED, "second permissions"),
    (
        [of_number(), of_document(), of_document(document="d2")],
        ISSUED,
        "permissions not once under their document",
    ),
    ([of_number()], ISSUED, "permissions not once under their document"),
    ([of_number("revoked"), of_document()], REVOKED, STANDS_OTHERWISE),
    ([of_number(), of_document()], REVOKED, STANDS_OTHERWISE),
    ([of_number("revoked"), of_document("revoked")], ISSUED, STANDS_OTHERWISE),
]


@pytest.mark.parametrize(("items", "history", "broken"), REGISTER)
def test_wrong_permissions_are_found(
    monkeypatch: pytest.MonkeyPatch,
    items: list[dict[str, Any]],
    history: list[dict[str, Any]],
    broken: str | None,
) -> None:
    def scan(*_: Any) -> Iterator[dict[str, Any]]:
        yield from items

    monkeypatch.setattr(invariants, "_scan", scan)
    ryoji: Any = SimpleNamespace(running=SimpleNamespace(outputs={"PermissionTable": "t"}))
    found = invariants.Found()
    invariants._permissions(found, ryoji, {"c1": history})
    assert broken in {each.partition(":")[0] for each in found.broken} | {None}
    assert bool(found.broken) is bool(broken)


@pytest.mark.parametrize(
    ("history", "asked", "verified", "broken"),
    [
        (REVOKED, True, "revoked", None),
        (ISSUED, False, "active", None),
        (ISSUED, True, "revoked", "revocations lost"),
        (REVOKED, False, "revoked", "revocations that nobody asked for"),
        (REVOKED, True, "active", "revoked permissions that verify otherwise"),
    ],
)
def test_what_becomes_of_revocations_is_looked_at(
    history: list[dict[str, Any]], asked: bool, verified: str, broken: str | None
) -> None:
    holder = journey("issued")
    holder.revoked, holder.seal = (1.0 if asked else None), "…"
    verifier = SimpleNamespace(call=lambda *_: Answer(200, {"permission": verified}))
    ryoji: Any = SimpleNamespace(public=lambda: verifier)
    found = invariants.Found()
    invariants._revocations(found, ryoji, [holder], {"c1": history})
    assert [each.partition(":")[0] for each in found.broken] == ([broken] if broken else [])


class People:
    """An applicant and an officer in one; what they ask is kept, and answered as the API would."""

    def __init__(self, holder: Journey) -> None:
        self.holder, self.asked = holder, list[tuple[str, str, Any]]()

    def applicant(self, _journey: Journey) -> People:
        """Who applies."""
        return self

    def officer(self, _username: str) -> People:
        """An officer."""
        return self

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        """What is asked of the API."""
        self.asked.append((verb, path, body))
        assert verb == "GET" or (self.holder.revoking and not self.holder.revoked)
        return {"seal": "…"}


def test_an_officer_revokes_what_was_issued_to_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journeys, "BOARDING_SECONDS", 0.0)
    given = Application("visa-tourism", _traveller(1, visa=True), {}, b"", b"")
    for place, wanted in ((0, False), (1, True)):
        holder = Journey(place, "k", given, case_id="c1", status="issued")
        people: Any = People(holder)
        assert (holder.to_be_revoked, holder.ended) == (wanted, not wanted)
        journeys.revoke(people, holder)
        assert (holder.ended, holder.seal) == (True, "…" if wanted else "")
        said = {"status": "revoked", "ground": "It was issued in error."}
        calls = [("GET", "/cases/c1/permission", None), ("POST", "/desk/cases/c1/permission", said)]
        assert people.asked == (calls if wanted else [])
    assert not Journey(1, "k", None, status="completed").to_be_revoked


def test_after_an_approval_was_taken_back_the_officers_and_the_payer_act_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = journey("payment")
    mine.done = {"none", "in_review", "payment"}
    monkeypatch.setattr(driving, "summaries", lambda _: {"c1": {"status": "checking"}})
    driving._look(SimpleNamespace(), [mine])  # type: ignore[arg-type]  # nothing is asked of it
    assert (mine.status, mine.done) == ("checking", {"none"})


def test_histories_that_no_signed_head_stands_for_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = {
        "c1": {"case": "c1", "signed_up_to": 6, "actions": 6, "holds": True, "faults": []},
        "c2": {"case": "c2", "signed_up_to": 0, "actions": 6, "holds": True, "faults": []},
    }
    assert unsigned(verdicts, ["c1", "c2", "c3"]) == ["c2", "c3"]
    for looked in ("_histories", "_cases", "_money", "_permissions", "_revocations", "_books"):
        monkeypatch.setattr(invariants, looked, lambda *_: {"c1": WHOLE, "c2": WHOLE})
    for looked in ("_visits", "_messages", "_mails"):
        monkeypatch.setattr(invariants, looked, lambda *_: None)
    monkeypatch.setattr(invariants, "faults_of", lambda *_: ({}, ["c2"]))
    found = invariants.look(SimpleNamespace(), [])  # type: ignore[arg-type]  # nothing is asked of it
    assert found.broken == ["histories not signed to their end: c2"]


def test_mails_are_counted_as_they_left(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = {"to": ["a@example.org"], "subject": "Received", "text": "…"}
    told = [action(2, "message_sent", about=1, channel=channel) for channel in ("email", "portal")]
    ryoji: Any = SimpleNamespace(running=SimpleNamespace(ports={"mailbox": 1}))
    for letters, again, broken in (([mail], 0, 0), ([mail, mail], 1, 0), ([], 0, 1)):
        body = json.dumps({"letters": letters}).encode()
        answer = partial(io.BytesIO, body)
        monkeypatch.setattr("chaos.invariants.urllib.request.urlopen", lambda *_, a=answer, **__: a())
        found = invariants.Found()
        invariants._mails(found, ryoji, {"c1": told})
        assert (found.counts["e-mails recorded"], found.counts["e-mails sent"]) == (1, len(letters))
        assert found.counts["e-mails sent again, their first answer lost"] == again
        assert len(found.broken) == broken


class Stubborn:
    """A proxy that obeys, but for one order."""

    def __init__(self, refuses: int | None = None) -> None:
        self.refuses, self.orders = refuses, list[Any]()

    def set(self, rules: list[Any]) -> None:
        """Put these rules in the place of all others."""
        self.orders.append(rules)
        if len(self.orders) - 1 == self.refuses:
            raise ValueError("no such rule")


def weather_with(monkeypatch: pytest.MonkeyPatch, **proxies: Any) -> Weather:
    monkeypatch.setattr(weather, "UP_SECONDS", 0.0)
    monkeypatch.setattr(weather, "DOWN_SECONDS", 0.0)
    monkeypatch.setattr(weather, "tell", lambda *_: None)
    ports = {"carrier": 1}
    walker = SimpleNamespace(printing="", card="")
    ryoji: Any = SimpleNamespace(running=SimpleNamespace(ports=ports), walker=walker)
    every: dict[str, Any] = {name: Stubborn() for name in ("cloud", "recognition", "stripe")}
    return Weather(ryoji, {**every, **proxies}, [{"rule": "fault"}])


def test_each_partner_is_down_and_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    turning = weather_with(monkeypatch)
    turning.begin()
    turning.wait_until_all_were_down(10)
    turning.calm()
    assert (turning.never_down(), turning.died) == ([], [])
    for proxy in turning.proxies.values():
        assert proxy.orders[-1] == turning.faults  # type: ignore[attr-defined]  # a stand-in


def test_a_weather_that_stops_is_said_and_leaves_nobody_down(monkeypatch: pytest.MonkeyPatch) -> None:
    # It refuses to bring recognition down, which is the last.
    cloud, recognition = Stubborn(), Stubborn(refuses=3)
    turning = weather_with(monkeypatch, recognition=recognition, cloud=cloud)
    turning.begin()
    turning.wait_until_all_were_down(10)
    found = invariants.Found()
    turning.calm()
    assert turning.never_down() == ["recognition"]
    assert turning.died == ["the weather: ValueError no such rule"]
    airlines: Any = SimpleNamespace(died=[], too_few=list)
    _look_at_the_run(found, airlines, turning)
    assert len(found.broken) == 2
    assert recognition.orders[-1] == turning.faults
    assert cloud.orders[-1] == turning.faults


def test_who_cannot_be_brought_up_again_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    turning = weather_with(monkeypatch)

    def told(url: str, said: dict[str, str]) -> None:
        if said == {"ocsp": "ok"}:
            raise OSError("nobody there")

    monkeypatch.setattr(weather, "tell", told)
    monkeypatch.setattr("chaos.weather.time.sleep", lambda _: None)
    turning._turn()
    assert turning.died == [
        "the weather: OSError nobody there",
        "card authority was not brought up again: OSError nobody there",
    ]


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
    for path in ("__main__.py", "invariants.py"):
        text = (Path(__file__).parents[3] / "chaos" / path).read_text()
        for name in re.findall(r'never\(\s*f?"([^"{]+)', text):
            assert name in page, name
