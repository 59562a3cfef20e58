import { describe, expect, it } from "vitest";
import type { Finding } from "../desk.ts";
import { boxOf, cropped, FRAME } from "./crop.ts";

const face = { left: 0.4, top: 0.2, width: 0.2, height: 0.3 };
const small = { left: 0.1, top: 0.3, width: 0.05, height: 0.1 };

function compared(document: string, at: string): Finding {
  return { check: "faces", outcome: "pass", document, at, reasons: [], facts: { boxes: { first: face, second: small } } };
}

describe("a face cut out of its picture", () => {
  it("lies in the middle of the frame whatever the picture's shape", () => {
    for (const natural of [{ width: 1000, height: 1200 }, { width: 2400, height: 900 }]) {
      const placed = cropped(face, natural);
      const height = ((placed.width * natural.height) / natural.width) * FRAME;
      expect(placed.left + (face.left + face.width / 2) * placed.width).toBeCloseTo(50);
      expect(placed.top + (face.top + face.height / 2) * height).toBeCloseTo(50);
      expect(height * face.height).toBeCloseTo(100 / 1.9);
    }
  });

  it("is of the portrait and of the picture that it was compared with", () => {
    const findings = [compared("counter_picture", "2026-11-23T12:00:00Z"), compared("portrait", "2026-11-20T12:00:00Z")];
    expect(boxOf(findings, { id: "portrait", received_at: "2026-11-20T11:00:00Z" })).toBe(face);
    expect(boxOf(findings, { id: "passport_page", received_at: "2026-11-20T11:00:00Z" })).toBe(small);
    expect(boxOf(findings, { id: "counter_picture", received_at: "2026-11-23T11:00:00Z" })).toBe(small);
    expect(boxOf(findings, { id: "signature", received_at: "2026-11-20T11:00:00Z" })).toBe(null);
  });

  it("is not looked for in a picture that came later", () => {
    expect(boxOf([compared("portrait", "2026-11-20T12:00:00Z")], { id: "portrait", received_at: "2026-11-21T12:00:00Z" })).toBe(null);
  });
});
