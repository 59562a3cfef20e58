import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseView } from "../src/shared/contract.ts";
import { Appointment } from "../src/portal/cases/appointment.tsx";
import { caseWith, draw, press } from "./at-the-portal.tsx";

const server = { weeks: [] as { start: string; left: number }[][], asked: [] as string[], booked: [] as string[] };
const view = (): CaseView => caseWith({ status: "collection", may: ["book"] });

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => {
      if (path.startsWith("/procedures")) return { id: "visa", languages: [], sections: [] };
      if (!path.includes("/slots")) return view();
      const from = path.split("=")[1] ?? "";
      if (!server.asked.includes(from)) server.asked.push(from);
      return { office: { code: "tokyo", name: "Tokyo" }, slots: server.weeks[server.asked.indexOf(from)] ?? [] };
    },
    post: async (_path: string, { start }: { start: string }) => {
      server.booked.push(start);
      return view();
    },
  }),
}));

beforeEach(() => Object.assign(server, { weeks: [], asked: [], booked: [] }));

describe("a time", () => {
  it("of a week that is not shown any more is not booked", async () => {
    server.weeks = [[{ start: "2026-12-01T09:00+09:00", left: 1 }], [{ start: "2026-12-08T09:00+09:00", left: 1 }]];
    const place = await draw(<Appointment id="1" />);
    await vi.waitFor(() => expect(place.querySelector("#slot")).not.toBeNull());
    await act(() => place.querySelector<HTMLInputElement>("#slot")?.click());
    await press(place, "Later");
    await press(place, "Book this time");
    expect(server.booked).toEqual([]);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("Choose a time");
  });

  it("that is there no more leaves a full week, which says so, and is what the error leads to", async () => {
    server.weeks = [[{ start: "2026-12-01T09:00+09:00", left: 0 }]];
    const place = await draw(<Appointment id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("This week is full"));
    await press(place, "Book this time");
    expect(place.querySelector("[role=alert] a")?.getAttribute("href")).toBe("#slot");
    expect(place.querySelector("#slot")).not.toBeNull();
  });
});
