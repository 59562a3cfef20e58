"""The carriers' outage procedure is served as the message files say it, and by the number that the answers name."""

from __future__ import annotations

from infra import outage_page
from ryoji.permissions.edifact.cusres import OUTAGE_PROCEDURE


def test_it_is_what_the_messages_say() -> None:
    # `make outage` writes it.
    assert outage_page.TARGET.read_text(encoding="utf-8") == outage_page.page()


def test_it_has_the_number_that_is_answered() -> None:
    assert outage_page.page().count(OUTAGE_PROCEDURE) == len(outage_page.LANGUAGES)
