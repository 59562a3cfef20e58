"""The airlines of `make chaos` know what is right about permissions that cases have issued, and take the time."""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from chaos import airlines as subject
from chaos.__main__ import _look_at_airlines
from chaos.airlines import Airlines
from chaos.invariants import Found
from chaos.journeys import Journey
from chaos.travellers import Application, _traveller
from local.api import Answer
from local.places import ROOT
from ryoji.permissions.edifact.cusres import CODES
from ryoji.permissions.entry import entry_rules


def journey(place: int = 0, status: str = "issued") -> Journey:
    given = Application("authorization-indonesia", _traveller(place, visa=place % 2 == 1), {}, b"", b"")
    return Journey(place, "k", given, case_id=f"c{place}", status=status)


class Inquiry:
    """A carrier's caller that is answered as it is told, and remembers about whom it was asked."""

    def __init__(self, holder: str = "OK_TO_BOARD", pause: float = 0.0) -> None:
        self.holder, self.pause, self.asked = holder, pause, list[dict[str, Any]]()

    def call(self, _verb: str, _path: str, body: dict[str, Any]) -> Answer:
        answers = [{"answer": each} for each in self._said(body["passengers"])]
        return Answer(200, {"answers": answers, "outage_procedure": "RYOJI-OUTAGE-1"})

    def edifact(self, text: str) -> tuple[int, dict[str, str], str]:
        """The same by the door for UN/EDIFACT."""
        keys = ("nationality", "reference", "document_number", "issuing_state")
        loop = r"DTM\+329:(\d+)'NAT\+2\+(\w+)'.*?ABO:(\w+)'DOC\+P:110:ZZZ\+(\w+)'.*?LOC\+91\+(\w+)'"
        people = [
            dict(zip(keys, rest, strict=True)) | {"birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}"}
            for born, *rest in re.findall(loop, text)
        ]
        codes = [CODES[each] for each in self._said(people)]  # type: ignore[index]  # the four answers
        procedure = "FTX+AAP+++UNABLE, FOLLOW OUTAGE PROCEDURE RYOJI-OUTAGE-1'"
        return 200, {}, "".join(f"ERP+2'ERC+{code}'{procedure}" for code in codes)

    def _said(self, people: list[dict[str, Any]]) -> list[str]:
        time.sleep(self.pause)
        self.asked += people
        right = {(about["reference"], about["birth_date"]): said for about, said in subject._questions()}
        return [right.get((each["reference"], each["birth_date"]), self.holder) for each in people]


@pytest.fixture(autouse=True)
def _formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "send", lambda who, text: who.edifact(text))


def asking(inquiry: Inquiry, *journeys: Journey) -> Airlines:
    found = Airlines(SimpleNamespace(), random.Random(1), list(journeys))  # type: ignore[arg-type]  # stand-ins
    found.carriers = dict.fromkeys(subject.FLIGHTS, inquiry)  # type: ignore[arg-type]  # stand-ins
    found.signed_in = time.monotonic()
    return found


