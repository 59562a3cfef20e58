/** The officer's part of the API as the console reads it: docs/openapi.json, the tag "Officers". */

import type { Correction } from "./case/characters.ts";

export type Outcome = "pass" | "review" | "fail" | "unavailable";

export interface Officer {
  officer: string;
  name: string;
}

/** Its days and hours are counted in `timezone`. */
export interface Desk {
  desk: string;
  title: string;
  timezone: string;
}

export interface Me extends Officer {
  desks: Desk[];
  roles: string[];
}

export interface QueueRow {
  case_id: string;
  reference: string | null;
  procedure: string;
  family: string;
  title: string;
  applicant: string | null;
  /** A foreign traveller's, by three letters and by name. */
  nationality: string | null;
  nationality_text: string | null;
  permission: PermissionState | null;
  status: string;
  status_text: string;
  submitted_at: string | null;
  due: string | null;
  overdue: boolean;
  claimed_by: Officer | null;
  flags: string[];
  findings: Record<string, Outcome>;
}

export type PermissionState = "active" | "revoked" | "cancelled" | "used" | "expired" | "replaced";

export interface Permission {
  number: string;
  kind: "visa" | "authorization";
  status: PermissionState;
  valid_from: string;
  valid_until: string;
  entries: "single" | "multiple";
  stay_days: number;
  /** The latest first. The holder is told neither who said so nor the ground. */
  changes: { status: PermissionState; at: string; by: string; ground: string | null }[];
}

export type Verdict = "same_person" | "other_person" | "not_relevant" | "relevant";

/** Another application; one of a desk that is not the officer's is named and not opened. */
export interface NamedCase {
  case_id: string;
  reference: string | null;
  /** Whose it is, by name. */
  desk: string | null;
  may_open: boolean;
}

/** Something that the screening found, and what a person said of it. */
export interface Hit {
  id: string;
  kind: string;
  title: string;
  /** 0 to 1; it only sorts. */
  score: number;
  because: string[];
  about: { list_id?: string; entry_id?: string; source?: string; details?: string };
  /** The applications that it is about: the earlier one, or those that share something. */
  cases: NamedCase[];
  /** Why the entry is on its list, in words. */
  ground: string | null;
  verdict: Verdict | null;
  note: string | null;
}

export interface Interview {
  text: string;
  start: string | null;
  asked_at: string;
  held_at: string | null;
  notes: string | null;
  by: string | null;
}

export interface Agency {
  code: string;
  name: string;
  desk: string;
  desk_title: string;
  timezone: string;
  /** Where it is written to about what it files; null for one that was accredited before this was asked. */
  email: string | null;
  procedures: string[];
  quota: number;
  used: number;
  left: number;
  suspended: boolean;
  reason: string | null;
  /** Who may file in its name. */
  staff: { email: string; enabled: boolean }[];
  /** Who did what when, the latest first. */
  changes: { at: string; by: string; did: "accredited" | "changed" | "suspended" | "restored" | "staff_added" | "staff_removed"; account: string | null }[];
  may: ("accredit" | "suspend")[];
}

export interface Reason {
  code: string;
  outcome: Outcome;
  text: string;
  mend?: string | null;
  measured?: string | null;
  required?: string | null;
  unit?: string | null;
}

export interface Finding {
  check: string;
  title?: string;
  /** Where it was made: at the applicant's upload, in the chain for the record, at the counter. */
  door?: string;
  outcome: Outcome;
  at?: string;
  document?: string | null;
  reasons: Reason[];
  facts: Record<string, unknown>;
}

export interface CaseDocument {
  id: string;
  title: string;
  supply: "upload" | "shown_at_visit" | "original_by_post";
  required: boolean;
  status: "missing" | "received" | "checked" | "attention" | "mend";
  upload_id: string | null;
  received_at: string | null;
  checks: string[];
  findings: Finding[];
  original: "bring" | "shown" | null;
}

