"""Which loopback ports the parts use: the same as last time where they are free, so that addresses stay."""

from __future__ import annotations

import json
from collections.abc import Mapping

from local.places import Home
from local.processes import free_port, is_free

PARTS = ("cloud", "recognition", "stripe", "card", "printing", "authenticator", "mailbox", "carrier", "site")
FIRST_CHOICE = {"site": 8080}


def wanted(environment: Mapping[str, str]) -> dict[str, int]:
    """The port of the site that RYOJI_PORT asks for, if it does; raises ValueError in plain words."""
    asked = environment.get("RYOJI_PORT", "")
    if not asked:
        return {}
    if not (asked.isascii() and asked.isdigit() and 1024 <= int(asked) <= 65535):
        raise ValueError(f"RYOJI_PORT is {asked!r}, and must be a number from 1024 to 65535")
    return {"site": int(asked)}


def known(home: Home) -> dict[str, int]:
    """Those that the parts had the last time, or have."""
    ports: dict[str, int] = json.loads(home.ports.read_text()) if home.ports.exists() else {}
    return ports


def choose(home: Home, wanted: dict[str, int] | None = None) -> dict[str, int]:
    """A free port for each part; a port that the caller insists on and that is taken raises ValueError."""
    before = known(home)
    chosen: dict[str, int] = {}
    for part in PARTS:
        insisted = (wanted or {}).get(part)
        if insisted and not is_free(insisted):
            raise ValueError(
                f"port {insisted} for the {part} is taken by another program: stop that program, "
                "or choose another with RYOJI_PORT"
            )
        port = insisted or before.get(part) or FIRST_CHOICE.get(part) or free_port()
        chosen[part] = port if is_free(port) else free_port()
    home.ports.write_text(json.dumps(chosen))
    return chosen
