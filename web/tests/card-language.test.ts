import { expect, it, vi } from "vitest";
import { mountCardPayment } from "../src/payment/card.ts";

const asked: unknown[] = [];
vi.mock("../src/payment/stripe.ts", () => ({
  loadStripe: async () => (key: string, options: unknown) => {
    asked.push(options);
    return { elements: (also: unknown) => (asked.push(also), { create: () => ({ mount: () => undefined, on: () => undefined }) }), key };
  },
}));

it.each([["zh-Hans", "zh"], ["ar", "ar"], ["ja", "ja"]])("asks Stripe for its own name of %s", async (language, locale) => {
  asked.length = 0;
  await mountCardPayment({} as HTMLElement, { publishableKey: "pk", clientSecret: "s", stripeJsUrl: "/stripe.js", language });
  expect(asked).toEqual([{ locale }, { locale }]);
});
