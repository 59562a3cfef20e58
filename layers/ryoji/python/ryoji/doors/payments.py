"""The card gateway of this deployment."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from ryoji.adapters.settings import partner, secret
from ryoji.adapters.stripe_payments import StripePayments


@cache
def gateway() -> StripePayments:
    """Stripe, or the stand-in that the deployment's settings name."""
    return StripePayments(
        secret("STRIPE_SECRET")["api_key"], partner("stripe").get("api_base"), lambda: datetime.now(UTC)
    )
