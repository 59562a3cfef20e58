import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseDocument, CaseRow, CaseView } from "../src/shared/contract.ts";
import { ownDrafts } from "../src/portal/cases/begin.tsx";
import { Case } from "../src/portal/cases/case.tsx";
import { Originals } from "../src/portal/cases/permission-card.tsx";
import { ReceiptPage } from "../src/portal/cases/receipt.tsx";
import { keep } from "../src/portal/cases/store.ts";
import { caseWith, draw, press } from "./at-the-portal.tsx";

const server = { id: 0, sequence: 1, status: "in_review" as CaseView["status"], looks: 0, answered: "" };
const identity = { read: true, signed: true, attributes: null, assurance: "signature_certificate" } as const;

function view(): CaseView {
  return caseWith({ case_id: String(server.id), title: "Passport", status: server.status, status_text: server.status, sequence: server.sequence, identity, may: server.status === "in_review" ? ["withdraw"] : [] });
}

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => {
      if (path.startsWith("/procedures")) return { id: "passport", languages: [], sections: [], together: [], visit: {} };
      if (path.endsWith("/receipt")) return { number: "R1", issued_on: "2026-11-23", items: [], total: 0, currency: "jpy", paid_at: "2026-11-23T15:30:00Z", reference: "RJ" };
      server.looks += 1;
      return view();
    },
    post: async () => {
      Object.assign(server, { status: "withdrawn", sequence: 2 });
      return view();
    },
  }),
}));

beforeEach(() => Object.assign(server, { id: server.id + 1, sequence: 1, status: "in_review", looks: 0 }));
afterEach(() => vi.useRealTimers());

describe("the page of a passport's application", () => {
  it("shows the application as it is when the person comes back to it", async () => {
    const place = await draw(<Case id={String(server.id)} />);
    const { looks } = server;
    await act(() => void dispatchEvent(new Event("focus")));
    expect(server.looks).toBe(looks);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    Object.assign(server, { status: "payment", sequence: 2 });
    await act(() => void dispatchEvent(new Event("focus")));
    await vi.waitFor(() => expect(place.textContent).toContain("payment"));
  });

  it("has the focus on its heading after the application was withdrawn", async () => {
    const place = await draw(<Case id={String(server.id)} />);
    await press(place, "Withdraw the application");
    await press(place, "Withdraw");
    await vi.waitFor(() => expect(document.activeElement).toBe(place.querySelector("h1")));
  });
});

it.each([
  [{ agency: "sunrise", group: null }, "/en/agencies/sunrise/group?group=1"],
  [{ agency: "sunrise", group: "9" }, "/en/agencies/sunrise/group?group=9"],
  [{ agency: null, group: "9" }, "/en/account"],
])("the way back from %o is to where it stands", async (whose, back) => {
  keep(caseWith({ case_id: "1", sequence: 1_000_000 + server.id, ...whose }));
  const place = await draw(<Case id="1" />);
  expect(place.querySelector(".ryoji-back a")?.getAttribute("href")).toBe(back);
});

it("says which originals are to be brought, and no longer of what is over", async () => {
  const paper = (id: string, original: CaseDocument["original"]): CaseDocument => ({ id, title: `Paper ${id}`, supply: "upload", required: true, status: "checked", upload_id: "u", received_at: null, checks: [], findings: [], original });
  const documents = [paper("1", "bring"), paper("2", "shown"), paper("3", null)];
  const place = await draw(<Originals kase={caseWith({ status: "in_review", documents })} />);
  expect([...place.querySelectorAll("li")].map(({ textContent }) => textContent)).toEqual(["Paper 1"]);
  expect((await draw(<Originals kase={caseWith({ status: "refused", documents })} />)).textContent).toBe("");
});

it("an agency's draft is not one's own", () => {
  const row = (case_id: string, agency: string | null) => ({ case_id, agency, procedure: "visa", status: "draft" }) as CaseRow;
  expect(ownDrafts([row("1", "sunrise"), row("2", null)], "visa").map(({ case_id }) => case_id)).toEqual(["2"]);
});

it("a receipt has the office's time", async () => {
  const place = await draw(<ReceiptPage id={String(server.id)} />);
  await vi.waitFor(() => expect(place.textContent).toContain("R1"));
  expect(place.textContent).toMatch(/24 November 2026|November 24, 2026/);
});
