"""The register of accredited agencies in DynamoDB: one item an agency, few and seldom written."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from ryoji.adapters.aws import client
from ryoji.cases.agency import CODE, Agency
from ryoji.errors import FieldError, Invalid, NotFound, Unavailable

# For each agency of a page its month and its staff are looked up.
PAGE = 25


class AgencyTable:
    """Agencies by code."""

    def agency(self, code: str) -> Agency | None:
        """One agency, or None; read consistently, so that a suspension holds at once."""
        item = self._call("get_item", Key={"code": {"S": code}}, ConsistentRead=True).get("Item")
        return Agency.model_validate(json.loads(item["agency"]["S"])) if item else None

    def of_desk(self, desk: str, after: str | None = None) -> tuple[list[Agency], str | None]:
        """One page of the agencies that a desk accredits, by code, and after which the next page begins.

        Raises Invalid (validation_failed) for an `after` that no page said.
        """
        if after is not None and not re.fullmatch(CODE, after):
            raise Invalid("validation_failed", fields=(FieldError("/cursor", "unknown"),))
        start = {"ExclusiveStartKey": {"code": {"S": after}, "desk": {"S": desk}}} if after else {}
        found = self._call(
            "query",
            IndexName="by_desk",
            KeyConditionExpression="desk = :d",
            ExpressionAttributeValues={":d": {"S": desk}},
            Limit=PAGE,
            **start,
        )
        last = found.get("LastEvaluatedKey")
        listed = [Agency.model_validate(json.loads(item["agency"]["S"])) for item in found["Items"]]
        return listed, last["code"]["S"] if last else None

    def put(self, agency: Agency) -> None:
        """Write an agency, new or changed."""
        item = {"code": agency.code, "desk": agency.desk, "agency": agency.model_dump_json()}
        self._call("put_item", Item={name: {"S": value} for name, value in item.items()})

    def suspend(self, code: str, *, suspended: bool, reason: str | None, by: str) -> Agency:
        """Suspend an agency or let it file again; `by` is the officer's id. Raises NotFound (agency_not_found)."""
        held = self.agency(code)
        if held is None:
            raise NotFound("agency_not_found")
        changed = held.model_copy(update={"suspended": suspended, "reason": reason, "suspended_by": by})
        self.put(changed)
        return changed

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(client("dynamodb"), operation)(TableName=os.environ["AGENCY_TABLE"], **arguments)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error
