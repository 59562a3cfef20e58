"""The carriers' doors over tables in the test's own process: both formats, the proof, the limits, failing closed."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.passports import kit, make
from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.adapters.permission_table import PermissionTable
from ryoji.catalogue.entry import programmes_of
from ryoji.catalogue.loading import load
from ryoji.conformance import asking as conformance
from ryoji.conformance.passports import passports
from ryoji.doors import carriers
from ryoji.doors.permissions import RegisterStatus
from ryoji.errors import Unavailable
from ryoji.permissions.changes import Change
from ryoji.permissions.entry import entry_rules
from ryoji.permissions.inquiry import Asked
from ryoji.permissions.permission import Permission
from ryoji.permissions.transaction import Flight, References, Watched
from tests.unit.doors.calling import Answer, Claims, House, modules
from tests.unit.doors.following import Stream, failures
from tests.unit.permissions.examples import permission

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "carriers" / "examples"
ASKED = (EXAMPLES / "interactive.paxlst.edi").read_text()
README = (EXAMPLES.parent / "README.md").read_text()
ENTRY = yaml.safe_load((ROOT / "procedures" / "entry" / "japan.yaml").read_text())
PROGRAMMES = programmes_of(load(ROOT / "procedures").raw["procedures"])
SETTINGS = {"carriers": [{"client": c, "code": c.upper(), "designators": [c.upper()]} for c in ("xa", "xb")]}
FLIGHT = {
    "designator": "XA339",
    "departure_port": "PVG",
    "arrival_port": "NRT",
    "departs_at": "2026-11-24T16:20",
    "arrives_at": "2026-11-24T20:35",
}

ON = Flight(**FLIGHT, arrival=date(2026, 11, 24))


def client(name: str = "xa", scope: str = "inquiry/ask") -> Claims:
    return {"sub": name, "client_id": name, "scope": scope}


def passenger(number: str = "E10000001", **other: str) -> dict[str, Any]:
    return {
        "reference": number,
        "issuing_state": "CHN",
        "document_number": number,
        "birth_date": "1956-06-20",
        "nationality": "CHN",
        **other,
    }


@pytest.fixture
def asking(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(carriers, "rules", lambda: entry_rules(ENTRY, PROGRAMMES))
    PermissionTable().put(permission(document={"issuing_state": "CHN", "number": "E10000001"}))
    # The passport of the examples.
    make(kit()[0])
    return house


def of_the_sandbox(number: str, document: str, **other: Any) -> Permission:
    """A visa in force for a passport as the examples have it."""
    held = {"document": {"issuing_state": "UTO", "number": document}, "birth_date": "1980-05-17", **other}
    return permission(number=number, **held)


def ask(house: House, *people: dict[str, Any], claims: Claims | None = None, **flight: str) -> Answer:
    body = {"flight": {**FLIGHT, **flight}, "passengers": list(people)}
    return house.call("POST", "/carriers/inquiries", claims or client(), body=body)


def edifact(house: House, text: str = ASKED, claims: Claims | None = None) -> Answer:
    return house.call(
        "POST",
        "/carriers/edifact",
        claims or client(),
        raw=text,
        headers={"content-type": "application/edifact"},
    )


def test_answers_stand_in_the_passengers_order(asking: House) -> None:
    answer = ask(
        asking, passenger("E10000002"), passenger(), passenger("x"), passenger(birth_date="1956-06-21")
    )
    assert [each["answer"] for each in answer.json["answers"]] == [
        "NO_BOARD",
        "OK_TO_BOARD",
        "INSUFFICIENT_DATA",
        "NO_BOARD",
    ]
    assert [each["reference"] for each in answer.json["answers"]][:3] == ["E10000002", "E10000001", "x"]
    assert "E1000000" not in answer.logged
    assert "1956" not in answer.logged


def test_unknown_and_refused_are_the_same_bytes(asking: House) -> None:
    PermissionTable().put(permission(number="EV-2", document={"issuing_state": "CHN", "number": "E10000003"}))
    PermissionTable().change_status("EV-2", "revoked", datetime(2026, 11, 20, tzinfo=UTC), sequence=8)
    said = [
        ask(asking, passenger(number, reference="1")).json["answers"] for number in ("E10000003", "E10000004")
    ]
    assert said[0] == said[1] == [{"reference": "1", "answer": "NO_BOARD"}]


def test_the_kit_s_passports_are_answered_as_it_expects(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in kit():
        make(change)
    known = passports()
    answer = ask(asking, *({**each.asked, "reference": str(place)} for place, each in enumerate(known)))
    assert [each["answer"] for each in answer.json["answers"]] == [each.answer for each in known]
    assert answer.json["outage_procedure"] == "RYOJI-OUTAGE-1"
    # What the register cannot read holds up no other change.
    notify = modules()["notify_carriers"]
    monkeypatch.setattr(notify, "datetime", _Now)
    _follow(notify, "permissions")


def test_a_replaced_passport_carries_nothing_over(asking: House) -> None:
    old = {"issuing_state": "CHN", "number": "E10000005"}
    PermissionTable().put(permission(number="EV-5", document=old))
    assert ask(asking, passenger("E10000005")).json["answers"][0]["answer"] == "OK_TO_BOARD"
    PermissionTable().change_status("EV-5", "replaced", datetime(2026, 11, 20, tzinfo=UTC), sequence=8)
    numbers = {"old": "E10000005", "new": "E10000006", "unknown": "E10000007"}
    said = {
        which: ask(asking, passenger(number, reference="1")).json["answers"]
        for which, number in numbers.items()
    }
    assert said["old"] == said["new"] == said["unknown"] == [{"reference": "1", "answer": "NO_BOARD"}]
    assert RegisterStatus(date(2026, 11, 23)).status_of("EV-5") == "replaced"


def test_four_hundred_in_one_call(asking: House) -> None:
    answer = ask(asking, *(passenger(f"E{number:08}") for number in range(400)))
    assert len(answer.json["answers"]) == 400
    assert answer.json["inquiry"]


def test_an_inquiry_proves_itself_to_who_asked_only(asking: House) -> None:
    answer = ask(asking, passenger(), passenger("E10000002")).json
    proof = asking.call("GET", "/carriers/inquiries/{inquiry}", client(), inquiry=answer["inquiry"])
    assert proof.json["answers"] == ["OK_TO_BOARD", "NO_BOARD"]
    assert proof.json["receipt"] == answer["receipt"]
    other = asking.call("GET", "/carriers/inquiries/{inquiry}", client("xb"), inquiry=answer["inquiry"])
    assert other.status == 404


@pytest.mark.parametrize("claims", [client(scope="production/report"), client("nobody")])
def test_who_is_no_carrier_may_not_ask(asking: House, claims: Claims) -> None:
    assert ask(asking, passenger(), claims=claims).status == 403
    assert edifact(asking, claims=claims).status == 403


@pytest.mark.parametrize(
    "flight",
    [
        {"designator": "XB339"},
        {"designator": "XAB123"},
        {"designator": "XA12345"},
        {"arrives_at": "2027-11-24T20:35"},
        {"arrives_at": "2026-11-31T20:35"},
        {"arrives_at": "2026-11-24T99:35"},
        {"arrives_at": "2026-11-24T20:60"},
        {"departs_at": "2026-13-24T16:20"},
        {"departs_at": "2026-02-30T16:20"},
        {"departs_at": "2026-11-24T24:00"},
    ],
)
def test_a_flight_that_is_not_theirs_or_not_now(asking: House, flight: dict[str, str]) -> None:
    assert ask(asking, passenger(), claims=None, **flight).status == 422


def test_edifact_gets_the_same_answers(asking: House) -> None:
    answer = edifact(asking)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/edifact"
    assert "RFF+ABO:P1'ERC+0Z'" in answer.text
    assert "RFF+ABO:P2'ERC+1Z'" in answer.text
    assert f"RFF+AEA:{answer.headers['Inquiry-Id']}'" in answer.text


def test_in_edifact_too_unknown_refused_and_another_person_are_the_same_bytes(asking: House) -> None:
    PermissionTable().put(of_the_sandbox("EV-2", "K00000003"))
    PermissionTable().change_status("EV-2", "revoked", datetime(2026, 11, 20, tzinfo=UTC), sequence=8)
    asked = {
        "refused": ASKED.replace("K00000001", "K00000003"),
        "unknown": ASKED.replace("K00000001", "K00000004"),
        "another person": ASKED.replace("DTM+329:800517", "DTM+329:800518"),
    }
    assert ASKED not in asked.values()
    said = set()
    for text in asked.values():
        answer = edifact(asking, text)
        said.add(answer.text.replace(answer.headers["Inquiry-Id"], ""))
    (told,) = said
    assert "RFF+ABO:P1'ERC+1Z'" in told


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (ASKED, "interactive"),
        ((EXAMPLES / "batch.paxlst.edi").read_text(), "batch"),
        # As docs/carriers says of it.
        (ASKED.replace("CNT+42:2", "CNT+42:3"), "fault"),
    ],
)
def test_the_examples_are_answered_in_the_sandbox_as_they_say(
    asking: House, question: str, answer: str
) -> None:
    for change in kit():
        make(change)
    given = edifact(asking, question)
    # The time of the answer and the inquiry's id are never the same twice.
    told = given.text.replace("261123:0600", "261123:0905")
    told = told.replace(given.headers.get("Inquiry-Id", "none"), "ABCDEFGHIJKLMNOP")
    assert told == (EXAMPLES / f"{answer}.cusres.edi").read_text().replace("\n", "")


def test_the_example_in_json_is_answered_in_the_sandbox_as_it_says(asking: House) -> None:
    asked, told = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", README, re.DOTALL)[:2])
    given = asking.call("POST", "/carriers/inquiries", client(), body=asked).json
    assert given["answers"] == told["answers"]
    assert set(given) == set(told)


def test_the_example_of_an_acknowledgement_is_taken(asking: House) -> None:
    InquiryTable().record(_watched(0), 0, _changed(0))
    assert len(asking.call("GET", "/carriers/changes", client()).json["changes"]) == 1
    example = (EXAMPLES / "acknowledgement.cusres.edi").read_text()
    answer = edifact(asking, example.replace("ABCDEFGHIJKLMNOP-0-1", _changed(0).id))
    assert answer.status == 200, answer.text
    assert "ERP+1'ERC+0'" in answer.text
    assert asking.call("GET", "/carriers/changes", client()).json["changes"] == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("CNT+42:2", "CNT+42:3", "PASSENGER COUNT"),
        ("XA339", "XB339", "FLIGHT OF ANOTHER CARRIER"),
        ("DTM+232:261124", "DTM+232:271124", "ARRIVAL OUT OF RANGE"),
    ],
)
def test_edifact_faults_are_the_message_s(asking: House, old: str, new: str, fault: str) -> None:
    text = edifact(asking, ASKED.replace(old, new)).text
    assert "ERP+1'ERC+1'" in text
    assert fault in text
    assert "ERC+0Z" not in text


@pytest.mark.parametrize("text", ["nonsense", ASKED.replace("+XA+RYOJI", "+XB+RYOJI")])
def test_an_interchange_that_cannot_be_answered(asking: House, text: str) -> None:
    assert edifact(asking, text).status == 422


@pytest.mark.parametrize("reference", ["A" * 36, "旅客", "a\nb"])
def test_a_reference_is_short_and_printable(asking: House, reference: str) -> None:
    answer = ask(asking, passenger(reference=reference))
    assert answer.status == 422
    assert [each["pointer"] for each in answer.json["errors"]] == ["/passengers/0/reference"]


def test_a_megabyte_is_the_most(asking: House) -> None:
    assert edifact(asking, ASKED + "\n" * (1024 * 1024 - len(ASKED))).status == 200
    assert edifact(asking, ASKED + "\n" * (1024 * 1024 - len(ASKED) + 1)).status == 413


def test_json_is_not_edifact(asking: House) -> None:
    sent = asking.call("POST", "/carriers/edifact", client(), body={})
    assert sent.status == 415
    assert "application/edifact" in sent.json["detail"]


@pytest.mark.parametrize(
    ("where", "part"),
    [
        (PermissionTable, "for_documents"),
        (InquiryTable, "keep"),
        (InquiryTable, "count"),
        (carriers, "document_key"),
        (carriers, "derived_key"),
        (carriers, "partner"),
    ],
)
def test_what_is_down_lets_nobody_board(
    asking: House, monkeypatch: pytest.MonkeyPatch, where: Any, part: str
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(where, part, down)
    answer = ask(asking, passenger()).json
    assert [each["answer"] for each in answer["answers"]] == ["UNABLE"]
    assert answer["outage_procedure"] == "RYOJI-OUTAGE-1"
    assert answer["inquiry"] is None
    assert "ERC+2Z'" in edifact(asking).text


def test_what_is_down_is_waited_for_once_in_an_interchange(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def down(*_: Any, **__: Any) -> None:
        asked.append(1)
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(PermissionTable, "for_documents", down)
    lines = ASKED.splitlines()
    message = lines[2:-2]
    three = [*lines[:2], *message * 3, lines[-2].replace("UNE+1", "UNE+3"), lines[-1]]
    text = edifact(asking, "\n".join(three)).text
    assert text.count("ERC+2Z'") == 6
    assert len(asked) == 1


def test_who_hangs_on_the_register_is_unable_when_it_is_down_and_the_others_are_answered(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(PermissionTable, "for_documents", down)
    home = passenger("TK1234567", issuing_state="JPN", nationality="JPN")
    answer = ask(asking, home, passenger(), passenger("x")).json
    said = [each["answer"] for each in answer["answers"]]
    assert said == ["OK_TO_BOARD", "UNABLE", "INSUFFICIENT_DATA"]
    assert answer["outage_procedure"] == "RYOJI-OUTAGE-1"
    # Nobody boards without a proof of it.
    proof = asking.call("GET", "/carriers/inquiries/{inquiry}", client(), inquiry=answer["inquiry"]).json
    assert (proof["intact"], proof["answers"]) == (True, said)
    monkeypatch.setattr(InquiryTable, "keep", down)
    assert {each["answer"] for each in ask(asking, home).json["answers"]} == {"UNABLE"}


def _several(*messages: list[str]) -> str:
    """An interchange of messages, each without its own reference."""
    lines = ASKED.splitlines()
    end = lines[-2].replace("UNE+1", f"UNE+{len(messages)}")
    return "\n".join([*lines[:2], *(line for message in messages for line in message), end, lines[-1]])


ONE_MESSAGE = ASKED.splitlines()[2:-2]
ACKNOWLEDGING = (EXAMPLES / "acknowledgement.cusres.edi").read_text().splitlines()[2:-2]


def test_what_was_answered_before_a_limit_is_told(
    asking: House, monkeypatch: pytest.MonkeyPatch, counted: Counter[str]
) -> None:
    few = {"carriers": [{**SETTINGS["carriers"][0], "passengers": 4}]}
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: few)
    answer = edifact(asking, _several(*[ONE_MESSAGE] * 3))
    assert answer.status == 200
    assert answer.text.count("ERC+0Z'") == 2
    assert answer.text.count("ERP+1'ERC+1'FTX+AAP+++TOO MANY REQUESTS'") == 1
    assert len(answer.headers["Inquiry-Id"].split(",")) == 2
    told = _told(counted)
    assert (told["InquiriesRefused"], told["PassengersAnswered"]) == (1, 4)
    # With nothing before it, the whole is refused, and says until when.
    answer = edifact(asking, _several(*[ONE_MESSAGE] * 3))
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "300"
    assert ask(asking, passenger()).headers["Retry-After"] == "300"


def test_what_was_answered_before_an_acknowledgement_that_cannot_be_noted_is_told(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(InquiryTable, "acknowledge", down)
    answer = edifact(asking, _several(ONE_MESSAGE, ACKNOWLEDGING, ONE_MESSAGE))
    assert answer.status == 200
    assert answer.text.count("ERC+0Z'") == 2
    assert "ERP+1'ERC+1'FTX+AAP+++SERVICE UNAVAILABLE'" in answer.text
    assert edifact(asking, _several(ACKNOWLEDGING, ONE_MESSAGE)).status == 503


def test_ten_at_a_desk_are_the_most_of_an_interchange(asking: House) -> None:
    answer = edifact(asking, _several(*[_of(4)] * 3))
    assert [answer.text.count(each) for each in ("ERC+0Z'", "ERC+1'", "TOO MANY PASSENGERS")] == [8, 1, 1]
    batch = _several(*[_of(4)] * 3).replace("IAPI", "APIS")
    assert edifact(asking, batch).text.count("ERC+0Z'") == 12


def _of(passengers: int) -> list[str]:
    """The example's message with its first passenger so many times."""
    begin, second = (ONE_MESSAGE.index(line) for line in ONE_MESSAGE if line.startswith("NAD+FL"))
    body = [*ONE_MESSAGE[1:begin], *ONE_MESSAGE[begin:second] * passengers, f"CNT+42:{passengers}'"]
    return [ONE_MESSAGE[0], *body, f"UNT+{len(body) + 2}+11085B94E1F8FA'"]


