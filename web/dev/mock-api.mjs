/**
 * A stand-in for API, user pool, card and payment provider, for looking at the portal while it is built. Never shipped.
 *
 *   node web/dev/mock-api.mjs [directory of the built site, default web/dist] [port, default 4310]
 *
 * The catalogue is the real one (web/dev/describe.py). There is one case of each status: `/ja/cases/<status>`, and
 * drafts that can be filled in. Control: POST /mock {"reset": true | "fail": 503 | "findings": "pass" | "review" | "fail" | "unavailable"}.
 */

import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { deflateSync } from "node:zlib";

const files = resolve(process.argv[2] ?? "web/dist");
const port = Number(process.argv[3] ?? 4310);
const origin = `http://localhost:${port}`;
const catalogue = JSON.parse(execFileSync(process.env.PYTHON ?? ".venv/bin/python", ["web/dev/describe.py"], { maxBuffer: 1e8 }));
const POLICY = [
  "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "connect-src 'self'",
  "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
].join("; ");

let control = { fail: 0, findings: "pass" };
let language = "ja";
const l = (ja, en) => (language === "ja" ? ja : en);

const STATUS = {
  draft: ["入力中", "Draft"], checking: ["確認中", "Being checked"], in_review: ["審査中", "In review"], correction: ["修正のお願い", "Please correct"],
  payment: ["お支払い待ち", "Awaiting payment"], production: ["作成中", "Being made"], collection: ["受け取り待ち", "Ready to collect"],
  completed: ["交付済み", "Completed"], refused: ["不発給", "Refused"], withdrawn: ["取り下げ", "Withdrawn"], lapsed: ["失効", "Lapsed"],
};
const NEXT = {
  draft: ["applicant", "fill", "入力を続けて、申請してください。", "Continue your application and send it."],
  checking: ["officer", "wait", "お送りいただいた内容を確認しています。", "What you sent is being checked."],
  in_review: ["officer", "wait", "職員が審査しています。お待ちください。", "An officer is reviewing your application."],
  correction: ["applicant", "correct", "お願いした項目を修正してください。", "Please correct what was asked for."],
  payment: ["applicant", "pay", "手数料をお支払いください。", "Please pay the fee."],
  production: ["partner", "wait", "パスポートを作成しています。", "Your passport is being made."],
  collection: ["applicant", "book", "受け取りの日時を予約してください。", "Please book a time to collect it."],
};
const STAGES = ["evidence", "review", "payment", "production", "handover"];
const STAGE_OF = { checking: 0, in_review: 1, correction: 1, payment: 2, production: 3, collection: 4 };

const ANSWERS = {
  renewal: { reason: "remaining_under_one_year", validity: "10" },
  passport_held: { number: "TR1234567", surname: "YAMADA", given_names: "HANAKO", issue_date: "2017-03-01", expiry_date: "2027-03-01" },
  person: { family_name: "山田", given_name: "花子", family_name_kana: "ヤマダ", given_name_kana: "ハナコ", surname_roman: "YAMADA", given_names_roman: "HANAKO", birth_date: "1990-01-02", sex: "female", registered_domicile_prefecture: "13", registered_domicile: "千代田区霞が関二丁目2番地1" },
  contact: { country: "JP", postal_code: "100-8919", address: "東京都千代田区霞が関2-2-1", phone: "03-3580-3311", email: "hanako@example.jp", emergency_name: "山田 太郎", emergency_relation: "parent", emergency_phone: "090-0000-0000" },
  declarations: { entry_refused: "no", charged: "no", sentenced: "no", passport_crime: "no", forgery: "no", repatriated: "no", foreign_nationality: "no", confirmed: true },
  collection: { office: "prefecture-tokyo", language: "ja" },
};
const CARD = { name: "山田　花子", birth_date: "1990-01-02", sex: "F", address: "東京都千代田区霞が関2-2-1" };

