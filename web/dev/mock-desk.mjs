/**
 * A stand-in for the officers' API and their user pool, for looking at the console while it is built. Never shipped.
 *
 *   node web/dev/mock-desk.mjs [directory of the built site, default web/dist] [port, default 4320]
 *
 * Sign in as `hana` (code), `ken` (code; the second officer), `first` (new password), `setup` (authenticator set-up);
 * the password is `officer`, every code `123456`. Control: POST /mock {"conflict": true | "fail": 503 | "lifetime": s |
 * "visas": "afresh"}.
 */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";

const files = resolve(process.argv[2] ?? "web/dist");
const port = Number(process.argv[3] ?? 4320);
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "font-src 'self'",
  "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
].join("; ");

const OFFICERS = {
  hana: { officer: "o-hana", name: "佐藤 花", roles: ["examiner", "approver", "counter"] },
  ken: { officer: "o-ken", name: "鈴木 健", roles: ["examiner", "approver", "counter"] },
};
const DESKS = [
  { desk: "SG", timezone: "Asia/Singapore", title: { ja: "在シンガポール大使館", en: "Embassy in Singapore" } },
  { desk: "CN-SHA", timezone: "Asia/Shanghai", title: { ja: "在上海総領事館", en: "Consulate-General in Shanghai" } },
  { desk: "HQ", timezone: "Asia/Tokyo", title: { ja: "領事局旅券課", en: "Passport Division" } },
];
const GROUNDS = [
  ["13-1-1", "渡航先に施行されている法規によりその国に入ることを認められない者（第1号）", "Not admitted under the law of the destination (item 1)"],
  ["13-1-2", "死刑、無期若しくは長期2年以上の刑に当たる罪につき訴追され、又は逮捕状等が発せられている者（第2号）", "Charged with, or wanted for, an offence punishable by two years or more (item 2)"],
  ["13-1-3", "拘禁刑以上の刑に処せられ、その執行を終わるまでの者（第3号）", "Serving a sentence of imprisonment (item 3)"],
  ["13-1-4", "旅券法第23条により刑に処せられた者（第4号）", "Punished under article 23 of the Passport Act (item 4)"],
  ["13-1-5", "旅券等の偽造・行使により刑に処せられた者（第5号）", "Convicted of forging or using forged passports (item 5)"],
  ["13-1-6", "国の援助等を必要とする帰国者（第6号）", "Repatriated with state aid and likely to become a public burden (item 6)"],
  ["13-1-7", "著しく、かつ、直接に日本国の利益又は公安を害する行為を行うおそれがある者（第7号）", "Serious and direct threat to the national interest or public safety (item 7)"],
];
const VISA_GROUNDS = [
  ["documents", "提出書類が虚偽又は整合しない", "A document is false or does not fit the others"],
  ["funds", "渡航費用の支弁能力が示されていない", "The means for the journey are not shown"],
  ["return", "帰国の意思に疑いがある", "The return is doubtful"],
];
const STATUS = {
  issuance: ["発給手続中", "Being issued"], issued: ["発給済み", "Issued"],
  in_review: ["審査中", "In review"], correction: ["修正待ち", "Awaiting correction"], checking: ["確認中", "Being checked"],
  payment: ["納付待ち", "Awaiting payment"], production: ["作成中", "In production"], collection: ["交付待ち", "To be collected"],
  completed: ["完了", "Completed"], refused: ["不発給", "Refused"], withdrawn: ["取下げ", "Withdrawn"], lapsed: ["失効", "Lapsed"], draft: ["下書き", "Draft"],
};

let control = { conflict: false, fail: 0, lifetime: 3600 };
let language = "ja";
const l = (ja, en) => (language === "ja" ? ja : en);
const SINGAPORE = 8 * 3_600_000;
const day = (n) => new Date(Date.now() + SINGAPORE + n * 86_400_000).toISOString().slice(0, 10);
const moment = (n, hour = 3) => `${day(n)}T0${hour}:12:41Z`;

const NAMES = ["山田 花子", "高橋 一郎", "田中 美咲", "伊藤 翔", "渡辺 さくら", "中村 大輔", "小林 由美子", "加藤 蓮", "吉田 陽菜", "Smith 佐々木 エリザベス恵美子"];
const cases = new Map();
for (let n = 0; n < 62; n += 1) addCase(n);

function addCase(n) {
  const id = `01JDE5K0${String(n).padStart(3, "0")}W8Q4Z7M2T9R3YH`;
  const status = n < 48 ? "in_review" : ["correction", "payment", "collection", "collection", "completed", "refused", "collection"][n % 7];
  cases.set(id, {
    id, n, status, reference: `RJ-${"7K3M92QXBD4F"[n % 12]}${(n * 37 + 1000).toString(36).toUpperCase().padStart(3, "0").slice(-3)}-${(n * 7919 + 40000).toString(36).toUpperCase().slice(-4)}`,
    name: NAMES[n % NAMES.length], due: day(-3 + Math.floor(n / 3)), holder: n % 5 === 1 ? "ken" : n % 5 === 3 ? "hana" : null,
    desk: "SG", proposal: null, decision: null, correction: null, counter: null, counterFinding: null, sequence: 14 + n, log: [],
  });
}
/* A consulate's visas: numbers from 100. 100 has open hits, 108 what its applicant declares and a screening that is not complete, 101 an original to be seen, 103 an open interview, 104 to 107 are issued, 112 is refused. */
const TRAVELLERS = [["WANG XIAOMING", "CHN", "中国", "China"], ["NGUYEN THI LAN ANH", "VNM", "ベトナム", "Vietnam"], ["AL-RASHID ABDULLAH MOHAMMED", "SAU", "サウジアラビア", "Saudi Arabia"], ["LI NA", "CHN", "中国", "China"]];
const visasAfresh = () => {
  for (let n = 100; n < 113; n += 1) addVisa(n);
  Object.assign(AGENCY, structuredClone(AS_IT_WAS), { changes: [] });
  for (const key of Object.keys(NEW)) delete NEW[key];
};

