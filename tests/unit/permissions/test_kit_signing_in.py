"""The conformance kit before its first rule: who is let in, which flight is asked about, and what a person is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ryoji.command import MISUSED, UNREACHABLE, WRONG, main
from ryoji.conformance import asking
from ryoji.conformance.asking import Reply, signed_in
from ryoji.errors import Unavailable

API = "https://sandbox.example/api"
TOKEN = "https://sandbox.example/oauth2/token"
PAGE = Reply(200, {}, b"<!doctype html>")


def _json(body: object, status: int = 200) -> Reply:
    return Reply(status, {}, json.dumps(body).encode())


GIVEN = _json({"access_token": "token"})
CARRIER = _json({"carrier": "ANA", "designators": ["NH", "NQ"], "changes": [], "push_key": "00" * 32})


def _answering(monkeypatch: pytest.MonkeyPatch, token: Reply | None, changes: Reply = CARRIER) -> None:
    def send(_: str, url: str, *__: object) -> Reply:
        said = {TOKEN: token, f"{API}/carriers/changes": changes}[url]
        if said is None:
            raise Unavailable("storage_unavailable")
        return said

    monkeypatch.setattr(asking, "_send", send)


def test_the_flight_is_one_of_the_carrier_s_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    _answering(monkeypatch, GIVEN)
    carrier = signed_in(API, TOKEN, "id", "secret", datetime(2026, 11, 23, tzinfo=UTC))
    assert (carrier.code, carrier.flight()["designator"]) == ("ANA", "NH900")
    text = carrier.interchange([])
    assert "TDT+20+NH900'" in text
    assert "UNB+UNOA:4+ANA+RYOJI+" in text


@pytest.mark.parametrize(
    ("token", "changes", "status", "says"),
    [
        (None, CARRIER, UNREACHABLE, "does not answer"),
        (_json({}, 503), CARRIER, UNREACHABLE, "does not answer"),
        (_json({}, 429), CARRIER, UNREACHABLE, "does not answer"),
        (GIVEN, _json({}, 503), UNREACHABLE, "does not answer"),
        (_json({"error": "invalid_client"}, 400), CARRIER, WRONG, "gets no token"),
        (_json({}, 401), CARRIER, WRONG, "gets no token"),
        (GIVEN, _json({}, 403), WRONG, "no carrier's"),
        # The site answers an address without /api with its own page.
        (GIVEN, PAGE, MISUSED, "ends in /api"),
        (GIVEN, _json({}, 404), MISUSED, "ends in /api"),
        (GIVEN, _json(["carrier"]), MISUSED, "ends in /api"),
        (PAGE, CARRIER, MISUSED, "gives no tokens"),
    ],
)
def test_what_keeps_the_kit_from_asking_is_said_with_its_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: Reply | None,
    changes: Reply,
    status: int,
    says: str,
) -> None:
    _answering(monkeypatch, token, changes)
    monkeypatch.setenv("RYOJI_CLIENT_ID", "id")
    monkeypatch.setenv("RYOJI_CLIENT_SECRET", "secret")
    monkeypatch.delenv("RYOJI_TOKEN_URL", raising=False)
    assert main(["conformance", API]) == status
    told = capsys.readouterr()
    assert says in told.err + told.out
    assert "Traceback" not in told.err
