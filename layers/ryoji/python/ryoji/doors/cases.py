"""Cases through a door: the guard first, then the judgement, then one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ryoji.adapters.case_table import CaseTable
from ryoji.cases.access import require_on
from ryoji.cases.actions import Actor
from ryoji.cases.case import Case
from ryoji.cases.log import Judge, SlotChange, read, record
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.definition import Deadline, Procedure
from ryoji.catalogue.ministry_days import MINISTRY_ZONE, ministry_day
from ryoji.catalogue.offices import Office
from ryoji.catalogue.subject import office_code
from ryoji.doors.door import Call
from ryoji.doors.texts import catalogue, texts
from ryoji.errors import NotFound

if TYPE_CHECKING:
    from ryoji.catalogue.calendars import Calendar
    from ryoji.doors.views import Reader


@cache
def table() -> CaseTable:
    """The case table."""
    return CaseTable()


def read_for(call: Call, case_id: str) -> Case:
    """A case that the caller may see, or NotFound as if it did not exist."""
    case = read(table(), case_id)
    require_on(call.caller, call.operation, case)
    return case


def command(
    call: Call,
    case_id: str,
    judge: Judge,
    *,
    slots: Callable[[Case], tuple[SlotChange, ...]] | None = None,
) -> Case:
    """Judge a caller's command and record what follows, once per idempotency key."""
    return record(
        table(),
        case_id,
        judge,
        by=call.actor,
        now=call.now,
        once=call.once,
        slots=slots,
        guard=lambda case: require_on(call.caller, call.operation, case),
    )


def by_system(case_id: str, judge: Judge, *, step: str, now: datetime | None = None) -> Case:
    """Judge what a step of the machine found and record what follows."""
    return record(table(), case_id, judge, by=Actor("system", step), now=now or datetime.now(UTC))


def command_by_partner(call: Call, order_id: str, judge: Judge) -> Case:
    """Judge what a partner reports on its order; the scope was required before.

    Raises NotFound alike for a case that is not there, one without an order, and one with another order: a partner
    does not learn which cases exist.
    """

    def ordered(case: Case) -> None:
        if not case.order_id or case.order_id != order_id:
            raise NotFound("unknown_order")

    case_id = order_id.partition(".")[0] or "none"
    return record(table(), case_id, judge, by=call.actor, now=call.now, once=call.once, guard=ordered)


def definition_of(case: Case) -> Procedure:
    """The definition that the case is pinned to."""
    return catalogue().definition(case.procedure, case.version)


def is_screened(definition: Procedure) -> bool:
    """Whether the procedure's applicants are screened."""
    evidence = definition.stage("evidence")
    return evidence is not None and "screening" in evidence.checks


def office_of(case: Case) -> Office | None:
    """The office that the applicant chose, once they did; where only one takes the procedure, that one."""
    code = office_code(case.sections)
    if code:
        return catalogue().offices.get(code)
    return _only_taker(definition_of(case)) if case.procedure else None


def _only_taker(definition: Procedure) -> Office | None:
    takers = catalogue().offices_for(definition)
    return takers[0] if len(takers) == 1 else None


def timezone_of(case: Case) -> str:
    """The zone that the case's days are counted in: the office's, and Tokyo's before one is chosen."""
    office = office_of(case)
    return office.timezone if office else MINISTRY_ZONE


def today_at_office(case: Case, now: datetime) -> date:
    """Today, where the case's office is."""
    return _day_at(office_of(case), now)


def _day_at(office: Office | None, moment: datetime) -> date:
    return office.today(moment) if office else ministry_day(moment)


def ended_on(case: Case) -> date | None:
    """The day, where its office is, on which a case ended; None while it has not."""
    return today_at_office(case, case.ended_at) if case.ended_at else None


def row_ended_on(row: Mapping[str, Any]) -> date:
    """The same day, from the summary of a case that has ended."""
    code, definition = row.get("office"), catalogue().definition(row["procedure"], row["version"])
    office = catalogue().offices.get(code) if code else _only_taker(definition)
    return _day_at(office, datetime.fromisoformat(row["ended_at"]))


def facts_now(case: Case, now: datetime) -> Facts:
    """What conditions are judged on: the day of acceptance once there is one, but of a journey today."""
    moment = case.submitted_at or now
    return Facts(
        answers=case.sections,
        on=today_at_office(case, moment),
        channel="online",
        office=office_of(case),
        relation=case.relation,
        today=today_at_office(case, now),
    )


