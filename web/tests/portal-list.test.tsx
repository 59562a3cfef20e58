import { afterEach, expect, it, vi } from "vitest";
import { CasePages } from "../src/portal/cases/list.tsx";
import * as connection from "../src/portal/connection.ts";
import type { CaseRow } from "../src/shared/contract.ts";
import { draw, leave, press } from "./at-the-portal.tsx";

const row = (case_id: string): CaseRow => ({
  case_id, procedure: "visa", title: "Visa", reference: null, status: "draft", status_text: "Draft", updated_at: "", next: { who: "applicant", action: "fill", text: "", by: null }, applicant: null, group: null, agency: null,
});

afterEach(() => {
  leave();
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
