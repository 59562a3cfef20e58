"""What is kept is encrypted, closed, logged and kept: on both targets, and more strictly on AWS."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from infra.build import ROOT

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised

STATEFUL = (
    "AWS::KMS::Key",
    "AWS::DynamoDB::GlobalTable",
    "AWS::S3::Bucket",
    "AWS::Cognito::UserPool",
    "AWS::SecretsManager::Secret",
)


def _buckets(of: Synthesised) -> dict[str, Found]:
    return {found.id[:-8]: found for found in of.all("AWS::S3::Bucket")}


def test_buckets_are_encrypted_and_shut(either: Synthesised) -> None:
    for name, bucket in _buckets(either).items():
        rule = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        default = rule["ServerSideEncryptionByDefault"]
        # Public pages and logs need no key of ours; everything about people has one.
        public = name in ("AccessLogs", "Site", "Trust")
        assert default["SSEAlgorithm"] == ("AES256" if public else "aws:kms"), name
        assert public or "KMSMasterKeyID" in default, name
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}, name


def test_buckets_log_who_asked(either: Synthesised) -> None:
    for name, bucket in _buckets(either).items():
        assert name == "AccessLogs" or "LoggingConfiguration" in bucket.properties, name


def test_on_aws_buckets_answer_tls_only(aws: Synthesised) -> None:
    refusing = set()
    for policy in aws.all("AWS::S3::BucketPolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            insecure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"
            if insecure and statement["Effect"] == "Deny":
                refusing.add(aws.named(policy.properties["Bucket"]))
    assert refusing == {bucket.id for bucket in aws.all("AWS::S3::Bucket")}


def test_nobody_reads_an_upload_with_malware(aws: Synthesised) -> None:
    denied = [
        statement
        for policy in aws.all("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "GuardDutyMalwareScanStatus" in json.dumps(statement.get("Condition", {}))
    ]
    assert [(s["Effect"], s["Action"], s["Principal"]) for s in denied] == [
        ("Deny", "s3:GetObject", {"AWS": "*"})
    ]
    assert aws.all("AWS::GuardDuty::MalwareProtectionPlan")


def test_uploads_are_gone_after_a_day_and_the_archive_cannot_be_changed(either: Synthesised) -> None:
    buckets = _buckets(either)
    rules = buckets["Quarantine"].properties["LifecycleConfiguration"]["Rules"]
    assert [(rule["ExpirationInDays"], rule["Status"]) for rule in rules] == [(1, "Enabled")]
    archive = buckets["Archive"].properties
    assert archive["ObjectLockEnabled"] is True
    retention = archive["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Mode": "GOVERNANCE", "Days": 3650}
    assert archive["VersioningConfiguration"] == {"Status": "Enabled"}


def test_tables_are_encrypted_with_our_key_and_can_be_brought_back(either: Synthesised) -> None:
    tables = either.all("AWS::DynamoDB::GlobalTable")
    assert len(tables) == 8
    for table in tables:
        assert table.properties["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}, table.id
        for replica in table.properties["Replicas"]:
            assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], table.id
            assert "KMSMasterKeyId" in replica["SSESpecification"], table.id


def test_on_aws_what_is_kept_survives_its_stack(aws: Synthesised) -> None:
    for kind in STATEFUL:
        for found in aws.all(kind):
            kept = found.whole.get("DeletionPolicy") == "Retain"
            assert kept or found.stack == "RyojiEdge", (found.stack, found.id)
    pools = aws.all("AWS::Cognito::UserPool")
    assert {pool.properties["DeletionProtection"] for pool in pools} == {"ACTIVE"}
    cases = next(t for t in aws.all("AWS::DynamoDB::GlobalTable") if t.id.startswith("Cases"))
    assert cases.properties["Replicas"][0]["DeletionProtectionEnabled"] is True


def test_locally_nothing_is_left_behind(local: Synthesised) -> None:
    kept = [found.id for found in local.every() if found.whole.get("DeletionPolicy") == "Retain"]
    assert kept == []


def test_keys_are_rotated_where_kms_can(either: Synthesised) -> None:
    for key in either.all("AWS::KMS::Key"):
        symmetric = key.properties.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
        assert not symmetric or key.properties["EnableKeyRotation"] is True, key.id


def test_logs_end(either: Synthesised) -> None:
    for group in either.all("AWS::Logs::LogGroup"):
        assert 30 <= group.properties["RetentionInDays"] <= 400, group.id


def test_every_function_has_its_own_log_and_role(either: Synthesised) -> None:
    functions = [f for f in either.all("AWS::Lambda::Function") if f.stack == "RyojiService"]
    assert len(functions) >= 18
    assert len({json.dumps(f.properties["LoggingConfig"]["LogGroup"]) for f in functions}) == len(functions)
    assert len({json.dumps(f.properties["Role"]) for f in functions}) == len(functions)


def test_on_aws_everything_is_traced(aws: Synthesised) -> None:
    for function in aws.all("AWS::Lambda::Function"):
        if function.stack == "RyojiService":
            assert function.properties["TracingConfig"] == {"Mode": "Active"}, function.id
    for machine in aws.all("AWS::StepFunctions::StateMachine"):
        assert machine.properties["TracingConfiguration"] == {"Enabled": True}, machine.id


def test_machines_log_every_event_without_data(either: Synthesised) -> None:
    for machine in either.all("AWS::StepFunctions::StateMachine"):
        logging = machine.properties["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False), machine.id


def test_officers_need_a_second_factor_and_cannot_sign_up(either: Synthesised) -> None:
    pools = {pool.id: pool.properties for pool in either.all("AWS::Cognito::UserPool")}
    officers = next(p for name, p in pools.items() if name.startswith("Officers"))
    assert officers["MfaConfiguration"] == "ON"
    assert officers["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert officers["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert officers["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}


def test_applicants_get_mail_from_our_own_sender(aws: Synthesised) -> None:
    pool = next(p for p in aws.all("AWS::Cognito::UserPool") if p.id.startswith("Applicants"))
    assert pool.properties["EmailConfiguration"]["EmailSendingAccount"] == "DEVELOPER"


def test_an_accounts_code_is_mailed_in_every_language_of_the_site(either: Synthesised) -> None:
    pool = next(p for p in either.all("AWS::Cognito::UserPool") if p.id.startswith("Applicants"))
    mail = pool.properties["VerificationMessageTemplate"]
    for language in json.loads((ROOT / "web" / "messages" / "languages.json").read_text()):
        file = ROOT / "procedures" / "messages" / "parts" / f"accounts.{language}.yaml"
        told = yaml.safe_load(file.read_text(encoding="utf-8"))["account"]["code"]
        assert told["subject"] in mail["EmailSubject"]
        assert told["text"] in mail["EmailMessage"]
        # The sandbox's mailbox shows text only.
        assert (f'<p lang="{language}"' in mail["EmailMessage"]) is not either.target.local
    assert mail["EmailMessage"].count("{####}") == 1
    # Cognito's own limits: no other characters than these, and no longer a subject.
    assert len(mail["EmailSubject"]) <= 140
    for text in mail["EmailSubject"], mail["EmailMessage"]:
        assert not [
            each for each in text if unicodedata.category(each)[0] not in "LMSNP" and each not in " \n"
        ]


def test_who_signs_in_on_aws_reads_cognitos_pages_in_their_language(aws: Synthesised) -> None:
    domains = {found.id: found.properties for found in aws.all("AWS::Cognito::UserPoolDomain")}
    domain = next(found for name, found in domains.items() if "ApplicantDomain" in name)
    assert domain["ManagedLoginVersion"] == 2
    # Managed pages need the feature plan, and a style of the client's.
    pool = next(p for p in aws.all("AWS::Cognito::UserPool") if p.id.startswith("Applicants"))
    assert pool.properties["UserPoolTier"] == "ESSENTIALS"
    (style,) = aws.all("AWS::Cognito::ManagedLoginBranding")
    assert style.properties["UseCognitoProvidedValues"] is True
    assert "Portal" in aws.named(style.properties["ClientId"])
    assert aws.named(style.properties["UserPoolId"]) == aws.named(domain["UserPoolId"])


def test_no_secret_stands_in_a_template_for_aws(aws: Synthesised) -> None:
    for found in aws.all("AWS::SecretsManager::Secret"):
        assert "SecretString" not in found.properties, found.id
    for function in aws.all("AWS::Lambda::Function"):
        variables = function.properties.get("Environment", {}).get("Variables", {})
        assert not [name for name in variables if "KEY" in name and "sk_" in str(variables[name])]


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::WAFv2::WebACLAssociation",
        "AWS::GuardDuty::MalwareProtectionPlan",
        "AWS::Cognito::ManagedLoginBranding",
    ],
)
def test_the_laptop_gets_no_resource_that_its_cloud_does_not_know(local: Synthesised, kind: str) -> None:
    assert local.all(kind) == []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _strings(each)]


def test_templates_name_no_path_of_a_machine(aws: Synthesised) -> None:
    for found in aws.every():
        bad = [text for text in _strings(found.properties) if str(ROOT) in text or str(Path.home()) in text]
        assert bad == [], found.id


def test_queues_are_read_by_due_date_and_lists_by_time(either: Synthesised) -> None:
    (cases,) = (
        table.properties
        for table in either.all("AWS::DynamoDB::GlobalTable")
        if table.properties["KeySchema"][0]["AttributeName"] == "case_id"
        and "GlobalSecondaryIndexes" in table.properties
    )
    orders = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in cases["GlobalSecondaryIndexes"]
    }
    assert orders == {
        "by_holder": ["holder", "updated_at"],
        "by_desk": ["queue", "due"],
        "by_reference": ["reference"],
        "by_person": ["person", "opened_at"],
        "by_day": ["day", "updated_at"],
        "by_visit": ["visit", "visit_at"],
    }


def test_the_page_says_of_every_table_and_bucket_what_is_in_it(aws: Synthesised) -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.partition("## Data")[2].partition("## Keys")[0].splitlines()]
    told = " ".join(row[3] for row in rows if len(row) > 3).lower().replace(" ", "")
    kept = [*aws.all("AWS::DynamoDB::GlobalTable"), *aws.all("AWS::S3::Bucket")]
    names = {found.id[:-8].lower() for found in kept if found.stack == "RyojiKeeping"}
    assert {name for name in names if name.removesuffix("s") not in told} == set()
