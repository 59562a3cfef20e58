"""Stripe's own library against the sandbox's gateway: every way that a payment may go."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from socket import create_connection

import pytest

from local.payments import SECRET_KEY
from local.payments.deliveries import signature
from ryoji.adapters.stripe_payments import StripePayments, verify_webhook
from ryoji.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from ryoji.payments import PaymentDue, judge, refund_key, start_key
from tests.integration.payments.conftest import WEBHOOK_SECRET, Browser, Inbox
from tests.unit.payments.recording import Log, payment_due

ITEMS: list[dict[str, object]] = [{"amount": 14000}, {"amount": 1900, "beneficiary": "prefecture:14"}]


def due(amount: int = 15900) -> PaymentDue:
    return payment_due([{"amount": amount}], "jpy", date(2026, 12, 1), "FY2026")


def begun(payments: StripePayments, case_id: str) -> tuple[Log, str, str]:
    """A case whose payment has begun, the intent, and the secret that the browser has."""
    log = Log()
    log.append("fee_due", **payment_due(ITEMS, "jpy", date(2026, 12, 1), "FY2026").body())
    assert log.payment.due
    intent, secret = payments.start(case_id, log.payment.due, start_key(case_id, log.payment))
    log.start(intent)
    return log, intent, secret


def test_a_payment_goes_through_and_the_case_hears_of_it_once(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    log, intent, secret = begun(payments, "case-ok")
    assert payments.fetch(intent).status == "requires_payment_method"
    assert browser.confirm(secret, "4242424242424242")["status"] == "succeeded"
    event = inbox.wait(intent, "payment_intent.succeeded")
    assert event.case_id == "case-ok"
    facts = payments.fetch(intent)
    assert (facts.status, facts.received, facts.currency, facts.case_id) == (
        "succeeded",
        15900,
        "jpy",
        "case-ok",
    )
    assert [verdict.kind for verdict in log.hear(facts, event.event_id)] == ["paid"]
    assert log.hear(payments.fetch(intent), event.event_id) == ()


def test_an_event_that_is_not_taken_comes_again(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    _, intent, secret = begun(payments, "case-again")
    inbox.refuse = 2
    browser.confirm(secret, "5555555555554444")
    inbox.wait(intent, "payment_intent.succeeded")


def test_a_card_that_is_sent_ten_times_at_once_is_charged_once(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    _, intent, secret = begun(payments, "case-at-once")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: browser.confirm(secret, "4242424242424242"), range(10)))
    assert sorted(answer.get("status", "refused") for answer in answers) == ["refused"] * 9 + ["succeeded"]
    inbox.wait(intent, "payment_intent.succeeded")
    told = [json.loads(body) for body, _ in inbox.received if intent.encode() in body]
    assert [event["type"] for event in told] == ["payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", "card_declined"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000009979", "card_declined"),
        ("4000000000000069", "expired_card"),
        ("4000000000000127", "incorrect_cvc"),
        ("4000000000000119", "try_again"),
        ("4000000000006975", "limit_exceeded"),
    ],
)
def test_a_declined_card_says_why_and_another_card_may_be_tried(
    payments: StripePayments, browser: Browser, number: str, reason: str
) -> None:
    log, intent, secret = begun(payments, f"case-{number}")
    error = browser.confirm(secret, number)["error"]
    assert error["type"] == "card_error"
    facts = payments.fetch(intent)
    assert (facts.status, facts.received, facts.declined) == ("requires_payment_method", 0, reason)
    assert [verdict.body["reason"] for verdict in log.hear(facts)] == [reason]
    assert browser.confirm(secret, "3566002020360505")["status"] == "succeeded"
    assert [verdict.kind for verdict in log.hear(payments.fetch(intent))] == ["paid"]


def test_a_decline_comes_by_webhook_too(payments: StripePayments, browser: Browser, inbox: Inbox) -> None:
    _, intent, secret = begun(payments, "case-declined")
    browser.confirm(secret, "4000000000009995")
    inbox.wait(intent, "payment_intent.payment_failed")
    body = next(body for body, _ in inbox.received if intent.encode() in body)
    assert json.loads(body)["data"]["object"]["last_payment_error"]["decline_code"] == "insufficient_funds"


@pytest.mark.parametrize("number", ["378282246310005", "36227206271667", "3566002020360505"])
def test_the_brands_that_the_ministry_takes(payments: StripePayments, browser: Browser, number: str) -> None:
    _, _, secret = begun(payments, f"case-{number}")
    assert browser.confirm(secret, number)["status"] == "succeeded"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"number": "4242424242424241"}, "incorrect_number"),
        ({"number": "4111111111111111"}, "card_declined"),
        ({"number": "4242424242424242", "exp_year": "20"}, "invalid_expiry_year"),
        ({"number": "4242424242424242", "exp_month": "13"}, "invalid_expiry_month"),
        ({"number": "4242424242424242", "cvc": "1"}, "invalid_cvc"),
    ],
)
def test_what_is_no_test_card_is_refused_and_goes_no_further(
    payments: StripePayments, browser: Browser, typed: dict[str, str], code: str
) -> None:
    _, intent, secret = begun(payments, "case-typed")
    assert browser.confirm(secret, **typed)["error"]["code"] == code
    assert payments.fetch(intent).status == "requires_payment_method"


def test_the_bank_asks_and_the_holder_confirms(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    log, intent, secret = begun(payments, "case-3ds")
    assert browser.confirm(secret, "4000002760003184")["status"] == "requires_action"
    assert payments.fetch(intent).status == "requires_action"
    inbox.wait(intent, "payment_intent.requires_action")
    assert browser.authenticate(secret, success=True)["status"] == "succeeded"
    assert [verdict.kind for verdict in log.hear(payments.fetch(intent))] == ["paid"]


def test_the_bank_asks_and_the_holder_fails_then_tries_again(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    log, intent, secret = begun(payments, "case-3ds-failed")
    browser.confirm(secret, "4000002500003155")
    browser.authenticate(secret, success=False)
    inbox.wait(intent, "payment_intent.payment_failed")
    facts = payments.fetch(intent)
    assert (facts.status, facts.declined) == ("requires_payment_method", "authentication_failed")
    assert [verdict.kind for verdict in log.hear(facts)] == ["payment_failed"]
    assert browser.confirm(secret, "4242424242424242")["status"] == "succeeded"


def test_the_bank_asks_and_then_declines(payments: StripePayments, browser: Browser) -> None:
    _, intent, secret = begun(payments, "case-3ds-declined")
    browser.confirm(secret, "4000008260003178")
    assert browser.authenticate(secret, success=True)["error"]["decline_code"] == "insufficient_funds"
    assert payments.fetch(intent).declined == "insufficient_funds"


def test_an_abandoned_payment_is_closed_and_cannot_be_paid(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    log, intent, secret = begun(payments, "case-abandoned")
    browser.confirm(secret, "4000002760003184")
    log.append("lapsed", reason="payment")
    facts = payments.cancel(intent)
    assert facts.status == "canceled"
    assert log.hear(facts) == ()
    inbox.wait(intent, "payment_intent.canceled")
    assert "error" in browser.confirm(secret, "4242424242424242")


def test_money_that_came_too_late_goes_back_once(
    payments: StripePayments, browser: Browser, inbox: Inbox
) -> None:
    log, intent, secret = begun(payments, "case-late")
    log.append("withdrawn")
    browser.confirm(secret, "4242424242424242")
    facts = payments.cancel(intent)
    [verdict] = log.hear(facts)
    assert (verdict.kind, verdict.body["reason"]) == ("refund_due", "late_withdrawn")
    key = refund_key("case-late", intent, log.payment)
    for _ in range(2):
        facts = payments.refund(intent, log.payment.owed_back[intent], key)
    assert facts.refunded == 15900
    assert [verdict.kind for verdict in judge(facts, log.payment)] == ["refunded"]
    assert inbox.wait(intent, "charge.refunded").case_id == "case-late"


def test_a_payment_is_resumed_with_the_same_secret(payments: StripePayments) -> None:
    _, intent, secret = begun(payments, "case-resumed")
    assert payments.client_secret(intent) == secret


def test_the_same_key_is_the_same_intent_and_another_call_under_it_is_refused(
    payments: StripePayments,
) -> None:
    first = payments.start("case-key", due(), "key-1")
    assert payments.start("case-key", due(), "key-1") == first
    assert payments.start("case-key", due(), "key-2") != first
    with pytest.raises(Refused) as refused:
        payments.start("case-key", due(100), "key-1")
    assert refused.value.code == "payment.key_reused"


def test_a_body_in_chunks_is_read_to_its_end(port: int) -> None:
    """As a proxy sends it; what were left of it would be taken for the next call."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": f"Bearer {SECRET_KEY}", "Transfer-Encoding": "chunked"}
    form = [b"amount=1900&", b"currency=jpy"]
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    said = []
    for method, body in (("POST", form), ("GET", []), ("POST", form), ("GET", [])):
        connection.request(method, "/v1/payment_intents", iter(body), headers, encode_chunked=True)
        answer = connection.getresponse()
        said.append((answer.status, json.load(answer)["object"]))
    assert said == [(200, "payment_intent"), (200, "list")] * 2
    connection.close()


