"""Fees, from tables by date: what is to be paid for one application accepted on one day.

The date that counts is that of acceptance. A rate that nobody has verified (announced, not confirmed) stays in
the table for the reader and is never charged. What is not known for a date is an error and not a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.catalogue.conditions import Facts, compared_with, holds, plain, variables_in
from ryoji.catalogue.definition import Channel, Code, Mark, OfficeKind, Part, Payment, Rate
from ryoji.errors import Invalid, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ryoji.catalogue.definition import FeeUse, Procedure
    from ryoji.catalogue.offices import Office

_NATIONALITY = "answers.traveller.nationality"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class CashWindow(_Shape):
    """Yen between which the amount in local currency must lie; the amount itself is set by ordinance each year."""

    items: list[Code] = Field(description="Items for which it holds.", min_length=1)
    channels: list[Channel] = Field(description="Through which channels.", min_length=1)
    lowest: int = Field(ge=0, description="Lowest amount in yen.")
    highest: int = Field(ge=0, description="Highest amount in yen.")
    since: date = Field(alias="from", description="First day in force.")
    until: date | None = Field(default=None, description="Last day in force.")
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")


class LocalItems(_Shape):
    """Items whose amounts in local currency stand in the ordinance's own table, by the table's item number."""

    file: str = Field(description="CSV beside this file.", pattern=r"^[a-z0-9\-]+\.csv$")
    since: date = Field(alias="from", description="First day of the ordinance's table.")
    until: date = Field(description="Last day of the ordinance's table.")
    items: dict[Code, str] = Field(description="Item of this table to column of the CSV.")
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")


class Surcharge(_Shape):
    """How long an application pays more because an earlier passport was not collected and lapsed."""

    years: int = Field(ge=1, description="Years after the lapse within which the first application pays it.")
    source: str = Field(description="Where it was read.")
    mark: Mark = Field(description="How well it is known.")


class FeeTable(_Shape):
    """One fee table."""

    id: Code = Field(description="Name by which procedures call it.")
    rates: list[Rate] = Field(description="Amounts.", min_length=1)
    cash_windows: list[CashWindow] = Field(
        default=[], description="For reading only: bounds of local amounts."
    )
    local: list[LocalItems] = Field(default=[], description="Tables of amounts in local currency.")
    surcharge: Surcharge | None = Field(
        default=None, description="Where an item is due by the condition `surcharge`: for how long."
    )

    @model_validator(mode="after")
    def _one_rate_at_a_time(self) -> FeeTable:
        for first, second in _pairs([rate for rate in self.rates if not rate.unverified]):
            if _collide(first, second):
                raise ValueError(
                    f"two rates for {', '.join(sorted(set(first.items) & set(second.items)))} overlap"
                )
        return self


@dataclass(frozen=True)
class LocalAmount:
    """An amount of the ordinance's table of local currencies, in the currency's minor unit."""

    amount: int
    currency: str


LocalTable = dict[tuple[str, str], LocalAmount]


@dataclass(frozen=True)
class FeeFacts:
    """What a fee depends on. `date` is the day of acceptance; `validity` may stand in for the answers."""

    date: date
    office: Office
    channel: Channel = "online"
    payment: Payment = "card"
    age: int | None = None
    validity: str | None = None
    surcharge: bool = False
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class FeePart:
    """One line of a fee. `label` is the message key; `amount` is in the minor unit."""

    code: str
    part: Part
    label: str
    amount: int
    source: str


@dataclass(frozen=True)
class Fee:
    """What is to be paid. `notes` are message keys of what the payer should know, such as an announced change."""

    items: tuple[FeePart, ...]
    amount: int
    currency: str
    source: str
    as_of: date
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeeTables:
    """All fee tables, and the amounts in local currency by file and then by (country, column)."""

    tables: Mapping[str, FeeTable]
    local: Callable[[str], LocalTable] = field(default=lambda _: {})

    def fee_for(self, procedure: Procedure, facts: FeeFacts) -> Fee:
        """The fee of one application.

        Raises Invalid (fee_facts_missing) if the facts do not say which item is due, and Rejected
        (fee_not_known) if the tables have no verified amount for the day, office, channel and payment.
        """
        uses = self._items_due(procedure, facts)
        if not uses:
            return Fee((), 0, "jpy", "", facts.date)
        found = [line for use in uses for line in self._lines(use, facts)]
        currencies = {currency for _, currency in found}
        if len(currencies) != 1:
            raise Rejected(
                "fee_not_known", item=uses[0].item, day=facts.date.isoformat(), office=facts.office.code
            )
        lines = tuple(line for line, _ in found)
        sources = "; ".join(dict.fromkeys(line.source for line in lines))
        amount = sum(line.amount for line in lines)
        return Fee(lines, amount, currencies.pop(), sources, facts.date, tuple(self._notes(uses, facts)))

    def surcharge_of(self, procedure: Procedure) -> Surcharge | None:
        """The rule of the surcharge that the procedure's fees ask for; None where they ask for none."""
        asking = (use for use in procedure.fees if "surcharge" in variables_in(use.when))
        use = next(asking, None)
        return self.tables[use.table].surcharge if use else None

    def gaps(
        self, use: FeeUse, office: OfficeKind, channel: Channel, since: date, until: date | None
    ) -> Iterator[date]:
        """First days from which the item has no verified amount at that kind of office, within the period."""
        table = self.tables[use.table]
        rates = sorted(
            (
                rate
                for rate in table.rates
                if _serves(rate, use.item, office, channel) and not rate.unverified
            ),
            key=lambda rate: rate.since,
        )
        for part in dict.fromkeys(rate.part for rate in rates):
            yield from _uncovered([rate for rate in rates if rate.part == part], since, until)
        if not rates:
            yield since

    def _items_due(self, procedure: Procedure, facts: FeeFacts) -> list[FeeUse]:
        if not procedure.fees:
            return []
        variables = _variables(procedure, facts)
        due = [use for use in procedure.fees if holds(use.when, variables)]
        if not due or all(use.item.startswith("surcharge") for use in due):
            raise Invalid("fee_facts_missing", procedure=procedure.id)
        return due

    def _lines(self, use: FeeUse, facts: FeeFacts) -> list[tuple[FeePart, str]]:
        table = self.tables[use.table]
        rates = [rate for rate in table.rates if self._charged(rate, use.item, facts)]
        if rates:
            return [(_line(use.item, rate.part, rate.amount, rate.source), rate.currency) for rate in rates]
        return [self._local_line(table, use.item, facts)]

    def _charged(self, rate: Rate, item: str, facts: FeeFacts) -> bool:
        return (
            _serves(rate, item, facts.office.kind, facts.channel)
            and facts.payment in rate.payments
            and rate.in_force(facts.date)
            and not rate.unverified
        )

    def _local_line(self, table: FeeTable, item: str, facts: FeeFacts) -> tuple[FeePart, str]:
        for local in table.local if facts.payment == "cash" and facts.office.kind == "mission" else []:
            amount = self.local(local.file).get((facts.office.country, local.items.get(item, "")))
            if amount is not None and local.since <= facts.date <= local.until:
                return _line(item, "consular", amount.amount, local.source), amount.currency
        raise Rejected("fee_not_known", item=item, day=facts.date.isoformat(), office=facts.office.code)

    def _notes(self, uses: list[FeeUse], facts: FeeFacts) -> Iterator[str]:
        announced = any(
            rate.unverified and rate.in_force(facts.date) and use.item in rate.items
            for use in uses
            for rate in self.tables[use.table].rates
        )
        if announced:
            yield "fee_note.announced_change"