const FINDINGS = {
  portrait: {
    fail: [
      ["head_too_small", "fail", "顔が小さすぎます。", "もう少し近づいて撮影するか、切り抜いてください。", "Your face is too small.", "Come closer, or crop the picture.", "24", "32–36", "mm"],
      ["shadow", "review", "背景に影があります。", "壁から離れて、明るい場所で撮影してください。", "There is a shadow on the background.", "Step away from the wall, into even light.", "0.31", "≤ 0.20", ""],
    ],
    review: [["shadow", "review", "背景に影があります。", "壁から離れて、明るい場所で撮影してください。", "There is a shadow on the background.", "Step away from the wall, into even light.", "0.31", "≤ 0.20", ""]],
    pass: [], unavailable: [],
  },
  travel_document: {
    fail: [["mrz_not_found", "fail", "下の2行の文字を読み取れませんでした。", "ページ全体が入るように、真上から撮影してください。", "The two lines at the bottom could not be read.", "Take the whole page from straight above.", null, null, null]],
    review: [["corrected", "review", "一部の文字を補って読み取りました。", "次のページで内容を確認してください。", "Some letters were corrected while reading.", "Check them on the next page.", null, null, null]],
    pass: [], unavailable: [],
  },
  image: { fail: [], review: [], pass: [], unavailable: [] },
};

function finding(check) {
  const outcome = check === "image" ? "pass" : control.findings;
  const reasons = (FINDINGS[check]?.[outcome] ?? []).map(([code, of, ja, jaMend, en, enMend, measured, required, unit]) => ({ code, outcome: of, text: l(ja, en), mend: l(jaMend, enMend), measured, required, unit }));
  const facts = {};
  if (check === "portrait" && outcome === "fail") facts.suggested_crop = { left: 0.25, top: 0.1, width: 0.5, height: 0.64 };
  if (check === "travel_document" && outcome !== "fail") facts.fields = { number: "TR1234567", surname: "YAMADA", given_names: "HANAKO", expiry_date: "2027-03-01", birth_date: "1990-01-02", sex: "F" };
  return { check, outcome, at: now(), reasons, facts };
}

const now = () => new Date().toISOString();
const dayFrom = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const cases = new Map();
beginAnew();

function beginAnew() {
  cases.clear();
  for (const status of Object.keys(STATUS)) cases.set(status, make(status, status));
}

function make(id, status) {
  const filled = status !== "draft";
  return {
    id, status, sequence: 1, reference: filled ? "RJ-7K3M-92QX" : null, answers: filled ? structuredClone(ANSWERS) : {},
    documents: filled ? Object.fromEntries(["portrait", "passport_page", "signature"].map((name) => [name, { upload_id: randomUUID(), at: now(), findings: [] }])) : {},
    card: filled ? CARD : null, paid: ["production", "collection", "completed"].includes(status), mended: new Set(), appointment: null,
  };
}

function needed(kase) {
  const { procedure } = catalogue[language];
  const birth = kase.answers.person?.birth_date;
  const age = birth ? new Date().getFullYear() - Number(birth.slice(0, 4)) : null;
  const mission = kase.answers.collection?.office && !kase.answers.collection.office.startsWith("prefecture");
  const skip = { guardian: age === null || age >= 18, guardian_consent: age === null || age >= 18 || age < 15, stay_permit: !mission };
  return { procedure, skip };
}

