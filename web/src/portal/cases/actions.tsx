import type { ComponentChildren } from "preact";
import { LinkButton } from "../../shared/components/index.ts";
import type { CaseView } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";
import { links } from "../links.ts";

/** The one thing that the applicant can do now, as a button in the panel that says so. */
export function CaseActions({ kase }: { kase: CaseView }) {
  const id = kase.case_id;
  if (kase.may.includes("pay")) return <Row><LinkButton href={links.payment(id)}>{c("fee.pay")}</LinkButton></Row>;
  if (kase.may.includes("book")) {
    const changing = kase.appointment !== null;
    return <Row><LinkButton variant={changing ? "secondary" : "primary"} href={links.appointment(id)}>{changing ? c("appointment.change") : c(kase.interview ? "appointment.book_interview" : "appointment.book")}</LinkButton></Row>;
  }
  return null;
}

function Row({ children }: { children: ComponentChildren }) {
  return <div class="ryoji-button-row">{children}</div>;
}
