"""Who is written to about a case that an agency holds: the agency, and about some of it the traveller."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import mail
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.catalogue.definition import Event
from ryoji.doors import correspondence, texts
from ryoji.doors.correspondence import TRAVELLERS, told_to, write
from ryoji.errors import NotFound
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import House, doors
from tests.unit.doors.test_agencies import SUNRISE, Register, ready

AGENCYS, TRAVELLERS_OWN = "visas@sunrise.example", GOOD["traveller"]["email"]
NAME = "WANG XIAOMING"
Sent = list[tuple[str, str, str]]


@pytest.fixture(autouse=True)
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """The register of agencies, in the place of the table."""
    register = Register()
    monkeypatch.setattr(correspondence, "agencies", lambda: register)
    return register


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What was mailed: to whom, subject, body."""
    sent: Sent = []
    monkeypatch.setattr(mail, "send", lambda *said: sent.append(said))
    return sent


def received(holder: str = "org:sunrise", language: str = "en") -> Walk:
    """A traveller's application as it is sent; the traveller wants to be written to in that language."""
    walk = ready(CASE, holder)
    mission = {**GOOD["mission"], "office": "mission-china", "language": language}
    walk.do(commands.save_section, section="mission", answers=mission)
    said = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    return walk.do(commands.submit, **said, reference=reference_of(CASE), desk="beijing", person="p")


def in_review() -> Walk:
    """With an officer of the embassy."""
    walk = received().do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    return walk.do(commands.claim, officer=walking.FIRST)


def asked_to_correct() -> Walk:
    """Something is to be mended by a day."""
    items = [{"item": "sections/trip", "reason": "The dates differ from the itinerary."}]
    asked = {"items": items, "by": "2026-12-20", "known": frozenset({"sections/trip"})}
    return in_review().do(commands.request_correction, officer=walking.FIRST, **asked)


def told(house: House, kind: str) -> list[str]:
    """Have the stream tell of the last action of a kind; the records that come again."""
    sequence = max(action.sequence for action in house.log.actions(CASE) if action.kind == kind)
    action = next(each for each in house.log.actions(CASE) if each.sequence == sequence)
    keys = {"case_id": {"S": CASE}, "item": {"S": f"A#{sequence:08}"}}
    image = {**keys, "kind": {"S": kind}, "body": {"S": json.dumps(action.body)}}
    record: dict[str, Any] = {
        "eventID": "1",
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": "1"},
    }
    # Beside one that nobody is told of: a batch of which all fails is an error of its own.
    other = {**record, "eventID": "0"}
    other["dynamodb"] = {
        **record["dynamodb"],
        "NewImage": {**image, "kind": {"S": "opened"}},
        "SequenceNumber": "0",
    }
    event = {"Records": [other, record]}
    answer = doors()["send_messages"](event, SimpleNamespace(function_name="send_messages"))
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_what_is_to_be_done_goes_to_the_agency_with_the_link_that_it_can_open(
    house: House, sent: Sent
) -> None:
    house.keep(asked_to_correct())
    assert told(house, "correction_requested") == []
    ((to, subject, body),) = sent
    assert to == AGENCYS
    assert subject.startswith(f"{NAME}: Please correct")
    assert "Sunrise" in body
    assert "The dates differ from the itinerary." in body
    assert f"https://ryoji.example/en/cases/{CASE}" in body


def test_a_traveller_is_told_that_it_came_in_and_where_they_see_how_it_goes(house: House, sent: Sent) -> None:
    house.keep(received(language="zh-Hans"))
    assert told(house, "submitted") == []
    (agencys, own) = sent
    assert (agencys[0], own[0]) == (AGENCYS, TRAVELLERS_OWN)
    # The agency reads the language that it opened the case in; the traveller the one that the form says.
    assert f"https://ryoji.example/en/cases/{CASE}" in agencys[2]
    assert "https://ryoji.example/zh-Hans/status" in own[2]
    assert "/cases/" not in own[2]
    assert str(reference_of(CASE)) in own[2]
    assert "Sunrise" in own[2]


