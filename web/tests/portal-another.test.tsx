import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { Another } from "../src/portal/cases/another.tsx";
import type { CaseView } from "../src/shared/contract.ts";
import { caseWith, draw, press } from "./at-the-portal.tsx";

const server = { opened: [] as unknown[], saved: [] as unknown[] };
const mission = { id: "mission", title: "Where you apply", status: "done" as const, answers: { office: "london", language: "en", humanitarian: "death", humanitarian_text: "My aunt." } };

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => (path.startsWith("/procedures") ? { id: "visa", languages: [], sections: [], documents: [], together: ["family"] } : caseWith({ sections: [mission] })),
    post: async (_path: string, body: unknown): Promise<CaseView> => {
      server.opened.push(body);
      return caseWith({ case_id: "2", group: "1", relation: "child" });
    },
    put: async (_path: string, { answers }: { answers: unknown }): Promise<CaseView> => {
      server.saved.push(answers);
      return caseWith({ case_id: "2", group: "1", relation: "child", sequence: 2 });
    },
  }),
}));

it("asks what the fellow traveller is to the first before an application is opened", async () => {
  const place = await draw(<Another id="1" />);
  await press(place, "Start the application");
  expect(server.opened).toEqual([]);
  expect(place.querySelector("[role=alert]")?.textContent).toContain("Choose what this person is to you");
  await act(() => place.querySelector<HTMLInputElement>("input[value=child]")?.click());
  await press(place, "Start the application");
  expect(server.opened).toEqual([{ procedure: "visa", language: "en", group: "1", relation: "child" }]);
  // The mission is the same; a humanitarian reason, which lifts the wait after a refusal, is each one's own.
  expect(server.saved).toEqual([{ office: "london", language: "en", humanitarian: "none", humanitarian_text: null }]);
});
