"""Deploy to AWS: `python -m infra.deploy` reads `aws.json`, looks whether all is there, and calls the CDK CLI.

`python -m infra.deploy bootstrap` prepares the account once; `diff` and `synth` are passed on like `deploy`. `destroy`
takes down what can be deployed again, and only with a stack's name behind it what is kept by law, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from infra.build import ROOT
from infra.target import REGION
from ryoji.permissions import carrier

CONTEXT = ROOT / "aws.json"
COMMANDS = ("deploy", "diff", "synth", "bootstrap", "destroy")
# All but RyojiKeeping, whose records are kept by law.
REPLACEABLE = ("RyojiEdge", "RyojiOperations", "RyojiCarriers", "RyojiService")


class Card(BaseModel):
    """The card platform: the roots that it is trusted by, where it says what is revoked, and its page."""

    model_config = ConfigDict(extra="forbid")
    anchors: list[str] = Field(min_length=1)
    ocsp_url: str = Field(pattern="^https?://")
    page: str = Field(pattern="^https://")


class Stripe(BaseModel):
    """What the browser may know of the Stripe account."""

    model_config = ConfigDict(extra="forbid")
    publishable_key: str = Field(pattern="^pk_")


class Printing(BaseModel):
    """The printing partner; the API key that it may want is in the secret `ryoji/printing`."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(pattern="^https://")
    wants_key: bool = False


class Push(carrier.Push, strict=True, extra="forbid"):
    """As the function reads it, and in AWS no carrier is told over plain HTTP."""

    url: str = Field(pattern="^https://[!-~]+$", max_length=250)


class Carrier(carrier.Carrier, strict=True, extra="forbid"):
    """As the function reads it; `renewed` counts how often the carrier was given a new client."""

    push: Push | None = None
    renewed: int = Field(default=0, ge=0)


class Partners(BaseModel):
    """The outside systems."""

    model_config = ConfigDict(extra="forbid")
    card: Card
    stripe: Stripe
    printing: Printing
    # A stack has 200 outputs; infra/carrier_clients.py.
    carriers: list[Carrier] = Field(default=[], max_length=200)

    @field_validator("carriers")
    @classmethod
    def _each_once(cls, carriers: list[Carrier]) -> list[Carrier]:
        codes = [each.code for each in carriers]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"more than one carrier has the code {', '.join(sorted(twice))}")
        return carriers


class Context(BaseModel):
    """`aws.json`: everything that differs between deployments, and no secret."""

    model_config = ConfigDict(extra="forbid")
    account: str = Field(pattern=r"^\d{12}$")
    region: str = REGION
    site: str = Field(pattern=r"^https://[a-z0-9.-]+$")
    certificate: str = Field(pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+$")
    mail_from: str = Field(pattern="^[^@ ]+@[^@ ]+$")
    alarm_mail: str = Field(pattern="^[^@ ]+@[^@ ]+$")
    partners: Partners

    def arguments(self) -> list[str]:
        """As the CDK CLI takes it."""
        values: dict[str, Any] = {"target": "aws", **self.model_dump(exclude={"partners"})}
        # What was not agreed is the function's to fill in.
        partners = json.dumps(self.partners.model_dump(exclude_unset=True), sort_keys=True)
        given = {**values, "partners": partners}
        return [part for key, value in given.items() for part in ("-c", f"{key}={value}")]


def read(path: Path = CONTEXT) -> Context:
    """Read the context; SystemExit says in plain words what is missing or wrong."""
    if not path.is_file():
        raise SystemExit(f"{path.name} is not there: docs/deploy.md says what stands in it")
    try:
        return Context.model_validate_json(path.read_bytes())
    except ValidationError as error:
        wrong = "\n".join(f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"{path.name} is not right:\n{wrong}") from None


def command(verb: str, context: Context, more: list[str]) -> list[str]:
    """The call of the CDK CLI."""
    cdk = str(ROOT / "node_modules" / ".bin" / "cdk")
    if verb == "bootstrap":
        return [cdk, verb, f"aws://{context.account}/{context.region}", *context.arguments(), *more]
    if verb == "destroy":
        return [cdk, verb, *REPLACEABLE, *context.arguments(), *more]
    asking = ["--require-approval", "broadening"] if verb == "deploy" else []
    return [cdk, verb, "--all", *asking, *context.arguments(), *more]


def missing(verb: str) -> list[str]:
    """What must be built before, and how."""
    if verb == "bootstrap":
        return []
    needed = {
        ROOT / "layers" / "dependencies" / "python" / "pydantic": "make layer",
        ROOT / "web" / "dist" / "console.html": "npm run web:build",
        ROOT / "web" / "dist" / "index.html": "npm run web:build",
    }
    return sorted({how for path, how in needed.items() if not path.exists()})


def _account() -> str:
    import boto3

    return str(boto3.client("sts").get_caller_identity()["Account"])


def keep_certificates(region: str) -> None:
    """Let the certificates of seals be made, or renewed where they are due; the schedule does it again anyhow."""
    import boto3

    (stack,) = boto3.client("cloudformation", region_name=region).describe_stacks(StackName="RyojiService")[
        "Stacks"
    ]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    answer = boto3.client("lambda", region_name=region).invoke(
        FunctionName=outputs["KeepCertificates"], Payload=b'{"do": "keep"}'
    )
    if answer.get("FunctionError"):
        sys.stderr.write("The certificates of seals could not be made: docs/runbooks/signer-ending.md\n")


def main() -> int:
    """Deploy, or say what is in the way."""
    verb, *more = sys.argv[1:] or ["deploy"]
    if verb not in COMMANDS:
        raise SystemExit(f"one of {', '.join(COMMANDS)}, not {verb!r}")
    context = read()
    if missing(verb):
        raise SystemExit(f"not built yet: run {' and '.join(missing(verb))} first")
    if verb != "synth" and _account() != context.account:
        raise SystemExit("the credentials in use are of another account than aws.json names")
    ended = subprocess.run(command(verb, context, more), cwd=ROOT, check=False)  # noqa: S603 - our own arguments
    if verb == "deploy" and ended.returncode == 0:
        keep_certificates(context.region)
        sys.stdout.write(_AFTER.format(site=re.sub("^https://", "", context.site)))
    return ended.returncode


_AFTER = """
Deployed. The first time, also (docs/deploy.md):
  - point {site} to the domain that RyojiEdge.SiteDomain names
  - put Stripe's keys into the secret ryoji/stripe
  - publish the first watch list: until then no visa or authorization can be approved
  - confirm the subscription that was sent to alarm_mail
  - ask SES for production access
"""


if __name__ == "__main__":
    sys.exit(main())
