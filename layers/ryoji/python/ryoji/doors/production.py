"""The printing partner of this deployment, and what it is told: no more than a book needs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ryoji.adapters.printing_http import HttpPrinting
from ryoji.adapters.settings import partner, secret
from ryoji.cases.case import Case
from ryoji.doors.texts import texts
from ryoji.partners.printing import Holder, Order

_SEX: dict[str, Literal["F", "M"]] = {"female": "F", "male": "M"}


def order(case: Case, order_id: str) -> None:
    """Order the book; the partner knows the order by its id, so that ordering twice makes one book."""
    settings = partner("printing")
    key = secret("PRINTING_SECRET")["api_key"] if settings.get("wants_key") else None
    HttpPrinting(settings["url"], key).order(
        Order(
            order_id=order_id,
            office=str(case.sections["collection"]["office"]),
            validity=_validity(case),
            holder=_holder(case),
        )
    )


def _validity(case: Case) -> str:
    wanted = str(case.sections["renewal"]["validity"])
    # A book with the same end (残存有効期間同一旅券, 旅券法 art 5(4)) needs the day on which the old one ends.
    return str(case.sections["passport_held"]["expiry_date"]) if wanted == "same_expiry" else wanted


def _holder(case: Case) -> Holder:
    person = case.sections["person"]
    return Holder(
        surname=person["surname_roman"],
        given_names=person["given_names_roman"],
        birth_date=date.fromisoformat(str(person["birth_date"])),
        sex=_SEX[str(person["sex"])],
        domicile=texts().text(f"choice.prefecture.{person['registered_domicile_prefecture']}", "en").upper(),
    )
