"""The conformance kit at the carriers' doors: every rule holds, and a service that breaks one is told that one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from local.passports import kit, make
from ryoji.conformance.asking import EDIFACT, JSON, Carrier, Reply
from ryoji.conformance.passports import answered, passports
from ryoji.conformance.rules import MANIFEST, RULES, verdicts
from ryoji.doors import carriers
from ryoji.permissions.entry import entry_rules
from tests.unit.doors.calling import House
from tests.unit.doors.test_carriers import ENTRY, PROGRAMMES, SETTINGS, client

BOARDS, REFUSED, UNABLE = (answered(each) for each in ("OK_TO_BOARD", "NO_BOARD", "UNABLE"))
EVERYBODY = [each.asked for each in passports()]
NOBODY_S = "AAAAAAAAAAAAAAAA"
# What stands below an address: its name, and the whole of it as the doors declare it.
RESOURCES = {
    "inquiries": ("inquiry", "/carriers/inquiries/{inquiry}"),
    "changes": ("change", "/carriers/changes/{change}/acknowledgement"),
}


@dataclass(frozen=True)
class Question:
    """What the kit sent; `text` is the body, empty when there is none."""

    verb: str
    path: str
    text: str
    kind: str
    token: str

    @property
    def passengers(self) -> list[dict[str, Any]] | None:
        """Of an inquiry in JSON, without their references."""
        if self.path != "/carriers/inquiries":
            return None
        people = json.loads(self.text)["passengers"]
        return [{name: each[name] for name in each if name != "reference"} for each in people]


@dataclass(frozen=True)
class Service(Carrier):
    """A service that says what it has said before."""

    told: dict[Question, Reply]

    def call(self, verb: str, path: str, body: Any = None, *, token: str | None = None) -> Reply:
        """One call in JSON."""
        text = "" if body is None else json.dumps(body)
        return self.answer(Question(verb, path, text, JSON, self.token if token is None else token))

    def send(self, text: str, kind: str = EDIFACT) -> Reply:
        """One interchange."""
        return self.answer(Question("POST", "/carriers/edifact", text, kind, self.token))

    def answer(self, asked: Question) -> Reply:
        """What is said to this."""
        return self.told[asked]


@dataclass(frozen=True)
class Doors(Service):
    """The doors behind a gate that knows one token, as API Gateway's does."""

    house: House

    def answer(self, asked: Question) -> Reply:
        """What the doors say."""
        said = self._of_house(asked) if asked.token == self.token else Reply(401, {}, b"{}")
        self.told[asked] = said
        return said

    def _of_house(self, asked: Question) -> Reply:
        _, _, about, *rest = asked.path.split("/")
        named, below = RESOURCES[about] if rest else ("", asked.path)
        params: dict[str, Any] = {named: rest[0]} if rest else {}
        kind = {"content-type": asked.kind}
        said = self.house.call(asked.verb, below, client(), raw=asked.text, headers=kind, **params)
        return Reply(said.status, said.headers, said.text.encode())


About = Callable[[Carrier, Question], bool]
Spoil = Callable[[Reply], Reply]


@dataclass(frozen=True)
class Spoiled(Service):
    """The same answers, but for those to one kind of question."""

    about: About
    spoil: Spoil

    def answer(self, asked: Question) -> Reply:
        """What was said, spoiled where it is about this."""
        said = super().answer(asked)
        return self.spoil(said) if self.about(self, asked) else said


KIT = ("", "A" * 24 + "genuine.", "XA", "XA", datetime(2026, 11, 24, tzinfo=UTC))
# What the doors have said to the kit. They are asked once: four hundred passengers take their time.
TOLD: dict[Question, Reply] = {}


