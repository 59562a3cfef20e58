import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../src/shared/api.ts";
import type { Answers } from "../src/shared/contract.ts";
import { refresh } from "../src/portal/cases/store.ts";
import { Section } from "../src/portal/wizard/section.tsx";
import { caseWith, draw, press, type } from "./at-the-portal.tsx";

const server = { id: 0, answers: {} as Answers, sequence: 1, saved: [] as Answers[] };
const procedure = { id: "visa", languages: [], documents: [], sections: [{ id: "trip", title: "Journey", schema: { type: "object", properties: { city: { title: "City" }, host: { title: "Host" } } } }] };

const view = () => caseWith({ case_id: String(server.id), sequence: server.sequence, sections: [{ id: "trip", title: "Journey", status: "done", answers: server.answers }] });
const client = {
  get: async (path: string) => (path.startsWith("/procedures") ? procedure : view()),
  put: async (_path: string, { answers, sequence }: { answers: Answers; sequence: number }) => {
    if (sequence !== server.sequence) throw new Problem(409, "conflict", "Conflict", "", "", "", []);
    elsewhere(answers);
    server.saved.push(answers);
    return view();
  },
};
vi.mock("../src/portal/connection.ts", () => ({ api: async () => client }));

/** Another device saves the section. */
function elsewhere(answers: Answers): void {
  server.answers = answers;
  server.sequence += 1;
}

beforeEach(() => {
  Object.assign(server, { id: server.id + 1, answers: { city: "Kyoto", host: "Sato" }, sequence: 1, saved: [] });
  sessionStorage.clear();
});

const section = () => draw(<Section id={String(server.id)} section="trip" />);

/** The tab hears what there is now, as it does on every page of the case. */
async function look(): Promise<void> {
  await act(async () => void (await refresh(String(server.id))));
}

const city = (place: Element) => place.querySelector<HTMLInputElement>("#city")?.value;

describe("a section that another device has saved in between", () => {
  it("is shown as it is saved, while nothing was typed", async () => {
    const place = await section();
    elsewhere({ city: "Nara", host: "Ito" });
    await look();
    expect(city(place)).toBe("Nara");
    await press(place, "Save and continue");
    expect(server.saved).toEqual([{ city: "Nara", host: "Ito" }]);
  });

  it("is not overwritten by what was typed on older answers, until the person says so", async () => {
    const place = await section();
    await type(place, "city", "Osaka");
    elsewhere({ city: "Nara", host: "Ito" });
    await look();
    expect(place.textContent).toContain("Changed elsewhere");
    await press(place, "Save and continue");
    expect(server.saved).toEqual([]);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("another window");
    await press(place, "Save and continue");
    expect(server.saved).toEqual([{ city: "Osaka", host: "Sato" }]);
  });

  it("is not overwritten after a reload either, and what is saved can be taken instead", async () => {
    await type(await section(), "city", "Osaka");
    elsewhere({ city: "Nara", host: "Ito" });
    const place = await section();
    await look();
    expect(city(place)).toBe("Osaka");
    await press(place, "Save and continue");
    expect(server.saved).toEqual([]);
    await press(place, "Use what is saved instead");
    expect(city(place)).toBe("Nara");
  });

  it("is saved at once where only something else was changed", async () => {
    const place = await section();
    await type(place, "city", "Osaka");
    server.sequence += 1;
    await press(place, "Save and continue");
    expect(server.saved).toEqual([{ city: "Osaka", host: "Sato" }]);
  });
});
