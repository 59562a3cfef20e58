/** Paying by card: Stripe's card field in a container of the page, and one call that confirms the payment. */

import { reasonOf } from "./declines.ts";
import { type BillingDetails, type Stripe, type StripeCard, type StripeError, loadStripe } from "./stripe.ts";

export interface CardPaymentOptions {
  publishableKey: string;
  clientSecret: string;
  /** From the site's settings: Stripe's own script, or the sandbox's stand-in. */
  stripeJsUrl: string;
  /** The page's language; one that Stripe does not speak becomes English. */
  language: string;
  billingDetails?: BillingDetails;
  /** Told whenever what was typed changes; `complete` says that nothing is missing. For hints only: never disable the button. */
  onChange?: (state: { complete: boolean; empty: boolean }) => void;
}

/**
 * `processing`: the outcome is not known yet (with `code: "unknown_outcome"` when the answer was lost on the way).
 * Then and after `succeeded`, ask the case: the webhook is the truth. Only `failed` may be tried again.
 * `code` is a message key: `problem.payment.<code>`.
 */
export interface CardPaymentResult {
  status: "succeeded" | "processing" | "requires_action" | "failed";
  code?: string;
}

export interface CardPayment {
  confirm(): Promise<CardPaymentResult>;
  focus(): void;
  unmount(): void;
}

/** Stripe's names of languages, where they are not those of the pages. */
const NAMED_BY_STRIPE: Record<string, string> = { "zh-Hans": "zh" };

/** Draw the card field. Rejects when Stripe's script cannot be loaded (`problem.payment.unavailable`). */
export async function mountCardPayment(container: HTMLElement, options: CardPaymentOptions): Promise<CardPayment> {
  const makeStripe = await loadStripe(options.stripeJsUrl);
  const locale = NAMED_BY_STRIPE[options.language] ?? options.language;
  const stripe = makeStripe(options.publishableKey, { locale });
  // Postcodes are asked for where banks check them; most of those who pay here have none that theirs would know.
  const card = stripe.elements({ locale }).create("card", { hidePostalCode: true, disableLink: true });
  if (options.onChange) card.on("change", options.onChange);
  card.mount(container);
  let underWay: Promise<CardPaymentResult> | undefined;
  return {
    confirm() {
      // A second press of the button is the same payment, not another one.
      underWay ??= confirm(stripe, card, options).finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    focus: () => card.focus(),
    unmount: () => card.destroy(),
  };
}

async function confirm(stripe: Stripe, card: StripeCard, options: CardPaymentOptions): Promise<CardPaymentResult> {
  const method = options.billingDetails ? { card, billing_details: options.billingDetails } : { card };
  const { paymentIntent, error } = await stripe.confirmCardPayment(options.clientSecret, { payment_method: method });
  if (error) return ofError(error);
  return ofStatus(paymentIntent?.status);
}

function ofStatus(status: string | undefined): CardPaymentResult {
  switch (status) {
    case "succeeded":
      return { status: "succeeded" };
    case "processing":
    case "requires_capture":
      return { status: "processing" };
    case "requires_action":
      return { status: "requires_action", code: "authentication_required" };
    case "canceled":
      return { status: "failed", code: "canceled" };
    default:
      return { status: "failed", code: "card_declined" };
  }
}

function ofError(error: StripeError): CardPaymentResult {
  // The card may have been charged and the answer lost: inviting to pay again here is how people pay twice.
  if (error.type === "api_connection_error" || error.type === "api_error") return { status: "processing", code: "unknown_outcome" };
  const before = error.payment_intent?.status;
  // Confirmed already, in another tab or by the press before: what it is now is the answer.
  if (error.code === "payment_intent_unexpected_state" && before) return ofStatus(before);
  return { status: "failed", code: reasonOf(error.decline_code, error.code) };
}
