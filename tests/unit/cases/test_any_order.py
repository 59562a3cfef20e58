"""A case with all its commands in any order, twice, late and at once: what must hold does, after every step.

HYPOTHESIS=chaos runs many more and longer ways than `make test` does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from inspect import isfunction
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ryoji.cases import commands
from ryoji.cases.actions import Action, first_break
from ryoji.cases.case import Case, apply, fold
from ryoji.cases.log import Once, read, record, request_digest
from ryoji.cases.waits import settled
from ryoji.doors import permissions
from ryoji.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from ryoji.evidence.screening.hits import all_hits, open_hits
from tests.unit.cases import deeds
from tests.unit.cases.deeds import Deed, World
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.walking import CASE, OFFICE
from tests.unit.permissions.memory_register import MemoryRegister

LATE = frozenset(
    {
        "entry_recorded",
        "message_sent",
        "overstay_recorded",
        "permission_changed",
        "permission_sealed_again",
        "task_opened",
        "refund_due",
        "refunded",
        "payment_mismatch",
    }
)
ENDS = frozenset({"handed_over", "permission_issued", "withdrawn", "lapsed"})
TURNS = (
    "cancel_appointment",
    "change_permission",
    "grant",
    "hear_of_payment",
    "pass_deadline",
    "record_finding",
    "refund",
    "start_stage",
    "withdraw",
)
NUMBER = st.integers(0, 11)
# As many steps as a proper way has, and some more.
LONG = 30
NAME = st.sampled_from(deeds.NAMES)
# A hit, and an original that differs from its upload.
FOUND_LATE = st.sampled_from((("record_finding", 8), ("see_originals", 3)))
# Revoked, in force, used; and now and then what is over for good.
CHANGE = st.sampled_from((0, 0, 1, 1, 2, 3, 4))
# Two at once, and how long ago was read what the register is then told.
CHANGES = st.lists(st.tuples(CHANGE, CHANGE, st.lists(st.integers(0, 3), max_size=3)), min_size=1, max_size=4)


def ends(action: Action) -> bool:
    """Whether an application is over with this action."""
    return action.kind in ENDS or (action.kind == "decided" and action.body["outcome"] == "refuse")


def next_deed(case: Case, world: World) -> tuple[str, int]:
    """The command that brings a case nearest to its end, by name and number."""
    if not case.sequence:
        return "open_draft", 0
    follow = _NEXT.get(case.status)
    return follow(case, world) if follow else ("message_sent", 0)


def _draft(case: Case, world: World) -> tuple[str, int]:
    for n, section in enumerate(deeds.SECTIONS[world.procedure]):
        if section not in case.sections:
            return "save_section", n
    for n, document in enumerate(deeds.DOCUMENTS):
        if document not in case.documents:
            return "receive_document", n
    return "submit", 1


def _checking(case: Case, world: World) -> tuple[str, int]:
    if case.stage != "evidence":
        return "start_stage", 0
    changed = max(case.changed.values(), default=0)
    for n, check in enumerate(deeds.CHECKS):
        found = case.newest(check)
        if not found or found.looked_at < changed or found.door != "chain":
            return "record_finding", n
    if world.grants and not all_hits(commands.screenings(case)) and not case.granted:
        return "grant", 0
    return "start_stage", 2 if case.granted else 1


def _in_review(case: Case, world: World) -> tuple[str, int]:
    if case.decision:
        return "start_stage", 2
    if case.proposal and not case.open_interview:
        return _proposed(case, world)
    if not case.claimed_by:
        return "claim", 0
    holder = int(case.claimed_by.id[-1]) - 1
    if case.open_interview:
        return "note_interview", holder
    if not _screened_whole(case):
        return "screen_again", holder
    if open_hits(commands.screenings(case), case.hits):
        return _about_a_hit(case, holder)
    return ("see_originals", 1) if world.lacking(case) else ("propose", holder)


def _proposed(case: Case, world: World) -> tuple[str, int]:
    """Another officer decides; what came to light since the proposal is looked at first."""
    other = (int(case.proposal.by.id[-1]) if case.proposal else 0) % 3
    if case.proposal and case.proposal.outcome == "refuse":
        return "decide", other + 6
    if open_hits(commands.screenings(case), case.hits):
        return _about_a_hit(case, int(case.claimed_by.id[-1]) - 1) if case.claimed_by else ("claim", other)
    if world.lacking(case):
        return "see_originals", 1
    return "decide", other if _screened_whole(case) else other + 9


def _is_open(case: Case, world: World) -> bool:
    return bool(open_hits(commands.screenings(case), case.hits) or world.lacking(case))


def _about_a_hit(case: Case, holder: int) -> tuple[str, int]:
    wanted = ("h1", "h2").index(open_hits(commands.screenings(case), case.hits)[0]["id"])
    return "decide_hit", next(n for n in range(9) if n % 3 == holder and n % 2 == wanted)


def _screened_whole(case: Case) -> bool:
    newest = case.newest("screening")
    return newest is None or newest.finding["outcome"] != "unavailable"


def _correction(case: Case, world: World) -> tuple[str, int]:
    item = next(item for item in case.correction if item not in case.corrected)
    items = ("documents/portrait", f"sections/{deeds.MENDED[world.procedure]}", f"sections/{deeds.GUARDIAN}")
    broken = any(item == commands.item_of(error) for error in world.absent(case))
    if case.changed.get(item, 0) > case.asked[item] and not broken:
        return "correct", items.index(item)
    if item == items[0]:
        known = {held.upload_id for held in case.documents.values()}
        return "receive_document", next(n for n in (2, 4, 6) if f"upload-portrait-{n // 2}" not in known)
    if item == items[2]:
        return "name_guardian", int(case.sections.get(deeds.GUARDIAN, {}).get("phone", "0")) + 1
    held = case.sections.get(deeds.MENDED[world.procedure], {}).get("phone")
    # Once with what makes a guardian necessary and another desk the right one.
    return "mend", 5 if held != "5" else 6


def _payment(case: Case, world: World) -> tuple[str, int]:
    if case.payment.paid_by or world.procedure == deeds.FREE:
        return "start_stage", 3 if world.last_stage == "production" else 5
    if case.payment.intent is None:
        return "start_payment", 0
    return "hear_of_payment", 0


def _production(case: Case, _world: World) -> tuple[str, int]:
    if not case.order_id:
        return "order_production", 0
    return ("start_stage", 4) if case.book else ("register_book", 1)


def _collection(case: Case, _world: World) -> tuple[str, int]:
    if case.appointment is None:
        return "book_appointment", 2
    return ("hand_over", 1) if case.latest("faces", "counter_picture") else ("compare_faces", 0)


def _issuance(_case: Case, _world: World) -> tuple[str, int]:
    return "issue_permission", 0


_NEXT: dict[str, Callable[[Case, World], tuple[str, int]]] = {
    "draft": _draft,
    "checking": _checking,
    "in_review": _in_review,
    "correction": _correction,
    "payment": _payment,
    "production": _production,
    "collection": _collection,
    "issuance": _issuance,
}


def temptations(case: Case) -> list[tuple[str, int]]:
    """What is wrong, or rare, just where the case stands: chance alone would seldom try it."""
    tempting = {
        "draft": [("check_at_upload", 0), ("check_at_upload", 1), ("submit", 1), ("save_section", 0)],
        "checking": [("record_finding", 8), ("grant", 0), ("start_stage", 2), ("pass_deadline", 2)],
        "in_review": [
            ("grant", 0),
            ("pass_deadline", 2),
            ("start_stage", 5),
            ("screen_again", 9),
            ("record_finding", 8),
            ("see_originals", 3),
        ],
        "correction": [
            ("mend", 3),
            ("mend", 4),
            ("correct", 0),
            ("correct", 1),
            ("start_stage", 0),
            ("grant", 0),
            ("record_finding", 8),
            ("pass_deadline", 1),
        ],
        "payment": [
            ("start_stage", 5),
            ("hear_of_payment", 4),
            ("hear_of_payment", 6),
            ("withdraw", 0),
            ("record_finding", 8),
        ],
        "production": [("start_stage", 4), ("register_book", 0), ("register_book", 7), ("withdraw", 0)],
        "collection": [("pass_deadline", 4), ("book_appointment", 1), ("cancel_appointment", 0)],
    }.get(case.status, [("withdraw", 0), ("machine_started", 1), ("record_finding", 8)])
    if case.status == "in_review" and case.proposal:
        own = int(case.proposal.by.id[-1]) - 1
        tempting = [("decide", own + (6 if case.proposal.outcome == "refuse" else 0)), *tempting]
    if case.status == "in_review" and case.claimed_by:
        tempting = [("request_interview", int(case.claimed_by.id[-1]) - 1), *tempting]
        tempting = [("propose", int(case.claimed_by.id[-1]) - 1), *tempting]
    return tempting


class AnyOrder(RuleBasedStateMachine):
    """One case and everybody who acts on it."""

    def __init__(self) -> None:
        super().__init__()
        self.log = MemoryLog(places={(OFFICE, deeds.TAKEN): 1})
        self.given: list[Deed] = []
        self.stepwise = Case(case_id=CASE)
        self.seen: list[Action] = []
        self.keys = 0
        self.register = MemoryRegister()
        # How far the history went that was put into the register.
        self.published = 0

    @initialize(procedure=st.sampled_from(sorted(deeds.SECTIONS)), steps=st.integers(0, 34))
    def opens(self, procedure: str, steps: int) -> None:
        """A case somewhere on its proper way."""
        self.world = World(procedure)
        for _ in range(steps):
            self.goes_on()

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return read(self.log, CASE)

    def give(self, deed: Deed, once: Once | None = None) -> bool:
        """Give a command as a door does; whether it was not refused."""
        self.world.now += timedelta(minutes=1)
        try:
            self._record(deed, once)
        except (Refused, Invalid, NotAllowed, NotFound, Conflict):
            return False
        return True

    def _record(self, deed: Deed, once: Once | None = None) -> Case:
        def exists(case: Case) -> None:
            if not case.sequence and deed.name != "open_draft":
                raise NotFound("case_not_found")

        return record(
            self.log,
            CASE,
            deed.judge,
            by=deed.by,
            now=self.world.now,
            once=once,
            slots=deed.slots,
            guard=exists,
        )

    def make(self, name: str, number: int) -> Deed:
        """A command that is about to be given, and may come again much later."""
        deed = self.world.deed(name, number, self.case)
        self.given.append(deed)
        return deed

    @rule()
    def goes_on(self) -> None:
        """The case does its proper next step."""
        case = self.case
        if case.ended:
            return
        if case.status == "in_review":
            # Always tried first, because it must never be: one's own decision, or anything past an open hit or an
            # original that nobody saw.
            self.give(self.make(*temptations(case)[0]))
            if case.proposal and _is_open(case, self.world):
                self.give(self.make("decide", int(case.proposal.by.id[-1]) % 3))
        self.give(self.make(*next_deed(self.case, self.world)))

    @rule(name=st.sampled_from(TURNS), number=NUMBER, steps=st.integers(0, 5))
    def turns(self, name: str, number: int, steps: int) -> None:
        """The case goes on a little, and then it takes another way than the straight one."""
        for _ in range(steps):
            self.goes_on()
        self.give(self.make(name, number))

    @rule(number=NUMBER, steps=st.integers(0, 3))
    def is_tempted(self, number: int, steps: int) -> None:
        """Somebody tries what must not be just now."""
        for _ in range(steps):
            self.goes_on()
        tempting = temptations(self.case)
        self.give(self.make(*tempting[number % len(tempting)]))

    @rule(refuse=st.booleans())
    def is_judged(self, refuse: bool) -> None:
        """Whoever holds the case proposes, or asks for a correction."""
        if not self.case.claimed_by:
            self.give(self.make("claim", 0))
        holder = self.case.claimed_by
        if holder:
            number = int(holder.id[-1]) - 1
            asked = ("propose", 9 + number) if refuse else ("request_correction", number + 3)
            self.give(self.make(*asked))

    @rule(name=NAME, number=NUMBER)
    def anything(self, name: str, number: int) -> None:
        """Any command, whether it fits or not."""
        self.give(self.make(name, number))

    @rule(number=st.integers(0, 1000))
    def comes_again(self, number: int) -> None:
        """A command that was given before comes once more, now or much later."""
        if self.given:
            self.give(self.given[number % len(self.given)])

    @rule(name=NAME, number=NUMBER, other=NAME, others=NUMBER)
    def at_once(self, name: str, number: int, other: str, others: int) -> None:
        """Two have read the same; one is written first, and the other is judged again."""
        self._races(self.make(other, others), self.make(name, number))

    @rule(name=NAME, number=NUMBER)
    def races_the_next(self, name: str, number: int) -> None:
        """Any command is written while the proper next one is on its way."""
        self._races(self.make(name, number), self.make(*next_deed(self.case, self.world)))

    @rule()
    def same_at_once(self) -> None:
        """The proper next command comes twice at once."""
        deed = self.make(*next_deed(self.case, self.world))
        self._races(deed, deed)

    def _races(self, first: Deed, second: Deed) -> None:
        def write(_log: MemoryLog) -> None:
            self.log.first = []
            self.give(first)

        self.log.first = [write]
        self.give(second)
        self.log.first = []

    @rule(name=NAME, number=NUMBER, proper=st.booleans())
    def with_a_key(self, name: str, number: int, proper: bool) -> None:
        """A key that did something does nothing more, and belongs to its request alone."""
        deed = self.make(*next_deed(self.case, self.world)) if proper else self.make(name, number)
        self.keys += 1
        once = Once(f"key-{self.keys:08}", request_digest(deed.name))
        if not self.give(deed, once) or self.log.once(CASE, once.key) is None:
            return
        before = (self.log.actions(CASE), dict(self.log.places))
        assert self.give(deed, once)
        with pytest.raises(Invalid, match="idempotency_key_reused"):
            self._record(deed, Once(once.key, request_digest(deed.name, "other")))
        assert (self.log.actions(CASE), dict(self.log.places)) == before

    @rule(proposed=st.booleans(), steps=st.integers(0, 4), what=FOUND_LATE, after=st.integers(0, 12))
    def comes_to_light(self, proposed: bool, steps: int, what: tuple[str, int], after: int) -> None:
        """What speaks against it is found when it was proposed, approved or even paid; and it goes on from there."""
        self._goes_on_until(
            lambda case: settled(case, "review") == "approved" or (proposed and bool(case.proposal))
        )
        for _ in range(0 if proposed else steps):
            self.goes_on()
        self.give(self.make(*what))
        for _ in range(after):
            self.goes_on()

    def _goes_on_until(self, there: Callable[[Case], bool]) -> None:
        for _ in range(LONG):
            if self.case.ended or there(self.case):
                return
            self.give(self.make(*next_deed(self.case, self.world)))

    @rule(changes=CHANGES)
    def is_changed(self, changes: list[tuple[int, int, list[int]]]) -> None:
        """What was issued becomes one thing after the other; of two at once the one begun first is recorded last."""
        self._goes_on_until(lambda case: case.ended)
        for later, sooner, told in changes:
            self._races(self.make("change_permission", later), self.make("change_permission", sooner))
            for ago in told:
                self.publishes(ago, twice=False)

    @rule(ago=st.integers(0, 8), twice=st.booleans())
    def publishes(self, ago: int, *, twice: bool) -> None:
        """The step puts into the register what it read of the case, now or a while ago, and perhaps once more."""
        read_up_to = max(0, len(self.log.actions(CASE)) - ago)
        for _ in range(1 + twice):
            self._publish(read_up_to)
        self._register_agrees()

    def _publish(self, read_up_to: int) -> None:
        case = fold(CASE, self.log.actions(CASE)[:read_up_to])
        if case.permission is None or "traveller" not in case.sections:
            return
        with mock.patch.object(permissions, "register", return_value=self.register):
            permissions.publish(case)
        self.published = max(self.published, read_up_to)

    def _register_agrees(self) -> None:
        """It says what the last of the readings said that were put there, in whatever order they came, and once."""
        told = fold(CASE, self.log.actions(CASE)[: self.published]).permission if self.published else None
        held = {number: each.status for number, each in self.register.held.items()}
        assert held == ({told["number"]: told["status"]} if told else {})

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        """Days go by."""
        self.world.now += timedelta(days=days)

    @invariant()
    def holds(self) -> None:
        """What must hold after every step."""
        actions = self.log.actions(CASE)
        assert actions[: len(self.seen)] == self.seen
        if len(actions) == len(self.seen):
            return
        assert [action.sequence for action in actions] == list(range(1, len(actions) + 1))
        for action in actions[len(self.seen) :]:
            self._fits(action)
            self._is_screened(action)
            self._may_become(action)
            self._asks_one_thing(action)
            self._comes_first(action)
            apply(self.stepwise, action)
            self.seen.append(action)
        assert fold(CASE, actions) == self.stepwise
        self._is_derived_anew()
        self._clock_runs()
        self._once_each()
        self._places_balance()

    def _fits(self, action: Action) -> None:
        before, kinds = self.stepwise, [each.kind for each in self.seen]
        if any(ends(each) for each in self.seen):
            assert action.kind in LATE, f"{action.kind} after the end"
        if action.kind == "deadline_passed":
            assert action.body["task"] in before.tasks
        if action.kind == "decided":
            assert before.proposal
            assert action.by.id != before.proposal.by.id
        if action.kind == "granted":
            assert before.status == "checking"
            _every_check_passed(before)
        if action.kind in ("permission_issued", "production_ordered", "produced", "handed_over"):
            approved = before.decision and before.decision.outcome == "approve"
            assert before.granted or approved
            assert "fee_due" in kinds
            assert "paid" in kinds or self.world.procedure == deeds.FREE
        if action.kind == "handed_over":
            assert before.book

    def _may_become(self, action: Action) -> None:
        """A permission for one entry is used once: after that it is at most revoked, and never in force again."""
        if action.kind not in ("permission_changed", "entry_recorded"):
            return
        held = self.stepwise.permission
        assert held
        assert (held["number"], held["entries"]) == (action.body["number"], "single")
        became = {each.body["status"] for each in self.seen if each.kind == "permission_changed"}
        assert not became & {"cancelled", "replaced"}
        entered = "used" in became or any(each.kind == "entry_recorded" for each in self.seen)
        if action.kind == "entry_recorded":
            assert (held["status"], entered) == ("revoked", False)
            return
        after = action.body["status"]
        assert after != held["status"]
        assert not entered or after in ("used", "revoked")
        assert held["status"] != "revoked" or after in ("active", "used")

    def _is_screened(self, action: Action) -> None:
        """Nothing is proposed, approved or issued past an open hit, or granted where there ever was one.

        Nothing is approved on half a screening, nor before the originals were seen that must be.
        """
        before = self.stepwise
        waiting = open_hits(commands.screenings(before), before.hits)
        if action.kind in ("proposed", "permission_issued"):
            assert not waiting
        if action.kind in ("proposed", "decided") and action.body["outcome"] == "approve":
            assert not waiting
            assert _screened_whole(before)
            assert self.world.lacking(before) == ()
        if action.kind == "granted":
            assert not all_hits(commands.screenings(before))

    def _asks_one_thing(self, action: Action) -> None:
        """Nothing goes on while the applicant is expected, and nothing is sent again that was not asked for."""
        before = self.stepwise
        if action.kind in ("proposed", "decided", "granted", "correction_requested"):
            assert before.open_interview is None
        if action.kind == "interview_requested":
            assert before.proposal is None
        if action.kind == "resubmitted":
            assert before.status == "correction"

    def _is_derived_anew(self) -> None:
        """Whenever an application is looked at, it is complete, and at the desk that its answers name."""
        case = self.stepwise
        if case.submitted_at and not case.ended and case.status != "correction":
            assert case.desk == self.world.desk(case)
            assert self.world.absent(case) == ()
            assert not case.claimed_by or case.status == "in_review"

    def _comes_first(self, action: Action) -> None:
        """A wait that was given up takes nothing from the living one, and one intent at a time is paid with."""
        if action.kind == "task_opened":
            assert action.body["token"] not in self.stepwise.tokens
        if action.kind == "payment_started":
            payment = self.stepwise.payment
            assert payment.intent is None
            assert action.body["payment_intent"] not in payment.intents

    def _clock_runs(self) -> None:
        """Only while officers have the case and have not decided."""
        case = self.stepwise
        runs = bool(case.review_clock) and case.review_clock[-1][1] is None
        assert not runs or (not case.decision and (case.ended or case.status == "in_review"))

    def _once_each(self) -> None:
        kinds = [action.kind for action in self.seen]
        for kind in ("opened", "submitted", "granted", "permission_issued", "production_ordered", "produced"):
            assert kinds.count(kind) <= 1, kind
        assert kinds.count("fee_due") <= 1
        assert kinds.count("paid") <= kinds.count("fee_due")
        assert sum(ends(action) for action in self.seen) <= 1
        assert not (self.stepwise.granted and self.stepwise.decision)
        for intent, charge in self.world.gateway.charges.items():
            assert self.stepwise.payment.refunded.get(intent, 0) <= charge.refunded <= charge.received

    def _places_balance(self) -> None:
        held = {slot: self.log.places.get((OFFICE, slot), 0) for slot in deeds.SLOTS}
        case = self.stepwise
        if case.status in ("withdrawn", "lapsed", "refused", "issued"):
            assert case.appointment is None
        if case.status == "completed" and case.appointment and case.ended_at:
            # Whoever came before the time has given the place back.
            used = datetime.fromisoformat(case.appointment["start"]) <= case.ended_at
            assert sum(held.values()) == int(used) + len(_used(case))
        else:
            kept = [(case.appointment or {}).get("start"), *_used(case)]
            assert held == {slot: kept.count(slot) for slot in held}
        assert self.log.places[OFFICE, deeds.TAKEN] == 1

    def teardown(self) -> None:
        """At the latest when everything was heard and paid back, no money is left that nobody accounts for."""
        if not hasattr(self, "world") or not self.case.sequence:
            return
        gateway = self.world.gateway
        for _ in range(2):
            for intent in gateway.charges:
                assert self.give(deeds.hear(gateway.facts(intent)))
            for facts in deeds.refund_what_is_owed(gateway, self.case):
                assert self.give(deeds.hear(facts))
        self.holds()
        self._publish(len(self.log.actions(CASE)))
        self._register_agrees()
        # No action that was there has changed (`holds`): a break that ever was is still there.
        assert first_break(self.log.actions(CASE)) is None
        payment = self.case.payment
        assert not payment.owed_back
        flagged = {intent for intent, _reason in payment.flags}
        for intent, charge in gateway.charges.items():
            kept = intent == payment.paid_by and self._was_worth_it()
            assert charge.received == charge.refunded or kept or intent in flagged

    def _was_worth_it(self) -> bool:
        """Whether what was paid for was made, or may still come: what lies ready and is not fetched was made."""
        (*_, reason) = (None, *(each.body["reason"] for each in self.seen if each.kind == "lapsed"))
        return self.case.status not in ("withdrawn", "refused") and reason in (None, "handover")


def _used(case: Case) -> list[str]:
    """The places at which an interview was held; whoever came before the time has given it back."""
    held = [(each.start, each.held_at) for each in case.interviews if each.start and each.held_at]
    return [start for start, at in held if datetime.fromisoformat(start) <= at]


def _every_check_passed(case: Case) -> None:
    """By the machine, after everything was said, on the pictures that are there; each document's own."""
    changed = max(case.changed.values())
    for check, document in deeds.WANTED:
        (*_, found) = (
            each
            for each in case.findings
            if each.finding["check"] == check and (document is None or each.document in (None, document))
        )
        assert found.finding["outcome"] == "pass"
        if document:
            assert found.upload_id == case.documents[document].upload_id
        if check != "image":
            assert found.door == "chain"
            seen = case.documents[document].sequence if check == "portrait" and document else changed
            assert check == "faces" or found.looked_at >= seen, f"{check} did not see the last change"


CHAOS = os.environ.get("HYPOTHESIS") == "chaos"
TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=5000 if CHAOS else 500,
    stateful_step_count=60 if CHAOS else 30,
    derandomize=not CHAOS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_every_command_is_among_the_deeds() -> None:
    given = set(re.findall(r"commands\.([a-z_]+)", Path(deeds.__file__).read_text(encoding="utf-8")))
    written = {
        name
        for name, value in vars(commands).items()
        if isfunction(value) and value.__annotations__.get("return") == "list[NewAction]"
    }
    assert len(written) > 30
    assert {name for name in written - given if not name.startswith("_")} == set()