function view(kase) {
  const { procedure, skip } = needed(kase);
  const [who, action, ja, en] = NEXT[kase.status] ?? ["nobody", "none", "手続は終わりました。", "This application is finished."];
  const correction = kase.status === "correction" ? ["documents/portrait", "sections/contact"] : [];
  const open = (item) => correction.includes(item) && !kase.mended.has(item);
  const at = STAGE_OF[kase.status] ?? (kase.status === "completed" ? 9 : -1);
  const sections = procedure.sections.map(({ id, title }) => ({
    id, title, answers: kase.answers[id] ?? {},
    status: open(`sections/${id}`) ? "mend" : skip[id] ? "not_needed" : kase.answers[id] ? "done" : "todo",
  }));
  const documents = procedure.documents.filter(({ id }) => !skip[id]).map(({ id, title, supply, required, checks }) => {
    const held = kase.documents[id];
    const findings = held?.findings ?? [];
    const attention = findings.some(({ outcome }) => ["fail", "review"].includes(outcome));
    const status = open(`documents/${id}`) ? "mend" : !held ? "missing" : attention ? "attention" : "checked";
    return { id, title, supply, required, checks, status, upload_id: held?.upload_id ?? null, received_at: held?.at ?? null, findings };
  });
  const complete = sections.every(({ status }) => status !== "todo") && documents.every((d) => d.supply !== "upload" || !d.required || d.status !== "missing");
  const may = {
    draft: ["save", "upload", "withdraw", ...(complete ? ["sign", "submit"] : [])], correction: ["save", "upload", "correct", "withdraw"], checking: ["withdraw"],
    in_review: ["withdraw"], payment: ["pay", "withdraw"], collection: ["book", ...(kase.appointment ? ["cancel_appointment"] : [])],
  }[kase.status] ?? [];
  const office = catalogue[language].offices[0];
  return {
    case_id: kase.id, procedure: procedure.id, title: procedure.title, reference: kase.reference, status: kase.status, status_text: l(...STATUS[kase.status]),
    sequence: kase.sequence, opened_at: "2026-11-20T02:00:00Z", submitted_at: kase.reference ? "2026-11-20T03:00:00Z" : null, language: "ja", timezone: "Asia/Tokyo",
    sections, documents, identity: { read: kase.card !== null, signed: kase.reference !== null, attributes: kase.card, holder: kase.card ? "applicant" : null, assurance: "signature_certificate" },
    permission: null, interview: null, group: null, agency: null,
    next: { who, action: kase.appointment ? "attend" : action, text: kase.appointment ? l("予約の日時に窓口へお越しください。", "Come to the office at the time you booked.") : l(ja, en), by: who === "nobody" || kase.status === "draft" ? null : dayFrom(14) },
    stages: STAGES.map((id, place) => ({ id, title: procedure.stages[place]?.title ?? id, state: place < at ? "done" : place === at ? "now" : "todo" })),
    correction: correction.length ? { by: dayFrom(90), items: [
      { item: "documents/portrait", title: l("顔写真", "Photograph"), reason: l("写真の左側に影があります。影のない写真に取り替えてください。", "There is a shadow on the left. Please send a picture without it."), done: kase.mended.has("documents/portrait") },
      { item: "sections/contact", title: l("連絡先", "Contact"), reason: l("電話番号がつながりません。", "The telephone number does not work."), done: kase.mended.has("sections/contact") },
    ] } : null,
    fee: kase.paid || kase.status === "payment" ? { items: [{ label: l("10年パスポート（国）", "10-year passport (State)"), amount: 14000 }, { label: l("10年パスポート（都道府県）", "10-year passport (prefecture)"), amount: 1900 }], total: 15900, currency: "jpy", status: kase.paid ? "paid" : "due", by: dayFrom(30) } : null,
    appointment: kase.appointment ? { office, start: kase.appointment } : null, book: kase.status === "collection" ? { ready: true } : null,
    decision: kase.status === "refused" ? { outcome: "refused", at: "2026-11-22T05:00:00Z", ground: l("旅券法第13条第1項第2号（訴追されている者）", "Passport Act, article 13, paragraph 1, item 2 (a person who is charged)"), reasons: l("死刑、無期若しくは長期二年以上の刑に当たる罪につき訴追されていることを確認したためです。", "It was confirmed that you are charged with an offence punishable by two years or more."), remedies: [l("処分があったことを知った日の翌日から起算して3か月以内に、外務大臣に審査請求ができます。", "You can ask the Minister for Foreign Affairs for a review within 3 months.")] } : ["payment", "production", "collection", "completed"].includes(kase.status) ? { outcome: "approved", at: "2026-11-22T05:00:00Z", ground: null, reasons: null, remedies: [] } : null,
    timeline: kase.reference ? [{ at: "2026-11-21T01:00:00Z", kind: "decided", text: l("審査が進みました。", "The review went on.") }, { at: "2026-11-20T03:00:00Z", kind: "submitted", text: l("申請を受け付けました。", "Your application was received.") }, { at: "2026-11-20T02:00:00Z", kind: "opened", text: l("入力を始めました。", "You began the application.") }] : [],
    messages: kase.reference ? [{ sent_at: "2026-11-20T03:00:10Z", channel: "email", to: "h…@example.jp", subject: l("申請を受け付けました（RJ-7K3M-92QX）", "Your application was received (RJ-7K3M-92QX)"), body: l("山田 花子 様\n\nパスポートの切替申請を受け付けました。\n審査が終わりましたら、お知らせします。", "Dear Hanako Yamada,\n\nwe have received your application to renew your passport.\nWe will write to you when it has been reviewed.") }] : [],
    may: [...may, ...(kase.paid ? ["receipt"] : [])],
  };
}

