import type { CaseDocument, CaseSection, CaseView, Procedure } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";
import { canBePrefilled } from "../forms/prefill.ts";
import { links } from "../links.ts";

export interface Step {
  kind: "section" | "identity" | "document";
  id: string;
  title: string;
  href: string;
  state: "done" | "todo" | "mend" | "attention";
}

/**
 * The pages of the form in their order. Sections that nothing can fill in come first (they decide whether one may go
 * on), then the card and the passport's page, because these fill in most of what follows; other documents come last.
 */
export function stepsOf(kase: CaseView, procedure: Procedure): Step[] {
  const sections = kase.sections.filter((section) => section.status !== "not_needed");
  const schemas = new Map(procedure.sections.map(({ id, schema }) => [id, schema]));
  const firstHelped = sections.findIndex(({ id }) => canBePrefilled(schemas.get(id)?.properties ?? {}));
  const split = firstHelped === -1 ? sections.length : firstHelped;
  const uploads = kase.documents.filter((document) => document.supply === "upload");
  const helpful = uploads.filter((document) => document.checks.includes("travel_document"));
  const others = uploads.filter((document) => !document.checks.includes("travel_document"));
  return [
    ...sections.slice(0, split).map((section) => sectionStep(kase, section)),
    ...(kase.identity.assurance === "account" ? [] : [identityStep(kase)]),
    ...helpful.map((document) => documentStep(kase, document)),
    ...sections.slice(split).map((section) => sectionStep(kase, section)),
    ...others.map((document) => documentStep(kase, document)),
  ];
}

function sectionStep(kase: CaseView, { id, title, status }: CaseSection): Step {
  const state = status === "not_needed" ? "todo" : status;
  return { kind: "section", id, title, href: links.section(kase.case_id, id), state };
}

function identityStep(kase: CaseView): Step {
  return { kind: "identity", id: "identity", title: c("identity.title"), href: links.identity(kase.case_id), state: kase.identity.read ? "done" : "todo" };
}

function documentStep(kase: CaseView, { id, title, status }: CaseDocument): Step {
  const states = { missing: "todo", received: "done", checked: "done", attention: "attention", mend: "mend" } as const;
  return { kind: "document", id, title, href: links.document(kase.case_id, id), state: states[status] };
}

export interface Place {
  step: Step;
  before: Step | undefined;
  after: Step | undefined;
}

export function placeOf(steps: Step[], kind: Step["kind"], id: string): Place | undefined {
  const index = steps.findIndex((step) => step.kind === kind && step.id === id);
  const step = steps[index];
  if (!step) return undefined;
  return { step, before: steps[index - 1], after: steps[index + 1] };
}

/**
 * Where "save and continue" leads: back to where a change link was, else to the next page, at last to the answers. In
 * what was sent no next page is open; with the last correction the case is on its way again.
 */
export function onward(kase: CaseView, place: Place, returnTo: string | undefined): string {
  if (returnTo === "case" || kase.status !== "draft") return links.case(kase.case_id);
  if (returnTo === "check") return links.check(kase.case_id);
  return place.after?.href ?? links.check(kase.case_id);
}

export function backward(kase: CaseView, place: Place, returnTo: string | undefined): string {
  if (returnTo === "check") return links.check(kase.case_id);
  if (returnTo === "case" || kase.status === "correction") return links.case(kase.case_id);
  return place.before?.href ?? links.case(kase.case_id);
}

/** The first page that still waits; undefined when all is done. */
export function firstOpen(steps: Step[], kase: CaseView): Step | undefined {
  const optional = new Set(kase.documents.filter((document) => !document.required).map((document) => document.id));
  return steps.find((step) => (step.state === "todo" && step.kind !== "identity" && !optional.has(step.id)) || step.state === "mend");
}
