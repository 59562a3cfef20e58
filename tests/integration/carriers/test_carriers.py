"""Carriers ask the deployed service, with IAM enforced, and are told when an answer is no longer so."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.api import fetch
from local.journey import until
from local.passports import permission, write
from tests.integration.carriers.asking import (
    SCOPE,
    ask,
    behave,
    carrier,
    client_of,
    client_without_carrier,
    desk,
    holder_of,
    interchange,
    passenger,
    send,
)
from tests.sandbox import Sandbox

BOARDS, REVOKED, OF_XB, ENDS = "T00000001", "T00000002", "T00000003", "T00000004"
SILENT = "T00000005"
UNKNOWN = "T00000099"


@pytest.fixture(scope="module")
def register(ryoji: Sandbox) -> None:
    """Four visas in force and one that is revoked."""
    documents = (BOARDS, REVOKED, OF_XB, ENDS, SILENT)
    changes: list[dict[str, Any]] = [{"put": permission(f"TEST-{each}", each)} for each in documents]
    write(ryoji.running, [*changes, {"number": f"TEST-{REVOKED}", "status": "revoked"}])


pytestmark = pytest.mark.usefixtures("register")


def test_one_passenger(ryoji: Sandbox) -> None:
    answer = ask(carrier(ryoji), passenger(BOARDS))
    assert (answer.status, answer.body["answers"]) == (
        200,
        [{"reference": BOARDS, "answer": "OK_TO_BOARD"}],
    )


def test_ten_are_answered_in_their_order(ryoji: Sandbox) -> None:
    people = [passenger(BOARDS), passenger(UNKNOWN), passenger(BOARDS, birth_date="1980-05-18")]
    people += [passenger("x"), passenger(BOARDS.replace("0", "O")), *([passenger(BOARDS)] * 5)]
    answers = [each["answer"] for each in ask(carrier(ryoji), *people).body["answers"]]
    assert answers == [
        "OK_TO_BOARD",
        *["NO_BOARD"] * 2,
        "INSUFFICIENT_DATA",
        "NO_BOARD",
        *["OK_TO_BOARD"] * 5,
    ]


def test_four_hundred_in_one_call(ryoji: Sandbox) -> None:
    # Most travel on permissions in force, as on a real flight: many unknown ones would look like guessing.
    people = [passenger(BOARDS, reference=str(place)) for place in range(300)]
    people += [passenger(f"T1{place:07}", reference=str(place)) for place in range(100)]
    answer = ask(carrier(ryoji), *people)
    assert answer.status == 200
    assert [each["answer"] for each in answer.body["answers"]] == ["OK_TO_BOARD"] * 300 + ["NO_BOARD"] * 100


def test_the_same_in_edifact(ryoji: Sandbox) -> None:
    status, headers, text = send(carrier(ryoji), interchange(BOARDS, UNKNOWN, *[BOARDS] * 8))
    assert (status, headers["Content-Type"]) == (200, "application/edifact")
    assert "RFF+ABO:P0'ERC+0Z'" in text
    assert "RFF+ABO:P1'ERC+1Z'" in text
    assert text.count("ERC+0Z'") == 9
    status, _, text = send(carrier(ryoji), interchange(*[BOARDS] * 400, application="APIS"))
    assert (status, text.count("ERC+0Z'")) == (200, 400)


def test_an_inquiry_is_its_carrier_s(ryoji: Sandbox) -> None:
    asked = ask(carrier(ryoji), passenger(BOARDS)).body
    path = f"/carriers/inquiries/{asked['inquiry']}"
    proof = carrier(ryoji).ok("GET", path)
    assert (proof["answers"], proof["receipt"]) == (["OK_TO_BOARD"], asked["receipt"])
    assert proof["intact"]
    assert carrier(ryoji, "XB").call("GET", path).status == 404
    assert ask(carrier(ryoji, "XB"), passenger(BOARDS)).status == 422  # not a flight of theirs


def test_who_may_not_ask(ryoji: Sandbox) -> None:
    printer = holder_of(ryoji, client_of(ryoji, "PrintingClient"), "production/report")
    stranger = holder_of(ryoji, client_without_carrier(ryoji), SCOPE)
    # Without the scope it is API Gateway that refuses, and its answer is 401.
    for who, status in ((ryoji.public(), 401), (printer, 401), (stranger, 403)):
        assert ask(who, passenger(BOARDS)).status == status
        assert send(who, interchange(BOARDS))[0] == status


@pytest.mark.parametrize(("code", "document"), [("XA", ENDS), ("XB", OF_XB)])
def test_a_revocation_is_pushed_and_acknowledged(ryoji: Sandbox, code: str, document: str) -> None:
    who, number = carrier(ryoji, code), f"TEST-{document}"
    inquiry = ask(who, passenger(document), flight=f"{code}339").body["inquiry"]
    write(ryoji.running, [{"number": number, "status": "revoked"}])
    pushed = until(lambda: desk(ryoji, code), lambda seen: inquiry in json.dumps(seen), 60)
    body = next(each["body"] for each in pushed["changes"] if inquiry in each["body"])
    assert ("ERC+1Z'" if code == "XA" else '"answer": "NO_BOARD"') in body
    # Acknowledged in the answer to the push, so nothing waits any more.
    until(lambda: who.ok("GET", "/carriers/changes"), lambda told: told["changes"] == [], 60)
    assert ask(who, passenger(document), flight=f"{code}340").body["answers"][0]["answer"] == "NO_BOARD"


def test_a_carrier_that_is_silent_acknowledges_later(ryoji: Sandbox) -> None:
    who = carrier(ryoji, "XB")
    inquiry = ask(who, passenger(SILENT), flight="XB339").body["inquiry"]
    behave(ryoji, "XB", "silent")
    try:
        write(ryoji.running, [{"number": f"TEST-{SILENT}", "status": "revoked"}])
        until(lambda: desk(ryoji, "XB"), lambda seen: inquiry in json.dumps(seen), 60)
        # It took the change and said nothing, so the change still stands in the list.
        waiting = who.ok("GET", "/carriers/changes")["changes"]
        (change,) = [each["change"] for each in waiting if each["inquiry"] == inquiry]
        assert who.call("POST", f"/carriers/changes/{change}/acknowledgement", {}).status == 200
        assert who.ok("GET", "/carriers/changes")["changes"] == []
    finally:
        behave(ryoji, "XB", "ok")


def test_a_push_of_somebody_else_is_not_taken(ryoji: Sandbox) -> None:
    url = f"http://127.0.0.1:{ryoji.running.ports['carrier']}/XB/changes"
    headers = {"Content-Type": "application/json", "Ryoji-Signature": f"t={int(time.time())},v1={'0' * 64}"}
    request = urllib.request.Request(url, b'{"change": "forged"}', headers, method="POST")
    assert fetch(request)[0] == 401
    assert "forged" not in json.dumps(desk(ryoji, "XB"))


def test_a_register_that_does_not_answer_lets_nobody_board(ryoji: Sandbox) -> None:
    with _denied(ryoji, "answer_carriers", "dynamodb:BatchGetItem"):
        answer = ask(carrier(ryoji), passenger(BOARDS))
        _, _, text = send(carrier(ryoji), interchange(BOARDS))
    assert answer.status == 200
    assert [each["answer"] for each in answer.body["answers"]] == ["UNABLE"]
    assert answer.body["outage_procedure"] == "RYOJI-OUTAGE-1"
    assert "ERC+2Z'" in text
    assert "ERC+0Z'" not in text
    assert ask(carrier(ryoji), passenger(BOARDS)).body["answers"][0]["answer"] == "OK_TO_BOARD"


def test_the_outage_procedure_is_a_page_without_the_api(ryoji: Sandbox) -> None:
    with urllib.request.urlopen(f"{ryoji.origin}/carriers/outage.html", timeout=10) as answer:
        assert "RYOJI-OUTAGE-1" in answer.read().decode()


@contextmanager
def _denied(ryoji: Sandbox, function: str, action: str) -> Iterator[None]:
    """An action of a function's role denied for a while."""
    title = "".join(part.capitalize() for part in function.split("_"))
    found = ryoji.running.client("lambda").get_paginator("list_functions").paginate()
    role = next(
        each["Role"].rpartition("/")[2]
        for page in found
        for each in page["Functions"]
        if f"Functions{title}" in each["FunctionName"]
    )
    iam = ryoji.running.client("iam")
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName="denied", PolicyDocument=policy)
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="denied")
