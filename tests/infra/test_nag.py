"""The rules of AWS Solutions hold, and nothing is acknowledged that they would not find."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from infra.nag import acknowledged
from infra.target import Target

if TYPE_CHECKING:
    from tests.infra.conftest import Synthesised


def test_synthesis_passes_the_rules_and_is_not_empty(either: Synthesised) -> None:
    stacks = {"RyojiKeeping": 14, "RyojiService": 200, "RyojiCarriers": 11, "RyojiOperations": 50}
    if not either.target.local:
        stacks["RyojiEdge"] = 15
    assert set(either.templates) == set(stacks)
    for name, least in stacks.items():
        # CloudFormation's own limit is 500 resources a stack.
        assert least <= len(either.templates[name]["Resources"]) < 450, name


def test_each_acknowledgement_answers_a_finding_and_each_finding_has_one(
    unacknowledged: tuple[Target, set[tuple[str, str]]],
) -> None:
    target, found = unacknowledged
    assert {(entry.place, entry.rule) for entry in acknowledged(target)} == found


@pytest.mark.parametrize("name", ["local", "aws"])
def test_acknowledgements_are_narrow_and_say_why(name: str) -> None:
    entries = acknowledged(_target(name))
    for entry in entries:
        assert entry.place.endswith("/Resource"), entry
        assert len(entry.reason.split()) >= 4, entry
        assert entry.reason.endswith("."), entry
    twice = [key for key, n in Counter((e.place, e.rule) for e in entries).items() if n > 1]
    assert twice == []


def _target(name: str) -> Target:
    return Target(
        name=name,
        account="111122223333",
        region="ap-northeast-1",
        site="https://ryoji.example",
        mail_from="no-reply@ryoji.example",
        partners={},
        secrets={},
        dependencies=None,
        alarm_mail=None,
        certificate=None,
    )