@pytest.mark.parametrize(
    "said",
    [
        b"Transfer-Encoding: chunked\r\n\r\nmany\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"Content-Length: some\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
    ],
)
def test_a_length_that_is_none_is_answered_and_the_connection_closed(port: int, said: bytes) -> None:
    with create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /v1/payment_intents HTTP/1.1\r\nHost: localhost\r\n" + said)
        with connection.makefile("rb") as answer:
            assert answer.readline().split()[1] == b"400"
            assert answer.read().endswith(b"{}")


def test_what_does_not_exist_is_not_found(payments: StripePayments) -> None:
    with pytest.raises(NotFound):
        payments.fetch("pi_nothing")
    with pytest.raises(NotFound):
        payments.cancel("pi_nothing")


def test_a_gateway_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ryoji.adapters.stripe_payments.RETRIES", 0)
    away = StripePayments("sk_test_x", "http://127.0.0.1:9", lambda: datetime.now(UTC))
    with pytest.raises(Unavailable):
        away.start("case", due(), "key")


def signed(body: bytes, at: int | None = None, secret: str = WEBHOOK_SECRET) -> str:
    return signature(body, secret, int(time.time()) if at is None else at)


EVENT = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1790000000,
        "data": {"object": {"id": "pi_1", "object": "payment_intent", "metadata": {"case_id": "01J"}}},
    }
).encode()