/** An original that must be seen before an approval, and what was found of it. */
export interface Original {
  document: string;
  title: string;
  outcome: "agrees" | "differs" | null;
  note: string | null;
  by: string | null;
  at: string | null;
}

export interface CaseSection {
  id: string;
  title: string;
  status: "todo" | "done" | "not_needed" | "mend";
  answers: Record<string, unknown>;
}

export interface Comparison {
  field: string;
  label: string;
  typed: string | null;
  mrz: string | null;
  card: string | null;
  same: boolean | null;
}

export interface Proposal {
  outcome: "approve" | "refuse";
  ground: string | null;
  reasons: string | null;
  note: string | null;
  by: Officer;
  at: string;
}

export interface HistoryEntry {
  sequence: number;
  at: string;
  kind: string;
  text: string;
  by: { kind: string; name: string | null };
  hash: string;
}

export interface Message {
  sent_at: string;
  channel: "email" | "portal";
  to: string;
  subject: string;
  body: string;
}

export type DeskAbility =
  | "claim"
  | "release"
  | "request_correction"
  | "propose"
  | "decide"
  | "decide_hits"
  | "screen_again"
  | "see_originals"
  | "request_interview"
  | "note_interview"
  | "change_permission"
  | "counter_check"
  | "hand_over";

export interface DeskCase {
  case_id: string;
  procedure: string;
  family: string;
  refusal_reasons: "written" | "general";
  title: string;
  reference: string | null;
  status: string;
  status_text: string;
  sequence: number;
  opened_at: string;
  submitted_at: string | null;
  language: string;
  timezone: string;
  sections: CaseSection[];
  documents: CaseDocument[];
  identity: {
    read: boolean;
    signed: boolean;
    attributes: Record<string, string | null> | null;
    assurance: "signature_certificate" | "account" | "shown_at_visit" | "none";
  };
  next: { who: string; action: string; text: string; by: string | null };
  stages: { id: string; title: string; state: "done" | "now" | "todo" }[];
  correction: { items: { item: string; title: string; reason: string }[]; by: string } | null;
  fee: {
    items: { label: string; amount: number }[];
    total: number;
    currency: string;
    status: string;
    by?: string | null;
  } | null;
  appointment: { office: { code: string; name: string; address?: string }; start: string } | null;
  book: { ready: boolean } | null;
  /** Whole, also where a refusal's ground is not told. */
  decision: { outcome: "approved" | "refused"; at: string; ground: string | null; reasons: string | null; note: string | null; by: Officer } | null;
  messages: Message[];
  applicant: { name: string; nationality: string | null; nationality_text: string | null; birth_date: string | null; sex: string | null };
  permission: Permission | null;
  hits: Hit[];
  more_hits: number;
  /** By document, what the checks say of it, in the language of whoever holds the case. */
  advice: Record<string, string>;
  originals: Original[];
  /** The newest first. */
  interviews: Interview[];
  /** Applications that are made together have the same: the first one's case. */
  group: string | null;
  /** What the traveller is to the first applicant of the family. */
  relation: "spouse" | "child" | "parent" | null;
  /** The code of the accredited agency that filed it. */
  agency: string | null;
  duplicates: (NamedCase & { status: string; status_text?: string; opened_at: string })[];
  comparison: Comparison[];
  mrz: { lines: string[]; corrections: Correction[] } | null;
  findings: Finding[];
  claimed_by: Officer | null;
  due: string | null;
  overdue?: boolean;
  book_number?: string | null;
  payment_flags?: string[];
  proposal: Proposal | null;
  history: HistoryEntry[];
  grounds: { id: string; text: string }[];
  may: DeskAbility[];
}

export interface Appointment {
  start: string;
  case_id: string;
  reference: string;
  applicant: string;
  status: string;
  status_text?: string;
  purpose: "handover" | "interview";
}

export interface Office {
  code: string;
  name: string;
  kind: string;
  country: string;
  timezone: string;
}
