"""Made-up people by a seeded generator, and how somebody else would write them down."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from ryoji.evidence.screening.latin import latin_forms, parts_of
from ryoji.evidence.travel_document.names import print_name, read_name

_FIRST_YEAR, _LAST_YEAR = 1945, 2006
_LOST_SHARE = 0.1
NAMES = "names"


@dataclass(frozen=True)
class Person:
    """A made-up person: names native and as in the passport, birth date ISO, nationality, sex, passport number."""

    culture: str
    native_surname: str
    native_given: str
    surname: str
    given: str
    birth_date: str
    nationality: str
    sex: str
    number: str

    @property
    def native(self) -> str:
        """The whole native name as it is written."""
        between = "" if self.culture == "chinese" else " "
        return f"{self.native_surname}{between}{self.native_given}"


@cache
def pools(names: str) -> dict[str, dict[str, list[list[str]]]]:
    """The names of a file beside this one: by culture its nationality, surnames and given names."""
    found: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(
        (Path(__file__).parent / f"{names}.yaml").read_text(encoding="utf-8")
    )
    return found


def people(count: int, seed: int, names: str = NAMES) -> Iterator[Person]:
    """So many people; the same seed and names give the same ones. Some share a name, as people do."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    cultures = sorted(pools(names))
    for _ in range(count):
        culture = chance.choice(cultures)
        pool = pools(names)[culture]
        surname, given = chance.choice(pool["surnames"]), list(chance.choice(pool["given"]))
        if culture != "chinese" and chance.random() < 0.6:
            # Second given names keep strangers with the same name rarer than the small pools make them.
            second = chance.choice(pool["given"])
            given = [f"{given[0]} {second[0]}", f"{given[1]} {second[1]}"]
        yield Person(
            culture=culture,
            native_surname=surname[0],
            native_given=given[0],
            surname=surname[1],
            given=given[1],
            birth_date=_date(chance),
            nationality=str(pool["nationality"]),
            sex=chance.choice("FM"),
            number=f"{chance.choice('ABCEGHKL')}{chance.choice('ABDKOS')}{chance.randrange(10**7):07d}",
        )


def _date(chance: random.Random) -> str:
    year, month, day = chance.randint(_FIRST_YEAR, _LAST_YEAR), chance.randint(1, 12), chance.randint(1, 28)
    return f"{year}-{month:02d}-{day:02d}"


def entry_of(person: Person, number: int, chance: random.Random) -> dict[str, object]:
    """The person as a list has them: often with the native name, the date sometimes known in part or not at all."""
    names: list[dict[str, str]] = [{"surname": person.surname, "given_names": person.given}]
    if chance.random() < 0.5:
        names.append({"full": person.native})
    roll = chance.random()
    partial = f"{person.birth_date[:4]}-XX-XX"
    dates = [] if roll < 0.05 else [partial] if roll < 0.2 else [person.birth_date]
    documents = (
        [{"issuing_state": person.nationality, "number": person.number}] if chance.random() < 0.3 else []
    )
    return {
        "list_id": chance.choice(("entry-ban", "wanted")),
        "entry_id": f"E{number:06d}",
        "names": names,
        "birth_dates": dates,
        "nationalities": [person.nationality] if chance.random() < 0.9 else [],
        "sex": person.sex,
        "documents": documents,
        "ground": chance.choice(("deported", "overstayed", "sanctions", "crime")),
        "source": "Made up for the sandbox",
    }


def lost_document(number: int, chance: random.Random) -> dict[str, object]:
    """A passport that was reported lost or stolen."""
    return {
        "list_id": "lost-documents",
        "entry_id": f"L{number:06d}",
        "documents": [
            {
                "issuing_state": chance.choice(("CHN", "DEU", "EGY", "IDN", "RUS", "UKR")),
                "number": f"{chance.choice('EGKP')}{chance.randrange(10**8):08d}",
            }
        ],
        "ground": chance.choice(("lost", "stolen")),
        "source": "Made up for the sandbox",
    }


def entries(count: int, seed: int, names: str = NAMES) -> Iterator[dict[str, object]]:
    """A list of so many entries, one in ten of them a lost document."""
    chance = random.Random(seed + 1)  # noqa: S311 - made-up people
    for number, person in enumerate(people(count, seed, names)):
        lost = chance.random() < _LOST_SHARE
        yield lost_document(number, chance) if lost else entry_of(person, number, chance)


