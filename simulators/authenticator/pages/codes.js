// Shows the codes, and asks for the next ones when these have run out.
const element = (id) => document.getElementById(id);

let endsAt = 0;

async function load() {
  const response = await fetch("api/codes");
  element("broken").hidden = response.ok;
  if (!response.ok) return;
  const { codes, seconds_left: left } = await response.json();
  endsAt = Date.now() + left * 1000;
  element("empty").hidden = codes.length > 0;
  element("left").hidden = codes.length === 0;
  element("codes").replaceChildren(...codes.map(row));
}

function row({ label, code }) {
  const node = element("row").content.cloneNode(true);
  node.querySelector(".codes-label").textContent = label;
  node.querySelector(".codes-code").textContent = code;
  const button = node.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent.trim()}: ${label}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    element("copied").textContent = `${element("copied").dataset.copied}: ${label}`;
  });
  return node;
}

async function tick() {
  // Rows are drawn anew only every half minute, so that the focus on a button is not lost each second.
  if (Date.now() >= endsAt) {
    endsAt = Date.now() + 3000;
    await load().catch(() => {
      element("broken").hidden = false;
    });
  }
  const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  element("meter").value = left;
  element("seconds").textContent = String(left);
}

setInterval(tick, 500);
tick();
