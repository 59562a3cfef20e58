"""Reading the card at the start, to fill in the form: the holder signs a challenge of this case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ryoji.errors import Refused
from ryoji.evidence.card_signature import CardSignature
from ryoji.evidence.finding import Finding
from ryoji.evidence.identity import canonical
from ryoji.evidence.identity.certificate import CardAttributes
from ryoji.evidence.identity.verification import Trust, examine


@dataclass(frozen=True)
class Challenge:
    """What a reading signs. The case and the expiry are in it, so a reading fits no other case and no other day;
    `nonce` is random, from the caller, and is kept with the case until it is used."""

    case_id: str
    nonce: str
    expires_at: datetime

    def document(self) -> dict[str, Any]:
        """`purpose` keeps a reading from ever being taken for a signed submission, and the other way round."""
        return {
            "purpose": "read_card",
            "case_id": self.case_id,
            "nonce": self.nonce,
            "expires_at": self.expires_at.isoformat(),
        }

    @property
    def digest(self) -> str:
        """SHA-256 (hex) that the card's page is asked to sign."""
        return canonical.digest(self.document())


@dataclass(frozen=True)
class CardReading:
    """The finding, and the attributes to fill in: only of a card that passed."""

    finding: Finding
    attributes: CardAttributes | None


def read_card(signature: CardSignature, challenge: Challenge, *, trust: Trust, at: datetime) -> CardReading:
    """Verify a signature over the challenge as a submission's is, but compare with nobody.

    Raises `Refused("card_challenge_expired")`.
    """
    if at > challenge.expires_at:
        raise Refused("card_challenge_expired")
    examination = examine(signature, challenge.digest, trust=trust, at=at)
    passed = examination.finding.outcome == "pass"
    return CardReading(examination.finding, examination.attributes if passed else None)
