"""The rules of AWS Solutions (cdk-nag), and each place where one does not fit, with the reason in words.

cdk-nag takes an acknowledgement that matches nothing without a word, so a test compares this list with what the rules
find when nothing is acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

from infra.functions import NEEDS
from infra.machines import FAMILIES, STAGES, stages_of
from infra.target import Target


@dataclass(frozen=True)
class Acknowledged:
    """One rule that does not fit one construct; `place` is the construct's path, `rule` names the finding exactly."""

    place: str
    rule: str
    reason: str


# Routes before which nobody signs in, and what protects them instead.
PUBLIC = {
    "procedures/GET": "The list of procedures is published guidance.",
    "procedures/{procedure}/GET": "What a procedure asks for is published guidance.",
    "offices/GET": "Where the offices are is published guidance.",
    "fees/GET": "What it costs is published guidance.",
    "payments/webhook/POST": "Stripe signs what it sends; the function checks the signature before anything else.",
    "verify/POST": "Anybody may verify a seal; throttled here and bounded in size, it reads public lists only.",
    "status/POST": "Asked by reference number and birth date; throttled here and counted by reference number.",
}
_OBJECTS = "Objects have random keys, so the grant is by action on one bucket's objects."
_BUCKETS = {
    "Clean": "RyojiKeeping:ExportsOutputFnGetAttClean5C95EE93ArnA4AD723F/*",
    "Quarantine": "RyojiKeeping:ExportsOutputFnGetAttQuarantine23FF09FEArnFC59122E/*",
    "Archive": "RyojiKeeping:ExportsOutputFnGetAttArchiveDA4CB258ArnBE8F3792/*",
    "Lists": "RyojiKeeping:ExportsOutputFnGetAttListsCB6DC742Arn4CA546A5/*",
    "Trust": "RyojiKeeping:ExportsOutputFnGetAttTrust4DE8AA96Arn559F5360/*",
}
_USES_OF_BUCKETS = {
    "check_portrait": ("Clean",),
    "check_travel_document": ("Clean",),
    "compare_faces": ("Clean",),
    "receive_uploads": ("Clean", "Quarantine"),
    "sign_histories": ("Archive",),
    "keep_certificates": ("Trust",),
    "verify_seal": ("Trust",),
    "issue_permission": ("Clean", "Trust"),
    "screen_applicant": ("Clean", "Lists"),
    "dispose_of_cases": ("Clean", "Archive", "Quarantine"),
}
_MACHINE_IDS = {
    "evidence": "MachinesEvidence05ABB00B",
    "review": "MachinesReview4E87355A",
    "payment": "MachinesPayment9925F821",
    "handover": "MachinesHandover36D5345D",
    "passport": "MachinesPassportBA5E5781",
    "visa": "MachinesVisaB2E5CFFA",
    "authorization": "MachinesAuthorization52FC2F69",
}
_RUNTIME = "Python 3.13 has security fixes until 2029; the newest is taken on purpose: docs/decisions/0024."
_TRACES = "X-Ray takes trace segments for no resource."
_IMAGES = "Recognition of bytes names no resource."
_UPLOADER = "RyojiEdge/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C256MiB"


def acknowledged(target: Target) -> tuple[Acknowledged, ...]:
    """All acknowledgements of a target."""
    own = _only_on_the_laptop() if target.local else (*_only_on_aws(), *_edge(target))
    return (*_keeping(), *_functions(target), *_machines(target), *_public(), *own)


