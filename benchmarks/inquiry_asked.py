"""Asks the inquiry's function in this process, paired with bare `BatchGetItem`s; figures go to standard error.

Run by `benchmarks/carriers.py` with Lambda's packages only.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import Request, urlopen

ROUNDS = {1: 60, 10: 60, 100: 40, 400: 25}
KEYS_A_CALL = 100
SAME_ROUNDS = 210
STATE, BORN = "CHN", "1980-05-17"


def main() -> None:
    """Measure every size."""
    import boto3

    # The function itself, which stands before everything else on the path.
    app = import_module("app")

    _of_store("Own", **_claims(max(ROUNDS)))
    bare: Any = boto3.client("dynamodb")
    found: dict[str, dict[str, float]] = {}
    for size, rounds in ROUNDS.items():
        event = _event(size)
        keys = [{"document": {"S": f"{number:024}"}} for number in range(size)]

        def ask(event: dict[str, Any] = event) -> None:
            answer = app.door(event, SimpleNamespace(aws_request_id="r"))
            _see(answer, "OK_TO_BOARD")

        def read(keys: list[dict[str, Any]] = keys) -> None:
            for start in range(0, len(keys), KEYS_A_CALL):
                wanted = {"Keys": keys[start : start + KEYS_A_CALL], "ConsistentRead": True}
                bare.batch_get_item(RequestItems={"permissions": wanted})

        for _ in range(3):
            ask()
            read()
        _of_store("Tell")
        ask()
        made = _of_store("Tell")
        pairs = [(_cpu(read), _cpu(ask)) for _ in range(rounds)]
        found[str(size)] = {
            "ratio": statistics.median(asked / read for read, asked in pairs),
            "seconds": statistics.median(asked for _, asked in pairs),
            "calls": made["calls"],
            "keys": made["keys"],
        }
    found["1"]["unknown_beside_refused"] = _unknown_beside_refused(app)
    sys.stderr.write(json.dumps(found) + "\n")


def _unknown_beside_refused(app: Any) -> float:
    """The time until an unknown passenger is answered, as a ratio of a refused one's, whichever is longer.

    The refused one's own permission was revoked: while it was active, every size before this one boarded with it.
    """
    event = _event(1)

    def asked(status: str) -> float:
        _hold(status)
        start = time.perf_counter()
        answer = app.door(event, SimpleNamespace(aws_request_id="r"))
        taken = time.perf_counter() - start
        _see(answer, "NO_BOARD")
        return taken

    pairs = [(asked("none"), asked("revoked")) for _ in range(SAME_ROUNDS)]
    ratio = statistics.median(unknown / refused for unknown, refused in pairs[10:])
    return max(ratio, 1 / ratio)


def _hold(status: str) -> None:
    """Have the store hold permissions of that status, or none."""
    _of_store("Hold", status=status)


def _of_store(what: str, **told: str) -> dict[str, int]:
    headers = {"X-Amz-Target": f"Store.{what}", "Content-Type": "application/json"}
    body = json.dumps(told).encode()
    with urlopen(Request(os.environ["AWS_ENDPOINT_URL"], body, headers), timeout=5) as answer:
        said: dict[str, int] = json.loads(answer.read())
    return said


def _claims(size: int) -> dict[str, str]:
    """By its document's hash, the claim of each passenger: what the store holds is of who is asked about."""
    from ryoji.adapters.permission_table import document_key
    from ryoji.permissions.documents import claim_hash, document_hash

    key = document_key()
    documents = [document_hash(key, STATE, _number(place)) for place in range(size)]
    return {document: claim_hash(key, document, BORN) for document in documents}


def _number(place: int) -> str:
    return f"E{place:08}"


def _see(answer: dict[str, Any], wanted: str) -> None:
    """Everybody is answered as their permission stands. What was not answered is not measured."""
    told = {each["answer"] for each in json.loads(answer["body"]).get("answers", [])}
    if told != {wanted}:
        raise RuntimeError(answer["body"][:300])


def _cpu(do: Callable[[], None]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


def _event(size: int) -> dict[str, Any]:
    day = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    flight = {
        "designator": "XA339",
        "departure_port": "PVG",
        "arrival_port": "NRT",
        "departs_at": f"{day}T08:20",
        "arrives_at": f"{day}T12:35",
    }
    passengers = [
        {
            "reference": f"P{number}",
            "issuing_state": STATE,
            "document_number": _number(number),
            "birth_date": BORN,
            "nationality": STATE,
        }
        for number in range(size)
    ]
    claims = {"sub": "xa", "client_id": "xa", "scope": "inquiry/ask"}
    return {
        "resource": "/carriers/inquiries",
        "path": "/carriers/inquiries",
        "httpMethod": "POST",
        "headers": {"content-type": "application/json", "accept-language": "en"},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/carriers/inquiries",
            "requestId": "r",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {"claims": claims},
        },
        "body": json.dumps({"flight": flight, "passengers": passengers}),
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    # The function writes its metrics to standard output.
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until the process ends
    main()
