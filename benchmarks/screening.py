"""How well and how fast screening answers, on made-up people: sensitivity, precision, seconds.

Sensitivity: of people on the list who apply under a changed name or date, the share that is found, by change and by
culture; whom a change leaves as they are is not asked about. Spellings abroad are written by hand
(simulators/watch_list/spellings.yaml), by no table of the matcher's. What a zone prints is made by the same tables as
the matcher's: it is told, and left out of the sum. People who are listed with their native name alone are a list of
their own.

Strangers are of the same small pools of names, so nearly all of them have a namesake on the list: of real ones fewer
have a hit. What part of the hits is about whom it says depends on how many applicants are listed, so precision is told
for every second one, and for one in a thousand, which is nearer to a day at a desk.

Three sets are measured. On the first the likenesses of procedures/rules/screening.yaml were tuned, so it flatters them.
The second was held out until its Arabic names had been looked at and sounds were mended with them in sight. The third,
in Arabic letters, was written after that and looked at once, but for its names with an article inside (عبد الرحيم,
نور الدين), which were added with a mend of them. All are made up here: none is a sample of the world.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import combinations, groupby, islice
from pathlib import Path
from typing import TypeVar

import yaml

from benchmarks.figures import Figure, at_least, at_most, counted
from ryoji.evidence.screening.persons import Match, ask, match_subject
from ryoji.evidence.screening.rules import ScreeningRules
from ryoji.evidence.screening.subject import Subject, subject_of
from ryoji.evidence.screening.watch_list import Entry, WatchList, compile_version
from simulators.watch_list.people import (
    OWN_TABLE,
    VARIANTS,
    Person,
    Variant,
    entries,
    native_entry_of,
    people,
    pools,
    spelled_abroad,
)

T = TypeVar("T")
RULES = Path(__file__).resolve().parent.parent / "procedures" / "rules" / "screening.yaml"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
LISTED, STRANGERS, LARGE = 5_000, 2_000, 100_000
PER_VARIANT, NAMESAKES, EARLIER, DOCUMENTS = 100, 500, 1_000, 1_000
SECONDS = 0.5
# What share of applicants is on the list.
HALF_LISTED = "one_listed_in_2"
BASE_RATES = {HALF_LISTED: 1 / 2, "one_listed_in_1000": 1 / 1000}
LEAST_FOUND, LEAST_PRECISION, MOST_OTHER_DOCUMENTS, LEAST_PHONES = 0.93, 0.9, 0.01, 0.95
OF_THE_REST = "the rest"
# A zone that is too narrow leaves a surname and a beginning; and one given name of four is not much of a name.
LEAST_OF_CHANGE = {
    OF_THE_REST: 0.9,
    "fewer_names": 0.7,
    "truncated": 0.7,
    "spelled_abroad": 0.85,
    "in_the_zone": 0.85,
}
LEAST_OF_CULTURE = {OF_THE_REST: 0.85, "indonesian": 0.8}
LEAST_OF_NATIVE = {OF_THE_REST: 0.97}
LEAST_OF_NATIVE_ABROAD = {OF_THE_REST: 0.8, "indonesian": 0.65}
LEAST_EARLIER = {OF_THE_REST: 0.9, "fewer_names": 0.75, "truncated": 0.7, "spelled_abroad": 0.85}
# What readers take for each other most often (Doc 9303 leaves both in numbers).
LOOK_ALIKE = {"0": "O", "1": "I", "8": "B", "5": "S", "2": "Z"}
# The same number as its owner writes it at home, with the country's code, without the plus, and from abroad.
PHONES: dict[str, tuple[str, ...]] = {
    "IDN": ("0812-3456-789", "+62 812 3456 789", "62 812 3456 789", "0062 812 3456789"),
    "EGY": ("0100 123 4567", "+20 100 123 4567", "201001234567", "00201001234567"),
    "GBR": ("07400 123456", "+44 7400 123456", "447400123456", "+44 (0)7400 123456"),
    "CHN": ("138 0013 8000", "+86 138 0013 8000", "8613800138000", "+86-138-0013-8000"),
    "IND": ("098765 43210", "+91 98765 43210", "919876543210", "98765-43210"),
    "JPN": ("03-1234-5678", "+81 3-1234-5678", "81312345678", "０３（１２３４）５６７８"),
}
# Addresses as two people write the same one. The last two do not meet, and are counted all the same.
ADDRESSES: tuple[tuple[str, str], ...] = (
    ("東京都千代田区霞が関2丁目2番1号", "東京都千代田区霞が関２－２－１"),
    ("5 Main Street, Springfield", "MAIN STREET 5 SPRINGFIELD"),
    ("Jl. Sudirman 12, Jakarta 10220", "Jakarta 10220, jl sudirman 12"),
    ("北京市朝阳区建国路1号", "北京市朝阳区建国路１号"),
    ("Tokyo, Minato-ku, Shibakoen 4-2-8", "4-2-8 Shibakoen, Minato-ku, Tokyo"),
    ("5 Main Street, Springfield", "5 Main St., Springfield"),
    ("東京都港区芝公園4-2-8", "4-2-8 Shibakoen, Minato-ku, Tokyo"),
)


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
IN_ARABIC_LETTERS = People("names_in_arabic_letters", 20261130, 6007)
SETS = {"tuned_on": TUNED, "held_out": HELD_OUT, "in_arabic_letters": IN_ARABIC_LETTERS}


@dataclass(frozen=True)
class Answer:
    """Whether somebody was found who had changed, and of which culture their name is."""

    change: str
    culture: str
    found: bool


def share_found(answers: Iterable[Answer]) -> float:
    """The share of those asked about who were found."""
    return statistics.fmean(each.found for each in answers)


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


def sensitivity(watch_list: WatchList, of: People, held: ScreeningRules) -> list[Answer]:
    """Of people on the list who apply under a changed name or date, who is found."""
    chance = random.Random(of.listed)
    on_list = _persons_listed(of)
    return [
        Answer(name, changed.culture, _finds(watch_list, changed, number, held))
        for name, change in VARIANTS.items()
        for number, changed in _changed(on_list, change, of.each, chance)
    ]


def _changed(
    persons: dict[str, Person], change: Variant, most: int, chance: random.Random
) -> Iterator[tuple[str, Person]]:
    """At most so many people whom the change makes another, by their number."""
    numbers = sorted(persons)
    chance.shuffle(numbers)
    changed = ((number, change(persons[number], chance)) for number in numbers)
    return islice((each for each in changed if each[1] != persons[each[0]]), most)


def _finds(watch_list: WatchList, person: Person, number: str, held: ScreeningRules) -> bool:
    return any(match.entry.entry_id == number for match in ask(watch_list, applying(person), held))


def _persons_listed(of: People) -> dict[str, Person]:
    by_number = {
        f"E{number:06d}": person for number, person in enumerate(people(of.entries, of.listed, of.names))
    }
    lists = {entry["entry_id"] for entry in entries(of.entries, of.listed, of.names)}
    return {number: person for number, person in by_number.items() if number in lists}


def native_alone(of: People, held: ScreeningRules) -> list[Answer]:
    """Of people who are listed with their native name alone, who is found by the passport's, and by another."""
    chance = random.Random(of.listed)
    listed = {f"E{number:06d}": each for number, each in enumerate(people(of.entries, of.listed, of.names))}
    made = [
        Entry.model_validate(native_entry_of(each, number)) for number, each in enumerate(listed.values())
    ]
    watch_list = WatchList(compile_version(made, MADE_AT))
    answers = []
    for culture in sorted(pools(of.names)):
        of_culture = {number: each for number, each in listed.items() if each.culture == culture}
        chosen = chance.sample(sorted(of_culture), min(of.each, len(of_culture)))
        asked = {
            "native": [(number, of_culture[number]) for number in chosen],
            "native_abroad": list(_changed(of_culture, spelled_abroad, of.each, chance)),
        }
        answers += [
            Answer(name, culture, _finds(watch_list, person, number, held))
            for name, persons in asked.items()
            for number, person in persons
        ]
    return answers


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


