import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../src/shared/api.ts";
import { AgencyPage } from "../src/portal/agency/agency.tsx";
import { GroupPage } from "../src/portal/agency/group.tsx";
import { Companions } from "../src/portal/cases/companions.tsx";
import type { CaseRow, CaseView } from "../src/shared/contract.ts";
import { endSession, forgetSession } from "../src/portal/session/session.ts";
import { caseWith, draw, leave, press, settle, type } from "./at-the-portal.tsx";

/** An agency with more cases than a page has: those of the group stand on the second. */
const server = { posted: [] as unknown[], email: "visas@sunrise.example" as string | null, refuses: "" };

const NAMES: Record<string, string> = { old: "LI", wife: "WANG" };

function caseOf(id: string): CaseView {
  const sections = [{ id: "traveller", title: "Traveller", status: "done" as const, answers: { surname: NAMES[id] ?? "", given_names: "NA" } }];
  return caseWith({ case_id: id, opened_at: "2026-11-01T00:00:00+00:00", agency: "sunrise", group: id === "old" ? null : "old", relation: id === "wife" ? "spouse" : null, sections, may: ["submit"] });
}

function row(case_id: string, day: string, group: string | null = null): CaseRow {
  return { case_id, procedure: "visa", updated_at: `2026-11-${day}T00:00:00+00:00`, status: "draft", status_text: "Draft", applicant: NAMES[case_id] ?? "CHEN", group, agency: "sunrise", next: { who: "applicant", action: "fill", text: "", by: null } } as CaseRow;
}

const PAGES: Record<string, unknown> = {
  "/agencies": { agencies: [{ code: "sunrise", name: "Sunrise", procedures: ["visa"], quota: 20, left: 12, suspended: false }] },
  "/procedures/visa": { id: "visa", languages: [], sections: [{ id: "travel_document", title: "Passport", schema: { type: "object", properties: { number: {} } } }], documents: [], together: ["family", "group"] },
  "/cases": { cases: [row("x", "20"), row("y", "19")], next: "2" },
  "/cases?cursor=2": { cases: [row("old", "03"), row("wife", "02", "old")], next: "3" },
  "/cases?cursor=3": { cases: [row("long-ago", "01")], next: null },
};

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => {
      if (path === "/agencies") return { agencies: (PAGES[path] as { agencies: object[] }).agencies.map((each) => ({ ...each, email: server.email })) };
      return PAGES[path] ?? caseOf(path.replace("/cases/", ""));
    },
    post: async (_path: string, body: unknown) => {
      server.posted.push(body);
      return caseOf("wife");
    },
    put: async (_path: string, body: unknown) => {
      if (server.refuses && JSON.stringify(body).includes(server.refuses)) throw new Problem(422, "validation_failed", "Not so", "", "", "", []);
      return caseOf("wife");
    },
  }),
}));

beforeEach(() => {
  history.replaceState(null, "", "/en/agencies/sunrise/group?group=old");
  server.posted = [];
  server.email = "visas@sunrise.example";
});

afterEach(leave);

it("an older group opens with its travellers, and can be sent", async () => {
  const place = await draw(<GroupPage code="sunrise" />);
  await settle();
  expect([...place.querySelectorAll("tbody a")].map(({ textContent }) => textContent)).toEqual(["LI NA", "WANG NA"]);
  expect(place.querySelector("tbody")?.textContent).toContain("Applies as: Husband or wife");
  expect(place.textContent).toContain("Complete applications: 2");
});

it("a new group begins with who is nobody's relative", async () => {
  history.replaceState(null, "", "/en/agencies/sunrise/group");
  const place = await draw(<GroupPage code="sunrise" />);
  expect(place.textContent).toContain("add the column “relation”");
  const list = place.querySelector<HTMLTextAreaElement>("#roster");
  if (!list) throw new Error("no list");
  list.value = "passport,relation\nEB1,spouse";
  list.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  await press(place, "Open the applications");
  expect(place.querySelector("#roster-error")?.textContent).toContain("Line 2: leave the relation of the first traveller empty");
  expect(server.posted).toEqual([]);
});

describe("a list that is not filed yet", () => {
  const LIST = "passport,relation\nEB1,\nEB2,spouse";
  const GROUP = "/en/agencies/sunrise/group";
  const at = async (address: string) => {
    history.replaceState(null, "", address);
    return draw(<GroupPage code="sunrise" />);
  };
  const listIn = (place: Element) => place.querySelector<HTMLTextAreaElement>("#roster")?.value;
  const written = async (address: string) => type(await at(address), "roster", LIST);

  afterEach(forgetSession);

  it("is there again after a session that ended unasked, on its own group's page only", async () => {
    await written(GROUP);
    endSession();
    expect(listIn(await at(`${GROUP}?group=old`))).toBe("");
    expect(listIn(await at(GROUP))).toBe(LIST);
  });

  it("goes with who signs out", async () => {
    await written(GROUP);
    forgetSession();
    expect(listIn(await at(GROUP))).toBe("");
  });

  it("goes when every line is filed, and with the first one from the page of a new group", async () => {
    const place = await at(GROUP);
    await type(place, "roster", LIST);
    server.refuses = "EB2";
    await press(place, "Open the applications");
    await settle();
    expect(listIn(await at(GROUP))).toBe("");
    const begun = await at(`${GROUP}?group=wife`);
    expect(listIn(begun)).toBe(LIST);
    server.refuses = "";
    await press(begun, "Open the applications");
    await settle();
    expect(listIn(await at(`${GROUP}?group=wife`))).toBe("");
  });
});

it("who travels along is found on whichever page they stand", async () => {
  const place = await draw(<><h1>Case</h1><Companions kase={caseOf("old")} /></>);
  await settle();
  expect([...place.querySelectorAll("#companions ~ ul a")].map(({ textContent }) => textContent)).toEqual(["WANG"]);
});

it.each([
  ["visas@sunrise.example", "visas@sunrise.example"],
  [null, "No address yet. Ask the mission that accredited you."],
])("the agency reads where it is written to: %s", async (email, shown) => {
  server.email = email;
  const place = await draw(<AgencyPage code="sunrise" />);
  expect(place.querySelector("dl")?.textContent).toContain(shown);
});

it("a group is named in its own direction, whatever the page's", async () => {
  const place = await draw(<AgencyPage code="sunrise" />);
  const group = [...place.querySelectorAll(".ryoji-case__title a")].find((each) => each.textContent?.startsWith("CHEN"));
  expect([group?.querySelector("bdi")?.textContent, group?.textContent]).toEqual(["CHEN", "CHEN (group of 1)"]);
});