function addVisa(n) {
  addCase(n);
  const file = cases.get(`01JDE5K0${String(n).padStart(3, "0")}W8Q4Z7M2T9R3YH`);
  const [name, nationality, ja, en] = TRAVELLERS[n % TRAVELLERS.length];
  const issued = n >= 104 && n < 108;
  const hits = n === 100 ? [watched(), shared()] : n === 108 ? [declared()] : n === 103 ? [{ ...shared(), verdict: "not_relevant", note: "同じ団体の旅行者で、代表者の電話番号。" }] : [];
  Object.assign(file, {
    visa: true, desk: "CN-SHA", name, nationality, country: [ja, en], status: issued ? "issued" : "in_review", due: issued ? null : day(n - 101), holder: [100, 103, 108].includes(n) ? "hana" : null, hits, lacking: n === 108,
    procedure: n % 5 === 4 ? ["authorization-indonesia", "渡航認証（インドネシア）", "Travel authorization (Indonesia)", "authorization"] : ["visa-tourism", "短期滞在査証（観光・一次）", "Tourist visa (single entry)", "visa"],
    interviews: n === 103 ? [{ text: "12月1日10時に総領事館へお越しください。旅券を持参してください。", asked_at: moment(-1), held_at: null, notes: null, by: null }, { text: "11月20日10時に総領事館へお越しください。", asked_at: moment(-6), held_at: moment(-4), notes: "来館。日程を説明。宿泊先の予約を示した。", by: "佐藤 花" }] : [],
    originals: n === 101 ? [{ document: "family_proof", ja: "続柄を証明する書類", en: "Proof of kinship", outcome: null, note: null, by: null, at: null }] : [],
    permission: issued ? { number: `V${7300000 + n}`, kind: n % 5 === 4 ? "authorization" : "visa", status: ["active", "revoked", "used", "cancelled"][n - 104], valid_from: day(-2), valid_until: day(88), entries: "single", stay_days: 15, changes: [] } : null,
  });
  if (n === 112) Object.assign(file, {
    status: "refused", due: null, proposal: { outcome: "refuse", ground: "return", reasons: null, note: "面接の記録を参照。", by: "ken" },
    decision: { outcome: "refused", at: moment(-1), ground: "return", reasons: null, note: "同じ旅程の申請が多い。", by: { officer: OFFICERS.hana.officer, name: OFFICERS.hana.name } },
  });
}

function groundIn({ ground }) {
  const known = [...GROUNDS, ...VISA_GROUNDS].find(([id]) => id === ground);
  return known ? l(known[1], known[2]) : null;
}

/* What was used before it was revoked is used again. */
function changePermission(permission, { status, ground }, by) {
  const undone = permission.status === "revoked";
  const after = undone ? permission.before ?? "active" : status;
  Object.assign(permission, { before: permission.status, status: after, changes: [{ status: after, at: new Date().toISOString(), by, ground }, ...permission.changes] });
}

function watched() {
  return { id: "h-watch", kind: "watch_list", score: 0.9312, verdict: null, note: null, listed: ["過去の不法残留", "Overstayed"],
    why: [["「WANG XIAO MING」として掲載。氏名全体の一致度: 0.96", "Listed as “WANG XIAO MING”; the names as a whole: 0.96"], ["生年月日の1桁が異なります（1988-03-14）", "One digit of the birth date differs (1988-03-14)"], ["国籍は同じです（CHN）", "The nationality is the same (CHN)"]],
    about: { list_id: "sandbox-2026-11", entry_id: "000417", ground: "overstayed", source: "sandbox" } };
}

function shared() {
  return { id: "h-shared", kind: "shared", score: 0.4, verdict: null, note: null, listed: null,
    why: [["電話番号がほかの3件の申請にもあります", "The telephone number is in 3 other applications"]], about: { mark: "phone" }, shared_with: [101, 102, 103] };
}

function declared() {
  return { id: "h-declared", kind: "declared", score: 0.8, verdict: null, note: null, listed: null,
    why: [["ビザを拒否されたことがあると申告", "Declares that a visa was refused"]], about: { declared: "refused_visa", details: "A visa for study was refused in 2019, because the certificate of enrolment came too late." } };
}

/* The last of them is of a desk that is not the officer's. */
const named = (n) => ({ case_id: `01JDE5K0${n}W8Q4Z7M2T9R3YH`, reference: cases.get(`01JDE5K0${n}W8Q4Z7M2T9R3YH`).reference, ...(n === 103 ? { desk: l("在英国大使館", "Embassy in the United Kingdom"), may_open: false } : { desk: l("在上海総領事館", "Consulate-General in Shanghai"), may_open: true }) });

/* As the door has it (ryoji.evidence.screening.hits). */
const verdictsOf = (kind) => (["declared", "crowded"].includes(kind) ? ["relevant", "not_relevant"] : ["same_person", "other_person", "not_relevant"]);
const KIND = { watch_list: ["監視リスト", "Watch list"], shared: ["ほかの申請と共通", "Shared with other applications"], declared: ["申請者の申告", "Declared by the applicant"] };
const AGENCY = { code: "SH-TRAVEL-01", name: "上海国際旅行社", desk: "CN-SHA", procedures: ["visa-tourism"], quota: 400, used: 237, left: 163, suspended: false, reason: null, email: "visas@sh-travel.example.cn", staff: [{ email: "agent@example.cn", enabled: true }, { email: "former@example.cn", enabled: false }] };
const SHUT = { code: "SH-TRAVEL-02", name: "Huangpu Travel", desk: "CN-SHA", procedures: ["visa-tourism"], quota: 50, used: 50, left: 0, suspended: true, reason: "偽造された在職証明書の提出", email: null, staff: [] };
const AS_IT_WAS = structuredClone(AGENCY);
const NEW = {};
const agencyOf = (agency, me) => ({ ...agency, timezone: DESKS.find((each) => each.desk === agency.desk).timezone, desk_title: DESKS.find((each) => each.desk === agency.desk).title[language], changes: agency.changes ?? [], may: OFFICERS[me].roles.includes("approver") ? ["accredit", "suspend"] : [] });

