"""The card's signature through the doors: whom this deployment believes, and who ought to have signed."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.needs import signer
from ryoji.doors.cases import definition_of, facts_now
from ryoji.errors import Unavailable
from ryoji.evidence.finding import Finding
from ryoji.evidence.identity import CardSignature, ExpectedPerson, Trust, verify, whole_name
from ryoji.evidence.identity.certificate import Sex

_SEX: dict[str, Sex] = {"female": "F", "male": "M"}


def trust() -> Trust:
    """The pinned roots and the responder of this deployment; raises Unavailable when it has none."""
    from ryoji.adapters.settings import partner

    settings = partner("card")
    return _trust(tuple(settings["anchors"]), settings["ocsp_url"])


@cache
def _trust(anchors: tuple[str, ...], ocsp_url: str) -> Trust:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from ryoji.adapters.certificate_status_http import OcspCertificateStatus

    if not anchors:
        raise Unavailable("identity_unavailable")
    roots = tuple(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER) for pem in anchors)
    status = OcspCertificateStatus(
        ocsp_url, roots, clock=lambda: datetime.now(UTC), nonce=lambda: secrets.token_bytes(32)
    )
    return Trust(roots, status)


def expected_signer(case: Case, now: datetime) -> ExpectedPerson:
    """The applicant, or below the age to file alone their legal representative, as the definition says."""
    if signer(definition_of(case), facts_now(case, now)) == "legal_representative":
        return _representative(case)
    person = case.sections.get("person", {})
    return ExpectedPerson(
        name=whole_name(person),
        birth_date=date.fromisoformat(str(person["birth_date"])),
        sex=_SEX.get(str(person.get("sex"))),
        address=case.sections.get("contact", {}).get("address"),
        pointers={
            "name": "/sections/person/family_name",
            "birth_date": "/sections/person/birth_date",
            "sex": "/sections/person/sex",
            "address": "/sections/contact/address",
        },
    )


def _representative(case: Case) -> ExpectedPerson:
    """The form does not ask for the representative's sex: relation, birth date and address say enough."""
    guardian = case.sections.get("guardian", {})
    return ExpectedPerson(
        name=whole_name(guardian),
        birth_date=date.fromisoformat(str(guardian["birth_date"])),
        address=guardian.get("address"),
        role="legal_representative",
        pointers={
            "name": "/sections/guardian/family_name",
            "birth_date": "/sections/guardian/birth_date",
            "address": "/sections/guardian/address",
        },
    )


def check_submission(
    case: Case, document: dict[str, Any], signature: dict[str, str], at: datetime
) -> Finding:
    """Who signed this document, and whether that may be believed."""
    return verify(
        CardSignature.model_validate(signature), document, expected_signer(case, at), trust=trust(), at=at
    )
