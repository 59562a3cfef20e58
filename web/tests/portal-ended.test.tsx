import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Account, grouped } from "../src/portal/cases/account.tsx";
import { Case } from "../src/portal/cases/case.tsx";
import * as connection from "../src/portal/connection.ts";
import { Status } from "../src/portal/pages/status.tsx";
import { toneOf } from "../src/portal/tone.ts";
import type { CaseRow, NextStep, Permission, StatusAnswer } from "../src/shared/contract.ts";
import { caseWith, draw, leave, press, type } from "./at-the-portal.tsx";

const OVER: NextStep = { who: "nobody", action: "none", text: "It has been revoked. You can no longer travel to Japan with it.", by: null };
const TRAVEL: NextStep = { who: "applicant", action: "travel", text: "Travel with the passport you applied with.", by: null };
const PERMISSION: Permission = { number: "V1", kind: "visa", status: "revoked", valid_from: "2026-12-01", valid_until: "2027-03-01", entries: "single", stay_days: 15 };

const row = (case_id: string, part: Partial<CaseRow>): CaseRow => ({
  case_id, procedure: "visa", title: "Visa", reference: null, status: "issued", status_text: "Issued", permission: "active", updated_at: "2026-11-27T00:00:00Z", next: TRAVEL, applicant: null, group: null, agency: null, ...part,
});
const REVOKED = row("revoked", { status_text: "Revoked", permission: "revoked", next: OVER, updated_at: "2026-11-28T00:00:00Z" });

function answering(answers: Record<string, unknown>): void {
  const ask = (path: string) => (path in answers ? Promise.resolve(answers[path]) : Promise.reject(new Error(path)));
  vi.spyOn(connection, "api").mockResolvedValue({ get: ask, post: ask } as never);
}

const tagOf = (place: Element) => place.querySelector(".ryoji-tag");

beforeEach(() => void vi.useRealTimers());
afterEach(() => {
  leave();
  vi.restoreAllMocks();
});

describe("a visa that was revoked", () => {
  it("waits for nobody in the list of one's applications, and is not green", async () => {
    expect(grouped([REVOKED, row("draft", { status: "draft", permission: null })]).map(([first]) => first?.case_id)).toEqual(["draft", "revoked"]);
    answering({ "/cases": { cases: [REVOKED], next: null } });
    const place = await draw(<Account />);
    await vi.waitFor(() => expect(tagOf(place)).toBeTruthy());
    expect(tagOf(place)?.textContent).toBe("Revoked");
    expect(tagOf(place)?.getAttribute("data-tone")).toBe("red");
    expect(place.textContent).toContain(OVER.text);
  });

  it("says on its own page that nobody travels with it", async () => {
    const kase = caseWith({ status: "issued", status_text: "Revoked", next: OVER, permission: PERMISSION });
    answering({ "/cases/1": kase, "/procedures/visa": { id: "visa", languages: [], sections: [], together: [], visit: {} } });
    const place = await draw(<Case id="1" />);
    expect([...place.querySelectorAll(".ryoji-tag")].map((tag) => tag.getAttribute("data-tone"))).toEqual(["red", "red"]);
    expect(place.textContent).toContain(OVER.text);
    expect(place.querySelector("#next")).toBeNull();
  });

  it("is told as such to who asks without an account", async () => {
    const answer: StatusAnswer = { reference: "RJ-7K3M-92QX", title: "Visa", status: "issued", status_text: "Revoked", permission: "revoked", next: OVER, updated_at: "2026-11-28T00:00:00Z" };
    answering({ "/status": answer });
    const place = await draw(<Status />);
    await type(place, "reference", "RJ-7K3M-92QX");
    await type(place, "birth_date", "2");
    await type(place, "birth_date-month", "1");
    await type(place, "birth_date-year", "1990");
    await press(place, "Check");
    await vi.waitFor(() => expect(tagOf(place)?.textContent).toBe("Revoked"));
    expect(tagOf(place)?.getAttribute("data-tone")).toBe("red");
  });
});

it("what was issued has the colour of how it stands, and everything else that of its status", () => {
  expect(toneOf("issued", "active")).toBe("green");
  expect(toneOf("issued", "used")).toBe("neutral");
  expect(toneOf("completed", null)).toBe("green");
  expect(toneOf("correction", null)).toBe("yellow");
});