const screening = (file) => ({ check: "screening", document: null, door: "chain", outcome: file.lacking ? "unavailable" : file.hits.length ? "review" : "pass", at: moment(-2), facts: {}, reasons: file.lacking ? [{ code: "watch_list_unavailable", outcome: "unavailable", text: l("監視リストと照合できませんでした。", "The watch list could not be asked."), measured: null, required: null, unit: null }] : file.hits.map((hit) => ({ code: hit.kind, outcome: "review", text: hit.kind === "declared" ? l("これまでの渡航などの質問に「はい」の答えがあります。", "The applicant has answered a question about earlier travel with yes.") : hit.kind === "shared" ? l("電話番号などがほかの申請にもあります。", "A telephone number or the like is also in other applications.") : l("監視リストの項目に近いものがあります。", "An entry of the watch list is near."), measured: null, required: null, unit: null })) });

visasAfresh();

/** What a visa's case has that a passport's has not, and the other way round. */
function visaParts(file, me, held) {
  const open = file.hits.some((hit) => !hit.verdict);
  const may = held.may.filter((each) => each !== "propose" || !open);
  if (file.holder === me && file.status === "in_review") {
    if (file.hits.length) may.push("decide_hits");
    if (!file.proposal) may.push("screen_again");
    may.push(file.interviews[0] && !file.interviews[0].held_at ? "note_interview" : "request_interview");
  }
  if (file.originals.length && file.status === "in_review") may.push("see_originals");
  if (file.permission) may.push("change_permission");
  const [id, ja, en, family] = file.procedure;
  const [surname, ...given] = file.name.split(" ");
  const number = "E12345678";
  return {
    ...held, may, procedure: id, title: l(ja, en), family, refusal_reasons: "general", language: "en",
    identity: { read: false, signed: false, attributes: null, assurance: "account" },
    applicant: { name: file.name, nationality: file.nationality, nationality_text: l(...file.country), birth_date: "1988-03-24", sex: "male" },
    sections: [
      { id: "traveller", title: l("渡航者", "Traveller"), status: "done", answers: { surname, given_names: given.join(" "), birth_date: "1988-03-24", sex: "male", nationality: file.nationality } },
      { id: "travel_document", title: l("旅券", "Travel document"), status: "done", answers: { number, issuing_state: file.nationality, expiry_date: "2031-04-15" } },
      { id: "trip", title: l("旅程", "Trip"), status: "done", answers: { purpose: "tourism", arrival_date: day(30), departure_date: day(40) } },
    ],
    findings: [...(file.hits.length || file.lacking || file.screened ? [screening(file)] : []), ...held.findings.filter((each) => each.check !== "identity")],
    documents: held.documents.filter((each) => ["portrait", "passport_page"].includes(each.id)),
    comparison: [
      ["number", "旅券番号", "Passport number", number, number, true], ["issuing_state", "発行国", "Issuing state", file.nationality, file.nationality, true], ["nationality", "国籍", "Nationality", file.nationality, file.nationality, true],
      ["surname", "姓（ローマ字）", "Surname", surname, surname, true], ["given_names", "名（ローマ字）", "Given names", given.join(" "), given.join(" "), true],
      ["birth_date", "生年月日", "Date of birth", "1988-03-24", "1988-03-24", true], ["sex", "性別", "Sex", "male", "M", true], ["expiry_date", "有効期間満了日", "Date of expiry", "2031-04-15", "2031-04-16", false],
    ].map(([field, ja, en, typed, mrz, same]) => ({ field, label: l(ja, en), typed, mrz, card: null, same })),
    mrz: { lines: [`P<${file.nationality}${surname.replace("-", "<")}<<${given.join("<")}`.padEnd(44, "<"), `${number}4${file.nationality}8803249M3104168`.padEnd(42, "<") + "06"], corrections: [] },
    hits: file.hits.map(({ why, listed, shared_with: others = [], ...hit }) => ({ ...hit, cases: others.map(named), title: l(...KIND[hit.kind]), because: why.map((each) => l(...each)), ground: listed && l(...listed) })),
    originals: file.originals.map(({ ja, en, ...each }) => ({ ...each, title: l(ja, en) })),
    interviews: file.interviews, permission: file.permission, group: file.n % 2 ? null : "G-7Q2M", agency: file.n % 2 ? null : AGENCY.code,
    grounds: VISA_GROUNDS.map(([ground, ja, en]) => ({ id: ground, text: l(ja, en) })), book: null, book_number: null, duplicates: [],
    stages: held.stages.filter((each) => ["evidence", "review", "payment"].includes(each.id)).concat([{ id: "issuance", title: l("発給", "Issuance"), state: file.status === "issued" ? "done" : "todo" }]),
  };
}

const at = (n) => [...cases.values()][n];
Object.assign(at(2), { holder: null, proposal: { by: "ken", outcome: "refuse", ground: "13-1-3", reasons: "刑の執行が終わっていないことを関係機関に照会し確認しました。\n執行終了後に改めて申請してください。", note: "照会回答は11月20日付け。" } });
Object.assign(at(5), { proposal: { by: "hana", outcome: "approve", ground: null, reasons: null, note: null }, holder: null });

