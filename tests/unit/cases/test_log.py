"""Recording: keys make repetition harmless, conflicts are judged again, slots never overflow."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.cases import commands
from ryoji.cases.actions import NewAction, chain, first_break
from ryoji.cases.case import Case, fold
from ryoji.cases.log import TRIES, Once, SlotChange, read, record, request_digest
from ryoji.cases.slots import freed
from ryoji.errors import Conflict, Invalid, NotFound, Refused
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.walking import APPLICANT, CASE, NOON, Walk


def kept(walk: Walk) -> MemoryLog:
    log = MemoryLog()
    log.append(walk.case, walk.actions)
    log.appends = 0
    return log


def save(phone: str) -> Any:
    answers = {**walking.SECTIONS["contact"], "phone": phone}
    return lambda case: commands.save_section(case, section="contact", answers=answers)


def another_write(phone: str) -> Any:
    """Somebody else's action, just before ours."""

    def write(log: MemoryLog) -> None:
        case = read(log, CASE)
        added = chain(CASE, case.head, save(phone)(case), APPLICANT, NOON)
        log.append(fold(CASE, [*log.actions(CASE), *added]), added)

    return write


def command(log: MemoryLog, phone: str, once: Once | None = None) -> Case:
    return record(log, CASE, save(phone), by=APPLICANT, now=NOON, once=once)


def test_a_key_does_its_work_once() -> None:
    log = kept(walking.draft())
    once = Once("key-00000001", request_digest("case.save", "1"))
    first = command(log, "1", once)
    command(log, "2")
    again = command(log, "1", once)
    assert (first.sections["contact"]["phone"], again.sections["contact"]["phone"]) == ("1", "2")
    assert log.appends == 2


@given(st.text(), st.text())
def test_a_key_belongs_to_one_request(ours: str, theirs: str) -> None:
    log = kept(walking.draft())
    command(log, "1", Once("key-00000001", request_digest("case.save", ours)))
    again = Once("key-00000001", request_digest("case.save", theirs))
    if ours == theirs:
        command(log, "2", again)
    else:
        with pytest.raises(Invalid, match="idempotency_key_reused"):
            command(log, "2", again)
    assert read(log, CASE).sections["contact"]["phone"] == "1"


def test_what_changes_nothing_uses_no_key() -> None:
    log = kept(walking.draft())
    once = Once("key-00000001", "digest")
    record(log, CASE, lambda _case: [], by=APPLICANT, now=NOON, once=once)
    assert (log.appends, log.keys) == (0, {})


def test_the_loser_of_a_race_is_judged_again() -> None:
    log = kept(walking.draft())
    log.first = [another_write("other"), another_write("third")]
    after = command(log, "ours")
    assert (log.conflicts, after.sections["contact"]["phone"]) == (2, "ours")
    assert first_break(log.actions(CASE)) is None


def test_a_race_that_changes_the_judgement_changes_the_answer() -> None:
    log = kept(walking.in_review())

    def colleague(behind: MemoryLog) -> None:
        case = read(behind, CASE)
        added = chain(
            CASE,
            case.head,
            commands.claim(case, officer=walking.SECOND),
            walking.officer(walking.SECOND),
            NOON,
        )
        behind.append(fold(CASE, [*behind.actions(CASE), *added]), added)

    log.first = [colleague]
    with pytest.raises(Refused, match="claimed_by_another"):
        record(
            log,
            CASE,
            lambda case: commands.claim(case, officer=walking.FIRST),
            by=walking.officer(walking.FIRST),
            now=NOON,
        )


def test_two_requests_with_one_key_at_the_same_time_do_it_once() -> None:
    log = kept(walking.draft())
    once = Once("key-00000001", "digest")

    def twin(behind: MemoryLog) -> None:
        case = read(behind, CASE)
        added = chain(CASE, case.head, save("twin")(case), APPLICANT, NOON)
        behind.append(fold(CASE, [*behind.actions(CASE), *added]), added, once)

    log.first = [twin]
    assert command(log, "ours", once).sections["contact"]["phone"] == "twin"
    assert log.appends == 1


def test_a_repetition_that_reads_before_the_first_is_recorded_gets_the_first_ones_case() -> None:
    log = kept(walking.draft())
    once = Once("key-00000001", "digest")

    def the_first_is_recorded_now(_case: Case) -> None:
        # The guard runs after the case was read and before its key is looked for.
        command(log, "first", once)

    late = record(
        log,
        CASE,
        save("first"),
        by=APPLICANT,
        now=NOON,
        once=once,
        guard=the_first_is_recorded_now,
    )
    assert late.sections["contact"]["phone"] == "first"


def test_after_too_many_conflicts_the_caller_is_told() -> None:
    log = kept(walking.draft())
    log.first = [another_write(str(n)) for n in range(TRIES + 1)]
    with pytest.raises(Conflict):
        command(log, "ours")
    assert log.conflicts == TRIES


def test_the_guard_comes_before_the_key_and_the_judgement() -> None:
    log = kept(walking.draft())
    once = Once("key-00000001", "digest")
    command(log, "1", once)
    judged: list[Case] = []

    def judge(case: Case) -> list[NewAction]:
        judged.append(case)
        return []

    def guard(_case: Case) -> None:
        raise NotFound("case_not_found")

    with pytest.raises(NotFound):
        record(log, CASE, judge, by=APPLICANT, now=NOON, once=Once("key-00000001", "other"), guard=guard)
    assert judged == []


def book(log: MemoryLog, case_id: str, start: str, capacity: int = 1) -> Case:
    def slots(case: Case) -> tuple[SlotChange, ...]:
        return (*freed(case), SlotChange(walking.OFFICE, start, 1, capacity))

    return record(
        log,
        case_id,
        lambda case: commands.book_appointment(case, office=walking.OFFICE, start=start),
        by=APPLICANT,
        now=NOON,
        slots=slots,
    )


starts = st.sampled_from(["2026-11-25T09:00+09:00", "2026-11-25T09:30+09:00"])
visits = st.lists(st.tuples(st.integers(0, 2), st.one_of(starts, st.just("cancel"))), max_size=20)


@given(visits)
def test_slots_hold_exactly_what_cases_have_booked(moves: list[tuple[int, str]]) -> None:
    log = MemoryLog()
    names = [f"{n:024x}" for n in range(3)]
    for name in names:
        walk = walking.collection(name)
        walk.do(commands.cancel_appointment)
        log.append(walk.case, walk.actions)
    for n, move in moves:
        if move == "cancel":
            record(log, names[n], commands.cancel_appointment, by=APPLICANT, now=NOON, slots=freed)
            continue
        before = read(log, names[n]).appointment
        try:
            book(log, names[n], move)
        except Refused:
            assert read(log, names[n]).appointment == before
    booked = [a["start"] for a in (read(log, name).appointment for name in names) if a]
    assert {start: n for (_, start), n in log.places.items() if n} == dict.fromkeys(booked, 1)
    assert len(booked) == len(set(booked))
