"""The airlines of `make chaos` know what is right about permissions that cases have issued, and take the time."""

from __future__ import annotations

import io
import random
import re
import time
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from chaos import airlines as subject
from chaos.__main__ import _look_at_airlines, _look_at_the_run
from chaos.airlines import Airlines
from chaos.invariants import Found
from chaos.journeys import Journey
from chaos.travellers import Application, _traveller
from chaos.weather import PARTNERS, Weather
from local.api import Answer
from local.places import ROOT
from ryoji.permissions.edifact.cusres import CODES
from ryoji.permissions.entry import entry_rules
from tests.integration.carriers.asking import passenger


def numbers(inquiry: Inquiry) -> list[str]:
    """About whom it was asked, the invented passports aside."""
    known = {about["document_number"] for about, _ in subject._questions()}
    asked = [each["document_number"] for each in inquiry.asked if each["document_number"] not in known]
    return sorted(asked, key=lambda number: (number.startswith("C"), number))


def revoked(ago: float) -> Journey:
    """Boarded, and revoked so many seconds ago."""
    found = journey(1)
    found.boarded, found.revoking, found.revoked = True, time.monotonic() - ago, time.monotonic() - ago
    return found


def journey(place: int = 0, status: str = "issued") -> Journey:
    given = Application("authorization-indonesia", _traveller(place, visa=place % 2 == 1), {}, b"", b"")
    return Journey(place, "k", given, case_id=f"c{place}", status=status)


class Inquiry:
    """A carrier's caller that is answered as it is told, and remembers about whom it was asked."""

    def __init__(self, holder: str = "OK_TO_BOARD", pause: float = 0.0) -> None:
        self.holder, self.pause, self.asked = holder, pause, list[dict[str, Any]]()
        self.changing = dict.fromkeys(subject.CHANGING, "NO_BOARD")

    def call(self, _verb: str, path: str, body: Any = None) -> Answer:
        if path == "/carriers/changes":
            return Answer(200, {"changes": []})
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
        right |= {(number, passenger(number)["birth_date"]): said for number, said in self.changing.items()}
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
    airlines = asking(inquiry, journey(0), journey(2), journey(3, "refused"))
    airlines.ask_about_all()
    changing = [number for number in subject.CHANGING for _ in subject.FLIGHTS]
    assert numbers(inquiry) == ["X3000000", "X3000014", *changing]
    inquiry.asked.clear()
    airlines.ask_about_all()
    assert numbers(inquiry) == changing
    forgotten = asking(Inquiry("UNABLE"), journey())
    forgotten.ask_about_all()
    assert forgotten.wrong == ["X3000000 was never answered OK_TO_BOARD"]


def test_at_the_end_nobody_boards_whose_permission_was_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaos.airlines.time.sleep", lambda _: None)
    inquiry = Inquiry()
    airlines = asking(inquiry, revoked(60.0))
    airlines.ask_about_all()
    assert airlines.wrong[-1] == "Z3000007 was never answered NO_BOARD"
    for number in subject.CHANGING:
        inquiry.changing[number] = "OK_TO_BOARD"
    airlines = asking(inquiry)
    airlines.ask_about_all()
    assert f"{subject.CHANGING[0]}: OK_TO_BOARD and not NO_BOARD" in airlines.wrong


def test_who_is_revoked_may_board_a_while_and_never_after_a_refusal() -> None:
    holder = journey(1)
    inquiry = Inquiry()
    airlines = asking(inquiry, holder)
    airlines._one()
    assert holder.boarded
    # The officer has asked for it; whether it is recorded already nobody knows.
    holder.revoking = time.monotonic()
    airlines._one()
    inquiry.holder = "NO_BOARD"
    airlines._one()
    assert airlines.wrong == []
    holder.revoked = time.monotonic()
    inquiry.holder = "OK_TO_BOARD"
    airlines._one()
    assert airlines.wrong == ["Z3000007: OK_TO_BOARD and not NO_BOARD, for it was revoked"]


def test_a_revocation_reaches_the_register_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    holder = revoked(1.0)
    inquiry = Inquiry()
    airlines = asking(inquiry, holder)
    airlines._one()
    assert (airlines.late_refusals, airlines.wrong) == (1, [])
    monkeypatch.setattr(subject, "SETTLE_SECONDS", 0.5)
    airlines._one()
    assert len(airlines.wrong) == 1
    inquiry.holder = "UNABLE"
    airlines._one()
    assert len(airlines.wrong) == 1


def test_an_airline_knows_of_who_is_to_be_revoked() -> None:
    inquiry = Inquiry()
    airlines = asking(
        inquiry, *(journey(place) for place in (*range(5, 9), *range(10, 17), 2, 3)), journey(4)
    )
    assert [each.place for each in airlines.journeys if each.to_be_revoked] == [12, 4]
    next(each for each in airlines.journeys if each.place == 12).boarded = True
    for _ in range(3):
        inquiry.asked.clear()
        airlines.journeys[-1].boarded = False
        airlines._one()
        assert "X3000028" in numbers(inquiry)


def test_carriers_hear_of_who_was_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    came = list(subject.CHANGING)
    monkeypatch.setattr(
        "chaos.airlines.urllib.request.urlopen", lambda *_, **__: io.BytesIO(" ".join(came).encode())
    )
    holder = revoked(90.0)
    airlines = asking(Inquiry(), holder)
    airlines.ryoji.running = SimpleNamespace(ports={"carrier": 1})  # type: ignore[assignment]  # a stand-in
    assert airlines.told_of_all_changes(0.0)
    airlines._boarded["XA"].add("Z3000007")
    assert not airlines.told_of_all_changes(0.0)
    came.append("Z3000007")
    assert airlines.told_of_all_changes(0.0)


def test_questions_that_stop_are_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PAUSE_SECONDS", 0.001)
    airlines = asking(Inquiry(), journey())

    def nobody(_code: str) -> Any:
        raise RuntimeError("no such client")

    monkeypatch.setattr(airlines, "signed_in_as", nobody)
    airlines.begin()
    end = time.monotonic() + 10
    while not airlines.died and time.monotonic() < end:
        time.sleep(0.005)
    airlines.end()
    found = Found()
    _look_at_the_run(found, airlines, Weather(SimpleNamespace(), {}, [], Counter(PARTNERS)))  # type: ignore[arg-type]
    assert found.broken == [
        "parts of the run that died: the airlines' questions: RuntimeError no such client",
        "questions under load, too few answered: 0 in 0 s, and not 1",
    ]


def test_a_carrier_that_cannot_sign_in_is_not_answered_and_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    airlines = asking(Inquiry(), journey())

    def away(_code: str) -> Any:
        raise OSError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(airlines, "signed_in_as", away)
        airlines._one()
    airlines._one()
    assert (airlines.asked, airlines.unanswered, airlines.wrong) == (2, 1, [])


@pytest.mark.parametrize(
    ("answers", "seconds", "few"), [(0, 3.0, 1), (1, 3.0, 0), (5, 60.0, 1), (6, 60.0, 0)]
)
def test_a_run_in_which_hardly_anything_was_answered_proves_nothing(
    answers: int, seconds: float, few: int
) -> None:
    airlines = asking(Inquiry())
    airlines.loaded_answers, airlines.load_seconds = answers, seconds
    assert len(airlines.too_few()) == few


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
