"""How well and how fast the watch list answers, on made-up people: sensitivity, precision, seconds.

Sensitivity: of people on the list who apply under a changed name or date, the share that is found, by change.
Strangers are of the same pools of names, so many share a name with somebody on the list; the share of them without a
hit is told apart from the share of those who share neither name nor year. Everything is drawn by seeds.

Two sets are measured. On the first the likenesses of procedures/rules/screening.yaml were tuned, so it flatters them.
The second was held out: names and spellings that the first does not have, another seed, and nothing was changed after
it was looked at. What is promised is promised of both; the second is the one to believe.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml

from benchmarks.figures import Figure, at_least, at_most, counted
from ryoji.evidence.screening.persons import Match, ask
from ryoji.evidence.screening.rules import ScreeningRules
from ryoji.evidence.screening.subject import Subject, subject_of
from ryoji.evidence.screening.watch_list import Entry, WatchList, compile_version
from simulators.watch_list.people import VARIANTS, Person, entries, people

T = TypeVar("T")
RULES = Path(__file__).resolve().parent.parent / "procedures" / "rules" / "screening.yaml"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
LISTED, STRANGERS, LARGE = 5_000, 2_000, 100_000
PER_VARIANT, NAMESAKES = 100, 500
SECONDS = 0.5
LEAST_FOUND, LEAST_PRECISION = 0.95, 0.9


def rules() -> ScreeningRules:
    """The rules in force."""
    return ScreeningRules.model_validate(yaml.safe_load(RULES.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class People:
    """One set of made-up people: its names' file, the seeds of who is listed and who is a stranger, how many."""

    names: str
    listed: int
    strangers: int
    entries: int = LISTED
    unlisted: int = STRANGERS
    each: int = PER_VARIANT


TUNED = People("names", 11, 997)
HELD_OUT = People("names_held_out", 20261124, 7919)


def made_list(of: People) -> tuple[WatchList, bytes]:
    """A compiled list of made-up people, and its file."""
    listed = [Entry.model_validate(entry) for entry in entries(of.entries, of.listed, of.names)]
    data = compile_version(listed, MADE_AT)
    return WatchList(data), data


def applying(person: Person, *, native: bool = False) -> Subject:
    """The person as an application tells of them, without a document."""
    told = {
        "surname": person.surname,
        "given_names": person.given,
        "native_name": person.native if native else "",
        "birth_date": person.birth_date,
        "nationality": person.nationality,
        "sex": person.sex,
    }
    return subject_of({"traveller": told})


def sensitivity(watch_list: WatchList, of: People, held: ScreeningRules) -> dict[str, tuple[int, int]]:
    """By change: how many were asked about, how many of them found."""
    chance = random.Random(of.listed)
    on_list = _persons_listed(of)
    found: dict[str, tuple[int, int]] = {}
    for name, change in VARIANTS.items():
        chosen = chance.sample(sorted(on_list), of.each)
        hits = sum(
            any(
                match.entry.entry_id == number
                for match in ask(watch_list, applying(change(on_list[number], chance)), held)
            )
            for number in chosen
        )
        found[name] = (of.each, hits)
    return found


def _persons_listed(of: People) -> dict[str, Person]:
    by_number = {
        f"E{number:06d}": person for number, person in enumerate(people(of.entries, of.listed, of.names))
    }
    lists = {entry["entry_id"] for entry in entries(of.entries, of.listed, of.names)}
    return {number: person for number, person in by_number.items() if number in lists}


def strangers_hit(watch_list: WatchList, of: People, held: ScreeningRules) -> int:
    """How many people who are not on the list have a hit."""
    strangers = people(of.unlisted, of.strangers, of.names)
    return sum(bool(ask(watch_list, applying(person), held)) for person in strangers)


def namesakes_hit(watch_list: WatchList, of: People, held: ScreeningRules) -> int:
    """How many of `NAMESAKES` namesakes of people on the list, born another year, are taken for them."""
    chance = random.Random(of.listed)
    on_list = _persons_listed(of)
    hit = 0
    for number in chance.sample(sorted(on_list), NAMESAKES):
        person = on_list[number]
        year = int(person.birth_date[:4])
        born = f"{year + chance.choice((-17, -13, 12, 16))}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        matches: list[Match] = ask(watch_list, applying(replace(person, birth_date=born)), held)
        hit += any(match.entry.entry_id == number for match in matches)
    return hit


def measure() -> list[Figure]:
    """All figures: of the set that was tuned on, of the set that was held out, and of speed."""
    held = rules()
    return [
        *_quality("screening.tuned_on", TUNED, held),
        *_quality("screening.held_out", HELD_OUT, held),
        *_speed(held),
    ]


def _quality(begin: str, of: People, held: ScreeningRules) -> list[Figure]:
    watch_list, _ = made_list(of)
    found = sensitivity(watch_list, of, held)
    strangers = strangers_hit(watch_list, of, held) / of.unlisted
    asked, hits = sum(each for each, _ in found.values()), sum(hit for _, hit in found.values())
    share = hits / asked
    return [
        *(
            counted(f"{begin}.found.{name}", hit / each, "share")
            for name, (each, hit) in sorted(found.items())
        ),
        at_least(f"{begin}.sensitivity", share, "share", LEAST_FOUND),
        # As many strangers as people on the list: what part of the hits is about whom it says.
        at_least(f"{begin}.precision", _precision(share, strangers), "share", LEAST_PRECISION),
        counted(f"{begin}.strangers_hit", strangers, "share"),
        counted(f"{begin}.namesakes_hit", namesakes_hit(watch_list, of, held) / NAMESAKES, "share"),
    ]


def _precision(found: float, false: float) -> float:
    return found / (found + false) if found + false else 0.0


def _speed(held: ScreeningRules) -> list[Figure]:
    building = _seconds(lambda: made_list(replace(TUNED, listed=3, entries=LARGE)))
    _, data = building[1]
    opening = _seconds(lambda: WatchList(data))
    watch_list = opening[1]
    subjects = [applying(person, native=index % 2 == 0) for index, person in enumerate(people(100, 5))]
    times = sorted(_seconds(partial(ask, watch_list, subject, held))[0] for subject in subjects)
    return [
        counted("screening.large.build", building[0], "s"),
        counted("screening.large.file", len(data) / 1e6, "MB"),
        counted("screening.large.open", opening[0], "s"),
        counted("screening.large.ask.median", statistics.median(times), "s"),
        at_most("screening.large.ask.95th", times[94], "s", SECONDS),
    ]


def _seconds(do: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    made = do()
    return time.perf_counter() - start, made
