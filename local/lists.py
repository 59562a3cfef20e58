"""The sandbox's watch list: made-up people only, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.running import Running

ENTRIES, SEED = 500, 2026


def publish_watch_list(running: Running) -> None:
    """Put a version in force, unless one is."""
    from ryoji.adapters.watch_list_store import KEY
    from ryoji.evidence.screening.watch_list import Entry, compile_version
    from simulators.watch_list.people import entries

    bucket, s3 = running.outputs["ListBucket"], running.client("s3")
    if s3.list_objects_v2(Bucket=bucket, Prefix=KEY).get("KeyCount"):
        return
    made = compile_version([Entry.model_validate(each) for each in entries(ENTRIES, SEED)], datetime.now(UTC))
    s3.put_object(Bucket=bucket, Key=KEY, Body=made)
