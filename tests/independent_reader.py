"""Seals as a reader sees them that shares nothing with Ryoji's: Node's, in `independent_reader.mjs`."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from pathlib import Path

READER = Path(__file__).parent / "independent_reader.mjs"


def read_elsewhere(seal: str, authority: bytes) -> bool:
    """Whether that reader finds the seal signed by whom this authority certified (DER)."""
    given = json.dumps({"seal": seal, "authority": b64encode(authority).decode()})
    done = subprocess.run(["node", str(READER)], input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip() == "true"