def test_a_carrier_is_told_the_codes_of_its_flights(asking: House, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"carriers": [{"client": "xa", "code": "XAA", "designators": ["XA", "X9"]}]}
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: other)
    told = asking.call("GET", "/carriers/changes", client()).json
    assert (told["carrier"], told["designators"]) == ("XAA", ["XA", "X9"])


def test_changes_wait_behind_a_page_of_acknowledged_ones(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, call = InquiryTable(), InquiryTable._call
    for place in range(3):
        table.record(_watched(place), 0, _changed(place))
    table.acknowledge("XA", _changed(0).id, datetime(2026, 11, 23, 8, tzinfo=UTC))

    def one_a_page(self: InquiryTable, operation: str, **arguments: Any) -> Any:
        return call(self, operation, **arguments, **({"Limit": 1} if operation == "query" else {}))

    monkeypatch.setattr(InquiryTable, "_call", one_a_page)
    waiting = asking.call("GET", "/carriers/changes", client()).json["changes"]
    assert [each["reference"] for each in waiting] == ["P1", "P2"]
    assert [(each["place"], each["booking"]) for each in waiting] == [(1, "BKG"), (2, "BKG")]


def _watched(place: int) -> Watched:
    return Watched("A" * 16, place, "XA", Asked("d", ("c",), needed=True), "OK_TO_BOARD", ON, _named(place))


def _changed(place: int) -> Change:
    at = datetime(2026, 11, 23, 7, place, tzinfo=UTC)
    names: dict[str, Any] = {"inquiry": "A" * 16, "flight": ON, "references": _named(place)}
    return Change(f"{'A' * 16}-{place}-1", "XA", was="OK_TO_BOARD", answer="NO_BOARD", at=at, **names)


def _named(place: int) -> References:
    return References(f"P{place}", "BKG", "0000100")


def test_the_kit_s_acknowledgement_of_an_unknown_change_is_told_as_a_whole(asking: House) -> None:
    kit = conformance.Carrier("", "", "XA", "XA", datetime(2026, 11, 24, tzinfo=UTC))
    text = edifact(asking, kit.acknowledgement("AAAAAAAAAAAAAAAA-0-1")).text
    assert "ERP+1'ERC+1'" in text
    assert "ACKNOWLEDGEMENT UNKNOWN" in text
    answer = edifact(asking, kit.interchange([_asked_by_the_kit()]))
    assert "ERC+0Z'" in answer.text


def _asked_by_the_kit() -> dict[str, str]:
    who = passenger()
    return {"document_type": "P", **{name: who[name] for name in who if name != "reference"}}


def test_who_asks_too_much_waits(asking: House, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"carriers": [{**SETTINGS["carriers"][0], "passengers": 3}]}
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: few)
    assert ask(asking, passenger(), passenger()).status == 200
    assert ask(asking, passenger(), passenger()).status == 429


