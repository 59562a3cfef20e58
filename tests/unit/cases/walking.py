"""Cases at every point of their way, walked there by the commands that people, machine and partners give."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ryoji.cases import commands
from ryoji.cases.access import Caller
from ryoji.cases.actions import Action, Actor, NewAction, chain
from ryoji.cases.case import Case, fold
from ryoji.cases.references import reference_of
from ryoji.payments.facts import PaymentFacts

NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
CASE = "0123456789abcdef01234567"
HOLDER = "applicant-1"
DESK = "tokyo"
OFFICE = "prefecture-tokyo"
SLOT = "2026-11-24T09:00+09:00"
SIGNATURE = {"format": "cms", "value": "c2lnbmF0dXJl"}
GROUNDS = frozenset({"13-1-1", "13-1-2"})
ROLES = frozenset({"examiner", "approver", "counter"})

FIRST = Caller("officer", "officer-1", "佐藤", frozenset({DESK}), ROLES)
SECOND = Caller("officer", "officer-2", "鈴木", frozenset({DESK}), ROLES)
THIRD = Caller("officer", "officer-3", "高橋", frozenset({DESK}), ROLES)
APPLICANT = Actor("applicant", HOLDER)
SYSTEM = Actor("system", "machine")
PARTNER = Actor("partner", "printing")

PERSON = {
    "family_name": "山田",
    "given_name": "花子",
    "family_name_kana": "ヤマダ",
    "given_name_kana": "ハナコ",
    "surname_roman": "YAMADA",
    "given_names_roman": "HANAKO",
    "birth_date": "1990-01-02",
    "sex": "female",
    "registered_domicile_prefecture": "13",
    "registered_domicile": "千代田区千代田一番",
}
SECTIONS: dict[str, dict[str, Any]] = {
    "renewal": {"reason": "remaining_under_one_year", "reason_text": None, "validity": "10"},
    "passport_held": {
        "number": "TR1234567",
        "surname": "YAMADA",
        "given_names": "HANAKO",
        "issue_date": "2017-03-01",
        "expiry_date": "2027-03-01",
    },
    "person": PERSON,
    "contact": {
        "country": "JP",
        "postal_code": "100-0001",
        "address": "東京都千代田区千代田1-1",
        "phone": "03-1234-5678",
        "email": "hanako.yamada@example.jp",
        "emergency_name": "山田 太郎",
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
        "details": None,
        "confirmed": True,
    },
    "collection": {"office": OFFICE, "language": "ja"},
}
FEE = {
    "items": [
        {"code": "passport_10", "label": "fee.passport_10.state", "amount": 15900, "beneficiary": "state"}
    ],
    "total": 15900,
    "currency": "jpy",
    "by": "2026-12-23",
    "source": "test",
}
# What the last mended item derives anew, where nothing has changed that it is derived from.
AGAIN: dict[str, Any] = {"absent": (), "digest": "d" * 64, "desk": DESK, "person": "person-hash"}
BOOK = {"book_number": "TZ7654321", "produced_on": "2026-11-24", "expires_on": "2036-11-24"}


def officer(caller: Caller) -> Actor:
    """An officer as the log names them."""
    return Actor("officer", caller.id, caller.name)


def upload(name: str) -> dict[str, Any]:
    """A clean picture."""
    return {
        "upload_id": f"upload-{name}",
        "key": f"pictures/{name}.jpg",
        "sha256": "ab" * 32,
        "width": 600,
        "height": 800,
    }


def finding(check: str, outcome: str = "pass", **facts: Any) -> dict[str, Any]:
    """What a check found."""
    return {"check": check, "outcome": outcome, "reasons": [], "facts": facts}


def intent_facts(status: str = "succeeded", intent: str = "pi_1", **more: Any) -> PaymentFacts:
    """What the gateway says of the fee's intent."""
    received = 15900 if status == "succeeded" else 0
    known = {"amount": 15900, "received": received, "currency": "jpy", "seen_at": NOON, "case_id": CASE}
    return PaymentFacts.model_validate({"payment_intent": intent, "status": status, **known, **more})


class Walk:
    """A case's history in the making; each action is a minute after the one before."""

    def __init__(self, case_id: str = CASE, actions: list[Action] | None = None) -> None:
        self.case_id = case_id
        self.actions: list[Action] = list(actions or [])

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return fold(self.case_id, self.actions)

    @property
    def now(self) -> datetime:
        """A minute after the last action."""
        return NOON + timedelta(minutes=len(self.actions))

    def then(self, new: list[NewAction], by: Actor = SYSTEM) -> Walk:
        """Record actions."""
        self.actions += chain(self.case_id, self.actions[-1] if self.actions else None, new, by, self.now)
        return self

    def do(self, judge: Callable[..., list[NewAction]], by: Actor | None = None, /, **what: Any) -> Walk:
        """Give a command; an officer's command is by that officer."""
        caller = what.get("officer")
        return self.then(judge(self.case, **what), by or (officer(caller) if caller else SYSTEM))


