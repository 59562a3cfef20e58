"""The steps of a renewal in the deployed sandbox, each ending where the next begins."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any

from local.api import Caller, fetch
from local.journey import fill, person, read_and_sign, until
from tests.sandbox import Sandbox, pictures

OFFICE = "mission-singapore"
PATIENCE = 120.0


def draft(caller: Caller) -> str:
    """A new draft."""
    case: dict[str, Any] = caller.ok("POST", "/cases", {"procedure": "passport-renewal", "language": "en"})
    return str(case["case_id"])


def filled(ryoji: Sandbox, caller: Caller, who: str = "yamada-hanako") -> str:
    """A draft that is ready to be signed."""
    case_id = draft(caller)
    fill(caller, case_id, person(who), pictures(who), office=OFFICE)
    return case_id


def submitted(ryoji: Sandbox, caller: Caller, who: str = "yamada-hanako") -> str:
    """An application that was signed, sent and checked: it lies before the officers."""
    case_id = filled(ryoji, caller, who)
    read_and_sign(ryoji.walker, caller, case_id, person(who))
    reaches(caller, case_id, "in_review")
    return case_id


def reaches(caller: Caller, case_id: str, status: str) -> dict[str, Any]:
    """Wait until the case has a status."""
    return until(
        lambda: caller.ok("GET", f"/cases/{case_id}"), lambda case: case["status"] == status, PATIENCE
    )


def approve(ryoji: Sandbox, case_id: str) -> None:
    """One officer proposes, another decides."""
    examiner, approver = ryoji.officer("sato.examiner"), ryoji.officer("suzuki.approver")
    examiner.ok("POST", f"/desk/cases/{case_id}/claim")
    examiner.ok("POST", f"/desk/cases/{case_id}/proposal", {"outcome": "approve", "note": "All in order."})
    approver.ok("POST", f"/desk/cases/{case_id}/decision", {"outcome": "approve"})


def confirm_card(ryoji: Sandbox, secret: str, number: str = "4242424242424242") -> dict[str, Any]:
    """What the browser does with a typed card; the gateway's answer."""
    intent = secret.split("_secret_", maxsplit=1)[0]
    fields = {
        "client_secret": secret,
        "key": ryoji.settings["stripe"]["publishable_key"],
        "payment_method_data[type]": "card",
        "payment_method_data[card][number]": number,
        "payment_method_data[card][exp_month]": "12",
        "payment_method_data[card][exp_year]": "2031",
        "payment_method_data[card][cvc]": "123",
    }
    url = f"{ryoji.walker.stripe}/v1/payment_intents/{intent}/confirm"
    data = urllib.parse.urlencode(fields).encode()
    _, _, body = fetch(urllib.request.Request(url, data, method="POST"))
    answer: dict[str, Any] = json.loads(body)
    return answer


def make_books(ryoji: Sandbox) -> None:
    """Have the printing partner finish what was ordered."""
    tell(f"{ryoji.walker.printing}/api/advance", {})


def finish_book(ryoji: Sandbox, caller: Caller, case_id: str) -> None:
    """Have the book made, as often as it takes until the order has reached the printing partner."""

    def look() -> dict[str, Any]:
        make_books(ryoji)
        case: dict[str, Any] = caller.ok("GET", f"/cases/{case_id}")
        return case

    until(look, lambda case: case["status"] == "collection", PATIENCE)


def tell(url: str, body: dict[str, Any]) -> int:
    """Tell a simulator how to behave; the status."""
    headers = {"Content-Type": "application/json"}
    status, _, _ = fetch(urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST"))
    return status
