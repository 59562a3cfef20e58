"""The carriers' outage procedure is served as the message files say it, and by the number that the answers name."""

from __future__ import annotations

from infra import outage_page
from infra.build import ROOT
from ryoji.permissions.edifact.cusres import OUTAGE_PROCEDURE


def test_it_is_what_the_messages_say() -> None:
    # `make outage` writes it.
    assert outage_page.TARGET.read_text(encoding="utf-8") == outage_page.page()


def test_it_begins_with_those_who_need_no_permission() -> None:
    """`UNABLE` is answered to them, too, when nothing can be: they must not be looked at for a seal that nobody has."""
    sections = outage_page.page().split("<section")[1:]
    first = [section.split("<li>")[1].split("</li>")[0] for section in sections]
    assert "Japanese nationals" in first[1]
    assert "residence card" in first[1]
    assert "日本国民" in first[0]
    assert "在留カード" in first[0]
    assert [section.count("<li>") for section in sections] == [5, 5]
    told = (ROOT / "docs" / "carriers" / "outage.md").read_text(encoding="utf-8")
    assert "1. Who needs no visa or authorization" in told


def test_it_has_the_number_that_is_answered() -> None:
    assert outage_page.page().count(OUTAGE_PROCEDURE) == len(outage_page.LANGUAGES)