def opened(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """An empty draft."""
    return Walk(case_id).do(
        commands.open_draft,
        APPLICANT,
        procedure="passport-renewal",
        version="2025-03-24",
        language="ja",
        holder=holder,
        email=None,
    )


def draft(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """A draft that lacks nothing."""
    walk = opened(case_id, holder)
    for section, answers in SECTIONS.items():
        walk.do(commands.save_section, APPLICANT, section=section, answers=answers)
    for document in ("portrait", "passport_page", "signature"):
        walk.do(commands.receive_document, APPLICANT, document=document, **upload(document))
    return walk


def submitted(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """Sent, and no machine has begun."""
    return draft(case_id, holder).do(
        commands.submit,
        APPLICANT,
        digest="d" * 64,
        signed_digest="d" * 64,
        signature=SIGNATURE,
        reference=reference_of(case_id),
        desk=DESK,
        person="person-hash",
        identity=finding("identity"),
    )


def checking(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """In the evidence stage."""
    return submitted(case_id, holder).do(commands.start_stage, stage="evidence", due=None)


def in_review(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """With the officers."""
    walk = checking(case_id, holder)
    for check, document in (("portrait", "portrait"), ("travel_document", "passport_page")):
        walk.do(
            commands.record_finding,
            finding=finding(check),
            door="chain",
            document=document,
            upload_id=f"upload-{document}",
        )
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    return walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")


def claimed(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The first officer has it."""
    return in_review(case_id, holder).do(commands.claim, officer=FIRST)


def correction(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """Two items are to be mended."""
    items = [
        {"item": "documents/portrait", "reason": "Too dark."},
        {"item": "sections/contact", "reason": "The telephone number does not exist."},
    ]
    return claimed(case_id, holder).do(
        commands.request_correction,
        officer=FIRST,
        items=items,
        known=frozenset({"documents/portrait", "sections/contact"}),
        by="2027-02-23",
    )


def proposed(outcome: str = "approve", case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The first officer has proposed."""
    refusal = {"ground": "13-1-1", "reasons": "Entry was refused."} if outcome == "refuse" else {}
    said = {"ground": None, "reasons": None, "note": None, **refusal}
    return claimed(case_id, holder).do(
        commands.propose, officer=FIRST, outcome=outcome, grounds=GROUNDS, **said
    )


def approved(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The second officer has agreed; the machine has not moved on yet."""
    return proposed("approve", case_id, holder).do(
        commands.decide, officer=SECOND, outcome="approve", note=None
    )


def payment(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The fee is due."""
    walk = approved(case_id, holder).do(commands.start_stage, stage="payment", due="2026-12-23")
    walk.do(commands.fix_fee, fee=FEE)
    return walk.do(commands.open_task, task="payment", token="token-payment", due="2026-12-23")


def paid(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The money has come; the machine has not moved on yet."""
    walk = payment(case_id, holder).do(commands.start_payment, APPLICANT, payment_intent="pi_1")
    return walk.do(commands.hear_of_payment, facts=intent_facts(), event="evt_1")


def production(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The book is being made."""
    walk = paid(case_id, holder).do(commands.start_stage, stage="production", due="2026-12-10")
    walk.do(commands.open_task, task="production", token="token-production", due="2026-12-10")
    return walk.do(commands.order_production, order_id=f"{case_id}.1")


def collection(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The book waits, and a visit is booked."""
    walk = production(case_id, holder).do(commands.register_book, PARTNER, order_id=f"{case_id}.1", **BOOK)
    walk.do(commands.start_stage, stage="handover", due="2027-05-24")
    walk.do(commands.open_task, task="handover", token="token-handover", due="2027-05-24")
    return walk.do(commands.book_appointment, APPLICANT, office=OFFICE, start=SLOT)


def compared(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The person stands at the counter and the camera has seen them."""
    walk = collection(case_id, holder).do(
        commands.receive_counter_picture, officer(FIRST), **upload("counter")
    )
    return walk.do(
        commands.record_finding,
        officer(FIRST),
        finding=finding("faces", "pass", similarity=97.25),
        door="counter",
        document="counter_picture",
        upload_id="upload-counter",
    )


def completed(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """The book was handed over."""
    return compared(case_id, holder).do(
        commands.hand_over,
        officer(FIRST),
        old_passport="returned",
        identity_confirmed=True,
    )


def refused(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """Refused with a ground and reasons."""
    return proposed("refuse", case_id, holder).do(
        commands.decide, officer=SECOND, outcome="refuse", note=None
    )


def withdrawn(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """Taken back while the fee was due."""
    return payment(case_id, holder).do(commands.withdraw, APPLICANT)


def lapsed(case_id: str = CASE, holder: str = HOLDER) -> Walk:
    """Not paid in time."""
    return payment(case_id, holder).do(commands.pass_deadline, task="payment", then="lapse")


EVERYWHERE: dict[str, Callable[..., Walk]] = {
    "draft": draft,
    "checking": checking,
    "in_review": in_review,
    "correction": correction,
    "payment": payment,
    "production": production,
    "collection": collection,
    "completed": completed,
    "refused": refused,
    "withdrawn": withdrawn,
    "lapsed": lapsed,
}


def changed(action: Action, **what: Any) -> Action:
    """An action that somebody has tampered with."""
    return dataclasses.replace(action, **what)
