"""Each function may do what it needs and nothing else; what is granted on `*` is listed here with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.functions import NEEDS

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised

# Actions whose resource cannot be named, and why.
UNNAMED = {
    "xray:PutTraceSegments": "traces have no resource",
    "xray:PutTelemetryRecords": "traces have no resource",
    "xray:GetSamplingRules": "traces have no resource",
    "xray:GetSamplingTargets": "traces have no resource",
    "textract:DetectDocumentText": "the picture is in the request",
    "rekognition:DetectFaces": "the picture is in the request",
    "rekognition:CompareFaces": "the pictures are in the request",
    "states:SendTaskSuccess": "a task token names no machine",
    "logs:CreateLogDelivery": "delivery of logs, as Step Functions documents it",
    "logs:GetLogDelivery": "delivery of logs, as Step Functions documents it",
    "logs:UpdateLogDelivery": "delivery of logs, as Step Functions documents it",
    "logs:DeleteLogDelivery": "delivery of logs, as Step Functions documents it",
    "logs:ListLogDeliveries": "delivery of logs, as Step Functions documents it",
    "logs:PutResourcePolicy": "delivery of logs, as Step Functions documents it",
    "logs:DescribeResourcePolicies": "delivery of logs, as Step Functions documents it",
    "logs:DescribeLogGroups": "delivery of logs, as Step Functions documents it",
    "dynamodb:ListStreams": "listing names no stream",
    "cloudfront:GetInvalidation": "CDK's own function at deployments",
    "cloudfront:CreateInvalidation": "CDK's own function at deployments",
}
# The local cloud judges these without their resources.
UNNAMED_LOCALLY = {
    "ses:SendEmail": "the identity is named on AWS",
    "ssm:GetParameters": "the parameters are named on AWS",
}

# Which functions may touch what matters most; everybody else may not.
ONLY = {
    "ses:SendEmail": {"send_messages"},
    "kms:Sign": {"sign_histories", "keep_certificates", "issue_permission"},
    "kms:GenerateMac": {
        "applications",
        "screen_applicant",
        "issue_permission",
        "answer_carriers",
        "notify_carriers",
    },
    "secretsmanager:GetSecretValue": {"collect_fee", "receive_payment_events", "order_production"},
    "states:StartExecution": {"move_cases"},
    "states:SendTaskSuccess": {"move_cases"},
    "kms:GetPublicKey": {"keep_certificates"},
    "s3:GetObject": {
        "receive_uploads",
        "check_portrait",
        "check_travel_document",
        "compare_faces",
        "screen_applicant",
        "issue_permission",
        "keep_certificates",
        "verify_seal",
    },
    "s3:DeleteObject": {"receive_uploads", "dispose_of_cases"},
    "s3:ListBucket": {"dispose_of_cases"},
    "cognito-idp:ListUsersInGroup": {"accredit_agencies"},
    "cognito-idp:CreateGroup": {"accredit_agencies"},
    "cognito-idp:AdminAddUserToGroup": {"accredit_agencies"},
    "cognito-idp:AdminRemoveUserFromGroup": {"accredit_agencies"},
    "dynamodb:DeleteItem": {"dispose_of_cases"},
    "dynamodb:BatchWriteItem": {"answer_carriers"},
    "textract:DetectDocumentText": {"check_travel_document"},
    "rekognition:CompareFaces": {"compare_faces"},
}


def _statements(policy: Found) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy.properties["PolicyDocument"]["Statement"]
    return found


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_function(either: Synthesised) -> dict[str, list[dict[str, Any]]]:
    """The statements of each function's own role."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NEEDS}
    titles = {"".join(part.capitalize() for part in name.split("_")): name for name in NEEDS}
    for policy in either.all("AWS::IAM::Policy"):
        for title, name in titles.items():
            if policy.id.startswith(f"Functions{title}RoleDefaultPolicy"):
                found[name] += _statements(policy)
    return found


def _allowed(statements: list[dict[str, Any]]) -> set[str]:
    return {action for s in statements if s["Effect"] == "Allow" for action in _many(s["Action"])}


def test_no_role_of_ours_has_a_wildcard_in_an_action(either: Synthesised) -> None:
    for policy in either.all("AWS::IAM::Policy"):
        if "CDKBucketDeployment" in policy.id:
            continue  # CDK's own, at deployments only; infra/nag.py says so
        for statement in _statements(policy):
            assert not [action for action in _many(statement["Action"]) if "*" in action], policy.id


def test_what_is_granted_on_everything_is_listed(either: Synthesised) -> None:
    known = {**UNNAMED, **(UNNAMED_LOCALLY if either.target.local else {})}
    for policy in either.all("AWS::IAM::Policy"):
        for statement in _statements(policy):
            if "*" in _many(statement["Resource"]):
                assert set(_many(statement["Action"])) <= set(known), policy.id


def test_functions_use_no_managed_policy(either: Synthesised) -> None:
    for role in either.all("AWS::IAM::Role"):
        if role.stack == "RyojiService" and not role.id.startswith("ApiRestCloudWatchRole"):
            assert "ManagedPolicyArns" not in role.properties, role.id


def test_only_those_who_need_it_may(either: Synthesised) -> None:
    functions = _of_function(either)
    for action, names in ONLY.items():
        assert {name for name, held in functions.items() if action in _allowed(held)} == names, action


def test_reading_functions_cannot_write(either: Synthesised) -> None:
    functions = _of_function(either)
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert not writes & _allowed(functions["catalogue"])
    # `status` counts attempts in a table of its own and reads cases.
    for statement in functions["status"]:
        if writes & set(_many(statement["Action"])):
            assert {either.named(r)[:8] for r in _many(statement["Resource"])} == {"Attempts"}


def test_nobody_changes_an_item_of_the_case_log(either: Synthesised) -> None:
    found = set()
    for name, statements in _of_function(either).items():
        for statement in statements:
            tables = [r for r in _many(statement["Resource"]) if isinstance(r, dict) and "Fn::Join" not in r]
            if any(either.named(table).startswith("Cases") for table in tables):
                found |= {(action, name) for action in _many(statement["Action"])}
    following = {
        f"dynamodb:{each}" for each in ("ListStreams", "DescribeStream", "GetShardIterator", "GetRecords")
    }
    actions = {action for action, _name in found} - following
    deleting = {name for action, name in found if action == "dynamodb:DeleteItem"}
    assert actions == {f"dynamodb:{each}" for each in ("GetItem", "Query", "PutItem", "DeleteItem")}
    assert deleting == {"dispose_of_cases"}


def test_nobody_scans_or_deletes_in_bulk(either: Synthesised) -> None:
    forbidden = {"dynamodb:Scan", "dynamodb:DeleteTable"}
    for name, statements in _of_function(either).items():
        assert not forbidden & _allowed(statements), name


def test_every_bucket_grant_is_on_one_bucket(either: Synthesised) -> None:
    for name, statements in _of_function(either).items():
        for statement in statements:
            actions = _many(statement["Action"])
            if actions == ["s3:ListBucket"]:
                assert statement["Condition"] == {"StringLike": {"s3:prefix": "taking-in/*"}}
            elif any(action.startswith("s3:") for action in actions):
                assert all("Fn::Join" in resource for resource in _many(statement["Resource"])), name