def test_a_signed_webhook_says_where_to_look() -> None:
    event = verify_webhook(EVENT, signed(EVENT), WEBHOOK_SECRET)
    assert (event.event_id, event.payment_intent, event.case_id) == ("evt_1", "pi_1", "01J")


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (EVENT.replace(b"pi_1", b"pi_2"), signed(EVENT)),
        (EVENT, signed(EVENT, secret="whsec_other")),
        (EVENT, signed(EVENT, at=int(time.time()) - 301)),
        (EVENT, signed(EVENT).replace("v1=", "v0=")),
        (EVENT, "nonsense"),
        (EVENT, None),
    ],
)
def test_a_tampered_foreign_old_or_unsigned_webhook_is_refused(body: bytes, header: str | None) -> None:
    with pytest.raises(NotAllowed):
        verify_webhook(body, header, WEBHOOK_SECRET)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"id": "evt_1"}', b"null", b'{"id":"e","type":"t","created":1,"data":{}}']
)
def test_a_signed_body_that_is_no_event_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        verify_webhook(body, signed(body), WEBHOOK_SECRET)


def test_bytes_that_are_no_text_are_invalid() -> None:
    with pytest.raises(Invalid):
        verify_webhook(b"\xff", "t=1,v1=00", WEBHOOK_SECRET)