@dataclass(frozen=True)
class EarlierFound:
    """Earlier cases found by a name and birth date that were changed, and strangers to whom one is told."""

    answers: list[Answer]
    strangers: float


def earlier_found(of: People, held: ScreeningRules, count: int = EARLIER) -> EarlierFound:
    """Of people who applied before, how many are found by the marks of their name and birth date when both changed."""
    before = {f"E{number:06d}": each for number, each in enumerate(people(count, of.listed, of.names))}
    kept: dict[str, set[str]] = {}
    for number, person in before.items():
        for mark in applying(person, native=True).found_by:
            kept.setdefault(mark.value, set()).add(number)

    def found(person: Person) -> set[str]:
        subject = applying(person)
        sharing: set[str] = set().union(*(kept.get(mark.value, set()) for mark in subject.found_by))
        return {each for each in sharing if match_subject(subject, applying(before[each], native=True), held)}

    chance = random.Random(of.listed)
    answers = [
        Answer(name, changed.culture, number in found(changed))
        for name, change in VARIANTS.items()
        for number, changed in _changed(before, change, of.each, chance)
    ]
    strangers = people(of.unlisted, of.strangers, of.names)
    return EarlierFound(answers, statistics.fmean(bool(found(each)) for each in strangers))


def documents_found(held: ScreeningRules, count: int = DOCUMENTS) -> dict[str, float]:
    """Of passports on the list, the share found: exactly, with one character misread, and listed under `D`."""
    chance = random.Random(count)
    numbers = [f"{chance.choice('EGKP')}{chance.randrange(10**8):08d}" for _ in range(2 * count)]
    listed, others = numbers[:count], numbers[count:]
    watch_list = WatchList(compile_version([_lost(number) for number in listed], MADE_AT))

    def found(number: str) -> bool:
        document = {"issuing_state": "DEU", "number": number}
        return bool(ask(watch_list, subject_of({"travel_document": document}), held))

    misread = [each for number in listed if (each := _misread(number, chance)) != number]
    return {
        "exactly": statistics.fmean(map(found, listed)),
        "misread": statistics.fmean(map(found, misread)),
        "of_others": statistics.fmean(map(found, others)),
    }


