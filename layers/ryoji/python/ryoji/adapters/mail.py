"""E-mail through SES. The text is rendered before it comes here."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from ryoji.errors import Unavailable


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "sesv2", config=Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 3})
    )


def send(to: str, subject: str, body: str) -> str:
    """Send one plain-text message; the provider's message id. Raises Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        sent = _client().send_email(
            FromEmailAddress=os.environ["MAIL_FROM"],
            Destination={"ToAddresses": [to]},
            Content={
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
                }
            },
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("mail_unavailable") from error
    return str(sent["MessageId"])
