"""The register of accredited agencies in DynamoDB: one item an agency, few and seldom written."""

from __future__ import annotations

import json
import os
from typing import Any

from ryoji.adapters.aws import client
from ryoji.cases.agency import Agency
from ryoji.errors import NotFound, Unavailable


class AgencyTable:
    """Agencies by code."""

    def agency(self, code: str) -> Agency | None:
        """One agency, or None; read consistently, so that a suspension holds at once."""
        item = self._call("get_item", Key={"code": {"S": code}}, ConsistentRead=True).get("Item")
        return Agency.model_validate(json.loads(item["agency"]["S"])) if item else None

    def put(self, agency: Agency) -> None:
        """Write an agency, new or changed."""
        self._call("put_item", Item={"code": {"S": agency.code}, "agency": {"S": agency.model_dump_json()}})

    def suspend(self, code: str, *, suspended: bool, reason: str | None) -> Agency:
        """Suspend an agency or let it file again. Raises NotFound (agency_not_found)."""
        held = self.agency(code)
        if held is None:
            raise NotFound("agency_not_found")
        changed = held.model_copy(update={"suspended": suspended, "reason": reason})
        self.put(changed)
        return changed

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(client("dynamodb"), operation)(TableName=os.environ["AGENCY_TABLE"], **arguments)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error
