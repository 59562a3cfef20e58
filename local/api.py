"""A client of the running sandbox's API: for seeding, rehearsals and tests. It signs in as people do."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from simulators.authenticator.totp import code


@dataclass(frozen=True)
class Answer:
    """Status and JSON of an answer."""

    status: int
    body: Any


# What passes by itself, and how long to wait before each further try, in seconds.
PASSING = frozenset({502, 503, 504})
PAUSES = (1, 2, 4)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        """Leave redirects to the caller."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def fetch(request: urllib.request.Request) -> tuple[int, dict[str, str], bytes]:
    """Send a request; errors are answers too."""
    try:
        with _OPENER.open(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def applicant_token(settings: dict[str, Any], email: str, password: str) -> str:
    """An access token through the code flow with PKCE, as the portal gets it."""
    pool = settings["applicants"]
    origin = pool["authorize_url"].split("/oauth2/")[0]
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = f"{origin}{pool['redirect_path']}"
    form = {
        "client_id": pool["client_id"],
        "redirect_uri": redirect,
        "scope": pool["scope"],
        "state": "s",
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "nonce": "n",
        "username": email,
        "password": password,
    }
    data = urllib.parse.urlencode(form).encode()
    _, headers, _ = fetch(urllib.request.Request(f"{origin}/login", data, method="POST"))  # noqa: S310 - the sandbox alone
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)
    exchange = {
        "grant_type": "authorization_code",
        "code": query["code"][0],
        "client_id": pool["client_id"],
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    data = urllib.parse.urlencode(exchange).encode()
    _, _, body = fetch(urllib.request.Request(pool["token_url"], data, method="POST"))  # noqa: S310 - the sandbox alone
    return str(json.loads(body)["access_token"])


def officer_token(settings: dict[str, Any], username: str, password: str, totp_secret: str) -> str:
    """An access token with the second factor, as the console gets it."""
    begun = _cognito(
        settings,
        "InitiateAuth",
        {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": settings["officers"]["client_id"],
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        },
    )
    answered = _cognito(
        settings,
        "RespondToAuthChallenge",
        {
            "ClientId": settings["officers"]["client_id"],
            "ChallengeName": begun["ChallengeName"],
            "Session": begun["Session"],
            "ChallengeResponses": {
                "USERNAME": username,
                "SOFTWARE_TOKEN_MFA_CODE": code(totp_secret, int(time.time())),
            },
        },
    )
    return str(answered["AuthenticationResult"]["AccessToken"])


def _cognito(settings: dict[str, Any], operation: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
    }
    url = settings["officers"]["cognito_url"]
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")  # noqa: S310 - the sandbox alone
    status, _, answer = fetch(request)
    parsed: dict[str, Any] = json.loads(answer)
    if status != 200:
        raise RuntimeError(f"{operation}: {parsed}")
    return parsed


@dataclass
class Caller:
    """Somebody who calls the API: the origin, and their token if they have one."""

    origin: str
    token: str | None = None
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, verb: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """One call; problem answers come back as they are."""
        headers = {"Accept-Language": self.language, "Content-Type": "application/json", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if verb != "GET":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        data = (
            json.dumps(body if body is not None else {}).encode() if verb not in ("GET", "DELETE") else None
        )
        url = f"{self.origin}/api{path}"
        request = urllib.request.Request(url, data, headers, method=verb)  # noqa: S310 - the sandbox alone
        status, _, answer = fetch(request)
        try:
            return Answer(status, json.loads(answer) if answer else None)
        except json.JSONDecodeError:
            return Answer(status, answer.decode(errors="replace"))

    def ok(self, verb: str, path: str, body: Any = None) -> Any:
        """One call that must succeed; its JSON. What passes by itself is asked again with the same key."""
        key = str(uuid.uuid4())
        answer = self.call(verb, path, body, key=key)
        for pause in PAUSES:
            if answer.status not in PASSING:
                break
            time.sleep(pause)
            answer = self.call(verb, path, body, key=key)
        if answer.status >= 300:
            raise RuntimeError(f"{verb} {path}: {answer.status} {answer.body}")
        return answer.body

    def upload(
        self, case_id: str, document: str, picture: bytes, kind: str = "image/jpeg", *, desk: bool = False
    ) -> Any:
        """Upload a picture through quarantine; the case afterwards."""
        base = f"/desk/cases/{case_id}" if desk else f"/cases/{case_id}"
        place = self.ok(
            "POST", f"{base}/uploads", {"document": document, "content_type": kind, "size": len(picture)}
        )
        post_form(place["url"], place["fields"], picture)
        return self.ok("POST", f"{base}/uploads/{place['upload_id']}/acceptance", {"document": document})


def post_form(url: str, fields: dict[str, str], picture: bytes) -> int:
    """A multipart POST as a browser makes it; the status."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="p"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + picture
        + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(url, b"".join(parts), headers, method="POST")  # noqa: S310 - the sandbox alone
    status, _, body = fetch(request)
    if status >= 300:
        raise RuntimeError(f"upload: {status} {body[:300]!r}")
    return status
