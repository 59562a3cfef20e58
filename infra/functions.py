"""One Lambda a folder of `functions/`, each with a role of its own that allows what it needs and nothing else."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.build import ROOT, domain_layer, function_folders
from infra.keeping import PAYMENT_SECRET, Keeping
from infra.target import Target
from ryoji.adapters.settings import CARRIERS, parts_of

if TYPE_CHECKING:
    from ryoji.doors.door import Door

PARTNER_SETTINGS = "/ryoji/partners"
# By the variable that names a secret to its functions. The printing partner's is made by hand where the partner wants
# an API key (docs/deploy.md).
SECRETS = {"STRIPE_SECRET": PAYMENT_SECRET, "PRINTING_SECRET": "ryoji/printing"}
RUNTIME = lambda_.Runtime.PYTHON_3_13


@dataclass(frozen=True)
class Needs:
    """What one function is allowed, by capability; see `_GRANTS` for the actions behind each word."""

    allows: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    memory: int = 512
    # Longer than calls of one service that are not answered (USUAL in ryoji/adapters/aws.py).
    seconds: int = 25
    secrets: tuple[str, ...] = ()


# Longer than two calls of recognition that are not answered (ryoji/adapters/recognition.py); the API waits for 29.
RECOGNISING = 28

NEEDS: dict[str, Needs] = {
    "catalogue": Needs(memory=256),
    "status": Needs(("read_cases", "find_by_reference", "count_attempts")),
    "applications": Needs(
        (
            "read_cases",
            "list_cases",
            "list_persons",
            "write_cases",
            "take_slots",
            "hash_persons",
            "read_agencies",
        ),
        ("card",),
    ),
    "receive_uploads": Needs(
        (
            "read_cases",
            "write_cases",
            "list_persons",
            "quarantine",
            "write_pictures",
            "drop_pictures",
            "read_pictures",
        ),
        memory=1769,
    ),
    "check_portrait": Needs(
        ("read_cases", "write_cases", "read_pictures", "detect_faces"), memory=1024, seconds=RECOGNISING
    ),
    "check_travel_document": Needs(
        ("read_cases", "write_cases", "read_pictures", "read_text"), memory=1024, seconds=RECOGNISING
    ),
    "compare_faces": Needs(
        ("read_cases", "write_cases", "list_persons", "read_pictures", "compare_faces"),
        memory=512,
        seconds=RECOGNISING,
    ),
    "check_identity": Needs(("read_cases", "write_cases"), ("card",)),
    "screen_applicant": Needs(
        (
            "read_cases",
            "write_cases",
            "list_persons",
            "read_pictures",
            "read_lists",
            "keep_marks",
            "hash_persons",
        ),
        memory=1769,
        seconds=60,
    ),
    "accredit_agencies": Needs(
        ("read_slots", "write_agencies", "list_agencies", "list_staff", "change_staff")
    ),
    "issue_permission": Needs(
        (
            "read_cases",
            "write_cases",
            "list_persons",
            "queue_cases",
            "read_pictures",
            "seal",
            "hash_documents",
            "write_permissions",
        ),
        memory=1024,
        # The round in which permissions are sealed again; requests and the machine's steps take no longer than before.
        seconds=300,
    ),
    "enter_stage": Needs(("read_cases", "write_cases")),
    "review": Needs(
        ("read_cases", "write_cases", "queue_cases", "list_persons", "find_by_reference", "take_slots")
    ),
    "collect_fee": Needs(
        ("read_cases", "write_cases", "list_persons"), ("stripe",), secrets=("STRIPE_SECRET",)
    ),
    "receive_payment_events": Needs(("read_cases", "write_cases"), ("stripe",), secrets=("STRIPE_SECRET",)),
    "order_production": Needs(("read_cases", "write_cases"), ("printing",), secrets=("PRINTING_SECRET",)),
    "appointments": Needs(("read_cases", "write_cases", "list_visits", "read_slots", "take_slots")),
    "hand_over": Needs(("read_cases", "write_cases", "list_persons", "free_slots")),
    "move_cases": Needs(
        (
            "read_cases",
            "write_cases",
            "queue_cases",
            "cases_by_day",
            "free_slots",
            "read_permissions",
            "move_machines",
        ),
        seconds=60,
    ),
    "count_cases": Needs(("read_cases", "keep_statistics"), seconds=60),
    "send_messages": Needs(("read_cases", "write_cases", "read_agencies", "send_mail"), seconds=60),
    "dispose_of_cases": Needs(
        (
            "read_cases",
            "write_cases",
            "queue_cases",
            "cases_by_day",
            "dispose_of_cases",
            "forget_permissions",
        ),
        seconds=300,
    ),
    "keep_certificates": Needs(("keep_certificates",), seconds=60),
    "verify_seal": Needs(("read_trust", "read_permissions")),
    "answer_carriers": Needs(
        ("read_permissions", "hash_documents", "keep_inquiries"), ("carriers",), memory=1024
    ),
    "notify_carriers": Needs(
        ("read_permissions", "hash_documents", "record_changes"),
        ("carriers",),
        seconds=60,
    ),
    "sign_histories": Needs(("cases_by_day", "sign_histories"), seconds=300),
}


class Functions(Construct):
    """All functions, their layers and their roles."""

    def __init__(self, scope: Construct, name: str, target: Target, keeping: Keeping) -> None:
        super().__init__(scope, name)
        self.target, self.keeping = target, keeping
        self.layers = self._layers()
        self.doors: dict[str, Door] = {}
        self.by_name: dict[str, lambda_.Function] = {}
        for folder in function_folders():
            self.doors[folder.name] = door_of(folder)
            self.by_name[folder.name] = self._function(folder, NEEDS[folder.name])

    def _layers(self) -> list[lambda_.ILayerVersion]:
        runtimes = [RUNTIME]
        domain = lambda_.LayerVersion(
            self,
            "Domain",
            code=lambda_.Code.from_asset(str(domain_layer())),
            compatible_runtimes=runtimes,
            description="The domain and the compiled catalogue",
        )
        if self.target.dependencies:
            # On the laptop the packages lie on the host: a layer of 100 MB would be unpacked for every worker.
            return [domain]
        packages = lambda_.LayerVersion(
            self,
            "Packages",
            code=lambda_.Code.from_asset(str(_packages())),
            compatible_runtimes=runtimes,
            description="Pinned run-time packages, arm64",
        )
        return [domain, packages]

    def _function(self, folder: Path, needs: Needs) -> lambda_.Function:
        title = "".join(part.capitalize() for part in folder.name.split("_"))
        role = iam.Role(self, f"{title}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group = logs.LogGroup(
            self,
            f"{title}Logs",
            log_group_name=f"/ryoji/functions/{folder.name}",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        log_group.grant_write(role)
        function = lambda_.Function(
            self,
            title,
            code=lambda_.Code.from_asset(str(folder), exclude=["__pycache__", "*.pyc", "*.md"]),
            handler="app.door",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            layers=self.layers,
            role=role,
            log_group=log_group,
            memory_size=needs.memory,
            timeout=Duration.seconds(needs.seconds),
            tracing=lambda_.Tracing.DISABLED if self.target.local else lambda_.Tracing.ACTIVE,
            environment=self._environment(needs),
        )
        for capability in needs.allows:
            _GRANTS[capability](self.keeping, function, role)
        self._grant_settings(role, needs)
        return function

    def _environment(self, needs: Needs) -> dict[str, str]:
        keeping = self.keeping
        environment = {
            "CASE_TABLE": keeping.cases.table_name,
            "SLOT_TABLE": keeping.slots.table_name,
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "POWERTOOLS_METRICS_NAMESPACE": "Ryoji",
        }
        if self.target.dependencies:
            environment["PYTHONPATH"] = self.target.dependencies
            environment["POWERTOOLS_TRACE_DISABLED"] = "true"
        if needs.partners:
            environment["PARTNER_SETTINGS"] = PARTNER_SETTINGS
        environment |= {variable: SECRETS[variable] for variable in needs.secrets}
        return environment

    def _grant_settings(self, role: iam.Role, needs: Needs) -> None:
        stack = Stack.of(self)
        for partner in needs.partners:
            role.add_to_policy(self._reads(stack, partner))
        for variable in needs.secrets:
            # Secrets Manager puts six characters of its own behind the name.
            name = f"{SECRETS[variable]}-??????"
            arn = stack.format_arn(
                service="secretsmanager",
                resource="secret",
                resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            role.add_to_policy(
                iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[arn])
            )
            _use_key(self.keeping, role)

    def _reads(self, stack: Stack, partner: str) -> iam.PolicyStatement:
        path, many = f"{PARTNER_SETTINGS}/{partner}", partner == CARRIERS
        arns = [
            stack.format_arn(service="ssm", resource="parameter", resource_name=name[1:])
            for name in (parts_of(path) if many else [path])
        ]
        # The local cloud names no resource when it judges GetParameters.
        return iam.PolicyStatement(
            actions=["ssm:GetParameters" if many else "ssm:GetParameter"],
            resources=["*"] if many and self.target.local else arns,
        )


def door_of(folder: Path) -> Door:
    """Import a function's door; importing one needs neither environment nor network."""
    spec = importlib.util.spec_from_file_location(f"functions.{folder.name}.app", folder / "app.py")
    if spec is None or spec.loader is None:
        raise ValueError(f"{folder}/app.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    door: Door = module.door
    return door


def _packages() -> Path:
    folder = ROOT / "layers" / "dependencies"
    if not (folder / "python").is_dir():
        raise ValueError("layers/dependencies/python is not built: run `make layer` first (docs/deploy.md)")
    return folder


Grant = Callable[[Keeping, lambda_.Function, iam.Role], None]


def _table(actions: list[str], index: str | None = None, table: str = "cases") -> Grant:
    def grant(keeping: Keeping, _function: lambda_.Function, role: iam.Role) -> None:
        arn = getattr(keeping, table).table_arn
        resource = f"{arn}/index/{index}" if index else arn
        role.add_to_policy(
            iam.PolicyStatement(actions=[f"dynamodb:{action}" for action in actions], resources=[resource])
        )
        _use_key(keeping, role)

    return grant


def _use_key(keeping: Keeping, role: iam.Role) -> None:
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
            resources=[keeping.data_key.key_arn],
        )
    )


