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
from typing import Any, NamedTuple

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
# While the cases go on at least one question is answered in so many seconds; usually it is one in two.
LEAST_EVERY_SECONDS = 10.0
# So often somebody is asked about, half a second apart, until they are answered as they should be.
TRIES = 130
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
    """The traveller of a case whose permission was issued, until an officer has revoked it."""
    if journey.application is None:
        raise ValueError("a renewal issues no permission")
    who = journey.application.who
    state = {"issuing_state": who.nationality, "nationality": who.nationality}
    right = "NO_BOARD" if journey.revoked else "OK_TO_BOARD"
    return passenger(who.number, birth_date=who.birth_date, **state), right


@dataclass(frozen=True)
class Said:
    """What came back, from either format: the status, the answers in their order, the procedure that is named."""

    status: int
    answers: tuple[str, ...] = ()
    outage_procedure: str | None = None


class Judged(NamedTuple):
    """Whether all were answered as they should be, and the seconds that it took."""

    right: bool
    seconds: float


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
    `loaded_answers` counts those of `loaded` that brought an answer, over `load_seconds`. `early` counts answers about
    an issued permission that the register did not have yet, `late_refusals` those about a revoked one that it had not
    yet as revoked. `died` is why nobody asked any more.
    """

    ryoji: Sandbox
    chance: random.Random
    journeys: list[Journey] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    loaded_answers: int = 0
    load_seconds: float = 0.0
    asked: int = 0
    in_edifact: int = 0
    unanswered: int = 0
    issued: Counter[str] = field(default_factory=Counter)
    early: int = 0
    late_refusals: int = 0
    died: list[str] = field(default_factory=list)
    _since: dict[str, float] = field(default_factory=dict)
    # Cases whose holders were refused since they were revoked; and of whom each carrier was told that they may board.
    _refused: set[str] = field(default_factory=set)
    _boarded: dict[str, set[str]] = field(default_factory=lambda: {code: set() for code in FLIGHTS})
    _began: float = 0.0
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
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._go_on, daemon=True, name="airlines")
        self._thread.start()

    def load_is_over(self) -> None:
        """The cases have ended: what is asked from now on is not timed as under load."""
        self.load_seconds = time.monotonic() - self._began
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

    def ask_about_all(self) -> None:
        """Every holder may board by the end, also those about whom nobody has asked yet; nobody whose was revoked."""
        for journey in self._issued():
            about, right = _holder(journey)
            if right == "NO_BOARD" or not journey.boarded:
                self._until(self.chance.choice(list(FLIGHTS)), about, right)
        for code in FLIGHTS:
            for number in CHANGING:
                self._until(code, passenger(number), "NO_BOARD")

    def time(self, questions: int) -> None:
        """Ask one by one while nobody else works, and take the time."""
        self._one()
        self.seconds += [self._one().seconds for _ in range(questions)]

    def too_few(self) -> list[str]:
        """Says so when hardly anything was answered while the cases went on: that would prove nothing."""
        least = max(1, int(self.load_seconds / LEAST_EVERY_SECONDS))
        few = self.loaded_answers < least
        return [f"{self.loaded_answers} in {self.load_seconds:.0f} s, and not {least}"] if few else []

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
            "about revoked permissions, before the register": self.late_refusals,
            **_of("quiet machine", self.seconds),
            **_of("under load", self.loaded),
            f"under load, after more than {IN_TIME_SECONDS:.0f} s": sum(
                each > IN_TIME_SECONDS for each in self.loaded
            ),
        }

    def _go_on(self) -> None:
        try:
            while not self._over.wait(PAUSE_SECONDS):
                unanswered = self.unanswered
                took = self._one().seconds
                if not self._load_is_over.is_set():
                    self.loaded.append(took)
                    self.loaded_answers += self.unanswered == unanswered
        except Exception as error:
            self.died.append(f"the airlines' questions: {type(error).__name__} {error}")

    def _one(self) -> Judged:
        """Ask one question and judge its answer."""
        code = self.chance.choice(list(FLIGHTS))
        chosen = self.chance.sample(_questions(), self.chance.randint(1, 5))
        return self.judge(code, [*chosen, *map(_holder, self._some_issued())])

    def _issued(self) -> list[Journey]:
        """The cases that have issued a permission, as soon as they say so."""
        found = [each for each in self.journeys if each.application and each.status == "issued"]
        for each in found:
            self._since.setdefault(each.case_id, time.monotonic())
        return found

    def _some_issued(self) -> list[Journey]:
        """Two of them by lot; first those of whom an airline is to know before they are revoked."""
        found = self._issued()
        awaited = [each for each in found if each.to_be_revoked and not each.boarded and not each.revoking]
        others = [each for each in found if each not in awaited]
        return [*awaited, *self.chance.sample(others, min(len(others), 2))][:2]

    def judge(self, code: str, chosen: list[Question]) -> Judged:
        """Ask about some and hold the answers against what is so."""
        self.asked += 1
        people = [about for about, _ in chosen]
        began = time.monotonic()
        try:
            who = self.signed_in_as(code)
            began = time.monotonic()
            answer = self._ask(who, FLIGHTS[code], people)
        except (OSError, HTTPException):
            self.unanswered += 1
            return Judged(False, time.monotonic() - began)
        took = time.monotonic() - began
        if answer.status != 200:
            self.unanswered += 1
            if answer.status < 500 and answer.status != 429:
                self.wrong.append(f"status {answer.status}")
            return Judged(False, took)
        said = answer.answers
        self.answers.update(said)
        if len(said) != len(chosen):
            self.wrong.append(f"{len(said)} answers to {len(chosen)} passengers")
        for (about, right), given in zip(chosen, said, strict=False):
            self._judge_one(code, about, right, given, began)
        if "UNABLE" in said and not answer.outage_procedure:
            self.wrong.append("UNABLE without the outage procedure")
        return Judged(said == tuple(right for _, right in chosen), took)

    def _judge_one(self, code: str, about: dict[str, Any], right: str, given: str, asked: float) -> None:
        number = about["document_number"]
        journey = next((each for each in self.journeys if _number(each) == number), None)
        if journey is None:
            if given not in (right, "UNABLE"):
                self.wrong.append(f"{number}: {given} and not {right}")
            return
        self.issued[given] += 1
        if given == "OK_TO_BOARD":
            self._may_board(code, journey, asked)
        elif given == "NO_BOARD":
            self._may_not_board(journey)
        elif given != "UNABLE":
            self.wrong.append(f"{number}: {given} and not {right}")

    def _may_board(self, code: str, journey: Journey, asked: float) -> None:
        """Right until it was revoked and the register could know; never again after a refusal."""
        journey.boarded = True
        self._boarded[code].add(_number(journey))
        settled = journey.revoked is not None and asked - journey.revoked > SETTLE_SECONDS
        if settled or journey.case_id in self._refused:
            self.wrong.append(f"{_number(journey)}: OK_TO_BOARD and not NO_BOARD, for it was revoked")
        elif journey.revoked is not None:
            self.late_refusals += 1

    def _may_not_board(self, journey: Journey) -> None:
        """Right once an officer has begun to revoke it; before, while the register cannot know this holder yet."""
        if journey.revoking is not None:
            # Who never boarded may be refused because the register does not know them yet.
            if journey.boarded:
                self._refused.add(journey.case_id)
        elif not journey.boarded and time.monotonic() - self._since[journey.case_id] < SETTLE_SECONDS:
            self.early += 1
        else:
            self.wrong.append(f"{_number(journey)}: NO_BOARD and not OK_TO_BOARD")

    def _ask(self, who: Caller, flight: str, people: list[dict[str, Any]]) -> Said:
        if self.chance.random() >= IN_EDIFACT:
            return _in_json(who, flight, people)
        self.in_edifact += 1
        return _in_edifact(who, flight, people)

    def _until(self, code: str, about: dict[str, Any], right: str) -> None:
        for _ in range(TRIES):
            if self.judge(code, [(about, right)]).right:
                return
            time.sleep(0.5)
        self.wrong.append(f"{about['document_number']} was never answered {right}")

    def _told(self, code: str) -> bool:
        desk = f"http://127.0.0.1:{self.ryoji.running.ports['carrier']}/{code}/changes"
        try:
            with urllib.request.urlopen(desk, timeout=10) as answer:
                came = answer.read().decode()
            waiting = self.signed_in_as(code).call("GET", "/carriers/changes")
        except (OSError, HTTPException):
            return False
        # A change names the passenger by the carrier's own reference, which here is the document.
        revoked = {_number(each) for each in self.journeys if each.revoked}
        return (
            all(number in came for number in (*CHANGING, *(revoked & self._boarded[code])))
            and waiting.status == 200
            and not waiting.body["changes"]
        )


def _number(journey: Journey) -> str:
    """The travel document of a case's traveller; nothing for a renewal."""
    return journey.application.who.number if journey.application else ""


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