def _lost(number: str) -> Entry:
    # As a zone writes Germany.
    document = {"issuing_state": "D", "number": number}
    return Entry.model_validate(
        {
            "list_id": "lost",
            "entry_id": number,
            "documents": [document],
            "ground": "lost",
            "source": "Made up",
        }
    )


def _misread(number: str, chance: random.Random) -> str:
    places = [place for place, char in enumerate(number) if char in LOOK_ALIKE]
    if not places:
        return number
    place = chance.choice(places)
    return f"{number[:place]}{LOOK_ALIKE[number[place]]}{number[place + 1 :]}"


def marks_shared() -> dict[str, float]:
    """Of pairs of writings of one telephone number, and of one address, the share that meet in a mark."""
    phones = [
        _share({"phone": one, "country_of_residence": state}, {"phone": other, "country_of_residence": state})
        for state, written in PHONES.items()
        for one, other in combinations(written, 2)
    ]
    addresses = [_share({"address": one}, {"address": other}) for one, other in ADDRESSES]
    return {"phone": statistics.fmean(phones), "address": statistics.fmean(addresses)}


def _share(one: dict[str, str], other: dict[str, str]) -> bool:
    marks = [set(subject_of({"traveller": told}).marks) for told in (one, other)]
    return bool(marks[0] & marks[1])


def measure() -> list[Figure]:
    """All figures: of the three sets, of documents and marks, and of speed."""
    held = rules()
    figures = [figure for name, of in SETS.items() for figure in quality(f"screening.{name}", of, held)]
    return [*figures, *_of_documents_and_marks(held), *_speed(held)]


