import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeAll, describe, expect, it } from "vitest";
import { caseTexts } from "../src/portal/case-texts.ts";
import { factsFor } from "../src/portal/forms/conditions.ts";
import { answersToSend, faultsIn, fieldsOf, firstAnswers, isAsked, withTyped } from "../src/portal/forms/fields.ts";
import { SchemaField } from "../src/portal/forms/schema-field.tsx";
import { stepsOf } from "../src/portal/wizard/steps.ts";
import type { CaseView, Procedure, SectionDescription } from "../src/shared/contract.ts";
import { changeLanguage } from "../src/shared/texts.ts";

const RENEWAL: SectionDescription = {
  id: "renewal",
  title: "Renewal",
  schema: {
    type: "object",
    required: ["reason"],
    properties: {
      reason: { title: "Reason", type: "string", enum: ["pages_full", "other"], "x-ryoji": { widget: "radio", enum_labels: { pages_full: "Pages are full", other: "Other" } } },
      text: { title: "Why", type: "string", maxLength: 10, "x-ryoji": { widget: "textarea", when: { "===": [{ var: "answers.renewal.reason" }, "other"] } } },
    },
  },
};

const PERSON: SectionDescription = {
  id: "person",
  title: "Person",
  schema: {
    type: "object",
    required: ["family_name", "number", "birth_date", "sex"],
    properties: {
      family_name: { title: "Family name", "x-ryoji": { widget: "text", prefill_from: "card.name", part: "family", lang: "ja" } },
      kana: { title: "Kana", "x-ryoji": { widget: "text", fold: ["width", "katakana"] } },
      number: { title: "Number", maxLength: 9, "x-ryoji": { widget: "text", prefill_from: "mrz.number", fold: ["width", "upper"] } },
      birth_date: { title: "Birth date", format: "date", "x-ryoji": { widget: "date", prefill_from: "card.birth_date", or_from: "mrz.birth_date" } },
      sex: { title: "Sex", enum: ["female", "male"], "x-ryoji": { widget: "radio", prefill_from: "card.sex", or_from: "mrz.sex" } },
    },
  },
};

function caseWith(change: Partial<CaseView> = {}): CaseView {
  const passport = { id: "passport_page", title: "Page", supply: "upload", required: true, status: "checked", upload_id: "u", received_at: null, checks: ["image", "travel_document"] } as const;
  return {
    case_id: "1",
    status: "draft",
    sections: [
      { id: "renewal", title: "Renewal", status: "todo", answers: {} },
      { id: "person", title: "Person", status: "todo", answers: {} },
      { id: "guardian", title: "Guardian", status: "not_needed", answers: {} },
    ],
    documents: [
      { ...passport, id: "portrait", checks: ["portrait"], findings: [] },
      { ...passport, checks: [...passport.checks], findings: [{ check: "travel_document", outcome: "review", reasons: [], facts: { fields: { number: "TR1234567" } } }] },
    ],
    identity: { read: true, signed: false, attributes: { name: "山田　花子", birth_date: "1990-01-XX", sex: "F", address: "東京都" } },
    ...change,
  } as CaseView;
}

