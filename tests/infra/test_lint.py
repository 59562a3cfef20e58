"""cfn-lint finds nothing in what AWS is given.

The local template differs by context only and is deployed in other tests; the linter needs half a minute for each.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cfnlint  # type: ignore[import-untyped]  # it carries none

if TYPE_CHECKING:
    from tests.infra.conftest import Synthesised

# Warnings about how CDK writes templates, not about what they say.
IGNORED = [
    "W3005",  # CDK names dependencies that a reference already makes
    "W6001",  # outputs repeat what the first stack keeps, for those who look at one stack
]


def test_templates_are_well_formed(aws: Synthesised) -> None:
    for name, template in aws.templates.items():
        config = cfnlint.api.ManualArgs(regions=["ap-northeast-1"], ignore_checks=IGNORED)
        matches = cfnlint.api.lint(json.dumps(template), config=config)
        assert [f"{m.rule.id} {m.message} {m.path}" for m in matches] == [], name