const FINDINGS = (file) => [
  { check: "faces", document: "portrait", outcome: file.n % 3 === 0 ? "review" : "pass", at: moment(-2), facts: { similarity: file.n % 3 === 0 ? 82.4 : 99.31, threshold: file.n % 3 === 0 ? 90 : 99, band: file.n % 3 === 0 ? "not_close" : "very_close", faces: 1,
    ...(file.n % 5 === 4 ? {} : { boxes: { first: { left: 0.276, top: 0.261, width: 0.447, height: 0.451 }, second: { left: 0.113, top: 0.25, width: 0.134, height: 0.247 } } }) },
    reasons: file.n % 3 === 0 ? [{ code: "not_close", outcome: "review", text: l("二つの顔は似ていません。", "The two faces are not close."), measured: "82.4", required: null, unit: "%" }] : [] },
  { check: "identity", document: null, outcome: "pass", at: moment(-2), facts: { assurance: "card", revocation: "good" }, reasons: [] },
  { check: "travel_document", document: "passport_page", outcome: file.n % 3 === 0 ? "review" : "pass", at: moment(-2), facts: { format: "TD3", fields: { number: "TR1234567", surname: "YAMADA" } },
    reasons: file.n % 3 === 0 ? [
      { code: "corrected", outcome: "review", text: l("読取りを2文字修正しました。券面と見比べてください。", "Two characters were corrected: compare them with the page."), measured: "2", required: "0", unit: null },
      { code: "number_differs", outcome: "review", text: l("入力された旅券番号が読取りと異なります。", "The typed passport number differs from what was read."), mend: l("旅券番号を旅券のとおりに入力してください。", "Type the number as it stands in the passport."), measured: "TR1234567", required: "TR1284567", unit: null }] : [] },
  { check: "portrait", document: "portrait", door: "chain", outcome: file.n % 4 === 0 ? "fail" : "pass", at: moment(-2), facts: { suggested_crop: { left: 0.1, top: 0.05, width: 0.8, height: 0.9 } },
    reasons: [
      { code: "head_too_small", outcome: file.n % 4 === 0 ? "fail" : "pass", text: file.n % 4 === 0 ? l("顔が小さすぎます。", "The head is too small.") : l("顔の大きさは基準内です。", "The head has the right size."), mend: file.n % 4 === 0 ? l("顔を大きく撮り直してください。", "Take it again from nearer.") : null, measured: file.n % 4 === 0 ? "27.5" : "33.8", required: "32–36", unit: "mm" },
      { code: "background", outcome: "pass", text: l("背景は無地です。", "The background is plain."), measured: "3", required: "≤ 8", unit: "levels" }] },
  ...(file.n % 2 === 0 ? [{ check: "portrait", document: "portrait", outcome: "fail", at: moment(-6), facts: {}, reasons: [{ code: "tilted", outcome: "fail", text: l("顔が傾いています。", "The head is tilted."), measured: "14", required: "≤ 8", unit: "degrees" }] }] : []),
];

function deskCase(file, me) {
  return file.visa ? visaParts(file, me, passportCase(file, me)) : passportCase(file, me);
}

