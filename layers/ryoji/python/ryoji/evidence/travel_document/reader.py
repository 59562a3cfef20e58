"""Reading the machine-readable zone of a travel document out of recognised text (ICAO Doc 9303 parts 3 to 7).

A reading is never better than what was read: every edit is on record, and where two corrections are about as good
as each other the reading is ambiguous and a person must look.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ryoji.evidence.travel_document.check_digits import DIGITS, FILLER, are_blind
from ryoji.evidence.travel_document.confusions import FILLER_READ_AS, choices
from ryoji.evidence.travel_document.correction import (
    MOST_COST,
    WRONG_DIGIT,
    Edit,
    Fit,
    Reach,
    corrections,
    fits,
    is_well_formed,
)
from ryoji.evidence.travel_document.document import (
    Check,
    Correction,
    MrzFields,
    checks,
    has_possible_dates,
    layout_of,
    read_fields,
)
from ryoji.evidence.travel_document.layouts import LAYOUTS, Format, Layout
from ryoji.evidence.travel_document.lines import OcrLine, Row, distance, lines_of, rows_of
from ryoji.evidence.travel_document.names import has_letters_past_names

CLEAR_LEAD = 0.75
"""How much cheaper the best correction must be than the next one to be believed."""

_MOST_GUESSES = 2
"""Characters that may be changed on the word of check digits alone."""

_WITNESS_SPREAD = 1.25
"""How much dearer than the best a correction may be that the number printed on the page still speaks for."""

_CARD_SPREAD = 2.5
_ENOUGH_DATE_PLACES = 10
_FEWEST_DIGITS = 6
_NEARLY_DIGITS = frozenset(DIGITS + "OQDILZSBGA?<")
_UNLIKE_THEIR_CAPITALS = frozenset("abdefghijmnqrt")
_SHIFTS = range(-4, 10)
_FARTHEST_ROW = 4.5
_NEAREST_ROW = 0.5
_MOST_PARTNERS = 3
_KEPT = 40
_MOST_SURPLUS = 4

Ambiguity = Literal["two_documents", "corrections", "number", "names"]


class Reading(BaseModel):
    """What was read of one picture. `valid`: every check digit is right after the listed corrections, and it is one.

    `ambiguity` says why a person must look: two documents, corrections that are about as good as each other or that
    pushed optional data along, a number with a filler inside that the page does not print so, letters where no name
    can be.
    `blind` lists places of the document number where a look-alike has the same value to every check digit.
    `seen_on_page` names the fields that also stand elsewhere on the picture exactly as the zone has them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format | None = None
    valid: bool = False
    ambiguous: bool = False
    ambiguity: Ambiguity | None = None
    lines: tuple[str, ...] = ()
    raw_lines: tuple[str, ...] = ()
    fields: MrzFields = MrzFields()
    corrections: tuple[Correction, ...] = ()
    checks: tuple[Check, ...] = ()
    blind: tuple[int, ...] = ()
    seen_on_page: tuple[str, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True)
class _Candidate:
    """One way to read some rows as one document."""

    layout: Layout
    rows: tuple[Row, ...]
    fits: tuple[Fit, ...]
    cost: float
    sound: bool
    believable: bool = True
    """Whether its guesses need no second witness."""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(fit.text for fit in self.fits)

    @property
    def members(self) -> frozenset[int]:
        return frozenset(member for row in self.rows for member in row.members)


def read_response(textract_response: dict[str, Any], today: date) -> Reading:
    """Read the zone out of a DetectDocumentText response; `today` decides the centuries of dates."""
    return read_mrz(lines_of(textract_response), today)


def read_mrz(lines: Sequence[OcrLine], today: date) -> Reading:
    """Read the zone out of recognised lines; a Reading without a format when there is none."""
    rows = rows_of(lines)
    candidates = _exact(rows) or _corrected(rows)
    if not candidates:
        return Reading()
    best = min(candidates, key=lambda candidate: candidate.cost)
    return _reading(best, candidates, lines, today)


