"""Whether a history is what was recorded: its own chain, and the signed heads that name it. See docs/history.md."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ryoji.cases.actions import Action, Actor, first_break


@dataclass(frozen=True)
class Archived:
    """One night's list of signed heads as it lies in the archive."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Verdict:
    """What was found. `signed` is the last sequence under a good signature, 0 when none names the case yet."""

    case_id: str
    actions: int
    signed: int
    lists: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the history."""
        return not self.faults


def verify_history(
    case_id: str, actions: list[Action], archive: list[Archived], public_key: bytes
) -> Verdict:
    """Recompute the chain and hold it against every list that names the case; `public_key` is DER or PEM.

    A history that was shortened or written anew has a sound chain: only the signed heads show it.
    """
    faults = []
    broken = first_break(actions)
    if broken is not None:
        faults.append(f"action {broken} is not what was recorded")
    if any(action.case_id != case_id for action in actions):
        faults.append("the history holds another case's actions")
    signed, lists = 0, 0
    for each in archive:
        head, fault = _head_in(each, case_id, public_key)
        fault = fault or (_differs(head, actions) if head else None)
        if fault:
            faults.append(f"{each.name}: {fault}")
        elif head:
            signed, lists = max(signed, head[0]), lists + 1
    return Verdict(case_id, len(actions), signed, lists, tuple(faults))


def _head_in(each: Archived, case_id: str, public_key: bytes) -> tuple[tuple[int, str] | None, str | None]:
    """The sequence and hash that a list has for the case, or what is wrong with the list."""
    try:
        file = json.loads(each.content)
        body, signature = str(file["signed"]).encode(), b64decode(file["signature"], validate=True)
        heads = {
            head["case_id"]: (int(head["sequence"]), str(head["hash"])) for head in json.loads(body)["heads"]
        }
    except (ValueError, TypeError, KeyError):
        return None, "it is not a list of signed heads"
    if not _verifies(public_key, signature, body):
        return None, "its signature does not verify"
    return heads.get(case_id), None


def _verifies(public_key: bytes, signature: bytes, body: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    load = load_pem_public_key if public_key.lstrip().startswith(b"-----BEGIN") else load_der_public_key
    try:
        key = load(public_key)
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(signature, body, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _differs(head: tuple[int, str], actions: list[Action]) -> str | None:
    sequence, expected = head
    if not 1 <= sequence <= len(actions):
        return f"it names action {sequence}, and the history ends at {len(actions)}"
    if actions[sequence - 1].hash != expected:
        return f"it names action {sequence} with another hash"
    return None


def as_export(
    case_id: str, actions: list[Action], archive: list[Archived], public_key_pem: str
) -> dict[str, Any]:
    """A history with all that is needed to verify it elsewhere. It holds the case's personal data."""
    return {
        "case_id": case_id,
        "actions": [
            {
                "sequence": action.sequence,
                "kind": action.kind,
                "at": action.at.isoformat(),
                "by": {"kind": action.by.kind, "id": action.by.id, "name": action.by.name},
                "body": action.body,
                "previous": action.previous,
                "hash": action.hash,
            }
            for action in actions
        ],
        "heads": [{"name": each.name, "content": each.content.decode()} for each in archive],
        "public_key": public_key_pem,
    }


def from_export(export: dict[str, Any]) -> tuple[str, list[Action], list[Archived], bytes]:
    """The parts of an export; raises ValueError, KeyError or TypeError for anything else."""
    case_id = str(export["case_id"])
    actions = [
        Action(
            case_id=case_id,
            sequence=int(row["sequence"]),
            kind=str(row["kind"]),
            at=datetime.fromisoformat(row["at"]),
            by=Actor(row["by"]["kind"], row["by"]["id"], row["by"]["name"]),
            body=row["body"],
            previous=str(row["previous"]),
            hash=str(row["hash"]),
        )
        for row in export["actions"]
    ]
    heads = [Archived(str(each["name"]), str(each["content"]).encode()) for each in export["heads"]]
    return case_id, actions, heads, str(export["public_key"]).encode()
