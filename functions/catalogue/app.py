"""What can be applied for, where, and what it costs: the catalogue for everybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.door import Call, Door
from ryoji.doors.texts import catalogue as procedures
from ryoji.doors.texts import texts

if TYPE_CHECKING:
    from ryoji.catalogue.fees import Fee

door = Door("catalogue")


@door.route("GET", "/procedures", "catalogue.read", answer="Procedures")
def list_procedures(call: Call) -> dict[str, Any]:
    """All procedures in force today: those in the reader's language first, of these the passports, then the others."""
    from ryoji.catalogue.definition import Family
    from ryoji.catalogue.public import summarise

    order, language = get_args(Family), call.language
    found = procedures().in_force(ministry_day(call.now))
    listed = sorted(found, key=lambda each: (language not in each.languages, order.index(each.family)))
    return {"procedures": [summarise(each, language, texts()) for each in listed]}


@door.route("GET", "/procedures/{procedure}", "catalogue.read", answer="Procedure")
def describe_procedure(call: Call, procedure: str) -> dict[str, Any]:
    """One procedure: sections with their schemas, documents, fees, stages."""
    from ryoji.catalogue.public import describe

    today = ministry_day(call.now)
    definition = procedures().definition_on(procedure, today)
    offices = procedures().offices_for(definition)
    return describe(definition, call.language, texts(), today, fees=procedures().fees, offices=offices)


@door.route("GET", "/offices", "catalogue.read", answer="Offices")
def list_offices(call: Call) -> dict[str, Any]:
    """The offices that take a procedure."""
    from ryoji.doors.views import office_view

    definition = procedures().definition_on(call.query.get("procedure", ""), ministry_day(call.now))
    return {
        "offices": [office_view(office, call.language) for office in procedures().offices_for(definition)]
    }


@door.route("GET", "/fees", "catalogue.read", answer="Fee")
def tell_fee(call: Call) -> dict[str, Any]:
    """What a procedure costs for somebody of this age, at this office, by this channel, today.

    `exceptions` is what nationals pay instead who have a fee of their own.
    """
    from dataclasses import replace

    from ryoji.catalogue.fees import FeeFacts, nationalities_apart

    query, office = call.query, procedures().office(call.query.get("office", ""))
    today = office.today(call.now)
    definition = procedures().definition_on(query.get("procedure", ""), today)
    facts = FeeFacts(
        date=today,
        office=office,
        channel="counter" if query.get("channel") == "counter" else "online",
        age=_age(query.get("birth_date"), today, definition.audience.age.reached),
        validity=query.get("validity"),
    )
    fee = procedures().fees.fee_for(definition, facts)
    apart = [
        procedures().fees.fee_for(definition, replace(facts, answers={"traveller": {"nationality": state}}))
        for state in nationalities_apart(definition)
    ]
    return {
        "items": _lines(fee, call.language),
        "exceptions": [line for other in apart for line in _lines(other, call.language)],
        "total": fee.amount,
        "currency": fee.currency,
        "as_of": today.isoformat(),
        "source": fee.source,
        "notes": [texts().text(note, call.language) for note in fee.notes],
    }


def _lines(fee: Fee, language: str) -> list[dict[str, Any]]:
    return [{"label": texts().text(line.label, language), "amount": line.amount} for line in fee.items]


def _age(birth_date: str | None, today: date, reached: Literal["eve_of_birthday", "birthday"]) -> int | None:
    from ryoji.catalogue.conditions import age_on

    try:
        return age_on(date.fromisoformat(birth_date or ""), today, reached)
    except ValueError:
        return None
