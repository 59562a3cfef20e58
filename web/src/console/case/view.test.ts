import { describe, expect, it } from "vitest";
import { fitted, turned, zoomed } from "./view.ts";

describe("a picture in its room", () => {
  const natural = { width: 400, height: 200 };
  const room = { width: 200, height: 200 };

  it("fits, lying and standing", () => {
    expect(fitted(natural, room, 0, 1)).toEqual({ width: 200, height: 100, pictureWidth: 200 });
    expect(fitted(natural, room, 90, 1)).toEqual({ width: 100, height: 200, pictureWidth: 200 });
    expect(fitted(natural, room, 0, 2)).toEqual({ width: 400, height: 200, pictureWidth: 400 });
  });

  it("is nothing before it has loaded", () => {
    expect(fitted({ width: 0, height: 0 }, room, 0, 1).width).toBe(0);
  });

  it("zooms within its steps and turns round", () => {
    expect(zoomed(1, 1)).toBe(1.5);
    expect(zoomed(8, 1)).toBe(8);
    expect(zoomed(0.5, -1)).toBe(0.5);
    expect(turned(0, -90)).toBe(270);
    expect(turned(270, 90)).toBe(0);
  });
});
