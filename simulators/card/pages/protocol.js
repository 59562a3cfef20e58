// How the portal asks and gets its answer: by messages between windows, or by redirect. README.md documents both.

const PATIENCE = 10_000;
const DIGEST = /^[0-9a-f]{64}$/;

/** The one request of this page: `{request}` with an `answer` function, or `{stopped: reason}`. */
export async function receiveRequest(origins) {
  const query = new URLSearchParams(location.search);
  const allowed = new Set([...origins, location.origin]);
  if (query.has("return")) return redirected(query, allowed);
  if (query.has("request") && window.opener) return messaged(query.get("request"), allowed);
  return { stopped: "direct" };
}

function redirected(query, allowed) {
  const target = parseUrl(query.get("return"));
  if (!target || !allowed.has(target.origin)) return { stopped: "origin" };
  const request = read(Object.fromEntries(query), target.origin);
  if (!request) return { stopped: "request" };
  request.answer = (answer) => {
    // In the fragment: it reaches neither a server's log nor a Referer header.
    target.hash = fragment(query.get("state") ?? "", answer);
    location.replace(target.href);
  };
  return { request };
}

function fragment(state, answer) {
  if (answer.error) return new URLSearchParams({ state, error: answer.error }).toString();
  return new URLSearchParams({ state, format: answer.signature.format, signature: answer.signature.value }).toString();
}

function messaged(id, allowed) {
  return new Promise((resolve) => {
    const hear = (event) => {
      if (event.source !== window.opener || event.data?.type !== "card.request" || event.data.request !== id) return;
      stop();
      if (!allowed.has(event.origin)) return resolve({ stopped: "origin" });
      const request = read(event.data, event.origin);
      if (!request) return resolve({ stopped: "request" });
      request.answer = (answer) => {
        window.opener.postMessage({ type: "card.answer", request: id, ...answer }, event.origin);
        window.close();
      };
      resolve({ request });
    };
    // The portal may not be listening yet: say it until it answers. It reaches only the origins that may ask.
    const knock = () => {
      for (const origin of allowed) window.opener.postMessage({ type: "card.ready", request: id }, origin);
    };
    const knocking = setInterval(knock, 300);
    const giveUp = setTimeout(() => {
      stop();
      resolve({ stopped: "direct" });
    }, PATIENCE);
    const stop = () => {
      clearInterval(knocking);
      clearTimeout(giveUp);
      window.removeEventListener("message", hear);
    };
    window.addEventListener("message", hear);
    knock();
  });
}

function read({ purpose, digest, title, language }, origin) {
  if (!["read", "sign"].includes(purpose) || typeof digest !== "string" || !DIGEST.test(digest)) return null;
  const subject = typeof title === "string" ? title.slice(0, 200) : "";
  return { purpose, digest, origin, title: subject, language: language === "en" || language === "ja" ? language : null };
}

function parseUrl(value) {
  try {
    const url = new URL(value);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
