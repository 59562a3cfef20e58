"""The calls that the sandbox makes before its first visitor do come to the functions, and change nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import first_calls
from ryoji.doors.door import Route
from tests.unit.doors.calling import HOLDER, House, routes


def declared(verb: str, path: str) -> tuple[str, Route, dict[str, Any]]:
    """The function, its route, and what stands in the places of the route's path."""
    for name, route in routes():
        places = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path), path)
        if route.verb == verb and places:
            return name, route, places.groupdict()
    raise LookupError(path)


@pytest.mark.parametrize(("verb", "path", "body"), first_calls.CALLS)
def test_each_is_answered_by_its_function_that_there_is_no_such_case(
    house: House, verb: str, path: str, body: Any
) -> None:
    _, route, places = declared(verb, path)
    answer = house.call(verb, route.path, HOLDER, body=body or {}, **places)
    # Not 422: what is sent has the right form, so that the function has looked for the case.
    assert (answer.status, answer.json["code"]) == (404, "case_not_found")


def test_every_function_that_answers_an_upload_is_called() -> None:
    called = {declared(verb, path)[0] for verb, path, _ in first_calls.CALLS}
    assert {name for name, route in routes() if "/checks/" in route.path} <= called


def test_a_sandbox_that_is_stopping_meanwhile_is_nothing_to_report(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    origin = "http://127.0.0.1:9"
    pool = {"authorize_url": f"{origin}/oauth2/authorize", "redirect_path": "/signed-in"}
    settings.write_text(json.dumps({"applicants": {**pool, "client_id": "c", "scope": "openid"}}))
    running: Any = SimpleNamespace(origin=origin, home=SimpleNamespace(settings=settings))
    first_calls._make(running)
