"""What a month costs in which nobody applies, counted from the templates: `python -m infra.idle_cost cdk.out`.

Prices are those of Tokyo in US dollars, retrieved 2026-09-23; no free tier is taken into account.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Templates = dict[str, dict[str, Any]]

KEY, SECRET, ALARM, METRIC = 1.00, 0.40, 0.10, 0.30
FIREWALL, FIREWALL_RULE = 5.00, 1.00
REQUEST, GB_SECOND = 0.20 / 1e6, 0.0000133334
READ, LOG_GB = 0.1425 / 1e6, 0.76

# The clock goes round every five minutes whether or not there is a case.
ROUNDS = 12 * 730
ROUND_SECONDS, ROUND_MEMORY_GB = 1.5, 0.5
ROUND_LOG_GB = 2e-6
# One query of the queue's index for each desk and each status that is not an end, and one of the days' index for each
# of 48 hours: half a read when it is empty.
ROUND_READS = (19 * 6 + 48) * 0.5
# DeadlinesPassed, MachinesRestarted, OldestWaitingDays, CasesWaiting.
ROUND_METRICS = 4


@dataclass(frozen=True)
class Line:
    """One line of the bill: how many of what, and dollars for each."""

    what: str
    count: int
    each: float

    @property
    def dollars(self) -> float:
        """Dollars a month."""
        return self.count * self.each


def idle(templates: Templates) -> tuple[Line, ...]:
    """The lines of the bill."""
    rules = sum(len(acl["Properties"]["Rules"]) for acl in _all(templates, "AWS::WAFv2::WebACL"))
    round_ = (
        REQUEST
        + ROUND_SECONDS * ROUND_MEMORY_GB * GB_SECOND
        + ROUND_READS * READ
        + ROUND_LOG_GB * LOG_GB
    )  # fmt: skip
    return (
        Line("KMS keys", _count(templates, "AWS::KMS::Key"), KEY),
        Line("Secrets", _count(templates, "AWS::SecretsManager::Secret"), SECRET),
        Line("Firewall", _count(templates, "AWS::WAFv2::WebACL"), FIREWALL),
        Line("Rules of the firewall", rules, FIREWALL_RULE),
        Line("Alarms", _count(templates, "AWS::CloudWatch::Alarm"), ALARM),
        Line("Metrics that the clock writes", ROUND_METRICS, METRIC),
        Line("Rounds of the clock (Lambda, DynamoDB, logs)", ROUNDS, round_),
    )


def table(lines: tuple[Line, ...]) -> str:
    """The bill as a table in Markdown."""
    rows = [
        f"| {x.what} | {x.count} | {x.each:.{2 if x.each > 0.01 else 6}f} | {x.dollars:.2f} |" for x in lines
    ]
    total = sum(line.dollars for line in lines)
    head = ["| a month | number | $ each | $ |", "|---|---:|---:|---:|"]
    return "\n".join([*head, *rows, f"| **all** | | | **{total:.2f}** |"])


def _all(templates: Templates, kind: str) -> Iterator[dict[str, Any]]:
    for template in templates.values():
        for resource in template["Resources"].values():
            if resource["Type"] == kind:
                yield resource


def _count(templates: Templates, kind: str) -> int:
    return sum(1 for _ in _all(templates, kind))


def main() -> None:
    """Print the bill of a synthesised app."""
    files = Path(sys.argv[1] if len(sys.argv) > 1 else "cdk.out").glob("*.template.json")
    sys.stdout.write(table(idle({path.stem: json.loads(path.read_text()) for path in files})) + "\n")


if __name__ == "__main__":
    main()