function passportCase(file, me) {
  const findings = FINDINGS(file);
  if (file.counterFinding) findings.unshift(file.counterFinding);
  const byDocument = (id) => findings.filter((f) => f.document === id && f.at !== moment(-6));
  const mine = file.holder === me;
  const examined = file.n % 3 === 0;
  const may = [];
  if (file.status === "in_review") {
    if (!file.holder && !file.proposal) may.push("claim");
    if (file.holder) may.push("release");
    if (mine && !file.proposal) may.push("propose", "request_correction");
    if (file.proposal && file.proposal.by !== me) may.push("decide");
  }
  if (file.status === "collection") may.push("counter_check", ...(file.counterFinding ? ["hand_over"] : []));
  const doc = (id, ja, en, checks, more = {}) => ({ id, title: l(ja, en), supply: "upload", required: true, status: "checked", upload_id: `u-${id}-${file.n}`, received_at: moment(-3), checks, findings: byDocument(id), ...more });
  return {
    case_id: file.id, procedure: "passport-renewal", family: "passport", refusal_reasons: "written", title: l("旅券の切替申請（10年）", "Passport renewal (10 years)"), reference: file.reference,
    hits: [], originals: [], interviews: [], permission: null, group: null, agency: null,
    advice: Object.fromEntries(["portrait", "passport_page", "signature"].map((each) => [each, byDocument(each).flatMap(({ reasons }) => reasons).filter(({ outcome }) => outcome !== "pass").map(({ text, mend }) => `${text} ${mend}`).join("\n")])),
    status: file.status, status_text: l(...STATUS[file.status]), sequence: file.sequence, opened_at: moment(-9), submitted_at: moment(-3), book_number: ["collection", "completed"].includes(file.status) ? `TS${String(7000000 + file.n)}` : null, payment_flags: file.status === "payment" ? ["amount"] : [], language: file.n % 6 === 4 ? "en" : "ja", timezone: "Asia/Singapore",
    sections: [
      { id: "person", title: l("申請者", "Applicant"), status: "done", answers: { family_name: file.name.split(" ")[0], given_name: file.name.split(" ").slice(1).join(" "), roman_surname: "YAMADA", birth_date: "1990-01-02", sex: "F" } },
      { id: "passport", title: l("現在の旅券", "Present passport"), status: "done", answers: { number: examined ? "TR1284567" : "TR1234567", expiry_date: "2027-02-11" } },
      { id: "contact", title: l("連絡先", "Contact"), status: "done", answers: { address: "1 Raffles Place #20-01, Singapore 048616", phone: "+65 6123 4567", email: "hanako@example.jp" } },
      { id: "declarations", title: l("刑罰等関係", "Declarations"), status: "done", answers: { charged: false, sentenced: false, foreign_nationality: false } },
    ],
    documents: [doc("portrait", "顔写真", "Portrait", ["portrait"]), doc("passport_page", "旅券の写真ページ", "Passport data page", ["travel_document"]), doc("signature", "自署", "Signature", ["image"]),
      { id: "old_passport", title: l("旧旅券", "Old passport"), supply: "shown_at_visit", required: true, status: "missing", upload_id: null, received_at: null, checks: [], findings: [] },
      ...(file.counter ? [doc("counter_picture", "counter_picture", "counter_picture", ["faces"], { upload_id: file.counter, received_at: file.counterAt, findings: [] })] : [])],
    identity: { read: true, signed: true, assurance: "signature_certificate", attributes: { name: file.name, birth_date: "1990-01-02", sex: "F", address: "東京都港区三田一丁目2番3号" } },
    next: { who: "officer", action: "wait", text: file.status === "in_review" ? l("職員が審査しています。", "An officer is examining the application.") : "", by: file.due },
    stages: [["evidence", "確認", "Evidence"], ["review", "審査", "Review"], ["payment", "納付", "Payment"], ["production", "作成", "Production"], ["handover", "交付", "Handover"]].map(([id, ja, en], i) => {
      const now = { in_review: 1, correction: 1, payment: 2, production: 3, collection: 4, completed: 5, refused: 1, issued: 5 }[file.status];
      return { id, title: l(ja, en), state: i < now ? "done" : i === now ? "now" : "todo" };
    }),
    correction: file.correction && { items: file.correction.map((i) => ({ ...i, title: i.item })), by: day(90) },
    fee: file.status === "in_review" ? null : { items: [{ label: l("手数料", "Fee"), amount: 15900 }], total: 15900, currency: "jpy", status: "paid", by: day(10) },
    appointment: file.status === "collection" ? { office: { code: "SG", name: l("在シンガポール大使館", "Embassy in Singapore"), address: "16 Nassim Road" }, start: `${day(0)}T10:30+08:00` } : null,
    book: file.status === "collection" ? { ready: true } : null, decision: file.decision && { ...file.decision, ground: groundIn(file.decision) }, timeline: [],
    messages: [
      { sent_at: moment(-3), channel: "email", to: "h…@example.jp", subject: l("申請を受け付けました", "We have your application"), body: l("旅券の切替申請を受け付けました。\n受付番号は " + file.reference + " です。", "We have received your application.\nYour reference is " + file.reference + ".") },
      { sent_at: moment(-3), channel: "portal", to: l("マイページ", "portal"), subject: l("申請を受け付けました", "We have your application"), body: l("同上", "As above") }],
    applicant: { name: file.name, nationality: null, nationality_text: null, birth_date: "1990-01-02", sex: "female" },
    duplicates: file.n % 4 === 0 ? [{ case_id: at((file.n + 1) % 40).id, reference: at((file.n + 1) % 40).reference, desk: l("在シンガポール大使館", "Embassy in Singapore"), may_open: true, status: "withdrawn", opened_at: moment(-40) }] : [],
    comparison: [
      ["number", "旅券番号", "Passport number", examined ? "TR1284567" : "TR1234567", "TR1234567", null, !examined],
      ["surname", "姓（ローマ字）", "Surname", null, "YAMADA", null, true],
      ["given_names", "名（ローマ字）", "Given names", examined ? "HANNAKO" : "HANAKO", "HANAKO", null, !examined],
      ["birth_date", "生年月日", "Date of birth", "1990-01-02", "1990-01-02", "1990-01-02", true],
      ["sex", "性別", "Sex", "female", "F", "female", true],
      ["expiry_date", "有効期間満了日", "Date of expiry", "2027-02-11", "2027-02-11", null, true],
      ["name", "氏名", "Name", file.name, null, file.name, true],
      ["address", "住所", "Address", "1 Raffles Place #20-01, Singapore 048616", null, "東京都港区三田一丁目2番3号", false],
    ].map(([field, ja, en, typed, mrz, card, same]) => ({ field, label: l(ja, en), typed, mrz, card, same })),
    mrz: { lines: ["P<JPNYAMADA<<HANAKO<<<<<<<<<<<<<<<<<<<<<<<<<", "TR12345673JPN9001024F2702112<<<<<<<<<<<<<<04"], corrections: examined ? [{ line: 2, position: 14, read: "O", corrected: "9", because: "check_digit" }, { line: 1, position: 9, read: "0", corrected: "A", because: "type" }] : [] },
    findings, claimed_by: file.holder && { officer: OFFICERS[file.holder].officer, name: OFFICERS[file.holder].name }, due: file.due,
    proposal: file.proposal && { ...file.proposal, by: { officer: OFFICERS[file.proposal.by].officer, name: OFFICERS[file.proposal.by].name }, at: moment(-1) },
    history: [...["下書きを開始|Draft opened|applicant", "カードを読取り|Card read|applicant", "顔写真を受領|Portrait received|applicant", "申請|Submitted|applicant", "確認の段階を開始|Evidence stage started|system", "旅券を確認|Passport checked|system", "顔を照合|Faces compared|system", "審査の段階を開始|Review stage started|system"].map((t) => t.split("|")), ...file.log].map(([ja, en, kind, name], i) => ({
      sequence: i + 1, at: moment(-3), kind: "x", text: l(ja, en), by: { kind, name: name ?? null }, hash: createHash("sha256").update(file.id + i).digest("hex") })),
    grounds: GROUNDS.map(([id, ja, en]) => ({ id, text: l(ja, en) })), may,
  };
}

const row = (file) => {
  const findings = Object.fromEntries(FINDINGS(file).filter((f) => f.at !== moment(-6)).map((f) => [f.check, f.outcome]));
  const [procedure, ja, en, family] = file.procedure ?? ["passport-renewal", "旅券の切替申請（10年）", "Passport renewal (10 years)", "passport"];
  return { case_id: file.id, reference: file.reference, procedure, family, title: l(ja, en), nationality: file.nationality ?? null, nationality_text: file.country ? l(...file.country) : null, permission: file.permission?.status ?? null, applicant: file.name, status: file.status, status_text: l(...STATUS[file.status]),
    submitted_at: moment(-3), due: file.due, overdue: file.due !== null && file.due < day(0), claimed_by: file.holder && { officer: OFFICERS[file.holder].officer, name: OFFICERS[file.holder].name }, flags: [...(Object.values(findings).some((o) => o !== "pass") ? ["attention"] : []), ...(file.interviews?.[0] && !file.interviews[0].held_at ? ["interview"] : [])], findings };
};

/* The user pool. */

