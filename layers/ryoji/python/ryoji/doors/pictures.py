"""Pictures of a case before the recognition services: what each check looks at, with the rules in force."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from ryoji.cases.case import Case, Document
from ryoji.catalogue.subject import passport_answers, person_answers
from ryoji.doors.cases import today_at_office
from ryoji.doors.texts import beside
from ryoji.evidence.finding import Finding


@cache
def _rules(name: str) -> dict[str, Any]:
    import json

    rules: dict[str, dict[str, Any]] = json.loads((beside() / "ryoji-rules.json").read_bytes())
    return rules[name]


def _picture(held: Document) -> bytes:
    from ryoji.adapters import objects

    return objects.clean(held.key)


def look_at_portrait(held: Document) -> Finding:
    """The portrait's rules on one picture."""
    from ryoji.adapters import recognition
    from ryoji.evidence.portrait import PortraitRules, check_portrait, measure_pixels

    picture = _picture(held)
    faces = recognition.detect_faces(picture)
    return check_portrait(
        measure_pixels(picture, faces), faces, PortraitRules.model_validate(_rules("portrait"))
    )


def look_at_faces(first: Document, second: Document) -> Finding:
    """Two pictures compared; a band and its threshold, never a verdict."""
    from ryoji.adapters import recognition
    from ryoji.evidence.faces import FaceBands, compare

    answer = recognition.compare_faces(_picture(first), _picture(second))
    return compare(answer, FaceBands.model_validate(_rules("faces")))


def look_at_travel_document(case: Case, held: Document) -> Finding:
    """The passport page read, and compared with what was typed so far."""
    from ryoji.adapters.zone_reading import read_zone
    from ryoji.evidence.travel_document.check import TypedPassport, check_travel_document

    today = today_at_office(case, datetime.now(UTC))
    passport, person = passport_answers(case.sections), person_answers(case.sections)
    typed = TypedPassport(
        number=passport.get("number"),
        surname=passport.get("surname"),
        given_names=passport.get("given_names"),
        expiry_date=passport.get("expiry_date"),
        birth_date=person.get("birth_date"),
    )
    issuer = passport.get("issuing_state") if "traveller" in case.sections else "JPN"
    return check_travel_document(read_zone(_picture(held), today), typed, today, expected_issuer=issuer)
