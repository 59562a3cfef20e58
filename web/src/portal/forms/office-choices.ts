import type { Office } from "../../shared/contract.ts";
import { describe, language } from "../../shared/language.ts";

export interface LabelledChoice {
  value: string;
  label: string;
  group?: string;
}

/** Offices under the name of their country, as the page's language calls it. */
export function officeChoices(offices: Office[]): LabelledChoice[] {
  const countries = new Intl.DisplayNames(describe(language.value).locale, { type: "region" });
  return offices.map(({ code, name, country }) => ({ value: code, label: name, group: countries.of(country) ?? country }));
}
