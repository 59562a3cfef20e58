"""Airlines ask all the while: no answer may be wrong, what cannot be known is UNABLE, and it comes in time."""

from __future__ import annotations

import random
import re
import statistics
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from chaos.journeys import Journey
from local.api import Caller
from local.passports import permission, write
from ryoji.permissions.edifact.cusres import CODES, OUTAGE_PROCEDURE
from tests.integration.carriers.asking import ask, carrier, passenger, passenger_list, send
from tests.sandbox import Sandbox

# docs/carriers/outage.md: a carrier that has no answer by then goes by the outage procedure.
IN_TIME_SECONDS = 4.0
PAUSE_SECONDS = 1.5
# What is issued is recorded first and then put into the register: until then the register may know nothing of it.
SETTLE_SECONDS = 60.0
# Partners' tokens run out before a long run ends.
TOKEN_SECONDS = 240.0
# Of the questions, as UN/EDIFACT; the others are JSON.
IN_EDIFACT = 1 / 3
# The flight of each carrier that asks.
FLIGHTS = {"XA": "XA339", "XB": "XB339"}
BOARDS = [f"C0000000{place}" for place in range(1, 6)]
REVOKED = [f"C0000001{place}" for place in range(1, 4)]
UNKNOWN = [f"C0000002{place}" for place in range(1, 3)]
# Asked about while in force, and revoked while everything fails: the carriers must hear of it.
CHANGING = [f"C0000003{place}" for place in range(1, 3)]
Question = tuple[dict[str, Any], str]


def _questions() -> list[Question]:
    """Passengers, with the only answer beside UNABLE that is not wrong."""
    board = [(passenger(number), "OK_TO_BOARD") for number in BOARDS]
    no_board = [(passenger(number), "NO_BOARD") for number in (*REVOKED, *UNKNOWN)]
    no_board += [(passenger(BOARDS[0], birth_date="1980-05-18"), "NO_BOARD")]
    no_board += [(passenger(BOARDS[1].replace("0", "O", 1)), "NO_BOARD")]
    return [*board, *board, *no_board, (passenger("x"), "INSUFFICIENT_DATA")]


def _holder(journey: Journey) -> Question:
    """The traveller of a case whose permission was issued; nobody changes it."""
    if journey.application is None:
        raise ValueError("a renewal issues no permission")
    who = journey.application.who
    state = {"issuing_state": who.nationality, "nationality": who.nationality}
    return passenger(who.number, birth_date=who.birth_date, **state), "OK_TO_BOARD"


@dataclass(frozen=True)
class Said:
    """What came back, from either format: the status, the answers in their order, the procedure that is named."""

    status: int
    answers: tuple[str, ...] = ()
    outage_procedure: str | None = None


def _in_json(who: Caller, flight: str, people: list[dict[str, Any]]) -> Said:
    answer = ask(who, *people, flight=flight)
    if answer.status != 200:
        return Said(answer.status)
    said = tuple(each["answer"] for each in answer.body["answers"])
    return Said(answer.status, said, answer.body["outage_procedure"])


def _in_edifact(who: Caller, flight: str, people: list[dict[str, Any]]) -> Said:
    status, _, text = send(who, passenger_list(people, sender=flight[:2], flight=flight))
    if status != 200:
        return Said(status)
    meanings = {code: answer for answer, code in CODES.items()}
    said = tuple(str(meanings.get(code, code)) for code in re.findall(r"ERC\+(\w+)'", text))
    return Said(status, said, OUTAGE_PROCEDURE if OUTAGE_PROCEDURE in text else None)


