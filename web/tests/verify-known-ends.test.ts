// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { dropOldEnds, keepEnd, knownEnd } from "../src/verify/known-ends.ts";

const CONTENT = { number: "EV26ABCD1234", name: "ERIKSSON  ANNA MARIA", passport_number: "L898902C3", valid_until: "2027-02-28" };
const NOW = new Date("2026-12-24T03:00:00Z");

beforeEach(() => localStorage.clear());

const everything = () => Object.entries({ ...localStorage }).join("\n");

it("keeps neither the number, nor the name, nor the passport's number", async () => {
  await keepEnd(CONTENT, "revoked", NOW);
  expect(await knownEnd(CONTENT)).toEqual({ permission: "revoked", told: NOW });
  expect(everything()).toContain("revoked");
  for (const secret of [CONTENT.number, "ERIKSSON", CONTENT.passport_number]) expect(everything()).not.toContain(secret);
});

it.each(["active", "not_checked", "asking"] as const)("%s is no end", async (permission) => {
  await keepEnd(CONTENT, permission, NOW);
  expect(await knownEnd(CONTENT)).toBeNull();
});

it("forgets a permission after its last day, and leaves what is not its own", async () => {
  localStorage.setItem("ryoji-language", "en");
  await keepEnd(CONTENT, "revoked", NOW);
  dropOldEnds(new Date("2027-02-28T23:00:00Z"));
  expect(await knownEnd(CONTENT)).not.toBeNull();
  dropOldEnds(new Date("2027-03-01T00:00:00Z"));
  expect(await knownEnd(CONTENT)).toBeNull();
  expect(localStorage.getItem("ryoji-language")).toBe("en");
});

it.each(["", "{", "null", "1", '{"permission":"nonsense","told":"2026-12-24T03:00:00Z"}', '{"permission":"revoked","told":"then"}'])("knows nothing from a damaged '%s'", async (damaged) => {
  await keepEnd(CONTENT, "revoked", NOW);
  const [place = ""] = Object.keys(localStorage);
  localStorage.setItem(place, damaged);
  expect(await knownEnd(CONTENT)).toBeNull();
  dropOldEnds(NOW);
});
