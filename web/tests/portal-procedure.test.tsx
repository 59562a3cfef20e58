import { beforeEach, describe, expect, it, vi } from "vitest";
import { Begin } from "../src/portal/cases/begin.tsx";
import { Procedure } from "../src/portal/pages/procedure.tsx";
import { draw, settle } from "./at-the-portal.tsx";

const visa = {
  id: "visa-tourism", family: "visa", title: "Tourist visa", summary: "", languages: ["en"], actors: [], together: [], agency_only: false, questions: [], sections: [], documents: [], fee_groups: [],
  fees: [{ label: "Single-entry visa", amount: 3000, currency: "jpy" }], what_you_need: [], stages: [], legal_basis: [], visit: { where: "none", who: null, text: null }, duration_working_days: 5, automatic: false,
};
const quote = { items: [{ label: "Single-entry visa", amount: 3000 }], exceptions: [] as { label: string; amount: number }[], total: 3000, currency: "jpy", as_of: "2026-11-23", source: "", notes: [] };
const server = { procedure: visa, quote, agencies: [] as { code: string; name: string }[] };

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => {
      if (path.startsWith("/procedures")) return server.procedure;
      if (path.startsWith("/offices")) return { offices: [{ code: "mission-india", name: "Embassy", kind: "mission", country: "IN", timezone: "Asia/Kolkata", address: null }] };
      if (path.startsWith("/fees")) return server.quote;
      return path === "/agencies" ? { agencies: server.agencies } : { cases: [] };
    },
  }),
}));

beforeEach(() => Object.assign(server, { procedure: visa, quote, agencies: [] }));

/** The page, once its description, its offices and its fee have come. */
async function shown(): Promise<HTMLElement> {
  const place = await draw(<Procedure procedure="visa-tourism" />);
  for (let step = 0; step < 3; step += 1) await settle();
  return place;
}

const hrefs = (place: Element) => [...place.querySelectorAll("a")].map((link) => link.getAttribute("href"));

describe("what only an agency may file", () => {
  it("has nothing to start, and leads the agency's staff to its page", async () => {
    server.procedure = { ...visa, agency_only: true };
    const place = await shown();
    expect(place.textContent).toContain("An accredited agency applies for you");
    expect(hrefs(place)).toContain("/en/account");
    expect(hrefs(place)).not.toContain("/en/visa-tourism/begin");
  });

  it("opens nothing at its own address either", async () => {
    Object.assign(server, { procedure: { ...visa, id: "visa-of-agencies", agency_only: true }, agencies: [{ code: "sunrise", name: "Sunrise" }] });
    const place = await draw(<Begin procedure="visa-of-agencies" />);
    expect(place.querySelector("button")).toBeNull();
    expect(hrefs(place)).toContain("/en/agencies/sunrise");
  });
});

describe("a visa's page", () => {
  it("starts, and tells whoever may need none", async () => {
    const place = await shown();
    expect(hrefs(place)).toContain("/en/visa-tourism/begin");
    expect(place.textContent).toContain("need no visa for a short stay");
  });

  it("says beside the fee whose is another", async () => {
    server.quote = { ...quote, exceptions: [{ label: "Single-entry visa, Indian nationals", amount: 832 }] };
    const place = await shown();
    const told = [...place.querySelectorAll("#fees ~ * dt")].map((label) => `${label.textContent}: ${label.nextElementSibling?.textContent}`);
    expect(told).toEqual(["Single-entry visa: ¥3,000", "Single-entry visa, Indian nationals: ¥832"]);
    expect(place.querySelector(".ryoji-fee__amount")).toBeNull();
  });

  it("has one sum where there is one", async () => {
    const place = await shown();
    expect(place.querySelector(".ryoji-fee__amount")?.textContent).toBe("¥3,000");
  });
});
