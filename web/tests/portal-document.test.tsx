import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Unreachable } from "../src/shared/api.ts";
import type { CaseView } from "../src/shared/contract.ts";
import { Document } from "../src/portal/wizard/document.tsx";
import { keep } from "../src/portal/cases/store.ts";
import { buttonOf, caseWith, draw, press } from "./at-the-portal.tsx";

const server = { sequence: 1, upload: null as string | null, uploadFails: false, checkFails: false };
const procedure = { id: "visa", languages: [], sections: [], documents: [{ id: "portrait", title: "Photograph", supply: "upload", checks: ["portrait"], required: true }] };

function view(): CaseView {
  const status = server.upload ? "received" : "missing";
  return caseWith({ sequence: server.sequence, documents: [{ id: "portrait", title: "Photograph", supply: "upload", required: true, status, upload_id: server.upload, received_at: null, checks: ["portrait"], findings: [], original: null }] });
}

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => (path.startsWith("/procedures") ? procedure : path.endsWith("/picture") ? Promise.reject(new Unreachable("offline")) : view()),
    post: async () => {
      if (server.checkFails) throw new Unreachable("offline");
      server.sequence += 1;
      return { case: view() };
    },
  }),
}));
vi.mock("../src/portal/wizard/upload.ts", async (original) => ({
  ...(await original<typeof import("../src/portal/wizard/upload.ts")>()),
  upload: async () => {
    if (server.uploadFails) throw new Unreachable("offline");
    server.upload = `upload-${(server.sequence += 1)}`;
    return keep(view());
  },
}));

async function choose(place: Element): Promise<void> {
  const input = place.querySelector<HTMLInputElement>("#file");
  if (!input) throw new Error("no input");
  Object.defineProperty(input, "files", { configurable: true, value: [new File(["x"], "me.jpg", { type: "image/jpeg" })] });
  await act(() => void input.dispatchEvent(new Event("change", { bubbles: true })));
}

beforeEach(() => Object.assign(server, { sequence: server.sequence + 1, upload: null, uploadFails: false, checkFails: false }));

describe("a picture", () => {
  it("is still chosen when it could not be sent: pressing again sends it", async () => {
    server.uploadFails = true;
    const place = await draw(<Document id="1" document="portrait" />);
    await choose(place);
    await press(place, "Send and check");
    expect(place.querySelector("[role=alert]")?.textContent).toContain("offline");
    expect(place.textContent).toContain("me.jpg");
    server.uploadFails = false;
    await press(place, "Send and check");
    expect(server.upload).not.toBeNull();
    expect(place.querySelector("#file")).toBeNull();
  });

  it("is shown before it is sent, and not when the browser cannot draw it", async () => {
    const place = await draw(<Document id="1" document="portrait" />);
    await choose(place);
    const shown = () => place.querySelector("figure img");
    expect(shown()).not.toBeNull();
    await act(() => void shown()?.dispatchEvent(new Event("error")));
    expect(shown()).toBeNull();
    expect(buttonOf(place, "Send and check")).toBeTruthy();
    await choose(place);
    expect(shown()).not.toBeNull();
  });

  it("that was taken anew is there also when its check fails", async () => {
    server.upload = "first";
    const place = await draw(<Document id="1" document="portrait" />);
    await press(place, "Use another picture");
    await choose(place);
    server.checkFails = true;
    await press(place, "Send and check");
    expect(server.upload).not.toBe("first");
    expect(buttonOf(place, "Continue")).toBeTruthy();
  });

  it("has the focus moved to its result", async () => {
    const place = await draw(<Document id="1" document="portrait" />);
    await choose(place);
    await press(place, "Send and check");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Photograph");
    await press(place, "Use another picture");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Photograph");
  });
});
