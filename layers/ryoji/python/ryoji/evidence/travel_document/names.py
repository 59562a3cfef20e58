"""Names as the zone prints them: splitting, truncation, comparison (ICAO Doc 9303 parts 3 to 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ryoji.evidence.travel_document.check_digits import FILLER
from ryoji.evidence.travel_document.transliteration import components, latin, matches

Likeness = Literal["same", "truncated", "joined", "reordered", "different"]


@dataclass(frozen=True)
class PrintedName:
    """A name field taken apart. `possibly_truncated`: a letter stands in the last position."""

    surname: tuple[str, ...]
    given_names: tuple[str, ...]
    possibly_truncated: bool


def read_name(field: str) -> PrintedName:
    """Take the name field of a zone apart; components are separated by one filler, identifiers by two."""
    primary, _, secondary = field.strip(FILLER).partition(FILLER * 2)
    return PrintedName(
        surname=_parts(primary),
        given_names=_parts(secondary),
        possibly_truncated=bool(field) and field[-1] != FILLER,
    )


def has_letters_past_names(field: str) -> bool:
    """Whether letters stand where the names are over: behind three fillers, or behind a second pair of them.

    What remains of the field is fillers (part 4, section 4.2.3), so such letters are a recogniser's.
    """
    inner = field.strip(FILLER)
    return FILLER * 3 in inner or inner.count(FILLER * 2) > 1


def print_name(surname: str, given_names: str, width: int) -> str:
    """The name field of `width` characters, shortened by the rules of part 4, section 4.2.3 when it is too long.

    Components are shortened from the last one backwards, down to an initial; components that still do not
    fit are dropped. The last position of a shortened name is a letter, which says that it was shortened.
    """
    primary = _parts(latin(surname))
    secondary = _parts(latin(given_names))
    while _length(primary, secondary) > width:
        shorter = _shortened(primary, secondary, _length(primary, secondary) - width)
        if shorter == (primary, secondary):
            break
        primary, secondary = shorter
    return _joined(primary, secondary).ljust(width, FILLER)


def likeness(typed_surname: str, typed_given: str, printed: PrintedName) -> Likeness:
    """How a typed name stands to a printed one; every transliteration counts.

    `truncated`: equal as far as the zone had room. `joined`: the same letters, divided otherwise.
    `reordered`: the same components in another order or on the other side of surname and given names.
    """
    surname, given = components(typed_surname), components(typed_given)
    if _all_match(surname, printed.surname) and _all_match(given, printed.given_names):
        return "same"
    if printed.possibly_truncated and _match_truncated(surname, given, printed):
        return "truncated"
    if matches("".join(surname), "".join(printed.surname)) and matches(
        "".join(given), "".join(printed.given_names)
    ):
        return "joined"
    if _match_in_any_order((*surname, *given), (*printed.surname, *printed.given_names)):
        return "reordered"
    return "different"


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(FILLER) if part)


def _joined(primary: tuple[str, ...], secondary: tuple[str, ...]) -> str:
    identifiers = [FILLER.join(primary), FILLER.join(secondary)]
    return (FILLER * 2).join(identifier for identifier in identifiers if identifier)


def _length(primary: tuple[str, ...], secondary: tuple[str, ...]) -> int:
    return len(_joined(primary, secondary))


def _shortened(
    primary: tuple[str, ...], secondary: tuple[str, ...], excess: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for index in reversed(range(len(secondary))):
        if len(secondary[index]) > 1:
            return primary, _cut(secondary, index, excess)
    for index in reversed(range(len(primary))):
        if len(primary[index]) > 1:
            return _cut(primary, index, excess), secondary
    if len(secondary) > 1:
        return primary, secondary[:-1]
    return primary[: max(1, len(primary) - 1)], secondary


def _cut(parts: tuple[str, ...], index: int, excess: int) -> tuple[str, ...]:
    kept = parts[index][: max(1, len(parts[index]) - excess)]
    return (*parts[:index], kept, *parts[index + 1 :])


def _all_match(typed: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    return len(typed) == len(printed) and all(map(matches, typed, printed))


def _match_truncated(surname: tuple[str, ...], given: tuple[str, ...], printed: PrintedName) -> bool:
    return _begin_alike(surname, printed.surname) and _begin_alike(given, printed.given_names)


def _begin_alike(typed: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    if len(printed) > len(typed) or (typed and not printed):
        return False
    pairs = zip(typed, printed, strict=False)
    return all(matches(one, other, as_prefix=True) or matches(one, other) for one, other in pairs)


def _match_in_any_order(typed: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    left = list(printed)
    for component in typed:
        found = next((part for part in left if matches(component, part)), None)
        if found is None:
            return False
        left.remove(found)
    return not left
