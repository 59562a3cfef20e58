"""`python -m simulators.card --port 0 --state DIR --ready-file FILE`: the simulated card and its authority."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from simulators.card.authority import Authority, OcspBehaviour
from simulators.card.cards import Cards, Tampering
from simulators.card.people import load_people
from simulators.card.serving import (
    Answer,
    Mistake,
    Request,
    Route,
    as_json,
    json_object,
    make_server,
    serve,
    static_routes,
)
from simulators.card.store import Store

_PAGES = Path(__file__).with_name("pages")
_BEHAVIOURS: dict[str, tuple[str, ...]] = {"ocsp": get_args(OcspBehaviour), "signatures": get_args(Tampering)}
_SLOWLY = 15.0


class Sandbox:
    """The routes. `origins`: the pages that may ask for a signature, besides those of the sandbox's own origin."""

    def __init__(self, folder: Path, origins: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._store = Store(folder)
        self._origins = list(origins)
        self._authority = Authority(self._store, clock)
        self._cards = Cards(self._store, self._authority, load_people(), clock)
        for person in self._cards.people.values():
            self._authority.card_of(person)  # keys take time: at the start, not at the first signature

    def routes(self) -> list[Route]:
        """Everything that README.md documents."""
        return [
            Route("GET", "/health", lambda _: as_json({"status": "ok"})),
            Route("GET", "/api/settings", self._settings),
            Route("POST", "/api/sign", self._sign),
            Route("POST", "/api/people/(?P<person>[a-z-]+)/unlock", self._unlock),
            Route("POST", "/api/people/(?P<person>[a-z-]+)/certificate", self._set_certificate),
            Route("GET", "/api/behaviour", lambda _: as_json(self._behaviour())),
            Route("POST", "/api/behaviour", self._behave),
            Route("GET", "/authority/root.pem", self._root),
            Route("GET", "/authority/crl.der", self._crl),
            Route("POST", "/authority/ocsp", self._ocsp),
            *static_routes(_PAGES),
        ]

    def _settings(self, _: Request) -> Answer:
        """For the page. PINs are shown: everybody in the sandbox may play everybody."""
        people = [
            {
                "id": person.id,
                "name": person.name,
                "roman": f"{person.roman.surname} {person.roman.given_names}",
                "note": person.note.model_dump(),
                "pin": person.pin,
            }
            for person in self._cards.people.values()
        ]
        return as_json({"origins": self._origins, "people": people})

    def _sign(self, request: Request) -> Answer:
        body = json_object(request)
        person = self._cards.person(body.get("person"))
        pin, digest = body.get("pin"), body.get("digest_hex")
        tampering = body.get("tamper", self._behaviour()["signatures"])
        if not isinstance(pin, str) or tampering not in _BEHAVIOURS["signatures"]:
            raise Mistake(400, "request_malformed")
        if not isinstance(digest, str) or re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise Mistake(400, "digest_malformed")
        value = self._cards.sign(person, pin, bytes.fromhex(digest), tampering)
        return as_json({"signature": {"format": "cms", "value": value}})

    def _unlock(self, request: Request) -> Answer:
        json_object(request)
        person = self._cards.person(request.parts["person"])
        self._cards.unlock(person)
        return as_json({"tries_left": self._cards.tries_left(person)})

    def _set_certificate(self, request: Request) -> Answer:
        status = json_object(request).get("status")
        if status not in ("good", "revoked", "unknown"):
            raise Mistake(400, "status_unknown")
        self._authority.set_status(self._cards.person(request.parts["person"]), status)
        return as_json({"status": status})

    def _behaviour(self) -> dict[str, str]:
        return {
            "ocsp": self._store.get("behaviour", "ocsp", "ok"),
            "signatures": self._store.get("behaviour", "signatures", "none"),
        }

    def _behave(self, request: Request) -> Answer:
        wanted = json_object(request)
        for name, value in wanted.items():
            if value not in _BEHAVIOURS.get(name, ()):
                raise Mistake(400, "behaviour_unknown", choices=_BEHAVIOURS)
        for name, value in wanted.items():
            self._store.put("behaviour", name, value)
        return as_json(self._behaviour())

    def _root(self, _: Request) -> Answer:
        return Answer(200, self._authority.root_pem(), "application/x-pem-file")

    def _crl(self, _: Request) -> Answer:
        return Answer(200, self._authority.crl(), "application/pkix-crl")

    def _ocsp(self, request: Request) -> Answer:
        behaviour = self._store.get("behaviour", "ocsp", "ok")
        if behaviour == "down":
            return Answer(0)
        if behaviour == "slow":
            time.sleep(_SLOWLY)
        return Answer(200, self._authority.answer(request.body, behaviour), "application/ocsp-response")


def main(arguments: Sequence[str] | None = None) -> None:
    """Start it; see README.md."""
    parser = argparse.ArgumentParser(prog="simulators.card", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the ready file tells")
    parser.add_argument(
        "--state", type=Path, required=True, help="folder of keys and state; made at the first start"
    )
    parser.add_argument("--ready-file", type=Path, help='written when it listens: {"url", "port"}')
    parser.add_argument(
        "--origin", action="append", default=[], help="a page origin that may ask for signatures"
    )
    parser.add_argument(
        "--prefix", default="/simulators/card", help="path under which a reverse proxy shows it"
    )
    options = parser.parse_args(arguments)
    sandbox = Sandbox(options.state, options.origin, lambda: datetime.now(UTC))
    serve(make_server(options.port, sandbox.routes(), options.prefix), options.ready_file)


if __name__ == "__main__":
    main()
