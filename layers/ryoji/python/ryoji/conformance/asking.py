"""A carrier as the kit plays it: a token by client credentials, inquiries in JSON and in UN/EDIFACT."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from ryoji.errors import NotAllowed, NotFound, Unavailable
from ryoji.permissions.edifact.segments import Segment, cut, segment, write

SCOPE = "inquiry/ask"
JSON, EDIFACT = "application/json", "application/edifact"
TIMEOUT_SECONDS = 30.0
# What is answered to a client without a right: 400 is the token address's own `invalid_client`.
_NO_RIGHT = frozenset({400, 401, 403})


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def segments(self) -> list[Segment]:
        """The body's segments. Raises Invalid when it is no interchange."""
        return cut(self.body.decode(errors="replace"))


@dataclass(frozen=True)
class Carrier:
    """Who asks: the API's address, a token, the carrier's code, that of its flights, and the day that one arrives."""

    address: str
    token: str
    code: str
    designator: str
    arrival: datetime

    @property
    def flight_number(self) -> str:
        """The flight that is asked about."""
        return f"{self.designator}900"

    def call(self, verb: str, path: str, body: Any = None, *, token: str | None = None) -> Reply:
        """One call in JSON; `token` in place of the carrier's own, an empty one for none."""
        data = None if body is None else json.dumps(body).encode()
        return _send(verb, self.address + path, data, JSON, self.token if token is None else token)

    def ask(self, people: Sequence[Mapping[str, str]], **flight: str) -> Reply:
        """One inquiry; each passenger's reference is their place unless it is given."""
        passengers = [{"reference": str(place), **each} for place, each in enumerate(people)]
        return self.call(
            "POST", "/carriers/inquiries", {"flight": {**self.flight(), **flight}, "passengers": passengers}
        )

    def flight(self) -> dict[str, str]:
        """The flight that is asked about."""
        return {
            "designator": self.flight_number,
            "departure_port": "PVG",
            "arrival_port": "NRT",
            "departs_at": f"{self.arrival:%Y-%m-%d}T08:20",
            "arrives_at": f"{self.arrival:%Y-%m-%d}T12:35",
        }

    def send(self, text: str, kind: str = EDIFACT) -> Reply:
        """One interchange."""
        return _send("POST", f"{self.address}/carriers/edifact", text.encode(), kind, self.token)

    def interchange(
        self, people: Sequence[Mapping[str, str]], *, application: str = "APIS", name: str = "EXAMPLE"
    ) -> str:
        """A passenger list (PAXLST D.05B) with the usual separators."""
        day = f"{self.arrival:%y%m%d}"
        parts = [
            segment("BGM", "745"),
            segment("RFF", ("TN", "KIT0001")),
            segment("NAD", "MS", "", "", "CONFORMANCE KIT"),
            segment("TDT", "20", self.flight_number),
            segment("LOC", "125", "PVG"),
            segment("DTM", ("189", f"{day}0820", "201")),
            segment("LOC", "87", "NRT"),
            segment("DTM", ("232", f"{day}1235", "201")),
            *(part for place, each in enumerate(people) for part in _loop(place, each, name)),
            segment("CNT", ("42", str(len(people)))),
        ]
        return self._enveloped("PAXLST", parts, application)

    def acknowledgement(self, change: str) -> str:
        """The acknowledgement of a change (CUSRES, BGM+312), as a carrier would send it later."""
        return self._enveloped("CUSRES", [segment("BGM", "312"), segment("RFF", ("AEA", change))], "APIS")

    def _enveloped(self, kind: str, parts: Sequence[Segment], application: str) -> str:
        message = [
            segment("UNH", "M1", (kind, "D", "05B", "UN", "IATA"), "REF", ("01", "F")),
            *parts,
            segment("UNT", str(len(parts) + 2), "M1"),
        ]
        at = (f"{self.arrival:%y%m%d}", "0900")
        envelope = [
            segment("UNB", ("UNOA", "4"), self.code, "RYOJI", at, "KIT1", "", application),
            segment("UNG", kind, self.code, "RYOJI", at, "1", "UN", ("D", "05B")),
            *message,
            segment("UNE", "1", "1"),
            segment("UNZ", "1", "KIT1"),
        ]
        return write(envelope)


def signed_in(address: str, token_url: str, client: str, secret: str, now: datetime) -> Carrier:
    """The carrier of a client.

    Raises NotAllowed when it gets no token or is no carrier's, NotFound when an address is none of the service's,
    Unavailable when nobody answers, or says that it cannot.
    """
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": SCOPE}).encode()
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    given = _send("POST", token_url, form, "application/x-www-form-urlencoded", f"Basic {basic}")
    token = str(_told(given, "access_token")["access_token"])
    arrival = now.astimezone(UTC) + timedelta(days=1)
    unnamed = Carrier(address.rstrip("/"), token, "", "", arrival)
    told = _told(unnamed.call("GET", "/carriers/changes"), "carrier", "designators")
    code = str(told["carrier"])
    return Carrier(unnamed.address, token, code, str(next(iter(told["designators"]), code)), arrival)


def _told(reply: Reply, *names: str) -> dict[str, Any]:
    """What a service said, which must have these names."""
    if reply.status == 429 or reply.status >= 500:
        raise Unavailable("storage_unavailable")
    if reply.status in _NO_RIGHT:
        raise NotAllowed("not_allowed")
    told = reply.json
    # A page of the site is answered with 200, too.
    if reply.status != 200 or not isinstance(told, dict) or not told.keys() >= set(names):
        raise NotFound("not_found")
    return told


def _loop(place: int, asked: Mapping[str, str], name: str) -> list[Segment]:
    born = asked["birth_date"].replace("-", "")
    return [
        segment("NAD", "FL", "", "", (name, "PERSON")),
        segment("DTM", ("329", born)),
        segment("NAT", "2", asked["nationality"]),
        segment("RFF", ("AVF", f"BKG{place}")),
        segment("RFF", ("ABO", f"P{place}")),
        segment("DOC", (asked["document_type"], "110", "ZZZ"), asked["document_number"]),
        segment("LOC", "91", asked["issuing_state"]),
    ]


def _send(verb: str, url: str, data: bytes | None, kind: str, token: str) -> Reply:
    headers = {"Content-Type": kind, "Accept-Language": "en"}
    if token:
        headers["Authorization"] = token if token.startswith("Basic ") else f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=verb)  # noqa: S310 - named by who runs the kit
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
            return Reply(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, dict(error.headers), error.read())
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable("storage_unavailable") from error