def due_of(case: Case, stage: str, now: datetime) -> str | None:
    """The last day of a stage that begins now, by the calendar of the case's office; None where nothing is said."""
    wanted = definition_of(case).stage(stage)
    if wanted is None or wanted.due is None:
        return None
    if stage == "review" and wanted.due.stops_while_asked:
        return _due_after_standing_still(case, wanted.due, now)
    return due_date(case, wanted.due, now)


def _due_after_standing_still(case: Case, deadline: Deadline, now: datetime) -> str:
    from ryoji.cases.clocks import working_days_used

    used = working_days_used(case, calendar_of(case), timezone_of(case), now)
    left = max(1, (deadline.working_days or 1) - used)
    return due_date(case, deadline.model_copy(update={"working_days": left}), now)


def calendar_of(case: Case) -> Calendar:
    """The working days of the case's office."""
    office = office_of(case)
    return catalogue().calendar(office.calendar if office else definition_of(case).calendar)


def due_date(case: Case, deadline: Deadline, now: datetime) -> str:
    """The last day of a deadline that begins now."""
    from ryoji.catalogue.deadlines import acceptance_date, due

    calendar = calendar_of(case)
    return due(deadline, acceptance_date(now, timezone_of(case), calendar), calendar).isoformat()


def fee_of(case: Case) -> dict[str, Any]:
    """The fee of an application as accepted: `items`, `total`, `currency`, `source`.

    Where the procedure asks for the surcharge, the person's other cases are read.
    """
    from ryoji.catalogue.fees import FeeFacts

    facts = facts_now(case, case.submitted_at or datetime.now(UTC))
    office = office_of(case)
    if office is None or facts.on is None:
        raise NotFound("office_not_found")
    definition = definition_of(case)
    age = facts.variables(definition.audience.age.reached)["age"]
    surcharge = _surcharge(case, definition, facts.on)
    fee = catalogue().fees.fee_for(
        definition,
        FeeFacts(date=facts.on, office=office, age=age, surcharge=surcharge, answers=case.sections),
    )
    items = [
        {
            "code": line.code,
            "label": line.label,
            "amount": line.amount,
            "beneficiary": _beneficiary(line.part, office),
        }
        for line in fee.items
    ]
    return {"items": items, "total": fee.amount, "currency": fee.currency, "source": fee.source}


def _surcharge(case: Case, definition: Procedure, on: date) -> bool:
    from ryoji.cases.earlier import surcharge_due

    rule = catalogue().fees.surcharge_of(definition)
    if rule is None or case.person is None or case.submitted_at is None:
        return False
    others = [
        row
        for row in table().of_person(case.person)
        if row["case_id"] != case.case_id and _asks_surcharge(row)
    ]
    return surcharge_due(others, accepted=case.submitted_at, on=on, years=rule.years)


def _asks_surcharge(row: dict[str, Any]) -> bool:
    """Whether a case is one of those that the surcharge is about: what a certificate cost says nothing here."""
    definition = catalogue().definition(row["procedure"], row["version"])
    return catalogue().fees.surcharge_of(definition) is not None


def _beneficiary(part: str, office: Office) -> str:
    return f"prefecture:{office.code}" if part == "prefecture" else "state"


def grounds_of(case: Case) -> list[str]:
    """The grounds on which this procedure may be refused, as message keys below `ground.`."""
    prefix = f"ground.{definition_of(case).family}."
    known = texts().texts["ja"]
    return sorted(key.removeprefix(prefix) for key in known if key.startswith(prefix))


def reader_of(call: Call, case: Case) -> Reader:
    """Who reads this case, in which language."""
    from ryoji.doors.views import Reader

    return Reader(definition_of(case), facts_now(case, call.now), call.language, call.now)


def case_view(call: Call, case: Case) -> dict[str, Any]:
    """The applicant's view of a case in the caller's language."""
    from ryoji.doors.views import applicant_view

    return applicant_view(case, reader_of(call, case))


def desk_view(call: Call, case: Case) -> dict[str, Any]:
    """The officer's view of a case in the caller's language."""
    from ryoji.doors.views_of_desk import officer_view

    others = table().of_person(case.person) if case.person else []
    actions = table().actions(case.case_id)
    return officer_view(case, reader_of(call, case), call.caller, actions, others, grounds_of(case))
