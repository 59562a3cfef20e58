"""Which mission serves which residents: offices say it, and every visa asks for it (japan.md §7.3 lists residents)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ryoji.catalogue.conditions import compared_with, variables_in
from ryoji.catalogue.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.offices import Office, ServedEverywhere
    from ryoji.catalogue.sources import Source

EVERYWHERE = "served_by_every_mission"
_RESIDENCE = "answers.traveller.country_of_residence"


def compiled_offices(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the offices; at each mission stand the states as well that every mission serves."""
    everywhere = [row["state"] for row in data.get(EVERYWHERE, [])]
    return [
        {**row, "serves": [*row["serves"], *everywhere]} if row["kind"] == "mission" else row
        for row in data["offices"]
    ]


def service_faults(
    source: Source, offices: Sequence[Office], everywhere: Sequence[ServedEverywhere]
) -> Iterator[str]:
    """What is wrong with whom the offices serve, with file and line."""
    anywhere = {row.state for row in everywhere}
    for index, row in enumerate(everywhere):
        if row.state not in STATES:
            yield source.at((EVERYWHERE, index, "state"), f"there is no state {row.state}")
    for index, office in enumerate(offices):
        if (office.kind == "mission") != bool(office.serves):
            yield source.at(
                ("offices", index), f"{office.code}: a mission, and no other office, says whom it serves"
            )
        for number, state in enumerate(office.serves):
            place = ("offices", index, "serves", number)
            if state not in STATES:
                yield source.at(place, f"there is no state {state}")
            if state in anywhere:
                yield source.at(place, f"{state} stands among {EVERYWHERE}, too")


def place_faults(
    source: Source, procedures: Sequence[tuple[Source, Procedure]], offices: Sequence[Office]
) -> Iterator[str]:
    """Offices that issue permissions and do not say where: the seal and the page name the place."""
    issuing = {kind for _, procedure in procedures if procedure.permit for kind in procedure.offices}
    for index, office in enumerate(offices):
        if office.kind in issuing and office.place is None:
            yield source.at(("offices", index), f"{office.code}: it issues permissions and has no place")


def residence_faults(
    procedures: Sequence[tuple[Source, Procedure]],
    offices: Sequence[Office],
    everywhere: Sequence[ServedEverywhere],
) -> Iterator[str]:
    """Visas that do not ask which mission serves the residence, and listed residences that none serves."""
    served = {state for office in offices for state in office.serves} | {row.state for row in everywhere}
    for source, procedure in procedures:
        if procedure.family != "visa":
            continue
        if not any("office.serves" in variables_in(rule.must) for rule in procedure.rules):
            yield source.at(
                ("rules",), "no rule asks for a mission that serves the residence (office.serves)"
            )
        for index, rule in enumerate(procedure.rules):
            for state in compared_with(rule.must, _RESIDENCE):
                if state not in served:
                    yield source.at(("rules", index, "must"), f"no mission serves residents of {state}")


def takes(office: Office, procedure: Procedure) -> bool:
    """Whether an office takes a procedure of anybody: its kind does, and it serves residents whom the rules name."""
    named = {state for rule in procedure.rules for state in compared_with(rule.must, _RESIDENCE)}
    return office.kind in procedure.offices and (not named or not named.isdisjoint(office.serves))
