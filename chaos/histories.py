"""`ryoji verify-history` for many cases in one process: a case id a line comes in, a verdict a line goes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from local.places import ROOT
from tests.sandbox import Sandbox

PACKAGES = ROOT / "layers" / "ryoji" / "python"


def faults_of(ryoji: Sandbox, cases: list[str]) -> tuple[dict[str, list[str]], int]:
    """What speaks against each history that does not hold, and how many stand wholly under signed heads."""
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
    signed = sum(said["signed_up_to"] == said["actions"] for said in verdicts.values())
    return wrong, signed


def main() -> int:
    """Verify each case of standard input as the command does."""
    from ryoji.command import main as ryoji

    for line in sys.stdin:
        ryoji(["verify-history", line.strip()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
