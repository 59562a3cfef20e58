"""The e-mail with the code of an account, from the message files.

Cognito has one text for all, and does not know the reader's language: all of the site's languages stand in it.
"""

from __future__ import annotations

import json
from html import escape

import yaml

from infra.build import ROOT

# What Cognito puts the code in the place of.
CODE = "{####}"


def subject() -> str:
    """The subject in every language; Cognito takes 140 characters."""
    return " / ".join(told["subject"] for told in _told().values())


def body(*, as_html: bool) -> str:
    """The code once, and what it is for in every language. Cognito sends HTML; the sandbox's mailbox shows text."""
    told = _told()
    if not as_html:
        return "\n\n".join([CODE, *(each["text"] for each in told.values())])
    known = _languages()
    parts = [
        f'<p lang="{language}" dir="{known[language]["direction"]}">{escape(each["text"])}</p>'
        for language, each in told.items()
    ]
    return "\n".join([f"<p><strong>{CODE}</strong></p>", *parts])


def _told() -> dict[str, dict[str, str]]:
    return {language: _messages(language) for language in _languages()}


def _languages() -> dict[str, dict[str, str]]:
    """The site's languages in the order in which readers are offered them."""
    known: dict[str, dict[str, str]] = json.loads((ROOT / "web" / "messages" / "languages.json").read_bytes())
    return known


def _messages(language: str) -> dict[str, str]:
    file = ROOT / "procedures" / "messages" / "parts" / f"accounts.{language}.yaml"
    told: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))["account"]["code"]
    return told
