"""What the machine waits for, and when a wait is over: judged from the fold, so that a late token is no harm."""

from __future__ import annotations

from ryoji.cases.actions import Action
from ryoji.cases.case import Case, Task, fold

TASKS = ("review", "correction", "payment", "production", "handover")
# Half of a case's actions: no wait ends with them, no machine starts, and nobody counts them.
STILL = frozenset(
    {
        "section_saved",
        "document_received",
        "finding_recorded",
        "card_read",
        "message_sent",
        "reminded",
        "claimed",
        "released",
        "permission_sealed_again",
        "entry_recorded",
    }
)


def settled(case: Case, task: str) -> str | None:
    """The outcome that a task ended with, or None while it is still to be done."""
    return "ended" if case.ended and task != "handover" and case.status != "refused" else _SETTLED[task](case)


def is_waited_for(case: Case, task: str) -> bool:
    """Whether a task is still to be done: one of the machine's waits, or an interview that was asked for."""
    if case.ended or task in case.overdue:
        return False
    if task == "interview":
        return case.open_interview is not None
    return task in case.tasks and settled(case, task) is None


def last_day(case: Case, task: str) -> str | None:
    """The last day of a task that is still to be done; None where there is none."""
    if not is_waited_for(case, task):
        return None
    if task == "interview":
        return case.open_interview.due if case.open_interview else None
    return case.tasks[task].due


def _review(case: Case) -> str | None:
    if case.status == "refused":
        return "refused"
    if case.granted or (case.decision and case.decision.outcome == "approve"):
        return "approved"
    return "correction" if case.status in ("correction", "checking") else None


def _correction(case: Case) -> str | None:
    if case.ended:
        return "ended"
    return None if case.status == "correction" else "corrected"


def _payment(case: Case) -> str | None:
    payment = case.payment
    # Where nothing is to be paid, nobody is waited for.
    nothing_due = payment.due is not None and payment.due.total == 0
    if payment.paid_by or nothing_due:
        return "paid"
    # With the approval the wait for its fee is over: the machine ends, and the clock starts one that looks again.
    task = case.tasks.get("payment")
    return "recalled" if task and task.sequence < case.recalled else None


def _production(case: Case) -> str | None:
    return "produced" if case.book else None


def _handover(case: Case) -> str | None:
    if case.status == "completed":
        return "handed_over"
    return "ended" if case.ended else None


_SETTLED = {
    "review": _review,
    "correction": _correction,
    "payment": _payment,
    "production": _production,
    "handover": _handover,
}


def stage_to_go_on_from(case: Case) -> str | None:
    """The stage at which a machine that died is started again; None when there is nothing to move."""
    if not case.submitted_at or case.ended:
        return None
    if case.status == "checking":
        # What was looked at and approved is not looked at again: what would be found then came too late.
        return "payment" if settled(case, "review") == "approved" else "evidence"
    if case.status == "correction":
        return "review"
    return case.stage or "evidence"


def newly_settled(actions: list[Action], sequence: int) -> list[tuple[Task, str]]:
    """The waits that ended with one action (or that it opened when they were over already), with their outcomes."""
    case_id = actions[0].case_id
    before, after = fold(case_id, actions[: sequence - 1]), fold(case_id, actions[:sequence])
    over = []
    for task in after.tasks.values():
        outcome = settled(after, task.task)
        known = before.tasks.get(task.task)
        waited = known is None or known.token != task.token or settled(before, task.task) is None
        if outcome and waited:
            over.append((task, outcome))
    return over
