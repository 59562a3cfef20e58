"""What the printing partner is shown of who orders: its API key is a secret, and no setting."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.doors import production
from tests.unit.cases import walking

SECRETS = {"PRINTING_SECRET": {"api_key": "a key of the partner's"}}


@pytest.mark.parametrize(("wants_key", "shown"), [(True, "a key of the partner's"), (False, None)])
def test_a_partner_that_wants_a_key_is_shown_the_secrets(
    monkeypatch: pytest.MonkeyPatch,
    wants_key: bool,
    shown: str | None,
) -> None:
    made: list[tuple[str, str | None]] = []

    class Printing:
        def __init__(self, url: str, api_key: str | None) -> None:
            made.append((url, api_key))

        def order(self, order: Any) -> None:
            assert order.holder.surname == "YAMADA"

    settings = {"url": "https://printing.example", "wants_key": wants_key}
    monkeypatch.setattr(production, "partner", lambda _: settings)
    monkeypatch.setattr(production, "secret", lambda name: SECRETS[name])
    monkeypatch.setattr(production, "HttpPrinting", Printing)
    production.order(walking.approved().case, "order.1")
    assert made == [("https://printing.example", shown)]
