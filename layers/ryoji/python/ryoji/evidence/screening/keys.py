"""Keys that bring an entry before the comparison. They are coarse: what shares none of them is never compared.

A person is found by two parts of the name (one by its sound, the other by how its sound begins), by one part and the
year or the day of birth, by the whole birth date, or by the whole name written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ryoji.evidence.screening.names import Name
from ryoji.evidence.screening.parts import Part, joined
from ryoji.evidence.screening.sound import SHORT

SCHEME = 3
"""Changes with the keys: a version that was made with others is not asked. A test holds examples.

Marks of cases (`keys_of_earlier`) have no scheme and are kept for years: new ones may be added, none is made otherwise.
"""

_MOST_SOUNDS = 8
# Each is a query and a call for its hash.
_MOST_SOUNDS_OF_EARLIER = 4
_BEGINNING = 4
# What readers and writers of numbers take for each other (ryoji.evidence.travel_document.confusions, the likely ones).
_LOOK_ALIKE = str.maketrans(
    {"O": "0", "D": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
)


def keys_of_person(name: Name, birth_dates: Iterable[str]) -> set[str]:
    """The keys of one name with its birth dates (ISO, `XX` for what is not known)."""
    dates = tuple(birth_dates)
    return {
        *_of_pairs(name),
        *_whole(name),
        *_with_dates(name, dates),
        *(f"B{each}" for each in dates if "X" not in each),
    }


def keys_of_document(state: str, number: str) -> tuple[str, str]:
    """The key of exactly this document, and that of every number which may be taken for it."""
    return f"N{state}|{number}", f"n{look_alike(number)}"


def keys_of_earlier(name: Name, birth_date: str) -> set[str]:
    """The keys under which cases of nearly the same person are found; few strangers share one.

    One part by its sound with the whole birth date; the whole name's sound, or that with one sound left out, with the
    whole date; and the whole name's sound with two of year, month and day,
    or with day and month in either order. Of a date that is known in part, the whole name's sound with what is known.
    """
    most = _MOST_SOUNDS_OF_EARLIER
    whole = (
        [sound for sound in _sounds(joined(name.parts), most) if not _is_short(sound)] if name.parts else []
    )
    known_in_part = {f"W{sound}|{each}" for sound in whole for each in _parts_of_date(birth_date)}
    if "X" in birth_date:
        return known_in_part
    parts = (sound for part in name.parts if not part.is_particle for sound in _sounds(part, most))
    without_one = (
        sound[:at] + sound[at + 1 :] for sound in whole if "'" not in sound for at in range(len(sound))
    )
    return {
        *known_in_part,
        *(f"E{sound}|{birth_date}" for sound in parts if not _is_short(sound)),
        *(f"W{sound}|{birth_date}" for sound in (*whole, *without_one) if not _is_short(sound)),
    }


def _parts_of_date(date: str) -> tuple[str, ...]:
    """What of a date is looked up: two of year, month and day, and month and day in either order.

    A year alone is each of its months, under which whole dates are kept: cases with either find each other.
    """
    year, month, day = date.split("-")
    if year == "XXXX":
        return (f"{month}-{day}",) if "XX" not in (month, day) else ()
    if month == "XX":
        return tuple(f"{year}-{each:02d}" for each in range(1, 13)) if day == "XX" else (f"{year}--{day}",)
    if day == "XX":
        return (f"{year}-{month}",)
    exchanged = f"{year}~{'-'.join(sorted((month, day)))}"
    return f"{year}-{month}", f"{year}--{day}", f"{month}-{day}", exchanged


def look_alike(number: str) -> str:
    """A number with the characters folded that are taken for each other: O and 0, I and 1, B and 8 …"""
    return number.translate(_LOOK_ALIKE)


def _sounds(part: Part, most: int = _MOST_SOUNDS) -> list[str]:
    syllables = sorted(part.chinese)[:most] if part.is_chinese else []
    # Those by the article last: marks that were kept before there were any are still made.
    sounds = sorted(part.skeletons, key=lambda sound: (sound in part.by_article, sound))
    return [*sounds[:most], *(f"'{each}" for each in syllables)]


def _parts(name: Name) -> list[tuple[tuple[int, ...], Part]]:
    """Each part, and each two neighbours as they are when written together."""
    single = [((index,), each) for index, each in enumerate(name.parts) if not each.is_particle]
    two = [
        ((index, index + 1), joined(name.parts[index : index + 2])) for index in range(len(name.parts) - 1)
    ]
    return [*single, *two] if single else [((index,), each) for index, each in enumerate(name.parts)]


def _of_pairs(name: Name) -> Iterator[str]:
    parts = _parts(name)
    for places, part in parts:
        for others, other in parts:
            if set(places) & set(others) or len(places) + len(others) > 3:
                continue
            begins = {sound[:2] if sound.startswith("'") else sound[:1] for sound in _sounds(other)}
            for sound in _sounds(part):
                if not _is_short(sound):
                    yield from (f"P{sound}|{begin}" for begin in begins)
                if len(sound) >= _BEGINNING:  # names are cut where the zone ends
                    yield from (f"T{sound[:_BEGINNING]}|{begin}" for begin in begins)


def _is_short(sound: str) -> bool:
    return len(sound) < SHORT


def _whole(name: Name) -> Iterator[str]:
    if len(name.parts) <= 3:
        whole = joined(name.parts)
        yield from (f"M{sound}" for sound in _sounds(whole) if not _is_short(sound))


def _with_dates(name: Name, dates: tuple[str, ...]) -> Iterator[str]:
    for _, part in _parts(name):
        for sound in _sounds(part):
            for each in dates:
                year, _, day = each.partition("-")
                if "X" not in year:
                    yield f"Y{sound}|{year}"
                if "X" not in day:
                    yield f"D{sound}|{day}"
