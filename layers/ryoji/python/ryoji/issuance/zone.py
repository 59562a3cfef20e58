"""The machine-readable zone of a printed e-visa: MRV-B (ICAO Doc 9303-7), two lines of 36."""

from __future__ import annotations

from ryoji.evidence.travel_document.document import Lines, MrzFields, format_mrz
from ryoji.issuance.issued import Issued
from ryoji.issuance.seal_profile import SealRules


def visa_zone(issued: Issued, rules: SealRules) -> Lines:
    """The two lines; none for an authorization, which is no visa.

    The document number is the passport's, which 9303-7 leaves to the issuing state: it is what carriers read and ask
    by. Raises `Invalid("mrz_too_long")` for a number that has no place.
    """
    if issued.kind != "visa":
        return ()
    fields = MrzFields(
        document_code="V",
        issuing_state=rules.state,
        surname=issued.surname,
        given_names=issued.given_names,
        number=issued.passport_number,
        nationality=issued.nationality,
        birth_date=issued.birth_date,
        sex=issued.sex,
        expiry_date=issued.valid_until.isoformat(),
    )
    return format_mrz(fields, "MRVB")
