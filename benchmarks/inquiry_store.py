"""A stand-in of the AWS services that the inquiry uses, for its benchmark: it answers at once and keeps nothing."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENTRY = "visa|2026-01-01|2099-12-31|single|{status}|2026-01-01T00:00:00+00:00|{claim}"
COUNTED = ("calls", "passengers", "unknown", "day_passengers", "day_unknown")
CARRIER = {"client": "xa", "code": "XA", "designators": ["XA"], "calls": 10**9, "passengers": 10**9}

ANSWERS: dict[str, dict[str, Any]] = {
    "UpdateItem": {"Attributes": {name: {"N": "1"} for name in COUNTED}},
    "BatchWriteItem": {"UnprocessedItems": {}},
    "GenerateMac": {"Mac": b64encode(bytes(32)).decode(), "KeyId": "key", "MacAlgorithm": "HMAC_SHA_256"},
}


# What the permissions found are: "active", "revoked", or "none" for documents that nobody knows.
holding = {"status": "active"}
# Whose permissions they are: the claim under each document. The documents of the bare reads are nobody's.
claims: dict[str, str] = {}
NOBODY_S = "A" * 24
# For each call since somebody was told, how many keys it read.
keys_read: list[int] = []


def _keys(operation: str, asked: dict[str, Any]) -> int:
    if operation != "BatchGetItem":
        return 0
    return sum(len(each["Keys"]) for each in asked["RequestItems"].values())


def _item(document: str) -> dict[str, Any]:
    entry = ENTRY.format(status=holding["status"], claim=claims.get(document, NOBODY_S))
    return {"document": {"S": document}, "P#EV-26-000123": {"S": entry}}


def answer_to(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What an operation gives."""
    if operation == "Tell":
        told = {"calls": len(keys_read), "keys": sum(keys_read)}
        keys_read.clear()
        return told
    if operation == "Hold":
        holding.update(asked)
        return {}
    if operation == "Own":
        claims.update(asked)
        return {}
    keys_read.append(_keys(operation, asked))
    if operation == "BatchGetItem":
        responses = {
            table: [_item(key["document"]["S"]) for key in each["Keys"]]
            if holding["status"] != "none"
            else []
            for table, each in asked["RequestItems"].items()
        }
        return {"Responses": responses, "UnprocessedKeys": {}}
    if operation == "GetParameters":
        # The carrier stands in the first of them, nobody in the others.
        values = {name: json.dumps([] if place else [CARRIER]) for place, name in enumerate(asked["Names"])}
        return {"Parameters": [{"Name": name, "Value": value} for name, value in values.items()]}
    return ANSWERS[operation]


class Handler(BaseHTTPRequestHandler):
    """Keeps connections open, as AWS does."""

    protocol_version = "HTTP/1.1"
    # An answer's head and body leave together, or the other side would wait for each.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """One call."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        body = json.dumps(answer_to(operation, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
