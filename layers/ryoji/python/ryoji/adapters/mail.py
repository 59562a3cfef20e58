"""E-mail through SES. The text is rendered before it comes here."""

from __future__ import annotations

import os

from ryoji.adapters.aws import client
from ryoji.errors import Unavailable


def send(to: str, subject: str, body: str) -> str:
    """Send one plain-text message; the provider's message id. Raises Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        sent = client("sesv2").send_email(
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
