"""The applicants' accounts in Cognito, as far as officers may see and change them: who belongs to a group."""

from __future__ import annotations

import os
from typing import Any

from ryoji.adapters.aws import client
from ryoji.errors import NotFound, Unavailable


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


def join(group: str, email: str) -> None:
    """Put an account into a group, which is made when it is not there; twice is once. Raises NotFound, Unavailable."""
    from botocore.exceptions import ClientError

    cognito = client("cognito-idp")
    pool = os.environ["APPLICANT_POOL"]
    try:
        cognito.create_group(UserPoolId=pool, GroupName=group)
    except ClientError as error:
        if error.response["Error"]["Code"] != "GroupExistsException":
            raise Unavailable("unavailable") from error
    _of_account("admin_add_user_to_group", group, email)


def leave(group: str, email: str) -> None:
    """Take an account out of a group; twice is once. Raises NotFound (account_not_found), Unavailable."""
    _of_account("admin_remove_user_from_group", group, email)


def _of_account(operation: str, group: str, email: str) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    call = getattr(client("cognito-idp"), operation)
    try:
        call(UserPoolId=os.environ["APPLICANT_POOL"], Username=email, GroupName=group)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("UserNotFoundException", "ResourceNotFoundException"):
            raise NotFound("account_not_found") from error
        raise Unavailable("unavailable") from error
    except BotoCoreError as error:
        raise Unavailable("unavailable") from error


def _email(user: dict[str, Any]) -> str:
    given = {each["Name"]: each["Value"] for each in user.get("Attributes", [])}
    return str(given.get("email", user["Username"]))
