"""Copied as `sitecustomize.py` before the functions' packages: writes one line for each call that they make of AWS.

It stands in the benchmark's own sandbox only. Lines hold names and sizes, never what was sent or answered.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

CALLS = "calls.jsonl"
INDEX_KEYS = ("holder", "queue", "reference", "person")


class _Watching(Loader):
    """Loads botocore's endpoint as always, and then counts what goes through it."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        endpoint: Any = module
        original = endpoint.Endpoint.make_request

        def make_request(self: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
            answer = original(self, operation_model, request_dict)
            write(line_of(operation_model, request_dict, answer[0]))
            return answer

        endpoint.Endpoint.make_request = make_request


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != "botocore.endpoint":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Watching(spec.loader)
        return spec


def line_of(model: Any, request: dict[str, Any], http: Any) -> dict[str, Any]:
    """Who called what; for DynamoDB also the units that AWS would bill."""
    line = {
        "function": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        "service": model.service_model.service_name,
        "operation": model.name,
    }
    if line["service"] == "dynamodb":
        body = json.loads(request["body"])
        line["writes"] = write_units(model.name, body)
        line["reads"] = read_units(model.name, body, len(http.content))
    return line


def write_units(operation: str, body: dict[str, Any]) -> float:
    """Write units; JSON is longer than what DynamoDB measures, so this errs upwards."""
    if operation == "TransactWriteItems":
        # A transaction writes twice, also for its condition checks; indexes are written once.
        parts = [next(iter(part.items())) for part in body["TransactItems"]]
        return sum(2 * _kilobytes(part) + _index_units(part) for _, part in parts)
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return _kilobytes(body) + _index_units(body)
    return 0.0


def read_units(operation: str, body: dict[str, Any], received: int) -> float:
    """Read units: 4 kB each, half of one when it may be stale."""
    if operation not in ("Query", "GetItem", "BatchGetItem", "Scan"):
        return 0.0
    return max(1, -(-received // 4096)) * (1.0 if body.get("ConsistentRead") else 0.5)


def _kilobytes(part: dict[str, Any]) -> int:
    written = part.get("Item") or {**part.get("Key", {}), **part.get("ExpressionAttributeValues", {})}
    return max(1, -(-len(json.dumps(written)) // 1024))


def _index_units(part: dict[str, Any]) -> int:
    # As if every index entry moved: one unit for the old one, one for the new one.
    return sum(2 * _kilobytes(part) for key in INDEX_KEYS if key in part.get("Item", {}))


def write(line: dict[str, Any]) -> None:
    """Append in one piece, so that lines of several processes do not mix."""
    place = os.open(Path(__file__).parent / CALLS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(place, json.dumps(line).encode() + b"\n")
    finally:
        os.close(place)


if __name__ == "sitecustomize":
    sys.meta_path.insert(0, _Finder())
