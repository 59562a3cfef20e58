"""Call a function of the running sandbox as its operator may: `python -m local.invoke move_cases '{"do": "sweep"}'`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from local import cloud
from local.places import LOCAL
from local.processes import is_free


def client(service: str, port: int) -> Any:
    """An administrator's client of the local cloud."""
    import boto3

    make: Any = boto3.client
    return make(
        service,
        endpoint_url=f"http://localhost:{port}",
        region_name=cloud.REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud takes any
    )


def deployed(functions: Any, folder: str) -> dict[str, Any]:
    """The configuration of the function that is made of `functions/<folder>`; LookupError when there is none."""
    title = "Functions" + "".join(part.capitalize() for part in folder.split("_"))
    for page in functions.get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            if title in each["FunctionName"]:
                found: dict[str, Any] = each
                return found
    raise LookupError(folder)


def invoke(functions: Any, folder: str, event: dict[str, Any]) -> tuple[Any, bool]:
    """What a function answers by its step door, and whether it failed."""
    name = deployed(functions, folder)["FunctionName"]
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    return json.loads(answer["Payload"].read() or b"null"), "FunctionError" in answer


def main(arguments: list[str] | None = None) -> int:
    """0: it answered; 1: it failed, or there is none; 2: wrong use, or no sandbox runs."""
    parser = argparse.ArgumentParser(prog="python -m local.invoke", description=__doc__)
    parser.add_argument("function", help="its folder below functions/")
    parser.add_argument("event", nargs="?", default="{}", help="the event, as JSON")
    parser.add_argument("--home", default="run", help="the folder of the sandbox below .local/")
    asked = parser.parse_args(arguments)
    try:
        event = json.loads(asked.event)
    except json.JSONDecodeError as error:
        return _complain(f"The event is not JSON: {error}.", 2)
    kept = LOCAL / asked.home / "ports.json"
    port = json.loads(kept.read_text())["cloud"] if kept.exists() else None
    if port is None or is_free(port):
        return _complain("No sandbox runs here: start one with `make run`.", 2)
    try:
        answer, failed = invoke(client("lambda", port), asked.function, event)
    except LookupError:
        return _complain(f"There is no function {asked.function}: look into functions/.", 1)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if failed else 0


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
