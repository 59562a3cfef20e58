"""The card gateway of the sandbox: localstripe, and before it a small gateway that makes it behave as Stripe does.

localstripe is GPL: it runs as a process of its own, out of a virtual environment of its own, and is never imported.
See README.md for the test cards and for what the gateway adds.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STRIPE_PYTHON = ROOT / ".local" / "venv-stripe" / "bin" / "python"

# What Stripe's library in the browser and on the server is told in the sandbox: neither key opens anything.
PUBLISHABLE_KEY = "pk_test_sandbox"
SECRET_KEY = "sk_test_sandbox"  # noqa: S105 - of the stand-in


def command(
    port: int, state: Path, ready_file: Path | None = None, stripe_python: Path = STRIPE_PYTHON
) -> list[str]:
    """The command that starts the gateway on 127.0.0.1:`port` (0: a free one, told in `ready_file`), from the root."""
    line = [sys.executable, "-m", "local.payments", "--port", str(port), "--state", str(state)]
    line += ["--stripe-python", str(stripe_python)]
    return [*line, "--ready-file", str(ready_file)] if ready_file else line


def health(port: int) -> bool:
    """Whether the gateway and the localstripe behind it answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def register_webhook(
    port: int, url: str, secret: str, events: list[str] | None = None, name: str = "ryoji"
) -> None:
    """Have every event (or those named) signed with `secret` and posted to `url`, again and again until it answers 2xx.

    Registering a name twice replaces it. Registrations are kept in the state folder.
    """
    body = json.dumps({"url": url, "secret": secret, "events": events}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/_config/webhooks/{name}",
        data=body,
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - loopback only
        return
