"""What must be true across the files of the catalogue. Every fault is told with its file and line, all at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ValidationError

from ryoji.catalogue.calendars import CalendarData
from ryoji.catalogue.conditions import (
    BROWSER_VARIABLES,
    FEE_VARIABLES,
    PERMIT_VARIABLES,
    SERVER_VARIABLES,
    compared_with,
    faults,
    variables_in,
)
from ryoji.catalogue.definition import Procedure
from ryoji.catalogue.entry import entry_faults
from ryoji.catalogue.fees import FeeTable, FeeTables
from ryoji.catalogue.messages import shared_by, uneven
from ryoji.catalogue.missions import (
    EVERYWHERE,
    compiled_offices,
    place_faults,
    residence_faults,
    service_faults,
    takes,
)
from ryoji.catalogue.offices import Office, ServedEverywhere
from ryoji.catalogue.public import texts_of
from ryoji.catalogue.sections import SECTIONS, fields_of, section_schema
from ryoji.catalogue.sources import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ryoji.catalogue.reading import Folder
    from ryoji.catalogue.sources import Source

Model = TypeVar("Model", bound=BaseModel)
Fault = tuple[tuple[str | int, ...], str]

_VARIABLES = BROWSER_VARIABLES | SERVER_VARIABLES
# What is granted, and so must be asked for; nationals only of an authorization, which only they need.
_OF_PERMIT = {
    "permit.stay_days": "for a stay of no more days than are granted",
    "permit.ends_in": "for an arrival while what is granted is in force",
    "permit.nationals": "for its nationals",
}
_WHOSE = ("answers.traveller.nationality", "answers.travel_document.issuing_state")


def checked(folder: Folder) -> dict[str, Any]:
    """The catalogue as plain data. Raises CatalogueError with every fault."""
    found = [folder.messages_from[key].at(key.split("."), fault) for key, fault in uneven(folder.messages)]
    procedures = _models(Procedure, folder.procedures, found)
    brought = _models(FeeTable, folder.own_fees, found)
    listed = [*_models(FeeTable, folder.fees, found), *brought]
    tables = {table.id: table for _, table in listed}
    calendars = {calendar.id: calendar for _, calendar in _models(CalendarData, folder.calendars, found)}
    offices = _rows(Office, folder.offices, "offices", found)
    everywhere = _rows(ServedEverywhere, folder.offices, EVERYWHERE, found)

    found += _table_faults(listed)
    found += _own_rate_faults(brought, procedures)
    found += _calendar_faults(folder.calendars, calendars)
    found += _office_faults(folder.offices, offices, calendars)
    found += service_faults(folder.offices, offices, everywhere)
    found += place_faults(folder.offices, procedures, offices)
    found += _name_faults(folder.offices, procedures, offices)
    found += residence_faults(procedures, offices, everywhere)
    found += _version_faults(procedures)
    found += entry_faults(folder.entry, procedures)
    for source, procedure in procedures:
        for place, fault in _procedure_faults(source, procedure, folder, tables, calendars):
            found.append(source.at(place, fault))
    if found:
        raise CatalogueError(found)
    return {
        # Their words stand among the messages now, and their rates among the fees.
        "procedures": [
            {name: value for name, value in source.data.items() if name != "words"}
            for source in folder.procedures
        ],
        "fees": {source.data["id"]: source.data for source in (*folder.fees, *folder.own_fees)},
        "local_fees": folder.local_fees,
        "calendars": {source.data["id"]: source.data for source in folder.calendars},
        "offices": compiled_offices(folder.offices.data),
        "messages": folder.messages,
    }


def _models(model: type[Model], sources: Sequence[Source], found: list[str]) -> list[tuple[Source, Model]]:
    built = []
    for source in sources:
        try:
            built.append((source, model.model_validate(source.data)))
        except ValidationError as error:
            found += [source.at(detail["loc"], detail["msg"]) for detail in error.errors()]
    return built


def _rows(model: type[Model], source: Source, name: str, found: list[str]) -> list[Model]:
    built = []
    for index, raw in enumerate(source.data.get(name, [])):
        try:
            built.append(model.model_validate(raw))
        except ValidationError as error:
            found += [source.at((name, index, *detail["loc"]), detail["msg"]) for detail in error.errors()]
    return built


def _table_faults(tables: Sequence[tuple[Source, FeeTable]]) -> Iterator[str]:
    names: dict[str, str] = {}
    for source, table in tables:
        if table.id in names:
            yield source.at(("rates",), f"the fee table {table.id} stands in {names[table.id]} already")
        names.setdefault(table.id, source.name)


def _own_rate_faults(
    brought: Sequence[tuple[Source, FeeTable]], procedures: Sequence[tuple[Source, Procedure]]
) -> Iterator[str]:
    """Rates of a definition that none of its fees asks for: what was meant to cost something would be free."""
    asked = {(each.id, use.table, use.item) for _, each in procedures for use in each.fees}
    for source, table in brought:
        for index, rate in enumerate(table.rates):
            for item in rate.items:
                if (table.id, table.id, item) not in asked:
                    yield source.at(("rates", index), f"no fee asks for {item} of the table {table.id}")


def _calendar_faults(sources: Sequence[Source], calendars: dict[str, CalendarData]) -> Iterator[str]:
    for source in sources:
        for index, other in enumerate(source.data.get("adds_to", [])):
            if other not in calendars:
                yield source.at(("adds_to", index), f"there is no calendar {other}")


def _office_faults(
    source: Source, offices: list[Office], calendars: dict[str, CalendarData]
) -> Iterator[str]:
    codes: set[str] = set()
    for index, office in enumerate(offices):
        place = ("offices", index)
        if office.code in codes:
            yield source.at((*place, "code"), f"{office.code} stands here twice")
        codes.add(office.code)
        if office.calendar not in calendars:
            yield source.at((*place, "calendar"), f"there is no calendar {office.calendar}")
        if not _zone_exists(office.timezone):
            yield source.at((*place, "timezone"), f"there is no time zone {office.timezone}")


def _name_faults(
    source: Source, procedures: list[tuple[Source, Procedure]], offices: list[Office]
) -> Iterator[str]:
    """Offices that a reader of a procedure that they take would see named in another language."""
    for index, office in enumerate(offices):
        spoken = {
            language
            for _, procedure in procedures
            if takes(office, procedure)
            for language in procedure.languages
        }
        for language in sorted(spoken - office.name.keys()):
            yield source.at(("offices", index, "name"), f"{office.code}: no name in {language}")


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _version_faults(procedures: list[tuple[Source, Procedure]]) -> Iterator[str]:
    versions: dict[str, list[tuple[Source, Procedure]]] = defaultdict(list)
    for source, procedure in procedures:
        for other_source, other in versions[procedure.id]:
            if other.version == procedure.version:
                yield source.at(("version",), f"{other_source.name} has version {other.version} already")
            if _overlap(other, procedure):
                yield source.at(
                    ("from",), f"in force together with version {other.version} in {other_source.name}"
                )
        versions[procedure.id].append((source, procedure))


def _overlap(first: Procedure, second: Procedure) -> bool:
    return (second.until is None or first.since <= second.until) and (
        first.until is None or second.since <= first.until
    )


def _procedure_faults(
    source: Source,
    procedure: Procedure,
    folder: Folder,
    tables: dict[str, FeeTable],
    calendars: dict[str, CalendarData],
) -> Iterator[Fault]:
    if source.name.split("/")[-2] != procedure.family:
        yield ("family",), f"the file stands in the folder {source.name.split('/')[-2]}"
    if procedure.calendar not in calendars:
        yield ("calendar",), f"there is no calendar {procedure.calendar}"
    yield from _section_faults(procedure)
    yield from _condition_faults(source.data, procedure)
    yield from _rule_faults(procedure)
    yield from _permit_faults(procedure)
    yield from _stage_faults(procedure)
    yield from _fee_faults(procedure, tables)
    yield from _surcharge_faults(procedure, tables)
    yield from _fee_group_faults(procedure)
    yield from _remedy_faults(procedure)
    yield from _text_faults(procedure, folder, tables)


def _section_faults(procedure: Procedure) -> Iterator[Fault]:
    for index, section in enumerate(procedure.sections):
        if section.id not in SECTIONS:
            yield ("sections", index, "id"), f"there is no section {section.id}: {', '.join(SECTIONS)}"


def _condition_faults(raw: dict[str, Any], procedure: Procedure) -> Iterator[Fault]:
    known = {
        f"answers.{section.id}.{field}"
        for section in procedure.sections
        if section.id in SECTIONS
        for field in fields_of(section.id)
    }
    for place, condition in _conditions(raw, ()):
        for fault in faults(condition):
            yield place, fault
        for variable in variables_in(condition):
            if variable not in known and variable not in _VARIABLES:
                yield place, f"there is no field {variable}"
            if variable in FEE_VARIABLES and place[0] != "fees":
                yield place, f"{variable} is known to fees only"
            if variable in PERMIT_VARIABLES and (place[0] != "rules" or procedure.permit is None):
                yield place, f"{variable} is known to the rules of what has a permit only"


def _conditions(raw: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(raw, list):
        for index, part in enumerate(raw):
            yield from _conditions(part, (*place, index))
    if not isinstance(raw, dict):
        return
    for key, value in raw.items():
        if key in {"when", "unless", "must"}:
            yield (*place, key), value
        else:
            yield from _conditions(value, (*place, key))


def _rule_faults(procedure: Procedure) -> Iterator[Fault]:
    for index, rule in enumerate(procedure.rules):
        section, _, field = rule.pointer[1:].partition("/")
        in_form = any(use.id == section for use in procedure.sections) and section in SECTIONS
        if not in_form or (field and field not in fields_of(section)):
            yield ("rules", index, "pointer"), f"there is no answer at {rule.pointer}"


def _permit_faults(procedure: Procedure) -> Iterator[Fault]:
    """Rules that ask for less, or for others, than what is granted."""
    permit = procedure.permit
    if permit is None:
        return
    asked = {variable for rule in procedure.rules for variable in variables_in(rule.must)}
    for variable, what in _OF_PERMIT.items():
        if variable not in asked and (variable != "permit.nationals" or permit.kind == "authorization"):
            yield ("rules",), f"no rule asks {what} ({variable})"
    for index, rule in enumerate(procedure.rules if permit.kind == "authorization" else ()):
        for state in (state for who in _WHOSE for state in compared_with(rule.must, who)):
            if state not in permit.nationals:
                yield ("rules", index, "must"), f"{state} is not among the nationals of the permit"


def _stage_faults(procedure: Procedure) -> Iterator[Fault]:
    for index, stage in enumerate(procedure.stages):
        if stage.checks and stage.id != "evidence":
            yield ("stages", index, "checks"), "only the evidence stage has checks"
        if (stage.correction or stage.interview) and stage.id != "review":
            yield ("stages", index), "only the review stage has correction and interview"
    review = procedure.stage("review")
    for index, document in enumerate(procedure.documents):
        if document.original is None:
            continue
        if review is None or review.automatic:
            yield ("documents", index, "original"), "nobody would look at it: no officer decides"
        elif document.original.asked == "at_interview" and review.interview is None:
            yield ("documents", index, "original"), "there are no interviews"


def _fee_faults(procedure: Procedure, tables: dict[str, FeeTable]) -> Iterator[Fault]:
    if procedure.fees and procedure.stage("payment") is None:
        yield ("fees",), "there are fees, and no payment stage"
    if procedure.fees and "payment_due" not in procedure.messages:
        yield ("messages",), "there are fees, and nobody is told to pay (payment_due)"
    yield from _rate_faults(procedure, tables)


def _rate_faults(procedure: Procedure, tables: dict[str, FeeTable]) -> Iterator[Fault]:
    channels = sorted({channel for actor in procedure.audience.actors for channel in actor.channels})
    fees = FeeTables(tables)
    for index, use in enumerate(procedure.fees):
        table = tables.get(use.table)
        if table is None:
            yield ("fees", index, "table"), f"there is no fee table {use.table}"
            continue
        for office in procedure.offices:
            for channel in channels:
                if office == "mission" and channel == "counter" and _paid_in_cash(table, use.item):
                    continue
                for day in fees.gaps(use, office, channel, procedure.since, procedure.until):
                    yield ("fees", index, "item"), f"no fee for {use.item}, {office}, {channel}, from {day}"


def _surcharge_faults(procedure: Procedure, tables: dict[str, FeeTable]) -> Iterator[Fault]:
    for index, use in enumerate(procedure.fees):
        table = tables.get(use.table)
        if table is None or "surcharge" not in variables_in(use.when):
            continue
        if table.surcharge is None:
            yield ("fees", index, "when"), f"the fee table {table.id} does not say for how many years"
        elif procedure.retention.years < table.surcharge.years:
            yield ("retention",), "an uncollected passport would be forgotten before its surcharge is over"


def _fee_group_faults(procedure: Procedure) -> Iterator[Fault]:
    ages = [group.since for group in procedure.fee_groups]
    if ages and (ages != sorted(set(ages), reverse=True) or ages[-1] != 0):
        yield ("fee_groups",), "the oldest stand first, each age once, and the last begin at 0"
    if ages and not procedure.fees:
        yield ("fee_groups",), "there are groups, and no fees"
    known = _validities(procedure)
    for index, group in enumerate(procedure.fee_groups):
        for place, validity in enumerate(group.validity):
            if validity not in known:
                yield ("fee_groups", index, "validity", place), f"the form has no validity {validity}"


def _validities(procedure: Procedure) -> set[str]:
    """What the form lets one choose from, if it asks for a validity."""
    asking = [use.id for use in procedure.sections if use.id in SECTIONS and "validity" in fields_of(use.id)]
    return {
        value for each in asking for value in section_schema(each)["properties"]["validity"].get("enum", [])
    }


def _remedy_faults(procedure: Procedure) -> Iterator[Fault]:
    if procedure.remedy and procedure.refusal.reasons == "general":
        yield ("remedy",), "a refusal without reasons is told without a way to object"


def _paid_in_cash(table: FeeTable, item: str) -> bool:
    """At a mission's counter the amount is in local currency, set each year, and may not be known here."""
    return any(item in window.items for window in table.cash_windows) or any(
        item in rows.items for rows in table.local
    )


def _text_faults(procedure: Procedure, folder: Folder, tables: dict[str, FeeTable]) -> Iterator[Fault]:
    for language in procedure.languages:
        known = folder.messages.get(language, {})
        for place, key in texts_of(procedure, tables):
            if key not in known:
                yield place, f"no text {key} in {language}"
        for key in shared_by(_told_checks(procedure), folder.messages.get("en", {})):
            if key not in known:
                yield ("languages",), f"no text {key} in {language}"


def _told_checks(procedure: Procedure) -> set[str]:
    """The checks whose findings the applicant is told: not what screening found."""
    stages: set[str] = {check for stage in procedure.stages for check in stage.checks}
    return stages.union(*(document.checks for document in procedure.documents)) - {"screening"}
