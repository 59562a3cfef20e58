"""Why a card was not charged, in words that help the payer and tell a thief nothing."""

from __future__ import annotations

# The gateway's decline code -> ours (message key `problem.payment.<code>`). The same table stands in
# web/src/payment/declines.ts, and a test compares the two. What is not listed is `card_declined`: lost, stolen,
# fraudulent and blocked cards among them, because Stripe asks that these never be shown to the person paying.
REASONS: dict[str, str] = {
    "authentication_required": "authentication_required",
    "authentication_not_handled": "authentication_required",
    "payment_intent_authentication_failure": "authentication_failed",
    "card_not_supported": "card_not_supported",
    "currency_not_supported": "card_not_supported",
    "restricted_card": "card_not_supported",
    "service_not_allowed": "card_not_supported",
    "transaction_not_allowed": "card_not_supported",
    "card_velocity_exceeded": "limit_exceeded",
    "withdrawal_count_limit_exceeded": "limit_exceeded",
    "expired_card": "expired_card",
    "invalid_expiry_month": "invalid_expiry",
    "invalid_expiry_year": "invalid_expiry",
    "invalid_expiry_month_past": "invalid_expiry",
    "invalid_expiry_year_past": "invalid_expiry",
    "incomplete_expiry": "invalid_expiry",
    "incorrect_cvc": "incorrect_cvc",
    "invalid_cvc": "incorrect_cvc",
    "incomplete_cvc": "incorrect_cvc",
    "incorrect_number": "incorrect_number",
    "invalid_number": "incorrect_number",
    "incomplete_number": "incorrect_number",
    "incorrect_zip": "incorrect_postcode",
    "incomplete_zip": "incorrect_postcode",
    "insufficient_funds": "insufficient_funds",
    "issuer_not_available": "try_again",
    "processing_error": "try_again",
    "reenter_transaction": "try_again",
    "try_again_later": "try_again",
    "approve_with_id": "try_again",
    "live_mode_test_card": "test_card",
    "testmode_decline": "test_card",
    "test_mode_live_card": "real_card",
}
ANY_OTHER = "card_declined"


def reason_of(decline_code: str | None, error_code: str | None) -> str:
    """Our reason for what the gateway said: its decline code when it has one that we know, else its error code."""
    return REASONS.get(decline_code or "") or REASONS.get(error_code or "") or ANY_OTHER
