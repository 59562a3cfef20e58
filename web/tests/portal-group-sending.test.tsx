import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GroupPage } from "../src/portal/agency/group.tsx";
import { Problem } from "../src/shared/api.ts";
import type { CaseDocument, CaseRow, CaseSection, CaseView, Finding } from "../src/shared/contract.ts";
import { language } from "../src/shared/language.ts";
import { changeLanguage } from "../src/shared/texts.ts";
import { buttonOf, caseWith, draw, leave, press, settle } from "./at-the-portal.tsx";

/** A group of three: WANG began it, LI and CHEN joined. */
const server = { cases: new Map<string, CaseView>(), calls: [] as string[], checks: true, sequence: 0 };
const NAMES = { first: ["WANG", "EB1"], second: ["LI", "EB2"], third: ["CHEN", "EB3"] } as const;

const portrait = (change: Partial<CaseDocument> = {}): CaseDocument => ({
  id: "portrait", title: "Photo", supply: "upload", required: true, status: "checked", upload_id: "u", received_at: "", checks: ["image", "portrait"], findings: [], original: null, ...change,
});
const reason = (code: string, outcome: "review" | "fail") => ({ code, outcome, text: `It is ${code}.`, mend: `Make it less ${code}.` });
const finding = (check: string, outcome: Finding["outcome"], ...reasons: Finding["reasons"]): Finding => ({ check, outcome, reasons, facts: {} });
const DARK = [finding("image", "review", reason("small", "review")), finding("portrait", "fail", reason("tilted", "review"), reason("dark", "fail"))];

/** Newer than whatever the page has seen of it. */
function opened(id: keyof typeof NAMES, change: Partial<CaseView> = {}): void {
  server.sequence += 100;
  const [surname, number] = NAMES[id];
  const sections: CaseSection[] = [
    { id: "traveller", title: "Traveller", status: "done", answers: { surname } },
    { id: "travel_document", title: "Passport", status: "done", answers: { number } },
  ];
  server.cases.set(id, caseWith({ case_id: id, agency: "sunrise", group: id === "first" ? null : "first", sections, documents: [portrait()], sequence: server.sequence, ...change }));
}

function rows(): CaseRow[] {
  return [...server.cases.values()].map(({ case_id, group }) => ({ case_id, group, procedure: "visa", updated_at: "2026-11-20T00:00:00+00:00", status: "draft", status_text: "Draft", applicant: NAMES[case_id as keyof typeof NAMES][0], agency: "sunrise", next: { who: "applicant", action: "fill", text: "", by: null } }) as CaseRow);
}

const accept = { accept: ["image/jpeg"], max_bytes: 1000 };
const VISA = {
  id: "visa", languages: [], together: ["group"],
  sections: [{ id: "travel_document", title: "Passport", schema: { type: "object", required: ["number"], properties: { number: { title: "Passport number" }, issue_date: { title: "Date of issue", format: "date" }, electronic: { title: "Is it electronic?", enum: ["no", "yes"], "x-ryoji": { enum_labels: { no: "No", yes: "Yes" } } } } } }],
  documents: [{ id: "portrait", title: "Photo", supply: "upload", required: true, checks: ["image", "portrait"], ...accept }, { id: "originals", title: "Originals", supply: "shown_at_visit", required: false, checks: [] }],
};

function read(path: string): unknown {
  if (path === "/agencies") return { agencies: [{ code: "sunrise", name: "Sunrise", email: null, procedures: ["visa"], quota: 20, left: 12, suspended: false }] };
  if (path === "/procedures/visa") return VISA;
  if (path === "/cases") return { cases: rows(), next: null };
  const [, , id = "", part] = path.split("/");
  const kase = server.cases.get(id);
  return part === "submission" ? { digest: `of ${id}` } : kase && { ...kase, status_text: language.value === "ja" ? "下書き" : kase.status_text };
}

