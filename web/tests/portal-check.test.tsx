import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../src/shared/api.ts";
import type { CaseView } from "../src/shared/contract.ts";
import { Check } from "../src/portal/wizard/check.tsx";
import { caseWith, draw, press } from "./at-the-portal.tsx";

const server = { id: 0, sequence: 1, city: "Kyoto", silent: 0, refusal: null as Problem | null, sent: [] as string[] };
const procedure = {
  id: "visa",
  languages: [],
  documents: [{ id: "portrait", title: "Photograph" }],
  sections: [{ id: "trip", title: "Journey", schema: { type: "object", properties: { city: { title: "City" }, host: { title: "Host" } } } }],
};

function view(): CaseView {
  return caseWith({ case_id: String(server.id), sequence: server.sequence, sections: [{ id: "trip", title: "Journey", status: "done", answers: { city: server.city } }] });
}

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => {
      if (path.startsWith("/procedures")) return procedure;
      if (!path.endsWith("/submission")) return view();
      if (server.silent > 0) {
        server.silent -= 1;
        throw new Unreachable("offline");
      }
      return { digest: `digest of ${server.city}` };
    },
    post: async (_path: string, { digest }: { digest: string }) => {
      if (server.refusal) throw server.refusal;
      server.sent.push(digest);
      return view();
    },
  }),
}));

beforeEach(() => {
  Object.assign(server, { id: server.id + 1, sequence: 1, city: "Kyoto", silent: 0, refusal: null, sent: [] });
});

describe("what is confirmed", () => {
  it("is what was shown, also when its digest could not be had at first", async () => {
    server.silent = 1;
    const place = await draw(<Check id={String(server.id)} />);
    Object.assign(server, { sequence: 2, city: "Nara" });
    await press(place, "Confirm and send");
    expect(server.sent).toEqual([]);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("changed in another window");
    expect(place.textContent).toContain("Nara");
    await press(place, "Confirm and send");
    expect(server.sent).toEqual(["digest of Nara"]);
  });

  it("names each thing that is missing", async () => {
    const missing = (pointer: string) => ({ pointer, code: "required", detail: "Please fill this in." });
    server.refusal = new Problem(409, "incomplete", "Missing", "", "", "", [missing("/sections/trip/host"), missing("/sections/trip"), missing("/documents/portrait")]);
    const place = await draw(<Check id={String(server.id)} />);
    await press(place, "Confirm and send");
    const said = [...place.querySelectorAll("[role=alert] li")].map((each) => each.textContent);
    expect(said).toEqual(["Host: Please fill this in.", "Journey: Please fill this in.", "Photograph: Please fill this in."]);
  });
});
