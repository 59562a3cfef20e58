"""What the people of a case do at each of its statuses. Each deed may be begun again where it was left."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Any

from chaos.client import Client, Heard, Refusal, Silence
from chaos.travellers import Application
from local.api import fetch
from local.journey import Pictures, person, sections, sign
from tests.sandbox import Sandbox

OFFICE = "mission-singapore"
CARD = "4242424242424242"
ENDED = frozenset({"completed", "issued", "refused", "withdrawn", "lapsed"})
# Every so many-th applicant has the pictures checked while filling in, as the portal does.
CHECKS_EVERY = 4
# Of eight travellers the officers revoke what two were given: one visa and one authorization.
REVOKED_OF_EIGHT = (1, 4)
# So long an officer waits for an airline to have been told that the holder may board.
BOARDING_SECONDS = 30.0


@dataclass
class Journey:
    """One case on its way. `done` are the statuses at which its people have done what is theirs.

    `boarded`: an airline was told that the holder may board. `revoking` and `revoked`: when an officer began to revoke
    what was issued, and when that was answered (monotonic seconds); `seal` is that of what was revoked.
    """

    place: int
    key: str
    application: Application | None
    case_id: str = ""
    status: str = "none"
    done: set[str] = field(default_factory=set)
    busy: bool = False
    troubles: list[str] = field(default_factory=list)
    boarded: bool = False
    revoking: float | None = None
    revoked: float | None = None
    seal: str = ""

    @property
    def kind(self) -> str:
        """Renewal, visa or authorization."""
        return self.application.procedure if self.application else "passport-renewal"

    @property
    def to_be_revoked(self) -> bool:
        """Whether an officer takes back what is issued."""
        return self.application is not None and self.place % 8 in REVOKED_OF_EIGHT

    @property
    def ended(self) -> bool:
        """Whether it has come to its end: what is to be revoked has been."""
        if self.status == "issued" and self.to_be_revoked:
            return self.revoked is not None
        return self.status in ENDED


@dataclass
class People:
    """Everybody in the sandbox, seen from one thread of work."""

    ryoji: Sandbox
    heard: Heard
    chance: random.Random
    pictures: Pictures
    paper: bytes
    lock: threading.Lock = field(default_factory=threading.Lock)

    def applicant(self, journey: Journey) -> Client:
        """Who applies."""
        email = "hanako@example.jp"
        if journey.application:
            email = "oliver@example.uk" if "visa" in journey.kind else "dewi@example.id"
        return self._client(lambda: self.ryoji.applicant(email))

    def officer(self, username: str) -> Client:
        """An officer."""
        return self._client(lambda: self.ryoji.officer(username))

    def _client(self, signed_in: Callable[[], Any]) -> Client:
        with self.lock:  # a token is got once
            caller = signed_in()
        return Client(caller, self.heard, self.chance)


def apply(people: People, journey: Journey) -> None:
    """Open, fill in and send."""
    who = people.applicant(journey)
    asked = {"procedure": journey.kind, "language": "en"}
    case = who.ask("POST", "/cases", asked, key=journey.key)
    journey.case_id = str(case["case_id"])
    if case["status"] != "draft":
        return
    if journey.application:
        _fill_in_as_traveller(people, who, journey, case)
        shown = who.ask("GET", f"/cases/{journey.case_id}/submission")
        who.ask("POST", f"/cases/{journey.case_id}/submission", {"digest": shown["digest"]})
        return
    _fill_in_renewal(people, who, journey)
    shown = who.ask("GET", f"/cases/{journey.case_id}/submission")
    signature = _persistently(lambda: sign(people.ryoji.walker, person("yamada-hanako"), shown["digest"]))
    who.ask("POST", f"/cases/{journey.case_id}/submission", {"signature": signature})


def _fill_in_renewal(people: People, who: Client, journey: Journey) -> None:
    case_id, pictures = journey.case_id, people.pictures
    for section, answers in sections(person("yamada-hanako"), office=OFFICE).items():
        who.ask("PUT", f"/cases/{case_id}/sections/{section}", {"answers": answers})
    for document, picture, check in (
        ("passport_page", pictures.page, "travel_document"),
        ("portrait", pictures.portrait, "portrait"),
        ("signature", pictures.signature, None),
    ):
        who.upload(case_id, document, picture)
        if check and journey.place % CHECKS_EVERY == 0:
            who.ask("POST", f"/cases/{case_id}/documents/{document}/checks/{check}")


def _fill_in_as_traveller(people: People, who: Client, journey: Journey, case: dict[str, Any]) -> None:
    given, case_id = journey.application, journey.case_id
    if given is None:
        return
    wanted = {section["id"] for section in case["sections"]}
    for section, answers in given.answers.items():
        if section in wanted:
            case = who.ask("PUT", f"/cases/{case_id}/sections/{section}", {"answers": answers})
    for document in case["documents"]:
        picture = {"passport_page": given.page, "portrait": given.portrait}.get(document["id"])
        if picture is None and not document["required"]:
            continue
        who.upload(case_id, document["id"], picture or people.paper)
        for check in ("travel_document", "portrait"):
            # An authorization is granted by machine only on what the applicant has seen pass, or the chain.
            if check in document["checks"] and journey.place % CHECKS_EVERY == 0:
                who.ask("POST", f"/cases/{case_id}/documents/{document['id']}/checks/{check}")


def review(people: People, journey: Journey) -> None:
    """One officer claims and proposes, another decides."""
    examiner, approver = people.officer("sato.examiner"), people.officer("suzuki.approver")
    base = f"/desk/cases/{journey.case_id}"
    desk = examiner.ask("GET", base)
    if desk["proposal"] is None:
        desk = examiner.ask("POST", f"{base}/claim")
        if _unscreened(desk):
            desk = examiner.ask("POST", f"{base}/screening")
        for hit in desk["hits"]:
            if hit["verdict"] is None:
                said = {"hit": hit["id"], "verdict": "not_relevant", "note": "A picture of the sandbox."}
                examiner.ask("POST", f"{base}/hits", said)
        examiner.ask("POST", f"{base}/proposal", {"outcome": "approve", "note": "All in order."})
    approver.ask("POST", f"{base}/decision", {"outcome": "approve"})


def _unscreened(desk: dict[str, Any]) -> bool:
    """Whether the watch list or the other cases did not answer when this case was screened last."""
    said = [each["outcome"] for each in desk["findings"] if each["check"] == "screening"]
    return said[:1] == ["unavailable"]


def pay(people: People, journey: Journey) -> None:
    """Pay by card; one in ten pays twice, as impatient people do."""
    who = people.applicant(journey)
    for _ in range(2 if people.chance.random() < 0.1 else 1):
        asked = who.ask("POST", f"/cases/{journey.case_id}/payment")
        _persistently(partial(_confirm, people.ryoji, asked["client_secret"]))


def _confirm(ryoji: Sandbox, secret: str) -> None:
    """What the browser does with a typed card. That it was paid already is no mistake."""
    intent = secret.split("_secret_", maxsplit=1)[0]
    card = {"number": CARD, "exp_month": "12", "exp_year": "2031", "cvc": "123"}
    fields = {
        "client_secret": secret,
        "key": ryoji.settings["stripe"]["publishable_key"],
        "payment_method_data[type]": "card",
        **{f"payment_method_data[card][{name}]": value for name, value in card.items()},
    }
    url = f"{ryoji.walker.stripe}/v1/payment_intents/{intent}/confirm"
    data = urllib.parse.urlencode(fields).encode()
    status, _, body = fetch(urllib.request.Request(url, data, method="POST"))
    if status >= 500:
        raise OSError(json.loads(body))


def collect(people: People, journey: Journey) -> None:
    """Book a visit and come: faces compared, the book handed over."""
    who, counter = people.applicant(journey), people.officer("tanaka.counter")
    _book(people, who, journey.case_id)
    base = f"/desk/cases/{journey.case_id}"
    counter.upload(journey.case_id, "counter_picture", people.pictures.portrait, desk=True)
    counter.ask("POST", f"{base}/counter-check")
    done = {"old_passport": "returned", "identity_confirmed": True}
    counter.ask("POST", f"{base}/handover", done)


def _book(people: People, who: Client, case_id: str) -> None:
    for _ in range(6):
        slots = who.ask("GET", f"/cases/{case_id}/slots")["slots"]
        free = [slot["start"] for slot in slots if slot["left"] > 0]
        try:
            who.ask("POST", f"/cases/{case_id}/appointment", {"start": people.chance.choice(free)})
        except Refusal as error:
            if error.code != "slot_full":
                raise
            continue
        return
    raise Silence("no free slot was got")


def revoke(people: People, journey: Journey) -> None:
    """An officer takes back what was issued to some, once an airline knows of it."""
    if not journey.to_be_revoked:
        return
    if not journey.seal:
        wallet = people.applicant(journey).ask("GET", f"/cases/{journey.case_id}/permission")
        journey.seal = str(wallet["seal"])
    end = time.monotonic() + BOARDING_SECONDS
    while not journey.boarded and time.monotonic() < end:
        time.sleep(0.5)
    approver = people.officer("suzuki.approver")
    journey.revoking = journey.revoking or time.monotonic()
    said = {"status": "revoked", "ground": "It was issued in error."}
    approver.ask("POST", f"/desk/cases/{journey.case_id}/permission", said)
    journey.revoked = time.monotonic()


def _persistently(do: Callable[[], Any]) -> Any:
    """A simulator is asked again a few times: it may be busy."""
    for pause in (0.5, 1, 2, 4, 8, 15, None):
        try:
            return do()
        except (OSError, HTTPException):
            if pause is None:
                raise
            time.sleep(pause)
    return None


DEEDS: dict[str, Callable[[People, Journey], None]] = {
    "none": apply,
    "draft": apply,
    "in_review": review,
    "payment": pay,
    "collection": collect,
    "issued": revoke,
}
