// The sandbox's stand-in for Stripe.js: the calls that a card payment makes, with the same names, arguments and answers.
// Where Stripe shows an iframe of its own, this draws into a shadow root: the page cannot style it by accident, and a
// page under a strict content security policy with trusted types can load it as it is.
"use strict";
(() => {
  const base = new URL(document.currentScript.src).href.replace(/\/(js\.stripe\.com\/v3\/|v3\/|[a-z]+\/stripe\.js)$/, "");

  const TEXTS = {
    en: {
      note: "Practice system: use a test card. Real cards are refused and nothing is charged.",
      number: "Card number", expiry: "Expiry (MM/YY)", cvc: "Security code",
      bank: "Your bank asks: is it you?",
      bankNote: "Practice 3-D Secure. A real bank asks for a password or for its app here.",
      yes: "Complete authentication", no: "Fail authentication",
    },
    ja: {
      note: "練習用の環境です。テスト用のカードをお使いください。本物のカードは受け付けず、請求もありません。",
      number: "カード番号", expiry: "有効期限（月／年）", cvc: "セキュリティコード",
      bank: "カード会社からの本人確認",
      bankNote: "3Dセキュアの練習用画面です。実際には、ここでカード会社のパスワードやアプリによる確認を行います。",
      yes: "本人確認に成功する", no: "本人確認に失敗する",
    },
  };

  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(`
    :host { display: block; font: inherit; color: inherit; }
    .fields { display: grid; align-items: end; gap: 1rem; grid-template-columns: 1fr 1fr; }
    .number, .note { grid-column: 1 / -1; }
    .note { margin: 0; padding: 0.5rem 0.75rem; border-inline-start: 0.25rem solid #b45309; background: #fef3c7; color: #1f2937; }
    label { display: grid; gap: 0.25rem; font-weight: 700; }
    input { box-sizing: border-box; inline-size: 100%; min-block-size: 3rem; padding: 0.5rem 0.75rem; font: inherit;
      font-weight: 400; border: 1px solid #595959; border-radius: 0.5rem; background: #fff; color: #1a1a1a; }
    input:focus-visible, button:focus-visible { outline: 0.25rem solid #000; outline-offset: 0.125rem; box-shadow: 0 0 0 0.125rem #ffd43d; }
    input[aria-invalid="true"] { border-color: #b91c1c; border-width: 2px; }
    dialog { max-inline-size: 28rem; padding: 1.5rem; border: 1px solid #595959; border-radius: 0.75rem; font: inherit; color: #1a1a1a; }
    dialog::backdrop { background: rgb(0 0 0 / 0.5); }
    h2 { margin: 0 0 0.5rem; font-size: 1.25rem; }
    p { line-height: 1.6; }
    .choices { display: flex; flex-wrap: wrap; gap: 0.75rem; }
    button { min-block-size: 3rem; padding: 0.5rem 1rem; font: inherit; font-weight: 700; border-radius: 0.5rem;
      border: 1px solid #0017c1; background: #fff; color: #0017c1; }
    button.yes { background: #0017c1; color: #fff; }
  `);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const shadow = (host) => {
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    return root;
  };

  const FIELDS = {
    number: { maxLength: 23, className: "number", complete: (v) => v.replace(/\D/g, "").length >= 14 },
    expiry: { maxLength: 7, className: "expiry", complete: (v) => /^\d{2}\s*\/\s*\d{2}$/.test(v) },
    cvc: { maxLength: 4, className: "cvc", complete: (v) => /^\d{3,4}$/.test(v) },
  };

  class CardElement {
    #texts;
    #host = null;
    #inputs = {};
    #listeners = {};
    #before = "";

    constructor(texts) {
      this.#texts = texts;
    }

    mount(target) {
      const container = typeof target === "string" ? document.querySelector(target) : target;
      if (!container) throw new Error("mount: there is no such element");
      this.unmount();
      this.#host = element("div", { className: "stand-in-card" });
      const fields = element("div", { className: "fields" }, element("p", { className: "note", textContent: this.#texts.note }));
      for (const name of Object.keys(FIELDS)) fields.append(this.#field(name));
      shadow(this.#host).append(fields);
      container.append(this.#host);
      queueMicrotask(() => this.#emit("ready", {}));
    }

    #field(name) {
      // The browser must not offer somebody's real card to a practice system.
      const input = element("input", { type: "text", name, inputMode: "numeric", autocomplete: "off", maxLength: FIELDS[name].maxLength });
      input.addEventListener("input", () => {
        if (name === "expiry") this.#slash(input);
        input.removeAttribute("aria-invalid");
        this.#changed();
      });
      input.addEventListener("focus", () => this.#emit("focus", {}));
      input.addEventListener("blur", () => this.#emit("blur", {}));
      this.#inputs[name] = input;
      return element("label", { className: FIELDS[name].className }, element("span", { textContent: this.#texts[name] }), input);
    }

    #slash(input) {
      const digits = input.value.replace(/\D/g, "");
      const typing = input.value.length > this.#before.length;
      if (typing && digits.length >= 2) input.value = `${digits.slice(0, 2)}/${digits.slice(2, 4)}`;
      this.#before = input.value;
    }

    #changed() {
      const values = Object.entries(this.#inputs).map(([name, input]) => [FIELDS[name], input.value.trim()]);
      this.#emit("change", {
        complete: values.every(([field, value]) => field.complete(value)),
        empty: values.every(([, value]) => value === ""),
        error: undefined,
      });
    }

    /** The card as the wire wants it, or Stripe's error for the first thing that is missing. */
    read() {
      for (const [name, code] of [["number", "incomplete_number"], ["expiry", "incomplete_expiry"], ["cvc", "incomplete_cvc"]]) {
        const input = this.#inputs[name];
        if (!input) return { error: { type: "validation_error", code } };
        if (FIELDS[name].complete(input.value.trim())) continue;
        input.setAttribute("aria-invalid", "true");
        input.focus();
        return { error: { type: "validation_error", code } };
      }
      const [month, year] = this.#inputs.expiry.value.split("/").map((part) => part.trim());
      const number = this.#inputs.number.value.replace(/\D/g, "");
      return { card: { number, exp_month: month, exp_year: year, cvc: this.#inputs.cvc.value.trim() } };
    }

    on(event, handler) {
      (this.#listeners[event] ??= []).push(handler);
      return this;
    }

    #emit(event, what) {
      for (const handler of this.#listeners[event] ?? []) handler({ elementType: "card", ...what });
    }

    update() {}

    focus() {
      this.#inputs.number?.focus();
    }

    clear() {
      for (const input of Object.values(this.#inputs)) input.value = "";
      this.#changed();
    }

    unmount() {
      this.#host?.remove();
      this.#host = null;
      this.#inputs = {};
    }

    destroy() {
      this.unmount();
    }
  }

  const askBank = (texts) =>
    new Promise((resolve) => {
      const host = element("div");
      const yes = element("button", { type: "button", className: "yes", textContent: texts.yes });
      const no = element("button", { type: "button", textContent: texts.no });
      const dialog = element("dialog", {}, element("h2", { id: "bank", textContent: texts.bank }), element("p", { textContent: texts.bankNote }),
        element("div", { className: "choices" }, yes, no));
      dialog.setAttribute("aria-labelledby", "bank");
      shadow(host).append(dialog);
      document.body.append(host);
      const before = document.activeElement;
      const end = (success) => {
        host.remove();
        before?.focus();
        resolve(success);
      };
      yes.addEventListener("click", () => end(true));
      no.addEventListener("click", () => end(false));
      dialog.addEventListener("cancel", () => end(false));
      dialog.showModal();
    });

  const post = async (path, fields) => {
    try {
      const answer = await fetch(`${base}/v1/payment_intents/${path}`, { method: "POST", body: new URLSearchParams(fields) });
      return await answer.json();
    } catch {
      return { error: { type: "api_connection_error" } };
    }
  };

  const flat = (values, prefix) =>
    Object.entries(values).flatMap(([name, value]) => {
      const key = `${prefix}[${name}]`;
      return value && typeof value === "object" ? flat(value, key) : [[key, String(value)]];
    });

  const failed = (intent) => ({
    error: { type: "invalid_request_error", ...intent.last_payment_error, payment_intent: intent },
  });

  window.Stripe = (key, { locale } = {}) => {
    const textsFor = (language) => TEXTS[(language ?? locale ?? "en").slice(0, 2)] ?? TEXTS.en;
    return {
      elements: ({ locale: language } = {}) => ({
        create(type) {
          if (type !== "card") throw new Error("the stand-in knows the card element only");
          return new CardElement(textsFor(language));
        },
      }),

      async confirmCardPayment(clientSecret, { payment_method: method } = {}) {
        const id = /^(pi_\w+)_secret_/.exec(clientSecret)?.[1];
        if (!id) throw new Error("confirmCardPayment: this is no client secret");
        const typed = method.card.read();
        if (typed.error) return typed;
        const secrets = [["key", key], ["client_secret", clientSecret]];
        const data = { type: "card", card: typed.card, billing_details: method.billing_details ?? {} };
        let said = await post(`${id}/confirm`, [...secrets, ...flat(data, "payment_method_data")]);
        if (said.status === "requires_action") {
          const success = await askBank(textsFor());
          said = await post(`${id}/_authenticate?success=${success}`, secrets);
        }
        if (said.error) return { error: said.error };
        return said.status === "requires_payment_method" ? failed(said) : { paymentIntent: said };
      },
    };
  };
  window.Stripe.version = "stand-in";
})();
