import { language, languages, offered, pathInLanguage } from "../language.ts";
import { t } from "../texts.ts";

/** Links to this very page in each other language, each named in itself. */
export function LanguageSelector({ path }: { path: string }) {
  return (
    <nav class="ryoji-languages" aria-label={t("languages.label")}>
      <ul class="ryoji-languages__list">
        {languages.filter(({ code }) => offered.value?.includes(code) ?? true).map(({ code, name }) => (
          <li key={code}>
            <a class="ryoji-languages__link" href={pathInLanguage(path, code)} lang={code} hreflang={code} aria-current={code === language.value ? "true" : undefined}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
