"""Versions of the watch list in S3: one object, versioned; the latest is kept open in the worker."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from ryoji.adapters.aws import put_over, storage
from ryoji.errors import Unavailable
from ryoji.evidence.screening.watch_list import WatchList

KEY = "watch-list/in-force.zip"

_opened: dict[str, WatchList] = {}


@dataclass(frozen=True)
class InForce:
    """The version in force: its digest, and S3's tag, which a write can be held to. None where there is none yet."""

    digest: str | None
    tag: str | None


class StoredWatchLists:
    """The lists' bucket (`ryoji.evidence.screening.check.WatchLists`)."""

    def latest(self) -> WatchList:
        """The version in force; it is fetched again only when there is a new one."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            bucket, s3 = os.environ["LIST_BUCKET"], storage()
            version = str(s3.head_object(Bucket=bucket, Key=KEY).get("VersionId", ""))
            known = _opened.get(version)
            if known is None:
                asked = {"VersionId": version} if version else {}
                body: bytes = s3.get_object(Bucket=bucket, Key=KEY, **asked)["Body"].read()
                known = WatchList(body)
                _opened.clear()
                if version:
                    _opened[version] = known
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("watch_list_unavailable") from error
        return known

    def in_force(self) -> InForce:
        """The version in force, or what says that there is none yet. It is not opened: it may be one of before."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = storage().get_object(Bucket=os.environ["LIST_BUCKET"], Key=KEY)
            return InForce(hashlib.sha256(answer["Body"].read()).hexdigest(), str(answer["ETag"]))
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return InForce(None, None)
            raise Unavailable("watch_list_unavailable") from error
        except BotoCoreError as error:
            raise Unavailable("watch_list_unavailable") from error

    def publish(self, data: bytes, over: InForce) -> str:
        """Put a compiled version in force over the one that was read, and return S3's name for it.

        Raises Conflict when another was put in force meanwhile, Unavailable for what cannot be opened.
        """
        WatchList(data)
        bucket = os.environ["LIST_BUCKET"]
        written = {"Bucket": bucket, "Key": KEY, "Body": data, "ContentType": "application/zip"}
        return str(put_over(over.tag, "watch_list_unavailable", **written).get("VersionId", ""))