const problem = (status, code, ja, en, errors) => ({ status, body: { type: `about:problem/${code}`, title: l(ja, en), status, detail: l(ja, en), mend: l("内容を確認して、もう一度お試しください。", "Please check and try again."), code, reference: "c0ffee-1234", errors } });

const routes = [
  ["GET", "/procedures", () => ({ procedures: catalogue[language].summaries })],
  ["GET", "/procedures/:id", ({ id }) => (id === "passport-renewal" ? catalogue[language].procedure : problem(404, "procedure_not_found", "見つかりません", "Not found"))],
  ["GET", "/offices", () => ({ offices: catalogue[language].offices })],
  ["GET", "/fees", (_, __, query) => ({ items: query.get("validity") === "10" ? [{ label: l("国の手数料", "State"), amount: 14000 }, { label: l("都道府県の手数料", "Prefecture"), amount: 1900 }] : [{ label: l("国の手数料", "State"), amount: 9000 }, { label: l("都道府県の手数料", "Prefecture"), amount: 1900 }], total: query.get("validity") === "10" ? 15900 : 10900, currency: "jpy", as_of: dayFrom(0), source: l("旅券法第20条", "Passport Act, article 20") })],
  ["POST", "/status", (_, body) => (body.reference === "RJ-7K3M-92QX" ? (({ reference, title, status, status_text, next }) => ({ reference, title, status, status_text, next, permission: null, updated_at: now() }))(view(cases.get("in_review"))) : body.reference === "RJ-0000-0000" ? { status: 429, body: {} } : problem(404, "status_not_found", "申請が見つかりませんでした。", "No application was found."))],
  ["POST", "/cases", () => { const id = randomUUID().replaceAll("-", "").slice(0, 24); cases.set(id, make(id, "draft")); return view(cases.get(id)); }],
  ["GET", "/cases", () => ({ cases: [...cases.values()].map(view).map((v) => ({ ...v, updated_at: now(), applicant: v.reference ? "山田 花子" : null })), next: null })],
  ["GET", "/agencies", () => ({ agencies: [] })],
  ["GET", "/cases/:id", ({ kase }) => view(kase)],
  ["PUT", "/cases/:id/sections/:section", ({ kase, section }, { answers }) => {
    if (section === "contact" && /[a-z]/i.test(answers.phone ?? "")) return problem(422, "validation_failed", "入力内容に誤りがあります。", "Something is not right.", [{ pointer: "/phone", code: "phone_form", detail: l("電話番号は数字と記号（+ - ）で入力してください", "Enter digits only, with + and -") }]);
    kase.answers[section] = answers; return step(kase);
  }],
  ["POST", "/cases/:id/uploads", () => ({ upload_id: randomUUID(), url: "/mock/bucket", fields: { key: "quarantine/1", policy: "…" } })],
  ["POST", "/cases/:id/uploads/:upload/acceptance", ({ kase, upload }, { document }) => { kase.documents[document] = { upload_id: upload, at: now(), findings: [] }; return step(kase); }],
  ["POST", "/cases/:id/documents/:document/checks/:check", ({ kase, document, check }) => { const found = finding(check); const held = kase.documents[document]; held.findings = [...held.findings.filter((each) => each.check !== check), found]; return { finding: found, case: step(kase) }; }],
  ["GET", "/cases/:id/documents/:document/picture", () => ({ url: "/mock/picture" })],
  ["POST", "/cases/:id/identity/challenge", () => ({ purpose: "read", challenge: "a".repeat(64), title: l("氏名などの読み取り", "Read your particulars") })],
  ["POST", "/cases/:id/identity", ({ kase }) => { kase.card = CARD; return { finding: { check: "identity", outcome: "pass", reasons: [], facts: {} }, attributes: CARD, case: step(kase) }; }],
  ["GET", "/cases/:id/submission", ({ kase }) => { const v = view(kase); const missing = v.sections.filter((s) => s.status === "todo"); return missing.length ? problem(409, "incomplete", "まだ入力していない項目があります。", "Something is still missing.", missing.map((s) => ({ pointer: `/sections/${s.id}`, code: "required", detail: l(`「${s.title}」を入力してください`, `Fill in: ${s.title}`) }))) : { document: {}, digest: "b".repeat(64) }; }],
  ["POST", "/cases/:id/submission", ({ kase }) => { kase.status = "checking"; kase.reference = "RJ-7K3M-92QX"; return step(kase); }],
  ["POST", "/cases/:id/correction", ({ kase }, { item }) => { kase.mended.add(item); return step(kase); }],
  ["POST", "/cases/:id/payment", ({ kase }) => { setTimeout(() => { kase.paid = true; kase.status = "production"; kase.sequence += 1; }, 4000); return { payment_intent: "pi_1", client_secret: "pi_1_secret_1", amount: 15900, currency: "jpy" }; }],
  ["GET", "/cases/:id/receipt", () => ({ number: "R-2026-000123", issued_on: "2026-11-23", items: view(cases.get("production")).fee.items, total: 15900, currency: "jpy", paid_at: now(), reference: "RJ-7K3M-92QX", note: l("この領収書は電子的に発行されたものです。", "This receipt was issued electronically.") })],
  ["GET", "/cases/:id/slots", (_, __, query) => { const from = query.get("from"); const days = [0, 1, 2, 3].map((n) => new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10)); return { office: catalogue[language].offices[0], slots: days.flatMap((day) => ["09:00", "10:00", "11:00", "13:30", "15:00"].map((time, n) => ({ start: `${day}T${time}+09:00`, left: n + 1 }))) }; }],
  ["POST", "/cases/:id/appointment", ({ kase }, { start }) => { kase.appointment = start; return step(kase); }],
  ["DELETE", "/cases/:id/appointment", ({ kase }) => { kase.appointment = null; return step(kase); }],
  ["POST", "/cases/:id/withdrawal", ({ kase }) => { kase.status = "withdrawn"; return step(kase); }],
];

