import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../src/shared/api.ts";
import type { CaseView, FeeStatus } from "../src/shared/contract.ts";
import { Payment } from "../src/portal/cases/payment.tsx";
import { caseWith, draw, press, settle } from "./at-the-portal.tsx";

const server = { id: 0, sequence: 1, status: "due" as FeeStatus, failed: null as string | null, refusal: null as Problem | null, meanwhile: {}, begun: 0 };
const card = { confirm: vi.fn(), focus: () => undefined, unmount: () => undefined };

function view(): CaseView {
  const fee = { items: [], total: 3000, currency: "jpy", status: server.status, by: null, failed: server.failed };
  return caseWith({ case_id: String(server.id), status: "payment", sequence: server.sequence, fee, may: server.status === "due" ? ["pay"] : [] });
}

vi.mock("../src/portal/connection.ts", () => ({
  fetchSettings: async () => ({ stripe: { publishable_key: "pk", js_url: "/stripe.js" } }),
  api: async () => ({
    get: async (path: string) => (path.startsWith("/procedures") ? { id: "visa", languages: [], sections: [] } : view()),
    post: async () => {
      server.begun += 1;
      Object.assign(server, server.meanwhile);
      if (server.refusal) throw server.refusal;
      return { client_secret: "secret" };
    },
  }),
}));
vi.mock("../src/payment/index.ts", () => ({ mountCardPayment: async () => card }));

beforeEach(() => {
  Object.assign(server, { id: server.id + 1, sequence: 1, status: "due", failed: null, refusal: null, meanwhile: {}, begun: 0 });
  card.confirm.mockReset().mockResolvedValue({ status: "processing" });
});

const pay = async () => {
  const place = await draw(<Payment id={String(server.id)} />);
  await settle();
  await press(place, /^Pay/);
  return place;
};
const title = (place: Element) => place.querySelector("h1")?.textContent;

describe("a payment", () => {
  it("that fails while it is waited for brings the form back, and says why", async () => {
    const place = await pay();
    expect(title(place)).toBe("Confirming your payment");
    Object.assign(server, { failed: "There are not enough funds", sequence: 2 });
    await settle(2200);
    expect(title(place)).toBe("Pay the fee");
    expect(place.textContent).toContain("There are not enough funds");
    await vi.waitFor(() => expect(server.begun).toBe(2));
  });

  it("is waited for on, when the word that came is of the try before", async () => {
    card.confirm.mockResolvedValueOnce({ status: "failed", code: "insufficient_funds" });
    const place = await pay();
    await press(place, /^Pay/);
    Object.assign(server, { failed: "There are not enough funds", sequence: 2 });
    await settle(2200);
    expect(title(place)).toBe("Confirming your payment");
  });

  it("that was made in another tab is shown as made", async () => {
    server.refusal = new Problem(409, "already_paid", "Paid already", "", "", "", []);
    server.meanwhile = { status: "paid", sequence: 2 };
    const place = await draw(<Payment id={String(server.id)} />);
    await vi.waitFor(() => expect(title(place)).toBe("Payment complete"));
  });

  it("is told without a word of a visa: a travel authorization may cost something, too", async () => {
    server.status = "paid";
    const place = await draw(<Payment id={String(server.id)} />);
    expect(place.textContent).toContain("What you applied for will now be issued.");
    expect(place.textContent).not.toContain("Your visa");
  });

  it("that the server refuses is refused in the server's words", async () => {
    server.refusal = new Problem(409, "not_payable", "Not to be paid now", "The office looks at it again.", "", "", []);
    const place = await draw(<Payment id={String(server.id)} />);
    await vi.waitFor(() => expect(place.querySelector("[role=alert]")).not.toBeNull());
    expect(place.querySelector("[role=alert]")?.textContent).toContain("The office looks at it again.");
  });
});
