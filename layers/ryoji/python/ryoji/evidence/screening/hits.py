"""Hits, and what a person decided about them. Every hit that a case ever had is decided, whatever was changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ryoji.errors import FieldError, Invalid, NotFound, Refused

CHECK = "screening"
HitKind = Literal["watch_list", "lost_or_stolen", "earlier", "shared", "declared", "crowded"]
Verdict = Literal["same_person", "other_person", "not_relevant", "relevant"]
MAX_NOTE = 2000


class Explanation(BaseModel):
    """One thing that speaks for or against a hit: its message code `screening.because.<code>` and the parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    code: str
    params: dict[str, str] = {}


class Hit(BaseModel):
    """Something for an officer to look at. `score` is 0..1 and sorts; `about` tells which entry or case it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str
    kind: HitKind
    score: float
    because: tuple[Explanation, ...]
    about: dict[str, Any]


def hit_id(*what: str) -> str:
    """The same finding again is the same hit; an entry that was changed is another one.

    What was compared is part of it: a word about what the application said before does not cover what it says now.
    """
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:20]


def verdicts_of(kind: str) -> tuple[Verdict, ...]:
    """What may be said of a hit. Of what names no other record there is no question whose it is, but what it means."""
    if kind in ("declared", "crowded"):
        return ("relevant", "not_relevant")
    return ("same_person", "other_person", "not_relevant")


def all_hits(case_findings: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Every hit of a case's screening findings (oldest first) by id, each as it was found last."""
    return {
        hit["id"]: hit
        for finding in case_findings
        if finding["check"] == CHECK
        for hit in finding.get("facts", {}).get("hits", ())
    }


def open_hits(
    case_findings: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Hits that nobody has decided yet, the highest score first. `decisions` are bodies of `hit_decided`."""
    decided = {decision["hit"] for decision in decisions}
    left = [hit for found, hit in all_hits(case_findings).items() if found not in decided]
    return sorted(left, key=lambda hit: (-hit["score"], hit["id"]))


def judge_hit(
    case_findings: Iterable[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
    *,
    hit: str,
    verdict: str,
    note: str,
) -> dict[str, str] | None:
    """The body of `hit_decided` that follows from an officer's word, or None when that is already so.

    A later word replaces an earlier one; both stay in the history. Raises NotFound (hit_not_found) for a hit that the
    case does not have, Invalid for a verdict that its kind does not have or a note that is missing or too long.
    """
    found = all_hits(case_findings).get(hit)
    if found is None:
        raise NotFound("hit_not_found")
    faults = []
    if verdict not in verdicts_of(found["kind"]):
        faults.append(FieldError("/verdict", "not_a_choice"))
    if not note.strip():
        faults.append(FieldError("/note", "required"))
    elif len(note) > MAX_NOTE:
        faults.append(FieldError("/note", "too_long", (("max", str(MAX_NOTE)),)))
    if faults:
        raise Invalid("validation_failed", fields=tuple(faults))
    body = {"hit": hit, "verdict": verdict, "note": note.strip()}
    last = next((each for each in reversed(decisions) if each["hit"] == hit), None)
    return None if last == body else body


def more_hits(case_findings: Sequence[Mapping[str, Any]]) -> int:
    """Hits that were found last and are not listed (yet)."""
    last = next((found for found in reversed(case_findings) if found["check"] == CHECK), None)
    return int(last.get("facts", {}).get("more", 0)) if last else 0


def waiting_hits(case_findings: Sequence[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> int:
    """How many hits wait for a person, those that are not listed among them."""
    return len(open_hits(case_findings, decisions)) + more_hits(case_findings)


def must_all_be_decided(
    case_findings: Sequence[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]
) -> None:
    """Raise Refused (hits_open) while a hit waits for a person: nothing is proposed or granted before."""
    waiting = waiting_hits(case_findings, decisions)
    if waiting:
        raise Refused("hits_open", count=str(waiting))