def test_guessing_is_told_by_the_door_and_honest_carriers_are_not(
    asking: House, counted: Counter[str]
) -> None:
    ask(asking, *[passenger()] * 60)
    assert "DocumentsGuessed" not in _told(counted)
    ask(asking, *(passenger(f"E{number:08}") for number in range(60)))
    assert _told(counted)["DocumentsGuessed"] == 1
    edifact(asking)
    assert _told(counted)["DocumentsGuessed"] == 1


def test_guessing_slowly_is_told_by_the_day(
    asking: House, monkeypatch: pytest.MonkeyPatch, counted: Counter[str]
) -> None:
    few = {"carriers": [{**SETTINGS["carriers"][0], "unknown_a_day": 2}]}
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: few)
    told = []
    for number in range(4):
        ask(asking, passenger(f"E{number:08}"), *[passenger()] * 8)
        told.append(_told(counted).get("DocumentsGuessed"))
    assert told == [None, None, 1, 1]
    # Who then asks about nobody unknown does not ring it again.
    ask(asking, passenger())
    assert "DocumentsGuessed" not in _told(counted)


def test_who_is_refused_is_counted_and_is_no_quieter(
    asking: House, monkeypatch: pytest.MonkeyPatch, counted: Counter[str]
) -> None:
    few = {"carriers": [{**SETTINGS["carriers"][0], "passengers": 3}]}
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: few)
    assert ask(asking, *(passenger(f"E{number:08}") for number in range(60))).status == 429
    assert _told(counted) == {"InquiriesRefused": 1, "DocumentsGuessed": 1}
    assert edifact(asking).status == 429
    assert _told(counted)["InquiriesRefused"] == 1


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the door has counted."""
    found: Counter[str] = Counter()

    def add(*, name: str, unit: str, value: int) -> None:
        assert unit == "Count"
        found[name] += value

    monkeypatch.setattr(modules()["answer_carriers"].door.metrics, "add_metric", add)
    return found


def _told(counted: Counter[str]) -> dict[str, int]:
    """What was counted since it was last looked at."""
    told = dict(counted)
    counted.clear()
    return told


def test_counts_of_windows_and_days(cloud: None) -> None:
    table, at = InquiryTable(), datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

    def count(**later: int) -> tuple[int, ...]:
        return tuple(table.count("XA", at + timedelta(**later), passengers=10, unknown=1))

    assert count() == (1, 10, 1, 10, 1)
    assert count(seconds=299) == (2, 20, 2, 20, 2)
    assert count(seconds=300) == (1, 10, 1, 30, 3)
    # A clock that is behind counts into the window that is open.
    assert count(seconds=10) == (2, 20, 2, 40, 4)
    assert count(hours=18) == (1, 10, 1, 10, 1)


def test_a_carrier_proves_what_was_answered_for_which_document(asking: House) -> None:
    people = [passenger(), passenger("E10000002", reference="P2"), passenger("x")]
    answer = ask(asking, *people).json
    proof = asking.call("GET", "/carriers/inquiries/{inquiry}", client(), inquiry=answer["inquiry"]).json
    assert proof["intact"]
    assert (proof["flight"], proof["departure_port"], proof["arrival_port"]) == ("XA339", "PVG", "NRT")
    assert (proof["departs_at"], proof["arrives_at"]) == (FLIGHT["departs_at"], FLIGHT["arrives_at"])
    assert [each["reference"] for each in proof["passengers"]] == ["E10000001", "P2", "x"]
    assert [each["answer"] for each in proof["passengers"]] == proof["answers"]
    assert [len(each["document"]) for each in proof["passengers"]] == [24, 24, 0]
    # As docs/carriers has it, from the request that the carrier kept.
    kept = [["P", "CHN", p["document_number"], "1956-06-20", "CHN", []] for p in people]
    assert _question(proof["question_key"], kept) == proof["question"]
    kept[1][2] = "E10000003"
    assert _question(proof["question_key"], kept) != proof["question"]


def test_a_carrier_that_asks_in_edifact_proves_it_by_the_words_of_the_page(asking: House) -> None:
    inquiry = edifact(asking).headers["Inquiry-Id"]
    proof = asking.call("GET", "/carriers/inquiries/{inquiry}", client(), inquiry=inquiry).json
    first = ["P", "UTO", "K00000001", "800517", "UTO", []]
    assert f"`{json.dumps(first)}`" in README
    assert "DTM+329:800517'" in ASKED
    kept = [first, ["P", "UTO", "K00000003", *first[3:]]]
    assert _question(proof["question_key"], kept) == proof["question"]
    # Times leave in the form of JSON; the record holds them as they were sent.
    assert proof["intact"]
    assert (proof["departs_at"], proof["arrives_at"]) == (FLIGHT["departs_at"], FLIGHT["arrives_at"])


def _question(key: str, asked: list[Any]) -> str:
    text = json.dumps(asked, separators=(",", ":"))
    return hmac.digest(bytes.fromhex(key), text.encode(), hashlib.sha256).hex()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["N","', '["B","'),
        ('"departure_port":"PVG"', '"departure_port":"PEK"'),
        ('"reference', '"reference'),
        ('"carrier":"XA"', '"carrier":"XB"'),
        ("{", "nonsense"),
        ('["N","', '["?","'),
    ],
)
def test_a_row_that_was_altered_proves_nothing(asking: House, old: str, new: str) -> None:
    inquiry = ask(asking, passenger("E10000002", reference="1")).json["inquiry"]
    record, other = _record(inquiry), _record(ask(asking, passenger()).json["inquiry"])
    # Another inquiry's record and receipt are genuine, and not this one's.
    put = (
        other
        if old == new
        else {"record": record["record"].replace(old, new, 1), "receipt": record["receipt"]}
    )
    assert put["record"] != record["record"]
    _record(inquiry, put)
    proof = asking.call("GET", "/carriers/inquiries/{inquiry}", client(), inquiry=inquiry)
    assert proof.status == 200
    assert proof.json["intact"] is False


def _record(inquiry: str, put: dict[str, str] | None = None) -> dict[str, str]:
    """The row of an inquiry, as somebody reads or alters it who may write into the table."""
    import boto3

    table: Any = boto3.resource("dynamodb", region_name="ap-northeast-1").Table("inquiries")
    key = {"subject": f"T#{inquiry}", "item": "answers"}
    row = table.get_item(Key=key)["Item"]
    if put:
        table.put_item(Item={**row, **put})
    return {"record": row["record"], "receipt": row["receipt"]}


@pytest.mark.parametrize("born", ["1956-XX-XX", "1956-<<-<<", "56<<<<", "56XXXX"])
def test_a_birth_date_without_its_day_is_the_document_s(asking: House, born: str) -> None:
    document = {"issuing_state": "CHN", "number": "E10000008"}
    PermissionTable().put(permission(number="EV-8", document=document, birth_date="1956-XX-XX"))
    who = passenger("E10000008", birth_date=born)
    assert ask(asking, who).json["answers"][0]["answer"] == "OK_TO_BOARD"
    for other in ("1956-01-01", "1956-06-XX", "1955-XX-XX"):
        asked = passenger("E10000008", birth_date=other)
        assert ask(asking, asked).json["answers"][0]["answer"] == "NO_BOARD"
    # Whose passport says the day is not asked about without it.
    assert ask(asking, passenger(birth_date=born)).json["answers"][0]["answer"] == "NO_BOARD"


@pytest.mark.parametrize("born", ["1956:602", "56<<<<", "1956XXXX", "1956<<<<"])
def test_a_birth_date_without_its_day_in_edifact(asking: House, born: str) -> None:
    PermissionTable().put(of_the_sandbox("EV-9", "E63974449", birth_date="1956-XX-XX"))
    first = "DTM+329:800517"
    assert first in ASKED
    text = ASKED.replace(first, f"DTM+329:{born}", 1).replace("K00000001", "E63974449", 1)
    assert "RFF+ABO:P1'ERC+0Z'" in edifact(asking, text).text


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("NAT+2+JPN'", "0Z"),
        # Born a Japanese, or once one: the passport of today decides.
        ("NAT+2+UTO'NAT+1+JPN'", "1Z"),
        ("NAT+2+UTO'NAT+2+JPN'", "4Z"),
        ("NAT+1+JPN'", "4Z"),
    ],
)
def test_a_nationality_of_birth_lets_nobody_board(asking: House, told: str, code: str) -> None:
    text = ASKED.replace("NAT+2+UTO'", told, 1).replace("LOC+91+UTO'", "LOC+91+JPN'", 1)
    text = text.replace("UNT+37", f"UNT+{36 + told.count(chr(39))}")
    assert f"RFF+ABO:P1'ERC+{code}'" in edifact(asking, text).text


def test_a_revocation_reaches_the_outbox_once_and_is_acknowledged(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify = modules()["notify_carriers"]
    monkeypatch.setattr(notify, "datetime", _Now)
    inquiry = ask(asking, passenger()).json["inquiry"]
    _follow(notify, "inquiries")
    PermissionTable().change_status(
        "EV-26-000123", "revoked", datetime(2026, 11, 23, 7, tzinfo=UTC), sequence=8
    )
    _follow(notify, "permissions")
    _follow(notify, "permissions")
    waiting = asking.call("GET", "/carriers/changes", client()).json["changes"]
    assert [(each["was"], each["answer"], each["inquiry"]) for each in waiting] == [
        ("OK_TO_BOARD", "NO_BOARD", inquiry)
    ]
    assert asking.call("GET", "/carriers/changes", client("xb")).json["changes"] == []
    change = waiting[0]["change"]
    path = "/carriers/changes/{change}/acknowledgement"
    assert asking.call("POST", path, client("xb"), change=change).status == 404
    assert asking.call("POST", path, client(), change=change).status == 200
    assert asking.call("GET", "/carriers/changes", client()).json["changes"] == []
    PermissionTable().change_status(
        "EV-26-000123", "active", datetime(2026, 11, 23, 8, tzinfo=UTC), sequence=9
    )
    _follow(notify, "permissions")
    (back,) = asking.call("GET", "/carriers/changes", client()).json["changes"]
    assert (back["was"], back["answer"]) == ("NO_BOARD", "OK_TO_BOARD")


def test_a_change_between_answer_and_watching_is_noticed(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify = modules()["notify_carriers"]
    monkeypatch.setattr(notify, "datetime", _Now)
    ask(asking, passenger())
    PermissionTable().change_status(
        "EV-26-000123", "revoked", datetime(2026, 11, 23, 7, tzinfo=UTC), sequence=8
    )
    _follow(notify, "permissions")
    assert asking.call("GET", "/carriers/changes", client()).json["changes"] == []
    _follow(notify, "inquiries")
    assert len(asking.call("GET", "/carriers/changes", client()).json["changes"]) == 1


@pytest.mark.parametrize(
    ("programme", "state"), [(each["programme"], state) for each in PROGRAMMES for state in each["states"]]
)
def test_each_programme_s_holders_are_asked_for_and_their_changes_are_told(
    asking: House, monkeypatch: pytest.MonkeyPatch, programme: str, state: str
) -> None:
    notify = modules()["notify_carriers"]
    monkeypatch.setattr(notify, "datetime", _Now)
    document = {"issuing_state": state, "number": "A10000001"}
    who = passenger("A10000001", issuing_state=state, nationality=state)
    assert ask(asking, who).json["answers"][0]["answer"] == "NO_BOARD"
    granted = {"number": "TA-1", "kind": "authorization", "programme": programme, "entries": "multiple"}
    PermissionTable().put(permission(document=document, nationality=state, **granted))
    assert ask(asking, who).json["answers"][0]["answer"] == "OK_TO_BOARD"
    _follow(notify, "inquiries")
    asking.call("GET", "/carriers/changes", client())
    PermissionTable().change_status("TA-1", "revoked", datetime(2026, 11, 23, 6, 30, tzinfo=UTC), sequence=8)
    _follow(notify, "permissions")
    waiting = asking.call("GET", "/carriers/changes", client()).json["changes"]
    assert ("OK_TO_BOARD", "NO_BOARD") in [(each["was"], each["answer"]) for each in waiting]
    assert ask(asking, who).json["answers"][0]["answer"] == "NO_BOARD"


class _Now(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # the clock of this test
        return datetime(2026, 11, 23, 7, tzinfo=UTC).astimezone(tz)


def _follow(notify: Any, table: str) -> None:
    """Hand everything in a table to the stream's door, as if all of it came again."""
    assert failures(notify.door, Stream(table).records()) == []