def test_each_is_told_of_each_event_once(house: House, sent: Sent) -> None:
    house.keep(received())
    for _ in range(2):
        assert told(house, "submitted") == []
    assert [to for to, _subject, _body in sent] == [AGENCYS, TRAVELLERS_OWN]
    recorded = [
        (body["channel"], body["addressee"], body["to"]) for _at, body in read(house.log, CASE).messages
    ]
    assert recorded == [
        ("email", "holder", "v…@sunrise.example"),
        ("portal", "holder", "portal"),
        ("email", "traveller", "x…@example.cn"),
    ]


def test_who_was_written_to_before_a_fault_is_not_written_to_again(
    house: House, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(received())

    def to_agencies_only(to: str, subject: str, body: str) -> None:
        if to == TRAVELLERS_OWN:
            raise TimeoutError
        sent.append((to, subject, body))

    monkeypatch.setattr(mail, "send", to_agencies_only)
    assert told(house, "submitted") == ["1"]
    monkeypatch.setattr(mail, "send", lambda *said: sent.append(said))
    assert told(house, "submitted") == []
    assert [to for to, _subject, _body in sent] == [AGENCYS, TRAVELLERS_OWN]


def test_what_was_recorded_before_there_were_addressees_is_not_sent_again() -> None:
    said = {"event": "x", "to": "h…@example.jp", "language": "en", "subject": "s", "body": "b"}
    walk = received().do(commands.message_sent, about=3, channel="email", **said)
    del walk.actions[-1].body["addressee"]
    assert commands.message_sent(walk.case, about=3, channel="email", **said) == []
    assert commands.message_sent(walk.case, about=3, channel="email", addressee="traveller", **said)


def test_a_draft_that_is_taken_back_is_the_agencys_business(house: House, sent: Sent) -> None:
    house.keep(ready(CASE).do(commands.withdraw))
    assert told(house, "withdrawn") == []
    assert [to for to, _subject, _body in sent] == [AGENCYS]


def test_an_agency_without_an_address_finds_its_messages_in_the_portal(
    house: House, sent: Sent, register: Register
) -> None:
    register.known["sunrise"] = SUNRISE.model_copy(update={"email": None})
    house.keep(asked_to_correct())
    assert told(house, "correction_requested") == []
    assert sent == []
    assert [body["channel"] for _at, body in read(house.log, CASE).messages] == ["portal"]


def test_who_files_alone_is_told_as_before(house: House, sent: Sent) -> None:
    house.keep(received(holder="applicant-1"))
    assert told(house, "submitted") == []
    ((to, subject, body),) = sent
    assert to == TRAVELLERS_OWN
    assert NAME not in subject
    assert f"https://ryoji.example/en/cases/{CASE}" in body


def test_nobody_is_written_to_for_an_agency_that_is_not_known(register: Register) -> None:
    register.known.clear()
    with pytest.raises(NotFound, match="agency_not_found"):
        write(received().case, "submitted", "email")


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("event", sorted(TRAVELLERS))
def test_no_traveller_is_sent_to_a_page_of_the_agency(event: Event, language: str) -> None:
    case = received(language=language).case
    assert ("traveller", "email") in told_to(case, event)
    message = write(case, event, "email", "traveller")
    assert (message.to, message.language) == (TRAVELLERS_OWN, language)
    assert f"https://ryoji.example/{language}/status" in message.body
    assert CASE not in message.body
    assert "{" not in message.subject + message.body
    # No other language stands in: the agency is named by a text of this one.
    assert "Sunrise" in message.body


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_an_agency_is_written_to_in_the_language_that_it_opened_the_case_in(language: str) -> None:
    case = received().case
    case.language = language
    for event in ("payment_due", "reminder", "interview_requested", "issued"):
        assert event == "payment_due" or ("holder", "email") in told_to(case, event)
        message = write(case, event, "email")
        assert (message.to, message.language) == (AGENCYS, language)
        assert NAME in message.subject
        assert f"https://ryoji.example/{language}/cases/{CASE}" in message.body
        assert "{" not in message.subject + message.body
