import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { Account } from "../src/portal/cases/account.tsx";
import { CasePages } from "../src/portal/cases/list.tsx";
import * as connection from "../src/portal/connection.ts";
import type { CaseList, CaseRow } from "../src/shared/contract.ts";
import { draw, leave, press, settle } from "./at-the-portal.tsx";

const row = (case_id: string): CaseRow => ({
  case_id, procedure: "visa", title: "Visa", reference: null, status: "draft", status_text: "Draft", permission: null, updated_at: "2026-11-20T00:00:00+00:00", next: { who: "applicant", action: "fill", text: "", by: null }, applicant: null, group: null, agency: null,
});

afterEach(() => {
  leave();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("goes on where a page ends, shows a case once, and then offers no more", async () => {
  const get = vi.fn(() => Promise.resolve({ cases: [row("b"), row("c")], next: null }));
  vi.spyOn(connection, "api").mockResolvedValue({ get } as never);
  const page = (
    <CasePages first={{ cases: [row("a"), row("b")], next: "2026 b" }}>
      {(rows, more) => <><h1>List</h1><p id="shown">{rows.map((each) => each.case_id).join(" ")}</p>{more}</>}
    </CasePages>
  );
  const place = await draw(page);
  await press(place, /more/);
  expect(get).toHaveBeenCalledWith("/cases?cursor=2026%20b");
  expect(place.querySelector("#shown")?.textContent).toBe("a b c");
  expect(place.querySelector("button")).toBeNull();
});

/** Somebody comes back to the page, `later` in milliseconds. */
async function comesBack(later: number): Promise<void> {
  vi.setSystemTime(Date.now() + later);
  await act(() => void dispatchEvent(new Event("focus")));
  await settle();
}

it("is fetched again when somebody comes back to it; a look in vain, or one too many, leaves what is shown", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let list: CaseList | null = { cases: [row("a"), row("b")], next: "2" };
  const get = vi.fn((path: string) => {
    if (path === "/agencies") return Promise.resolve({ agencies: [] });
    if (path === "/cases?cursor=2") return Promise.resolve({ cases: [row("c")], next: null });
    return list ? Promise.resolve(list) : Promise.reject(new Error("no network"));
  });
  vi.spyOn(connection, "api").mockResolvedValue({ get } as never);
  const place = await draw(<Account />);
  await settle();
  const shown = () => [...place.querySelectorAll(".ryoji-case__head")].map(({ textContent }) => textContent);
  await press(place, /more/);
  expect(shown()).toEqual(["VisaDraft", "VisaDraft", "VisaDraft"]);
  list = { cases: [{ ...row("a"), status: "checking", status_text: "Being checked" }, row("b")], next: "2" };
  await comesBack(1000);
  expect(shown()).toEqual(["VisaDraft", "VisaDraft", "VisaDraft"]);
  await comesBack(11_000);
  expect(shown()).toEqual(["VisaBeing checked", "VisaDraft", "VisaDraft"]);
  list = null;
  await comesBack(11_000);
  expect(shown().length).toBe(3);
  list = { cases: [row("a")], next: null };
  await comesBack(11_000);
  expect(shown()).toEqual(["VisaDraft"]);
});
