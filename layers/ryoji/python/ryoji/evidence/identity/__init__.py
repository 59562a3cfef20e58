"""The My Number card's signature (公的個人認証, JPKI): who signed a submission, and whether that may be believed.

The law behind it: the certificate must be checked not to have lapsed and the signature to be by the matching
key (JPKI Act arts 17-19; reference japan.md §2.3). Only public facts of the profile are used. Reading real
cards also needs the agreement with J-LIS and its network; the sandbox's authority is `simulators/card`.
"""

from ryoji.evidence.card_signature import CardSignature
from ryoji.evidence.identity.canonical import digest, submission_bytes
from ryoji.evidence.identity.certificate import BirthDate, CardAttributes
from ryoji.evidence.identity.comparison import ExpectedPerson, whole_name
from ryoji.evidence.identity.reading import CardReading, Challenge, read_card
from ryoji.evidence.identity.verification import Trust, verify

__all__ = [
    "BirthDate",
    "CardAttributes",
    "CardReading",
    "CardSignature",
    "Challenge",
    "ExpectedPerson",
    "Trust",
    "digest",
    "read_card",
    "submission_bytes",
    "verify",
    "whole_name",
]
