"""Who needs a permission to board, as far as the catalogue says it: nationals of a programme need its authorization."""

from __future__ import annotations

from datetime import timedelta
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
                yield from _freed_again(state, source, procedure, procedures, rules)


def _freed_all_the_same(
    state: str, source: Source, procedure: Procedure, rules: Sequence[tuple[Source, Freed]]
) -> Iterator[str]:
    for listed, rule in rules:
        if normal_state(state) in rule.states and not rule.yields and _together(rule, procedure):
            yield listed.at(
                (rule.name, "states"),
                f"{state} needs the authorization of {source.name} from {procedure.since}: "
                "a rule that frees its nationals must end before",
            )


def _freed_again(
    state: str,
    source: Source,
    procedure: Procedure,
    procedures: Sequence[tuple[Source, Procedure]],
    rules: Sequence[tuple[Source, Freed]],
) -> Iterator[str]:
    """A list that yielded would free the nationals once the programme is over, though nobody wrote so."""
    if procedure.until is None:
        return
    after = procedure.until + timedelta(days=1)
    if any(_needed_by(state, other) and other.in_force(after) for _, other in procedures):
        return
    for listed, rule in rules:
        freed_then = rule.on(procedure.until) and rule.on(after)
        if rule.yields and freed_then and normal_state(state) in rule.states:
            yield source.at(
                ("until",),
                f"{rule.name} of {listed.name} would free {state} again from {after}: "
                "take it out there, and free it by a rule from that day if that is meant",
            )


def _needed_by(state: str, procedure: Procedure) -> bool:
    permit = procedure.permit
    named = permit.nationals if permit and permit.kind == "authorization" else []
    return normal_state(state) in {normal_state(each) for each in named}


def _together(rule: Freed, procedure: Procedure) -> bool:
    return (rule.until is None or procedure.since <= rule.until) and (
        procedure.until is None or rule.first <= procedure.until
    )