def nationalities_apart(procedure: Procedure) -> tuple[str, ...]:
    """The nationalities that pay a fee of their own: by reciprocity (L4 art 1(4), japan.md §7.1)."""
    named = (state for use in procedure.fees for state in compared_with(use.when, _NATIONALITY))
    return tuple(dict.fromkeys(named))


def _variables(procedure: Procedure, facts: FeeFacts) -> dict[str, Any]:
    known = Facts(
        facts.answers, facts.date, facts.channel, facts.office, surcharge=facts.surcharge, age=facts.age
    ).variables(procedure.audience.age.reached)
    if facts.validity is not None:
        _answer_validity(procedure, known["answers"], facts.validity)
    return known


def _answer_validity(procedure: Procedure, answers: dict[str, Any], validity: str) -> None:
    """Put the validity where the procedure's own form asks for it."""
    from ryoji.catalogue.sections import fields_of

    for section in procedure.sections:
        if "validity" in fields_of(section.id):
            answers[section.id] = {**plain(answers.get(section.id, {})), "validity": validity}


def _line(item: str, part: Part, amount: int, source: str) -> FeePart:
    return FeePart(item, part, f"fee.{item}.{part}", amount, source)


def _serves(rate: Rate, item: str, office: OfficeKind, channel: Channel) -> bool:
    return item in rate.items and rate.office == office and channel in rate.channels


def _uncovered(rates: list[Rate], since: date, until: date | None) -> Iterator[date]:
    from datetime import timedelta

    day: date | None = since
    for rate in rates:
        if day is None or rate.since > day:
            break
        if rate.in_force(day):
            day = rate.until + timedelta(days=1) if rate.until else None
    if day is not None and (until is None or day <= until):
        yield day


def _pairs(rates: list[Rate]) -> Iterator[tuple[Rate, Rate]]:
    for index, first in enumerate(rates):
        for second in rates[index + 1 :]:
            yield first, second


def _collide(first: Rate, second: Rate) -> bool:
    return bool(
        first.part == second.part
        and first.office == second.office
        and set(first.items) & set(second.items)
        and set(first.channels) & set(second.channels)
        and set(first.payments) & set(second.payments)
        and first.since <= (second.until or date.max)
        and second.since <= (first.until or date.max)
    )
