import { beforeEach, expect, it, vi } from "vitest";

const loading = new Map<string, (() => void)[]>();
vi.mock("../src/shared/message-files.ts", () => ({
  isTranslated: () => true,
  loaderOf: (_name: string, code: string) => () => new Promise((resolve) => loading.set(code, [...(loading.get(code) ?? []), () => resolve({ default: {} })])),
}));

beforeEach(() => {
  vi.resetModules();
  loading.clear();
});

it("the language that was asked for last is the page's, however slowly the other one comes", async () => {
  const [{ changeLanguage }, { language }] = await Promise.all([import("../src/shared/texts.ts"), import("../src/shared/language.ts")]);
  const [slow, quick] = [changeLanguage("ar"), changeLanguage("en")];
  loading.get("en")?.forEach((come) => come());
  await quick;
  loading.get("ar")?.forEach((come) => come());
  await slow;
  expect(language.value).toBe("en");
});
