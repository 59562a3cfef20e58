"""Permissions of invented passports in a running sandbox's register, written by the register's own code.

`python -m local.passports` reads one JSON object a line: `{"put": {…}}` with the fields of
`ryoji.permissions.permission.Permission`, `{"number": …, "status": …}`, or `{"spoil": {…}}` with a permission whose
entry cannot be read any more, so that its bearer is answered UNABLE. The settings are in its environment, so
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

from local.places import PACKAGES, ROOT

if TYPE_CHECKING:
    from local.running import Running
    from ryoji.permissions.permission import Permission

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
    for each in (*data["passports"], data["changing"]):
        held = each["permission"]
        if held is None:
            continue
        terms = {name: value for name, value in held.items() if name not in ("number", "status")}
        put = permission(held["number"], each["document_number"], **terms)
        changes.append({"put": put})
        if held["status"] == "unreadable":
            changes.append({"spoil": put})
        elif held["status"] != "active":
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
    with running.home.seeding_log.open("ab") as log:
        subprocess.run(command, input=lines, text=True, env=environment, cwd=ROOT, check=True, stderr=log)


def _spoil(permission: Permission) -> None:
    from ryoji.adapters.aws import client
    from ryoji.adapters.permission_table import ENTRY, document_key
    from ryoji.permissions.documents import document_hash

    document = document_hash(document_key(), permission.document.issuing_state, permission.document.number)
    client("dynamodb").update_item(
        TableName=os.environ["PERMISSION_TABLE"],
        Key={"document": {"S": document}},
        UpdateExpression="SET #p = :unreadable",
        ExpressionAttributeNames={"#p": ENTRY + permission.number},
        ExpressionAttributeValues={":unreadable": {"S": "not an entry"}},
    )


def make(change: dict[str, Any]) -> None:
    """Make one change, with the settings of the environment."""
    from ryoji.adapters.permission_table import PermissionTable
    from ryoji.permissions.permission import Permission

    if "put" in change:
        PermissionTable().put(Permission.model_validate(change["put"]))
    elif "spoil" in change:
        _spoil(Permission.model_validate(change["spoil"]))
    else:
        # No case stands behind these, whose history would say what came first: the clock does.
        now = datetime.now(UTC)
        PermissionTable().change_status(
            change["number"], change["status"], now, sequence=int(now.timestamp() * 1000)
        )


def main() -> int:
    """Make the changes of standard input."""
    for line in sys.stdin:
        make(json.loads(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
