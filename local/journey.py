"""A renewal walked through the API as people walk it: for seeding, rehearsals and tests."""

from __future__ import annotations

import io
import json
import random
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.api import Caller
from simulators.card.people import Person, load_people

PREFECTURES = {
    "東京都": "13",
    "神奈川県": "14",
    "大阪府": "27",
    "北海道": "01",
    "京都府": "26",
    "愛知県": "23",
}


@dataclass(frozen=True)
class Walker:
    """The sandbox's addresses that a journey needs."""

    origin: str
    card: str
    stripe: str
    printing: str

    @classmethod
    def of(cls, origin: str, ports: dict[str, int]) -> Walker:
        """The addresses of a sandbox with these ports."""
        return cls(origin, *(f"http://127.0.0.1:{ports[part]}" for part in ("card", "stripe", "printing")))


def person(name: str) -> Person:
    """A person of the simulated card."""
    return next(p for p in load_people() if p.id == name)


def sections(who: Person, *, office: str, language: str = "en") -> dict[str, dict[str, Any]]:
    """Answers for an adult who renews at an office."""
    family, given = who.name.split("\u3000")
    family_kana, given_kana = who.kana.split("\u3000")
    prefecture = next((p for p in PREFECTURES if who.honseki.startswith(p)), "東京都")
    passport = who.passport
    if passport is None:
        raise ValueError(f"{who.id} holds no passport")
    return {
        "renewal": {"reason": "remaining_under_one_year", "validity": "10"},
        "passport_held": {
            "number": passport.number,
            "surname": who.roman.surname,
            "given_names": who.roman.given_names,
            "issue_date": passport.issued.isoformat(),
            "expiry_date": passport.expires.isoformat(),
        },
        "person": {
            "family_name": family,
            "given_name": given,
            "family_name_kana": family_kana,
            "given_name_kana": given_kana,
            "surname_roman": who.roman.surname,
            "given_names_roman": who.roman.given_names,
            "birth_date": who.birth_date.isoformat(),
            "sex": "female" if who.sex == "F" else "male",
            "registered_domicile_prefecture": PREFECTURES[prefecture],
            "registered_domicile": who.honseki.removeprefix(prefecture),
        },
        "contact": {
            "country": "JP",
            "postal_code": "100-0005",
            "address": who.address,
            "phone": "03-1234-5678",
            "email": f"{who.roman.given_names.lower()}@example.jp",
            "emergency_name": f"{family} 太郎",
            "emergency_relation": "parent",
            "emergency_phone": "03-8765-4321",
        },
        "declarations": {
            **dict.fromkeys(
                (
                    "entry_refused",
                    "charged",
                    "sentenced",
                    "passport_crime",
                    "forgery",
                    "repatriated",
                    "foreign_nationality",
                ),
                "no",
            ),
            "confirmed": True,
        },
        "collection": {"office": office, "language": language},
    }


def passport_page(who: Person, portrait: bytes | None = None, scale: float = 16.0) -> bytes:
    """A picture of the person's passport page, as a scanner gives it."""

    from PIL import Image

    from ryoji.evidence.travel_document.document import MrzFields, format_mrz
    from simulators.specimens.holders import Holding
    from simulators.specimens.pages import draw_page
    from simulators.specimens.typefaces import file_of

    if who.passport is None:
        raise ValueError(f"{who.id} holds no passport")
    fields = MrzFields(
        document_code="P",
        issuing_state="JPN",
        surname=who.roman.surname,
        given_names=who.roman.given_names,
        number=who.passport.number,
        nationality="JPN",
        birth_date=who.birth_date.isoformat(),
        sex=who.sex,
        expiry_date=who.passport.expires.isoformat(),
    )
    holding = Holding("TD3", fields, format_mrz(fields, "TD3", empty_optional_digit="0"))
    face = Image.open(io.BytesIO(portrait)) if portrait else None
    page = draw_page(holding, random.Random(who.id), scale, file_of("OCR B"), face)
    return as_jpeg(page)


def signature_picture(who: Person) -> bytes:
    """A picture of a signature on white paper."""
    from PIL import Image, ImageDraw

    paper = Image.effect_noise((1600, 600), 12).convert("RGB").point(lambda v: min(255, v + 110))
    draw = ImageDraw.Draw(paper)
    chance = random.Random(who.id)
    points = [(150 + step * 32, 300 + chance.randint(-140, 140)) for step in range(40)]
    draw.line(points, fill=(20, 24, 90), width=9, joint="curve")
    return as_jpeg(paper, 92)


def as_jpeg(picture: Any, quality: int = 88) -> bytes:
    """A picture as JPEG."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def sign(walker: Walker, who: Person, digest: str) -> dict[str, str]:
    """The card's signature over a digest."""
    body = json.dumps({"person": who.id, "pin": who.pin, "digest_hex": digest}).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback only
        f"{walker.card}/api/sign", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback only
        signature: dict[str, str] = json.loads(answer.read())["signature"]
    return signature


@dataclass
class Pictures:
    """The pictures that a renewal needs."""

    portrait: bytes
    page: bytes
    signature: bytes


def fill(caller: Caller, case_id: str, who: Person, pictures: Pictures, *, office: str) -> dict[str, Any]:
    """Fill in a draft: sections, uploads and their checks; the case afterwards."""
    for section, answers in sections(who, office=office).items():
        caller.ok("PUT", f"/cases/{case_id}/sections/{section}", {"answers": answers})
    for document, picture, check in (
        ("passport_page", pictures.page, "travel_document"),
        ("portrait", pictures.portrait, "portrait"),
        ("signature", pictures.signature, None),
    ):
        caller.upload(case_id, document, picture)
        if check:
            caller.ok("POST", f"/cases/{case_id}/documents/{document}/checks/{check}")
    case: dict[str, Any] = caller.ok("GET", f"/cases/{case_id}")
    return case


def read_and_sign(walker: Walker, caller: Caller, case_id: str, who: Person) -> dict[str, Any]:
    """Sign the application with the card and send it."""
    submission = caller.ok("GET", f"/cases/{case_id}/submission")
    case: dict[str, Any] = caller.ok(
        "POST", f"/cases/{case_id}/submission", {"signature": sign(walker, who, submission["digest"])}
    )
    return case


LONGEST_PAUSE = 1.5


def until(
    look: Callable[[], dict[str, Any]], reached: Callable[[dict[str, Any]], bool], seconds: float = 60
) -> dict[str, Any]:
    """Look again and again until something is reached; raises TimeoutError with what was seen last."""
    end = time.monotonic() + seconds
    pause = 0.2
    while True:
        seen = look()
        if reached(seen):
            return seen
        if time.monotonic() > end:
            raise TimeoutError(f"still {seen.get('status')}: {json.dumps(seen)[:800]}")
        # Looking costs what is waited for the processor: what takes long is looked at less often.
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST_PAUSE)
