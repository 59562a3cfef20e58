"""A carrier's system in tests: its client of the partners' pool, questions in both formats."""

from __future__ import annotations

import base64
import json
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.api import Answer, Caller, fetch
from local.passports import BORN
from tests.sandbox import Sandbox

SCOPE = "inquiry/ask"


@dataclass(frozen=True)
class Client:
    """A client of the partners' pool."""

    id: str
    secret: str


def client_of(ryoji: Sandbox, output: str) -> Client:
    """The client that an output of the deployment names, with its secret."""
    pool, found = ryoji.running.outputs["PartnerPool"], ryoji.running.outputs[output]
    told = ryoji.running.client("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=found)
    return Client(found, told["UserPoolClient"]["ClientSecret"])


def client_without_carrier(ryoji: Sandbox) -> Client:
    """A client that has the carriers' scope and is no carrier's."""
    made = ryoji.running.client("cognito-idp").create_user_pool_client(
        UserPoolId=ryoji.running.outputs["PartnerPool"],
        ClientName="stranger",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[SCOPE],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    return Client(made["ClientId"], made["ClientSecret"])


def carrier(ryoji: Sandbox, code: str = "XA") -> Caller:
    """A carrier with its token."""
    return holder_of(ryoji, client_of(ryoji, f"Carrier{code}Client"), SCOPE)


def holder_of(ryoji: Sandbox, client: Client, scope: str) -> Caller:
    """Whoever holds a client's token with a scope."""
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
    basic = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{ryoji.origin}/oauth2/token"
    status, _, body = fetch(urllib.request.Request(url, form, headers, method="POST"))
    assert status == 200, body
    return Caller(ryoji.origin, json.loads(body)["access_token"])


def tomorrow() -> datetime:
    """When the flights of these tests arrive."""
    return datetime.now(UTC) + timedelta(days=1)


def passenger(number: str, **other: str) -> dict[str, Any]:
    """A passenger of nowhere with a passport of that number."""
    asked = {"issuing_state": "UTO", "document_number": number, "birth_date": BORN, "nationality": "UTO"}
    return {"reference": number, **asked, **other}


def ask(who: Caller, *people: dict[str, Any], flight: str = "XA339") -> Answer:
    """One inquiry in JSON."""
    about = {
        "designator": flight,
        "departure_port": "PVG",
        "arrival_port": "NRT",
        "departs_at": f"{tomorrow():%Y-%m-%d}T08:20",
        "arrives_at": f"{tomorrow():%Y-%m-%d}T12:35",
    }
    return who.call("POST", "/carriers/inquiries", {"flight": about, "passengers": list(people)})


def interchange(
    *numbers: str,
    application: str = "IAPI",
    sender: str = "XA",
    flight: str = "XA339",
    state: str = "UTO",
    birth_date: str = BORN,
) -> str:
    """A passenger list in UN/EDIFACT: citizens of one state, born on one day."""
    about = {"issuing_state": state, "nationality": state, "birth_date": birth_date}
    people = [passenger(number, reference=f"P{place}", **about) for place, number in enumerate(numbers)]
    return passenger_list(people, application=application, sender=sender, flight=flight)


def passenger_list(
    people: Sequence[dict[str, Any]], *, application: str = "IAPI", sender: str = "XA", flight: str = "XA339"
) -> str:
    """The same passengers as in JSON, in UN/EDIFACT."""
    day = f"{tomorrow():%y%m%d}"
    loops = [
        f"NAD+FL+++EXAMPLE:PERSON'ATT+2++F'DTM+329:{each['birth_date'].replace('-', '')}'"
        f"NAT+2+{each['nationality']}'RFF+AVF:BKG{place:03}'RFF+ABO:{each['reference']}'"
        f"DOC+P:110:ZZZ+{each['document_number']}'DTM+36:350101'LOC+91+{each['issuing_state']}'"
        for place, each in enumerate(people)
    ]
    message = (
        "UNH+M1+PAXLST:D:05B:UN:IATA+REF+01:F'BGM+745'RFF+TN:0000100'NAD+MS+++EXAMPLE AIRWAYS'"
        f"TDT+20+{flight}+++{sender}'LOC+125+PVG'DTM+189:{day}0820:201'LOC+87+NRT'DTM+232:{day}1235:201'"
        + "".join(loops)
        + f"CNT+42:{len(people)}'"
    )
    head = f"UNB+UNOA:4+{sender}+RYOJI+261123:0905+REF0001++{application}'"
    group = f"UNG+PAXLST+{sender}+RYOJI+261123:0905+1+UN+D:05B'"
    return f"{head}{group}{message}UNT+{message.count(chr(39)) + 1}+M1'UNE+1+1'UNZ+1+REF0001'"


def send(who: Caller, text: str) -> tuple[int, dict[str, str], str]:
    """An interchange; status, headers and text of the answer."""
    headers = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/edifact"}
    url = f"{who.origin}/api/carriers/edifact"
    request = urllib.request.Request(url, text.encode(), headers, method="POST")
    status, received, body = fetch(request)
    return status, received, body.decode()


def desk(ryoji: Sandbox, code: str) -> dict[str, Any]:
    """What the carrier's simulator was pushed."""
    url = f"http://127.0.0.1:{ryoji.running.ports['carrier']}/{code}/changes"
    with urllib.request.urlopen(url, timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def behave(ryoji: Sandbox, code: str, mode: str, **more: str) -> None:
    """Have the carrier's simulator behave so from now on."""
    url = f"http://127.0.0.1:{ryoji.running.ports['carrier']}/{code}/behaviour"
    request = urllib.request.Request(url, json.dumps({"mode": mode, **more}).encode(), method="POST")
    urllib.request.urlopen(request, timeout=10).close()
