"""Who needs a permission to board, as far as the catalogue says it: nationals of a programme need its authorization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ryoji.permissions.documents import normal_state
from ryoji.permissions.entry import freed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.sources import Source
    from ryoji.permissions.entry import Freed


def programmes_of(procedures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each version of each authorization's programme, by name: its nationals, and from when until when."""
    found = [
        {
            "programme": raw["permit"]["programme"],
            "states": sorted(str(normal_state(state)) for state in raw["permit"]["nationals"]),
            "from": raw["from"],
            "until": raw.get("until"),
        }
        for raw in procedures
        if (raw.get("permit") or {}).get("kind") == "authorization"
    ]
    return sorted(found, key=lambda each: (each["programme"], each["from"]))


def entry_faults(entry: Sequence[Source], procedures: Sequence[tuple[Source, Procedure]]) -> Iterator[str]:
    """What keeps the lists of who is freed from standing beside the programmes, with file and line."""
    rules = []
    for source in entry:
        for name, raw in source.data.items():
            try:
                rules.append((source, freed(name, raw)))
            except (KeyError, TypeError, ValueError) as error:
                yield source.at((name,), f"is no rule of entry: {error}")
    for source, procedure in procedures:
        permit = procedure.permit
        if permit and permit.kind != "authorization" and permit.nationals:
            yield source.at(("permit", "nationals"), "only an authorization is needed by its nationals")
        if permit and permit.kind == "authorization":
            if not permit.nationals:
                yield source.at(("permit",), "nobody needs this authorization: nationals are missing")
            for state in permit.nationals:
                yield from _freed_all_the_same(state, source, procedure, rules)


def _freed_all_the_same(
    state: str, source: Source, procedure: Procedure, rules: Sequence[tuple[Source, Freed]]
) -> Iterator[str]:
    for listed, rule in rules:
        if normal_state(state) in rule.states and _together(rule, procedure):
            yield listed.at(
                (rule.name, "states"),
                f"{state} needs the authorization of {source.name} from {procedure.since}: "
                "a rule that frees its nationals must end before",
            )


def _together(rule: Freed, procedure: Procedure) -> bool:
    return (rule.until is None or procedure.since <= rule.until) and (
        procedure.until is None or rule.first <= procedure.until
    )