describe("fields", () => {
  it("are prefilled from the card and the passport's page, when what they say is whole", () => {
    const fields = fieldsOf(PERSON, caseWith());
    expect(firstAnswers(fields, {})).toEqual({ family_name: "山田", kana: null, number: "TR1234567", birth_date: null, sex: "female" });
  });

  it("take a representative's card for the representative only, and the passport's page for the child", () => {
    const child = caseWith();
    child.identity.holder = "legal_representative";
    child.documents[1]!.findings[0]!.facts.fields = { number: "MV9081726", birth_date: "2017-04-08", sex: "F" };
    const ofChild = firstAnswers(fieldsOf(PERSON, child), {});
    expect(ofChild).toEqual({ family_name: null, kana: null, number: "MV9081726", birth_date: "2017-04-08", sex: "female" });
    const guardian: SectionDescription = { id: "guardian", title: "Guardian", schema: { type: "object", properties: { family_name: { "x-ryoji": { prefill_from: "card.name", part: "family", whose: "legal_representative" } } } } };
    expect(firstAnswers(fieldsOf(guardian, child), {})["family_name"]).toBe("山田");
    expect(firstAnswers(fieldsOf(guardian, caseWith()), {})["family_name"]).toBeNull();
  });

  it("prefer what was saved", () => {
    const fields = fieldsOf(PERSON, caseWith());
    expect(firstAnswers(fields, { number: "TZ7654321" })["number"]).toBe("TZ7654321");
  });

  it("take nothing from a page that could not be read", () => {
    const failed = caseWith();
    failed.documents[1]!.findings[0]!.outcome = "fail";
    expect(firstAnswers(fieldsOf(PERSON, failed), {})["number"]).toBeNull();
  });

  it("are asked only when their condition holds, and then they are meant", () => {
    const fields = fieldsOf(RENEWAL, caseWith());
    const asked = (typed: Record<string, string>) => fields.filter((field) => isAsked(field, withTyped(factsFor({}, "2026-11-23"), "renewal", typed)));
    expect(asked({ reason: "pages_full" }).map(({ name }) => name)).toEqual(["reason"]);
    const both = asked({ reason: "other" });
    expect(both.map(({ name }) => name)).toEqual(["reason", "text"]);
    expect(faultsIn(both, { reason: "other", text: " " }).map(({ field, code }) => [field, code])).toEqual([["text", "required"]]);
    expect(faultsIn(both, { reason: "other", text: "12345678901" })[0]).toMatchObject({ code: "too_long", values: { max: 10 } });
  });

  it("are folded as the server folds them, and empty ones are left out", () => {
    const sent = answersToSend(fieldsOf(PERSON, caseWith()), { family_name: " 山田 ", kana: "やまだ", number: "ｔｒ１２３４５６７", birth_date: "", sex: null });
    expect(sent).toEqual({ family_name: "山田", kana: "ヤマダ", number: "TR1234567" });
  });

  it.each([
    ["1990-02-30", "not_a_date"],
    ["1990-1-", "not_a_date"],
    ["", "required"],
  ])("a birth date of '%s' is %s", (text, code) => {
    const fields = fieldsOf(PERSON, caseWith()).filter(({ name }) => name === "birth_date");
    expect(faultsIn(fields, { birth_date: text })[0]?.code).toBe(code);
  });
});

describe("steps", () => {
  const procedure = { id: "p", sections: [RENEWAL, PERSON], documents: [] } as unknown as Procedure;
  beforeAll(async () => {
    await caseTexts.load("ja");
  });

  it("begin with what nothing can fill in, then card and passport, then the rest, then other documents", () => {
    expect(stepsOf(caseWith(), procedure).map(({ id }) => id)).toEqual(["renewal", "identity", "passport_page", "person", "portrait"]);
  });
});

describe("a drawn field", () => {
  beforeAll(async () => {
    await caseTexts.load("en");
    await changeLanguage("en");
  });

  it("has a label, its error beside it, and says where its value comes from", async () => {
    const place = document.createElement("div");
    const field = fieldsOf(PERSON, caseWith()).find(({ name }) => name === "number")!;
    await act(() => render(<SchemaField field={field} value="TR1234567" onChange={() => undefined} error="Wrong" fresh offices={[]} />, place));
    const input = place.querySelector("input")!;
    expect(place.querySelector(`label[for="${input.id}"]`)?.textContent).toContain("Number");
    const described = input.getAttribute("aria-describedby")!.split(" ").map((id) => place.querySelector(`#${id}`)?.textContent);
    expect(described.join(" ")).toMatch(/Read from your passport.*Wrong/);
    expect(input.getAttribute("aria-invalid")).toBe("true");
  });

  it("draws a date as three inputs in the order of the language", async () => {
    const place = document.createElement("div");
    const field = fieldsOf(PERSON, caseWith()).find(({ name }) => name === "birth_date")!;
    let answer: unknown;
    await act(() => render(<SchemaField field={field} value="1990-01-02" onChange={(value) => (answer = value)} fresh={false} offices={[]} />, place));
    const inputs = [...place.querySelectorAll("input")];
    expect(inputs.map(({ value }) => value)).toEqual(["2", "1", "1990"]);
    expect(inputs[0]?.id).toBe("birth_date");
    await act(() => {
      inputs[0]!.value = "１３";
      inputs[0]!.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect(answer).toBe("1990-01-13");
  });
});
