"""Fitting what was read of one line to a line of a format, every edit on record.

Kinds of characters come first (a date has digits); what remains free is searched through its look-alikes, cheapest
first, and held to the check digits of the line. Recognisers also miscount runs of fillers and swallow one of two
equal characters, so places may be put in and left out at a cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from ryoji.evidence.travel_document import confusions
from ryoji.evidence.travel_document.check_digits import FILLER, LETTERS, is_good
from ryoji.evidence.travel_document.dates import is_possible
from ryoji.evidence.travel_document.document import Correction, is_number_right
from ryoji.evidence.travel_document.glyphs import Glyph
from ryoji.evidence.travel_document.layouts import CheckPlace, Field, Kind, Layout, kinds_of
from ryoji.evidence.travel_document.states import is_known

WRONG_DIGIT = 4.0
"""Cost of a check digit that is not right: more than the edits that could be believed to mend it."""

_MOST_STEPS = 2000
"""States looked at before the search gives up: bounds the time that an unreadable picture takes."""

MOST_COST = 12.0
"""Beyond this a line is not that line."""

_UNKNOWN_STATE = 3.0
_IN_RUN, _RUN_GOES_ON, _IN_TAIL, _WIDE = 0.5, 0.1, 0.1, 0.2
_LONE_FILLER, _SWALLOWED, _STUTTER, _SPECK = 1.5, 2.0, 2.0, 1.0
_LETTER_IN_TAIL, _TAIL_MENDED, _ONE_IDENTIFIER, _REPEATED = 1.0, 0.4, 0.25, 0.05
_MOST_SPECKS_BEFORE = 4
_CHECKED: tuple[Kind, ...] = ("alnum", "birth", "expiry")
_WITHOUT_DIGIT: dict[Kind, str] = {"state": "state", "code": "type"}


class Edit(NamedTuple):
    """One edit: place (from 1), what was written, what stands now, and why."""

    position: int
    read: str
    corrected: str
    because: str


class Reach(NamedTuple):
    """How far to search: so many readings, none so much above the cheapest, none above the ceiling."""

    most: int
    spread: float
    ceiling: float = MOST_COST


_Trail = tuple["_Trail", Edit] | None


class _State(NamedTuple):
    """A line half done: its text, how many glyphs it used up, its cost, its edits, and whether it put in fillers."""

    text: str
    used: int
    cost: float
    trail: _Trail
    filling: bool = False


@dataclass(frozen=True)
class Fit:
    """One way to read a line: its text in the format, what it costs, and its edits."""

    text: str
    cost: float
    edits: tuple[Edit, ...]

    @property
    def by_check_digit(self) -> int:
        """How many characters were changed for the check digit's sake alone."""
        return sum(edit.because == "check_digit" for edit in self.edits)

    @property
    def only_common(self) -> bool:
        """Whether those changes are confusions that every recogniser makes."""
        guesses = (edit for edit in self.edits if edit.because == "check_digit")
        return all(confusions.is_common(edit.read, edit.corrected) for edit in guesses)


def fits(glyphs: tuple[Glyph, ...], layout: Layout, line: int, reach: Reach) -> tuple[Fit, ...]:
    """The cheapest ways to read the glyphs as that line (from 1) of the format, cheapest first.

    When nothing within reach adds up, the line with no guesses, so that it can be shown what does not.
    """
    return tuple(_Search(glyphs, layout, line).run(reach)) or tuple(
        _Search(glyphs, layout, line, guessing=False).run(reach)
    )


def is_well_formed(layout: Layout, lines: tuple[str, ...]) -> bool:
    """Whether every place holds its kind of character and every state is known: nothing there asks for an edit."""
    return all(
        confusions.holds(kind, char)
        for index, line in enumerate(lines, start=1)
        for kind, char in zip(kinds_of(layout, index), line, strict=True)
    ) and all(is_known(field.span.of(lines)) for field in layout.fields if field.kind == "state")


def corrections(fit: Fit, line: int) -> tuple[Correction, ...]:
    """The edits of a fit, runs of fillers put in or left out told as one."""
    told: list[Correction] = []
    for edit in fit.edits:
        one = Correction.model_validate({"line": line, **edit._asdict()})
        last = told[-1] if told else None
        if last and _goes_on(last, one):
            joined = {"read": last.read + one.read, "corrected": last.corrected + one.corrected}
            told[-1] = last.model_copy(update=joined)
        else:
            told.append(one)
    return tuple(told)


def _goes_on(last: Correction, one: Correction) -> bool:
    if one.because != "filler" or last.because != "filler":
        return False
    inserted = not one.read and not last.read and one.position == last.position + len(last.corrected)
    removed = not one.corrected and not last.corrected and one.position == last.position
    replaced = (
        bool(one.read)
        and len(last.read) == len(last.corrected)
        and one.position == last.position + len(last.read)
    )
    return inserted or removed or (replaced and one.corrected == FILLER)


