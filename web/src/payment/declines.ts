/**
 * Stripe's code → the reason that is shown (message key `problem.payment.<reason>`).
 * The same table stands in layers/ryoji/python/ryoji/payments/declines.py, and a test compares the two.
 * What is not listed is `card_declined`: Stripe asks that lost, stolen and fraudulent never be told apart on a screen.
 */
const REASONS: Readonly<Record<string, string>> = {
  authentication_required: "authentication_required",
  authentication_not_handled: "authentication_required",
  payment_intent_authentication_failure: "authentication_failed",
  card_not_supported: "card_not_supported",
  currency_not_supported: "card_not_supported",
  restricted_card: "card_not_supported",
  service_not_allowed: "card_not_supported",
  transaction_not_allowed: "card_not_supported",
  card_velocity_exceeded: "limit_exceeded",
  withdrawal_count_limit_exceeded: "limit_exceeded",
  expired_card: "expired_card",
  invalid_expiry_month: "invalid_expiry",
  invalid_expiry_year: "invalid_expiry",
  invalid_expiry_month_past: "invalid_expiry",
  invalid_expiry_year_past: "invalid_expiry",
  incomplete_expiry: "invalid_expiry",
  incorrect_cvc: "incorrect_cvc",
  invalid_cvc: "incorrect_cvc",
  incomplete_cvc: "incorrect_cvc",
  incorrect_number: "incorrect_number",
  invalid_number: "incorrect_number",
  incomplete_number: "incorrect_number",
  incorrect_zip: "incorrect_postcode",
  incomplete_zip: "incorrect_postcode",
  insufficient_funds: "insufficient_funds",
  issuer_not_available: "try_again",
  processing_error: "try_again",
  reenter_transaction: "try_again",
  try_again_later: "try_again",
  approve_with_id: "try_again",
  live_mode_test_card: "test_card",
  testmode_decline: "test_card",
  test_mode_live_card: "real_card",
};

export function reasonOf(declineCode: string | undefined, errorCode: string | undefined): string {
  return REASONS[declineCode ?? ""] ?? REASONS[errorCode ?? ""] ?? "card_declined";
}
