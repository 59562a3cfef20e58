import { render } from "preact";
import "../shared/styles/index.css";
import "./console.css";
import { language, preferredLanguage } from "../shared/language.ts";
import { loadSettings } from "../shared/settings.ts";
import { shared } from "../shared/texts.ts";
import { connect } from "./connection.ts";
import { CannotStart, Console, keptLanguage } from "./frame/console.tsx";
import { resumeSession } from "./session.ts";
import { consoleLanguages, consoleTexts, isConsoleLanguage } from "./texts.ts";

async function start(root: HTMLElement): Promise<void> {
  const kept = keptLanguage();
  language.value = isConsoleLanguage(kept) ? kept : preferredLanguage(navigator.languages, consoleLanguages);
  document.documentElement.lang = language.value;
  await Promise.all([shared.load(language.value), consoleTexts.load(language.value)]);
  try {
    const settings = await loadSettings();
    connect(settings);
    await resumeSession({ url: settings.officers.cognito_url, clientId: settings.officers.client_id });
    render(<Console settings={settings} />, root);
  } catch {
    render(<CannotStart onRetry={() => void start(root)} />, root);
  }
}

const root = document.getElementById("app");
if (root) void start(root);
