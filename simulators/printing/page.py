"""The page for people: the orders, and a button for each. Plain HTML; it works without scripts."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from simulators.printing.bureau import Bureau, Order

PAGES = Path(__file__).with_name("pages")
LANGUAGES = ("ja", "en")
TEXTS: dict[str, dict[str, str]] = {
    language: json.loads((PAGES / f"text.{language}.json").read_text("utf-8")) for language in LANGUAGES
}


def language_of(asked: str | None, accepted: str) -> str:
    """The language asked for, else the first that the browser names, else Japanese."""
    if asked in LANGUAGES:
        return asked
    named = (part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))
    return next((language for language in named if language in LANGUAGES), "ja")


def page(bureau: Bureau, language: str) -> str:
    """The whole page. Addresses are relative: it may stand behind any prefix."""
    text = TEXTS[language]
    other = "en" if language == "ja" else "ja"
    orders = bureau.orders()
    body = _table(orders, language) if orders else f"<p>{escape(text['none'])}</p>"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(text['title'])}</title>"
        '<link rel="stylesheet" href="printing.css"></head><body>'
        f'<header><p class="sandbox">{escape(text["sandbox"])}</p>'
        f'<a href="?lang={other}" lang="{other}" hreflang="{other}">'
        f"{escape(TEXTS[other]['this_language'])}</a></header>"
        f"<main><h1>{escape(text['title'])}</h1><p>{escape(text['about'])}</p>"
        f"<p>{escape(text['behaviour'])} <strong>{escape(text['mode_' + bureau.mode])}</strong></p>"
        f"{body}</main></body></html>"
    )


def _table(orders: list[Order], language: str) -> str:
    text = TEXTS[language]
    heads = "".join(
        f'<th scope="col">{escape(text[name])}</th>'
        for name in ("order", "office", "validity", "stage", "book", "what")
    )
    rows = "".join(_row(order, language) for order in orders)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(text["orders"])}"><table>'
        f"<caption>{escape(text['orders'])}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(order: Order, language: str) -> str:
    text = TEXTS[language]
    stage = text[f"stage_{order.stage}"]
    if order.report != "none":
        stage += text["join"] + text[f"report_{order.report}"]
    validity = text["years"].format(order.validity) if order.validity.isdigit() else order.validity
    return (
        f'<tr><th scope="row">{escape(order.order_id)}</th><td>{escape(order.office)}</td>'
        f"<td>{escape(validity)}</td><td>{escape(stage)}</td>"
        f"<td>{escape(order.book_number or '–')}</td><td>{_button(order, language)}</td></tr>"
    )


def _button(order: Order, language: str) -> str:
    text = TEXTS[language]
    if order.report == "done":
        return escape(text["nothing"])
    label = text["send_again"] if order.stage == "produced" else text["produce"]
    return (
        f'<form method="post" action="orders/{escape(order.order_id)}/produce?lang={language}">'
        f'<button aria-label="{escape(label)}{text["join"]}{escape(order.order_id)}">{escape(label)}</button></form>'
    )