@dataclass(frozen=True)
class _Search:
    """The cheapest-first search over one line's readings."""

    glyphs: tuple[Glyph, ...]
    layout: Layout
    line: int
    guessing: bool = True

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        return kinds_of(self.layout, self.line)

    @cached_property
    def tail(self) -> int:
        """From this glyph on there are only fillers."""
        end = len(self.glyphs)
        while end and self.glyphs[end - 1].char == FILLER:
            end -= 1
        return end

    def run(self, reach: Reach) -> Iterator[Fit]:
        order = count()
        # Among equally cheap states the one that is furthest comes first, so that a clean line is read straight on.
        heap = [(0.0, 0, next(order), _State("", 0, 0.0, None))]
        settled: set[tuple[str, int]] = set()
        told: set[str] = set()
        ceiling = reach.ceiling
        for _ in range(_MOST_STEPS):
            if not heap:
                return
            cost, _, _, state = heappop(heap)
            if cost > ceiling:
                return
            if (state.text, state.used) in settled:
                continue
            settled.add((state.text, state.used))
            if self._is_whole(state):
                if state.text not in told:
                    told.add(state.text)
                    ceiling = min(ceiling, cost + reach.spread)
                    yield Fit(state.text, round(cost, 3), _edits(state.trail))
                    if len(told) == reach.most:
                        return
                continue
            for following in self._following(state):
                heappush(heap, (following.cost, -len(following.text), next(order), following))

    def _is_whole(self, state: _State) -> bool:
        return len(state.text) == len(self.kinds) and state.used == len(self.glyphs)

    def _following(self, state: _State) -> Iterator[_State]:
        position = len(state.text) + 1
        if position > len(self.kinds):
            yield self._ended(state)
            return
        yield from self._left_out(state)
        kind = self.kinds[position - 1]
        for grown in self._grown(state, kind):
            yield self._judged(grown, position, kind)

    def _ended(self, state: _State) -> _State:
        """What is left over after the last place: fillers that were counted twice, or specks."""
        for glyph in self.glyphs[state.used :]:
            is_filler = glyph.char == FILLER
            cost, because = (_IN_TAIL, "filler") if is_filler else (_SPECK, "noise")
            state = _without(state, glyph, cost, because)
        return state

    def _left_out(self, state: _State) -> Iterator[_State]:
        """The next glyph, or the rest of a run of fillers, as surplus."""
        if state.used >= len(self.glyphs) or state.filling:
            return
        glyph = self.glyphs[state.used]
        before = self.glyphs[state.used - 1].char if state.used else ""
        if not state.text:
            if state.used < _MOST_SPECKS_BEFORE:
                yield _without(state, glyph, _SPECK, "noise")
        elif glyph.char == FILLER == state.text[-1]:
            yield self._without_rest_of_run(state)
        elif glyph.char == before != FILLER:
            yield _without(state, glyph, _STUTTER, "noise")

    def _without_rest_of_run(self, state: _State) -> _State:
        in_tail = state.used >= self.tail
        cost = _IN_TAIL if in_tail else _IN_RUN
        while state.used < len(self.glyphs) and self.glyphs[state.used].char == FILLER:
            state = _without(state, self.glyphs[state.used], cost, "filler")
            cost = _RUN_GOES_ON
        return state

    def _grown(self, state: _State, kind: Kind) -> Iterator[_State]:
        """Every way to fill the next place: as read, by a look-alike, or by what the recogniser left out."""
        yield from self._put_in(state, kind)
        if state.used >= len(self.glyphs):
            return
        glyph = self.glyphs[state.used]
        if kind == "code" and not state.text:
            for char, cost in confusions.first_letters(self.layout.initials, glyph.char):
                yield _taken(state, glyph, char, cost, "type")
            return
        fitting = confusions.holds(kind, glyph.char)
        if fitting:
            odd = (
                _LETTER_IN_TAIL if kind == "name" and glyph.repeated else confusions.oddness(kind, glyph.char)
            )
            yield _taken(state, glyph, glyph.char, odd, "type")
        if fitting and not self.guessing:
            return
        because = _WITHOUT_DIGIT.get(kind, "check_digit") if fitting else "type"
        for char, cost in confusions.choices(kind, glyph.char):
            yield _taken(state, glyph, char, cost, because)
        if kind == "name" and glyph.repeated:
            yield _taken(state, glyph, FILLER, _REPEATED, "filler")
        elif kind == "name" and glyph.char in confusions.FILLER_READ_AS and self._is_past_names(state.text):
            yield _taken(state, glyph, FILLER, _TAIL_MENDED, "filler")

    def _put_in(self, state: _State, kind: Kind) -> Iterator[_State]:
        if not state.text:
            return
        before = state.text[-1]
        following = self.glyphs[state.used].char if state.used < len(self.glyphs) else ""
        if confusions.holds(kind, FILLER):
            cost = self._filler_cost(state, before, following, kind)
            if cost is not None:
                edit = Edit(len(state.text) + 1, "", FILLER, "filler")
                yield _State(state.text + FILLER, state.used, state.cost + cost, (state.trail, edit), True)
        # A recogniser that reads by columns takes two equal characters for one.
        if (
            self.guessing
            and following
            and kind in _CHECKED
            and before != FILLER
            and confusions.holds(kind, before)
        ):
            edit = Edit(len(state.text) + 1, "", before, "check_digit")
            yield _State(state.text + before, state.used, state.cost + _SWALLOWED, (state.trail, edit))

    def _filler_cost(self, state: _State, before: str, following: str, kind: Kind) -> float | None:
        if not following:
            return _IN_TAIL
        if state.filling:
            return _RUN_GOES_ON
        if before == FILLER and following != FILLER:
            # Only at the end of a run, so that one lengthened run is one state and not many.
            return _WIDE if self.glyphs[state.used - 1].wide else _IN_RUN
        if following != FILLER and kind in ("sex", "code"):
            return _LONE_FILLER
        return None

    def _judged(self, state: _State, position: int, kind: Kind) -> _State:
        """Add the cost of what is now known to be wrong: a digit, a date, a state, letters after the names."""
        wrong = self._oddity(state.text, position) if kind == "name" else 0.0
        for weigh in self.judges[position]:
            wrong += weigh(state.text)
        return state._replace(cost=state.cost + wrong) if wrong else state

    @cached_property
    def judges(self) -> dict[int, tuple[Callable[[str], float], ...]]:
        """For every place, what can be judged once it is filled."""
        found: dict[int, list[Callable[[str], float]]] = {
            place: [] for place in range(1, len(self.kinds) + 1)
        }
        for check in self.layout.checks:
            if all(span.line == self.line for span in (check.digit, *check.over)):
                found[check.digit.first].append(partial(_wrong_digit, check, self.layout))
        for field in self.layout.fields:
            if field.span.line == self.line and field.kind in _WEIGHED:
                found[field.span.last].append(partial(_WEIGHED[field.kind], field))
        found[len(self.kinds)].append(self._wrong_long_number)
        return {place: tuple(weighing) for place, weighing in found.items()}

    def _wrong_long_number(self, text: str) -> float:
        return WRONG_DIGIT if self._has_wrong_long_number(text) else 0.0

    def _has_wrong_long_number(self, text: str) -> bool:
        """A long number's check digit stands in the optional data, so it is known at the line's end only."""
        digit = next(place.digit for place in self.layout.checks if place.name == "number")
        if not self.layout.long_number or digit.line != self.line or text[digit.first - 1] != FILLER:
            return False
        return not is_number_right(self.layout, (text,) if self.line == 1 else ("", text))

    def _oddity(self, text: str, position: int) -> float:
        if text[-1] in LETTERS and self._is_past_names(text[:-1]):
            return _LETTER_IN_TAIL
        if position == len(self.kinds):
            return 0.0 if FILLER * 2 in self._names(text).strip(FILLER) else _ONE_IDENTIFIER
        return 0.0

    def _is_past_names(self, text: str) -> bool:
        """Whether the names are over: three fillers, or two that are not the first two."""
        names = self._names(text)
        return names.endswith(FILLER * 3) or (
            names.endswith(FILLER * 2) and FILLER * 2 in names.rstrip(FILLER)
        )

    def _names(self, text: str) -> str:
        """The name field of the line so far: Germany's code ends in two fillers that separate nothing."""
        return text[self.layout.field("name").span.first - 1 :]