function write(path: string): unknown {
  const [, , id = "", part] = path.split("/");
  const kase = server.cases.get(id);
  if (!kase) throw new Error(path);
  if (path.endsWith("/uploads")) return { upload_id: "u", url: "/quarantine", fields: {} };
  if (path.endsWith("/acceptance")) return now(kase, { documents: kase.documents.map((held) => ({ ...held, status: "received", findings: [] })) });
  if (part === "documents") return checked(kase, path.split("/").at(-1) ?? "");
  return now(kase, { status: "checking", reference: `RJ-${id}`, may: [] });
}

function now(kase: CaseView, change: Partial<CaseView>): CaseView {
  const after = { ...kase, sequence: kase.sequence + 1, ...change };
  server.cases.set(kase.case_id, after);
  return after;
}

function checked(kase: CaseView, check: string) {
  if (!server.checks) throw new Problem(503, "unavailable", "Not now", "The check cannot be made now.", "", "", []);
  const found = DARK.filter((each) => each.check === check);
  const after = now(kase, { documents: kase.documents.map((held) => ({ ...held, status: "attention", upload_id: "u", findings: [...held.findings, ...found] })) });
  return { finding: found[0], case: after };
}

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => read(path),
    post: async (path: string, body: { digest?: string }) => {
      server.calls.push(`${path} ${body.digest ?? ""}`.trim());
      return write(path);
    },
  }),
}));

/** Takes whatever is sent to it. */
class Sending {
  upload = {};
  status = 204;
  onload: () => void = () => undefined;
  open() {}
  send() {
    setTimeout(() => this.onload());
  }
}

beforeEach(() => {
  history.replaceState(null, "", "/en/agencies/sunrise/group?group=first");
  server.cases.clear();
  server.calls.length = 0;
  server.checks = true;
  vi.stubGlobal("XMLHttpRequest", Sending);
});

afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

async function page(): Promise<HTMLElement> {
  const place = await draw(<GroupPage code="sunrise" />);
  await settle();
  return place;
}

const line = (place: Element, name: string) => [...place.querySelectorAll("tbody tr")].find((row) => row.textContent?.includes(name))?.querySelector("td:last-child")?.textContent ?? "";
const sent = () => server.calls.filter((call) => call.includes("/submission"));

async function choose(place: Element, id: string, ...files: File[]): Promise<HTMLInputElement> {
  const input = place.querySelector<HTMLInputElement>(`#${id}`);
  if (!input) throw new Error(`no #${id}`);
  // As a browser has it: the name stays until it is taken away, and the same file again is no change until then.
  Object.defineProperty(input, "files", { value: files, configurable: true });
  Object.defineProperty(input, "value", { value: files[0]?.name, writable: true, configurable: true });
  await act(() => void input.dispatchEvent(new Event("change", { bubbles: true })));
  await settle();
  return input;
}

describe("sending what is complete", () => {
  beforeEach(() => {
    opened("second");
    opened("first");
    opened("third", { documents: [portrait({ status: "attention", findings: DARK })] });
  });

  it("shows first what is sent and what is declared, and sends nothing before that is confirmed", async () => {
    const place = await page();
    await press(place, "Send all complete applications");
    const dialog = place.querySelector("dialog");
    expect(sent()).toEqual([]);
    expect(dialog?.textContent).toContain("Applications to send: 3");
    expect(dialog?.textContent).toContain("A false statement can lead to refusal or revocation");
    expect(dialog?.textContent).toContain("with documents that may not be accepted: 1");
    expect([...(dialog?.querySelectorAll("a") ?? [])].map(({ textContent }) => textContent)).toEqual(["LI", "WANG", "CHEN", "Photo"]);
    await press(place, "Do not send yet");
    expect(sent()).toEqual([]);
    await press(place, "Send all complete applications");
    await press(place, "Confirm and send");
    // Who began the group goes first: relatives leave papers to them.
    expect(sent()[0]).toBe("/cases/first/submission of first");
    expect(sent().toSorted()).toEqual(["/cases/first/submission of first", "/cases/second/submission of second", "/cases/third/submission of third"]);
    expect(line(place, "LI")).toBe("RJ-second");
  });

  it("does not send what has been changed since it was shown", async () => {
    const place = await page();
    await press(place, "Send all complete applications");
    opened("second");
    await press(place, "Confirm and send");
    expect(sent().map((call) => call.split(" ")[0]).toSorted()).toEqual(["/cases/first/submission", "/cases/third/submission"]);
    expect(line(place, "LI")).toContain("This application was changed in another window");
  });
});

