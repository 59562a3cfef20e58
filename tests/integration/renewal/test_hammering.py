"""The same thing many times at once, against the deployed stack: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import json
import random
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.api import Answer, Caller, fetch
from local.journey import fill, person, sign
from local.payments.deliveries import signature
from local.running import STRIPE
from tests.integration.renewal.walking import (
    OFFICE,
    approve,
    confirm_card,
    finish_book,
    reaches,
    tell,
)
from tests.sandbox import Sandbox, pictures

TIMES = 10
HANAKO, KENICHI = "yamada-hanako", "sato-kenichi"


def test_two_applicants_and_everything_at_once(ryoji: Sandbox) -> None:
    hanako, kenichi = ryoji.applicant(), ryoji.applicant("kenichi@example.jp")
    hers = _opened_once(ryoji, hanako, HANAKO)
    his = _opened_once(ryoji, kenichi, KENICHI)
    _sent_once(ryoji, hanako, hers, HANAKO, keys=["one-key-for-all-of-them"] * TIMES)
    _sent_once(ryoji, kenichi, his, KENICHI, keys=[f"a-key-for-each-of-them-{n}" for n in range(TIMES)])
    for applicant, case_id in ((hanako, hers), (kenichi, his)):
        reaches(applicant, case_id, "in_review")
        _claimed_by_one(ryoji, case_id)
        approve(ryoji, case_id)
    tell(f"{ryoji.walker.printing}/api/behaviour", {"mode": "down"})
    try:
        for applicant, case_id in ((hanako, hers), (kenichi, his)):
            _paid_once(ryoji, applicant, case_id)
    finally:
        tell(f"{ryoji.walker.printing}/api/behaviour", {"mode": "ok"})
    for applicant, case_id in ((hanako, hers), (kenichi, his)):
        finish_book(ryoji, applicant, case_id)
        _happened_once(ryoji, case_id)
    _one_has_the_last_place(ryoji, (hanako, hers), (kenichi, his))


def _at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def _opened_once(ryoji: Sandbox, applicant: Caller, who: str) -> str:
    body, key = {"procedure": "passport-renewal", "language": "en"}, f"opened-at-once-by-{who}"
    answers = _at_once(*[lambda: applicant.call("POST", "/cases", body, key=key)] * TIMES)
    assert {answer.status // 100 for answer in answers} == {2}, [answer.body for answer in answers]
    (case_id,) = {str(answer.body["case_id"]) for answer in answers}
    fill(applicant, case_id, person(who), pictures(who), office=OFFICE)
    return case_id


def _sent_once(ryoji: Sandbox, applicant: Caller, case_id: str, who: str, keys: list[str]) -> None:
    path = f"/cases/{case_id}/submission"
    body = {"signature": sign(ryoji.walker, person(who), applicant.ok("GET", path)["digest"])}
    answers = _at_once(*(lambda key=key: applicant.call("POST", path, body, key=key) for key in keys))
    assert {answer.status for answer in answers} == {200}, [answer.body for answer in answers]
    assert len({answer.body["reference"] for answer in answers}) == 1


def _claimed_by_one(ryoji: Sandbox, case_id: str) -> None:
    officers = [ryoji.officer("sato.examiner"), ryoji.officer("suzuki.approver")]
    path = f"/desk/cases/{case_id}"
    answers = _at_once(*(lambda who=who: who.call("POST", f"{path}/claim") for who in officers))
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert {answer.body.get("code") for answer in answers} == {None, "claimed_by_another"}
    holder = next(who for who, answer in zip(officers, answers, strict=True) if answer.status == 200)
    holder.ok("POST", f"{path}/release")


def _paid_once(ryoji: Sandbox, applicant: Caller, case_id: str) -> None:
    reaches(applicant, case_id, "payment")
    path = f"/cases/{case_id}/payment"
    begun = _at_once(*[lambda: applicant.call("POST", path)] * 5)
    (intent,) = {answer.body["payment_intent"] for answer in begun}
    confirm_card(ryoji, begun[0].body["client_secret"])
    kinds = ("created", "processing", "payment_failed", "succeeded")
    events = [_event(kind, intent, case_id) for kind in kinds] * 3
    random.Random(case_id).shuffle(events)
    with ThreadPoolExecutor(4) as pool:
        # Whoever is told to come again comes again, as Stripe does.
        assert set(pool.map(lambda event: _deliver(ryoji, event), events)) <= {200, 409}
    assert _deliver(ryoji, _event("succeeded", intent, case_id)) == 200
    reaches(applicant, case_id, "production")


def _event(kind: str, intent: str, case_id: str) -> dict[str, Any]:
    what = {"id": intent, "object": "payment_intent", "metadata": {"case_id": case_id}}
    return {
        "id": f"evt_{kind}_{intent}",
        "object": "event",
        "type": f"payment_intent.{kind}",
        "created": int(time.time()),
        "data": {"object": what},
    }


def _deliver(ryoji: Sandbox, event: dict[str, Any]) -> int:
    body = json.dumps(event).encode()
    signed = signature(body, STRIPE["webhook_secret"], int(time.time()))
    headers = {"Content-Type": "application/json", "Stripe-Signature": signed}
    url = f"{ryoji.origin}/api/payments/webhook"
    return fetch(urllib.request.Request(url, body, headers, method="POST"))[0]


def _happened_once(ryoji: Sandbox, case_id: str) -> None:
    history = ryoji.officer("sato.examiner").ok("GET", f"/desk/cases/{case_id}")["history"]
    happened = Counter(entry["kind"] for entry in history)
    once = ("opened", "submitted", "decided", "fee_due", "payment_started", "paid")
    made = ("production_ordered", "produced")
    assert {kind: happened[kind] for kind in (*once, *made)} == dict.fromkeys((*once, *made), 1)
    never = {"payment_failed", "payment_mismatch", "refund_due", "machine_started"}
    assert not never & set(happened)
    with urllib.request.urlopen(f"{ryoji.walker.printing}/orders", timeout=10) as answer:
        orders = json.loads(answer.read())["orders"]
    assert [order["stage"] for order in orders if order["order_id"].startswith(case_id)] == ["produced"]


def _one_has_the_last_place(ryoji: Sandbox, *who: tuple[Caller, str]) -> None:
    caller, case_id = who[0]
    last = caller.ok("GET", f"/cases/{case_id}/slots")["slots"][-1]
    _take_places(ryoji, last["start"], last["left"] - 1)
    wanted = {"start": last["start"]}
    answers = _at_once(
        *(
            lambda caller=caller, case_id=case_id: caller.call(
                "POST", f"/cases/{case_id}/appointment", wanted
            )
            for caller, case_id in who
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert {answer.body.get("code") for answer in answers} == {None, "slot_full"}
    left = {slot["start"]: slot["left"] for slot in caller.ok("GET", f"/cases/{case_id}/slots")["slots"]}
    assert left[last["start"]] == 0


def _take_places(ryoji: Sandbox, start: str, places: int) -> None:
    """As if others had booked them."""
    client = ryoji.running.client("dynamodb")
    (table,) = [name for name in client.list_tables()["TableNames"] if "slots" in name.lower()]
    client.update_item(
        TableName=table,
        Key={"office": {"S": OFFICE}, "start": {"S": start}},
        UpdateExpression="ADD taken :places",
        ExpressionAttributeValues={":places": {"N": str(places)}},
    )