function step(kase) {
  kase.sequence += 1;
  return view(kase);
}

function match(pattern, path) {
  const [a, b] = [pattern.split("/"), path.split("/")];
  if (a.length !== b.length) return null;
  const found = {};
  for (const [index, part] of a.entries()) {
    if (part.startsWith(":")) found[part.slice(1)] = b[index];
    else if (part !== b[index]) return null;
  }
  return found;
}

const settings = {
  api: "/api", region: "ap-northeast-1",
  applicants: { authority: origin, issuer: origin, client_id: "portal", authorize_url: `${origin}/mock/authorize`, token_url: `${origin}/mock/token`, logout_url: `${origin}/mock/logout`, redirect_path: "/signed-in", cognito_url: "/mock/cognito" },
  officers: { client_id: "console", cognito_url: "/mock/cognito" }, card: { url: "/mock/card" }, stripe: { publishable_key: "pk_test", js_url: "/mock/stripe.js", api_origin: origin },
  sandbox: true, sandbox_pages: [{ title: "カード (card)", url: "/simulators/card/" }, { title: "メール (mail)", url: "/simulators/mail/" }],
};

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const CARD_PAGE = `<!doctype html><title>card</title><button>sign</button><script src="/mock/card.js"></script>`;
const CARD_SCRIPT = `const q=new URLSearchParams(location.search);const request=q.get("request");let tell=setInterval(()=>opener?.postMessage({type:"card.ready",request},location.origin),100);addEventListener("message",({data})=>{if(data.type!=="card.request")return;clearInterval(tell);opener.postMessage({type:"card.answer",request,signature:{format:"cms",value:"MIIB"}},location.origin)});if(q.get("return"))location.replace(q.get("return")+"#state="+q.get("state")+"&format=cms&signature=MIIB")`;
const STRIPE_SCRIPT = `window.Stripe=()=>({elements:()=>({create:()=>{const on={};let box;return{mount(c){box=document.createElement("input");box.setAttribute("aria-label","Card number");c.append(box);setTimeout(()=>on.ready?.(),50)},unmount(){},destroy(){box?.remove()},focus(){box.focus()},on(e,f){on[e]=f}}}}),confirmCardPayment:async()=>document.querySelector('[aria-label="Card number"]').value==="declined"?{error:{code:"card_declined",decline_code:"insufficient_funds"}}:{paymentIntent:{status:"succeeded"}}})`;

