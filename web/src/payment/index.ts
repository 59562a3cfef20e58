export { type CardPayment, type CardPaymentOptions, type CardPaymentResult, mountCardPayment } from "./card.ts";
export { type BillingDetails, TRUSTED_TYPES_POLICY } from "./stripe.ts";
