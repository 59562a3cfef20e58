"""Who may call what, asked of the deployed API and of the roles that its functions have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.api import Caller
from local.cloud import REGION
from tests.integration.carriers.asking import carrier, client_of, holder_of
from tests.integration.renewal.walking import draft
from tests.sandbox import Sandbox
from tests.unit.doors.calling import BODIES

OPENAPI = Path(__file__).parents[3] / "docs" / "openapi.json"
REFUSED = (401, 403)
DENIED = ("AccessDenied", "AccessDeniedException")
# What stands in an address in the place of its names: nothing that is there.
NOTHING = "0" * 24


def operations() -> Iterator[tuple[str, str, dict[str, list[str]] | None]]:
    """Verb, path and the security of every route; None where anybody may call."""
    for path, verbs in json.loads(OPENAPI.read_text(encoding="utf-8"))["paths"].items():
        for verb, described in verbs.items():
            if "operationId" in described:
                yield verb.upper(), path, next(iter(described["security"]), None)


def callers(ryoji: Sandbox) -> dict[str, Caller]:
    """One of every kind: by the name of its scheme or scope."""
    return {
        "nobody": ryoji.public(),
        "applicant": ryoji.applicant(),
        "officer": ryoji.officer("sato.examiner"),
        "inquiry/ask": carrier(ryoji),
        "border/report": holder_of(ryoji, client_of(ryoji, "BorderClient"), "border/report"),
        "production/report": holder_of(ryoji, client_of(ryoji, "PrintingClient"), "production/report"),
    }


def let_in(security: dict[str, list[str]] | None) -> str:
    """The kind of caller that a route is for."""
    ((scheme, scopes),) = (security or {"anybody": []}).items()
    return scopes[0] if scheme == "partner" else scheme


def called(who: Caller, verb: str, path: str, case_id: str = NOTHING) -> int:
    body = next((body for end, body in BODIES.items() if path.endswith(end)), {})
    where = re.sub(r"\{[a-z_]+\}", "portrait", path.replace("{case_id}", case_id))
    return who.call(verb, where, None if verb in ("GET", "DELETE") else body).status


def test_every_route_refuses_every_other_kind_of_caller(ryoji: Sandbox) -> None:
    people = callers(ryoji)
    tried, wrong = 0, []
    for verb, path, security in operations():
        for kind, who in people.items():
            if let_in(security) in ("anybody", kind):
                continue
            tried += 1
            # The gateway's webhook has no authorizer: its signature is looked at, and there is none.
            expected = (*REFUSED, 400) if let_in(security) == "gateway" else REFUSED
            if (status := called(who, verb, path)) not in expected:
                wrong.append((kind, verb, path, status))
    assert wrong == []
    assert tried > 250


def test_another_person_s_case_is_as_if_it_were_not(ryoji: Sandbox) -> None:
    owner, stranger = ryoji.applicant(), ryoji.applicant("oliver@example.uk")
    case_id = draft(owner)
    routes = [
        (verb, path)
        for verb, path, security in operations()
        if "{case_id}" in path and let_in(security) == "applicant"
    ]
    answers = {(verb, path): called(stranger, verb, path, case_id) for verb, path in routes}
    assert {route: status for route, status in answers.items() if status != 404} == {}
    assert owner.ok("GET", f"/cases/{case_id}")["sequence"] == 1


def as_function(ryoji: Sandbox, function: str, service: str) -> Any:
    """A client that has a function's role and nothing more."""
    title = "".join(part.capitalize() for part in function.split("_"))
    pages = ryoji.running.client("lambda").get_paginator("list_functions").paginate()
    role = next(
        each["Role"]
        for page in pages
        for each in page["Functions"]
        if f"Functions{title}" in each["FunctionName"]
    )
    given = ryoji.running.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=f"http://localhost:{ryoji.running.ports['cloud']}",
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def write(ryoji: Sandbox, function: str) -> str:
    """What a function's role is told that writes into the table of cases; the condition never holds."""
    with pytest.raises(ClientError) as told:
        as_function(ryoji, function, "dynamodb").put_item(
            TableName=ryoji.running.outputs["CaseTable"],
            Item={"case_id": {"S": NOTHING}, "item": {"S": "S"}},
            ConditionExpression="attribute_exists(case_id)",
        )
    return str(told.value.response["Error"]["Code"])


def test_only_who_needs_it_may_write_cases(ryoji: Sandbox) -> None:
    assert write(ryoji, "applications") == "ConditionalCheckFailedException"
    for function in ("catalogue", "status", "verify_seal", "answer_carriers"):
        assert write(ryoji, function) in DENIED


def test_a_role_is_refused_what_other_functions_do(ryoji: Sandbox) -> None:
    out = ryoji.running.outputs
    machine = "arn:aws:states:ap-northeast-1:000000000000:stateMachine:passport"
    others: dict[tuple[str, str], Callable[[Any], Any]] = {
        ("catalogue", "stepfunctions"): lambda it: it.start_execution(stateMachineArn=machine, input="{}"),
        ("catalogue", "s3"): lambda it: it.get_object(Bucket=out["CleanBucket"], Key="x"),
        ("status", "secretsmanager"): lambda it: it.list_secrets(),
        ("answer_carriers", "kms"): lambda it: it.decrypt(CiphertextBlob=b"x" * 64, KeyId=out["DocumentKey"]),
        ("applications", "s3"): lambda it: it.delete_object(Bucket=out["ArchiveBucket"], Key="x"),
        ("review", "ses"): lambda it: it.send_email(
            Source="a@example.org",
            Destination={"ToAddresses": ["b@example.org"]},
            Message={"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}},
        ),
    }
    told = {}
    for (function, service), act in others.items():
        try:
            act(as_function(ryoji, function, service))
            told[function, service] = "done"
        except ClientError as error:
            told[function, service] = error.response["Error"]["Code"]
    assert {what: code for what, code in told.items() if code not in DENIED} == {}
