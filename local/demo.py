"""What a newcomer needs to try the sandbox: pictures to upload for each demo person, and cases that are under way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from local.api import Caller, applicant_token
from local.journey import Pictures, Walker, fill, passport_page, person, read_and_sign, signature_picture
from local.places import ROOT
from local.prepare import APT, FONTS
from local.seed import PASSWORD
from local.travellers import BRITISH, INDONESIAN, Traveller
from local.travellers import passport_page as travellers_page

if TYPE_CHECKING:
    from local.running import Running

PORTRAITS = ROOT / "simulators" / "people" / "pictures"
# Faces of nobody, blended for the invented people (simulators/people/pictures/LICENCE.md).
FACES = {"yamada-hanako": "hanako.jpg", "sato-kenichi": "kenichi.jpg"}
# Travellers bear the same two faces: there is no third one of nobody.
TRAVELLERS: dict[str, tuple[Traveller, str]] = {
    "hartono-dewi": (INDONESIAN, "hanako.jpg"),
    "smith-oliver": (BRITISH, "kenichi.jpg"),
}
# The system's packages that a passport page is drawn with.
DRAWN_WITH = (APT["fc-match"], FONTS["DejaVu Sans"], FONTS["OCR B"])
OFFICE = {"yamada-hanako": "mission-singapore", "sato-kenichi": "mission-new-york"}
EMAIL = {"yamada-hanako": "hanako@example.jp", "sato-kenichi": "kenichi@example.jp"}


def pictures_of(name: str) -> Pictures:
    """Portrait, passport page with the same face, and signature of a demo person."""
    who = person(name)
    portrait = (PORTRAITS / FACES[name]).read_bytes()
    return Pictures(portrait, passport_page(who, portrait), signature_picture(who))


def write_pictures(folder: Path) -> Path:
    """Write the pictures of every demo person that are not there yet, to be uploaded by hand; the folder."""
    for name in (*FACES, *TRAVELLERS):
        kept = folder / name
        if (kept / "passport-page.jpg").exists():
            continue
        kept.mkdir(parents=True, exist_ok=True)
        # The page last: where it is, the others are.
        for what, picture in _pictures(name).items():
            (kept / f"{what}.jpg").write_bytes(picture)
    return folder


def _pictures(name: str) -> dict[str, bytes]:
    if name in FACES:
        made = pictures_of(name)
        return {"portrait": made.portrait, "signature": made.signature, "passport-page": made.page}
    who, face = TRAVELLERS[name]
    portrait = (PORTRAITS / face).read_bytes()
    return {"portrait": portrait, "passport-page": travellers_page(who, portrait)}


def seed_cases(running: Running) -> None:
    """One case that lies before the officers and one draft, once in a sandbox's life."""
    seeded = running.home.folder / "cases-seeded"
    if seeded.exists():
        return
    settings = json.loads(running.home.settings.read_text())
    walker = Walker.of(running.origin, running.ports)
    for name, sends in (("sato-kenichi", True), ("yamada-hanako", False)):
        caller = Caller(running.origin, applicant_token(settings, EMAIL[name], PASSWORD))
        case = caller.ok("POST", "/cases", {"procedure": "passport-renewal", "language": "ja"})
        if sends:
            fill(caller, case["case_id"], person(name), pictures_of(name), office=OFFICE[name])
            read_and_sign(walker, caller, case["case_id"], person(name))
    seeded.touch()