@pytest.fixture
def doors(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(carriers, "rules", lambda: entry_rules(ENTRY, PROGRAMMES))
    for change in kit():
        make(change)
    return Doors(*KIT, TOLD, house)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> dict[Question, Reply]:
    if not TOLD:
        list(verdicts(request.getfixturevalue("doors")))
    return TOLD


def test_every_rule_holds_at_the_doors(doors: Doors) -> None:
    seen = {each.rule: each.seen for each in verdicts(doors)}
    assert list(seen) == [rule for rule, _, _ in RULES]
    assert {rule: fault for rule, fault in seen.items() if fault} == {}


def _path(path: str, verb: str = "GET") -> About:
    return lambda of, asked: (asked.verb, asked.path, asked.token) == (verb, path, of.token)


def _people(*people: dict[str, str]) -> About:
    return lambda _, asked: asked.passengers == list(people)


def _list(*people: dict[str, str], **more: str) -> About:
    return lambda of, asked: asked.kind == EDIFACT and asked.text == of.interchange(people, **more)


def _about_a_zone(_: Carrier, asked: Question) -> bool:
    return any("zone" in each for each in asked.passengers or ())


def _a_proof(_: Carrier, asked: Question) -> bool:
    return asked.path.startswith("/carriers/inquiries/") and NOBODY_S not in asked.path


def _late(of: Carrier, asked: Question) -> bool:
    return asked.passengers is not None and of.flight()["arrives_at"] not in asked.text


def _miscounted(of: Carrier, asked: Question) -> bool:
    return asked.text == of.interchange([BOARDS]).replace("UNT+", "UNT+1")


def _released(of: Carrier, asked: Question) -> bool:
    return asked.text == of.interchange([BOARDS], name="O'EXAMPLE+?:")


def _with_advice(_: Carrier, asked: Question) -> bool:
    return asked.text.startswith("UNA")


def _status(status: int) -> Spoil:
    return lambda said: replace(said, status=status)


def _fields(**other: Any) -> Spoil:
    return lambda said: replace(said, body=json.dumps({**said.json, **other}).encode())


def _answers(change: Callable[[list[Any]], list[Any]]) -> Spoil:
    return lambda said: _fields(answers=change(said.json["answers"]))(said)


def _each(answer: str) -> Spoil:
    return _answers(lambda given: [{**each, "answer": answer} for each in given])


def _first(answer: str) -> Spoil:
    return _answers(lambda given: [{**given[0], "answer": answer}, *given[1:]])


def _signs(old: str, new: str) -> Spoil:
    """The first of these signs are others."""
    return lambda said: replace(said, body=said.body.replace(old.encode(), new.encode(), 1))


def _inquiry_id(**headers: str) -> Spoil:
    return lambda said: replace(
        said, headers={name: said.headers[name] for name in said.headers if name != "Inquiry-Id"} | headers
    )


# By rule: which question is answered wrongly, and how.
SPOILED: list[tuple[str, About, Spoil]] = [
    ("token.needed", lambda _, asked: asked.token == "", _status(200)),
    ("token.genuine", lambda of, asked: asked.token not in ("", of.token), _status(200)),
    ("json.answers", _people(*EVERYBODY), _answers(lambda given: given[::-1])),
    ("json.answers", _people(*EVERYBODY), _answers(lambda given: given[:-1])),
    ("json.answers", _people(*EVERYBODY), _answers(lambda given: [*given, given[0]])),
    ("json.answers", _people(*EVERYBODY), _first("UNABLE")),
    ("json.unable", _people(UNABLE, BOARDS), _fields(outage_procedure=None)),
    ("json.unable", _people(UNABLE, BOARDS), _each("UNABLE")),
    ("json.same_bytes", _people(REFUSED), lambda said: replace(said, body=said.body + b" ")),
    ("json.manifest", _people(*[BOARDS] * MANIFEST), _first("NO_BOARD")),
    ("json.form", _people(), _status(400)),
    ("json.form", _people(), _fields(errors=[{"pointer": "/flight", "code": "required"}])),
    ("json.flight", lambda _, asked: '"ZZ900"' in asked.text, _status(200)),
    ("json.arrival", _late, _status(200)),
    ("json.zone", _about_a_zone, _each("OK_TO_BOARD")),
    ("proof.kept", _a_proof, _fields(intact=False)),
    ("proof.kept", _a_proof, _fields(receipt="another")),
    ("proof.kept", _a_proof, _answers(lambda given: given[::-1])),
    ("proof.own", _path(f"/carriers/inquiries/{NOBODY_S}"), _status(200)),
    ("edifact.answers", _list(*EVERYBODY), _signs("ERC+4Z", "ERC+1Z")),
    ("edifact.answers", _list(*EVERYBODY), _signs("UNT+", "ERC+0Z'UNT+")),
    ("edifact.envelope", _list(BOARDS), _signs("RYOJI+XA", "XA+RYOJI")),
    ("edifact.envelope", _list(BOARDS), _signs("UNZ+1+KIT1", "UNZ+1+KIT2")),
    ("edifact.envelope", _list(BOARDS), _signs("UNT+", "UNT+1")),
    ("edifact.envelope", _list(BOARDS), lambda said: replace(said, body=b"UNB+UNOA:4'")),
    ("edifact.references", _list(BOARDS, BOARDS), _signs("TN:KIT0001", "TN:KIT0002")),
    ("edifact.references", _list(BOARDS, BOARDS), _signs("ABO:P1", "ABO:P0")),
    ("edifact.references", _list(BOARDS, BOARDS), _inquiry_id(**{"Inquiry-Id": "another"})),
    ("edifact.references", _list(BOARDS, BOARDS), _inquiry_id()),
    ("edifact.interactive", _list(*[BOARDS] * 10, application="IAPI"), _signs("ERC+0Z", "ERC+1Z")),
    ("edifact.interactive", _list(*[BOARDS] * 11, application="IAPI"), _signs("ERC+1", "ERC+0Z")),
    ("edifact.batch", _list(*[BOARDS] * MANIFEST), _signs("ERC+0Z", "ERC+1Z")),
    ("edifact.counts", _miscounted, _signs("ERC+1", "ERC+0Z")),
    ("edifact.released", _released, _signs("ERC+0Z", "ERC+1")),
    ("edifact.released", _with_advice, _signs("ERC+0Z", "ERC+1")),
    (
        "edifact.content",
        lambda _, asked: (asked.path, asked.kind) == ("/carriers/edifact", JSON),
        _status(200),
    ),
    ("edifact.syntax", lambda _, asked: asked.text == "nothing that ends", _status(200)),
    ("changes.read", _path("/carriers/changes"), _fields(push_key="00" * 31)),
    ("changes.read", _path("/carriers/changes"), _fields(push_key="none")),
    ("changes.own", _path(f"/carriers/changes/{NOBODY_S}-0-1/acknowledgement", "POST"), _status(200)),
    ("changes.own_edifact", lambda _, asked: "BGM+312" in asked.text, _signs("ERC+1", "ERC+0")),
    ("changes.own_edifact", lambda _, asked: "BGM+312" in asked.text, _signs("UNKNOWN", "TAKEN")),
]


@pytest.mark.parametrize(("rule", "about", "spoil"), SPOILED, ids=[each[0] for each in SPOILED])
def test_a_broken_rule_is_said_and_no_other(
    told: dict[Question, Reply], rule: str, about: About, spoil: Spoil
) -> None:
    of = Spoiled(*KIT, told, about, spoil)
    assert [each.rule for each in verdicts(of) if not each.holds] == [rule]


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _, _ in SPOILED} == {rule for rule, _, _ in RULES}
