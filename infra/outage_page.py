"""`python -m infra.outage_page` writes the carriers' outage procedure as a page of the site, from the message files.

A static file in both languages of the carriers: it is read when the API, its tables and its keys are down.
"""

from __future__ import annotations

from html import escape
from typing import Any

import yaml

from infra.build import ROOT

TARGET = ROOT / "web" / "public" / "carriers" / "outage.html"
LANGUAGES = ("ja", "en")
STEPS = ("first", "second", "third", "fourth", "fifth")


def page() -> str:
    """The page as it is committed."""
    told = {language: _messages(language) for language in LANGUAGES}
    parts = "\n".join(_part(language, told[language]) for language in LANGUAGES)
    titles = " / ".join(escape(told[language]["title"]) for language in LANGUAGES)
    return f"""<!doctype html>
<html lang="ja">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>{titles}</title>
    <link rel="icon" href="/mark.svg" type="image/svg+xml" />
  </head>
  <body>
    <main>
{parts}
    </main>
  </body>
</html>
"""


def _part(language: str, told: dict[str, Any]) -> str:
    steps = "\n".join(f"          <li>{escape(told[step])}</li>" for step in STEPS)
    return f"""      <section lang="{language}">
        <h1>{escape(told["title"])}</h1>
        <p>{escape(told["number"])}</p>
        <p>{escape(told["when"])}</p>
        <ol>
{steps}
        </ol>
        <p><strong>{escape(told["never"])}</strong></p>
        <p>{escape(told["after"])}</p>
        <p><a href="/{language}/verify">/{language}/verify</a></p>
      </section>"""


def _messages(language: str) -> dict[str, Any]:
    file = ROOT / "procedures" / "messages" / "parts" / f"carriers.{language}.yaml"
    told: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["outage"]
    return told


def main() -> None:
    """Write the page."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