def _objects(bucket: str, actions: list[str], variable: str) -> Grant:
    def grant(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
        held = getattr(keeping, bucket)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[f"s3:{action}" for action in actions], resources=[held.arn_for_objects("*")]
            )
        )
        function.add_environment(variable, held.bucket_name)
        _use_key(keeping, role)

    return grant


def _recognise(*actions: str) -> Grant:
    def grant(_keeping: Keeping, _function: lambda_.Function, role: iam.Role) -> None:
        # Recognition of bytes has no resource to name.
        role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=["*"]))

    return grant


def _hash_persons(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    role.add_to_policy(
        iam.PolicyStatement(actions=["kms:GenerateMac"], resources=[keeping.person_key.key_arn])
    )
    function.add_environment("PERSON_KEY", keeping.person_key.key_arn)


def _sign_histories(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=["kms:Sign"], resources=[keeping.history_key.key_arn]))
    function.add_environment("HISTORY_KEY", keeping.history_key.key_arn)
    _objects("archive", ["PutObject"], "ARCHIVE_BUCKET")(keeping, function, role)


def _dispose(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    _table(["DeleteItem"])(keeping, function, role)
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[keeping.quarantine.bucket_arn],
            # Only the notes of what is being taken in: `ryoji.adapters.objects`.
            conditions={"StringLike": {"s3:prefix": "taking-in/*"}},
        )
    )
    _objects("quarantine", ["DeleteObject"], "QUARANTINE_BUCKET")(keeping, function, role)
    _objects("clean", ["DeleteObject"], "CLEAN_BUCKET")(keeping, function, role)
    _objects("archive", ["PutObject"], "ARCHIVE_BUCKET")(keeping, function, role)


