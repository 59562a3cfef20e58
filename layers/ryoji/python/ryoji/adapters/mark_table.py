"""Marks of cases in DynamoDB, through PynamoDB: a partition for each keyed hash, an item for each case."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import TTLAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from ryoji.adapters import one_session
from ryoji.adapters.aws import USUAL
from ryoji.errors import Unavailable
from ryoji.evidence.screening.marks import Mark, MarkKind, Sharing

one_session.share()


class Kept(Model):
    """One mark of one case. `shape` is a picture's hash in hex; nothing else of the mark can be read back."""

    class Meta:
        table_name = os.environ.get("MARK_TABLE", "ryoji-marks")
        region = os.environ.get("AWS_REGION", "ap-northeast-1")
        connect_timeout_seconds = USUAL.connect
        read_timeout_seconds = USUAL.read
        max_retry_attempts = USUAL.calls - 1

    mark = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    person = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    desk = UnicodeAttribute(null=True)
    shape = UnicodeAttribute(null=True)
    expires = TTLAttribute()


class MarkTable:
    """The marks (`ryoji.evidence.screening.marks.Marks`). `keyed_hash` is made once for each mark of a screening.

    A mark is forgotten so many days after it was kept last: `kept_days`, by its kind.
    """

    def __init__(
        self, keyed_hash: Callable[[bytes], str], now: datetime, kept_days: Mapping[MarkKind, int]
    ) -> None:
        self._keyed_hash = keyed_hash
        self._now, self._kept_days = now, kept_days
        self._keys: dict[Mark, str] = {}

    def sharing(self, mark: Mark, most: int) -> Sequence[Sharing]:
        """Cases that have this mark, at most so many: one query, which sees whatever was kept before."""
        try:
            found = Kept.query(self._key(mark), limit=most, page_size=most, consistent_read=True)
            return [_sharing(kept) for kept in found]
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error

    def keep(
        self,
        mark: Mark,
        case_id: str,
        person: str | None,
        reference: str | None = None,
        desk: str | None = None,
    ) -> None:
        """Keep a mark of a case; keeping it twice changes nothing but when it is forgotten."""
        kept = Kept(
            self._key(mark),
            case_id,
            kind=mark.kind,
            person=person,
            reference=reference,
            desk=desk,
            shape=None if mark.shape is None else f"{mark.shape:016x}",
            expires=self._now + timedelta(days=self._kept_days[mark.kind]),
        )
        try:
            kept.save()
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error

    def _key(self, mark: Mark) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        if mark not in self._keys:
            try:
                self._keys[mark] = self._keyed_hash(mark.message)
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("storage_unavailable") from error
        return self._keys[mark]


def _sharing(kept: Any) -> Sharing:
    shape = int(kept.shape, 16) if kept.shape else None
    return Sharing(str(kept.case_id), kept.person, shape, kept.reference, kept.desk)
