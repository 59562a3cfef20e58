"""What functions read about partners: JSON in Parameter Store, which holds no secret."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct

# Parameter Store's own limit, of its advanced tier.
MOST = 8192


class PartnerSettings(ssm.StringParameter):
    """One parameter. ValueError in plain words when it cannot hold what it should.

    Up to 4096 characters cost nothing. The tier is Parameter Store's own choice: one that was advanced once takes
    nothing of the standard tier any more.
    """

    def __init__(self, scope: Construct, name: str, path: str, value: Any, written: Any = None) -> None:
        """`written`: the same value as long as it will be, where what is only known on deploying stands in it."""
        length = len(json.dumps(written if written is not None else value))
        if length > MOST:
            raise ValueError(
                f"the settings {path} have {length} characters, and Parameter Store holds {MOST}: docs/deploy.md"
            )
        super().__init__(
            scope,
            name,
            parameter_name=path,
            string_value=Stack.of(scope).to_json_string(value),
            tier=ssm.ParameterTier.INTELLIGENT_TIERING,
        )