def hold_to_rules(app: cdk.App, target: Target) -> None:
    """Let synthesis fail on any finding that is not acknowledged."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    for entry in acknowledged(target):
        rule = cdk.Acknowledgment(id=entry.rule, reason=entry.reason)
        cdk.Validations.of(_at(app, entry.place)).acknowledge(rule)


def _at(app: cdk.App, place: str) -> IConstruct:
    found: IConstruct = app
    for name in place.split("/"):
        found = found.node.find_child(name)
    return found


def _keeping() -> Iterator[Acknowledged]:
    yield Acknowledged(
        "RyojiKeeping/StripeSecret/Resource",
        "AwsSolutions-SMG4",
        "Stripe's keys are rolled in Stripe's dashboard, which no rotation function can do: docs/deploy.md.",
    )
    yield Acknowledged(
        "RyojiKeeping/Applicants/Resource",
        "AwsSolutions-COG2",
        "A second factor is offered, not forced: the card's signature says who applies, not the account.",
    )
    yield Acknowledged(
        "RyojiKeeping/Applicants/Resource",
        "AwsSolutions-COG8",
        "A third more for each applicant; an account alone changes no passport: docs/decisions/0021.",
    )
    yield Acknowledged(
        "RyojiKeeping/Partners/Resource",
        "AwsSolutions-COG8",
        "Nobody signs in here: machines get tokens by client credentials, which the plan does not cover.",
    )


def _role(function: str) -> str:
    title = "".join(part.capitalize() for part in function.split("_"))
    return f"RyojiService/Functions/{title}Role/DefaultPolicy/Resource"


def _machine(name: str) -> str:
    return f"RyojiService/Machines/{name.capitalize()}"


def _functions(target: Target) -> Iterator[Acknowledged]:
    for function in NEEDS:
        title = "".join(part.capitalize() for part in function.split("_"))
        yield Acknowledged(f"RyojiService/Functions/{title}/Resource", "AwsSolutions-L1", _RUNTIME)
    for function, reasons in _unnamed_resources(target).items():
        yield Acknowledged(_role(function), "AwsSolutions-IAM5[Resource::*]", " ".join(reasons))
    for function, buckets in _USES_OF_BUCKETS.items():
        for bucket in buckets:
            yield Acknowledged(_role(function), f"AwsSolutions-IAM5[Resource::{_BUCKETS[bucket]}]", _OBJECTS)
    for family in FAMILIES:
        yield Acknowledged(
            _role("move_cases"),
            _executions(target, family),
            "Executions are named after cases; it looks at those of its own machines.",
        )


def _unnamed_resources(target: Target) -> dict[str, list[str]]:
    """By function, why one of its statements is on `*`; tests/infra/test_permissions.py lists the actions."""
    reasons: dict[str, list[str]] = {name: [] if target.local else [_TRACES] for name in NEEDS}
    for function in ("check_portrait", "check_travel_document", "compare_faces"):
        reasons[function].append(_IMAGES)
    reasons["move_cases"].append("A task token names no machine: completing one can only be granted on all.")
    if target.local:
        reasons["send_messages"].append(
            "The local cloud judges SendEmail without its identity; AWS names it."
        )
        for function in ("answer_carriers", "notify_carriers"):
            reasons[function].append(
                "The local cloud judges GetParameters without their names; AWS names them."
            )
    return {name: why for name, why in reasons.items() if why}


def _executions(target: Target, machine: str) -> str:
    name = '{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"' + _MACHINE_IDS[machine] + '"}]}]}'
    arn = f"arn:<AWS::Partition>:states:{target.region}:{target.account}:execution:{name}:*"
    return f"AwsSolutions-IAM5[Resource::{arn}]"


def _machines(target: Target) -> Iterator[Acknowledged]:
    for name in (*STAGES, *FAMILIES):
        yield Acknowledged(
            f"{_machine(name)}/Role/DefaultPolicy/Resource",
            "AwsSolutions-IAM5[Resource::*]",
            "Delivery of logs, and traces on AWS, are granted on no resource: so Step Functions documents it.",
        )
    for family in FAMILIES:
        for stage in stages_of(family):
            yield Acknowledged(
                f"{_machine(family)}/Role/DefaultPolicy/Resource",
                _executions(target, stage),
                "It waits for the executions that it started, which are named after cases.",
            )


def _public() -> Iterator[Acknowledged]:
    for route, reason in PUBLIC.items():
        for rule in ("AwsSolutions-APIG4", "AwsSolutions-COG4"):
            yield Acknowledged(f"RyojiService/Api/Rest/Default/{route}/Resource", rule, reason)


def _only_on_the_laptop() -> Iterator[Acknowledged]:
    for bucket in ("AccessLogs", "AccessLogs/Policy", "Quarantine", "Clean", "Archive", "Trust", "Lists"):
        reason = "The local cloud speaks plain HTTP on loopback; on AWS the policy is there."
        yield Acknowledged(f"RyojiKeeping/{bucket}/Resource", "AwsSolutions-S10", reason)
    for queue in (
        "Machines/DeadLetters",
        "Machines/Figures",
        "Carriers/Changes",
        "Carriers/UndeliveredChanges",
    ):
        yield Acknowledged(
            f"RyojiService/{queue}/Resource",
            "AwsSolutions-SQS4",
            "The local cloud speaks plain HTTP on loopback; on AWS the policy is there.",
        )
    for name in (*STAGES, *FAMILIES):
        reason = "The local cloud has no X-Ray; on AWS it is on."
        yield Acknowledged(f"{_machine(name)}/Resource", "AwsSolutions-SF2", reason)
    yield Acknowledged(
        "RyojiService/Api/Rest/DeploymentStage.v1/Resource",
        "AwsSolutions-APIG3",
        "The local cloud has no firewall.",
    )


def _only_on_aws() -> Iterator[Acknowledged]:
    yield Acknowledged(
        "RyojiService/Api/Rest/DeploymentStage.v1/Resource",
        "AwsSolutions-APIG3",
        "The firewall is put before it in another stack, where the rule does not look: infra/edge.py.",
    )
    yield Acknowledged(
        "RyojiService/Api/Rest/CloudWatchRole/Resource",
        "AwsSolutions-IAM4"
        "[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        "The one policy that API Gateway accepts for the account's own log role.",
    )


def _edge(target: Target) -> Iterator[Acknowledged]:
    yield Acknowledged(
        "RyojiEdge/DoorKey/Resource",
        "AwsSolutions-SMG4",
        "CloudFront and the firewall must change it in the same moment: a deployment does, docs/deploy.md.",
    )
    yield Acknowledged(
        "RyojiEdge/Distribution/Resource",
        "AwsSolutions-CFR1",
        "Citizens apply from every country.",
    )
    yield Acknowledged(
        "RyojiEdge/Distribution/Resource",
        "AwsSolutions-CFR2",
        "The firewall stands before the API; what else is here are static files: docs/decisions/0020.",
    )
    yield from _scanner(target)
    yield from _uploader(target)


def _scanner(target: Target) -> Iterator[Acknowledged]:
    place = "RyojiEdge/Scanner/DefaultPolicy/Resource"
    yield Acknowledged(
        place,
        f"AwsSolutions-IAM5[Resource::{_BUCKETS['Quarantine']}]",
        "Every upload is scanned, and uploads have random keys.",
    )
    rule = "rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*]"
    yield Acknowledged(
        place,
        f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:events:{target.region}:{target.account}:{rule}",
        "GuardDuty chooses the end of its rule's name; so its documentation asks for it.",
    )


def _uploader(target: Target) -> Iterator[Acknowledged]:
    """CDK's own function that copies the site: it runs at deployments only, and its policy is CDK's."""
    reason = "CDK's own function for copying the site: it runs at deployments only, on the assets and the site bucket."
    account = f"{target.account}-{target.region}"
    wide = (
        *(f"Action::s3:{action}*" for action in ("GetBucket", "GetObject", "List", "Abort", "DeleteObject")),
        "Resource::*",
        f"Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-{account}/*",
        "Resource::<SiteE53D7754.Arn>/*",
    )
    for what in wide:
        place = f"{_UPLOADER}/ServiceRole/DefaultPolicy/Resource"
        yield Acknowledged(place, f"AwsSolutions-IAM5[{what}]", reason)
    basic = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    yield Acknowledged(f"{_UPLOADER}/ServiceRole/Resource", f"AwsSolutions-IAM4[{basic}]", reason)
    yield Acknowledged(f"{_UPLOADER}/Resource", "AwsSolutions-L1", "Its runtime is CDK's choice.")
