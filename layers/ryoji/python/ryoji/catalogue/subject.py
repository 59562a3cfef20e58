"""Whom an application is for and which office it goes to, whichever sections its form has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Answers = Mapping[str, Mapping[str, Any]]
# A sex as the zone of a passport prints it, from what a form has.
PRINTED_SEX: Mapping[str, Literal["F", "M", "X"]] = {"female": "F", "male": "M", "unspecified": "X"}


def person_answers(answers: Answers) -> Mapping[str, Any]:
    """The section about the person: a national's `person`, a foreigner's `traveller`."""
    return answers.get("person") or answers.get("traveller") or {}


def passport_answers(answers: Answers) -> Mapping[str, Any]:
    """The section about the passport: a national's `passport_held`, a foreigner's `travel_document`."""
    return answers.get("passport_held") or answers.get("travel_document") or {}


def office_code(answers: Answers) -> str | None:
    """The code of the office that the applicant chose, once they did."""
    chosen = answers.get("collection") or answers.get("mission") or {}
    return chosen.get("office")


def notice_language(answers: Answers) -> str | None:
    """The language in which the applicant wants to be written to, once they said so."""
    chosen = answers.get("collection") or answers.get("mission") or {}
    return chosen.get("language")


def full_name(answers: Answers) -> str:
    """The person's name as lists show it; empty while it is not known."""
    person = person_answers(answers)
    names = ("surname", "given_names") if "surname" in person else ("family_name", "given_name")
    return " ".join(str(person[name]) for name in names if person.get(name))


def nationality(answers: Answers) -> str | None:
    """A foreign traveller's nationality (three letters); None for nationals."""
    return (answers.get("traveller") or {}).get("nationality")


def identity_key(answers: Answers) -> bytes | None:
    """What identifies the person (not the account); None while it is not known. To be hashed with a key."""
    if answers.get("traveller"):
        person = answers["traveller"]
        # Given names may be none; the rest must be there.
        parts = [person.get(key) for key in ("nationality", "surname", "birth_date")]
        parts = [*parts, person.get("given_names") or "-"]
    else:
        person = answers.get("person") or {}
        parts = [person.get(key) for key in ("family_name_kana", "given_name_kana", "birth_date", "sex")]
    return "\x1f".join(str(part) for part in parts).encode() if all(parts) else None
