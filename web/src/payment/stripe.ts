/** Stripe.js, as much of it as a card payment uses; and loading it when it is needed. */

export interface StripeIntent {
  status: string;
}

export interface StripeError {
  type?: string;
  code?: string;
  decline_code?: string;
  payment_intent?: StripeIntent;
}

export interface CardChange {
  complete: boolean;
  empty: boolean;
  error?: { code?: string } | undefined;
}

export interface StripeCard {
  mount(container: HTMLElement): void;
  unmount(): void;
  destroy(): void;
  focus(): void;
  on(event: "change", listener: (change: CardChange) => void): void;
}

export interface Stripe {
  elements(options?: { locale?: string }): {
    create(type: "card", options?: Record<string, unknown>): StripeCard;
  };
  confirmCardPayment(
    clientSecret: string,
    data: { payment_method: { card: StripeCard; billing_details?: BillingDetails } },
  ): Promise<{ paymentIntent?: StripeIntent; error?: StripeError }>;
}

/** What Stripe may pass on to the bank; none of it is needed, and none of it is kept by us. */
export interface BillingDetails {
  name?: string;
  email?: string;
  phone?: string;
  address?: { country?: string; postal_code?: string };
}

type MakeStripe = (publishableKey: string, options?: { locale?: string }) => Stripe;

interface ScriptURLPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  defaultPolicy: unknown;
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptURLPolicy;
}

declare global {
  interface Window {
    Stripe?: MakeStripe;
  }
}

const STRIPE = "https://js.stripe.com";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Names for the page's `trusted-types` directive; `default` is made only for Stripe's own script, which loads more of itself. */
export const TRUSTED_TYPES_POLICY = "ryoji-payment";

let loading: Promise<MakeStripe> | undefined;

/** Stripe's function, loading its script the first time. A failed load may be tried again. */
export function loadStripe(url: string): Promise<MakeStripe> {
  if (window.Stripe) return Promise.resolve(window.Stripe);
  loading ??= addScript(url).catch((problem: unknown) => {
    loading = undefined;
    throw problem;
  });
  return loading;
}

function addScript(url: string): Promise<MakeStripe> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    // A TrustedScriptURL in browsers that know it; the DOM types know strings only.
    script.src = trusted(new URL(url, document.baseURI).href);
    script.async = true;
    script.addEventListener("load", () => (window.Stripe ? resolve(window.Stripe) : reject(new Error("stripe_missing"))));
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error("stripe_unreachable"));
    });
    document.head.append(script);
  });
}

let policy: ScriptURLPolicy | undefined;

function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return allowed(url);
  if (new URL(url).origin === STRIPE && !trustedTypes.defaultPolicy) allowStripesOwn(trustedTypes);
  policy ??= trustedTypes.createPolicy(TRUSTED_TYPES_POLICY, { createScriptURL: allowed });
  return policy.createScriptURL(url);
}

/** Stripe's script adds further scripts of Stripe's with plain strings; nothing else gets through this policy. */
function allowStripesOwn(trustedTypes: TrustedTypes): void {
  trustedTypes.createPolicy("default", {
    createScriptURL: (url) => {
      if (new URL(url, document.baseURI).origin !== STRIPE) throw new TypeError("script_not_allowed");
      return url;
    },
  });
}

function allowed(url: string): string {
  const { origin, hostname } = new URL(url);
  if (origin !== STRIPE && origin !== location.origin && !LOOPBACK.has(hostname)) throw new TypeError("script_not_allowed");
  return url;
}
