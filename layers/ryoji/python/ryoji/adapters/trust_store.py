"""Where certificates of seals are kept and published: `records/` is the CA's own, `trust/` is everybody's."""

from __future__ import annotations

import os

from ryoji.adapters.aws import put_over, storage
from ryoji.errors import Unavailable
from ryoji.issuance.records import Records

RECORDS = "records/certificates.json"
PUBLISHED = "trust/"
# The list may be kept for a day in caches on the way; clients ask again and see its age.
_CACHED = "public, max-age=300"


def read_records() -> tuple[Records, str | None]:
    """The records and the tag that the next write must find; None where there are none yet."""
    found = _get(RECORDS)
    if found is None:
        return Records(), None
    return Records.model_validate_json(found[0]), found[1]


def write_records(records: Records, tag: str | None) -> None:
    """Write them over the ones that were read. Raises Conflict when somebody else was first."""
    body = records.model_dump_json().encode()
    written = {"Bucket": _bucket(), "Key": RECORDS, "Body": body, "ContentType": "application/json"}
    put_over(tag, "storage_unavailable", **written)


def publish(files: dict[str, tuple[bytes, str]]) -> None:
    """Put files below `trust/`, in order."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        for name, (body, kind) in files.items():
            storage().put_object(
                Bucket=_bucket(),
                Key=f"{PUBLISHED}{name}",
                Body=body,
                ContentType=kind,
                CacheControl=_CACHED,
            )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("storage_unavailable") from error


def published_list() -> bytes:
    """The trust list's text. Raises `Unavailable("trust_list_missing")` before the first one is published."""
    found = _get(f"{PUBLISHED}list.json")
    if found is None:
        raise Unavailable("trust_list_missing")
    return found[0]


def _bucket() -> str:
    return os.environ["TRUST_BUCKET"]


def _get(key: str) -> tuple[bytes, str] | None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = storage().get_object(Bucket=_bucket(), Key=key)
        return answer["Body"].read(), str(answer["ETag"])
    except ClientError as error:
        # Without s3:ListBucket, S3 says that a missing object is forbidden. Should it really be forbidden, the
        # condition of the next write keeps the records that are there.
        if error.response["Error"]["Code"] in ("NoSuchKey", "404", "AccessDenied", "403"):
            return None
        raise Unavailable("storage_unavailable") from error
    except BotoCoreError as error:
        raise Unavailable("storage_unavailable") from error
