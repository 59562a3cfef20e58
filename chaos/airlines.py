"""Airlines ask all the while: no answer may be wrong, what cannot be known is UNABLE, and it comes in time."""

from __future__ import annotations

import random
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from local.api import Caller
from local.passports import permission, write
from tests.integration.carriers.asking import ask, carrier, passenger
from tests.sandbox import Sandbox

# docs/carriers/outage.md: a carrier that has no answer by then goes by the outage procedure.
IN_TIME_SECONDS = 4.0
PAUSE_SECONDS = 1.5
# Partners' tokens run out before a long run ends.
TOKEN_SECONDS = 240.0
# The flight of each carrier that asks.
FLIGHTS = {"XA": "XA339", "XB": "XB339"}
BOARDS = [f"C0000000{place}" for place in range(1, 6)]
REVOKED = [f"C0000001{place}" for place in range(1, 4)]
UNKNOWN = [f"C0000002{place}" for place in range(1, 3)]
# Asked about while in force, and revoked while everything fails: the carriers must hear of it.
CHANGING = [f"C0000003{place}" for place in range(1, 3)]


def _questions() -> list[tuple[dict[str, Any], str]]:
    """Passengers, with the only answer beside UNABLE that is not wrong."""
    board = [(passenger(number), "OK_TO_BOARD") for number in BOARDS]
    no_board = [(passenger(number), "NO_BOARD") for number in (*REVOKED, *UNKNOWN)]
    no_board += [(passenger(BOARDS[0], birth_date="1980-05-18"), "NO_BOARD")]
    no_board += [(passenger(BOARDS[1].replace("0", "O", 1)), "NO_BOARD")]
    return [*board, *board, *no_board, (passenger("x"), "INSUFFICIENT_DATA")]


@dataclass
class Airlines:
    """What was asked and answered. `seconds` are of the questions that were timed, on a quiet machine."""

    ryoji: Sandbox
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    asked: int = 0
    unanswered: int = 0
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

    def time(self, questions: int) -> None:
        """Ask one by one while nobody else works, and take the time."""
        self._one()
        for _ in range(questions):
            began = time.monotonic()
            self._one()
            self.seconds.append(time.monotonic() - began)

    def _go_on(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._one()

    def _one(self) -> None:
        code = self.chance.choice(list(FLIGHTS))
        chosen = self.chance.sample(_questions(), self.chance.randint(1, 6))
        self.judge(self.signed_in_as(code), FLIGHTS[code], chosen)

    def judge(self, who: Caller, flight: str, chosen: list[tuple[dict[str, Any], str]]) -> bool:
        """Ask about some and hold the answers against what is so; whether all were answered as they should be."""
        self.asked += 1
        try:
            answer = ask(who, *(about for about, _ in chosen), flight=flight)
        except (OSError, HTTPException):
            self.unanswered += 1
            return False
        if answer.status != 200:
            self.unanswered += 1
            if answer.status < 500 and answer.status != 429:
                self.wrong.append(f"status {answer.status}")
            return False
        said = [each["answer"] for each in answer.body["answers"]]
        self.answers.update(said)
        if len(said) != len(chosen):
            self.wrong.append(f"{len(said)} answers to {len(chosen)} passengers")
        for (about, right), given in zip(chosen, said, strict=False):
            if given not in (right, "UNABLE"):
                self.wrong.append(f"{about['document_number']}: {given} and not {right}")
        if "UNABLE" in said and not answer.body["outage_procedure"]:
            self.wrong.append("UNABLE without the outage procedure")
        return said == [right for _, right in chosen]

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
