"""The sandbox's watch list: made-up people only, the same every time, brought in as the ministry brings one in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from local.places import PACKAGES

if TYPE_CHECKING:
    from local.running import Running

ENTRIES, SEED = 500, 2026


def publish_watch_list(running: Running) -> None:
    """Put a version in force by `ryoji watch-list`, unless one is that is read."""
    from simulators.watch_list.people import entries

    bucket = running.outputs["ListBucket"]
    if _is_in_force(running, bucket):
        return
    with tempfile.TemporaryDirectory() as folder:
        listed, version = Path(folder) / "sandbox.jsonl", Path(folder) / "sandbox.zip"
        listed.write_text("\n".join(json.dumps(each) for each in entries(ENTRIES, SEED)), encoding="utf-8")
        _ryoji(running, bucket, "compile", str(listed), "--out", str(version))
        _ryoji(running, bucket, "publish", str(version))


def _is_in_force(running: Running, bucket: str) -> bool:
    """Whether there is a version that screening reads: a sandbox may be older than the keys of today."""
    from ryoji.adapters.watch_list_store import KEY
    from ryoji.errors import Unavailable
    from ryoji.evidence.screening.watch_list import WatchList

    s3 = running.client("s3")
    if not s3.list_objects_v2(Bucket=bucket, Prefix=KEY).get("KeyCount"):
        return False
    try:
        WatchList(s3.get_object(Bucket=bucket, Key=KEY)["Body"].read())
    except Unavailable:
        return False
    return True


def _ryoji(running: Running, bucket: str, *arguments: str) -> None:
    environment = {
        **os.environ,
        **running.environment,
        "LIST_BUCKET": bucket,
        "PYTHONPATH": str(PACKAGES),
    }
    command = [sys.executable, "-m", "ryoji", "watch-list", *arguments]
    with running.home.seeding_log.open("ab") as log:
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=log)
