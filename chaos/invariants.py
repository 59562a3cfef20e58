"""What must hold whatever failed, looked at past the functions: in the tables, at the partners, in the histories."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chaos.histories import faults_of
from chaos.journeys import Journey
from local import cloud_logs
from local.payments import SECRET_KEY
from ryoji.permissions.held import read
from tests.sandbox import Sandbox

RENEWAL = "passport-renewal"
# What may happen to a case once at the most.
ONCE = (
    "opened",
    "submitted",
    "granted",
    "fee_due",
    "payment_started",
    "paid",
    "production_ordered",
    "produced",
    "handed_over",
    "permission_issued",
    "permission_changed",
)
# With these a case has given what was applied for, and its fee was to be paid.
GIVEN = ("handed_over", "permission_issued")
NEVER = ("payment_mismatch", "refund_due", "lapsed", "withdrawn")
# What every applicant is told of by e-mail and in the portal.
TOLD = ("submitted", "permission_issued", "permission_changed")
History = list[dict[str, Any]]


@dataclass
class Found:
    """What was counted, and what is broken; nothing broken is what `make chaos` is for."""

    counts: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def count(self, name: str, value: int) -> None:
        """A figure to print."""
        self.counts[name] = value

    def never(self, name: str, those: list[str]) -> None:
        """A figure that must be nought."""
        self.counts[name] = len(those)
        self.broken += [f"{name}: {each}" for each in those]


def look(ryoji: Sandbox, journeys: list[Journey]) -> Found:
    """Hold every invariant against what is there."""
    found = Found()
    histories = _histories(ryoji)
    _cases(found, journeys, histories)
    _money(found, ryoji, histories)
    _permissions(found, ryoji, histories)
    _revocations(found, ryoji, journeys, histories)
    _books(found, ryoji, histories)
    _visits(found, ryoji, histories)
    _messages(found, histories)
    _mails(found, ryoji, histories)
    wrong, unsigned = faults_of(ryoji, sorted(histories))
    found.count("histories", len(histories))
    found.never("histories not signed to their end", unsigned)
    found.never(
        "histories that do not verify", [f"{case}: {'; '.join(each)}" for case, each in wrong.items()]
    )
    return found


def _cases(found: Found, journeys: list[Journey], histories: dict[str, History]) -> None:
    for kind in sorted({journey.kind for journey in journeys}):
        of_kind = [journey for journey in journeys if journey.kind == kind]
        found.count(f"{kind}: begun", len(of_kind))
        found.count(f"{kind}: ended", sum(journey.ended for journey in of_kind))
    found.count(
        "authorizations granted by machine",
        sum("granted" in _kinds(history) for history in histories.values()),
    )
    found.count(
        "approvals taken back",
        sum(_kinds(history).count("approval_recalled") for history in histories.values()),
    )
    found.never(
        "cases lost",
        [f"{j.kind} {j.case_id or j.key} is {j.status} {j.troubles[-1:]}" for j in journeys if not j.ended],
    )
    known = {journey.case_id for journey in journeys}
    found.never("cases doubled", sorted(set(histories) - known))
    said = {journey.case_id: journey.status for journey in journeys}
    odd = [
        f"{case} {status}" for case, status in said.items() if status in ("refused", "withdrawn", "lapsed")
    ]
    found.never("cases that ended otherwise", odd)
    twice = [
        f"{case}: {kind} {count} times"
        for case, history in histories.items()
        for kind, count in Counter(_kinds(history)).items()
        if count > (0 if kind in NEVER else 1) and kind in (*ONCE, *NEVER)
    ]
    found.never("deeds done twice", twice)


def _money(found: Found, ryoji: Sandbox, histories: dict[str, History]) -> None:
    """The card gateway's own books against the histories."""
    charged: Counter[str] = Counter()
    amounts: dict[str, set[int]] = {}
    intents = 0
    for intent in _intents(ryoji):
        intents += 1
        if intent["status"] == "succeeded":
            case = str(intent["metadata"]["case_id"])
            charged[case] += 1
            amounts.setdefault(case, set()).add(int(intent["amount"]))
    due = {
        case: next(int(action["body"]["total"]) for action in history if action["kind"] == "fee_due")
        for case, history in histories.items()
        if "fee_due" in _kinds(history)
    }
    paid = {case for case, history in histories.items() if "paid" in _kinds(history)}
    found.count("fees due", len(due))
    found.count("charges", sum(charged.values()))
    found.never("second charges", [f"{case}: {count}" for case, count in charged.items() if count > 1])
    found.count("payments begun at the gateway", intents)
    found.never("charges that no case knows", sorted(set(charged) - paid))
    found.never("fees that are paid and not charged", sorted(paid - set(charged)))
    wrong = [case for case, sums in amounts.items() if sums != {due.get(case)}]
    found.never("charges of another amount", wrong)
    given = sorted(case for case, history in histories.items() if set(GIVEN) & set(_kinds(history)))
    found.never("fees that never fell due", [case for case in given if case not in due])
    unpaid = [case for case in given if due.get(case, 0) > 0 and case not in paid]
    found.never("fees due that nobody paid", unpaid)
    charges, fees = sum(charged.values()), sum(total > 0 for total in due.values())
    found.never(
        "fees due and charges that differ", [f"{fees} fees, {charges} charges"] if fees != charges else []
    )


