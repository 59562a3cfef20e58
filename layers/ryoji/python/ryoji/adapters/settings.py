"""Settings of the deployment that are not secrets (SSM parameters) and secrets (Secrets Manager), read once a while."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ryoji.adapters.aws import QUICK, USUAL, client
from ryoji.errors import Unavailable

_FRESH_FOR = 300.0
_kept: dict[str, tuple[float, Any]] = {}


def _fresh(name: str, fetch: Any) -> Any:
    known = _kept.get(name)
    if known and time.monotonic() - known[0] < _FRESH_FOR:
        return known[1]
    value = fetch()
    _kept[name] = (time.monotonic(), value)
    return value


def partner(name: str, *, quick: bool = False) -> dict[str, Any]:
    """How to reach a partner: the JSON of the parameter `<prefix>/<name>`, with keys of that partner's adapter.

    A `quick` caller is told within seconds. Raises Unavailable.
    """
    path = f"{os.environ['PARTNER_SETTINGS']}/{name}"
    value: dict[str, Any] = _fresh(path, lambda: json.loads(_parameter(path, quick=quick)))
    return value


def _parameter(path: str, *, quick: bool) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        ssm = client("ssm", patience=QUICK if quick else USUAL)
        value: str = ssm.get_parameter(Name=path)["Parameter"]["Value"]
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("storage_unavailable") from error
    return value


def secret(variable: str) -> dict[str, str]:
    """A secret's JSON; `variable` names the environment variable that holds the secret's ARN."""
    arn = os.environ[variable]
    value: dict[str, str] = _fresh(
        arn, lambda: json.loads(client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    )
    return value
