"""Texts of the catalogue: `procedures/messages/<language>.yaml`, and the parts that others add beside them.

Keys are dotted paths. Placeholders are `{name}`. Every key exists in Japanese and English; in the other languages
exist the texts that everybody reads and those of the procedures that declare them. Placeholders are the same in
every language. `checks` and a test say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ryoji.errors import RyojiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ryoji.catalogue.sources import Source

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
COMPLETE = ("ja", "en")
# Texts that a person meets under any procedure, whichever words the procedure itself asks for.
_SHARED = ("actor", "citation", "comparison", "next", "status", "timeline", "written")


class MissingTextError(RyojiError):
    """A text was asked for that no message file has, or without a parameter that it needs."""


@dataclass(frozen=True)
class Messages:
    """All texts by language and key. Strict ones raise MissingTextError; others fall back to something to read."""

    texts: Mapping[str, Mapping[str, str]]
    strict: bool = False

    @classmethod
    def load(cls, folder: Path) -> Messages:
        """Read the message files of a catalogue's `messages` folder. Raises CatalogueError. Strict."""
        texts, _ = read_messages(folder)
        return cls(texts, strict=True)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are."""
        return tuple(self.texts)

    def has(self, key: str, language: str) -> bool:
        """Whether the key has a text in that language."""
        return key in self.texts.get(language, {})

    def text(self, key: str, language: str, /, **params: object) -> str:
        """The text with its placeholders filled.

        Without strictness a missing text is the English one, another language's, or the key;
        a missing parameter is empty.
        """
        template = self.texts.get(language, {}).get(key)
        if template is None:
            template = self._fallback(key, language)

        def fill(match: re.Match[str]) -> str:
            if match[1] not in params and self.strict:
                raise MissingTextError("no_text", key=key, parameter=match[1])
            return str(params.get(match[1], ""))

        return PLACEHOLDER.sub(fill, template)

    def _fallback(self, key: str, language: str) -> str:
        if self.strict:
            raise MissingTextError("no_text", key=key, language=language)
        every = (self.texts.get("en", {}), *self.texts.values())
        return next((texts[key] for texts in every if key in texts), key)


def read_messages(folder: Path) -> tuple[dict[str, dict[str, str]], dict[str, Source]]:
    """All texts by language, and by key a file that has it. Raises CatalogueError for doubles and what is no text."""
    from ryoji.catalogue.sources import CatalogueError, read_yaml

    texts: dict[str, dict[str, str]] = {}
    origins: dict[str, Source] = {}
    faults = []
    for path in sorted(folder.glob("*.yaml")) + sorted(folder.glob("parts/*.yaml")):
        language = path.stem.rpartition(".")[2]
        source = read_yaml(path, path.relative_to(folder.parent.parent).as_posix())
        known = texts.setdefault(language, {})
        for place, text in flattened(source.data, ()):
            key = ".".join(place)
            if not isinstance(text, str):
                faults.append(source.at(place, f"{text!r} is not a text"))
            elif key in known:
                faults.append(source.at(place, "has a text already"))
            else:
                known[key] = text
                origins[key] = source
    if faults:
        raise CatalogueError(faults)
    return texts, origins


def uneven(texts: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Keys that are not in Japanese and English, or not with the same placeholders, with what is wrong."""
    for key in sorted({key for known in texts.values() for key in known}):
        missing = [language for language in COMPLETE if key not in texts.get(language, {})]
        spoken = [known[key] for known in texts.values() if key in known]
        if missing:
            yield key, f"has no text in {', '.join(missing)}"
        elif len({frozenset(PLACEHOLDER.findall(text)) for text in spoken}) > 1:
            yield key, "has not the same placeholders in every language"


def shared_by(checks: Iterable[str], texts: Mapping[str, str]) -> Iterator[str]:
    """Of the texts of one language, the keys that a procedure with these checks needs besides its own."""
    findings = {f"finding.{check}" for check in checks}
    for key in texts:
        parts = key.split(".")
        if parts[0] in _SHARED or ".".join(parts[:2]) in findings:
            yield key


def flattened(data: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every leaf of nested texts, with the path that leads to it."""
    if not isinstance(data, dict):
        yield place, data
        return
    for key, value in data.items():
        yield from flattened(value, (*place, str(key)))
