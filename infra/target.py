"""Where the app is deployed to. Everything that differs between the laptop and AWS comes from CDK context."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from constructs import Node

REGION = "ap-northeast-1"
LOCAL_ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Target:
    """The context of one deployment: `site` is the origin that people open, `partners` how partners are reached."""

    name: str
    account: str
    region: str
    site: str
    mail_from: str
    partners: dict[str, Any]
    secrets: dict[str, dict[str, str]]
    dependencies: str | None
    alarm_mail: str | None
    certificate: str | None

    @property
    def local(self) -> bool:
        """Whether this is the cloud on a laptop."""
        return self.name == "local"


def target_of(node: Node) -> Target:
    """Read the target from CDK context; raises ValueError in plain words when a value is missing."""
    name = node.try_get_context("target") or "local"
    if name not in ("local", "aws"):
        raise ValueError(f"-c target= must be 'local' or 'aws', not {name!r}")
    account = node.try_get_context("account") or (LOCAL_ACCOUNT if name == "local" else None)
    if not account:
        raise ValueError("deploying to AWS needs -c account=<12 digits>: see docs/deploy.md")
    if name == "aws" and not node.try_get_context("certificate"):
        raise ValueError("deploying to AWS needs -c certificate=<ARN, us-east-1>: see docs/deploy.md")
    return Target(
        name=name,
        account=account,
        region=node.try_get_context("region") or REGION,
        site=node.try_get_context("site") or "http://localhost:8080",
        mail_from=node.try_get_context("mail_from") or "no-reply@ryoji.example",
        partners=_json(node, "partners"),
        secrets=_json(node, "secrets"),
        dependencies=node.try_get_context("dependencies"),
        alarm_mail=node.try_get_context("alarm_mail"),
        certificate=node.try_get_context("certificate"),
    )


def _json(node: Node, key: str) -> dict[str, Any]:
    value = node.try_get_context(key)
    if not value:
        return {}
    parsed: dict[str, Any] = json.loads(value) if isinstance(value, str) else dict(value)
    return parsed
