"""`ryoji verify-history` for many cases in one process: a case id a line comes in, a verdict a line goes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from local.places import ROOT
from tests.sandbox import Sandbox

PACKAGES = ROOT / "layers" / "ryoji" / "python"


def faults_of(ryoji: Sandbox, cases: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """What speaks against each history that does not hold, and the cases that no signed head stands for to the end."""
    outputs = ryoji.running.outputs
    environment = {
        **os.environ,
        **ryoji.running.environment,
        "CASE_TABLE": outputs["CaseTable"],
        "ARCHIVE_BUCKET": outputs["ArchiveBucket"],
        "HISTORY_KEY": outputs["HistoryKey"],
        "PYTHONPATH": str(PACKAGES),
    }
    command = [sys.executable, "-m", "chaos.histories"]
    ended = subprocess.run(
        command, input="\n".join(cases), text=True, env=environment, cwd=ROOT, check=True, capture_output=True
    )
    verdicts = {said["case"]: said for said in map(json.loads, ended.stdout.splitlines())}
    wrong = {
        case: verdicts[case]["faults"] if case in verdicts else ["no verdict"]
        for case in cases
        if case not in verdicts or not verdicts[case]["holds"]
    }
    return wrong, unsigned(verdicts, cases)


def unsigned(verdicts: dict[str, dict[str, Any]], cases: list[str]) -> list[str]:
    """The cases with actions that the last signed head does not know, or without any verdict."""
    return [
        case
        for case in cases
        if case not in verdicts or verdicts[case]["signed_up_to"] != verdicts[case]["actions"]
    ]


def main() -> int:
    """Verify each case of standard input as the command does."""
    from ryoji.command import main as ryoji

    for line in sys.stdin:
        ryoji(["verify-history", line.strip()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
