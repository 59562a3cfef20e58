"""docs/openapi.json is what the doors say."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from infra import openapi
from tests.unit.doors.calling import routes

ROOT = Path(__file__).parents[2]
COMMITTED = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))


def test_what_is_committed_is_what_the_doors_declare() -> None:
    # `make openapi` writes it.
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8") == openapi.text()


def test_every_route_is_described_once() -> None:
    described = {(verb.upper(), path) for path, verbs in COMMITTED["paths"].items() for verb in verbs}
    assert described == {(route.verb, route.path) for _, route in routes()}
    ids = [entry["operationId"] for verbs in COMMITTED["paths"].values() for entry in verbs.values()]
    assert len(ids) == len(set(ids))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, verbs in COMMITTED["paths"].items():
        for verb, entry in verbs.items():
            yield f"{verb.upper()} {path}", entry


@pytest.mark.parametrize(("name", "entry"), list(operations()), ids=[name for name, _ in operations()])
def test_every_operation_says_what_it_does_and_who_may(name: str, entry: dict[str, Any]) -> None:
    assert entry["summary"]
    audience = "/cases" if name.split()[1].startswith("/cases") else name.split("/")[1]
    schemes = {
        "/cases": ["applicant"],
        "agencies": ["applicant"],
        "desk": ["officer"],
        "partner": ["partner"],
        "carriers": ["partner"],
        "payments": ["gateway"],
    }
    assert [next(iter(each)) for each in entry["security"]] == schemes.get(audience, [])
    refs = [parameter.get("$ref", "") for parameter in entry["parameters"]]
    changes = not name.startswith("GET") and audience in ("/cases", "desk", "partner", "carriers")
    keys = [ref for ref in refs if ref.startswith("#/components/parameters/IdempotencyKey")]
    assert len(keys) == changes
    in_path = {p["name"] for p in entry["parameters"] if p.get("in") == "path"}
    assert {f"{{{n}}}" for n in in_path} == {part for part in name.split("/") if part.startswith("{")}


def references(of: Any) -> Iterator[str]:
    if isinstance(of, dict):
        if isinstance(of.get("$ref"), str):
            yield of["$ref"]
        for value in of.values():
            yield from references(value)
    if isinstance(of, list):
        for value in of:
            yield from references(value)


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    for reference in set(references(COMMITTED)):
        place = COMMITTED
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    for schema in COMMITTED["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_what_is_read_from_the_query_is_described() -> None:
    read = set()
    for path in (ROOT / "functions").glob("*/app.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("call.query.get", "query.get"):
                read.add(ast.literal_eval(node.args[0]))
    assert read == {name for names in openapi.QUERIES.values() for name in names}
