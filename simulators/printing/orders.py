"""What an order must look like; anything that a book does not need is refused, so that nobody sends it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_FORM = {
    "order_id": r"[A-Za-z0-9._-]{1,64}",
    "office": r".{0,64}",
    "validity": r"5|10|\d{4}-\d{2}-\d{2}",
}
_HOLDER = {
    "surname": r"[A-Z' -]{0,39}",
    "given_names": r"[A-Z' -]{0,39}",
    "birth_date": r"\d{4}-\d{2}-\d{2}",
    "sex": r"F|M|X",
    "domicile": r".{1,40}",
}


def problem(order: dict[str, Any]) -> str | None:
    """The first field that is wrong, missing or not wanted, or None."""
    holder = order.get("holder")
    wrong = _first_wrong({name: value for name, value in order.items() if name != "holder"}, _FORM)
    if wrong is None and not order["validity"].isdigit() and not _is_day(order["validity"]):
        wrong = "validity"
    if wrong or holder is None:
        return wrong
    if not isinstance(holder, dict):
        return "holder"
    field = _first_wrong(holder, _HOLDER)
    return f"holder.{field}" if field else None


def _first_wrong(values: dict[str, Any], form: dict[str, str]) -> str | None:
    for name in [*form, *values]:
        value = values.get(name)
        if name not in form or not isinstance(value, str) or not re.fullmatch(form[name], value):
            return name
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
