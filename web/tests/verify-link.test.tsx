import { expect, it, vi } from "vitest";
import { Start } from "../src/portal/pages/start.tsx";
import { draw } from "./at-the-portal.tsx";

vi.mock("../src/portal/connection.ts", () => ({ api: async () => ({ get: async () => ({ procedures: [] }) }) }));

it("whoever comes to the portal's first page to check a visa finds where", async () => {
  const place = await draw(<Start />);
  const link = [...place.querySelectorAll("a")].find((each) => each.textContent === "Check an e-visa or travel authorization");
  expect(link?.getAttribute("href")).toBe("/en/verify");
});
