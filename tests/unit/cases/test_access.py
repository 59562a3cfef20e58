"""Who may do what: every operation, caller and relation to the case, against a list written by hand."""

from __future__ import annotations

import pytest

from ryoji.cases.access import OPERATIONS, Caller, require, require_desk, require_on
from ryoji.cases.case import Case
from ryoji.errors import NotAllowed, NotFound
from tests.unit.cases import walking

DESK, ALL_ROLES = walking.DESK, walking.ROLES


def officer(desk: str, *roles: str) -> Caller:
    return Caller("officer", "officer-x", "佐藤", frozenset({desk}), frozenset(roles))


CALLERS: dict[str, Caller] = {
    "public": Caller("public"),
    "holder": Caller("applicant", walking.HOLDER),
    "stranger": Caller("applicant", "applicant-2"),
    "stranger without a subject": Caller("applicant", ""),
    "examiner": officer(DESK, "examiner"),
    "approver": officer(DESK, "approver"),
    "counter": officer(DESK, "counter"),
    "officer without a role": officer(DESK),
    "officer of another desk": officer("osaka", *ALL_ROLES),
    "officer without a desk": Caller("officer", "officer-y", roles=ALL_ROLES),
    "partner": Caller("partner", "printing", scopes=frozenset({"production/report"})),
    "carrier": Caller("partner", "airline", scopes=frozenset({"inquiry/ask"})),
    "border": Caller("partner", "border", scopes=frozenset({"border/report"})),
    "agency": Caller("applicant", "applicant-4", organisations=frozenset({"sunrise"})),
    "partner without scope": Caller("partner", "other", scopes=frozenset({"other/scope"})),
    "applicant who says to be an officer": Caller(
        "applicant", "applicant-3", desks=frozenset({DESK}), roles=ALL_ROLES
    ),
}
APPLICANTS = {
    "holder",
    "stranger",
    "stranger without a subject",
    "applicant who says to be an officer",
    "agency",
}
OF_DESK = {"examiner", "approver", "counter", "officer without a role"}
OFFICERS = OF_DESK | {"officer of another desk", "officer without a desk"}
# Whoever has every role may do it off a case, wherever their desk is.
COUNTERS = {"counter", "officer of another desk", "officer without a desk"}

# Operations without a case: who may.
OPEN: dict[str, set[str]] = {
    "catalogue.read": set(CALLERS),
    "status.read": set(CALLERS),
    "payment.notify": set(CALLERS),
    "seal.verify": set(CALLERS),
    "inquiry.ask": {"carrier"},
    "case.open": APPLICANTS,
    "case.list": APPLICANTS,
    "desk.me": OFFICERS,
    "desk.offices": OFFICERS,
    "desk.queue": OFFICERS,
    "desk.find": OFFICERS,
    "desk.statistics": OFFICERS,
    "desk.count_paper": COUNTERS,
    "desk.appointments": COUNTERS,
    "production.report": {"partner"},
    "permission.report": {"border"},
    "agency.read": APPLICANTS,
    "desk.read_agencies": OFFICERS,
    "desk.agencies": {"approver", "officer of another desk", "officer without a desk"},
    "desk.accredit": {"approver", "officer of another desk", "officer without a desk"},
}
# Operations on a case: who may, when it is theirs.
ON_CASE: dict[str, set[str]] = {
    "case.read": {"holder"},
    "case.save": {"holder"},
    "case.upload": {"holder"},
    "case.check": {"holder"},
    "case.identify": {"holder"},
    "case.submit": {"holder"},
    "case.correct": {"holder"},
    "case.pay": {"holder"},
    "case.book": {"holder"},
    "case.withdraw": {"holder"},
    "desk.read": OF_DESK,
    "desk.claim": {"examiner"},
    "desk.release": OF_DESK,
    "desk.request_correction": {"examiner"},
    "desk.propose": {"examiner"},
    "desk.decide": {"approver"},
    "desk.counter": {"counter"},
    "desk.decide_hit": {"examiner"},
    "desk.screen_again": {"examiner"},
    "desk.interview": {"examiner"},
    "desk.see_originals": {"counter"},
    "desk.change_permission": {"approver"},
}
CASES: dict[str, Case] = {
    "sent": walking.in_review().case,
    "draft": walking.draft().case,
    "somebody else's": walking.in_review("b" * 24, "applicant-9").case,
    "none": walking.Walk("c" * 24).case,
}
CASES["somebody else's"].desk = "singapore"
# To whom a case exists at all.
SEE = {"sent": {"holder"} | OF_DESK, "draft": {"holder"}, "somebody else's": set(), "none": set()}


def answer(caller: Caller, operation: str, case: Case) -> str:
    try:
        if OPERATIONS[operation].on_case:
            require_on(caller, operation, case)
        else:
            require(caller, operation)
    except NotFound as error:
        return error.code
    except NotAllowed as error:
        return error.code
    return "yes"


def test_the_lists_name_every_operation() -> None:
    assert set(OPEN) | set(ON_CASE) == set(OPERATIONS)
    assert {name for name, rule in OPERATIONS.items() if rule.on_case} == set(ON_CASE)


@pytest.mark.parametrize("who", sorted(CALLERS))
@pytest.mark.parametrize("operation", sorted(OPEN))
def test_operations_without_a_case(operation: str, who: str) -> None:
    expected = "yes" if who in OPEN[operation] else "not_allowed"
    assert answer(CALLERS[who], operation, CASES["sent"]) == expected


@pytest.mark.parametrize("which", sorted(CASES))
@pytest.mark.parametrize("who", sorted(CALLERS))
@pytest.mark.parametrize("operation", sorted(ON_CASE))
def test_operations_on_a_case(operation: str, who: str, which: str) -> None:
    granted = "yes" if who in ON_CASE[operation] else "not_allowed"
    expected = granted if who in SEE[which] else "case_not_found"
    assert answer(CALLERS[who], operation, CASES[which]) == expected


@pytest.mark.parametrize("operation", sorted(ON_CASE))
def test_the_machine_passes_no_door_of_people(operation: str) -> None:
    assert answer(Caller("system", "machine"), operation, CASES["sent"]) == "not_allowed"


def test_a_case_that_nobody_holds_is_nobodys() -> None:
    orphan = walking.in_review().case
    orphan.holder = ""
    assert answer(Caller("applicant", ""), "case.read", orphan) == "case_not_found"


def test_foreign_desks_do_not_exist() -> None:
    require_desk(CALLERS["examiner"], DESK)
    for who in ("officer of another desk", "officer without a desk", "holder", "public"):
        with pytest.raises(NotFound, match="desk_not_found"):
            require_desk(CALLERS[who], DESK)


def test_an_agencys_staff_reach_what_the_agency_holds_and_nothing_else() -> None:
    filed = walking.in_review("d" * 24, "org:sunrise").case
    assert answer(CALLERS["agency"], "case.read", filed) == "yes"
    assert answer(CALLERS["holder"], "case.read", filed) == "case_not_found"
    other = Caller("applicant", "applicant-5", organisations=frozenset({"sunset"}))
    assert answer(other, "case.read", filed) == "case_not_found"
    assert answer(CALLERS["agency"], "case.read", CASES["sent"]) == "case_not_found"


def test_nobody_is_an_organisation_by_their_subject() -> None:
    filed = walking.in_review("d" * 24, "org:sunrise").case
    assert answer(Caller("applicant", "sunrise"), "case.read", filed) == "case_not_found"
