"""Who may do what: one table, one question. Every route and every step passes through `require`.

Access is by relation: an applicant reaches the cases they hold, an officer the cases of their desks by role,
a partner what its scopes name. Somebody else's case answers exactly like a case that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ryoji.cases.case import Case
from ryoji.errors import NotAllowed, NotFound

CallerKind = Literal["public", "applicant", "officer", "partner", "system"]


@dataclass(frozen=True)
class Caller:
    """Who calls: `id` is the token's subject or client.

    Desks and roles are an officer's, scopes a partner's, organisations those that an applicant works for.
    """

    kind: CallerKind
    id: str = ""
    name: str = ""
    desks: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)
    organisations: frozenset[str] = field(default_factory=frozenset)

    @property
    def holds(self) -> frozenset[str]:
        """In whose name the caller may hold cases: their own, and the organisations' that they work for."""
        return frozenset({self.id, *(f"org:{code}" for code in self.organisations)}) - {""}


@dataclass(frozen=True)
class Rule:
    """One operation: which kind of caller, which role or scope, and whether it concerns one case."""

    kind: CallerKind
    role: str | None = None
    scope: str | None = None
    on_case: bool = True


OPERATIONS: dict[str, Rule] = {
    "catalogue.read": Rule("public", on_case=False),
    "status.read": Rule("public", on_case=False),
    "seal.verify": Rule("public", on_case=False),
    "payment.notify": Rule("public", on_case=False),
    "case.open": Rule("applicant", on_case=False),
    "case.list": Rule("applicant", on_case=False),
    "case.read": Rule("applicant"),
    "case.save": Rule("applicant"),
    "case.upload": Rule("applicant"),
    "case.check": Rule("applicant"),
    "case.identify": Rule("applicant"),
    "case.submit": Rule("applicant"),
    "case.correct": Rule("applicant"),
    "case.pay": Rule("applicant"),
    "case.book": Rule("applicant"),
    "case.withdraw": Rule("applicant"),
    "agency.read": Rule("applicant", on_case=False),
    "desk.me": Rule("officer", on_case=False),
    "desk.offices": Rule("officer", on_case=False),
    "desk.queue": Rule("officer", on_case=False),
    "desk.find": Rule("officer", on_case=False),
    "desk.appointments": Rule("officer", role="counter", on_case=False),
    "desk.statistics": Rule("officer", on_case=False),
    "desk.count_paper": Rule("officer", role="counter", on_case=False),
    "desk.read": Rule("officer"),
    "desk.claim": Rule("officer", role="examiner"),
    # Who holds the case, whatever they are by now, or an approver: the case says who holds it.
    "desk.release": Rule("officer"),
    "desk.request_correction": Rule("officer", role="examiner"),
    "desk.propose": Rule("officer", role="examiner"),
    "desk.decide": Rule("officer", role="approver"),
    "desk.counter": Rule("officer", role="counter"),
    "desk.decide_hit": Rule("officer", role="examiner"),
    "desk.screen_again": Rule("officer", role="examiner"),
    "desk.interview": Rule("officer", role="examiner"),
    "desk.see_originals": Rule("officer", role="counter"),
    "desk.change_permission": Rule("officer", role="approver"),
    "desk.read_agencies": Rule("officer", on_case=False),
    "desk.agencies": Rule("officer", role="approver", on_case=False),
    "desk.accredit": Rule("officer", role="approver", on_case=False),
    "permission.report": Rule("partner", scope="border/report", on_case=False),
    "inquiry.ask": Rule("partner", scope="inquiry/ask", on_case=False),
    "production.report": Rule("partner", scope="production/report", on_case=False),
}


def allowed(caller: Caller, operation: str) -> bool:
    """Whether this caller may use the operation at all, before any case is looked at."""
    rule = OPERATIONS[operation]
    if rule.kind == "public":
        return True
    return (
        caller.kind == rule.kind
        and (rule.role is None or rule.role in caller.roles)
        and (rule.scope is None or rule.scope in caller.scopes)
    )


def related(caller: Caller, case: Case) -> bool:
    """Whether the case is this caller's to see: the holder's own, or a submitted one of the officer's desks."""
    if caller.kind == "applicant":
        return case.holder in caller.holds
    if caller.kind == "officer":
        return case.desk is not None and case.desk in caller.desks
    return caller.kind == "system"


def may_release(officer: Caller, case: Case) -> bool:
    """Whether the officer may give the case back: who holds it, or an approver when that officer is away."""
    holds = case.claimed_by is not None and case.claimed_by.id == officer.id
    return holds or "approver" in officer.roles


def require(caller: Caller, operation: str) -> None:
    """Raise NotAllowed unless the caller may use the operation."""
    if not allowed(caller, operation):
        raise NotAllowed("not_allowed")


def require_on(caller: Caller, operation: str, case: Case) -> None:
    """Raise NotFound unless the case exists and is the caller's, then NotAllowed unless they may do this."""
    if case.sequence == 0 or not related(caller, case):
        raise NotFound("case_not_found")
    require(caller, operation)


def require_desk(caller: Caller, desk: str) -> None:
    """Raise NotFound unless the desk is one of the officer's: foreign desks do not exist for them."""
    if desk not in caller.desks:
        raise NotFound("desk_not_found")