def _permissions(found: Found, ryoji: Sandbox, histories: dict[str, History]) -> None:
    """The register that the airlines ask against the histories."""
    issued = {
        str(action["body"]["number"]): case
        for case, history in histories.items()
        for action in history
        if action["kind"] == "permission_issued"
    }
    numbers: dict[str, str] = {}
    of_documents: Counter[str] = Counter()
    written: list[tuple[str, str]] = []
    for item in _scan(ryoji, ryoji.running.outputs["PermissionTable"]):
        key = item["document"]["S"]
        if key.startswith("N#"):
            numbers[key[2:]] = item["case_id"]["S"]
            written.append((key[2:], item["entry"]["S"]))
        else:
            held = [(name[2:], value["S"]) for name, value in item.items() if name.startswith("P#")]
            of_documents.update(number for number, _ in held)
            written += held
    ours = {number: case for number, case in numbers.items() if case in histories}
    found.count("permissions issued", len(issued))
    found.count("permissions in the register", len(ours))
    doubled = [case for case, count in Counter(ours.values()).items() if count > 1]
    found.never("second permissions", doubled)
    found.never("permissions lost on the way to the register", sorted(set(issued) - set(ours)))
    found.never("permissions that no case knows", sorted(set(ours) - set(issued)))
    found.never(
        "permissions not once under their document",
        [number for number in issued if of_documents[number] != 1],
    )
    became = {number: _became(histories[case]) for number, case in issued.items()}
    found.count("permissions revoked", sum(status == "revoked" for status in became.values()))
    # Of the others in the register some cannot be read: airlines try what they are answered then.
    standing = [(number, read(number, text).status) for number, text in written if number in became]
    other = [
        f"{number}: {status} and not {became[number]}"
        for number, status in standing
        if status != became[number]
    ]
    found.never("permissions that stand otherwise than in their case", other)


def _became(history: History) -> str:
    """How what a case has issued stands at its end."""
    changes = [action["body"]["status"] for action in history if action["kind"] == "permission_changed"]
    return str((["active", *changes])[-1])


def _revocations(
    found: Found, ryoji: Sandbox, journeys: list[Journey], histories: dict[str, History]
) -> None:
    """What the officers revoked, in the cases and for whoever verifies a seal."""
    asked = {journey.case_id: journey for journey in journeys if journey.revoked}
    revoked = {case for case, history in histories.items() if _became(history) == "revoked"}
    found.never("revocations lost", sorted(set(asked) - revoked))
    found.never("revocations that nobody asked for", sorted(revoked - set(asked)))
    told = {
        case: ryoji.public().call("POST", "/verify", {"seal": journey.seal}).body
        for case, journey in asked.items()
    }
    found.never(
        "revoked permissions that verify otherwise",
        [
            f"{case}: {said.get('permission')}"
            for case, said in told.items()
            if said.get("permission") != "revoked"
        ],
    )


def _books(found: Found, ryoji: Sandbox, histories: dict[str, History]) -> None:
    """The printing partner's own books against the histories."""
    with urllib.request.urlopen(f"{ryoji.walker.printing}/orders", timeout=20) as answer:
        said = json.loads(answer.read())
    orders = [order for order in (said["orders"] if isinstance(said, dict) else said) if order["book_number"]]
    made = {str(order["order_id"]).partition(".")[0]: str(order["book_number"]) for order in orders}
    known = {
        case: str(action["body"]["book_number"])
        for case, history in histories.items()
        for action in history
        if action["kind"] == "produced"
    }
    found.count("books made", len(orders))
    found.count("books handed over", sum("handed_over" in _kinds(history) for history in histories.values()))
    twice = len(orders) - len(made)
    found.never("second books", [str(twice)] if twice else [])
    found.never("books under another number", [case for case in known if made.get(case) != known[case]])