def quality(begin: str, of: People, held: ScreeningRules) -> list[Figure]:
    """What is found of one set of people, and who is found that should not be."""
    watch_list, _ = made_list(of)
    answers = sensitivity(watch_list, of, held)
    strangers = strangers_hit(watch_list, of, held) / of.unlisted
    share = share_found(each for each in answers if each.change != OWN_TABLE)
    native, earlier = native_alone(of, held), earlier_found(of, held)
    return [
        *_floors(f"{begin}.found", by_change(answers), LEAST_OF_CHANGE),
        *_floors(f"{begin}.found_of", by_culture(answers), LEAST_OF_CULTURE),
        *_floors(f"{begin}.native_alone", by_culture(native, "native"), LEAST_OF_NATIVE),
        *_floors(f"{begin}.native_alone_abroad", by_culture(native, "native_abroad"), LEAST_OF_NATIVE_ABROAD),
        at_least(f"{begin}.sensitivity", share, "share", LEAST_FOUND),
        *_precisions(begin, share, strangers),
        counted(f"{begin}.strangers_hit", strangers, "share"),
        counted(f"{begin}.namesakes_hit", namesakes_hit(watch_list, of, held) / NAMESAKES, "share"),
        *_floors(f"{begin}.earlier", by_change(earlier.answers), LEAST_EARLIER),
        counted(f"{begin}.earlier.strangers_hit", earlier.strangers, "share"),
    ]


def by_change(answers: Iterable[Answer]) -> dict[str, float]:
    """The share found, by how people had changed."""
    return _by(answers, lambda each: each.change)


def by_culture(answers: Iterable[Answer], change: str | None = None) -> dict[str, float]:
    """The share found, by culture: of one change, or of all."""
    return _by((each for each in answers if change in (None, each.change)), lambda each: each.culture)


def _by(answers: Iterable[Answer], key: Callable[[Answer], str]) -> dict[str, float]:
    ordered = sorted(answers, key=key)
    return {name: share_found(some) for name, some in groupby(ordered, key)}


def _floors(begin: str, shares: dict[str, float], floors: Mapping[str, float]) -> list[Figure]:
    """Each share with the least that it may be: its own, or that of the rest."""
    return [
        at_least(f"{begin}.{name}", share, "share", floors.get(name, floors[OF_THE_REST]))
        for name, share in shares.items()
    ]


def _precisions(begin: str, found: float, false: float) -> list[Figure]:
    told = {name: _precision(found, false, listed) for name, listed in BASE_RATES.items()}
    return [
        at_least(f"{begin}.precision.{HALF_LISTED}", told.pop(HALF_LISTED), "share", LEAST_PRECISION),
        *(counted(f"{begin}.precision.{name}", share, "share") for name, share in told.items()),
    ]


def _precision(found: float, false: float, listed: float) -> float:
    """What part of the hits is about whom it says, where such a share of applicants is on the list."""
    true = found * listed
    return true / (true + false * (1 - listed)) if found + false else 0.0


def _of_documents_and_marks(held: ScreeningRules) -> list[Figure]:
    documents, shared = documents_found(held), marks_shared()
    return [
        at_least("screening.documents.exactly", documents["exactly"], "share", 1),
        at_least("screening.documents.misread", documents["misread"], "share", 1),
        at_most("screening.documents.of_others", documents["of_others"], "share", MOST_OTHER_DOCUMENTS),
        at_least("screening.shared.phone", shared["phone"], "share", LEAST_PHONES),
        counted("screening.shared.address", shared["address"], "share"),
    ]


def _speed(held: ScreeningRules) -> list[Figure]:
    building = _seconds(lambda: made_list(replace(TUNED, listed=3, entries=LARGE)))
    _, data = building[1]
    opening = _seconds(lambda: WatchList(data))
    watch_list = opening[1]
    subjects = [applying(person, native=index % 2 == 0) for index, person in enumerate(people(100, 5))]
    # A worker opens the file and has not made it: what is left of the making is not looked through for garbage.
    gc.collect()
    gc.freeze()
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
