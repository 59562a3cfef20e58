"""How long a case is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest

from ryoji.cases.retention import drafts_to_dispose_of, kept_until
from ryoji.catalogue.definition import Retention

ENDED, EXPIRES = date(2026, 11, 23), date(2036, 11, 24)


def retention(after: Literal["expiry", "decision", "closing"] = "expiry", **more: Any) -> Retention:
    return Retention.model_validate(
        {"years": 5, "after": after, "refusal_years": 10, "source": "x", "mark": "design", **more}
    )


@pytest.mark.parametrize(
    ("kept", "refused", "expires", "until"),
    [
        (retention("expiry"), False, EXPIRES, date(2041, 11, 24)),
        (retention("expiry"), False, None, date(2031, 11, 23)),
        (retention("closing"), False, EXPIRES, date(2031, 11, 23)),
        (retention("decision"), False, EXPIRES, date(2031, 11, 23)),
        (retention("expiry"), True, None, date(2036, 11, 23)),
        (retention("expiry", refusal_years=None), True, None, date(2031, 11, 23)),
    ],
)
def test_years_run_from_what_the_definition_says(
    kept: Retention, refused: bool, expires: date | None, until: date
) -> None:
    assert kept_until(kept, ended=ENDED, refused=refused, expires=expires) == until


def test_the_leap_day_ends_with_february() -> None:
    leap = date(2028, 2, 29)
    assert kept_until(retention(), ended=leap, refused=False, expires=None) == date(2033, 2, 28)


def test_drafts_are_kept_for_ninety_days() -> None:
    assert drafts_to_dispose_of(date(2026, 11, 23)) == date(2026, 8, 24)
