"""AWS clients: made once in a worker and lazily, with short timeouts, so that a dead service is soon known."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, NamedTuple

from ryoji.adapters.deadline import Deadline
from ryoji.errors import Conflict, Unavailable

# For who waits at a check-in desk.
QUICK_SECONDS = 1


class Patience(NamedTuple):
    """How long one call may take to connect and to answer, in seconds, and how often it is made."""

    connect: float = 1
    read: float = 5
    calls: int = 3

    @property
    def longest(self) -> float:
        """Seconds until a service that never answers is given up; botocore pauses for up to 1, 2, 4 … s between."""
        return self.calls * (self.connect + self.read) + sum(2.0**pause for pause in range(self.calls - 1))


USUAL = Patience()
QUICK = Patience(QUICK_SECONDS, QUICK_SECONDS, 3)
# For who counts the time, and tries again as long as there is some.
ONE_TRY = Patience(0.5, QUICK_SECONDS, 1)
_PAUSE_SECONDS = 0.1

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
def client(service: str, *, path_style: bool = False, patience: Patience = USUAL, **options: Any) -> Any:
    """The client of a service; endpoints come from the standard environment variables.

    With the patience QUICK it gives up after a second and tries twice more, for answers that must come in bounded time.
    What the inquiry reads and writes goes to DynamoDB by `ryoji.adapters.dynamodb_calls`.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=patience.connect,
        read_timeout=patience.read,
        retries={"total_max_attempts": patience.calls, "mode": "standard"},
        # "auto" would sign for the global host, which answers a browser with a redirect that CORS forbids.
        s3={"addressing_style": "path" if path_style else "virtual"},
        **options,
    )
    make: Any = boto3.client
    # boto3 itself reads AWS_DEFAULT_REGION alone; every other tool of AWS reads this one.
    return make(service, region_name=os.environ.get("AWS_REGION"), config=config)


def answer_by(
    until: Deadline, service: str, operation: str, *, tries: int = 3, **asked: Any
) -> dict[str, Any]:
    """What a service answers by then. Raises Unavailable, also when the time does not suffice for a try."""
    from botocore.exceptions import BotoCoreError, ClientError

    made = client(service, patience=ONE_TRY)
    for _ in range(tries):
        if until.left() < ONE_TRY.longest:
            break
        try:
            answer: dict[str, Any] = getattr(made, operation)(**asked)
        except (BotoCoreError, ClientError) as error:
            if not does_not_answer(error):
                raise Unavailable("storage_unavailable") from error
        else:
            return answer
        if not until.pause(_PAUSE_SECONDS):
            break
    raise Unavailable("storage_unavailable")


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
    return status == 429 or status >= 500 or passing(code)


def passing(code: str) -> bool:
    """Whether AWS's code says that the cause passes by itself."""
    return any(sign in code for sign in _PASSING)


def put_over(tag: str | None, unavailable: str, **put: Any) -> dict[str, Any]:
    """Put an object of S3 over the one that was read with this tag, or where there was none; S3's answer.

    Raises Conflict when somebody else was first, and Unavailable with that code.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    condition: dict[str, Any] = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
    try:
        answer: dict[str, Any] = storage().put_object(**put, **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict", "412"):
            raise Conflict("conflict") from None
        raise Unavailable(unavailable) from error
    except BotoCoreError as error:
        raise Unavailable(unavailable) from error
    return answer


def storage() -> Any:
    """The client of S3."""
    # A stand-in has no host name for each bucket; S3 itself wants one.
    return client("s3", signature_version="s3v4", path_style=bool(os.environ.get("AWS_ENDPOINT_URL")))