def _send_mail(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    sender = keeping.target.mail_from
    identity = Stack.of(function).format_arn(
        service="ses", resource="identity", resource_name=sender.partition("@")[2]
    )
    # The local cloud names no resource when it judges SendEmail.
    resource = "*" if keeping.target.local else identity
    role.add_to_policy(iam.PolicyStatement(actions=["ses:SendEmail"], resources=[resource]))
    function.add_environment("MAIL_FROM", sender)
    function.add_environment("SITE", keeping.target.site)


def _move_machines(_keeping: Keeping, _function: lambda_.Function, _role: iam.Role) -> None:
    """Granted where the machines are known: see infra/machines.py."""


def _permissions(actions: list[str]) -> Grant:
    def grant(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
        _table(actions, table="permissions")(keeping, function, role)
        function.add_environment("PERMISSION_TABLE", keeping.permissions.table_name)

    return grant


def _hash_documents(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    role.add_to_policy(
        iam.PolicyStatement(actions=["kms:GenerateMac"], resources=[keeping.document_key.key_arn])
    )
    function.add_environment("DOCUMENT_KEY", keeping.document_key.key_arn)


def _keep_certificates(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    keys = {"AUTHORITY": keeping.seal_authority_keys, "SIGNER": keeping.seal_signer_keys}
    resources = [key.key_arn for some in keys.values() for key in some]
    role.add_to_policy(iam.PolicyStatement(actions=["kms:Sign", "kms:GetPublicKey"], resources=resources))
    _trust(["PutObject", "GetObject"])(keeping, function, role)
    for kind, some in keys.items():
        arns = Stack.of(function).to_json_string([key.key_arn for key in some])
        function.add_environment(f"SEAL_{kind}_KEYS", arns)


def _seal(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    resources = [key.key_arn for key in keeping.seal_signer_keys]
    role.add_to_policy(iam.PolicyStatement(actions=["kms:Sign"], resources=resources))
    _trust(["GetObject"])(keeping, function, role)


def _trust(actions: list[str]) -> Grant:
    def grant(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
        objects = keeping.trust.arn_for_objects("*")
        role.add_to_policy(
            iam.PolicyStatement(actions=[f"s3:{action}" for action in actions], resources=[objects])
        )
        function.add_environment("TRUST_BUCKET", keeping.trust.bucket_name)

    return grant


def _keep_marks(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    _table(["Query", "PutItem"], table="marks")(keeping, function, role)
    function.add_environment("MARK_TABLE", keeping.marks.table_name)


def _keep_statistics(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    _table(["PutItem", "UpdateItem", "Query"], table="statistics")(keeping, function, role)
    function.add_environment("STATISTICS_TABLE", keeping.statistics.table_name)


def _inquiries(actions: list[str]) -> Grant:
    def grant(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
        _table(actions, table="inquiries")(keeping, function, role)
        function.add_environment("INQUIRY_TABLE", keeping.inquiries.table_name)

    return grant


def _agencies(actions: list[str]) -> Grant:
    def grant(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
        _table(actions, table="agencies")(keeping, function, role)
        function.add_environment("AGENCY_TABLE", keeping.agencies.table_name)

    return grant


def _list_staff(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    pool = keeping.applicants
    role.add_to_policy(
        iam.PolicyStatement(actions=["cognito-idp:ListUsersInGroup"], resources=[pool.user_pool_arn])
    )
    function.add_environment("APPLICANT_POOL", pool.user_pool_id)


def _change_staff(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    del function
    actions = ("CreateGroup", "AdminAddUserToGroup", "AdminRemoveUserFromGroup")
    role.add_to_policy(
        iam.PolicyStatement(
            actions=[f"cognito-idp:{action}" for action in actions],
            resources=[keeping.applicants.user_pool_arn],
        )
    )


def _attempts(keeping: Keeping, function: lambda_.Function, role: iam.Role) -> None:
    _table(["UpdateItem"], table="attempts")(keeping, function, role)
    function.add_environment("ATTEMPT_TABLE", keeping.attempts.table_name)


_GRANTS: dict[str, Grant] = {
    "read_cases": _table(["Query", "GetItem"]),
    # The log is only ever added to: items are put, each on its condition.
    "write_cases": _table(["PutItem"]),
    "list_cases": _table(["Query"], index="by_holder"),
    "queue_cases": _table(["Query"], index="by_desk"),
    "find_by_reference": _table(["Query"], index="by_reference"),
    "list_persons": _table(["Query"], index="by_person"),
    "cases_by_day": _table(["Query"], index="by_day"),
    "list_visits": _table(["Query"], index="by_visit"),
    "read_slots": _table(["Query"], table="slots"),
    "take_slots": _table(["UpdateItem"], table="slots"),
    "free_slots": _table(["UpdateItem"], table="slots"),
    "count_attempts": _attempts,
    "read_agencies": _agencies(["GetItem"]),
    "list_agencies": _table(["Query"], index="by_desk", table="agencies"),
    "list_staff": _list_staff,
    "change_staff": _change_staff,
    "write_agencies": _agencies(["GetItem", "PutItem"]),
    # Who issues or ends permissions also needs `hash_documents`; who only asks for one's status does not.
    "write_permissions": _permissions(["PutItem", "UpdateItem", "GetItem"]),
    "forget_permissions": _permissions(["GetItem", "UpdateItem", "DeleteItem"]),
    "read_permissions": _permissions(["BatchGetItem", "GetItem"]),
    "hash_documents": _hash_documents,
    "keep_inquiries": _inquiries(["BatchWriteItem", "GetItem", "UpdateItem", "Query"]),
    "record_changes": _inquiries(["PutItem", "GetItem", "UpdateItem", "Query"]),
    "quarantine": _objects("quarantine", ["PutObject", "GetObject", "DeleteObject"], "QUARANTINE_BUCKET"),
    "write_pictures": _objects("clean", ["PutObject"], "CLEAN_BUCKET"),
    "read_pictures": _objects("clean", ["GetObject"], "CLEAN_BUCKET"),
    "drop_pictures": _objects("clean", ["DeleteObject"], "CLEAN_BUCKET"),
    "read_lists": _objects("lists", ["GetObject", "GetObjectVersion"], "LIST_BUCKET"),
    "keep_marks": _keep_marks,
    "keep_statistics": _keep_statistics,
    "read_text": _recognise("textract:DetectDocumentText"),
    "detect_faces": _recognise("rekognition:DetectFaces"),
    "compare_faces": _recognise("rekognition:CompareFaces", "rekognition:DetectFaces"),
    "hash_persons": _hash_persons,
    "sign_histories": _sign_histories,
    "keep_certificates": _keep_certificates,
    "read_trust": _trust(["GetObject"]),
    "seal": _seal,
    "dispose_of_cases": _dispose,
    "send_mail": _send_mail,
    "move_machines": _move_machines,
}