@dataclass
class Airlines:
    """What was asked and answered.

    `seconds` are of the questions that were timed on a quiet machine, `loaded` of those while the cases went on.
    `early` counts answers about an issued permission that the register did not have yet.
    """

    ryoji: Sandbox
    chance: random.Random
    journeys: list[Journey] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    asked: int = 0
    in_edifact: int = 0
    unanswered: int = 0
    issued: Counter[str] = field(default_factory=Counter)
    early: int = 0
    _since: dict[str, float] = field(default_factory=dict)
    _boarded: set[str] = field(default_factory=set)
    _load_is_over: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def prepare(self) -> None:
        """Permissions in force and revoked ones, in the register."""
        documents = (*BOARDS, *REVOKED, *CHANGING)
        puts: list[dict[str, Any]] = [{"put": permission(f"CHAOS-{each}", each)} for each in documents]
        write(self.ryoji.running, [*puts, *({"number": f"CHAOS-{n}", "status": "revoked"} for n in REVOKED)])
        self._sign_in()

    def _sign_in(self) -> None:
        self.carriers = {code: carrier(self.ryoji, code) for code in FLIGHTS}
        self.signed_in = time.monotonic()

    def signed_in_as(self, code: str) -> Caller:
        """A carrier with a token that has not run out."""
        if time.monotonic() - self.signed_in > TOKEN_SECONDS:
            self._sign_in()
        return self.carriers[code]

    def begin(self) -> None:
        """Ask without end."""
        self._thread = threading.Thread(target=self._go_on, daemon=True, name="airlines")
        self._thread.start()

    def load_is_over(self) -> None:
        """The cases have ended: what is asked from now on is not timed as under load."""
        self._load_is_over.set()

    def end(self) -> None:
        """Ask no more."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def watch_the_changing(self) -> None:
        """Each carrier is told that they may board, before that changes."""
        for code in FLIGHTS:
            for number in CHANGING:
                self._until(code, passenger(number), "OK_TO_BOARD")

    def revoke_the_changing(self) -> None:
        """What was answered is no longer so."""
        write(self.ryoji.running, [{"number": f"CHAOS-{number}", "status": "revoked"} for number in CHANGING])

    def told_of_all_changes(self, seconds: float) -> bool:
        """Whether each carrier was told of each change and acknowledged it, by then at the latest."""
        end = time.monotonic() + seconds
        while not (told := all(self._told(code) for code in FLIGHTS)) and time.monotonic() < end:
            time.sleep(2)
        return told

    def ask_about_all_issued(self) -> None:
        """Every holder may board by the end, also those about whom nobody has asked yet."""
        for about, right in self._holders():
            if about["reference"] not in self._boarded:
                self._until(self.chance.choice(list(FLIGHTS)), about, right)

    def time(self, questions: int) -> None:
        """Ask one by one while nobody else works, and take the time."""
        self._one()
        self.seconds += [self._one() for _ in range(questions)]

    def late(self) -> list[str]:
        """Answers on the quiet machine that came after the time that is promised."""
        return [f"{each:.1f} s" for each in self.seconds if each > IN_TIME_SECONDS]

    def figures(self) -> dict[str, object]:
        """What is printed."""
        return {
            "questions": self.asked,
            "of these in EDIFACT": self.in_edifact,
            "without an answer (5xx or none)": self.unanswered,
            **dict(self.answers.most_common()),
            **{f"about issued permissions: {said}": count for said, count in self.issued.most_common()},
            "about issued permissions, before the register": self.early,
            **_of("quiet machine", self.seconds),
            **_of("under load", self.loaded),
            f"under load, after more than {IN_TIME_SECONDS:.0f} s": sum(
                each > IN_TIME_SECONDS for each in self.loaded
            ),
        }

    def _go_on(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            took = self._one()
            if not self._load_is_over.is_set():
                self.loaded.append(took)

    def _one(self) -> float:
        """Ask one question and judge its answer; the seconds that it took."""
        code = self.chance.choice(list(FLIGHTS))
        chosen = self.chance.sample(_questions(), self.chance.randint(1, 5))
        holders = self._holders()
        chosen += self.chance.sample(holders, min(len(holders), 2))
        who = self.signed_in_as(code)
        began = time.monotonic()
        self.judge(who, FLIGHTS[code], chosen)
        return time.monotonic() - began

    def _holders(self) -> list[Question]:
        """Who holds a permission that a case has issued, as soon as the case says so."""
        found = [_holder(each) for each in self.journeys if each.application and each.status == "issued"]
        for about, _ in found:
            self._since.setdefault(about["reference"], time.monotonic())
        return found

    def judge(self, who: Caller, flight: str, chosen: list[Question]) -> bool:
        """Ask about some and hold the answers against what is so; whether all were answered as they should be."""
        self.asked += 1
        people = [about for about, _ in chosen]
        try:
            answer = self._ask(who, flight, people)
        except (OSError, HTTPException):
            self.unanswered += 1
            return False
        if answer.status != 200:
            self.unanswered += 1
            if answer.status < 500 and answer.status != 429:
                self.wrong.append(f"status {answer.status}")
            return False
        said = answer.answers
        self.answers.update(said)
        if len(said) != len(chosen):
            self.wrong.append(f"{len(said)} answers to {len(chosen)} passengers")
        for (about, right), given in zip(chosen, said, strict=False):
            if self._too_early(about["reference"], given):
                self.early += 1
            elif given not in (right, "UNABLE"):
                self.wrong.append(f"{about['document_number']}: {given} and not {right}")
        if "UNABLE" in said and not answer.outage_procedure:
            self.wrong.append("UNABLE without the outage procedure")
        return said == tuple(right for _, right in chosen)

    def _ask(self, who: Caller, flight: str, people: list[dict[str, Any]]) -> Said:
        if self.chance.random() >= IN_EDIFACT:
            return _in_json(who, flight, people)
        self.in_edifact += 1
        return _in_edifact(who, flight, people)

    def _too_early(self, holder: str, given: str) -> bool:
        """Whether the register cannot know this holder yet; once it has, it must not forget."""
        if holder not in self._since:
            return False
        self.issued[given] += 1
        if given == "OK_TO_BOARD":
            self._boarded.add(holder)
        unknown = given == "NO_BOARD" and holder not in self._boarded
        return unknown and time.monotonic() - self._since[holder] < SETTLE_SECONDS

    def _until(self, code: str, about: dict[str, Any], right: str) -> None:
        for _ in range(40):
            if self.judge(self.signed_in_as(code), FLIGHTS[code], [(about, right)]):
                return
            time.sleep(0.5)
        self.wrong.append(f"{about['document_number']} was never answered")

    def _told(self, code: str) -> bool:
        desk = f"http://127.0.0.1:{self.ryoji.running.ports['carrier']}/{code}/changes"
        try:
            with urllib.request.urlopen(desk, timeout=10) as answer:
                came = answer.read().decode()
            waiting = self.signed_in_as(code).call("GET", "/carriers/changes")
        except (OSError, HTTPException):
            return False
        # A change names the passenger by the carrier's own reference, which here is the document.
        return (
            all(number in came for number in CHANGING)
            and waiting.status == 200
            and not waiting.body["changes"]
        )


def _of(where: str, seconds: list[float]) -> dict[str, object]:
    """Median, the slowest of twenty, and the longest."""
    if not seconds:
        return {f"{where}, seconds": "none timed"}
    ordered = sorted(seconds)
    return {
        f"{where}, seconds, median": f"{statistics.median(ordered):.2f}",
        f"{where}, seconds, 19 of 20 within": f"{ordered[-(len(ordered) // 20) - 1]:.2f}",
        f"{where}, seconds, longest": f"{ordered[-1]:.2f}",
    }