def _taken(state: _State, glyph: Glyph, char: str, cost: float, because: str) -> _State:
    text, used = state.text + char, state.used + 1
    if glyph.written == char:
        return _State(text, used, state.cost + cost, state.trail)
    told = because if glyph.char != char else ("filler" if char == FILLER else "type")
    edit = Edit(len(text), glyph.written, char, told)
    return _State(text, used, state.cost + cost, (state.trail, edit))


def _without(state: _State, glyph: Glyph, cost: float, because: str) -> _State:
    edit = Edit(len(state.text) + 1, glyph.written, "", because)
    return _State(state.text, state.used + 1, state.cost + cost, (state.trail, edit))


def _edits(trail: _Trail) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    while trail is not None:
        trail, edit = trail
        edits.append(edit)
    return tuple(reversed(edits))


def _wrong_digit(place: CheckPlace, layout: Layout, text: str) -> float:
    digit = text[place.digit.first - 1]
    if place.name == "number" and layout.long_number and digit == FILLER:
        return 0.0  # a long number's digit stands further on; it is judged at the end of the line
    over = "".join(text[span.first - 1 : span.last] for span in place.over)
    return 0.0 if is_good(over, digit, filler_when_empty=place.filler_when_empty) else WRONG_DIGIT


def _wrong_state(field: Field, text: str) -> float:
    return 0.0 if is_known(text[field.span.first - 1 : field.span.last]) else _UNKNOWN_STATE


def _wrong_date(field: Field, text: str) -> float:
    printed = text[field.span.first - 1 : field.span.last]
    return 0.0 if is_possible(printed, unknown_parts=field.kind == "birth") else WRONG_DIGIT


_WEIGHED: dict[Kind, Callable[[Field, str], float]] = {
    "state": _wrong_state,
    "birth": _wrong_date,
    "expiry": _wrong_date,
}
