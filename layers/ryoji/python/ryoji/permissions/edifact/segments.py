"""Segments of UN/EDIFACT (ISO 9735): cutting a text into them and writing them, with UNA and the release character."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ryoji.errors import Invalid

Element = tuple[str, ...]
_ADVICE = "UNA"
_ADVICE_LENGTH = 9
_BETWEEN = " \r\n\t"


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters; these are the ones in force without a UNA."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, and its elements of one or more components."""

    tag: str
    elements: tuple[Element, ...] = ()

    def part(self, element: int, component: int = 0) -> str:
        """A component, or an empty text where there is none."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component]


def segment(tag: str, *elements: str | Element) -> Segment:
    """A segment; an element of one component may be given as a text. Empty elements at the end are left out."""
    made = [(each,) if isinstance(each, str) else each for each in elements]
    while made and not any(made[-1]):
        made.pop()
    return Segment(tag, tuple(made))


def cut(text: str) -> list[Segment]:
    """The segments of an interchange. Line ends between segments are allowed. Raises Invalid (`edifact.syntax`)."""
    separators, start = _advice(text)
    return [_segment(written, separators) for written in _split(text[start:], separators)]


def write(segments: Iterable[Segment]) -> str:
    """The text of segments under the usual separators, without UNA."""
    return "".join(_written(each, Separators()) for each in segments)


def _advice(text: str) -> tuple[Separators, int]:
    begin = len(text) - len(text.lstrip(_BETWEEN))
    if not text.startswith(_ADVICE, begin):
        return Separators(), begin
    signs = text[begin + len(_ADVICE) : begin + _ADVICE_LENGTH]
    if len(signs) < 6:
        raise Invalid("edifact.syntax")
    component, element, release, terminator = signs[0], signs[1], signs[3], signs[5]
    used = (component, element, release, terminator)
    if len(set(used)) < len(used) or any(sign.isalnum() for sign in used):
        raise Invalid("edifact.syntax")
    return Separators(component, element, release, terminator), begin + _ADVICE_LENGTH


def _split(text: str, separators: Separators) -> Iterable[str]:
    """The texts between terminators; what is released stays released, for the next cut to see."""
    begin = place = 0
    while place < len(text):
        if text[place] == separators.release:
            place += 2
            continue
        if text[place] == separators.terminator:
            yield text[begin:place].lstrip(_BETWEEN)
            begin = place + 1
        place += 1
    if text[begin:].strip(_BETWEEN):
        raise Invalid("edifact.syntax")


def _segment(written: str, separators: Separators) -> Segment:
    tag, *elements = _cut_at(written, separators.element, separators.release)
    if len(tag) != 3 or not tag.isascii() or not tag.isalnum() or tag != tag.upper():
        raise Invalid("edifact.syntax")
    return Segment(
        tag,
        tuple(
            tuple(
                _unreleased(part, separators.release)
                for part in _cut_at(each, separators.component, separators.release)
            )
            for each in elements
        ),
    )


def _cut_at(text: str, sign: str, release: str) -> list[str]:
    if release not in text:
        return text.split(sign)
    parts, begin, place = [], 0, 0
    while place < len(text):
        if text[place] == release:
            place += 2
            continue
        if text[place] == sign:
            parts.append(text[begin:place])
            begin = place + 1
        place += 1
    return [*parts, text[begin:]]


def _unreleased(text: str, release: str) -> str:
    if release not in text:
        return text
    kept, place = [], 0
    while place < len(text):
        if text[place] == release:
            place += 1
        kept.append(text[place : place + 1])
        place += 1
    return "".join(kept)


def _written(one: Segment, separators: Separators) -> str:
    signs = (separators.component, separators.element, separators.terminator)

    def released(text: str) -> str:
        text = text.replace(separators.release, separators.release * 2)
        for sign in signs:
            text = text.replace(sign, separators.release + sign)
        return text

    elements = (separators.component.join(released(part) for part in each) for each in one.elements)
    return separators.element.join((one.tag, *elements)) + separators.terminator
