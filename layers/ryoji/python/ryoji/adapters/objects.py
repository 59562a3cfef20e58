"""Files: presigned uploads into quarantine, clean copies under random keys, short-lived links to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ryoji.adapters.aws import storage
from ryoji.errors import NotFound, Unavailable

UPLOAD_SECONDS = 900
LINK_SECONDS = 300
# Below this in quarantine: what is being taken in, as `<case>/<key of the clean picture>`.
TAKING_IN = "taking-in/"
_MISSING = ("NoSuchKey", "404")


def _client() -> Any:
    return storage()


def presign_upload(key: str, content_type: str, max_bytes: int) -> dict[str, Any]:
    """A presigned POST into quarantine that S3 itself limits by key, type and size: `{url, fields}`."""
    post = _client().generate_presigned_post(
        os.environ["QUARANTINE_BUCKET"],
        key,
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return {"url": post["url"], "fields": post["fields"]}


def take_from_quarantine(key: str) -> bytes:
    """The bytes of an upload; NotFound when nothing was uploaded under this key, or malware was found in it."""
    # Without s3:ListBucket, S3 says that a missing object is forbidden; what the scan marked is forbidden to all.
    return _get(os.environ["QUARANTINE_BUCKET"], key, missing=(*_MISSING, "AccessDenied", "403"))


def discard(key: str) -> None:
    """Remove an upload from quarantine."""
    _client().delete_object(Bucket=os.environ["QUARANTINE_BUCKET"], Key=key)


def keep(case_id: str, key: str, jpeg: bytes) -> None:
    """Put a re-encoded picture into the clean bucket; that it is not in the case's history yet is noted before.

    `taken_in` removes the note. Where that never comes, `left_unrecorded` tells of the picture.
    """
    _client().put_object(Bucket=os.environ["QUARANTINE_BUCKET"], Key=f"{TAKING_IN}{case_id}/{key}", Body=b"")
    _client().put_object(Bucket=os.environ["CLEAN_BUCKET"], Key=key, Body=jpeg, ContentType="image/jpeg")


def taken_in(case_id: str, key: str) -> None:
    """Remove the note of a picture that the case's history names, or that is gone."""
    discard(f"{TAKING_IN}{case_id}/{key}")


def left_unrecorded(before: datetime) -> Iterator[tuple[str, str]]:
    """Case and key of the pictures whose taking in began before a time and has not come to its end."""
    for entry in _listed("QUARANTINE_BUCKET", Prefix=TAKING_IN):
        if entry["LastModified"] < before:
            case_id, _, key = str(entry["Key"]).removeprefix(TAKING_IN).partition("/")
            yield case_id, key


def clean(key: str) -> bytes:
    """A picture from the clean bucket."""
    return _get(os.environ["CLEAN_BUCKET"], key)


def dispose(key: str) -> None:
    """Delete a clean picture; the bucket's lifecycle removes the version that is left."""
    _client().delete_object(Bucket=os.environ["CLEAN_BUCKET"], Key=key)


def link(key: str) -> str:
    """A link to a clean picture that works for a few minutes."""
    url: str = _client().generate_presigned_url(
        "get_object", Params={"Bucket": os.environ["CLEAN_BUCKET"], "Key": key}, ExpiresIn=LINK_SECONDS
    )
    return url


def archive(key: str, body: bytes) -> None:
    """Put a signed head into the archive, where Object Lock keeps it from being changed."""
    import hashlib
    from base64 import b64encode

    digest = b64encode(hashlib.sha256(body).digest()).decode()
    _client().put_object(
        Bucket=os.environ["ARCHIVE_BUCKET"],
        Key=key,
        Body=body,
        ContentType="application/json",
        ChecksumSHA256=digest,
    )


def archived(key: str) -> bytes:
    """A file from the archive."""
    return _get(os.environ["ARCHIVE_BUCKET"], key)


def archived_keys(prefix: str, *, after: str) -> list[str]:
    """The archive's keys below a prefix that come after a key, in order."""
    return [str(entry["Key"]) for entry in _listed("ARCHIVE_BUCKET", Prefix=prefix, StartAfter=after)]


def _listed(bucket: str, **wanted: str) -> Iterator[dict[str, Any]]:
    from botocore.exceptions import BotoCoreError, ClientError

    pages = _client().get_paginator("list_objects_v2")
    try:
        for page in pages.paginate(Bucket=os.environ[bucket], **wanted):
            yield from page.get("Contents", [])
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("storage_unavailable") from error


def _get(bucket: str, key: str, missing: tuple[str, ...] = _MISSING) -> bytes:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        body: bytes = _client().get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in missing:
            raise NotFound("upload_not_found") from None
        raise Unavailable("storage_unavailable") from error
    except BotoCoreError as error:
        raise Unavailable("storage_unavailable") from error
    return body
