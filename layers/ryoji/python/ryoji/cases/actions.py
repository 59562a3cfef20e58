"""The actions of a case and their chain. A case is the list of its actions; each carries the hash of the one before.

What can happen, and what each kind of action says: `ryoji.cases.action_bodies`.

The hash is SHA-256 over the RFC 8785 form of the action without its own hash, so anybody who has the
list can recompute it: see docs/history.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

FIRST_HASH = "0" * 64

ActorKind = Literal["applicant", "officer", "partner", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acted: `id` is the pool's subject, the partner's client or the step's name; `name` is for officers only."""

    kind: ActorKind
    id: str
    name: str | None = None


@dataclass(frozen=True)
class NewAction:
    """An action that was judged and not yet recorded."""

    kind: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Action:
    """One recorded action. `at` is UTC; `sequence` counts from 1 without gaps."""

    case_id: str
    sequence: int
    kind: str
    at: datetime
    by: Actor
    body: dict[str, Any]
    previous: str
    hash: str


def happened(kind: str, /, **body: Any) -> NewAction:
    """A new action with its body checked against the kind's model; raises pydantic.ValidationError."""
    # Imported with the first action: who only reads a history does not wait for fifty models.
    from ryoji.cases.action_bodies import BODIES

    return NewAction(kind=kind, body=BODIES[kind].model_validate(body).model_dump(mode="json"))


def canonical(action: Action) -> bytes:
    """The RFC 8785 bytes that an action's hash is taken over."""
    import rfc8785

    return rfc8785.dumps(
        {
            "case_id": action.case_id,
            "sequence": action.sequence,
            "kind": action.kind,
            "at": action.at.isoformat(),
            "by": {"kind": action.by.kind, "id": action.by.id, "name": action.by.name},
            "body": action.body,
            "previous": action.previous,
        }
    )


def chain(case_id: str, head: Action | None, new: list[NewAction], by: Actor, at: datetime) -> list[Action]:
    """Put new actions behind the head of a case, each carrying the hash of the one before."""
    actions: list[Action] = []
    for step in new:
        last = actions[-1] if actions else head
        bare = Action(
            case_id=case_id,
            sequence=last.sequence + 1 if last else 1,
            kind=step.kind,
            at=at,
            by=by,
            body=step.body,
            previous=last.hash if last else FIRST_HASH,
            hash="",
        )
        actions.append(Action(**{**bare.__dict__, "hash": hashlib.sha256(canonical(bare)).hexdigest()}))
    return actions


def first_break(actions: list[Action]) -> int | None:
    """The sequence number at which a history stops being what was recorded, or None when it verifies."""
    previous = FIRST_HASH
    for expected, action in enumerate(actions, start=1):
        sound = (
            action.sequence == expected
            and action.previous == previous
            and action.hash == hashlib.sha256(canonical(action)).hexdigest()
        )
        if not sound:
            return expected
        previous = action.hash
    return None