def native_entry_of(person: Person, number: int) -> dict[str, object]:
    """The person as a list has them that was written at home: the native name alone."""
    return {
        "list_id": "from-home",
        "entry_id": f"E{number:06d}",
        "names": [{"full": person.native}],
        "birth_dates": [person.birth_date],
        "nationalities": [person.nationality],
        "sex": person.sex,
        "ground": "crime",
        "source": "Made up for the benchmark",
    }


Variant = Callable[[Person, random.Random], Person]
"""How somebody else writes a person down; the same person where there is no other way."""


@cache
def spellings() -> dict[str, dict[str, list[str]]]:
    """Other spellings by culture and by how a passport writes a part: spellings.yaml, made by hand."""
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / "spellings.yaml").read_text(encoding="utf-8")
    )
    return found


def in_the_zone(person: Person, chance: random.Random) -> Person:
    """As a zone prints the native name, one of the ways that Doc 9303 part 3 section 6 leaves open.

    The matcher reads the same tables: what is found says that they are used, not how the world writes.
    """
    if person.culture == "chinese":
        return person

    def again(native: str) -> str:
        return " ".join(chance.choice(latin_forms(part) or (part,)) for part in parts_of(native))

    return replace(person, surname=again(person.native_surname), given=again(person.native_given))


def spelled_abroad(person: Person, chance: random.Random) -> Person:
    """Every part that has another spelling in spellings.yaml in one of them; of Chinese names, Wade-Giles."""
    known = spellings()[person.culture]

    def again(name: str) -> str:
        return " ".join(chance.choice(known.get(part, [part])) for part in name.split())

    return replace(person, surname=again(person.surname), given=again(person.given))


def swapped_order(person: Person, _chance: random.Random) -> Person:
    """Surname and given names changed about."""
    return replace(person, surname=person.given, given=person.surname)


def typing_error(person: Person, chance: random.Random) -> Person:
    """One letter wrong, missing, doubled or changed with its neighbour, in the longer of the two names."""

    def mistyped(name: str) -> str:
        place = chance.randrange(1, max(2, len(name) - 1))
        return chance.choice(
            (
                name[:place] + chance.choice("AEIORSTNLM") + name[place + 1 :],
                name[:place] + name[place + 1 :],
                name[:place] + name[place] + name[place:],
                name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :],
            )
        )

    if len(person.surname) > len(person.given):
        return replace(person, surname=mistyped(person.surname))
    return replace(person, given=mistyped(person.given))


def truncated(person: Person, _chance: random.Random) -> Person:
    """As a zone that is too narrow prints it (Doc 9303 part 4 section 4.2.3)."""
    width = max(8, int((len(person.surname) + len(person.given) + 2) * 0.75))
    printed = read_name(print_name(person.surname, person.given, width))
    return replace(person, surname=" ".join(printed.surname), given=" ".join(printed.given_names))


def initials(person: Person, _chance: random.Random) -> Person:
    """The given names as their first letters."""
    return replace(person, given=" ".join(part[0] for part in person.given.split()))


def fewer_names(person: Person, _chance: random.Random) -> Person:
    """The first given name alone."""
    return replace(person, given=person.given.split()[0])


def joined_parts(person: Person, _chance: random.Random) -> Person:
    """What has parts written without spaces."""
    return replace(person, surname=person.surname.replace(" ", ""), given=person.given.replace(" ", ""))


def swapped_date(person: Person, _chance: random.Random) -> Person:
    """Day and month changed about, where that gives a date."""
    year, month, day = person.birth_date.split("-")
    return replace(person, birth_date=f"{year}-{day}-{month}") if int(day) <= 12 else person


def wrong_digit(person: Person, chance: random.Random) -> Person:
    """One digit of the date wrong."""
    digit = chance.choice([each for each in "012345678" if each != person.birth_date[9]])
    return replace(person, birth_date=f"{person.birth_date[:9]}{digit}")


def year_alone(person: Person, _chance: random.Random) -> Person:
    """Only the year of birth is known."""
    return replace(person, birth_date=f"{person.birth_date[:4]}-XX-XX")


OWN_TABLE = "in_the_zone"
VARIANTS: dict[str, Variant] = {
    OWN_TABLE: in_the_zone,
    "spelled_abroad": spelled_abroad,
    "order": swapped_order,
    "typing_error": typing_error,
    "truncated": truncated,
    "initials": initials,
    "fewer_names": fewer_names,
    "joined": joined_parts,
    "date_swapped": swapped_date,
    "date_digit": wrong_digit,
    "date_year_alone": year_alone,
}
