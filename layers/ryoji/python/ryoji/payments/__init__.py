"""What is due and what became of it: pure functions over a case's actions. No gateway in here.

The case's log is the truth. `fold` reads the payment out of it, `judge` says what a gateway's word adds to it,
`receipt` is what the payer may keep.
"""

from ryoji.payments.due import FeeItem, PaymentDue, require_card
from ryoji.payments.facts import GatewayEvent, PaymentFacts
from ryoji.payments.judgement import Verdict, judge
from ryoji.payments.payment import Payment, fold, refund_key, start_key
from ryoji.payments.receipt import Receipt, receipt

__all__ = [
    "FeeItem",
    "GatewayEvent",
    "Payment",
    "PaymentDue",
    "PaymentFacts",
    "Receipt",
    "Verdict",
    "fold",
    "judge",
    "receipt",
    "refund_key",
    "require_card",
    "start_key",
]