def best_of(readings: Sequence[Reading]) -> Reading:
    """The best of several looks at one picture: valid before not, fewer edits before more, earlier before later.

    Two looks that are valid and say different things leave the reading ambiguous.
    """
    if not readings:
        return Reading()
    best = min(
        readings,
        key=lambda reading: (
            not reading.valid,
            not reading.ambiguous,
            reading.format is None,
            len(reading.corrections),
        ),
    )
    if best.valid and any(other.valid and other.lines != best.lines for other in readings):
        return best.model_copy(update={"valid": False, "ambiguous": True, "ambiguity": "corrections"})
    return best


def _exact(rows: tuple[Row, ...]) -> list[_Candidate]:
    """Rows that are a sound zone just as they were read: most good pictures, and no search is needed."""
    found: list[_Candidate] = []
    for anchor in rows:
        for layout in LAYOUTS.values():
            if len(anchor.glyphs) == layout.length and _may_hold_dates(anchor, layout):
                found += _exact_around(anchor, rows, layout)
    # One exact document does not rule out a second one that was read less well.
    return found if found and not _may_hold_more(found, rows) else []


def _exact_around(anchor: Row, rows: tuple[Row, ...], layout: Layout) -> list[_Candidate]:
    return [
        _Candidate(layout, group, tuple(Fit(row.text, 0.0, ()) for row in group), 0.0, sound=True)
        for group in _groups(anchor, rows, layout, exact=True)
        if _is_exact(layout, group)
    ]


def _is_exact(layout: Layout, group: tuple[Row, ...]) -> bool:
    lines = tuple(row.text for row in group)
    if layout_of(lines) is not layout or not _is_as_written(group) or not is_well_formed(layout, lines):
        return False
    # Names have no digit to say that they are right; they must at least ask for no edit.
    names = layout.field("name").span.line
    likeliest = fits(group[names - 1].glyphs, layout, names, Reach(1, 0.0))
    return _is_sound(layout, lines) and likeliest[:1] != () and likeliest[0].text == lines[names - 1]


def _is_as_written(group: tuple[Row, ...]) -> bool:
    return all(glyph.written == glyph.char for row in group for glyph in row.glyphs)


def _may_hold_more(found: list[_Candidate], rows: tuple[Row, ...]) -> bool:
    used = frozenset(member for candidate in found for member in candidate.members)
    return any(
        _may_hold_dates(row, layout)
        for row in rows
        if used.isdisjoint(row.members)
        for layout in LAYOUTS.values()
        if len(row.glyphs) >= layout.length - 8
    )


@dataclass(frozen=True)
class _Fitter:
    """Fits of rows, kept for one picture: a row is a candidate beside several others. Never kept any longer."""

    known: dict[tuple[tuple[int, ...], Format, int, float], tuple[float, tuple[Fit, ...]]]

    def of(self, row: Row, layout: Layout, line: int, reach: Reach) -> tuple[Fit, ...]:
        key = (row.members, layout.format, line, reach.spread)
        ceiling, found = self.known.get(key, (-1.0, ()))
        if ceiling < reach.ceiling:
            found = fits(row.glyphs, layout, line, reach)
            self.known[key] = (reach.ceiling, found)
        return tuple(fit for fit in found if fit.cost <= reach.ceiling)


def _corrected(rows: tuple[Row, ...]) -> list[_Candidate]:
    """Every document that the rows may be, likelier formats first; what costs clearly more is not looked for."""
    found: list[_Candidate] = []
    fitter = _Fitter({})
    ceilings: dict[tuple[int, ...], float] = {}
    for anchor, layout in sorted(_anchors(rows), key=lambda pair: abs(len(pair[0].glyphs) - pair[1].length)):
        for group in _groups(anchor, rows, layout, exact=False):
            ceiling = ceilings.get(anchor.members, 2 * MOST_COST)
            candidates = _candidates(fitter, layout, group, ceiling)
            found += candidates
            cheapest = min((one.cost for one in candidates), default=ceiling)
            ceilings[anchor.members] = min(ceiling, cheapest + _WITNESS_SPREAD)
    return found


def _anchors(rows: tuple[Row, ...]) -> Iterator[tuple[Row, Layout]]:
    """The rows that may be the line of dates of a format."""
    for row in rows:
        for layout in LAYOUTS.values():
            long_enough = len(row.glyphs) >= layout.length - 12
            if long_enough and _is_short_enough(row, layout) and _may_hold_dates(row, layout):
                yield row, layout


