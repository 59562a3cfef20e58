"""A folder of the catalogue as it stands on the disk, before anything in it has been checked."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from ryoji.catalogue.definition import Family
from ryoji.catalogue.messages import flattened, read_messages
from ryoji.catalogue.sources import CatalogueError, Source, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Folders of the catalogue that hold no procedures.
NOT_FAMILIES = frozenset({"entry", "fees", "calendars", "messages", "rules", "schema", "compiled"})


@dataclass(frozen=True)
class Folder:
    """Every file of the catalogue. `own_fees` are the rates of definitions that bring some, as fee tables."""

    procedures: tuple[Source, ...]
    fees: tuple[Source, ...]
    own_fees: tuple[Source, ...]
    calendars: tuple[Source, ...]
    offices: Source
    entry: tuple[Source, ...]
    messages: dict[str, dict[str, str]]
    messages_from: dict[str, Source]
    local_fees: dict[str, list[dict[str, str]]]


def read_folder(folder: Path) -> Folder:
    """Read everything; faults of form in several files are told together. Raises CatalogueError."""
    faults: list[str] = []
    families = sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in NOT_FAMILIES)
    faults += [
        f"{folder.name}/{path.name}: no family of procedures"
        for path in families
        if path.name not in get_args(Family)
    ]
    procedures = _read_all(
        folder, (path for family in families for path in sorted(family.glob("*.yaml"))), faults
    )
    fees = _read_all(folder, sorted(folder.glob("fees/*.yaml")), faults)
    calendars = _read_all(folder, sorted(folder.glob("calendars/*.yaml")), faults)
    offices = _read_all(folder, [folder / "offices.yaml"], faults)
    entry = _read_all(folder, sorted(folder.glob("entry/*.yaml")), faults)
    texts: dict[str, dict[str, str]] = {}
    origins: dict[str, Source] = {}
    try:
        texts, origins = read_messages(folder / "messages")
    except CatalogueError as error:
        faults += error.faults
    faults += _add_words(procedures, texts, origins)
    if faults:
        raise CatalogueError(faults)
    local = {path.name: _read_csv(path) for path in sorted(folder.glob("fees/*.csv"))}
    own = tuple(_as_table(source) for source in procedures if _brings_rates(source))
    rest = tuple(_without_rates(source) for source in procedures)
    return Folder(rest, fees, own, calendars, offices[0], entry, texts, origins, local)


def _brings_rates(source: Source) -> bool:
    return isinstance(source.data, dict) and "rates" in source.data


def _as_table(source: Source) -> Source:
    """The rates that a definition brings, as a table by its name; faults in them keep its file and lines."""
    return replace(source, data={"id": source.data.get("id"), "rates": source.data["rates"]})


def _without_rates(source: Source) -> Source:
    if not _brings_rates(source):
        return source
    return replace(source, data={name: value for name, value in source.data.items() if name != "rates"})


def _add_words(
    procedures: Iterable[Source], texts: dict[str, dict[str, str]], origins: dict[str, Source]
) -> Iterator[str]:
    """Put the words that definitions bring themselves beside those of the message files; what is wrong with them."""
    for source in procedures:
        brought = source.data.get("words") if isinstance(source.data, dict) else None
        for (language, *rest), text in flattened(brought or {}, ()):
            place, key = ("words", language, *rest), _key(str(source.data.get("id")), rest)
            if language not in texts:
                yield source.at(place[:2], f"there are no messages in {language}")
            elif not isinstance(text, str):
                yield source.at(place, f"{text!r} is not a text")
            elif key in texts[language]:
                yield source.at(place, "has a text already")
            else:
                texts[language][key] = text
                origins[key] = source


def _key(procedure_id: str, place: list[str]) -> str:
    """Its fees are named where all fees are, whatever else it brings is the procedure's alone."""
    return ".".join(place if place[:1] == ["fee"] else ("procedure", procedure_id, *place))


def _read_all(folder: Path, paths: Iterable[Path], faults: list[str]) -> tuple[Source, ...]:
    sources = []
    for path in paths:
        try:
            sources.append(read_yaml(path, path.relative_to(folder.parent).as_posix()))
        except CatalogueError as error:
            faults += error.faults
    return tuple(sources)


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