const sessions = new Map();
function cognito(operation, body) {
  const refuse = (type) => [400, { __type: type, message: type }];
  const challenge = (name, user) => {
    const session = `s-${Math.random()}`;
    sessions.set(session, user);
    return [200, { ChallengeName: name, Session: session, ChallengeParameters: { USER_ID_FOR_SRP: user } }];
  };
  const tokens = (user) => [200, { AuthenticationResult: { AccessToken: `a-${user}-${Date.now()}`, RefreshToken: `r-${user}`, ExpiresIn: control.lifetime }, ChallengeParameters: {} }];
  if (operation === "InitiateAuth" && body.AuthFlow === "REFRESH_TOKEN_AUTH") {
    const user = body.AuthParameters.REFRESH_TOKEN.slice(2);
    return OFFICERS[user] && control.refresh !== false ? tokens(user) : refuse("NotAuthorizedException");
  }
  if (operation === "InitiateAuth") {
    const { USERNAME: user, PASSWORD: password } = body.AuthParameters;
    if (user === "many") return refuse("TooManyRequestsException");
    if (password !== "officer" || !["hana", "ken", "first", "setup"].includes(user)) return refuse(user === "nobody" ? "UserNotFoundException" : "NotAuthorizedException");
    return challenge({ first: "NEW_PASSWORD_REQUIRED", setup: "MFA_SETUP" }[user] ?? "SOFTWARE_TOKEN_MFA", user);
  }
  const user = sessions.get(body.Session);
  if (operation === "AssociateSoftwareToken") return [200, { SecretCode: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Session: body.Session }];
  if (operation === "VerifySoftwareToken") return body.UserCode === "123456" ? [200, { Status: "SUCCESS", Session: body.Session }] : refuse("EnableSoftwareTokenMFAException");
  if (operation === "RespondToAuthChallenge") {
    if (!user) return refuse("NotAuthorizedException");
    const answers = body.ChallengeResponses;
    if (body.ChallengeName === "NEW_PASSWORD_REQUIRED") return answers.NEW_PASSWORD.length < 12 ? refuse("InvalidPasswordException") : challenge("MFA_SETUP", "hana");
    if (body.ChallengeName === "SOFTWARE_TOKEN_MFA" && answers.SOFTWARE_TOKEN_MFA_CODE !== "123456") return refuse("CodeMismatchException");
    return tokens(OFFICERS[user] ? user : "hana");
  }
  return [200, {}];
}

/* The ministry's figures: this month has some, every other has none. */

const PAPER = new Map();
function statistics(asked, month) {
  const desks = DESKS.map((each) => ({ ...each, title: each.title[language] }));
  const figure = (desk, nationality, ja, en, procedure, family, [received, issued, refused, withdrawn, lapsed, days]) => ({
    desk, desk_title: desks.find((each) => each.desk === desk).title, nationality, nationality_text: l(ja, en), procedure: procedure[0], title: l(procedure[1], procedure[2]), family, received, issued, refused, withdrawn, lapsed, days });
  const tourist = ["visa-tourism", "短期滞在査証（観光・一次）", "Tourist visa (single entry)"];
  const all = [
    figure("CN-SHA", "CHN", "中国", "China", tourist, "visa", [1240, 1102, 31, 12, 3, 4532]),
    figure("CN-SHA", "VNM", "ベトナム", "Vietnam", ["authorization-indonesia", "渡航認証（インドネシア）", "Travel authorization (Indonesia)"], "authorization", [3, 0, 0, 1, 0, 0]),
    figure("SG", "JPN", "日本", "Japan", ["passport-renewal", "旅券の切替申請（10年）", "Passport renewal (10 years)"], "passport", [88, 80, 0, 1, 0, 804]),
  ];
  const now = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 7);
  const rows = month === now ? all.filter((each) => asked === "all" || each.desk === asked) : [];
  const filed = [...PAPER].filter(([place]) => place.startsWith(`${month} `) && (asked === "all" || place.split(" ")[1] === asked)).map(([place, on_paper]) => {
    const [, desk, procedure] = place.split(" ");
    const [row] = all.filter((each) => each.procedure === procedure);
    return { desk, desk_title: desks.find((each) => each.desk === desk).title, procedure, title: row?.title ?? procedure, online: rows.filter((each) => each.procedure === procedure && each.desk === desk).reduce((sum, each) => sum + each.received, 0), on_paper };
  });
  return { month, desks, rows, filed };
}

/* The API. */

const problem = (status, code, ja, en, more = {}) => [status, { type: `about:problem/${code}`, title: l(ja, en), status, detail: "", mend: "", code, reference: "7f3e-22", ...more }];