def _is_short_enough(row: Row, layout: Layout) -> bool:
    return len(row.text.rstrip(FILLER)) <= layout.length + _MOST_SURPLUS


def _groups(anchor: Row, rows: tuple[Row, ...], layout: Layout, *, exact: bool) -> Iterator[tuple[Row, ...]]:
    """The anchor with the rows that may be the other lines, on the sides where lines of a zone stand.

    Which side is up is not certain (the polygon may begin anywhere), so both are tried.
    """
    near = [row for row in rows if _may_be_neighbour(anchor, row, layout, exact=exact)]
    if layout.lines == 2:
        yield from ((row, anchor) for row in _best_first(anchor, near, layout))
        return
    for side in (1, -1):
        above = _best_first(anchor, [row for row in near if distance(anchor, row) * side < 0], layout)
        below = _best_named(anchor, [row for row in near if distance(anchor, row) * side > 0])
        yield from ((one, anchor, other) for one, other in product(above, below))


def _may_be_neighbour(anchor: Row, row: Row, layout: Layout, *, exact: bool) -> bool:
    if not frozenset(anchor.members).isdisjoint(row.members):
        return False
    if exact and len(row.glyphs) != layout.length:
        return False
    if not _is_short_enough(row, layout):
        return False
    return _NEAREST_ROW <= abs(distance(anchor, row)) <= _FARTHEST_ROW


def _best_first(anchor: Row, rows: list[Row], layout: Layout) -> list[Row]:
    """First lines begin with a document code, hold fillers and are about as long as the anchor."""

    def unlikeliness(row: Row) -> float:
        starts = 0.0 if row.text[:1] in layout.initials else 2.0
        return starts + _unlike_a_name(row) + 0.3 * abs(distance(anchor, row))

    return sorted((row for row in rows if len(row.glyphs) >= 9), key=unlikeliness)[:_MOST_PARTNERS]


def _best_named(anchor: Row, rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: _unlike_a_name(row) + 0.3 * abs(distance(anchor, row)))[
        :_MOST_PARTNERS
    ]


def _unlike_a_name(row: Row) -> float:
    lower = sum(glyph.written.islower() for glyph in row.glyphs)
    return (0.0 if FILLER in row.text else 3.0) + 0.2 * lower - 0.05 * len(row.glyphs)


def _may_hold_dates(row: Row, layout: Layout) -> bool:
    """Whether digits, or what is often read for them, stand about where the two dates and their digits do."""
    first = 1 if layout.lines == 3 else 14
    offsets = [start + offset for start in (first, first + 8) for offset in range(7)]
    return any(_are_dates(row.text, [offset + shift - 1 for offset in offsets]) for shift in _SHIFTS)


def _are_dates(text: str, places: list[int]) -> bool:
    if places[0] < 0:
        return False
    there = [text[place] for place in places if place < len(text)]
    digits = sum(char in DIGITS for char in there)
    return digits >= _FEWEST_DIGITS and sum(char in _NEARLY_DIGITS for char in there) >= _ENOUGH_DATE_PLACES


def _candidates(fitter: _Fitter, layout: Layout, group: tuple[Row, ...], ceiling: float) -> list[_Candidate]:
    """The ways to read the group's lines that are about as good as the best one."""
    close = _combined(fitter, layout, group, _WITNESS_SPREAD, ceiling)
    if layout.lines == 2 or not close or any(candidate.sound for candidate in close):
        return close
    # A card's composite digit spans two lines: each may be right alone and wrong with the other.
    return _combined(fitter, layout, group, _CARD_SPREAD, ceiling)


def _combined(
    fitter: _Fitter, layout: Layout, group: tuple[Row, ...], spread: float, ceiling: float
) -> list[_Candidate]:
    left = ceiling
    fitting: list[tuple[Fit, ...]] = []
    for line, row in enumerate(group, start=1):
        # A line without check digits cannot tell rivals apart: its likeliest reading stands.
        most, wide = (1, 0.0) if _is_unchecked(layout, line) else (_KEPT, spread)
        options = fitter.of(row, layout, line, Reach(most, wide, min(left, MOST_COST)))
        if not options:
            return []
        fitting.append(options)
        left -= options[0].cost
    return [_judged(layout, group, combination) for combination in product(*fitting)]


