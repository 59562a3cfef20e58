"""One session of botocore for boto3 and for PynamoDB.

PynamoDB makes a session for each table, and one more for transactions. Every session reads botocore's list of endpoints
and its model of DynamoDB anew: a seventh of a second of a processor each, at a function's first call.
"""

from __future__ import annotations

from typing import Any

import pynamodb.connection.base


def share() -> None:
    """Let PynamoDB use the session of boto3. A function has one thread; sessions must not be used by several."""
    # There is no setting for it.
    connections: Any = pynamodb.connection.base
    connections.get_session = _session


def _session() -> Any:
    import boto3

    return boto3._get_default_session()._session  # noqa: SLF001  # boto3 keeps it to itself