describe("pictures that are sent together", () => {
  beforeEach(() => opened("first", { documents: [portrait({ status: "missing", upload_id: null })] }));

  it("are checked, and an application is not called complete while one is found wanting", async () => {
    const place = await page();
    await choose(place, "pictures", new File(["x"], "EB1_portrait.jpg", { type: "image/jpeg" }));
    expect(server.calls.slice(2)).toEqual(["/cases/first/documents/portrait/checks/image", "/cases/first/documents/portrait/checks/portrait"]);
    expect(line(place, "WANG")).toBe("Photo: It is dark. Make it less dark.");
    expect(place.textContent).toContain("Complete applications: 1Of these, with documents that may not be accepted: 1");
  });

  it("are not sent where they cannot be used, and say when they were not checked", async () => {
    const place = await page();
    await choose(place, "pictures", new File(["x"], "EB1_portrait.pdf", { type: "application/pdf" }));
    expect([server.calls, line(place, "WANG")]).toEqual([[], "Photo: This kind of file cannot be used. Choose JPEGPhoto"]);
    server.checks = false;
    await choose(place, "pictures", new File(["x"], "EB1_portrait.jpg", { type: "image/jpeg" }));
    expect(line(place, "WANG")).toBe("Photo: The check cannot be made now.");
  });

  it("may be the same file again, once it is mended", async () => {
    const place = await page();
    const input = await choose(place, "pictures", new File(["x"], "EB1_portrait.jpg", { type: "image/jpeg" }));
    expect(input.value).toBe("");
    const list = await choose(place, "roster-file", new File(["passport\nEB9"], "list.csv", { type: "text/csv" }));
    expect([list.value, place.querySelector<HTMLTextAreaElement>("#roster")?.value]).toEqual(["", "passport\nEB9"]);
  });
});

describe("the group's page", () => {
  beforeEach(() => opened("first"));

  it("says how documents are called, and what each column takes", async () => {
    const place = await page();
    const details = [...place.querySelectorAll("details")];
    const names = details.find((each) => each.querySelector("summary")?.textContent === "Names of the documents");
    expect(names?.querySelector("ul")?.textContent).toBe("portrait Photo");
    const columns = details.find((each) => each.querySelector("summary")?.textContent === "The columns and what they may say");
    await act(() => {
      columns?.setAttribute("open", "");
      columns?.dispatchEvent(new Event("toggle"));
    });
    const said = [...(columns?.querySelectorAll("tbody tr") ?? [])].map(({ textContent }) => textContent);
    expect(said).toEqual(["travel_document.numberPassport number (required)Text ", "travel_document.issue_dateDate of issue Date 2027-01-31", "travel_document.electronicIs it electronic? no Noyes Yes"]);
    expect(place.querySelector("a[download]")?.getAttribute("download")).toBe("ryoji-visa.csv");
  });

  it("reads its applications again in another language", async () => {
    const place = await page();
    expect(line(place, "WANG")).toBe("Complete");
    expect(place.querySelector("tbody")?.textContent).toContain("Draft");
    await act(() => changeLanguage("ja"));
    await settle();
    expect(place.querySelector("tbody")?.textContent).toContain("下書き");
    expect(buttonOf(place, "そろった申請をすべて送る")).toBeTruthy();
  });
});
