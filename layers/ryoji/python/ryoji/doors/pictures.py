"""Pictures of a case before the recognition services: what each check looks at, with the rules in force."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from ryoji.cases.case import Case, Document
from ryoji.catalogue.subject import PRINTED_SEX, nationality, passport_answers, person_answers
from ryoji.doors.cases import definition_of, today_at_office
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
    reading = read_zone(_picture(held), today)
    typed = TypedPassport(
        number=passport.get("number"),
        surname=passport.get("surname"),
        given_names=passport.get("given_names"),
        expiry_date=passport.get("expiry_date"),
        birth_date=person.get("birth_date") or birth_date_on_card(case, reading.fields.birth_date, today),
        nationality=nationality(case.sections),
        sex=PRINTED_SEX.get(person.get("sex", "")),
    )
    # A traveller's page is read before anything is typed: only a national's passport must be Japan's.
    national = definition_of(case).audience.who != "foreign_national"
    issuer = "JPN" if national else passport.get("issuing_state")
    return check_travel_document(reading, typed, today, expected_issuer=issuer)


def birth_date_on_card(case: Case, read: str | None, today: date) -> str | None:
    """What the card says of the person, while the form does not yet: somebody else's passport is seen at once.

    None for a child, whose application is begun with the card of the legal representative.
    """
    if case.card is None or read is None:
        return None
    from ryoji.catalogue.conditions import Facts
    from ryoji.catalogue.needs import signer

    of_the_page = Facts(answers={**case.sections, "person": {"birth_date": read}}, on=today)
    if signer(definition_of(case), of_the_page) != "self":
        return None
    known = str(case.card.get("birth_date") or "X")
    return None if "X" in known else known
