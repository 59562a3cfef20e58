"""Settings of the deployment that are not secrets (SSM parameters) and secrets (Secrets Manager), read once a while."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from ryoji.adapters.aws import answer_by, client
from ryoji.adapters.deadline import Deadline
from ryoji.errors import Unavailable

_FRESH_FOR = 300.0
# Whoever must answer in time takes a setting that cannot be read again as it was, so long and no longer.
_KNOWN_FOR = 3600.0
# After it could not be read it is left alone for a while: each who asks would wait for it.
_LEFT_ALONE_FOR = 10.0
# There may be hundreds of carriers, more than one parameter holds: each of them stands in one of so many parameters
# `<prefix>/carriers/<part>`, which one call reads together; ten are the most that GetParameters takes.
CARRIERS = "carriers"
PARTS = 10
_kept: dict[str, tuple[float, Any]] = {}
_not_before: dict[str, float] = {}


def _fresh(name: str, fetch: Any) -> Any:
    known = _kept.get(name)
    if known and time.monotonic() - known[0] < _FRESH_FOR:
        return known[1]
    value = fetch()
    _kept[name] = (time.monotonic(), value)
    return value


def _last_known(name: str, fetch: Callable[[int], Any], clock: Callable[[], float]) -> Any:
    now = clock()
    read_at, value = _kept.get(name, (-math.inf, None))
    if now - read_at < _FRESH_FOR:
        return value
    if now >= _not_before.get(name, -math.inf):
        try:
            # Whoever can do without it waits for one try only: the time is needed for the rest.
            value = fetch(1 if now - read_at < _KNOWN_FOR else 3)
        except Unavailable:
            _not_before[name] = clock() + _LEFT_ALONE_FOR
        else:
            _kept[name] = (now, value)
            return value
    if now - read_at < _KNOWN_FOR:
        return value
    raise Unavailable("storage_unavailable")


def partner(name: str, until: Deadline | None = None) -> dict[str, Any]:
    """How to reach a partner: the JSON of the parameter `<prefix>/<name>`, with keys of that partner's adapter.

    Of carriers a list, under their name. Whoever must answer by `until` is told what was last read, up to an hour ago,
    when it cannot be read now. Raises Unavailable.
    """
    path = f"{os.environ['PARTNER_SETTINGS']}/{name}"
    read = _carriers if name == CARRIERS else _one
    value: dict[str, Any] = (
        _last_known(
            path, lambda tries: read(path, partial(answer_by, until, "ssm", tries=tries)), until.clock
        )
        if until
        else _fresh(path, lambda: read(path, _answer))
    )
    return value


def parts_of(path: str) -> list[str]:
    """The parameters over which the carriers are spread."""
    return [f"{path}/{part}" for part in range(PARTS)]


def _one(path: str, ask: Callable[..., Any]) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(ask("get_parameter", Name=path)["Parameter"]["Value"])
    return settings


def _carriers(path: str, ask: Callable[..., Any]) -> dict[str, Any]:
    found = ask("get_parameters", Names=parts_of(path))["Parameters"]
    # Without one of them, those who stand in it would be strangers.
    if len(found) != PARTS:
        raise Unavailable("storage_unavailable")
    return {CARRIERS: [each for part in found for each in json.loads(part["Value"])]}


def _answer(operation: str, **asked: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return getattr(client("ssm"), operation)(**asked)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("storage_unavailable") from error


def secret(variable: str) -> dict[str, str]:
    """A secret's JSON; `variable` names the environment variable that holds the secret's ARN."""
    arn = os.environ[variable]
    value: dict[str, str] = _fresh(
        arn, lambda: json.loads(client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    )
    return value
