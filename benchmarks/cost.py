"""What one renewal asks of AWS and what that costs: counted in a real run through the deployed sandbox.

One renewal without correction, from the draft to the handed-over book, with two officers, a card that is accepted and
a counter check. How each thing is counted:

- requests of the API: at the sandbox's one origin, partners' callbacks included; nobody polls, but waits until
  the sandbox is quiet and looks once;
- Lambda: the REPORT lines of the functions' log groups. Durations are this machine's, not arm64's at Lambda;
- Step Functions: StateEntered events of all executions, and one for each execution's start;
- DynamoDB, S3, KMS, SES, Textract, Rekognition: by a hook in the functions' SDK (benchmarks/calls.py), in one process
  each. DynamoDB's units are computed from the sizes that went over the wire, which errs upwards;
- S3's uploads by the browser: as the walk makes them. S3 and DynamoDB keep data keys (bucket keys, table keys), so
  their own requests of KMS are left out;
- log bytes: the functions' and the machines' log groups;
- Cognito: one monthly active user, the applicant.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

import local.api
import local.cloud
import local.site
from benchmarks.calls import CALLS
from benchmarks.figures import Figure, at_most, counted
from local.api import Caller
from local.journey import person, read_and_sign
from local.places import DEPENDENCIES, LOCAL, ROOT
from tests.integration.renewal.walking import OFFICE, approve, confirm_card, filled, make_books
from tests.sandbox import Sandbox, pictures, sandbox

BUDGET = 0.05
QUIET_SECONDS = 3.0
PATIENCE = 180.0
BILLED = re.compile(r"Billed Duration: ([\d.]+) ms\tMemory Size: (\d+) MB")
WHO = "yamada-hanako"


@dataclass
class Seen:
    """What was counted so far."""

    folder: Path
    api: Counter[str] = field(default_factory=Counter)
    uploads: int = 0

    def calls(self) -> list[dict[str, Any]]:
        """The calls of AWS by the functions."""
        path = self.folder / CALLS
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@dataclass(frozen=True)
class Usage:
    """Running totals at one moment; two of them give what happened between."""

    calls: int
    transitions: int
    executions: int
    invocations: int
    gigabyte_seconds: float
    log_bytes: int


def measure() -> list[Figure]:
    """Start a sandbox, walk one renewal in it, and price what it asked for."""
    with _counting() as seen, sandbox("bench") as ryoji:
        applicant = ryoji.applicant()
        for officer in ("sato.examiner", "suzuki.approver", "tanaka.counter"):
            ryoji.officer(officer)  # signing in is paid by the month
        _quiet(seen)
        seen.api.clear()
        seen.uploads = 0
        before = _usage(ryoji, seen)
        _renewal(ryoji, applicant, seen)
        after = _usage(ryoji, seen)
        calls = seen.calls()[before.calls :]
        api, uploads = seen.api.copy(), seen.uploads
    return _figures(before, after, calls, sum(api.values()), uploads)


@contextmanager
def _counting() -> Iterator[Seen]:
    """The hook before the functions' packages, a count at the site's door and one at the uploads."""
    folder = LOCAL / "bench-calls"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "benchmarks" / "calls.py", folder / "sitecustomize.py")
    seen = Seen(folder)
    ask, post = local.site._ask, local.api.post_form  # noqa: SLF001 - the one place where all requests pass

    def asked(port: int, verb: str, target: str, headers: dict[str, str], body: bytes | None) -> Any:
        if target.startswith("/_aws/execute-api/"):
            seen.api[f"{verb} {target}"] += 1
        return ask(port, verb, target, headers, body)

    def posted(*arguments: Any) -> int:
        seen.uploads += 1
        return post(*arguments)

    with ExitStack() as patches:
        patches.enter_context(patch.object(local.site, "_ask", asked))
        patches.enter_context(patch.object(local.api, "post_form", posted))
        patches.enter_context(patch.object(local.cloud, "DEPENDENCIES", f"{folder}:{DEPENDENCIES}"))
        yield seen


def _renewal(ryoji: Sandbox, applicant: Caller, seen: Seen) -> None:
    """The whole way; each visit begins with the reads that the pages make."""
    applicant.ok("GET", "/procedures")
    applicant.ok("GET", "/cases")
    case_id = filled(ryoji, applicant, WHO)
    read_and_sign(ryoji.walker, applicant, case_id, person(WHO))
    _reaches(seen, applicant, case_id, "in_review")
    for officer in ("sato.examiner", "suzuki.approver"):
        ryoji.officer(officer).ok("GET", f"/desk/cases/{case_id}")
    approve(ryoji, case_id)
    _reaches(seen, applicant, case_id, "payment")
    payment = applicant.ok("POST", f"/cases/{case_id}/payment")
    confirm_card(ryoji, payment["client_secret"])
    _reaches(seen, applicant, case_id, "production")
    applicant.ok("GET", f"/cases/{case_id}/receipt")
    make_books(ryoji)
    _reaches(seen, applicant, case_id, "collection")
    _hand_over(ryoji, applicant, case_id)
    _reaches(seen, applicant, case_id, "completed")


def _hand_over(ryoji: Sandbox, applicant: Caller, case_id: str) -> None:
    counter = ryoji.officer("tanaka.counter")
    slots = applicant.ok("GET", f"/cases/{case_id}/slots")["slots"]
    applicant.ok("POST", f"/cases/{case_id}/appointment", {"start": slots[0]["start"]})
    counter.ok("GET", f"/desk/appointments/{OFFICE}?date={slots[0]['start'][:10]}")
    counter.ok("GET", f"/desk/cases/{case_id}")
    counter.upload(case_id, "counter_picture", pictures().portrait, desk=True)
    counter.ok("POST", f"/desk/cases/{case_id}/counter-check")
    handed = {"old_passport": "returned", "identity_confirmed": True}
    counter.ok("POST", f"/desk/cases/{case_id}/handover", handed)


def _reaches(seen: Seen, caller: Caller, case_id: str, status: str) -> None:
    """Wait without asking the API until nothing moves any more, then look as a person would."""
    end = time.monotonic() + PATIENCE
    while True:
        _quiet(seen)
        found = caller.ok("GET", f"/cases/{case_id}")["status"]
        if found == status:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"the case is still {found} and not {status}")


def _quiet(seen: Seen) -> None:
    """Until no function has called AWS for a while."""
    path = seen.folder / CALLS
    last, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.2)
        size = path.stat().st_size if path.exists() else 0
        if size != last:
            last, since = size, time.monotonic()


def _usage(ryoji: Sandbox, seen: Seen) -> Usage:
    executions, transitions = _machines(ryoji.running.client("stepfunctions"))
    logs = ryoji.running.client("logs")
    messages = list(_messages(logs, "/ryoji/functions/"))
    billed = [(float(ms), int(mb)) for m in messages for ms, mb in BILLED.findall(m)]
    sizes = [*messages, *_messages(logs, "/aws/vendedlogs/states/")]
    return Usage(
        len(seen.calls()),
        transitions,
        executions,
        len(billed),
        sum(ms / 1000 * mb / 1024 for ms, mb in billed),
        sum(len(message.encode()) + 26 for message in sizes),  # CloudWatch adds 26 bytes to each event
    )


def _machines(states: Any) -> tuple[int, int]:
    """Executions and their transitions: every state that was entered, and each start."""
    executions = transitions = 0
    for machine in states.list_state_machines()["stateMachines"]:
        for page in states.get_paginator("list_executions").paginate(
            stateMachineArn=machine["stateMachineArn"]
        ):
            for execution in page["executions"]:
                executions += 1
                pages = states.get_paginator("get_execution_history").paginate(
                    executionArn=execution["executionArn"]
                )
                transitions += 1 + sum(
                    event["type"].endswith("StateEntered") for page in pages for event in page["events"]
                )
    return executions, transitions


def _messages(logs: Any, prefix: str) -> Iterator[str]:
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
        for group in page["logGroups"]:
            found = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            yield from (event["message"] for events in found for event in events["events"])


def _figures(
    before: Usage, after: Usage, calls: list[dict[str, Any]], api: int, uploads: int
) -> list[Figure]:
    of = Counter(f"{call['service']}.{call['operation']}" for call in calls)
    services = Counter(call["service"] for call in calls)
    used = {
        "lambda_request": float(after.invocations - before.invocations),
        "lambda_gb_second": after.gigabyte_seconds - before.gigabyte_seconds,
        "rest_api_request": float(api),
        "step_functions_transition": float(after.transitions - before.transitions),
        "dynamodb_write_unit": sum(call.get("writes", 0.0) for call in calls),
        "dynamodb_read_unit": sum(call.get("reads", 0.0) for call in calls),
        "s3_put": float(of["s3.PutObject"] + of["s3.ListObjectsV2"] + uploads),
        "s3_get": float(of["s3.GetObject"] + of["s3.HeadObject"]),
        "kms_request": float(services["kms"] - of["kms.Sign"]),
        "kms_sign": float(of["kms.Sign"]),
        "secrets_request": float(services["secretsmanager"]),
        "rekognition_image": float(services["rekognition"]),
        "textract_page": float(services["textract"]),
        "ses_message": float(of["sesv2.SendEmail"]),
        "logs_gigabyte": (after.log_bytes - before.log_bytes) / 1e9,
        "cognito_active_user": 1.0,
    }
    prices = yaml.safe_load((ROOT / "benchmarks" / "prices.yaml").read_text(encoding="utf-8"))
    dollars = {name: amount * prices[name]["price"] for name, amount in used.items()}
    total = sum(dollars.values())
    return [
        at_most("renewal.dollars", total, "USD", BUDGET),
        counted("renewal.dollars.without_cognito", total - dollars["cognito_active_user"], "USD"),
        *(counted(f"renewal.dollars.{name}", each, "USD") for name, each in dollars.items()),
        *(counted(f"renewal.amount.{name}", each, name) for name, each in used.items()),
        counted("renewal.calls_of_aws_by_functions", len(calls), "calls"),
        *(counted(f"renewal.calls.{name}", number, "calls") for name, number in sorted(of.items())),
        counted("renewal.executions", after.executions - before.executions, "executions"),
    ]
