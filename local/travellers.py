"""A foreign traveller's application walked through the API as people walk it: for seeding, rehearsals and tests."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from local.api import Caller
from local.journey import as_jpeg


@dataclass(frozen=True)
class Traveller:
    """A made-up traveller with a passport."""

    surname: str
    given_names: str
    birth_date: str
    sex: str
    nationality: str
    number: str
    country: str

    @property
    def name(self) -> str:
        """As the wallet shows it."""
        return f"{self.surname} {self.given_names}".strip()


INDONESIAN = Traveller("HARTONO", "DEWI AYU", "1994-03-08", "female", "IDN", "X1234567", "IDN")
CHINESE = Traveller("WANG", "XIAOMING", "1992-05-17", "male", "CHN", "EA1234567", "CHN")
INDIAN_IN_LONDON = Traveller("SHARMA", "ARJUN", "1987-07-21", "male", "IND", "Z1234567", "GBR")
BRITISH = Traveller("SMITH", "OLIVER", "1988-11-30", "male", "GBR", "123456789", "GBR")


def sections(
    who: Traveller, today: date, *, office: str | None = None, purpose: str = "tourism", language: str = "en"
) -> dict[str, dict[str, Any]]:
    """Answers of a traveller; with an office those of a visa, without one those of an authorization."""
    arrival = today + timedelta(days=40)
    answers: dict[str, dict[str, Any]] = {
        "traveller": {
            "surname": who.surname,
            "given_names": who.given_names,
            "birth_date": who.birth_date,
            "sex": who.sex,
            "nationality": who.nationality,
            "country_of_residence": who.country,
            # Each their own: an address or a telephone that many travellers share is a hit, and an officer decides.
            "address": f"{who.number} Long Street",
            "phone": "+62 21 " + "".join(filter(str.isdigit, who.number)),
            "email": f"{who.surname.lower()}@example.org",
            "occupation": "Teacher",
        },
        "travel_document": {
            "issuing_state": who.nationality,
            "number": who.number,
            "issue_date": "2024-01-10",
            "expiry_date": "2033-01-09",
            "electronic": "yes",
        },
        "trip": {
            "purpose": purpose,
            "arrival_date": arrival.isoformat(),
            "departure_date": (arrival + timedelta(days=9)).isoformat(),
            "lodging_name": "Hotel Sakura",
            "lodging_address": "1-1 Marunouchi, Chiyoda, Tokyo",
        },
        "past_travel": {
            **dict.fromkeys(("refused_visa", "removed", "overstayed", "convicted"), "no"),
            "confirmed": True,
        },
    }
    if office:
        answers |= {
            "host": {"kind": "none"},
            "funds": {"kind": "self", "evidence": "card"},
            "mission": {"office": office, "language": language, "humanitarian": "none"},
        }
    return answers


def passport_page(who: Traveller, portrait: bytes, scale: float = 16.0) -> bytes:
    """A picture of the traveller's passport page, as a scanner gives it."""
    from PIL import Image

    from ryoji.evidence.travel_document.document import MrzFields, format_mrz
    from simulators.specimens.holders import Holding
    from simulators.specimens.pages import draw_page
    from simulators.specimens.typefaces import file_of

    fields = MrzFields(
        document_code="P",
        issuing_state=who.nationality,
        surname=who.surname,
        given_names=who.given_names,
        number=who.number,
        nationality=who.nationality,
        birth_date=who.birth_date,
        sex="F" if who.sex == "female" else "M",
        expiry_date="2033-01-09",
    )
    holding = Holding("TD3", fields, format_mrz(fields, "TD3", empty_optional_digit="0"))
    face = Image.open(io.BytesIO(portrait))
    return as_jpeg(draw_page(holding, random.Random(who.number), scale, file_of("OCR B"), face))


def own_portrait(portrait: bytes, number: str) -> bytes:
    """The portrait as the bearer of this passport sends it: one picture of two bearers would be a hit of screening."""
    from PIL import Image, ImageDraw

    picture = Image.open(io.BytesIO(portrait)).convert("RGB")
    wall = picture.getpixel((4, 4))
    chance = random.Random(number)
    if not isinstance(wall, tuple):
        return portrait
    corner = tuple(max(0, min(255, level + chance.randint(-24, 24))) for level in wall)
    ImageDraw.Draw(picture).rectangle((0, 0, 15, 15), fill=corner)
    return as_jpeg(picture)


def paper(what: str) -> bytes:
    """A picture of a written paper, one of its own for each text."""
    from PIL import Image, ImageDraw

    sheet = Image.effect_noise((1240, 1754), 10).convert("RGB").point(lambda v: min(255, v + 112))
    draw = ImageDraw.Draw(sheet)
    chance = random.Random(what)
    for line in range(24):
        draw.text(
            (120, 160 + line * 58), f"{what} {chance.getrandbits(60):x}", fill=(30, 30, 40), font_size=28
        )
    for _ in range(6):
        x, y = chance.randint(80, 900), chance.randint(100, 1500)
        draw.rectangle((x, y, x + chance.randint(60, 260), y + chance.randint(20, 160)), fill=(90, 90, 110))
    return as_jpeg(sheet)


def filled(
    caller: Caller,
    procedure: str,
    answers: dict[str, dict[str, Any]],
    page: bytes,
    portrait: bytes,
    **opening: Any,
) -> str:
    """A draft with all answers and documents of a procedure; its case id."""
    case: dict[str, Any] = caller.ok("POST", "/cases", {"procedure": procedure, "language": "en", **opening})
    case_id = str(case["case_id"])
    own = own_portrait(portrait, str(answers["travel_document"]["number"]))
    wanted = {section["id"] for section in case["sections"]}
    for section, given in answers.items():
        if section in wanted:
            case = caller.ok("PUT", f"/cases/{case_id}/sections/{section}", {"answers": given})
    for document in case["documents"]:
        picture = {"passport_page": page, "portrait": own}.get(document["id"])
        if document["supply"] != "upload" or (picture is None and not document["required"]):
            continue
        caller.upload(case_id, document["id"], picture or paper(f"{document['id']} {case_id}"))
        for check in ("travel_document", "portrait"):
            if check in document["checks"]:
                caller.ok("POST", f"/cases/{case_id}/documents/{document['id']}/checks/{check}")
    return case_id


def send(caller: Caller, case_id: str) -> dict[str, Any]:
    """Confirm what is shown and send it."""
    shown = caller.ok("GET", f"/cases/{case_id}/submission")
    case: dict[str, Any] = caller.ok("POST", f"/cases/{case_id}/submission", {"digest": shown["digest"]})
    return case
