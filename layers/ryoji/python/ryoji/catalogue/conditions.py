"""Conditions are data: JSON Logic, evaluated here by `json_logic` and in the browser by `json-logic-js`.

Only the operators on which both give the same answer are allowed, and `===` instead of `==`, so that nothing
depends on what a language makes of `null == false`. An ordering comparison with something that is not known
yet must say so beside it ({"!==": [{"var": "age"}, null]}), because in JSON Logic nothing is less than fifteen.
`procedures/conditions-conformance.json` is tested on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ryoji.catalogue.subject import passport_answers, person_answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ryoji.catalogue.definition import Condition, Permit
    from ryoji.catalogue.offices import Office

OPERATORS = frozenset({"var", "===", "!==", "<", "<=", ">", ">=", "and", "or", "!", "in"})
ORDERINGS = frozenset({"<", "<=", ">", ">="})

# What the browser knows besides the answers, and what only the server works out.
BROWSER_VARIABLES = frozenset({"age", "channel", "office.code", "office.kind", "office.country"})
SERVER_VARIABLES = frozenset(
    {
        "surcharge",
        "passport.expired",
        "passport.under_one_year",
        "passport.outlasts_trip",
        "trip.days",
        "trip.begins_in",
        "family.relation",
        "office.serves",
        "permit.stay_days",
        "permit.nationals",
        "permit.ends_in",
    }
)
# Worked out when a fee falls due, from other cases: for the conditions of fees and no others.
FEE_VARIABLES = frozenset({"surcharge"})
# The definition's own permit, for its rules: a figure that the form is held to and the permission has stands once.
# A definition that asks for one has it, so that its rules need not say beside it that there is a value.
PERMIT_VARIABLES = frozenset(name for name in SERVER_VARIABLES if name.startswith("permit."))


def holds(condition: Condition | None, variables: Mapping[str, Any]) -> bool:
    """Whether the condition holds; no condition always does."""
    if condition is None:
        return True
    from json_logic.apply import apply
    from json_logic.builtins import to_bool

    return bool(to_bool(apply(condition, dict(variables))))


def variables_in(condition: Any) -> Iterator[str]:
    """Every variable that the condition reads, as a dotted path."""
    for operator, operands in _operations(condition):
        if operator == "var":
            yield str(operands[0]) if operands else ""


def compared_with(condition: Any, variable: str) -> Iterator[str]:
    """Every text that the condition compares the variable with, alone or in a list."""
    for operator, operands in _operations(condition):
        if operator in {"===", "in"} and variable in _direct_variables(operands):
            for operand in operands:
                texts = operand if isinstance(operand, list) else [operand]
                yield from (text for text in texts if isinstance(text, str))


def faults(condition: Any) -> Iterator[str]:
    """What makes the condition unfit for use on both sides, one sentence each."""
    unguarded: set[str] = set()
    guarded: set[str] = set()
    for operator, operands in _operations(condition):
        if operator not in OPERATORS:
            yield f"operator {operator!r} is not one of {', '.join(sorted(OPERATORS))}"
        if operator in ORDERINGS:
            unguarded.update(_direct_variables(operands))
        if operator == "!==" and None in operands:
            guarded.update(_direct_variables(operands))
    for name in sorted(unguarded - guarded - PERMIT_VARIABLES):
        yield f'{name} is ordered without {{"!==": [{{"var": "{name}"}}, null]}} beside it'


def _operations(condition: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(condition, list):
        for part in condition:
            yield from _operations(part)
    if not isinstance(condition, dict):
        return
    for operator, value in condition.items():
        operands = value if isinstance(value, list) else [value]
        yield operator, operands
        yield from _operations(operands)


def _direct_variables(operands: list[Any]) -> Iterator[str]:
    for operand in operands:
        if isinstance(operand, dict) and isinstance(operand.get("var"), str):
            yield operand["var"]


def age_on(birth_date: date, on: date, reached: Literal["eve_of_birthday", "birthday"]) -> int:
    """Full years of age on a day.

    With `eve_of_birthday` a year is full at the end of the day before the birthday, so that day already counts.
    Somebody born on 29 February fills the year on 28 February (Civil Code art 143(2)) or, by birthday, on 1 March.
    """
    day = on + timedelta(days=1) if reached == "eve_of_birthday" else on
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@dataclass(frozen=True)
class Facts:
    """What conditions are judged on; `answers` are by section, then by field.

    `on` is the day of acceptance. `today`, where it is another, is the day from which a journey is looked at: when it
    is corrected, months may have passed since.
    """

    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    on: date | None = None
    channel: Literal["online", "counter"] = "online"
    office: Office | None = None
    surcharge: bool = False
    age: int | None = None
    relation: str | None = None
    today: date | None = None

    def variables(
        self, reached: Literal["eve_of_birthday", "birthday"], permit: Permit | None = None
    ) -> dict[str, Any]:
        """The variables that conditions read; what is not known is None. Rules have their definition's permit too."""
        office = self.office
        return {
            "answers": plain(self.answers),
            "age": self.age if self.age is not None else self._age(reached),
            "channel": self.channel,
            "office": {
                "code": office.code if office else None,
                "kind": office.kind if office else None,
                "country": office.country if office else None,
                "serves": list(office.serves) if office else [],
            },
            "surcharge": self.surcharge,
            # Of who joined a family: what they are to its first applicant.
            "family": {"relation": self.relation},
            "passport": self._passport(),
            "trip": self._trip(),
            "permit": self._permit(permit) if permit else {},
        }

    def _age(self, reached: Literal["eve_of_birthday", "birthday"]) -> int | None:
        birth_date = _latest_birth(person_answers(self.answers).get("birth_date"))
        if birth_date is None or self.on is None:
            return None
        birth_date = min(birth_date, self.on)
        return age_on(birth_date, self.on, reached)

    def _passport(self) -> dict[str, bool | None]:
        expiry = _date(passport_answers(self.answers).get("expiry_date"))
        leaves = _date(self.answers.get("trip", {}).get("departure_date"))
        if expiry is None or self.on is None:
            return {"expired": None, "under_one_year": None, "outlasts_trip": None}
        return {
            "expired": expiry < self.on,
            "under_one_year": expiry < _one_year_after(self.on),
            "outlasts_trip": None if leaves is None else expiry >= leaves,
        }

    def _trip(self) -> dict[str, int | None]:
        trip = self.answers.get("trip", {})
        arrives, leaves = _date(trip.get("arrival_date")), _date(trip.get("departure_date"))
        today = self.today or self.on
        return {
            "days": (leaves - arrives).days + 1 if arrives and leaves else None,
            "begins_in": (arrives - today).days if arrives and today else None,
        }

    def _permit(self, permit: Permit) -> dict[str, Any]:
        """What would be granted today; granted later, it ends later too."""
        today = self.today or self.on
        return {
            "stay_days": permit.stay_days,
            "nationals": list(permit.nationals),
            "ends_in": (permit.ends(today) - today).days if today else None,
        }


def plain(value: Any) -> Any:
    """Answers as JSON has them: dates become text, everything else stays."""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "items"):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _latest_birth(value: Any) -> date | None:
    """The latest day that a birth date can mean: whoever may still be a child is treated as one."""
    if not isinstance(value, str) or "XX" not in value:
        return _date(value)
    year, month, _day = value.split("-")
    first_of_next = f"{int(year) + 1}-01-01" if month in ("XX", "12") else f"{year}-{int(month) + 1:02}-01"
    after = _date(first_of_next)
    return after - timedelta(days=1) if after else None


def _one_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)
