"""Every command of a case as a door or a step gives it, with arguments chosen by one small number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from local.travellers import BRITISH, sections
from ryoji.cases import commands
from ryoji.cases.actions import Actor, NewAction
from ryoji.cases.case import Case
from ryoji.cases.commands import must_be
from ryoji.cases.log import SlotChange
from ryoji.cases.originals import original_of
from ryoji.cases.references import reference_of
from ryoji.cases.slots import freed, freed_if_early
from ryoji.cases.waits import TASKS
from ryoji.errors import FieldError, Invalid, Refused
from ryoji.payments import refund_key, start_key
from ryoji.payments.facts import PaymentFacts
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE, FIRST, OFFICE, PARTNER, SECOND, SYSTEM, THIRD, officer

OFFICERS = (FIRST, SECOND, THIRD)
STAGES = ("evidence", "review", "payment", "production", "handover", "issuance")
PERMISSION_STATUSES = ("revoked", "active", "used", "cancelled", "replaced")
CHECKS = ("screening", "faces", "portrait", "travel_document")
# What a programme that grants by itself wants, as `checks_wanted` finds it.
WANTED: frozenset[tuple[str, str | None]] = frozenset(
    {
        ("screening", None),
        ("faces", None),
        ("portrait", "portrait"),
        ("travel_document", "passport_page"),
        ("image", "portrait"),
        ("image", "passport_page"),
    }
)
SLOTS = ("2026-11-24T09:00+09:00", "2026-12-01T09:00+09:00", "2027-01-12T09:00+09:00")
TAKEN = "2026-12-08T09:00+09:00"
ORDER = f"{CASE}.1"
DIGEST = "d" * 64
PRICE = 15900
HITS = (
    {"id": "h1", "kind": "watch_list", "score": 0.9, "because": [], "about": {}},
    {"id": "h2", "kind": "earlier", "score": 0.6, "because": [], "about": {}},
)
SECTIONS = {
    "passport-renewal": walking.SECTIONS,
    "visa-tourism": sections(BRITISH, date(2026, 11, 23), office="new-york"),
    "visa-transit": sections(BRITISH, date(2026, 11, 23), office="new-york"),
    "authorization-emirates": sections(BRITISH, date(2026, 11, 23)),
}
DOCUMENTS = ("portrait", "passport_page")
# What may be mended, by procedure: a document and the section whose answers may be told otherwise.
MENDED = {
    "passport-renewal": "contact",
    "visa-tourism": "trip",
    "visa-transit": "trip",
    "authorization-emirates": "traveller",
}
GUARDIAN = "guardian"
# For which nothing is to be paid, and for which an officer must see an original.
FREE = "visa-transit"
SEEN, ORIGINAL = "visa-tourism", "passport_page"

Judge = Callable[[Case], list[NewAction]]
Slots = Callable[[Case], tuple[SlotChange, ...]]


@dataclass(frozen=True)
class Deed:
    """A command with its arguments, who gives it, and the places that it takes or gives back."""

    name: str
    judge: Judge
    by: Actor = SYSTEM
    slots: Slots | None = None


@dataclass
class Charge:
    """One PaymentIntent at the gateway."""

    status: str = "requires_payment_method"
    received: int = 0
    refunded: int = 0
    declined: str | None = None


@dataclass
class Gateway:
    """A payment gateway: what it did is certain, what it says arrives twice, late or never."""

    charges: dict[str, Charge] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    said: list[PaymentFacts] = field(default_factory=list)

    def start(self, key: str) -> str:
        """An intent; the same key finds the same again."""
        if key not in self.keys:
            self.keys[key] = f"pi_{len(self.charges) + 1}"
            self.charges[self.keys[key]] = Charge()
        return self.keys[key]

    def happens(self, intent: str, what: int) -> None:
        """The payer pays, is declined or waits, the intent is cancelled, somebody refunds by hand."""
        charge = self.charges[intent]
        if charge.status == "succeeded":
            if what == 4:
                charge.refunded = min(charge.received, charge.refunded + 5000)
        elif charge.status != "canceled" and what in (0, 1):
            charge.status, charge.declined = "succeeded", None
            charge.received = PRICE - (100 if what else 0)
        elif charge.status != "canceled":
            charge.status = {2: "canceled", 3: "requires_payment_method"}.get(what, "processing")
            charge.declined = "insufficient_funds" if what == 3 else charge.declined
        self.said.append(self.facts(intent))

    def refund(self, intent: str, amount: int, key: str) -> PaymentFacts:
        """Give money back, once a key and never more than there is."""
        if key not in self.keys:
            self.keys[key] = intent
            charge = self.charges[intent]
            charge.refunded = min(charge.received, charge.refunded + amount)
        return self.facts(intent)

    def facts(self, intent: str) -> PaymentFacts:
        """What is the case now."""
        charge = self.charges[intent]
        return PaymentFacts.model_validate(
            {
                "payment_intent": intent,
                "case_id": CASE,
                "status": charge.status,
                "amount": PRICE,
                "received": charge.received,
                "currency": "jpy",
                "refunded": charge.refunded,
                "declined": charge.declined,
                "seen_at": walking.NOON,
            }
        )


def refund_what_is_owed(gateway: Gateway, case: Case) -> list[PaymentFacts]:
    """What the gateway answers when everything that is owed is given back, as the step `refund` asks for it."""
    payment = case.payment
    return [
        gateway.refund(intent, amount, refund_key(CASE, intent, payment))
        for intent, amount in payment.owed_back.items()
    ]


def hear(facts: PaymentFacts, event: str = "evt") -> Deed:
    """A webhook, or the answer to a question."""
    return Deed("hear_of_payment", lambda case: commands.hear_of_payment(case, facts=facts, event=event))


@dataclass
class World:
    """What stands around one case: its procedure, the gateway, and the time that has gone by."""

    procedure: str
    now: datetime = walking.NOON
    gateway: Gateway = field(default_factory=Gateway)
    waits: int = 0

    @property
    def grants(self) -> bool:
        """Whether the programme grants without a person."""
        return self.procedure.startswith("authorization")

    @property
    def fee(self) -> dict[str, Any]:
        """What is to be paid; for one procedure that is nothing."""
        return {**walking.FEE, "items": [], "total": 0} if self.procedure == FREE else walking.FEE

    @property
    def last_stage(self) -> str:
        """What follows the payment."""
        return "production" if self.procedure == "passport-renewal" else "issuance"

    def deed(self, name: str, n: int, case: Case) -> Deed:
        """The command of this name with arguments by number; `case` is what the one who gives it has read."""
        make: Callable[[int, Case], Deed] = getattr(self, f"_{name}")
        return make(n, case)

    def _open_draft(self, _n: int, _case: Case) -> Deed:
        opened = {"procedure": self.procedure, "version": "1", "language": "en", "holder": walking.HOLDER}
        return Deed("open_draft", lambda case: commands.open_draft(case, **opened, email=None), APPLICANT)

    def _save_section(self, n: int, _case: Case) -> Deed:
        every = SECTIONS[self.procedure]
        section = [*every, MENDED[self.procedure]][n % (len(every) + 1)]
        answers = {**every[section], "phone": str(n)} if n >= len(every) else every[section]
        return Deed(
            f"save_section {section} {n}",
            lambda case: commands.save_section(case, section=section, answers=answers),
            APPLICANT,
        )

    def _receive_document(self, n: int, _case: Case) -> Deed:
        document, kept = DOCUMENTS[n % 2], walking.upload(f"{DOCUMENTS[n % 2]}-{n // 2}")
        return Deed(
            f"receive_document {n}",
            lambda case: commands.receive_document(case, document=document, **kept),
            APPLICANT,
        )

    def _submit(self, n: int, _case: Case) -> Deed:
        signed = walking.SIGNATURE if self.procedure == "passport-renewal" else None
        what: dict[str, Any] = {
            "digest": DIGEST if n else "e" * 64,
            "signed_digest": DIGEST,
            "signature": signed,
            "reference": reference_of(CASE),
            "person": "person-hash" if signed else None,
            "identity": walking.finding("identity") if signed else None,
        }

        def judge(case: Case) -> list[NewAction]:
            if self.absent(case) and not case.submitted_at:
                raise Refused("incomplete")
            return commands.submit(case, desk=self.desk(case), **what)

        return Deed(f"submit {n}", judge, APPLICANT)

    def absent(self, case: Case) -> tuple[FieldError, ...]:
        """What the form lacks by its own rules: one telephone number asks for a guardian, another may not be."""
        said = case.sections.get(MENDED[self.procedure], {}).get("phone")
        if said in ("4", "5") and GUARDIAN not in case.sections:
            return (FieldError(f"/sections/{GUARDIAN}", "required"),)
        return (FieldError(f"/sections/{MENDED[self.procedure]}/phone", "form"),) if said == "3" else ()

    def desk(self, case: Case) -> str:
        """The desk that the answers name."""
        said = case.sections.get(MENDED[self.procedure], {}).get("phone")
        return "another-desk" if said in ("5", "6") else walking.DESK

    def _mend(self, n: int, _case: Case) -> Deed:
        section = MENDED[self.procedure]
        answers = {**SECTIONS[self.procedure][section], "phone": str(n)}
        return Deed(
            f"mend {n}", lambda case: commands.save_section(case, section=section, answers=answers), APPLICANT
        )

    def _name_guardian(self, n: int, _case: Case) -> Deed:
        answers = {"phone": str(n)}
        return Deed(
            f"name_guardian {n}",
            lambda case: commands.save_section(case, section=GUARDIAN, answers=answers),
            APPLICANT,
        )

    def _read_card(self, _n: int, _case: Case) -> Deed:
        card = {"attributes": {"name": "山田花子"}, "finding": walking.finding("identity")}
        return Deed("read_card", lambda case: commands.read_card(case, **card), APPLICANT)

    def _start_stage(self, n: int, _case: Case) -> Deed:
        """As the steps do it: the stage, its fee, its task, together."""
        stage, due, token = STAGES[n % 6], f"2027-0{1 + n % 3}-15", self.token()
        task = stage if stage in TASKS else None

        def judge(case: Case) -> list[NewAction]:
            return [
                *commands.start_stage(case, stage=stage, due=due),
                *(commands.fix_fee(case, fee=self.fee) if stage == "payment" else []),
                *(commands.open_task(case, task=task, token=token, due=due) if task else []),
            ]

        return Deed(f"start_stage {stage} {n}", judge)

    def _open_correction(self, n: int, _case: Case) -> Deed:
        token = self.token()
        return Deed(
            f"open_task correction {n}",
            lambda case: commands.open_task(case, task="correction", token=token, due=case.correction_by),
        )

    def token(self) -> str:
        """Each wait of a machine has its own, whichever execution it is of."""
        self.waits += 1
        return f"token-{self.waits}"

    def _record_finding(self, n: int, case: Case) -> Deed:
        check, clear = CHECKS[n % 4], n < 8
        hits = [] if clear or check != "screening" else list(HITS[: n - 9])
        found = walking.finding(check, "pass" if clear else "review", hits=hits)
        document = {"portrait": "portrait", "travel_document": "passport_page"}.get(check)
        upload = case.documents[document].upload_id if document in case.documents else None
        what: dict[str, Any] = {"finding": found, "document": document, "upload_id": upload}
        seen = case.sequence
        return Deed(
            f"record_finding {n}",
            lambda now: commands.record_finding(now, door="chain", looked_at=seen, **what),
        )

    def _check_at_upload(self, n: int, case: Case) -> Deed:
        """As the applicant asks for it, which is for their eyes and never for a grant."""
        check, document = (("portrait", "portrait"), ("travel_document", "passport_page"))[n % 2]
        upload = case.documents[document].upload_id if document in case.documents else "none"
        found = walking.finding(check, "review" if n > 8 else "pass")
        seen = case.sequence

        def judge(now: Case) -> list[NewAction]:
            must_be(now, "draft", "correction")
            what: dict[str, Any] = {"finding": found, "document": document, "upload_id": upload}
            return commands.record_finding(now, door="upload", looked_at=seen, **what)

        return Deed(f"check_at_upload {n}", judge, APPLICANT)

    def _compare_faces(self, n: int, _case: Case) -> Deed:
        def judge(case: Case) -> list[NewAction]:
            kept = walking.upload(f"counter-{n}")
            compared: dict[str, Any] = {
                "finding": walking.finding("faces"),
                "door": "counter",
                "document": "counter_picture",
            }
            return [
                *commands.receive_counter_picture(case, **kept),
                *commands.record_finding(case, **compared, upload_id=kept["upload_id"]),
            ]

        return Deed("compare_faces", judge, officer(FIRST))

    def _claim(self, n: int, _case: Case) -> Deed:
        who = OFFICERS[n % 3]
        return Deed(f"claim {who.id}", lambda case: commands.claim(case, officer=who), officer(who))

    def _release(self, n: int, _case: Case) -> Deed:
        who = OFFICERS[n % 3]
        return Deed(f"release {who.id}", lambda case: commands.release(case, officer=who), officer(who))

    def _request_correction(self, n: int, _case: Case) -> Deed:
        who, known = OFFICERS[n % 3], ("documents/portrait", f"sections/{MENDED[self.procedure]}")
        items = [{"item": item, "reason": "Not readable."} for item in known[: 1 + n % 2]]
        what: dict[str, Any] = {"items": items, "known": frozenset(known), "by": "2027-02-23"}
        return Deed(
            f"request_correction {n}",
            lambda case: commands.request_correction(case, officer=who, **what),
            officer(who),
        )

    def _correct(self, n: int, _case: Case) -> Deed:
        items = ("documents/portrait", f"sections/{MENDED[self.procedure]}", f"sections/{GUARDIAN}")
        item = items[n % 3]

        def judge(case: Case) -> list[NewAction]:
            derived: dict[str, Any] = {"absent": self.absent(case), "desk": self.desk(case)}
            return commands.correct(case, item=item, digest=DIGEST, person="person-hash", **derived)

        return Deed(f"correct {item}", judge, APPLICANT)

    def lacking(self, case: Case) -> tuple[FieldError, ...]:
        """The originals that nobody saw, or that differ: one procedure asks for the passport's."""
        if self.procedure != SEEN:
            return ()
        seen = original_of(case, ORIGINAL)
        agrees = seen is not None and seen.outcome == "agrees"
        return () if agrees else (FieldError(f"/documents/{ORIGINAL}", "original_not_seen"),)

    def _propose(self, n: int, _case: Case) -> Deed:
        who, refuse = OFFICERS[n % 3], n > 8
        said: dict[str, Any] = {
            "outcome": "refuse" if refuse else "approve",
            "ground": "13-1-1" if refuse else None,
            "reasons": "Entry was refused." if refuse else None,
            "note": None,
            "grounds": walking.GROUNDS,
        }
        return Deed(
            f"propose {n}",
            lambda case: commands.propose(case, officer=who, **said, lacking=self.lacking(case)),
            officer(who),
        )

    def _decide(self, n: int, _case: Case) -> Deed:
        who, outcome = OFFICERS[n % 3], ("approve", "approve", "refuse", "send_back")[n // 3]
        return Deed(
            f"decide {who.id} {outcome}",
            lambda case: commands.decide(
                case, officer=who, outcome=outcome, note=None, lacking=self.lacking(case)
            ),
            officer(who),
        )

    def _decide_hit(self, n: int, _case: Case) -> Deed:
        who, hit = OFFICERS[n % 3], ("h1", "h2")[n % 2]
        said = {"hit": hit, "verdict": "other_person" if n < 9 else "same_person", "note": "Compared."}
        return Deed(
            f"decide_hit {n}", lambda case: commands.decide_hit(case, officer=who, **said), officer(who)
        )

    def _screen_again(self, n: int, case: Case) -> Deed:
        who, hits = OFFICERS[n % 3], list(HITS[:1]) if 6 <= n < 9 else []
        found = walking.finding(
            "screening", "unavailable" if n >= 9 else "review" if hits else "pass", hits=hits
        )
        what: dict[str, Any] = {"findings": [found], "looked_at": case.sequence}
        return Deed(
            f"screen_again {n}",
            lambda case: commands.screen_again(case, officer=who, **what),
            officer(who),
        )

    def _see_originals(self, n: int, _case: Case) -> Deed:
        note = "Another seal." if n // 2 % 2 else None
        seen = [{"document": DOCUMENTS[n % 2], "outcome": "differs" if note else "agrees", "note": note}]
        return Deed(
            f"see_originals {n}",
            lambda case: commands.see_originals(case, seen=seen, wanted=frozenset(DOCUMENTS)),
            officer(SECOND),
        )

    def _request_interview(self, n: int, _case: Case) -> Deed:
        who, start = OFFICERS[n % 3], (None, *SLOTS)[n % 4]
        place = {"office": OFFICE, "start": start} if start else {}
        asked: dict[str, Any] = {"text": "Please come.", "by": "2027-01-20", **place}

        now = self.now

        def judge(case: Case) -> list[NewAction]:
            if start and datetime.fromisoformat(start) <= now:
                raise Invalid("validation_failed")
            return commands.request_interview(case, officer=who, **asked)

        def slots(case: Case) -> tuple[SlotChange, ...]:
            return (*freed(case), SlotChange(OFFICE, start, 1, 1)) if start else ()

        return Deed(
            f"request_interview {who.id} {start}",
            judge,
            officer(who),
            slots,
        )

    def _note_interview(self, n: int, _case: Case) -> Deed:
        who, now = OFFICERS[n % 3], self.now
        return Deed(
            f"note_interview {who.id}",
            lambda case: commands.note_interview(case, officer=who, notes="Came.", due="2027-01-15"),
            officer(who),
            lambda case: freed_if_early(case, now),
        )

    def _grant(self, _n: int, _case: Case) -> Deed:
        # Only a programme that grants by itself has the step.
        return Deed(
            "grant", lambda case: commands.grant(case, checks=WANTED, version="1") if self.grants else []
        )

    def _issue_permission(self, _n: int, _case: Case) -> Deed:
        permission = {
            "number": "VABCDEFGH",
            "kind": "visa",
            "programme": "tourism-single",
            "valid_from": "2026-11-24",
            "valid_until": "2027-02-23",
            "entries": "single",
            "stay_days": 90,
            "issuing_state": "GBR",
            "document": "123456789",
        }
        return Deed("issue_permission", lambda case: commands.issue_permission(case, **permission))

    def _recall_approval(self, _n: int, _case: Case) -> Deed:
        return Deed("recall_approval", commands.recall_approval)

    def _lapse_unissued(self, _n: int, _case: Case) -> Deed:
        """As the step does it that was to issue."""

        def judge(case: Case) -> list[NewAction]:
            must_be(case, "issuance")
            return commands.lapse_unissued(case)

        return Deed("lapse_unissued", judge)

    def _change_permission(self, n: int, _case: Case) -> Deed:
        status, today = PERMISSION_STATUSES[n % 5], self.now.date()
        return Deed(
            f"change_permission {status}",
            lambda case: commands.change_permission(case, status=status, ground="test", today=today),
            officer(FIRST),
        )

    def _seal_permission_again(self, n: int, case: Case) -> Deed:
        """A clock that comes late asks for the place of a seal that is not there any more."""
        held, today = (case.permission or {}).get("seal"), self.now.date()
        before = held if n % 3 else "another"
        fresh: dict[str, Any] = {
            "instead_of": before,
            "seal": f"seal {n}",
            "sealed_by": f"{n:x}",
            "today": today,
        }
        return Deed("seal_permission_again", lambda at: commands.seal_permission_again(at, **fresh))

    def _record_overstay(self, n: int, _case: Case) -> Deed:
        on = date(2026, 11, 23 + n % 3)
        return Deed(
            f"record_overstay {on}",
            lambda case: commands.record_overstay(case, on=on, today=date(2026, 11, 24)),
        )

    def _start_payment(self, _n: int, case: Case) -> Deed:
        intent = self.gateway.start(start_key(CASE, case.payment))
        return Deed(
            f"start_payment {intent}",
            lambda now: commands.start_payment(now, payment_intent=intent),
            APPLICANT,
        )

    def _hear_of_payment(self, n: int, case: Case) -> Deed:
        """Something happens at the gateway; what is heard may be that or something said long ago."""
        gateway = self.gateway
        if not gateway.charges:
            return self._start_payment(n, case)
        gateway.happens(list(gateway.charges)[n % len(gateway.charges)], n % 6)
        return hear(gateway.said[-1 if n < 6 else n % len(gateway.said)], f"evt_{n}")

    def _refund(self, n: int, case: Case) -> Deed:
        answers = refund_what_is_owed(self.gateway, case)
        return hear(answers[0], "refund") if answers else self._hear_of_payment(n, case)

    def _withdraw(self, _n: int, _case: Case) -> Deed:
        return Deed("withdraw", commands.withdraw, APPLICANT, freed)

    def _order_production(self, _n: int, _case: Case) -> Deed:
        return Deed(
            "order_production",
            lambda case: [] if case.ended or case.book else commands.order_production(case, order_id=ORDER),
        )

    def _register_book(self, n: int, _case: Case) -> Deed:
        book = {**walking.BOOK, "book_number": ("TZ7654321", "TZ7654322")[n // 6]}
        order = ORDER if n else f"{CASE}.2"
        return Deed(
            f"register_book {n}", lambda case: commands.register_book(case, order_id=order, **book), PARTNER
        )

    def _book_appointment(self, n: int, _case: Case) -> Deed:
        start, now = (*SLOTS, TAKEN)[n % 4], self.now

        def judge(case: Case) -> list[NewAction]:
            if datetime.fromisoformat(start) <= now:
                raise Invalid("validation_failed")
            return commands.book_appointment(case, office=OFFICE, start=start)

        def slots(case: Case) -> tuple[SlotChange, ...]:
            return (*freed(case), SlotChange(OFFICE, start, 1, 1))

        return Deed(f"book_appointment {start}", judge, APPLICANT, slots)

    def _cancel_appointment(self, _n: int, _case: Case) -> Deed:
        return Deed("cancel_appointment", commands.cancel_appointment, APPLICANT, freed)

    def _hand_over(self, n: int, _case: Case) -> Deed:
        now = self.now
        return Deed(
            "hand_over",
            lambda case: commands.hand_over(case, old_passport="returned", identity_confirmed=bool(n)),
            officer(SECOND),
            lambda case: freed_if_early(case, now),
        )

    def _pass_deadline(self, n: int, _case: Case) -> Deed:
        task, then = TASKS[n % 5], ("lapse" if n % 5 in (1, 2, 4) else "escalate")
        return Deed(
            f"pass_deadline {task}",
            lambda case: commands.pass_deadline(case, task=task, then=then),
            slots=freed if then == "lapse" else None,
        )

    def _remind(self, n: int, _case: Case) -> Deed:
        task, days = TASKS[n % 5], (14, 3, 1)[n % 3]
        return Deed(f"remind {task} {days}", lambda case: commands.remind(case, task=task, days_before=days))

    def _machine_started(self, n: int, _case: Case) -> Deed:
        return Deed(
            f"machine_started {n}",
            lambda case: commands.machine_started(case, execution=f"{CASE}-{n}"),
        )

    def _message_sent(self, n: int, case: Case) -> Deed:
        about = max(1, case.sequence - n)
        said = {"event": "x", "to": "h…@example.jp", "language": "en", "subject": "s", "body": "b"}
        return Deed(
            f"message_sent {about}",
            lambda now: commands.message_sent(now, about=about, channel="email", **said),
        )


NAMES = tuple(
    sorted(name.removeprefix("_") for name in vars(World) if name.startswith("_") and name[1] != "_")
)
