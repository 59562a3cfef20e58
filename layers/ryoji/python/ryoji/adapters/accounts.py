"""The applicants' accounts in Cognito, as far as officers may see them: who belongs to a group."""

from __future__ import annotations

import os
from typing import Any

from ryoji.adapters.aws import client
from ryoji.errors import Unavailable


def in_group(group: str) -> list[dict[str, Any]]:
    """The accounts of a group by e-mail address: `email`, `enabled`. None where there is no such group."""
    from botocore.exceptions import BotoCoreError, ClientError

    pages = client("cognito-idp").get_paginator("list_users_in_group")
    try:
        found = [
            {"email": _email(user), "enabled": bool(user["Enabled"])}
            for page in pages.paginate(UserPoolId=os.environ["APPLICANT_POOL"], GroupName=group)
            for user in page["Users"]
        ]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return []
        raise Unavailable("unavailable") from error
    except BotoCoreError as error:
        raise Unavailable("unavailable") from error
    return sorted(found, key=lambda account: str(account["email"]))


def _email(user: dict[str, Any]) -> str:
    given = {each["Name"]: each["Value"] for each in user.get("Attributes", [])}
    return str(given.get("email", user["Username"]))
