"""Stripe's published test cards and what each does; any other number is refused unread, as Stripe does in test mode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Card:
    """How a test card behaves: Stripe's error code and decline code, and whether the bank asks the holder first."""

    error: str | None = None
    decline: str | None = None
    challenge: bool = False


# The numbers are Stripe's own, from docs.stripe.com/testing.
CARDS: dict[str, Card] = {
    "4242424242424242": Card(),  # Visa
    "4000056655665556": Card(),  # Visa debit
    "5555555555554444": Card(),  # Mastercard
    "5200828282828210": Card(),  # Mastercard debit
    "378282246310005": Card(),  # American Express
    "3056930009020004": Card(),  # Diners Club
    "36227206271667": Card(),  # Diners Club, 14 digits
    "3566002020360505": Card(),  # JCB
    "4000003920000003": Card(),  # Visa, issued in Japan
    "4000002500003155": Card(challenge=True),
    "4000002760003184": Card(challenge=True),
    "4000000000003220": Card(challenge=True),
    "4000008260003178": Card("card_declined", "insufficient_funds", challenge=True),
    "4000008400001629": Card("card_declined", "generic_decline", challenge=True),
    "4000000000000002": Card("card_declined", "generic_decline"),
    "4000000000009995": Card("card_declined", "insufficient_funds"),
    "4000000000009987": Card("card_declined", "lost_card"),
    "4000000000009979": Card("card_declined", "stolen_card"),
    "4000000000000069": Card("expired_card"),
    "4000000000000127": Card("incorrect_cvc"),
    "4000000000000119": Card("processing_error"),
    "4000000000006975": Card("card_declined", "card_velocity_exceeded"),
}

# The few numbers by which localstripe knows how to behave. It takes 16 digits and no other length, charges some of the
# cards that Stripe declines, and has no decline codes: so it is given the behaviour, and the code is added on the way.
_BEHAVIOUR = {
    (False, False): "4242424242424242",
    (False, True): "4000000000000341",
    (True, False): "4000002760003184",
    (True, True): "4000008400001629",
}


def behaving_like(card: Card) -> dict[str, str]:
    """A card for localstripe that does what this one does."""
    number = _BEHAVIOUR[(card.challenge, card.error is not None)]
    return {"number": number, "exp_month": "12", "exp_year": "2040", "cvc": "123"}


def read(number: str, month: str, year: str, cvc: str, today: date) -> Card | dict[str, str]:
    """The card that was typed, or Stripe's error for it (`code`, perhaps `decline_code`)."""
    digits = number.replace(" ", "")
    if not digits.isdigit() or not _luhn(digits):
        return {"code": "incorrect_number"}
    if not (month.isdigit() and 1 <= int(month) <= 12):
        return {"code": "invalid_expiry_month"}
    if not year.isdigit() or _past(int(month), int(year), today):
        return {"code": "invalid_expiry_year"}
    if not (cvc.isdigit() and len(cvc) in {3, 4}):
        return {"code": "invalid_cvc"}
    card = CARDS.get(digits)
    return card or {"code": "card_declined", "decline_code": "test_mode_live_card"}


def _past(month: int, year: int, today: date) -> bool:
    full = year if year > 99 else 2000 + year
    return (full, month) < (today.year, today.month)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
