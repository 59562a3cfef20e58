// Lists what was e-mailed. Letters are text only: links are made for addresses of this origin and nothing else.
const element = (id) => document.getElementById(id);
const said = element("said");
const time = new Intl.DateTimeFormat("ja-JP", { dateStyle: "medium", timeStyle: "medium" });

async function load() {
  const response = await fetch("api/letters").catch(() => null);
  if (!response?.ok) {
    said.textContent = said.dataset.broken;
    return;
  }
  const { letters } = await response.json();
  element("letters").replaceChildren(...letters.map(article));
  said.textContent = letters.length ? `${letters.length} ${said.dataset.count}` : said.dataset.empty;
}

function article({ at, from, to, subject, text }, place) {
  const node = element("letter").content.cloneNode(true);
  const heading = node.querySelector("h2");
  heading.textContent = subject;
  heading.id = `subject-${place}`;
  node.querySelector("article").setAttribute("aria-labelledby", heading.id);
  node.querySelector(".mailbox-to").textContent = to.join(", ");
  node.querySelector(".mailbox-from").textContent = from;
  const when = new Date(at * 1000);
  node.querySelector("time").dateTime = when.toISOString();
  node.querySelector("time").textContent = time.format(when);
  node.querySelector(".mailbox-text").replaceChildren(...withLinks(text));
  return node;
}

function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"）。]+)/u).map((part) => {
    if (!part.startsWith(`${location.origin}/`)) return part;
    const link = document.createElement("a");
    link.href = part;
    link.textContent = part;
    return link;
  });
}

element("refresh").addEventListener("click", load);
load();
