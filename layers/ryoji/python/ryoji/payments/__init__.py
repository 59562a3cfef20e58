"""What is due, what became of it, and the books: pure functions over a case's actions. No gateway in here.

The case's log is the truth. `fold` reads the payment out of it, `judge` says what a gateway's word adds to it,
`entries` keeps the ledger, `receipt` is what the payer may keep.
"""

from ryoji.payments.due import FeeItem, PaymentDue, payment_due, require_card
from ryoji.payments.facts import GatewayEvent, PaymentFacts
from ryoji.payments.judgement import Verdict, judge, standing
from ryoji.payments.ledger import Entry, balances, entries
from ryoji.payments.payment import Payment, fold, refund_key, start_key
from ryoji.payments.receipt import Receipt, receipt

__all__ = [
    "Entry",
    "FeeItem",
    "GatewayEvent",
    "Payment",
    "PaymentDue",
    "PaymentFacts",
    "Receipt",
    "Verdict",
    "balances",
    "entries",
    "fold",
    "judge",
    "payment_due",
    "receipt",
    "refund_key",
    "require_card",
    "standing",
    "start_key",
]
