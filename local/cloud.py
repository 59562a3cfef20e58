"""The cloud itself: MiniStack with IAM enforced, and the CDK app deployed into it by the pinned CDK CLI."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.places import DEPENDENCIES, ROOT, Home, venv_python
from local.processes import CannotStart, Part

REGION = "ap-northeast-1"
ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Context:
    """CDK context of the local target."""

    site: str
    partners: dict[str, Any]
    secrets: dict[str, dict[str, str]]

    def arguments(self) -> list[str]:
        """As the CDK CLI takes it."""
        values = {
            "target": "local",
            "site": self.site,
            "dependencies": str(DEPENDENCIES),
            "partners": json.dumps(self.partners, sort_keys=True),
            "secrets": json.dumps(self.secrets, sort_keys=True),
        }
        return [part for key, value in values.items() for part in ("-c", f"{key}={value}")]


def part(home: Home, port: int, recognition: int, functions_call: int | None = None) -> Part:
    """MiniStack, keeping its state in the home; its functions call it by the port of a proxy, if one is named."""
    env = {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(home.state / "cloud"),
        "S3_DATA_DIR": str(home.state / "objects"),
        "TMPDIR": str(_emptied(home.folder / "workers")),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        # The functions inherit these: product code knows endpoints from the standard variables only.
        "AWS_ENDPOINT_URL_REKOGNITION": f"http://127.0.0.1:{recognition}",
        "AWS_ENDPOINT_URL_TEXTRACT": f"http://127.0.0.1:{recognition}",
        "LAMBDA_WARM_TTL_SECONDS": "3600",
        "LOG_LEVEL": "WARNING",
    }
    if functions_call:
        env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{functions_call}"
    command = [str(venv_python("cloud")), "-m", "local.ministack"]
    return Part("cloud", command, port, "/_ministack/health", env)


def forget_stream_positions(home: Home) -> None:
    """Let the streams' readers begin anew: the local cloud keeps how far they had read, but not the streams."""
    kept = home.state / "cloud" / "lambda.json"
    if not kept.exists():
        return
    state = json.loads(kept.read_text())
    if state.get("payload", {}).pop("dynamodb_stream_positions", None) is not None:
        kept.write_text(json.dumps(state))


def _emptied(folder: Path) -> Path:
    """Without what functions' processes unpacked there the last time, which the local cloud leaves where it is."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def environment(port: int) -> dict[str, str]:
    """The standard AWS variables that lead the SDK and the CDK CLI to the local cloud."""
    return {
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "CDK_DISABLE_VERSION_CHECK": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    }


def deploy(home: Home, port: int, context: Context) -> dict[str, str]:
    """Deploy the app unless nothing changed since the last time; the outputs of the service and of the carriers."""
    print_of_sources = fingerprint(context, port)
    kept = home.folder / "deployed.json"
    if kept.exists():
        known: dict[str, Any] = json.loads(kept.read_text())
        if known["fingerprint"] == print_of_sources:
            outputs: dict[str, str] = known["outputs"]
            return outputs
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    # CDK's own look at the templates warns only, and takes longer than all the rest of the synthesis; the tests hold
    # them to cfn-lint and cdk-nag.
    env = {**os.environ, **environment(port), "CDK_VALIDATION": "false"}
    # Where there is an app the CLI synthesises it, which bootstrapping does not need: its file is not in this folder.
    bootstrap = [str(cdk), "bootstrap", f"aws://{ACCOUNT}/{REGION}"]
    _run(bootstrap, home.folder, env, home.logs / "bootstrap.log")
    outputs_file = home.folder / "outputs.json"
    command = [
        str(cdk),
        "deploy",
        "--all",
        "--require-approval",
        "never",
        "--outputs-file",
        str(outputs_file),
        "--output",
        str(home.folder / "cdk.out"),
        *context.arguments(),
    ]
    _run(command, ROOT, env, home.logs / "deploy.log")
    stacks = json.loads(outputs_file.read_text())
    outputs = {**stacks["RyojiService"], **stacks["RyojiCarriers"]}
    kept.write_text(json.dumps({"fingerprint": print_of_sources, "outputs": outputs}))
    return outputs


def _run(command: list[str], folder: Path, env: dict[str, str], log: Path) -> None:
    with log.open("wb") as out:
        ended = subprocess.run(
            command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    if ended.returncode:
        last = "\n    ".join(log.read_text(errors="replace").strip().splitlines()[-25:])
        raise CannotStart(f"{command[1]} of the CDK app failed. The end of {log}:\n    {last}")


def fingerprint(context: Context, port: int) -> str:
    """A hash over everything that the deployment is made of."""
    seen = hashlib.sha256(json.dumps([context.arguments(), port]).encode())
    for folder in ("infra", "functions", "layers/ryoji", "procedures", "statemachines"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode())
                seen.update(path.read_bytes())
    seen.update((ROOT / "cdk.json").read_bytes())
    return seen.hexdigest()
