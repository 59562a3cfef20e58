"""Counting tries, so that nobody guesses: one counter a subject and a window, forgotten by itself."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from ryoji.adapters.aws import client


def count_attempt(subject: str, now: datetime, *, minutes: int) -> int:
    """Count one more try for a subject in this window and return how many there were."""
    seconds = minutes * 60
    window = int(now.timestamp()) // seconds
    key = hashlib.sha256(f"{subject} {window}".encode()).hexdigest()
    counted = client("dynamodb").update_item(
        TableName=os.environ["ATTEMPT_TABLE"],
        Key={"subject": {"S": key}},
        UpdateExpression="ADD tries :one SET expires = :until",
        ExpressionAttributeValues={":one": {"N": "1"}, ":until": {"N": str((window + 2) * seconds)}},
        ReturnValues="UPDATED_NEW",
    )
    return int(counted["Attributes"]["tries"]["N"])


def seconds_left(now: datetime, *, minutes: int) -> int:
    """Seconds until this window is over, and tries are counted from none."""
    seconds = minutes * 60
    return seconds - int(now.timestamp()) % seconds