def _visits(found: Found, ryoji: Sandbox, histories: dict[str, History]) -> None:
    """The places that are taken, against the appointments; who comes before the time gives the place back."""
    taken = {
        (item["office"]["S"], item["start"]["S"]): int(item["taken"]["N"])
        for item in _scan(ryoji, ryoji.running.outputs["SlotTable"])
        if int(item["taken"]["N"])
    }
    held: Counter[tuple[str, str]] = Counter()
    booked = 0
    for history in histories.values():
        place: tuple[str, str] | None = None
        for action in history:
            if action["kind"] == "appointment_booked":
                place, booked = (str(action["body"]["office"]), str(action["body"]["start"])), booked + 1
            if action["kind"] in ("appointment_cancelled", "handed_over"):
                place = None
        if place:
            held[place] += 1
    found.count("appointments booked", booked)
    wrong = [f"{place}: {taken.get(place, 0)} taken, {held[place]} held" for place in {*taken, *held}]
    found.never(
        "places that do not agree with the appointments",
        [
            each
            for each, place in zip(wrong, {*taken, *held}, strict=True)
            if taken.get(place, 0) != held[place]
        ],
    )


def _messages(found: Found, histories: dict[str, History]) -> None:
    sent: Counter[tuple[str, int, str]] = Counter()
    for case, history in histories.items():
        for action in history:
            if action["kind"] == "message_sent":
                sent[case, int(action["body"]["about"]), str(action["body"]["channel"])] += 1
    found.count("messages recorded", sum(sent.values()))
    found.never("messages recorded twice", [str(each) for each, count in sent.items() if count > 1])
    lost = [
        f"{case}: {action['kind']} by {channel}"
        for case, history in histories.items()
        for action in history
        for channel in ("email", "portal")
        if action["kind"] in TOLD and not sent[case, int(action["sequence"]), channel]
    ]
    found.never("messages lost", lost)


def _mails(found: Found, ryoji: Sandbox, histories: dict[str, History]) -> None:
    """What the mail stand-in sent; a call whose answer was lost is made again, so a few are sent more than once."""
    url = f"http://127.0.0.1:{ryoji.running.ports['mailbox']}/api/letters"
    with urllib.request.urlopen(url, timeout=30) as answer:
        letters = json.loads(answer.read())["letters"]
    sent = Counter((str(each["to"]), str(each["subject"]), str(each["text"])) for each in letters)
    recorded = sum(
        action["kind"] == "message_sent" and action["body"]["channel"] == "email"
        for history in histories.values()
        for action in history
    )
    found.count("e-mails recorded", recorded)
    found.count("e-mails sent", len(letters))
    found.count("e-mails sent again, their first answer lost", sum(sent.values()) - len(sent))
    lacking = recorded - len(letters)
    found.never("e-mails recorded and never sent", [str(lacking)] if lacking > 0 else [])


def unexpected(ryoji: Sandbox) -> Counter[str]:
    """What the functions did not foresee, by function, error and place, from their logs."""
    logs = ryoji.running.client("logs")
    found: Counter[str] = Counter()
    for group in cloud_logs.groups(logs, logGroupNamePrefix=cloud_logs.OF_FUNCTIONS):
        name = group.removeprefix(cloud_logs.OF_FUNCTIONS)
        for event in cloud_logs.events(logs, group):
            if '"message":"unexpected"' in event["message"]:
                found[f"{name}: {_place(event['message'])}"] += 1
    return found


def _place(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return line[:80]
    return f"{said.get('error')} {said.get('aws') or ''} {str(said.get('at')).partition(' < ')[0]}"


def _kinds(history: History) -> list[str]:
    return [str(action["kind"]) for action in history]


def _histories(ryoji: Sandbox) -> dict[str, History]:
    """Every case's actions in order, as they lie in the table."""
    cases: dict[str, History] = {}
    for item in _scan(ryoji, ryoji.running.outputs["CaseTable"]):
        if item["item"]["S"].startswith("A#"):
            action = {
                "sequence": int(item["sequence"]["N"]),
                "kind": item["kind"]["S"],
                "body": json.loads(item["body"]["S"]),
            }
            cases.setdefault(item["case_id"]["S"], []).append(action)
    for history in cases.values():
        history.sort(key=lambda action: int(action["sequence"]))
    return cases


def _scan(ryoji: Sandbox, table: str) -> Iterator[dict[str, Any]]:
    pages = (
        ryoji.running.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    )
    for page in pages:
        yield from page["Items"]


def _intents(ryoji: Sandbox) -> Iterator[dict[str, Any]]:
    """The gateway's PaymentIntents, asked of the stand-in itself."""
    basic = base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
    after = ""
    while True:
        url = f"{ryoji.walker.stripe}/v1/payment_intents?limit=100{after}"
        request = urllib.request.Request(url, headers={"Authorization": f"Basic {basic}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            page = json.loads(answer.read())
        yield from page["data"]
        if not page["has_more"]:
            return
        after = f"&starting_after={page['data'][-1]['id']}"
