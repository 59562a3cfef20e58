"""What must outlive every deployment: keys, tables, buckets, the pools of people."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from infra import account_mail
from infra.target import Target

ARCHIVE_YEARS = 10
# The keys of the authorities of seals, oldest first. A successor's is added behind the others, and none is taken away
# while its authority lives: docs/runbooks/signer-ending.md.
AUTHORITY_KEYS = ("SealAuthorityKey",)
PAYMENT_SECRET = "ryoji/stripe"  # noqa: S105 - its name


class Keeping(Stack):
    """Keys, tables, buckets and user pools."""

    def __init__(self, scope: Construct, name: str, target: Target, **kwargs: Any) -> None:
        super().__init__(scope, name, **kwargs)
        self.target = target
        self.removal = RemovalPolicy.DESTROY if target.local else RemovalPolicy.RETAIN
        self.data_key = self._key("DataKey", "Everything at rest: cases, pictures, logs, queues")
        self.person_key = self._hashing_key(
            "PersonKey", "Keyed hash of a person's identity: one person, one record"
        )
        self.document_key = self._hashing_key(
            "DocumentKey",
            "Keyed hashes of travel documents: what is in force for one, and who asked about it",
        )
        self.history_key = kms.Key(
            self,
            "HistoryKey",
            description="Signs the heads of case histories every night",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=self.removal,
        )
        self.seal_authority_keys = [
            self._sealing_key(name, "The ministry's CA for seals") for name in AUTHORITY_KEYS
        ]
        # Two, so that a successor is ready when one's time is over or it is compromised.
        self.seal_signer_keys = [
            self._sealing_key(f"SealSignerKey{name}", "Seals visas and authorizations") for name in "AB"
        ]
        self.cases = self._case_table()
        self.permissions = self._table("Permissions", "document", None, followed=True)
        self.inquiries = self._table("Inquiries", "subject", "item", expires="expires", followed=True)
        self.slots = self._table("Slots", "office", "start")
        self.agencies = self._table("Agencies", "code", None, index=("by_desk", "desk", "code"))
        self.attempts = self._table("Attempts", "subject", None, expires="expires")
        self.statistics = self._table("Statistics", "place", "item", expires="expires")
        self.marks = self._table("Marks", "mark", "case_id", expires="expires")
        self.payment_secret = self._payment_secret()
        self.access_logs = self._access_logs()
        self.quarantine = self._bucket("Quarantine", expires=Duration.days(1), uploads=True)
        self.clean = self._bucket("Clean")
        self.lists = self._bucket("Lists")
        if not target.local:
            self._keep_infected_shut()
        self.archive = self._archive()
        self.trust = self._trust()
        self.applicants = self._applicants()
        self.officers = self._officers()
        self.partners = self._staff("Partners", cognito.FeaturePlan.ESSENTIALS)

    def _key(self, name: str, description: str) -> kms.Key:
        return kms.Key(
            self, name, description=description, enable_key_rotation=True, removal_policy=self.removal
        )

    def _hashing_key(self, name: str, description: str) -> kms.Key:
        return kms.Key(
            self,
            name,
            description=description,
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=self.removal,
        )

    def _sealing_key(self, name: str, description: str) -> kms.Key:
        return kms.Key(
            self,
            name,
            alias=f"ryoji/{_dashed(name)}",
            description=description,
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=self.removal,
        )

    def _payment_secret(self) -> secrets.Secret:
        values = self.target.secrets.get("stripe")
        return secrets.Secret(
            self,
            "StripeSecret",
            secret_name=PAYMENT_SECRET,
            description="Stripe's API key and webhook secret, as JSON: api_key, webhook_secret",
            encryption_key=self.data_key,
            # Only the stand-in's well-known values come from context; real ones are put in by hand (docs/deploy.md).
            secret_object_value={k: SecretValue.unsafe_plain_text(v) for k, v in values.items()}
            if values
            else None,
            removal_policy=self.removal,
        )

    def _case_table(self) -> dynamodb.TableV2:
        text = dynamodb.AttributeType.STRING

        def index(name: str, key: str, sort: str | None) -> dynamodb.GlobalSecondaryIndexPropsV2:
            return dynamodb.GlobalSecondaryIndexPropsV2(
                index_name=name,
                partition_key=dynamodb.Attribute(name=key, type=text),
                sort_key=dynamodb.Attribute(name=sort, type=text) if sort else None,
            )

        return dynamodb.TableV2(
            self,
            "Cases",
            partition_key=dynamodb.Attribute(name="case_id", type=text),
            sort_key=dynamodb.Attribute(name="item", type=text),
            global_secondary_indexes=[
                index("by_holder", "holder", "updated_at"),
                index("by_desk", "queue", "due"),
                index("by_reference", "reference", None),
                index("by_person", "person", "opened_at"),
                index("by_day", "day", "updated_at"),
                index("by_visit", "visit", "visit_at"),
            ],
            billing=dynamodb.Billing.on_demand(),
            dynamo_stream=dynamodb.StreamViewType.NEW_IMAGE,
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(self.data_key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires",
            deletion_protection=not self.target.local,
            removal_policy=self.removal,
        )

    def _table(
        self,
        name: str,
        key: str,
        sort: str | None,
        expires: str | None = None,
        index: tuple[str, str, str] | None = None,
        followed: bool = False,
    ) -> dynamodb.TableV2:
        """A table; one whose changes a function follows must outlive everything, as cases do."""
        text = dynamodb.AttributeType.STRING
        by = [dynamodb.Attribute(name=each, type=text) for each in (index or ())[1:]]
        return dynamodb.TableV2(
            self,
            name,
            partition_key=dynamodb.Attribute(name=key, type=text),
            sort_key=dynamodb.Attribute(name=sort, type=text) if sort else None,
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(index_name=index[0], partition_key=by[0], sort_key=by[1])
            ]
            if index
            else None,
            billing=dynamodb.Billing.on_demand(),
            dynamo_stream=dynamodb.StreamViewType.NEW_IMAGE if followed else None,
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(self.data_key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=expires,
            deletion_protection=not self.target.local if followed else None,
            removal_policy=self.removal,
        )

    def _access_logs(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=not self.target.local,
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(400))],
            removal_policy=self.removal,
        )

    def _bucket(self, name: str, *, expires: Duration | None = None, uploads: bool = False) -> s3.Bucket:
        cors = [
            s3.CorsRule(
                allowed_methods=[s3.HttpMethods.POST] if uploads else [s3.HttpMethods.GET],
                allowed_origins=[self.target.site],
                allowed_headers=["*"],
                max_age=3600,
            )
        ]
        return s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.data_key,
            bucket_key_enabled=True,
            # The local cloud speaks plain HTTP on loopback; on AWS nothing but TLS is answered.
            enforce_ssl=not self.target.local,
            versioned=not uploads,
            cors=cors,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"{name.lower()}/",
            lifecycle_rules=[
                s3.LifecycleRule(expiration=expires)
                if expires
                # What was disposed of is gone for good after a month.
                else s3.LifecycleRule(noncurrent_version_expiration=Duration.days(30))
            ],
            removal_policy=self.removal,
        )

    def _keep_infected_shut(self) -> None:
        """Nobody reads an upload that GuardDuty found malware in (the scan itself: infra/edge.py)."""
        self.quarantine.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject"],
                resources=[self.quarantine.arn_for_objects("*")],
                conditions={
                    "StringEquals": {"s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "THREATS_FOUND"}
                },
            )
        )

    def _archive(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Archive",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.data_key,
            bucket_key_enabled=True,
            enforce_ssl=not self.target.local,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=s3.ObjectLockRetention.governance(
                Duration.days(365 * ARCHIVE_YEARS)
            ),
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix="archive/",
            removal_policy=self.removal,
        )

    def _trust(self) -> s3.Bucket:
        """Certificates of seals: `records/` is the CA's own, `trust/` is published below the site."""
        bucket = s3.Bucket(
            self,
            "Trust",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # Certificates are public; a key of ours would keep nobody from them, and the site's cache out.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=not self.target.local,
            versioned=True,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix="trust/",
            removal_policy=self.removal,
        )
        if not self.target.local:
            bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                    actions=["s3:GetObject"],
                    resources=[bucket.arn_for_objects("trust/*")],
                    # The distribution is made later and in another stack: any of this account's own.
                    conditions={
                        "StringLike": {"AWS:SourceArn": f"arn:aws:cloudfront::{self.account}:distribution/*"}
                    },
                )
            )
        return bucket

    def _applicants(self) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "Applicants",
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            user_verification=cognito.UserVerificationConfig(
                email_subject=account_mail.subject(),
                email_body=account_mail.body(as_html=not self.target.local),
            ),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=_PASSWORDS,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            email=self._sender(),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            deletion_protection=not self.target.local,
            removal_policy=self.removal,
        )

    def _sender(self) -> cognito.UserPoolEmail:
        if self.target.local:
            return cognito.UserPoolEmail.with_cognito()
        # Cognito's own sender stops at fifty messages a day.
        sender = self.target.mail_from
        return cognito.UserPoolEmail.with_ses(
            from_email=sender, ses_region=self.target.region, ses_verified_domain=sender.partition("@")[2]
        )

    def _officers(self) -> cognito.UserPool:
        # Officers read identity documents: stolen passwords and odd sign-ins are refused.
        return self._staff(
            "Officers",
            cognito.FeaturePlan.PLUS,
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
        )

    def _staff(self, name: str, plan: cognito.FeaturePlan, **more: Any) -> cognito.UserPool:
        """People whom an administrator alone lets in and back in, always with a second factor."""
        return cognito.UserPool(
            self,
            name,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True),
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=_PASSWORDS,
            account_recovery=cognito.AccountRecovery.NONE,
            feature_plan=plan,
            deletion_protection=not self.target.local,
            removal_policy=self.removal,
            **more,
        )


def _dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


_PASSWORDS = cognito.PasswordPolicy(
    min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
)
