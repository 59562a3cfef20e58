/** The shapes that the API speaks: docs/openapi.json is their source. */

export type Condition = unknown;

export interface Fact {
  text: string;
}

export type Widget = "text" | "textarea" | "date" | "radio" | "select" | "tel" | "email" | "checkbox";
export type Fold = "width" | "upper" | "katakana";

export interface FieldSchema {
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  enum?: string[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  "x-ryoji"?: {
    widget?: Widget;
    autocomplete?: string;
    /** `card.name`, `mrz.number`: what the card or the passport's machine-readable zone can fill in. */
    prefill_from?: string;
    /** What fills it in when the first source says nothing usable: a child has no card that signs. */
    or_from?: string;
    part?: "family" | "given";
    /** Whose card fills this in; the applicant's, unless it says otherwise. */
    whose?: CardHolder;
    /** A birth date: the day, or month and day, may be unknown. */
    partial?: boolean;
    enum_labels?: Record<string, string>;
    labels?: string;
    lang?: string;
    when?: Condition;
    fold?: Fold[];
  };
}

export interface SectionSchema {
  type: "object";
  properties: Record<string, FieldSchema>;
  required?: string[];
}

export interface SectionDescription {
  id: string;
  title: string;
  hint?: string;
  schema: SectionSchema;
  when?: Condition;
}

export interface DocumentDescription {
  id: string;
  title: string;
  hint?: string;
  supply: "upload" | "shown_at_visit" | "original_by_post";
  checks: string[];
  required: boolean;
  when?: Condition;
  /** For uploads: content types, and the largest size in bytes. */
  accept?: string[];
  max_bytes?: number;
}

/** A question before the form; with `go_on` as the answer one may go on. */
export interface QuestionBefore {
  id: string;
  text: string;
  hint?: string;
  go_on: "yes" | "no";
  stop: string;
  instead: string;
}

/** Applicants of one range of ages, for asking what it costs; `before` is the first age above it. */
export interface FeeGroup {
  from: number;
  before: number | null;
  validity: { value: string; label: string }[];
}

export interface Procedure {
  id: string;
  family: string;
  version: string;
  /** In which every text of it exists. */
  languages: string[];
  together: ("family" | "group")[];
  /** An accredited agency applies, and nobody else. */
  agency_only: boolean;
  actors: string[];
  /** When a year of age is full: on the birthday, or already at the end of the day before. */
  age_reached?: "eve_of_birthday" | "birthday";
  title: string;
  summary: string;
  /** Whether it may be granted without a person. */
  automatic: boolean;
  questions: QuestionBefore[];
  /** The provision that punishes a false statement. */
  false_statement: string | null;
  legal_basis: Fact[];
  sections: SectionDescription[];
  documents: DocumentDescription[];
  fees: { label: string; amount: number; currency: string; when?: Condition }[];
  /** The oldest first; empty where the fee does not depend on age and validity. */
  fee_groups: FeeGroup[];
  duration_working_days: number;
  what_you_need: (string | Fact)[];
  visit: { where: string; who: "holder" | "applicant" | "anyone" | null; text: string | null };
  stages: { id: string; title: string }[];
}

export interface Office {
  code: string;
  name: string;
  kind: "mission" | "prefecture";
  country: string;
  timezone: string;
  address?: string | null;
}

export interface FeeItem {
  label: string;
  amount: number;
}

export interface FeeQuote {
  items: FeeItem[];
  /** What nationals pay instead who have a fee of their own. */
  exceptions?: FeeItem[];
  total: number;
  currency: string;
  as_of: string;
  source: string;
  notes?: string[];
}

export type Outcome = "pass" | "review" | "fail" | "unavailable";

export interface Reason {
  code: string;
  outcome: Outcome;
  text: string;
  mend?: string | null;
  measured?: string | null;
  required?: string | null;
  unit?: string | null;
}

export interface Crop {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Finding {
  check: string;
  title?: string;
  outcome: Outcome;
  at?: string;
  reasons: Reason[];
  facts: {
    suggested_crop?: Crop | null;
    fields?: Record<string, string | null>;
    corrections?: { line: number; position: number; read: string; corrected: string; because: string }[];
    [key: string]: unknown;
  };
}

export type CaseStatus =
  | "draft"
  | "checking"
  | "in_review"
  | "correction"
  | "payment"
  | "production"
  | "collection"
  | "issuance"
  | "issued"
  | "completed"
  | "refused"
  | "withdrawn"
  | "lapsed";

export type Answer = string | boolean | number | null;
export type Answers = Record<string, Answer>;

export interface CaseSection {
  id: string;
  title: string;
  status: "todo" | "done" | "not_needed" | "mend";
  answers: Answers;
}

/** What a traveller is to the first applicant of the family. */
export type FamilyRelation = "spouse" | "child" | "parent";

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
  /** Where the original must be seen: whether it is to be brought or was shown. */
  original: "bring" | "shown" | null;
}

export interface NextStep {
  who: "applicant" | "officer" | "partner" | "nobody";
  action: "fill" | "pay" | "correct" | "book" | "attend" | "travel" | "wait" | "none";
  text: string;
  by: string | null;
}

export type FeeStatus = "due" | "started" | "paid" | "refund_due" | "refunded";

export interface CaseView {
  case_id: string;
  procedure: string;
  title: string;
  reference: string | null;
  status: CaseStatus;
  status_text: string;
  sequence: number;
  opened_at: string;
  submitted_at: string | null;
  language: string;
  timezone: string;
  sections: CaseSection[];
  documents: CaseDocument[];
  identity: { read: boolean; signed: boolean; attributes: CardAttributes | null; holder?: CardHolder | null; assurance: "signature_certificate" | "account" | "shown_at_visit" | "none" };
  next: NextStep;
  stages: { id: string; title: string; state: "done" | "now" | "todo" }[];
  correction: { items: { item: string; title: string; reason: string; done?: boolean }[]; by: string } | null;
  fee: { items: FeeItem[]; total: number; currency: string; status: FeeStatus; by: string | null; failed?: string | null } | null;
  appointment: { office: { code: string; name: string; address?: string | null }; start: string } | null;
  book: { ready: boolean } | null;
  permission: Permission | null;
  relation: FamilyRelation | null;
  interview: { text: string; asked_at: string; start: string | null; when: string } | null;
  /** Applications that are made together have the same: the first one's case id. */
  group: string | null;
  /** The accredited agency that filed it. */
  agency: string | null;
  decision: { outcome: "approved" | "refused"; at: string; ground?: string | null; reasons?: string | null; remedies: string[] } | null;
  timeline: { at: string; kind: string; text: string }[];
  messages: { sent_at: string; channel: "email" | "portal"; to: string; subject: string; body: string }[];
  may: string[];
}

export type PermissionStatus = "active" | "revoked" | "cancelled" | "used" | "expired" | "replaced";

export interface Permission {
  number: string;
  kind: "visa" | "authorization";
  status: PermissionStatus;
  valid_from: string;
  valid_until: string;
  entries: "single" | "multiple";
  stay_days: number;
}

/** The holder's permission with its seal: `code` is the QR code row by row, 1 is dark, without its quiet zone. */
export interface Wallet extends Permission {
  programme: string;
  document: { issuing_state: string; number: string };
  name: string;
  seal: string;
  code: string[];
  as_of: string;
}

export interface Agency {
  code: string;
  name: string;
  /** Where it is written to about what it files; null while none is known. */
  email: string | null;
  procedures: string[];
  quota: number;
  left: number;
  suspended: boolean;
}

/** Whose card was read: below the age to apply alone it is the legal representative's. */
export type CardHolder = "applicant" | "legal_representative";

export interface CardAttributes {
  name?: string | null;
  birth_date?: string | null;
  sex?: string | null;
  address?: string | null;
}

export interface CaseRow {
  case_id: string;
  procedure: string;
  title: string;
  reference: string | null;
  status: CaseStatus;
  status_text: string;
  /** How what was issued stands now. */
  permission: PermissionStatus | null;
  updated_at: string;
  next: NextStep;
  applicant: string | null;
  group: string | null;
  agency: string | null;
}

/** A page of one's cases; `next` is the cursor of the one after it. */
export interface CaseList {
  cases: CaseRow[];
  next: string | null;
}

export interface Signature {
  format: "cms";
  value: string;
}

export interface StatusAnswer {
  reference: string;
  title: string;
  status: CaseStatus;
  status_text: string;
  /** How what was issued stands now. */
  permission: PermissionStatus | null;
  next: NextStep;
  updated_at: string;
}

export interface Receipt {
  number: string;
  issued_on: string;
  items: FeeItem[];
  total: number;
  currency: string;
  paid_at: string;
  reference: string;
  note?: string | null;
}

export interface Slots {
  office: { code: string; name: string; address?: string | null; timezone?: string };
  slots: { start: string; left: number }[];
}
