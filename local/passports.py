"""Permissions of invented passports in a running sandbox's register, written by the register's own code.

`python -m local.passports` reads one JSON object a line: `{"put": {…}}` with the fields of
`ryoji.permissions.permission.Permission`, or `{"number": …, "status": …}`. The settings are in its environment, so
that the program which runs the sandbox keeps its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local.places import ROOT

if TYPE_CHECKING:
    from local.running import Running

PACKAGES = ROOT / "layers" / "ryoji" / "python"
BORN = "1980-05-17"
ISSUED = "2020-01-01T00:00:00+00:00"


def permission(number: str, document: str, **other: Any) -> dict[str, Any]:
    """A visa in force for a passport of nowhere (UTO, the code of Doc 9303's specimens)."""
    values = {
        "number": number,
        "case_id": "sandbox",
        "kind": "visa",
        "programme": "sandbox",
        "document": {"issuing_state": "UTO", "number": document},
        "birth_date": BORN,
        "nationality": "UTO",
        "valid_from": "2020-01-01",
        "valid_until": "2099-12-31",
        "entries": "single",
        "stay_days": 30,
        "since": ISSUED,
    }
    return {**values, **other}


def kit() -> list[dict[str, Any]]:
    """The passports of the conformance kit, as changes."""
    data = json.loads((PACKAGES / "ryoji" / "conformance" / "passports.json").read_text(encoding="utf-8"))
    changes = []
    for each in data["passports"]:
        held = each["permission"]
        if held is None:
            continue
        terms = {name: value for name, value in held.items() if name not in ("number", "status")}
        changes.append({"put": permission(held["number"], each["document_number"], **terms)})
        if held["status"] != "active":
            changes.append({"number": held["number"], "status": held["status"]})
    return changes


def write(running: Running, changes: Iterable[dict[str, Any]]) -> None:
    """Have changes made in the register of a running sandbox, one after the other."""
    environment = {
        **os.environ,
        **running.environment,
        "PERMISSION_TABLE": running.outputs["PermissionTable"],
        "DOCUMENT_KEY": running.outputs["DocumentKey"],
        "PYTHONPATH": str(PACKAGES),
    }
    lines = "\n".join(json.dumps(change) for change in changes)
    command = [sys.executable, "-m", "local.passports"]
    subprocess.run(command, input=lines, text=True, env=environment, cwd=ROOT, check=True)


def main() -> int:
    """Make the changes of standard input."""
    from ryoji.adapters.permission_table import PermissionTable
    from ryoji.permissions.permission import Permission

    table = PermissionTable()
    for line in sys.stdin:
        change = json.loads(line)
        if "put" in change:
            table.put(Permission.model_validate(change["put"]))
        else:
            table.change_status(change["number"], change["status"], datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
