import { expect, it } from "vitest";
import { languageOfPath, pathInLanguage, preferredLanguage } from "../src/shared/language.ts";
import { isPermission, safeReturn } from "../src/portal/links.ts";

it.each([
  ["/ja/account", "/ja/account"],
  ["/ja/cases/1/sections/a?return=check", "/ja/cases/1/sections/a?return=check"],
  ["//evil.example", undefined],
  ["/\\evil.example", undefined],
  ["https://evil.example", undefined],
  ["javascript:alert(1)", undefined],
  ["", undefined],
])("one may be sent back to '%s': %s", (path, expected) => {
  expect(safeReturn(path)).toBe(expected);
});

it("knows the page that is shown at a gate", () => {
  expect(isPermission("/zh-Hans/cases/1/permission")).toBe(true);
  expect(["/en/cases/1", "/en/cases/1/permission/more", "/en/account"].some(isPermission)).toBe(false);
});

it("names the same page in another language", () => {
  expect(pathInLanguage("/ja/cases/1", "en")).toBe("/en/cases/1");
  expect(pathInLanguage("/ja/agencies/a/group?group=1", "en")).toBe("/en/agencies/a/group?group=1");
  expect(pathInLanguage("/", "en")).toBe("/en/");
  expect(languageOfPath("/xx/status")).toBeUndefined();
});

it("takes the first language that it speaks", () => {
  expect(preferredLanguage(["fr-FR", "en-US", "ja"])).toBe("en");
  expect(preferredLanguage(["fr"])).toBe("ja");
  expect(preferredLanguage(["", "not a tag!", "en-AU"])).toBe("en");
});
