"""AWS clients: made once in a worker and lazily, with short timeouts, so that a dead service is soon known."""

from __future__ import annotations

from functools import cache
from typing import Any

CONNECT_SECONDS = 2
READ_SECONDS = 10


@cache
def client(service: str, *, path_style: bool = False, **options: Any) -> Any:
    """The client of a service; endpoints come from the standard environment variables."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"max_attempts": 3, "mode": "standard"},
        # "auto" would sign for the global host, which answers a browser with a redirect that CORS forbids.
        s3={"addressing_style": "path" if path_style else "virtual"},
        **options,
    )
    make: Any = boto3.client
    return make(service, config=config)
