"""Demo people and officers of the sandbox. Seeding twice changes nothing."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.api import Caller, officer_token
from local.lists import publish_watch_list
from simulators.authenticator.totp import code

if TYPE_CHECKING:
    from local.running import Running

# The sandbox's password: everybody may play everybody, and nothing here is anybody's.
PASSWORD = "Ryoji-sandbox-1"  # noqa: S105 - the demo people's
APPLICANTS = (
    "hanako@example.jp",
    "kenichi@example.jp",
    "misaki@example.jp",
    "haruto@example.jp",
    "makoto@example.jp",
    "dewi@example.id",
    "oliver@example.uk",
)
# An accredited agency with its staff: it files group tours of Chinese travellers for the embassy in Beijing.
AGENCY = {
    "code": "sunrise-travel",
    "name": "Sunrise Travel",
    "desk": "beijing",
    "procedures": ["visa-tourism-china"],
    "monthly_quota": 200,
    # Where it is written to about what it files: a mailbox of the whole agency, and no account.
    "email": "sunrise-travel@example.cn",
}
AGENTS = ("agent@example.cn",)
APPROVER = "suzuki.approver"


@dataclass(frozen=True)
class DemoOfficer:
    """An officer of the sandbox."""

    username: str
    roles: tuple[str, ...]


OFFICERS = (
    DemoOfficer("sato.examiner", ("examiner",)),
    DemoOfficer("suzuki.approver", ("approver", "examiner")),
    DemoOfficer("tanaka.counter", ("counter",)),
)


def seed(running: Running) -> None:
    """Make the demo accounts that are not there yet, and the file that the authenticator shows codes from."""
    cognito = running.client("cognito-idp")
    for email in (*APPLICANTS, *AGENTS):
        _applicant(cognito, running.outputs["ApplicantPool"], email)
    accounts = running.home.folder / "authenticator.json"
    secrets: dict[str, str] = json.loads(accounts.read_text()) if accounts.exists() else {}
    for officer in OFFICERS:
        _groups(cognito, running.outputs["OfficerPool"], officer)
        if officer.username not in secrets:
            secrets[officer.username] = _officer(cognito, running.outputs, officer)
            accounts.write_text(json.dumps(secrets))
    _agency(running, secrets)
    _verify_sender(running)
    _passports(running)
    publish_watch_list(running)


def _applicant(cognito: Any, pool: str, email: str) -> None:
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        )
    except cognito.exceptions.UsernameExistsException:
        return
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)


def _agency(running: Running, secrets: dict[str, str]) -> None:
    """The demo agency with its staff, accredited as officers do it; one that is there stays as it was left."""
    settings = json.loads(running.home.settings.read_text())
    token = officer_token(settings, APPROVER, PASSWORD, secrets[APPROVER])
    approver = Caller(running.origin, token)
    path = f"/desk/agencies/{AGENCY['code']}"
    if approver.call("GET", path).status == 200:
        return
    approver.ok("PUT", path, {name: value for name, value in AGENCY.items() if name != "code"})
    for email in AGENTS:
        approver.ok("POST", f"{path}/staff", {"email": email})


def _desks() -> list[str]:
    import yaml

    from local.places import ROOT

    offices = yaml.safe_load((ROOT / "procedures" / "offices.yaml").read_text())
    rows = offices["offices"] if isinstance(offices, dict) else offices
    return sorted({row["desk"] for row in rows})


def _groups(cognito: Any, pool: str, officer: DemoOfficer) -> None:
    for group in (*(f"role:{role}" for role in officer.roles), *(f"desk:{desk}" for desk in _desks())):
        with contextlib.suppress(cognito.exceptions.GroupExistsException):
            cognito.create_group(UserPoolId=pool, GroupName=group)
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool, Username=officer.username, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=officer.username, Password=PASSWORD, Permanent=True
        )
    for group in (*(f"role:{role}" for role in officer.roles), *(f"desk:{desk}" for desk in _desks())):
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=officer.username, GroupName=group)


def _officer(cognito: Any, outputs: dict[str, str], officer: DemoOfficer) -> str:
    """Enrol the second factor as the officer would at the first sign-in; the secret."""
    begun = cognito.initiate_auth(
        ClientId=outputs["ConsoleClient"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": officer.username, "PASSWORD": PASSWORD},
    )
    # Cognito asks for the enrolment before it gives tokens; the local cloud gives tokens and lets one enrol with them.
    given = begun.get("AuthenticationResult")
    proof = {"AccessToken": given["AccessToken"]} if given else {"Session": begun["Session"]}
    associated = cognito.associate_software_token(**proof)
    secret = str(associated["SecretCode"])
    if "Session" in associated and not given:
        proof = {"Session": associated["Session"]}
    cognito.verify_software_token(**proof, UserCode=code(secret, int(time.time())))
    cognito.admin_set_user_mfa_preference(
        UserPoolId=outputs["OfficerPool"],
        Username=officer.username,
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    return secret


def _passports(running: Running) -> None:
    """The passports of the carriers' conformance kit, with their permissions."""
    from local.passports import kit, write

    write(running, kit())


def _verify_sender(running: Running) -> None:
    running.client("sesv2").create_email_identity(EmailIdentity="ryoji.example")