def test_holders_are_asked_about_from_the_moment_the_case_says_issued() -> None:
    inquiry = Inquiry()
    waiting, renewal = journey(0, "issuance"), Journey(9, "k", None, status="completed")
    airlines = asking(inquiry, waiting, renewal)
    airlines._one()
    assert not airlines.issued
    waiting.status = "issued"
    airlines._one()
    about = next(each for each in inquiry.asked if each["document_number"].startswith("X"))
    assert about["issuing_state"] == about["nationality"] == "IDN"
    assert about["birth_date"] == "1970-01-01"
    assert airlines.issued == {"OK_TO_BOARD": 1}
    assert airlines.wrong == []


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_answers_are_judged_alike_in_both_formats(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    monkeypatch.setattr(subject, "IN_EDIFACT", share)
    inquiry = Inquiry()
    airlines = asking(inquiry, journey())
    for _ in range(20):
        airlines._one()
    assert (airlines.wrong, airlines.asked, airlines.in_edifact) == ([], 20, 20 * share)
    assert {"OK_TO_BOARD", "NO_BOARD", "INSUFFICIENT_DATA"} == set(airlines.answers)
    inquiry.holder = "INSUFFICIENT_DATA"
    airlines._one()
    assert airlines.wrong == ["X3000000: INSUFFICIENT_DATA and not OK_TO_BOARD"]


@pytest.mark.parametrize("visa", [False, True])
def test_nobody_who_travels_here_boards_without_a_permission(visa: bool) -> None:
    rules = entry_rules(yaml.safe_load((ROOT / "procedures" / "entry" / "japan.yaml").read_text()))
    who = _traveller(0, visa=visa)
    assert rules.needs_permission(who.nationality, who.nationality, datetime.now(UTC).date())


def test_the_register_may_lag_for_a_while_and_never_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    inquiry = Inquiry("NO_BOARD")
    airlines = asking(inquiry, journey())
    airlines._one()
    assert (airlines.early, airlines.wrong) == (1, [])
    inquiry.holder = "OK_TO_BOARD"
    airlines._one()
    inquiry.holder = "NO_BOARD"
    airlines._one()
    assert airlines.early == 1
    assert airlines.wrong == ["X3000000: NO_BOARD and not OK_TO_BOARD"]

    late = asking(Inquiry("NO_BOARD"), journey())
    monkeypatch.setattr(subject, "SETTLE_SECONDS", 0.0)
    late._one()
    assert late.wrong == ["X3000000: NO_BOARD and not OK_TO_BOARD"]


def test_a_holder_who_cannot_be_known_is_unable_and_nothing_else() -> None:
    airlines = asking(Inquiry("UNABLE"), journey())
    airlines._one()
    assert (airlines.early, airlines.wrong) == (0, [])
    airlines = asking(Inquiry("INSUFFICIENT_DATA"), journey())
    airlines._one()
    assert len(airlines.wrong) == 1


def test_at_the_end_every_holder_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaos.airlines.time.sleep", lambda _: None)
    inquiry = Inquiry()
    airlines = asking(inquiry, journey(0), journey(1), journey(2, "refused"))
    airlines.ask_about_all_issued()
    assert sorted(each["document_number"] for each in inquiry.asked) == ["X3000000", "Z3000007"]
    airlines.ask_about_all_issued()
    assert len(inquiry.asked) == 2
    forgotten = asking(Inquiry("UNABLE"), journey())
    forgotten.ask_about_all_issued()
    assert forgotten.wrong == ["X3000000 was never answered"]


def test_answers_are_timed_under_load_and_on_the_quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PAUSE_SECONDS", 0.001)
    airlines = asking(Inquiry(pause=0.005), journey())
    airlines.begin()
    end = time.monotonic() + 10
    while len(airlines.loaded) < 3 and time.monotonic() < end:
        time.sleep(0.005)
    airlines.load_is_over()
    time.sleep(0.03)
    counted, asked = len(airlines.loaded), airlines.asked
    while airlines.asked < asked + 3 and time.monotonic() < end:
        time.sleep(0.005)
    airlines.end()
    assert len(airlines.loaded) == counted >= 3
    airlines.time(4)
    assert len(airlines.seconds) == 4
    assert min(*airlines.loaded, *airlines.seconds) >= 0.005


def test_only_the_quiet_machine_must_answer_in_time_and_both_are_printed() -> None:
    airlines = asking(Inquiry())
    airlines.loaded, airlines.seconds = [0.5, 9.0], [0.25]
    found = Found()
    _look_at_airlines(found, airlines, told=True)
    assert found.broken == []
    printed = airlines.figures()
    assert printed["quiet machine, seconds, longest"] == "0.25"
    assert printed["under load, seconds, longest"] == "9.00"
    assert printed["under load, after more than 4 s"] == 1
    airlines.seconds.append(4.1)
    _look_at_airlines(found, airlines, told=True)
    assert [each.partition(":")[0] for each in found.broken] == ["answers to airlines after more than 4 s"]


def test_nineteen_of_twenty_leave_the_slowest_out() -> None:
    printed = subject._of("x", [float(each) for each in range(1, 21)])
    assert printed["x, seconds, 19 of 20 within"] == "19.00"
    assert subject._of("x", []) == {"x, seconds": "none timed"}
