"""Making an account in the deployed pool, as the portal's page asks for it, up to the first page of one's own."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest

from local.api import Caller, applicant_token, fetch
from local.journey import until
from local.seed import PASSWORD
from tests.sandbox import Sandbox

EMAIL = "naomi@example.jp"


def asked(ryoji: Sandbox, operation: str, **body: Any) -> tuple[int, str]:
    """The status, and Cognito's word for what it would not do."""
    pool = ryoji.settings["applicants"]
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
    }
    data = json.dumps({"ClientId": pool["client_id"], "Username": EMAIL, **body}).encode()
    status, _, answer = fetch(urllib.request.Request(pool["cognito_url"], data, headers, method="POST"))
    return status, json.loads(answer).get("__type", "").rpartition("#")[2]


def mailed_code(ryoji: Sandbox) -> str:
    """The six digits of the letter that came."""

    def look() -> dict[str, Any]:
        url = f"{ryoji.origin}/simulators/mailbox/api/letters"
        with urllib.request.urlopen(url, timeout=10) as answer:
            letters = json.loads(answer.read())["letters"]
        return {"texts": [letter["text"] for letter in letters if EMAIL in letter["to"]]}

    (text,) = until(look, lambda seen: bool(seen["texts"]), 30)["texts"]
    (code,) = re.findall(r"\b\d{6}\b", text)
    return str(code)


def test_an_account_is_made_with_the_code_that_is_mailed(ryoji: Sandbox) -> None:
    attributes = [{"Name": "email", "Value": EMAIL}]
    weak = asked(ryoji, "SignUp", Password="password", UserAttributes=attributes)
    assert weak == (400, "InvalidPasswordException")
    assert asked(ryoji, "SignUp", Password=PASSWORD, UserAttributes=attributes) == (200, "")
    code = mailed_code(ryoji)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert asked(ryoji, "ConfirmSignUp", ConfirmationCode=wrong) == (400, "CodeMismatchException")
    with pytest.raises(KeyError, match="Location"):  # no way back to the portal, so no token
        applicant_token(ryoji.settings, EMAIL, PASSWORD)
    assert asked(ryoji, "ConfirmSignUp", ConfirmationCode=code) == (200, "")
    again = asked(ryoji, "SignUp", Password=PASSWORD, UserAttributes=attributes)
    assert again == (400, "UsernameExistsException")

    naomi = Caller(ryoji.origin, applicant_token(ryoji.settings, EMAIL, PASSWORD))
    assert naomi.ok("GET", "/cases") == {"cases": [], "next": None}