/** A picture of somebody, more or less: light wall, round head, dark shoulders. */
function portrait(width, height) {
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(1 + width * 3);
    for (let x = 0; x < width; x += 1) {
      const head = (x - width / 2) ** 2 / 1.2 + (y - height * 0.38) ** 2 / 1.8 < (width * 0.14) ** 2;
      const body = y > height * 0.6 && Math.abs(x - width / 2) < width * 0.28;
      const colour = head ? [201, 162, 126] : body ? [51, 71, 91] : [221 - x / 12, 230 - x / 12, 238 - x / 12];
      row.set(colour, 1 + x * 3);
    }
    rows.push(row);
  }
  const chunk = (kind, body) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length);
    head.write(kind, 4);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])));
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

const PICTURE = portrait(600, 750);

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

createServer(async (request, response) => {
  const url = new URL(request.url, origin);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const send = (status, type, body, headers = {}) => response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY, "Cross-Origin-Opener-Policy": "same-origin-allow-popups", ...headers }).end(body);
  const json = (status, body) => send(status, "application/json", JSON.stringify(body));
  const path = url.pathname;
  if (path === "/settings.json") return json(200, settings);
  if (path === "/mock" && request.method === "POST") { const { reset, ...asked } = JSON.parse(raw); control = { ...control, ...asked }; if (reset) beginAnew(); return json(200, control); }
  if (path === "/mock/authorize") return send(302, "text/plain", "", { Location: `${url.searchParams.get("redirect_uri")}?code=abc&state=${url.searchParams.get("state")}` });
  if (path === "/mock/logout") return send(302, "text/plain", "", { Location: url.searchParams.get("logout_uri") });
  if (path === "/mock/token") { const t = Math.floor(Date.now() / 1000); const id = `${base64({ alg: "none" })}.${base64({ iss: origin, aud: "portal", sub: "1", email: "hanako@example.jp", iat: t, exp: t + 3600 })}.x`; return json(200, { access_token: "access", id_token: id, refresh_token: "refresh", token_type: "Bearer", expires_in: 3600 }); }
  if (path === "/mock/cognito") { const body = JSON.parse(raw); return body.ConfirmationCode === "000000" ? json(400, { __type: "CodeMismatchException" }) : json(200, {}); }
  if (path === "/mock/card") return send(200, "text/html", CARD_PAGE);
  if (path === "/mock/card.js") return send(200, "text/javascript", CARD_SCRIPT);
  if (path === "/mock/stripe.js") return send(200, "text/javascript", STRIPE_SCRIPT);
  if (path === "/mock/bucket") return setTimeout(() => send(204, "text/plain", ""), 300);
  if (path === "/mock/picture") return send(200, "image/png", PICTURE);
  if (path.startsWith("/api/")) {
    language = (request.headers["accept-language"] ?? "ja").slice(0, 2) === "en" ? "en" : "ja";
    if (control.fail) return json(control.fail, {});
    for (const [method, pattern, run] of routes) {
      const found = method === request.method && match(pattern, path.slice(4));
      if (!found) continue;
      if ("id" in found && pattern.startsWith("/cases")) { found.kase = cases.get(found.id); if (!found.kase) break; }
      const answer = run(found, raw.length ? JSON.parse(raw) : {}, url.searchParams);
      return answer.body && typeof answer.status === "number" ? json(answer.status, answer.body) : json(200, answer);
    }
    const missing = problem(404, "not_found", "見つかりません", "Not found");
    return json(404, missing.body);
  }
  const file = join(files, path);
  const found = existsSync(file) && extname(file) ? file : join(files, path.startsWith("/console") ? "console.html" : "index.html");
  send(200, TYPES[extname(found)] ?? "application/octet-stream", readFileSync(found), path.startsWith("/assets/") ? { "Cache-Control": "public, max-age=31536000, immutable" } : {});
}).listen(port, "127.0.0.1", () => process.stdout.write(`${origin} ${createHash("sha256").update(files).digest("hex").slice(0, 6)}\n`));
