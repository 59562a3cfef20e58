"""The register of accredited agencies in DynamoDB: one item an agency, few and seldom written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

from ryoji.adapters.aws import client
from ryoji.cases.agency import CODE, Agency, Change
from ryoji.errors import Conflict, FieldError, Invalid, NotFound, Unavailable

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

    def put(self, agency: Agency, **condition: Any) -> None:
        """Write an agency, new or changed; raises Conflict where DynamoDB's `condition` does not hold."""
        item = {"code": agency.code, "desk": agency.desk, "agency": agency.model_dump_json()}
        self._call("put_item", Item={name: {"S": value} for name, value in item.items()}, **condition)

    def change(self, code: str, make: Callable[[Agency | None], Agency]) -> Agency:
        """Write what `make` makes of the agency as it is (None: there is none yet), whole or not at all.

        Raises Conflict when another officer was first, and whatever `make` raises.
        """
        item = self._call("get_item", Key={"code": {"S": code}}, ConsistentRead=True).get("Item")
        held = Agency.model_validate(json.loads(item["agency"]["S"])) if item else None
        changed = make(held)
        if item is None:
            condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(code)"}
        else:
            condition = {
                "ConditionExpression": "agency = :before",
                "ExpressionAttributeValues": {":before": item["agency"]},
            }
        self.put(changed, **condition)
        return changed

    def suspend(self, code: str, *, suspended: bool, reason: str | None, change: Change) -> Agency:
        """Suspend an agency or let it file again. Raises NotFound (agency_not_found), Conflict."""

        def make(held: Agency | None) -> Agency:
            if held is None:
                raise NotFound("agency_not_found")
            said = {"suspended": suspended, "reason": reason, "suspended_by": change.by}
            return held.model_copy(update=said).with_change(change)

        return self.change(code, make)

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(client("dynamodb"), operation)(TableName=os.environ["AGENCY_TABLE"], **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Conflict("conflict") from error
            raise Unavailable("storage_unavailable") from error
        except BotoCoreError as error:
            raise Unavailable("storage_unavailable") from error
