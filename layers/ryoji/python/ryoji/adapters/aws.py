"""AWS clients: made once in a worker and lazily, with short timeouts, so that a dead service is soon known."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

CONNECT_SECONDS = 2
READ_SECONDS = 10
# For who waits at a check-in desk.
QUICK_SECONDS = 1
_ASKED = "ryoji_asked"
# What AWS's codes contain when the cause passes by itself; PynamoDB keeps the code and not the status.
_PASSING = (
    "Throttl",
    "ThroughputExceeded",
    "RequestLimitExceeded",
    "SlowDown",
    "TooManyRequests",
    "Internal",
    "ServiceUnavailable",
    "RequestTimeout",
)


@cache
def client(service: str, *, path_style: bool = False, quick: bool = False, **options: Any) -> Any:
    """The client of a service; endpoints come from the standard environment variables.

    A `quick` one gives up after a second and tries once more, for answers that must come in bounded time. It does not
    check parameters before it sends them: a full flight's keys are ours, and the check costs as much as signing.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=QUICK_SECONDS if quick else CONNECT_SECONDS,
        read_timeout=QUICK_SECONDS if quick else READ_SECONDS,
        retries={"max_attempts": 2 if quick else 3, "mode": "standard"},
        parameter_validation=not quick,
        # botocore would otherwise put its own name together, out of a dozen parts, for every call.
        user_agent="ryoji" if quick else None,
        # "auto" would sign for the global host, which answers a browser with a redirect that CORS forbids.
        s3={"addressing_style": "path" if path_style else "virtual"},
        **options,
    )
    make: Any = boto3.client
    made = make(service, config=config)
    if quick and service == "dynamodb":
        made.meta.events.register("before-parameter-build.dynamodb.BatchGetItem", _set_aside)
        made.meta.events.register("before-call.dynamodb.BatchGetItem", _ask_as_it_is)
        made.meta.events.register("before-parse.dynamodb.BatchGetItem", _as_it_is)
    return made


def _set_aside(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Keep a page's question from botocore's walk through each of its keys: it is JSON already.

    What is left are the tables' names, which may say where the service is.
    """
    context[_ASKED] = dict(params)
    params["RequestItems"] = {table: {} for table in params["RequestItems"]}


def _ask_as_it_is(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = json.dumps(context.pop(_ASKED)).encode()


def _as_it_is(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Hand a page of texts over as its JSON says.

    botocore would walk through each value for the bytes and times that these tables have not, which costs more than
    reading the page. Errors, and what is no JSON, stay botocore's to read.
    """
    if response_dict["status_code"] != 200:
        return
    try:
        page = json.loads(response_dict["body"])
    except ValueError:
        return
    response_dict["body"] = b"{}"
    if isinstance(page, dict):
        customized_response_dict.update(page)


def does_not_answer(error: BaseException) -> bool:
    """Whether AWS was busy, broken or out of reach, so that the same call may succeed a moment later.

    For boto3's errors and for PynamoDB's, which keep them as their cause. What AWS refused for good is a fault of ours.
    """
    from botocore.exceptions import ConnectionError as NoConnectionError
    from botocore.exceptions import HTTPClientError, IncompleteReadError

    known = getattr(error, "cause", None) or error
    answered = getattr(known, "response", None)
    if not isinstance(answered, dict):
        return isinstance(known, HTTPClientError | NoConnectionError | IncompleteReadError)
    code = str(answered.get("Error", {}).get("Code", ""))
    status = int(answered.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return status == 429 or status >= 500 or any(sign in code for sign in _PASSING)


def storage() -> Any:
    """The client of S3."""
    # A stand-in has no host name for each bucket; S3 itself wants one.
    return client("s3", signature_version="s3v4", path_style=bool(os.environ.get("AWS_ENDPOINT_URL")))
