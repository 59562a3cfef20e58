// The card's page. Who asks, and where the answer goes, is in protocol.js; this is what the holder sees and does.
import { receiveRequest } from "./protocol.js";

const element = (id) => document.getElementById(id);
const form = element("form");
const pin = element("pin");

let texts = {};
let settings = { origins: [], people: [] };
let request = null;
let stopped = null;
let failure = null;

// One card lies on the reader until another is taken: reading and then signing asks for the same one.
const LAST = "card.person";

async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(path);
  return response.json();
}

function text(key, facts = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

async function speak(language) {
  texts = await load(`text.${language}.json`);
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  showPeople();
  show();
}

function show() {
  element("waiting").hidden = Boolean(request || stopped);
  element("stopped").hidden = !stopped;
  form.hidden = !request;
  if (stopped) element("stopped-text").textContent = text(`stopped_${stopped}`);
  if (request) showRequest();
  showFailure();
}

function showRequest() {
  element("title").textContent = text(`${request.purpose}_title`);
  element("lead").textContent = text(`${request.purpose}_lead`);
  element("submit").textContent = text(`${request.purpose}_submit`);
  element("origin").textContent = request.origin;
  element("subject").textContent = request.title;
  element("subject").parentElement.hidden = !request.title;
  element("digest").textContent = request.digest;
}

function showPeople() {
  const chosen = chosenPerson()?.id ?? localStorage.getItem(LAST);
  const labels = settings.people.map((person) => personLabel(person, person.id === chosen));
  element("people").replaceChildren(element("people").querySelector("legend"), ...labels);
  showPinOf(chosenPerson());
}

function personLabel(person, checked) {
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "person", value: person.id, checked });
  const name = span("card-person__name", person.name, "ja");
  const roman = span("card-person__roman", person.roman, "ja-Latn");
  const note = span("card-person__note", person.note[document.documentElement.lang], document.documentElement.lang);
  const words = document.createElement("span");
  words.append(name, " ", roman, note);
  const label = document.createElement("label");
  label.className = "card-person";
  label.append(input, words);
  return label;
}

function span(className, content, lang) {
  return Object.assign(document.createElement("span"), { className, textContent: content, lang });
}

function chosenPerson() {
  const checked = form.querySelector("input[name=person]:checked");
  return settings.people.find((person) => person.id === checked?.value);
}

function showPinOf(person) {
  element("pin-hint").hidden = !person;
  element("pin-value").textContent = person?.pin ?? "";
}

function showFailure() {
  const message = failure ? text(`error_${failure.error}`, failure) : "";
  const aboutPerson = failure && ["person_missing", "no_certificate", "locked"].includes(failure.error);
  element("summary").hidden = !failure;
  element("summary-link").textContent = message;
  element("pin-error").hidden = !failure || aboutPerson;
  element("pin-error").textContent = aboutPerson ? "" : message;
  pin.setAttribute("aria-invalid", String(Boolean(failure && !aboutPerson)));
  document.title = (failure ? text("error_prefix") : "") + text("page_title");
}

function fail(newFailure) {
  failure = newFailure;
  showFailure();
  element("summary").focus();
}

function goToFailure(event) {
  event.preventDefault();
  const person = form.querySelector("input[name=person]:checked") ?? form.querySelector("input[name=person]");
  (pin.getAttribute("aria-invalid") === "true" ? pin : person).focus();
}

async function sign(event) {
  event.preventDefault();
  const person = chosenPerson();
  if (!person) return fail({ error: "person_missing" });
  if (!pin.value) return fail({ error: "pin_missing" });
  let answer;
  try {
    answer = await askCard(person.id);
  } catch {
    answer = { error: "unavailable" };
  }
  pin.value = "";
  if (answer.error) return fail(texts[`error_${answer.error}`] ? answer : { error: "unavailable" });
  localStorage.setItem(LAST, person.id);
  finish({ signature: answer.signature });
}

async function askCard(person) {
  const response = await fetch("api/sign", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person, pin: pin.value, digest_hex: request.digest }),
  });
  return response.json();
}

function finish(answer) {
  form.hidden = true;
  element("done").hidden = false;
  document.title = text("page_title");
  element("done-title").focus();
  request.answer(answer);
}

function listen() {
  form.addEventListener("submit", sign);
  form.addEventListener("change", (event) => {
    if (event.target.name === "person") showPinOf(chosenPerson());
  });
  element("summary-link").addEventListener("click", goToFailure);
  element("reveal").addEventListener("change", (event) => {
    pin.type = event.target.checked ? "text" : "password";
  });
  element("cancel").addEventListener("click", () => {
    finish({ error: failure?.error === "locked" ? "locked" : "cancelled" });
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
}

async function start() {
  settings = await load("api/settings");
  listen();
  await speak(new URLSearchParams(location.search).get("language") === "en" ? "en" : "ja");
  const received = await receiveRequest(settings.origins);
  stopped = received.stopped ?? null;
  request = received.request ?? null;
  if (request?.language && request.language !== document.documentElement.lang) await speak(request.language);
  else show();
}

start();