def _is_unchecked(layout: Layout, line: int) -> bool:
    return all(span.line != line for place in layout.checks for span in (place.digit, *place.over))


def _judged(layout: Layout, group: tuple[Row, ...], fitting: tuple[Fit, ...]) -> _Candidate:
    lines = tuple(fit.text for fit in fitting)
    cost = sum(fit.cost for fit in fitting)
    # Digits over one line were weighed when the line was fitted; a card's composite digit needs two.
    if layout.lines == 3 and not next(
        check.ok for check in checks(layout, lines) if check.name == "composite"
    ):
        cost += WRONG_DIGIT
    return _Candidate(layout, group, fitting, cost, _is_sound(layout, lines), _is_believable(layout, fitting))


def _is_believable(layout: Layout, fitting: tuple[Fit, ...]) -> bool:
    """Whether the guesses are few enough; a visa has no second digit to confirm one, so there only the commonest."""
    guesses = sum(fit.by_check_digit for fit in fitting)
    if any(place.name == "composite" for place in layout.checks):
        return guesses <= _MOST_GUESSES
    return guesses <= 1 and all(fit.only_common for fit in fitting)


def _is_sound(layout: Layout, lines: tuple[str, ...]) -> bool:
    return all(check.ok for check in checks(layout, lines)) and has_possible_dates(layout, lines)


def _reading(
    best: _Candidate, candidates: list[_Candidate], lines: Sequence[OcrLine], today: date
) -> Reading:
    best, ambiguity = _settled(best, candidates, lines)
    fields = read_fields(best.layout, best.lines, today)
    edits = tuple(edit for line, fit in enumerate(best.fits, start=1) for edit in corrections(fit, line))
    seen = _seen_on_page(fields, best, lines)
    ambiguity = ambiguity or _doubt(best, lines, seen)
    return Reading(
        format=best.layout.format,
        valid=best.sound and ambiguity is None,
        ambiguous=ambiguity is not None,
        ambiguity=ambiguity,
        lines=best.lines,
        raw_lines=tuple(row.written for row in best.rows),
        fields=fields,
        corrections=edits,
        checks=checks(best.layout, best.lines),
        blind=_blind_places(fields.number),
        seen_on_page=seen,
        confidence=_confidence(best),
    )


def _settled(
    best: _Candidate, candidates: list[_Candidate], lines: Sequence[OcrLine]
) -> tuple[_Candidate, Ambiguity | None]:
    if _is_second_document(best, candidates):
        return best, "two_documents"
    rivals = [one for one in candidates if _is_rival(one, best)]
    if not best.sound or (best.believable and not rivals):
        return best, None
    # The visible zone prints the number too: a correction that is found there has a second witness.
    kin = [one for one in candidates if one.sound and not one.members.isdisjoint(best.members)]
    witnessed = [one for one in kin if _has_witness(one, lines)]
    if len({one.lines for one in witnessed}) == 1:
        return witnessed[0], None
    return best, "corrections"


def _doubt(best: _Candidate, lines: Sequence[OcrLine], seen: tuple[str, ...]) -> Ambiguity | None:
    """What no check digit can see: a filler inside a number weighs nothing, and names have no digit.

    Part 4 prints a filler for a hyphen of the number, so the page must show the hyphen.
    """
    number = _number(best)
    if FILLER in number and not _is_printed(number.replace(FILLER, "-"), best, lines):
        return "number"
    if _is_pushed(best):
        return "corrections"
    if has_letters_past_names(best.layout.field("name").span.of(best.lines)):
        return "names"
    if _may_be_misread(_name_edits(best), best) and not {"surname", "given_names"}.issubset(seen):
        return "names"
    return None


def _is_pushed(best: _Candidate) -> bool:
    """Whether a run of fillers was made to fit before something else in the optional data, and so pushed it along.

    Only the composite digit speaks of that place, and where it stands among ten it is as good a guess as another.
    """
    spans = [field.span for field in best.layout.fields if field.name in ("optional", "optional_2")]
    return any(
        edit.because == "filler"
        and "" in (edit.read, edit.corrected)
        and span.first <= edit.position <= span.last
        and best.lines[span.line - 1][edit.position - 1 : span.last].strip(FILLER) != ""
        for span in spans
        for edit in best.fits[span.line - 1].edits
    )


