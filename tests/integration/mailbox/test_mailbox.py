"""The mailbox page, started as its users do, before a small cloud that has sent two letters."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.card.sandbox import Sandbox, started


def letter(number: int, subject: str) -> dict[str, object]:
    """A message in the local cloud's form, the later the higher the number."""
    return {
        "MessageId": f"m{number}",
        "Source": "noreply@ryoji.example",
        "To": ["hanako@example.jp"],
        "CC": [],
        "BCC": [],
        "Subject": subject,
        "BodyText": "受け付けました。<b>&</b>",
        "BodyHtml": None,
        "Timestamp": 1_790_000_000.5 + number,
        "Type": "v2.SendEmail",
    }


SENT = {"messages": {"000000000000": [letter(1, "first"), letter(3, "third")], "1": [letter(2, "second")]}}


@pytest.fixture
def cloud() -> Iterator[int]:
    class Cloud(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(SENT).encode()
            self.send_response(200 if self.path == "/_ministack/ses/messages" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox(cloud: int, tmp_path: Path) -> Iterator[Sandbox]:
    with started("simulators.mailbox", tmp_path, "--cloud-port", str(cloud)) as running:
        yield running


def test_letters_of_all_accounts_newest_first(mailbox: Sandbox) -> None:
    shown = json.loads(mailbox.get("/api/letters")[1])["letters"]
    assert [row["subject"] for row in shown] == ["third", "second", "first"]
    assert shown[0]["to"] == ["hanako@example.jp"]
    assert shown[0]["text"] == "受け付けました。<b>&</b>"


def test_scripts_read_the_clouds_own_answer_with_or_without_the_prefix(mailbox: Sandbox) -> None:
    for path in ("/messages", "/simulators/mailbox/messages"):
        status, body, _ = mailbox.get(path)
        assert (status, json.loads(body)) == (200, SENT)


def test_the_page_and_what_it_loads(mailbox: Sandbox) -> None:
    status, body, headers = mailbox.get("/simulators/mailbox/")
    page = body.decode()
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", page)
    for name in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert mailbox.get(f"/simulators/mailbox/{name}")[0] == 200
    assert mailbox.get("/health")[0] == 200


def test_a_cloud_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with started("simulators.mailbox", tmp_path, "--cloud-port", "9") as running:
        assert running.get("/health")[0] == 200
        status, body, _ = running.get("/messages")
        assert (status, json.loads(body)) == (502, {"error": "cloud_unreachable"})
