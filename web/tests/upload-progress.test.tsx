import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { Document } from "../src/portal/wizard/document.tsx";
import { caseWith, draw, press, settle } from "./at-the-portal.tsx";

const held = { id: "portrait", title: "Photograph", supply: "upload", required: true, status: "missing", upload_id: null, received_at: null, checks: [], findings: [], original: null };
const view = () => caseWith({ sequence: 1, documents: [held] as never });
const procedure = { id: "visa", languages: [], sections: [], documents: [held] };

vi.mock("../src/portal/connection.ts", () => ({
  api: async () => ({
    get: async (path: string) => (path.startsWith("/procedures") ? procedure : view()),
    post: async (path: string) => (path.endsWith("/uploads") ? { upload_id: "u", url: "https://quarantine.example/", fields: { key: "k" } } : view()),
  }),
}));

/** A request that stays on its way until the test lets it come further. */
class Underway {
  static latest: Underway;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 204;
  onload?: () => void;
  sent: FormData | null = null;
  open = vi.fn();
  constructor() {
    Underway.latest = this;
  }
  send(form: FormData): void {
    this.sent = form;
  }
}

afterEach(() => vi.unstubAllGlobals());

it("shows how much of the picture has been sent", async () => {
  vi.stubGlobal("XMLHttpRequest", Underway);
  const place = await draw(<Document id="1" document="portrait" />);
  const input = place.querySelector<HTMLInputElement>("#file");
  if (!input) throw new Error("no input");
  Object.defineProperty(input, "files", { configurable: true, value: [new File(["x"], "me.jpg", { type: "image/jpeg" })] });
  await act(() => void input.dispatchEvent(new Event("change", { bubbles: true })));
  await press(place, "Send and check");
  await settle();
  expect(Underway.latest.open).toHaveBeenCalledWith("POST", "https://quarantine.example/");
  expect([...(Underway.latest.sent?.keys() ?? [])]).toEqual(["key", "file"]);
  const bar = () => place.querySelector("progress");
  for (const [loaded, said] of [[0, "Sending (0%)"], [730, "Sending (73%)"], [1000, "Sending (100%)"]] as const) {
    await act(() => Underway.latest.upload.onprogress?.({ loaded, total: 1000 }));
    expect([bar()?.value, bar()?.getAttribute("aria-label")]).toEqual([loaded / 1000, said]);
  }
  Underway.latest.onload?.();
  await settle();
  expect(bar()).toBeNull();
});
