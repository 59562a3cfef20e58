"""A stand-in of the AWS services that the inquiry uses, for its benchmark: it answers at once and keeps nothing."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENTRY = "visa|2026-01-01|2099-12-31|single|active|2026-01-01T00:00:00+00:00|" + "A" * 24
SETTINGS = {"carriers": [{"client": "xa", "code": "XA", "designators": ["XA"], "calls": 10**9}]}
SETTINGS["carriers"][0]["passengers"] = 10**9


# What the permissions found are: "active", "revoked", or "none" for documents that nobody knows.
holding = {"status": "active"}


def answer_to(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What an operation gives."""
    if operation == "BatchGetItem":
        entry = ENTRY.replace("active", holding["status"])
        responses = {
            table: [{"document": key["document"], "P#EV-26-000123": {"S": entry}} for key in each["Keys"]]
            if holding["status"] != "none"
            else []
            for table, each in asked["RequestItems"].items()
        }
        return {"Responses": responses, "UnprocessedKeys": {}}
    if operation == "Hold":
        holding.update(asked)
        return {}
    if operation == "UpdateItem":
        return {"Attributes": {name: {"N": "1"} for name in ("calls", "passengers", "unknown")}}
    if operation == "BatchWriteItem":
        return {"UnprocessedItems": {}}
    if operation == "GetParameter":
        return {"Parameter": {"Name": asked["Name"], "Value": json.dumps(SETTINGS)}}
    return {"Mac": b64encode(bytes(32)).decode(), "KeyId": "key", "MacAlgorithm": "HMAC_SHA_256"}


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
