"""Which faults are put between the functions and what they call: microburst's rules, and the proxies' control."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from dataclasses import dataclass
from typing import Any

from local.places import ROOT, venv_python
from local.processes import Part
from ryoji.adapters import recognition
from ryoji.adapters.aws import USUAL

Rule = dict[str, Any]
# How the faults are divided. What is held costs a caller its whole timeout, so it is rare.
THROTTLED, BROKEN, RESET, LOST, HELD = 0.36, 0.30, 0.16, 0.16, 0.02
# What each service says when it is asked too often, in its own words and with its own status.
_BUSY: dict[str, tuple[str, int]] = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "s3": ("SlowDown", 503),
    "kms": ("ThrottlingException", 400),
    "ssm": ("ThrottlingException", 400),
    "secretsmanager": ("ThrottlingException", 400),
    "stepfunctions": ("ThrottlingException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "sesv2": ("TooManyRequestsException", 429),
    "sqs": ("RequestThrottled", 400),
    "textract": ("ProvisionedThroughputExceededException", 400),
    "rekognition": ("ProvisionedThroughputExceededException", 400),
}
# For whose answers functions wait otherwise than is usual; what is held is held for half a second longer.
_PATIENCE = {"textract": recognition.PATIENCE, "rekognition": recognition.PATIENCE}
_HELD_LONGER = 0.5


def faults(share: float) -> list[Rule]:
    """Rules that let so great a share of the calls fail (0.1 is every tenth), in five ways.

    Throttled and broken calls, and connections reset before anything was done, had no effect. Where the answer is
    lost, the call was made and only its answer never came: whoever asks again must not do it twice.
    """
    wanted: list[tuple[float, Rule]] = [
        (BROKEN, {"service": "*", "error": {"code": "InternalServerError", "status": 500}}),
        (RESET, {"service": "*", "reset": True}),
        (LOST, {"service": "*", "response": {"abort_bytes": 0}}),
        *((HELD, {"service": name, "timeout_ms": held}) for name, held in _held().items()),
        *(
            (THROTTLED, {"service": name, "error": {"code": code, "status": status}})
            for name, (code, status) in _BUSY.items()
        ),
    ]
    rules, drawn = [], dict.fromkeys(_BUSY, 0.0)
    for part, rule in wanted:
        names = list(_BUSY) if rule["service"] == "*" else [rule["service"]]
        before = drawn[names[0]]
        # microburst draws for each rule in turn: the later ones see only what the earlier ones left.
        rules.append({**rule, "probability": share * part / (1 - before)})
        for name in names:
            drawn[name] += share * part
    return rules


def _held() -> dict[str, int]:
    return {name: round(1000 * (_PATIENCE.get(name, USUAL).read + _HELD_LONGER)) for name in _BUSY}


def down(service: str = "*") -> list[Rule]:
    """Rules that let every call of a service fail: half hang up, half answer 503."""
    return [
        {"service": service, "reset": True, "probability": 0.5},
        {"service": service, "error": {"code": "ServiceUnavailable", "status": 503}},
    ]


@dataclass(frozen=True)
class Proxy:
    """One microburst before one upstream, both on the loopback."""

    name: str
    port: int
    upstream: int

    def part(self, seed: int) -> Part:
        """How it is started."""
        command = [str(venv_python("chaos")), str(ROOT / "chaos" / "proxy.py"), str(seed)]
        command += ["--upstream", f"http://127.0.0.1:{self.upstream}", "--port", str(self.port)]
        return Part(f"proxy-{self.name}", command, self.port, "/_microburst/health")

    def set(self, rules: list[Rule]) -> None:
        """Put these rules in the place of all others."""
        self._ask("rules", rules)

    def requests(self) -> int:
        """How many calls came through."""
        return int(self._ask("stats")["requests"]["total"])

    def fired(self) -> Counter[str]:
        """The faults that were put in, by kind."""
        found: Counter[str] = Counter()
        for rule in self._ask("stats")["by_rule"]:
            found[_kind(str(rule["describe"]))] += int(rule["fired"])
        return found

    def _ask(self, path: str, body: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.port}/_microburst/{path}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


def _kind(described: str) -> str:
    for sign, kind in (("timeout", "held"), ("reset", "reset"), ("response", "answer lost")):
        if sign in described:
            return kind
    return "5xx" if "InternalServerError" in described or "Unavailable" in described else "throttled"
