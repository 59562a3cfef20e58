"""Versions of the watch list in S3: one object, versioned; the latest is kept open in the worker."""

from __future__ import annotations

import os
from typing import Any

from ryoji.adapters.aws import client
from ryoji.errors import Unavailable
from ryoji.evidence.screening.watch_list import WatchList

KEY = "watch-list/in-force.zip"

_opened: dict[str, WatchList] = {}


class StoredWatchLists:
    """The lists' bucket (`ryoji.evidence.screening.check.WatchLists`)."""

    def latest(self) -> WatchList:
        """The version in force; it is fetched again only when there is a new one."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            bucket, s3 = os.environ["LIST_BUCKET"], _client()
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

    def in_force(self) -> str | None:
        """The digest of the version in force, or None where there is none yet."""
        from botocore.exceptions import ClientError

        try:
            return self.latest().version.digest
        except Unavailable as error:
            missing = error.__cause__
            if isinstance(missing, ClientError) and missing.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise

    def publish(self, data: bytes) -> str:
        """Put a compiled version in force and return S3's name for it; raises Unavailable for what cannot be opened."""
        from botocore.exceptions import BotoCoreError, ClientError

        WatchList(data)
        try:
            put = _client().put_object(
                Bucket=os.environ["LIST_BUCKET"], Key=KEY, Body=data, ContentType="application/zip"
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("watch_list_unavailable") from error
        return str(put.get("VersionId", ""))


def _client() -> Any:
    return client("s3", signature_version="s3v4", path_style=bool(os.environ.get("AWS_ENDPOINT_URL")))
