"""What stands between Ryoji and localstripe, and answers as Stripe would where localstripe does not.

It adds: idempotency keys; confirming with a card from the browser; the cards that Stripe declines, with their decline
codes; trying again after a decline; `amount_received`; and all events, which are sent again until they are taken
(localstripe sends some, each once, and nobody hears of one that was lost). It knows nothing of Ryoji.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from local.payments import cards
from local.payments.deliveries import Deliveries, Endpoint
from local.payments.replays import Replays
from local.payments.upstream import Answer, Localstripe

INTENT = "/v1/payment_intents"
_CONFIRM = re.compile(rf"^{INTENT}/(pi_\w+)/confirm$")
_AUTHENTICATE = re.compile(rf"^{INTENT}/(pi_\w+)/_authenticate$")
_CANCEL = re.compile(rf"^{INTENT}/(pi_\w+)/cancel$")
_ONE = re.compile(rf"^{INTENT}/pi_\w+(/\w+)?$")
# What became of an attempt to pay, by the status that it left.
_EVENT_OF = {
    "succeeded": "payment_intent.succeeded",
    "requires_action": "payment_intent.requires_action",
    "requires_payment_method": "payment_intent.payment_failed",
}


@dataclass(frozen=True)
class Call:
    """One HTTP call to the gateway; `path` without the query."""

    method: str
    path: str
    query: str
    body: bytes
    authorization: str
    content_type: str
    idempotency_key: str | None

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


class Gateway:
    """Answers calls, and tells the registered endpoints what came of them."""

    def __init__(self, localstripe: Localstripe, deliveries: Deliveries) -> None:
        self._localstripe = localstripe
        self._deliveries = deliveries
        # A card is charged in several calls to localstripe: a second one that comes between would charge it again.
        self._charging = threading.Lock()
        self._replays = Replays()
        self._declined: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> tuple[Answer, bool]:
        """The answer to a call, and whether it is an earlier one said again."""
        if call.path.startswith("/_config/webhooks/"):
            return self._register(call), False
        confirm = _CONFIRM.match(call.path)
        if confirm and call.form.get("key", "").startswith("pk_"):
            with self._charging:
                return self._confirm(confirm[1], call.form), False
        if call.method == "POST" and call.idempotency_key:
            return self._once(call, call.idempotency_key)
        return self._forward(call), False

    @property
    def healthy(self) -> bool:
        """Whether localstripe answers."""
        return self._localstripe.up

    def _once(self, call: Call, key: str) -> tuple[Answer, bool]:
        said = self._replays.once(key, call.path.encode() + b"\n" + call.body, lambda: self._forward(call))
        return said or (_error(400, type="idempotency_error", message="Key used for another call."), False)

    def _forward(self, call: Call) -> Answer:
        body = call.body
        if call.method == "POST" and call.path == INTENT:
            if "payment_method_types[0]" in call.form:
                return _error(400, code="payment_method_types_no_longer_supported")
            kept = [(name, value) for name, value in call.form.items() if not name.startswith("allowed_")]
            body = urlencode(kept).encode()
        path = f"{call.path}?{call.query}" if call.query else call.path
        headers = {"Authorization": call.authorization, "Content-Type": call.content_type}
        return self._after(call, self._localstripe.forward(call.method, path, body or None, headers))

    def _after(self, call: Call, answer: Answer) -> Answer:
        if answer.status < 300 and call.method == "POST":
            self._tell_of(call, answer.json)
        if answer.status == 402 and (asked := _AUTHENTICATE.match(call.path)):
            return self._card_error(asked[1])
        if answer.status < 300 and (call.path == INTENT or _ONE.match(call.path)) and "id" in answer.json:
            return _said(self._like_stripe(answer.json))
        return answer

    def _tell_of(self, call: Call, done: dict[str, Any]) -> None:
        """The events of a call that was answered well."""
        if call.path == "/v1/refunds":
            charge = self._localstripe.ask("GET", f"/v1/charges/{done['charge']}").json
            # A charge carries the metadata of its payment.
            metadata = self._intent(charge["payment_intent"]).get("metadata")
            self._send("charge.refunded", {**charge, "metadata": metadata})
        if _CANCEL.match(call.path):
            self._send("payment_intent.canceled", done)
        if _AUTHENTICATE.match(call.path) or _CONFIRM.match(call.path):
            self._tell_what_became(done)

    def _tell_what_became(self, intent: dict[str, Any]) -> None:
        """The event of an attempt to pay."""
        kind = _EVENT_OF.get(str(intent.get("status")))
        if kind:
            self._send(kind, intent)

    def _confirm(self, intent_id: str, form: dict[str, str]) -> Answer:
        """What Stripe's script in the browser does with a card, under the publishable key and the client secret."""
        intent = self._intent(intent_id)
        if not intent or intent["client_secret"] != form.get("client_secret"):
            return _error(404, code="resource_missing", message="No such payment_intent.")
        if intent["status"] not in {"requires_payment_method", "requires_confirmation"}:
            return _error(400, code="payment_intent_unexpected_state", payment_intent=intent)
        field = "payment_method_data[card][{}]".format
        typed = [form.get(field(name), "") for name in ("number", "exp_month", "exp_year", "cvc")]
        card = cards.read(typed[0], typed[1], typed[2], typed[3], datetime.now(UTC).date())
        if isinstance(card, dict):
            return _error(402, type="card_error", payment_intent=intent, **card)
        return self._charge(intent_id, card)

    def _charge(self, intent_id: str, card: cards.Card) -> Answer:
        like = {f"card[{name}]": value for name, value in cards.behaving_like(card).items()}
        method = self._localstripe.ask("POST", "/v1/payment_methods", {"type": "card", **like}).json
        # Without its failed charge an intent can be tried again; localstripe would refuse, Stripe does not.
        self._localstripe.tell(
            f"{INTENT}/{intent_id}", {"payment_method": method["id"], "latest_charge": None}
        )
        self._declined[intent_id] = {"code": card.error, "decline_code": card.decline} if card.error else {}
        answer = self._localstripe.ask("POST", f"{INTENT}/{intent_id}/confirm")
        if answer.status == 402:
            return self._card_error(intent_id)
        intent = self._intent(intent_id)
        self._tell_what_became(intent)
        return _said(intent)

    def _card_error(self, intent_id: str) -> Answer:
        intent = self._intent(intent_id)
        self._tell_what_became(intent)
        return _error(402, **(intent.get("last_payment_error") or {}), payment_intent=intent)

    def _intent(self, intent_id: str) -> dict[str, Any]:
        answer = self._localstripe.ask("GET", f"{INTENT}/{intent_id}")
        return self._like_stripe(answer.json) if answer.status == 200 else {}

    def _like_stripe(self, intent: dict[str, Any]) -> dict[str, Any]:
        received = intent["amount"] if intent["status"] == "succeeded" else 0
        error = intent.get("last_payment_error")
        if error:
            reasons = self._declined.get(intent["id"], {}) if "charge" in error else {}
            error = {"type": "card_error", **error, **reasons}
        return {**intent, "amount_received": received, "last_payment_error": error}

    def _register(self, call: Call) -> Answer:
        asked = json.loads(call.body)
        endpoint = Endpoint(asked["url"], asked["secret"], asked.get("events"))
        self._deliveries.register(call.path.rsplit("/", 1)[1], endpoint)
        return _said({})

    def _send(self, kind: str, about: dict[str, Any]) -> None:
        event = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "type": kind, "livemode": False}
        if about.get("object") == "payment_intent":
            about = self._like_stripe(about)
        self._deliveries.send({**event, "created": int(time.time()), "data": {"object": about}})


def _said(body: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(body).encode())


def _error(status: int, **what: Any) -> Answer:
    return Answer(status, json.dumps({"error": {"type": "invalid_request_error", **what}}).encode())
