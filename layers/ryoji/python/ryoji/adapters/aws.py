"""AWS clients: made once in a worker and lazily, with short timeouts, so that a dead service is soon known."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

CONNECT_SECONDS = 2
READ_SECONDS = 10
# For who waits at a check-in desk.
QUICK_SECONDS = 1


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
        # "auto" would sign for the global host, which answers a browser with a redirect that CORS forbids.
        s3={"addressing_style": "path" if path_style else "virtual"},
        **options,
    )
    make: Any = boto3.client
    return make(service, config=config)


def storage() -> Any:
    """The client of S3."""
    # A stand-in has no host name for each bucket; S3 itself wants one.
    return client("s3", signature_version="s3v4", path_style=bool(os.environ.get("AWS_ENDPOINT_URL")))