def _name_edits(best: _Candidate) -> tuple[Edit, ...]:
    span = best.layout.field("name").span
    edits = best.fits[span.line - 1].edits
    return tuple(edit for edit in edits if span.first <= edit.position <= span.last)


def _may_be_misread(edits: tuple[Edit, ...], best: _Candidate) -> bool:
    """Whether letters of the names may be other letters, or fillers.

    Of a small e no E is made; and where fillers were read as C, a C at the end of the names may be one of them, and a
    C that was taken for a filler may have been the last letter of a name.
    """
    if any(edit.read in _UNLIKE_THEIR_CAPITALS and edit.corrected not in ("", FILLER) for edit in edits):
        return True
    text = best.layout.field("name").span.of(best.lines)
    ends = best.layout.field("name").span.first + len(text.rstrip(FILLER)) - 1
    mistaken = [edit for edit in edits if edit.corrected == FILLER and edit.read.upper() in FILLER_READ_AS]
    return any(
        edit.read.upper() == text.rstrip(FILLER)[-1:] or edit.position == ends + 1
        for edit in mistaken
        if edit.read
    )


def _has_witness(one: _Candidate, lines: Sequence[OcrLine]) -> bool:
    """Whether every guess is about the number, and that number is printed elsewhere on the picture."""
    span = one.layout.field("number").span
    guessed = ((line, edit) for line, fit in enumerate(one.fits, start=1) for edit in fit.edits)
    about_number = all(
        line == span.line and span.first <= edit.position <= span.last
        for line, edit in guessed
        if edit.because == "check_digit"
    )
    return about_number and _is_printed(_number(one), one, lines)


def _is_rival(one: _Candidate, best: _Candidate) -> bool:
    """A sound reading of the same rows that says something else and costs about the same."""
    return (
        one.sound
        and one.lines != best.lines
        and one.cost < best.cost + CLEAR_LEAD
        and not one.members.isdisjoint(best.members)
        and any(fit.edits for fit in best.fits)
    )


def _is_second_document(best: _Candidate, candidates: list[_Candidate]) -> bool:
    return any(
        one.members.isdisjoint(best.members) and one.lines != best.lines and _is_credible(one)
        for one in candidates
    )


def _is_credible(one: _Candidate) -> bool:
    """Whether there surely is a document there, even if not all of it could be read."""
    right = sum(check.ok for check in checks(one.layout, one.lines))
    return one.sound or (right >= 2 and one.cost <= MOST_COST / 2)


def _number(candidate: _Candidate) -> str:
    return read_fields(candidate.layout, candidate.lines, date.min).number


def _is_printed(text: str, candidate: _Candidate, lines: Sequence[OcrLine]) -> bool:
    if len(text) < 2:
        return False
    return any(
        text in "".join(line.text.upper().split())
        for index, line in enumerate(lines)
        if index not in candidate.members
    )


def _seen_on_page(fields: MrzFields, best: _Candidate, lines: Sequence[OcrLine]) -> tuple[str, ...]:
    named = {
        "number": fields.number,
        "surname": fields.surname.replace(" ", ""),
        "given_names": fields.given_names.replace(" ", ""),
    }
    return tuple(name for name, text in named.items() if _is_printed(text, best, lines))


def _blind_places(number: str) -> tuple[int, ...]:
    """Places (from 1) of the number whose look-alike no check digit could have told apart."""
    return tuple(
        place
        for place, char in enumerate(number, start=1)
        if any(are_blind(char, other) for other, _ in choices("alnum", char))
    )


def _confidence(candidate: _Candidate) -> float:
    """From 0 to 1: the recogniser's least confidence, lowered for every cost of correction."""
    if not candidate.sound:
        return 0.0
    recognised = min(row.confidence for row in candidate.rows) / 100
    return round(max(0.0, min(1.0, recognised)) * math.exp(-candidate.cost / 8), 4)
