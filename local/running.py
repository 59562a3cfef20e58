"""The whole of it on one machine: every part started, waited for, deployed into, seeded, and stopped again."""

from __future__ import annotations

import http.client
import json
import shlex
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra import page_policy
from local import cloud, first_calls, invoke, metrics, payments, ports
from local.places import ROOT, SITE, Home, venv_python
from local.processes import CannotStart, Part, Parts
from local.site import Routes, serve

STRIPE = {"api_key": payments.SECRET_KEY, "webhook_secret": "whsec_sandbox_of_ryoji"}
# The carriers of the sandbox, and how each is told of changes.
CARRIERS = {"XA": "edifact", "XB": "json"}
TRUST_LIST = "list.json"
Say = Callable[[str], None]
# What a call between parts may end in when one of them fails or refuses; anything else is a fault of ours.
EXPECTED = (
    OSError,
    http.client.HTTPException,
    json.JSONDecodeError,
    BotoCoreError,
    ClientError,
    subprocess.CalledProcessError,
    LookupError,
    RuntimeError,
)


class Running:
    """One running cloud. Use `start`, then `stop`; what it knows is in `facts`.

    `through`: the ports of proxies by which the functions reach the cloud, recognition or the card gateway; nobody
    else is led through them. `remember`: so many answers of recognition are given again for the same picture.
    `elsewhere`: another process has started it and will stop it; here are its addresses and an administrator's clients.
    """

    def __init__(
        self,
        home: Home,
        say: Say = lambda _: None,
        wanted: dict[str, int] | None = None,
        through: dict[str, int] | None = None,
        remember: int = 0,
        elsewhere: bool = False,
    ) -> None:
        self.home, self.say = home, say
        self.through, self.remember = through or {}, remember
        self.ports = ports.known(home) if elsewhere else ports.choose(home, wanted)
        self.parts = Parts(home.logs, ROOT)
        self.outputs: dict[str, str] = {}
        self._site: ThreadingHTTPServer | None = None

    @property
    def origin(self) -> str:
        """The address that people open."""
        return f"http://localhost:{self.ports['site']}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the SDK reaches this cloud and its recognition."""
        recognition = f"http://127.0.0.1:{self.ports['recognition']}"
        return {
            **cloud.environment(self.ports["cloud"]),
            "AWS_ENDPOINT_URL_TEXTRACT": recognition,
            "AWS_ENDPOINT_URL_REKOGNITION": recognition,
        }

    def start(self) -> None:
        """Start everything in order; raises CannotStart in plain words."""
        self.say("Starting the cloud, the recognition, the card and the card gateway")
        cloud.forget_stream_positions(self.home)
        for part in self._first_parts():
            self.parts.start(part)
        for name in ("cloud", "card", "stripe"):
            self.parts.wait(name)
        self.say("Deploying the CDK app (the first time takes about a minute)")
        with self.said_plainly("The card's authority did not give its certificate", "card"):
            context = self._context()
        self.outputs = cloud.deploy(self.home, self.ports["cloud"], context)
        # It reads its models meanwhile.
        self.parts.wait("recognition")
        self._write_settings()
        self._write_environment()
        self._serve_site()
        with self.said_plainly("The card gateway (stripe) was not told where to report payments", "stripe"):
            self._register_webhook()
        self.say("Seeding demo people and officers")
        with self.said_plainly("The demo people and officers were not made", "cloud", "seeding"):
            self._seed()
        with self.said_plainly("The cloud did not tell the simulators' secrets", "cloud"):
            last_parts = self._last_parts()
        for part in last_parts:
            self.parts.start(part)
        for part in last_parts:
            self.parts.wait(part.name)
        with self.said_plainly("The function keep_certificates made no certificate for seals", "cloud"):
            self._keep_certificates()
        with self.said_plainly("The function move_cases did not look for machines to revive", "cloud"):
            self._revive()
        metrics.collect(self)
        first_calls.begin(self)

    @contextmanager
    def said_plainly(self, what: str, *parts: str) -> Iterator[None]:
        """Let a call that fails or is refused be CannotStart: what was not done, why, and whose logs say more."""
        try:
            yield
        except EXPECTED as error:
            logs = " and ".join(f"{self.home.logs / part}.log" for part in parts)
            raise CannotStart(f"{what} ({type(error).__name__}: {error}). Look into {logs}.") from error

    def stop(self) -> None:
        """Stop all that was started here."""
        if self._site:
            self._site.shutdown()
            self._site.server_close()
            self._site = None
        self.parts.stop()

    def _first_parts(self) -> list[Part]:
        at = self.ports
        return [
            cloud.part(
                self.home,
                at["cloud"],
                self.through.get("recognition", at["recognition"]),
                self.through.get("cloud"),
            ),
            Part(
                "recognition",
                [
                    str(venv_python("recognition")),
                    "-m",
                    "local.recognition",
                    "--port",
                    str(at["recognition"]),
                    "--remember",
                    str(self.remember),
                ],
                at["recognition"],
                "/health",
                {"OMP_NUM_THREADS": "2"},
                seconds=120,
            ),
            Part(
                "card",
                self._simulator("card", "--state", str(self.home.state / "card"), "--origin", self.origin),
                at["card"],
                "/health",
            ),
            Part(
                "stripe",
                payments.command(at["stripe"], _made(self.home.state / "stripe")),
                at["stripe"],
                "/health",
                seconds=90,
            ),
        ]

    def _last_parts(self) -> list[Part]:
        mailbox = self._simulator("mailbox", "--cloud-port", str(self.ports["cloud"]))
        return [
            self._printing(),
            self._authenticator(),
            Part("mailbox", mailbox, self.ports["mailbox"], "/health"),
            self._carrier(),
        ]

    def _simulator(self, name: str, *options: str, prefixed: bool = True) -> list[str]:
        prefix = ["--prefix", f"/simulators/{name}"] if prefixed else []
        return [
            sys.executable,
            "-m",
            f"simulators.{name}",
            "--port",
            str(self.ports[name]),
            *prefix,
            *options,
        ]

    def _printing(self) -> Part:
        at = self.ports
        command = [
            *self._simulator("printing", prefixed=False),
            *("--state", str(_made(self.home.state / "printing"))),
            *("--token-url", f"http://127.0.0.1:{at['cloud']}/oauth2/token"),
            *("--client-id", self.outputs["PrintingClient"], "--scope", "production/report"),
            *("--callback", f"http://127.0.0.1:{at['site']}/api"),
        ]
        secret = {"PRINTING_CLIENT_SECRET": self._client_secret(self.outputs["PrintingClient"])}
        return Part("printing", command, at["printing"], "/health", secret)

    def _carrier(self) -> Part:
        outputs = {code: self.outputs[f"Carrier{code}Client"] for code in CARRIERS}
        clients = {code: [client, self._client_secret(client)] for code, client in outputs.items()}
        command = [
            *self._simulator("carrier"),
            *("--token-url", f"http://127.0.0.1:{self.ports['cloud']}/oauth2/token"),
            *("--api", f"http://127.0.0.1:{self.ports['site']}/api"),
        ]
        secrets = {"CARRIER_CLIENTS": json.dumps(clients)}
        return Part("carrier", command, self.ports["carrier"], "/health", secrets)

    def _client_secret(self, client_id: str) -> str:
        client = self.client("cognito-idp").describe_user_pool_client(
            UserPoolId=self.outputs["PartnerPool"], ClientId=client_id
        )
        return str(client["UserPoolClient"]["ClientSecret"])

    def _authenticator(self) -> Part:
        accounts = self.home.folder / "authenticator.json"
        return Part(
            "authenticator",
            self._simulator("authenticator", "--accounts", str(accounts)),
            self.ports["authenticator"],
            "/health",
        )

    def client(self, service: str) -> Any:
        """An administrator's client of the local cloud."""
        return invoke.client(service, self.ports["cloud"])

    def _context(self) -> cloud.Context:
        at = self.ports
        with urllib.request.urlopen(
            f"http://127.0.0.1:{at['card']}/authority/root.pem", timeout=10
        ) as answer:
            root = answer.read().decode()
        partners = {
            "card": {"anchors": [root], "ocsp_url": f"http://127.0.0.1:{at['card']}/authority/ocsp"},
            "stripe": {"api_base": f"http://127.0.0.1:{self.through.get('stripe', at['stripe'])}"},
            "printing": {"url": f"http://127.0.0.1:{at['printing']}"},
            "carriers": [
                {
                    "code": code,
                    "designators": [code],
                    "push": {"url": f"http://127.0.0.1:{at['carrier']}/{code}/changes", "format": form},
                }
                for code, form in CARRIERS.items()
            ],
        }
        return cloud.Context(site=self.origin, partners=partners, secrets={"stripe": STRIPE})

    def _write_settings(self) -> None:
        out, origin = self.outputs, self.origin
        issuer = f"https://cognito-idp.{cloud.REGION}.amazonaws.com/{out['ApplicantPool']}"
        settings = {
            "api": "/api",
            "region": cloud.REGION,
            "applicants": {
                "authority": issuer,
                "issuer": issuer,
                "client_id": out["PortalClient"],
                "authorize_url": f"{origin}/oauth2/authorize",
                "token_url": f"{origin}/oauth2/token",
                "logout_url": f"{origin}/logout",
                "jwks_url": f"{origin}/cognito/{out['ApplicantPool']}/.well-known/jwks.json",
                "redirect_path": "/signed-in",
                "scope": "openid email ryoji/apply",
                "cognito_url": f"{origin}/cognito/",
            },
            "officers": {"client_id": out["ConsoleClient"], "cognito_url": f"{origin}/cognito/"},
            "card": {"url": "/simulators/card/"},
            "stripe": {
                "publishable_key": payments.PUBLISHABLE_KEY,
                "js_url": "/simulators/stripe/v3/",
                "api_origin": origin,
            },
            "sandbox": True,
            "sandbox_pages": [
                {"title": "カード Card", "url": "/simulators/card/"},
                {"title": "メール Mail", "url": "/simulators/mailbox/"},
                {"title": "旅券作成 Printing", "url": "/simulators/printing/"},
                {"title": "認証コード Codes", "url": "/simulators/authenticator/"},
            ],
        }
        self.home.settings.write_text(json.dumps(settings, indent=1))

    @property
    def command_environment(self) -> dict[str, str]:
        """What the command `ryoji` wants to know of this cloud: docs/command.md."""
        return {
            **self.environment,
            "CASE_TABLE": self.outputs["CaseTable"],
            "LIST_BUCKET": self.outputs["ListBucket"],
            "PERMISSION_TABLE": self.outputs["PermissionTable"],
            "DOCUMENT_KEY": self.outputs["DocumentKey"],
            "ARCHIVE_BUCKET": self.outputs["ArchiveBucket"],
            "HISTORY_KEY": self.outputs["HistoryKey"],
            "RYOJI_TRUST": f"{self.origin}/trust/{TRUST_LIST}",
        }

    def _write_environment(self) -> None:
        lines = (f"export {name}={shlex.quote(value)}\n" for name, value in self.command_environment.items())
        self.home.environment.write_text("".join(lines))

    def _serve_site(self) -> None:
        at = self.ports
        api = f"/_aws/execute-api/{self.outputs['ApiId']}/v1/"
        # Presigned addresses name the host as the functions know it, pages as people type it.
        objects = f"http://localhost:{at['cloud']} http://127.0.0.1:{at['cloud']}"
        routes = Routes(
            prefixes=(
                ("/api/", at["cloud"], api),
                ("/trust/", at["cloud"], f"/{self.outputs['TrustBucket']}/trust/"),
                ("/oauth2/", at["cloud"], "/oauth2/"),
                ("/login", at["cloud"], "/login"),
                ("/logout", at["cloud"], "/logout"),
                ("/cognito/", at["cloud"], "/"),
                ("/simulators/mailbox/", at["mailbox"], "/"),
                ("/simulators/card/", at["card"], "/"),
                ("/simulators/stripe/", at["stripe"], "/"),
                ("/simulators/printing/", at["printing"], "/"),
                ("/simulators/authenticator/", at["authenticator"], "/"),
            ),
            files=SITE,
            settings=self.home.settings,
            content_security_policy=content_security_policy(objects, ""),
            buckets=frozenset({"/trust/"}),
        )
        try:
            self._site = serve(at["site"], routes)
        except OSError as error:
            raise CannotStart(
                f"port {at['site']} for the site is taken: stop the program that uses it or set RYOJI_PORT"
            ) from error
        threading.Thread(target=self._site.serve_forever, daemon=True, name="site").start()

    def _register_webhook(self) -> None:
        payments.register_webhook(
            self.ports["stripe"],
            f"http://127.0.0.1:{self.ports['site']}/api/payments/webhook",
            STRIPE["webhook_secret"],
        )

    def _seed(self) -> None:
        from local.seed import seed

        self.home.seeding_log.write_bytes(b"")
        seed(self)

    def _keep_certificates(self) -> None:
        # On AWS the schedule runs at once when it is made, and infra/deploy.py asks after each deployment.
        answer, failed = invoke.invoke(self.client("lambda"), "keep_certificates", {"do": "keep"})
        if failed:
            raise RuntimeError(json.dumps(answer))

    def _revive(self) -> None:
        # Machines that were waiting when the cloud was stopped have died with it; their cases say where to go on.
        invoke.invoke(self.client("lambda"), "move_cases", {"do": "sweep", "patience": 0})


def content_security_policy(objects: str, stripe: str) -> str:
    """The policy with the local cloud's origin, and a card gateway's if it is not this one."""
    return page_policy.content_security_policy(
        scripts=stripe, pictures=objects, connections=f"{objects} {stripe}".strip(), frames=stripe
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