function api(method, path, query, body, me) {
  const [, first, second, third, fourth, fifth, sixth] = path.split("/");
  if (path === "/procedures") return [200, { procedures: [{ id: "passport-renewal", title: l("旅券の切替申請（10年）", "Passport renewal (10 years)"), summary: "", actors: ["self"] }, { id: "visa-tourism", title: l("短期滞在査証（観光・一次）", "Tourist visa (single entry)"), summary: "", actors: ["self", "agency"] }] }];
  if (path === "/desk/offices") return [200, { offices: [["SG", "在シンガポール大使館", "Embassy in Singapore"], ["GB", "在英国大使館", "Embassy in the United Kingdom"]].map(([code, ja, en]) => ({ code, name: l(ja, en), kind: "mission", country: code, timezone: "Asia/Singapore" })) }];
  if (first === "procedures") {
    const field = (ja, en, labels) => ({ title: l(ja, en), ...(labels ? { "x-ryoji": { enum_labels: labels } } : {}) });
    return [200, { documents: [{ id: "itinerary", title: l("滞在日程表", "Itinerary"), supply: "upload" }], sections: [
      { id: "person", schema: { properties: { family_name: field("姓", "Family name"), given_name: field("名", "Given name"), roman_surname: field("姓（ローマ字）", "Surname in Roman letters"), birth_date: field("生年月日", "Date of birth"), sex: field("性別", "Sex", { F: l("女", "Female"), M: l("男", "Male") }) } } },
      { id: "passport", schema: { properties: { number: field("旅券番号", "Passport number"), expiry_date: field("有効期間満了日", "Date of expiry") } } },
      { id: "contact", schema: { properties: { address: field("現住所", "Address"), phone: field("電話番号", "Telephone"), email: field("メールアドレス", "E-mail") } } },
      { id: "declarations", schema: { properties: { charged: field("訴追されていますか", "Charged with an offence?"), sentenced: field("刑の執行中ですか", "Serving a sentence?"), foreign_nationality: field("外国籍がありますか", "Any foreign nationality?") } } }] }];
  }
  if (!me) return [401, { message: "Unauthorized" }];
  if (control.fail) return problem(control.fail, "unavailable", "ただいま利用できません", "Not available just now", { mend: l("少し待って再度お試しください。", "Wait a little and try again.") });
  if (path === "/desk/me") return [200, { ...OFFICERS[me], desks: DESKS.map((each) => ({ ...each, title: each.title[language] })) }];
  if (second === "queues") {
    const all = [...cases.values()].filter((f) => f.status === query.get("status") && third === f.desk && (query.get("mine") !== "true" || f.holder === me));
    const from = Number(query.get("cursor") ?? 0);
    return [200, { rows: all.slice(from, from + 25).map(row), cursor: from + 25 < all.length ? String(from + 25) : null }];
  }
  if (second === "appointments") return [200, { appointments: query.get("date") === day(0) && third === "SG" ? [...cases.values()].filter((f) => ["collection", "completed"].includes(f.status)).map((f, i) => ({ start: `${day(0)}T${String(9 + Math.floor(i / 2)).padStart(2, "0")}:${i % 2 ? "30" : "00"}+08:00`, case_id: f.id, reference: f.reference, applicant: f.name, status: f.status, status_text: l(...STATUS[f.status]), purpose: "handover" })) : [] }];
  if (second === "statistics" && method === "PUT") return PAPER.set(`${body.month} ${third} ${body.procedure}`, body.received), [200, statistics(third, body.month)];
  if (second === "statistics") return [200, statistics(third, query.get("month"))];
  if (second === "desks") {
    const own = [AGENCY, SHUT].filter((each) => each.desk === third && (query.get("cursor") ? each.code > query.get("cursor") : each.code === AGENCY.code));
    return [200, { desks: DESKS.map((each) => ({ ...each, title: each.title[language] })), agencies: own.map((each) => agencyOf(each, me)), cursor: own[0] === AGENCY ? AGENCY.code : null }];
  }
  if (second === "agencies") {
    if (method === "PUT") {
      const { monthly_quota: quota, ...rest } = body;
      const agency = third === AGENCY.code ? AGENCY : Object.assign(NEW, { code: third, used: 0, suspended: false, reason: null, staff: [] });
      Object.assign(agency, rest, { quota, left: Math.max(0, quota - agency.used), changes: [{ at: moment(0), by: OFFICERS[me].name, did: agency === AGENCY ? "changed" : "accredited", account: null }, ...(agency.changes ?? [])] });
      return [200, agencyOf(agency, me)];
    }
    if (third === NEW.code) return [200, agencyOf(NEW, me)];
    if (third !== AGENCY.code) return problem(404, "agency_not_found", "この代理機関はありません", "There is no such agency");
    if (fourth === "staff") {
      if (body.email.startsWith("nobody")) return problem(404, "account_not_found", "そのアカウントはありません", "There is no such account");
      AGENCY.staff = AGENCY.staff.filter(({ email }) => email !== body.email);
      if (fifth !== "removal") AGENCY.staff.push({ email: body.email, enabled: true });
      return [200, agencyOf(AGENCY, me)];
    }
    if (method === "POST") Object.assign(AGENCY, { suspended: body.suspended, reason: body.reason });
    return [200, agencyOf(AGENCY, me)];
  }
  if (second === "cases" && !third) {
    const found = [...cases.values()].find((each) => each.reference === query.get("reference").trim().toUpperCase());
    return found ? [200, row(found)] : problem(404, "case_not_found", "案件が見つかりません", "No such case");
  }
  const file = cases.get(third);
  if (!file) return problem(404, "case_not_found", "案件が見つかりません", "No such case");
  if (method === "GET" && fourth === "documents") return [200, { url: `/pictures/${fifth}?n=${file.n}` }];
  if (method === "GET") return [200, deskCase(file, me)];
  if (control.conflict) {
    control.conflict = false;
    file.holder = file.holder === me ? me : "ken";
    return problem(409, "conflict", "別の操作が先に記録されました", "Something else was recorded first", { mend: l("読み直してください。", "Read it again.") });
  }
  const done = (ja, en) => {
    file.log.push([ja, en, "officer", OFFICERS[me].name]);
    return [200, deskCase(file, me)];
  };
  if (fourth === "claim") {
    if (file.holder && file.holder !== me) return problem(409, "claimed_by_another", "別の職員が担当しています", "A colleague holds this case");
    file.holder = me;
    return done("担当", "Claimed");
  }
  if (fourth === "release") return (file.holder = null), done("担当解除", "Released");
  if (fourth === "correction-request") return (file.status = "correction"), (file.holder = null), (file.correction = body.items), done("修正を依頼", "Correction requested");
  if (fourth === "screening") return Object.assign(file, { lacking: false, screened: true }), done("もう一度照会", "Screened again");
  if (fourth === "hits") {
    if (!body.note) return problem(422, "validation_failed", "入力内容を確認してください", "Check what you entered");
    const hit = file.hits.find((each) => each.id === body.hit);
    if (!verdictsOf(hit.kind).includes(body.verdict)) return problem(422, "validation_failed", "入力内容を確認してください", "Check what you entered", { errors: [{ pointer: "/verdict", code: "not_a_choice", detail: l("選択肢から選んでください。", "Choose one of the answers.") }] });
    Object.assign(hit, { verdict: body.verdict, note: body.note });
    return done("照合結果を判断", "Hit decided");
  }
  if (fourth === "originals") {
    for (const { document, ...seen } of body.originals) Object.assign(file.originals.find((each) => each.document === document), seen, { by: OFFICERS[me].name, at: moment(0) });
    return done("原本を確認", "Originals were looked at");
  }
  if (fourth === "interview" && fifth === "notes") return Object.assign(file.interviews[0], { held_at: moment(0), notes: body.notes, by: OFFICERS[me].name }), done("面接を実施", "Interview held");
  if (fourth === "interview") return file.interviews.unshift({ text: body.text, asked_at: moment(0), held_at: null, notes: null, by: null }), done("面接を依頼", "Interview requested");
  if (fourth === "permission") return changePermission(file.permission, body, OFFICERS[me].name), done("効力を変更", "Permission changed");
  if (fourth === "proposal") {
    if (file.lacking && body.outcome === "approve") return problem(409, "screening_unavailable", "照会が終わっていません", "The screening is not complete");
    if ((body.reasons ?? "").includes("422")) return problem(422, "validation_failed", "入力内容を確認してください", "Check what you entered", { errors: [{ pointer: "/reasons", code: "too_short", detail: l("理由が短すぎます。", "The reasons are too short.") }] });
    return (file.proposal = { ground: null, reasons: null, note: null, ...body, by: me }), (file.holder = null), done("決定案を提出", "Proposed");
  }
  if (fourth === "decision") {
    if (body.outcome === "send_back") return (file.proposal = null), done("差戻し", "Sent back");
    file.status = body.outcome === "approve" ? "payment" : "refused";
    file.decision = { outcome: body.outcome === "approve" ? "approved" : "refused", at: moment(0), ground: file.proposal.ground, reasons: file.proposal.reasons, note: body.note ?? null, by: { officer: OFFICERS[me].officer, name: OFFICERS[me].name } };
    return done("決定", "Decided");
  }
  if (fourth === "uploads" && sixth === "acceptance") return (file.counter = fifth), (file.counterAt = new Date().toISOString()), done("窓口の写真を受領", "Counter picture received");
  if (fourth === "uploads") return [201, { upload_id: `c-${Date.now()}`, url: "/bucket", fields: { key: "k", policy: "p" } }];
  if (fourth === "counter-check") {
    file.counterFinding = { check: "faces", document: "counter_picture", door: "counter", outcome: "pass", at: new Date().toISOString(), facts: { similarity: 99.2, threshold: 99, band: "very_close", faces: 1 }, reasons: [] };
    return [200, { finding: file.counterFinding, case: deskCase(file, me) }];
  }
  if (fourth === "handover") return (file.status = "completed"), done("交付", "Handed over");
  return [404, {}];
}

