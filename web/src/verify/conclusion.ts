import { formatMoment } from "../shared/format.ts";
import type { Result } from "./check.ts";
import { isEnd } from "./online.ts";
import { v } from "./texts.ts";

export interface Conclusion {
  kind: "success" | "information" | "warning" | "error";
  title: string;
  text: string;
}

/** What all of it comes to, in one sentence and with what to do: the worst that is known goes first. */
export function conclusion({ verdict, online }: Result): Conclusion {
  const told = (kind: Conclusion["kind"], key: "future" | "past" | "foreign" | "unsure" | "asking"): Conclusion => ({ kind, title: v(`verify.conclusion.${key}.title`), text: v(`verify.conclusion.${key}.text`) });
  if (verdict.status !== "VALID") return { kind: "error", title: v(`verify.status.${verdict.status}.title`), text: v(`verify.status.${verdict.status}.text`) };
  if (online.status && online.status !== "VALID") return { kind: "error", title: v(`verify.status.${online.status}.title`), text: v("verify.online.differs") };
  if (isEnd(online.permission)) return { kind: "error", title: v(`verify.ended.${online.permission}`), text: online.told ? v("verify.ended.told", { when: formatMoment(online.told.toISOString()) }) : v("verify.ended.text") };
  if (verdict.validity === "past") return told("error", "past");
  if (verdict.validity === "not_yet") return told("warning", "future");
  if (!verdict.readable) return told("warning", "foreign");
  if (verdict.checks.revocation !== "pass") return told("warning", "unsure");
  if (online.permission === "asking") return told("information", "asking");
  if (online.permission === "not_checked") return { kind: "warning", title: v("verify.conclusion.unasked.title"), text: v("verify.status.VALID.text") };
  return { kind: "success", title: v("verify.status.VALID.title"), text: v("verify.status.VALID.text") };
}
