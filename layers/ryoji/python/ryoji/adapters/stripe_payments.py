"""Stripe, and the only module that imports its library. Nothing personal goes there but what the payer types.

Importing `stripe` takes a second, so it is imported where it is first used, and the client is made once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ryoji.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from ryoji.payments.declines import reason_of
from ryoji.payments.due import PaymentDue, require_card
from ryoji.payments.facts import GatewayEvent, PaymentFacts

if TYPE_CHECKING:
    from stripe import StripeClient

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
RETRIES = 2
TOLERANCE_SECONDS = 300


class StripePayments:
    """The card gateway. `base_address` is Stripe's own unless a stand-in is named; `clock` gives UTC.

    Raises `Unavailable("payment.unavailable")` when the gateway does not answer or asks for patience: nothing has
    been lost then, and the same call with the same key may be made again.
    """

    def __init__(self, api_key: str, base_address: str | None, clock: Callable[[], datetime]) -> None:
        self._api_key = api_key
        self._base_address = base_address
        self._clock = clock

    @functools.cached_property
    def _client(self) -> StripeClient:
        import stripe

        return stripe.StripeClient(
            self._api_key,
            base_addresses={"api": self._base_address} if self._base_address else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)),
        )

    def start(self, case_id: str, due: PaymentDue, idempotency_key: str) -> tuple[str, str]:
        """Make the due's PaymentIntent: its id, and the secret with which the payer's browser confirms it.

        The case's log remembers the id, so this is not called for a due that has one (see `client_secret`); the
        key (`ryoji.payments.start_key`) makes good a crash between the two.
        """
        require_card(due)
        with _spoken():
            intent = self._client.v1.payment_intents.create(
                params={
                    "amount": due.total,
                    "currency": due.currency,
                    # `payment_method_types` is refused since API version 2026-09-30.
                    "allowed_payment_method_types": ["card"],
                    "metadata": {"case_id": case_id},
                },
                options={"idempotency_key": idempotency_key},
            )
        return intent.id, _secret(intent.client_secret)

    def client_secret(self, payment_intent: str) -> str:
        """The secret of an intent that exists: how a payer comes back to a payment that was begun. Never logged."""
        with _spoken():
            return _secret(self._client.v1.payment_intents.retrieve(payment_intent).client_secret)

    def fetch(self, payment_intent: str) -> PaymentFacts:
        """What is the case with an intent now, whatever any event said."""
        with _spoken():
            intent = self._client.v1.payment_intents.retrieve(
                payment_intent, params={"expand": ["latest_charge"]}
            ).to_dict()
            refunds = self._refunds(payment_intent) if intent["status"] == "succeeded" else []
        return _facts(intent, refunds, self._clock())

    def cancel(self, payment_intent: str) -> PaymentFacts:
        """Close an intent that is not to be paid any more. Too late, and the facts say that it was paid."""
        import stripe

        with _spoken():
            try:
                self._client.v1.payment_intents.cancel(payment_intent)
            except stripe.InvalidRequestError as refused:
                if refused.http_status == 404:
                    raise
                # It was paid or cancelled before: both are told by what it is now.
        return self.fetch(payment_intent)

    def refund(self, payment_intent: str, amount: int, idempotency_key: str) -> PaymentFacts:
        """Give money back; the key is `ryoji.payments.refund_key`, so that asking twice gives it back once."""
        with _spoken():
            self._client.v1.refunds.create(
                params={"payment_intent": payment_intent, "amount": amount},
                options={"idempotency_key": idempotency_key},
            )
        return self.fetch(payment_intent)

    def _refunds(self, payment_intent: str) -> list[dict[str, Any]]:
        page = self._client.v1.refunds.list(params={"payment_intent": payment_intent, "limit": 100})
        return [refund.to_dict() for refund in page.data]


def verify_webhook(
    payload: bytes, signature: str | None, secret: str, tolerance: int = TOLERANCE_SECONDS
) -> GatewayEvent:
    """What a webhook tells, once its signature and age hold; then `fetch` the object that it is about.

    Raises NotAllowed for a signature that does not hold and Invalid for a body that is no event.
    """
    import stripe

    try:
        return _event(stripe.Webhook.construct_event(payload, signature, secret, tolerance).to_dict())
    except stripe.SignatureVerificationError as refused:
        raise NotAllowed("payment.webhook_signature") from refused
    except (ValueError, KeyError, TypeError, AttributeError) as malformed:
        raise Invalid("payment.webhook_body") from malformed


def _event(event: dict[str, Any]) -> GatewayEvent:
    about = event["data"]["object"]
    is_intent = about.get("object") == "payment_intent"
    intent = about["id"] if is_intent else about.get("payment_intent")
    return GatewayEvent(
        event_id=event["id"],
        type=event["type"],
        at=datetime.fromtimestamp(event["created"], UTC),
        payment_intent=intent,
        case_id=(about.get("metadata") or {}).get("case_id"),
    )


def _facts(intent: dict[str, Any], refunds: list[dict[str, Any]], seen_at: datetime) -> PaymentFacts:
    charge = intent.get("latest_charge")
    # Not every stand-in counts what was received; Stripe always does.
    received = intent.get("amount_received", intent["amount"] if intent["status"] == "succeeded" else 0)
    return PaymentFacts(
        payment_intent=intent["id"],
        case_id=(intent.get("metadata") or {}).get("case_id"),
        status=intent["status"],
        amount=intent["amount"],
        received=received,
        currency=intent["currency"],
        refunded=sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded"),
        refund_failed=any(refund["status"] in {"failed", "canceled"} for refund in refunds),
        disputed=isinstance(charge, dict) and bool(charge.get("disputed")),
        declined=_declined(intent.get("last_payment_error")),
        seen_at=seen_at,
    )


def _declined(error: dict[str, Any] | None) -> str | None:
    return reason_of(error.get("decline_code"), error.get("code")) if error else None


def _secret(client_secret: str | None) -> str:
    if not client_secret:
        raise Unavailable("payment.unavailable")
    return client_secret


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn the library's errors into ours. Its messages stay out: they may name what the payer typed."""
    import stripe

    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as away:
        raise Unavailable("payment.unavailable") from away
    except (stripe.AuthenticationError, stripe.PermissionError) as locked_out:
        # Our key is wrong: for the payer that is an outage, and the cause stands in the log.
        raise Unavailable("payment.unavailable") from locked_out
    except stripe.IdempotencyError as reused:
        raise Refused("payment.key_reused") from reused
    except stripe.InvalidRequestError as refused:
        if refused.http_status == 404:
            raise NotFound("payment.not_found") from refused
        raise Refused("payment.refused") from refused