/* Pictures: drawn, so that nobody's face is needed. */

function picture(id, n) {
  const hue = (n * 47) % 360;
  const head = (x, y, s) => `<g transform="translate(${x} ${y}) scale(${s})"><ellipse cx="50" cy="48" rx="27" ry="35" fill="#e8c4a2"/><path d="M22 45C18 5 82 5 78 45 74 25 60 22 50 24 36 22 26 28 22 45" fill="#2b2320"/><circle cx="40" cy="47" r="3"/><circle cx="60" cy="47" r="3"/><path d="M41 65q9 6 18 0" stroke="#8a4a3a" stroke-width="2" fill="none"/><path d="M8 120c2-30 24-36 42-36s40 6 42 36z" fill="hsl(${hue} 30% 35%)"/></g>`;
  if (id === "signature") return svg(788, 284, `<path d="M60 180c40-120 60-80 40 0s60-160 90-40 30-60 70-20 40 60 90-40 60 80 110 20 70-60 130 0" stroke="#123" stroke-width="7" fill="none"/>`);
  if (id === "passport_page") return svg(1250, 880, `<rect width="1250" height="880" fill="#dfe8ea"/><rect x="60" y="170" width="330" height="430" fill="#f4f4f4"/>${head(70, 180, 3.1)}<g font-family="sans-serif" font-size="30" fill="#223"><text x="60" y="90" font-size="46">日本国 JAPAN</text><text x="440" y="220">P  JPN  TR1234567</text><text x="440" y="300">YAMADA</text><text x="440" y="360">HANAKO</text><text x="440" y="430">JAPAN   02 JAN 1990   F</text><text x="440" y="500">11 FEB 2017 – 11 FEB 2027</text></g><g font-family="monospace" font-size="40" fill="#111"><text x="60" y="740" textLength="1130">P&lt;JPNYAMADA&lt;&lt;HANAKO&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;</text><text x="60" y="810" textLength="1130">TR12345673JPN9001024F2702112&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;04</text></g>`);
  return svg(700, 900, `<rect width="700" height="900" fill="${id === "counter_picture" ? "#b9c4c9" : "#eef2f5"}"/>${head(60, 160, 5.8)}`);
}
const svg = (w, h, content) => `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${content}</svg>`;

/* The server. */

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const send = (status, type, content) => {
    response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY, "Permissions-Policy": "camera=(self)", "X-Content-Type-Options": "nosniff", "Cache-Control": url.pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-store" });
    response.end(content);
  };
  const json = ([status, body]) => send(status, status < 400 ? "application/json" : "application/problem+json", JSON.stringify(body));
  const parsed = () => (raw.length ? JSON.parse(raw.toString()) : {});
  if (url.pathname === "/mock") {
    control = { ...control, ...parsed() };
    if (control.visas) visasAfresh(), PAPER.clear();
    delete control.visas;
    return json([200, control]);
  }
  if (url.pathname === "/settings.json") return json([200, { api: "/api", region: "ap-northeast-1", officers: { client_id: "desk", cognito_url: "/cognito/" }, sandbox: true, sandbox_pages: [{ title: "確認コード（体験版）", url: "/simulators/codes/" }] }]);
  if (url.pathname === "/cognito/") return json(cognito(request.headers["x-amz-target"].split(".")[1], parsed()));
  if (url.pathname === "/bucket") return setTimeout(() => send(204, "text/plain", ""), 400);
  if (url.pathname.startsWith("/pictures/")) return send(200, "image/svg+xml", picture(url.pathname.split("/")[2], Number(url.searchParams.get("n"))));
  if (url.pathname.startsWith("/api/")) {
    language = (request.headers["accept-language"] ?? "ja").startsWith("en") ? "en" : "ja";
    const me = /Bearer a-(\w+)-/.exec(request.headers.authorization ?? "")?.[1];
    return json(api(request.method, url.pathname.slice(4), url.searchParams, parsed(), me));
  }
  const file = [join(files, url.pathname), join(files, "console.html")].find((path) => extname(path) && existsSync(path));
  return file ? send(200, TYPES[extname(file)] ?? "application/octet-stream", readFileSync(file)) : send(404, "text/plain", "not built");
}).listen(port, "127.0.0.1");
