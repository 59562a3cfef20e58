"""Requests as API Gateway hands them over, and every door of the house."""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from ryoji.doors.door import Door, Route
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.walking import Walk

FUNCTIONS = Path(__file__).parents[3] / "functions"
Claims = dict[str, Any]

HOLDER: Claims = {"sub": walking.HOLDER, "username": "hanako.yamada@example.jp", "scope": "ryoji/apply"}
STRANGER: Claims = {"sub": "applicant-2", "username": "stranger", "scope": "ryoji/apply"}
PARTNER: Claims = {"sub": "printing", "client_id": "printing", "scope": "production/report"}


def officer(*roles: str, desk: str = walking.DESK, subject: str = "officer-1") -> Claims:
    """An officer's claims; API Gateway hands groups over as text."""
    groups = " ".join([f"desk:{desk}", *(f"role:{role}" for role in roles)])
    return {"sub": subject, "username": "sato", "cognito:groups": f"[{groups}]"}


@cache
def modules() -> dict[str, ModuleType]:
    """The module of every function, by name."""
    found = {}
    for path in sorted(FUNCTIONS.glob("*/app.py")):
        spec = importlib.util.spec_from_file_location(f"door_of_{path.parent.name}", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # where pydantic looks for the names in annotations
        spec.loader.exec_module(module)
        found[path.parent.name] = module
    return found


@cache
def described_answers() -> Any:
    """The paths of the committed OpenAPI document."""
    committed = FUNCTIONS.parent / "docs" / "openapi.json"
    return json.loads(committed.read_text(encoding="utf-8"))["paths"]


@cache
def doors() -> dict[str, Door]:
    """The door of every function, by name."""
    return {name: module.door for name, module in modules().items()}


def routes() -> list[tuple[str, Route]]:
    """Every declared route with its function."""
    return [(name, route) for name, door in doors().items() for route in door.routes]


# What is sent to each route that wants something, by its path's end.
BODIES: dict[str, dict[str, Any]] = {
    "/cases": {"procedure": "passport-renewal", "language": "ja"},
    "/sections/{section}": {"answers": walking.SECTIONS["contact"]},
    "/submission": {"signature": walking.SIGNATURE},
    "/correction": {"item": "documents/portrait"},
    "/uploads": {"document": "portrait", "content_type": "image/jpeg", "size": 100_000},
    "/acceptance": {"document": "portrait"},
    "/identity": {"signature": walking.SIGNATURE},
    "/appointment": {"start": walking.SLOT},
    "/correction-request": {"items": [{"item": "documents/portrait", "reason": "Too dark."}]},
    "/proposal": {"outcome": "approve"},
    "/decision": {"outcome": "approve"},
    "/cases/{case_id}/permission": {"status": "revoked", "ground": "It was issued in error."},
    "/hits": {"hit": "h1", "verdict": "other_person", "note": "Another birth date."},
    "/originals": {"originals": [{"document": "family_proof", "outcome": "agrees"}]},
    "/interview": {"text": "Please bring the itinerary."},
    "/interview/notes": {"notes": "The journey was explained."},
    "/suspension": {"suspended": True, "reason": "False documents."},
    "/desk/agencies/{code}": {
        "name": "Sunrise",
        "desk": walking.DESK,
        "procedures": ["visa-tourism"],
        "monthly_quota": 9,
        "email": "visas@sunrise.example",
    },
    "/staff": {"email": "agent@example.cn"},
    "/staff/removal": {"email": "agent@example.cn"},
    "/partner/entries": {"number": "VXXXX1234"},
    "/partner/overstays": {"number": "VXXXX1234", "on": "2026-11-20"},
    "/handover": {"old_passport": "returned", "identity_confirmed": True},
    "/result": walking.BOOK,
    "/statistics/{desk}/paper": {"month": "2026-11", "procedure": "passport-renewal", "received": 12},
    "/status": {"reference": "RJ-0000-0000", "birth_date": "1990-01-02"},
}


def body_for(route: Route) -> dict[str, Any]:
    """Something of the right form for a route."""
    if not route.body:
        return {}
    known = (body for end, body in BODIES.items() if route.path.endswith(end))
    return next(known, {})


@dataclass(frozen=True)
class Answer:
    """What a door answered."""

    status: int
    headers: dict[str, str]
    text: str
    logged: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)


@contextmanager
def listening(door: Door) -> Iterator[StringIO]:
    """Everything that is logged, as the log would hold it."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(door.logger.registered_formatter)
    named, root = logging.getLogger(door.name), logging.getLogger()
    named.addHandler(handler)
    root.addHandler(handler)
    try:
        yield heard
    finally:
        named.removeHandler(handler)
        root.removeHandler(handler)


class House:
    """All doors over one log."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log
        self.calls = 0

    def keep(self, walk: Walk) -> Walk:
        """Put a case into the log."""
        self.log.append(walk.case, walk.actions)
        return walk

    def call(
        self,
        verb: str,
        resource: str,
        claims: Claims | None = None,
        *,
        body: Any = None,
        raw: str | None = None,
        language: str | None = "en",
        key: str | None = "",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        event: dict[str, Any] | None = None,
        **params: str,
    ) -> Answer:
        """Call the door that declares this verb and path; with a new idempotency key unless `key` is None.

        Whatever is answered must be an answer that docs/openapi.json describes.
        """
        name = next(n for n, route in routes() if (route.verb, route.path) == (verb, resource))
        sent = {"content-type": "application/json", **(headers or {})}
        if verb != "GET" and key is not None:
            self.calls += 1
            sent.setdefault("Idempotency-Key", key or f"request-{self.calls:08}")
        if language is not None:
            sent["Accept-Language"] = language
        request = {
            "resource": resource,
            "path": resource.format(**params),
            "httpMethod": verb,
            "headers": sent,
            "multiValueHeaders": {key: [value] for key, value in sent.items()},
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} if query else None,
            "pathParameters": params or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": verb,
                "requestId": "request-1",
                "authorizer": {"claims": claims} if claims else None,
                "identity": {"sourceIp": "192.0.2.1"},
            },
            "body": raw if raw is not None else (json.dumps(body) if body is not None else None),
            "isBase64Encoded": False,
            **(event or {}),
        }
        door = doors()[name]
        context = SimpleNamespace(function_name=name, aws_request_id="lambda-1", memory_limit_in_mb=128)
        with listening(door) as heard:
            answer = door(request, context)
        described = described_answers()[resource][verb.lower()]["responses"]
        assert str(answer["statusCode"]) in described, (verb, resource, answer["statusCode"], answer["body"])
        return Answer(answer["statusCode"], answer["headers"], answer["body"], heard.getvalue())


def goes_on(house: House, case_id: str, steps: Any) -> None:
    """Continue a case's history by commands that no door has to give here."""
    known = house.log.actions(case_id)
    walk = Walk(case_id, known)
    steps(walk)
    house.log.append(walk.case, walk.actions[len(known) :])
