"""The gateway's webhook: signed, late, twice and out of order. It only says where to look; the object is the truth."""

from __future__ import annotations

from typing import Any

from ryoji.adapters.settings import secret
from ryoji.adapters.stripe_payments import verify_webhook
from ryoji.cases import commands
from ryoji.doors.cases import by_system
from ryoji.doors.door import Call, Door
from ryoji.doors.payments import gateway

door = Door("receive_payment_events")


@door.route("POST", "/payments/webhook", "payment.notify", answer="Received")
def receive(call: Call) -> dict[str, Any]:
    """Check the signature, ask the gateway what is the case now, and record what is new."""
    event = verify_webhook(
        call.raw, call.headers.get("stripe-signature"), secret("STRIPE_SECRET")["webhook_secret"]
    )
    if not event.payment_intent:
        return {"received": True}
    facts = gateway().fetch(event.payment_intent)
    case_id = event.case_id or facts.case_id
    if not case_id:
        return {"received": True}
    by_system(
        case_id,
        lambda case: (
            commands.hear_of_payment(case, facts=facts, event=event.event_id) if case.sequence else []
        ),
        step="receive_payment_events",
    )
    return {"received": True}
