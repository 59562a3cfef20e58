"""The edge on AWS: one origin for site and API (CloudFront), the firewall before the API, the scan of uploads.

The local target leaves this stack out: local/site.py gives the same origin, paths and headers there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as event_targets
from aws_cdk import aws_guardduty as guardduty
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra import page_policy
from infra.build import ROOT
from infra.keeping import Keeping
from infra.service import Service
from infra.target import Target

SITE_FILES = ROOT / "web" / "dist"
EDGE_FUNCTIONS = ROOT / "infra" / "edge_functions"
STRIPE_SCRIPTS = "https://js.stripe.com"
STRIPE_API = "https://api.stripe.com"
STRIPE_FRAMES = "https://hooks.stripe.com"

# The same list as in local/site.py; the content security policy is below.
PERMISSIONS = "camera=(self), microphone=(), geolocation=()"
OPENER = "same-origin-allow-popups"

VIEWER_ADDRESS = "x-viewer-ip"
DOOR_KEY = "x-through-the-site"
REQUESTS_IN_FIVE_MINUTES = 1000
# Carriers are held to what was agreed by client, in the function, which says so (429). Many of them ask from one
# provider's address: by address, there is only a limit against floods.
CARRIERS_REQUESTS_IN_FIVE_MINUTES = 20_000
# With or without the stage's name before it.
CARRIERS_PATH = "^(/[^/]+)?/carriers/"


class Edge(Stack):
    """What people's browsers talk to."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        target: Target,
        keeping: Keeping,
        service: Service,
        alarms: sns.Topic,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, name, **kwargs)
        self.target, self.keeping, self.service = target, keeping, service
        self.door_key = secrets.Secret(
            self,
            "DoorKey",
            description="Only CloudFront knows it: the firewall lets nobody past the site to the API",
            generate_secret_string=secrets.SecretStringGenerator(
                exclude_punctuation=True, password_length=40
            ),
        )
        self.site = self._site()
        self.headers = self._headers()
        self.distribution = self._distribution()
        self._upload_site()
        self._firewall()
        self._scan_uploads(alarms)
        CfnOutput(self, "SiteDomain", value=self.distribution.distribution_domain_name)
        CfnOutput(self, "SiteBucket", value=self.site.bucket_name)

    def _site(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Site",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # What lies here is public; a key of ours would keep nobody from it.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=self.keeping.access_logs,
            server_access_logs_prefix="site/",
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _distribution(self) -> cloudfront.Distribution:
        if self.target.certificate is None:
            raise ValueError("the site needs a certificate: see docs/deploy.md")
        return cloudfront.Distribution(
            self,
            "Distribution",
            comment="Ryoji: site and API",
            domain_names=[urlsplit(self.target.site).hostname or ""],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", self.target.certificate),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            # Consular posts are everywhere.
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            log_bucket=self.keeping.access_logs,
            log_file_prefix="edge/",
            default_behavior=self._pages(),
            additional_behaviors={"/api/*": self._api(), "/trust/*": self._trust()},
        )

    def _pages(self) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.site),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self.headers,
            compress=True,
            function_associations=[self._at_the_edge("site")],
        )

    def _trust(self) -> cloudfront.BehaviorOptions:
        """The certificates of seals; the bucket's policy lets CloudFront read what is below `trust/` alone."""
        # By its name: a policy made here would tie the two stacks into a knot.
        bucket = s3.Bucket.from_bucket_attributes(
            self,
            "Trust",
            bucket_name=self.keeping.trust.bucket_name,
            bucket_regional_domain_name=self.keeping.trust.bucket_regional_domain_name,
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self.headers,
            compress=True,
        )

    def _api(self) -> cloudfront.BehaviorOptions:
        key = {DOOR_KEY: self.door_key.secret_value.unsafe_unwrap()}
        return cloudfront.BehaviorOptions(
            origin=origins.RestApiOrigin(self.service.api.rest, custom_headers=key),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            function_associations=[self._at_the_edge("api")],
        )

    def _at_the_edge(self, name: str) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            f"{name.capitalize()}Paths",
            code=cloudfront.FunctionCode.from_file(file_path=str(EDGE_FUNCTIONS / f"{name}.js")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(
            function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        def custom(header: str, value: str) -> cloudfront.ResponseCustomHeader:
            return cloudfront.ResponseCustomHeader(header=header, value=value, override=True)

        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=self._content_security_policy(), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.SAME_ORIGIN, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(730), include_subdomains=True, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    custom("Permissions-Policy", PERMISSIONS),
                    custom("Cross-Origin-Opener-Policy", OPENER),
                ]
            ),
        )

    def _content_security_policy(self) -> str:
        keeping, region = self.keeping, self.target.region
        return content_security_policy(
            uploads=f"https://{keeping.quarantine.bucket_regional_domain_name}",
            pictures=f"https://{keeping.clean.bucket_regional_domain_name}",
            cognito=f"https://cognito-idp.{region}.amazonaws.com",
            sign_in=self.service.clients.applicant_domain.base_url(),
        )

    def _upload_site(self) -> None:
        if not (SITE_FILES / "index.html").is_file():
            raise ValueError("web/dist is not built: run `npm run web:build` first (docs/deploy.md)")
        log_group = logs.LogGroup(
            self,
            "UploadLog",
            log_group_name="/ryoji/site-upload",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        year = deployment.CacheControl.from_string("public, max-age=31536000, immutable")
        fresh = deployment.CacheControl.from_string("no-cache")
        # Assets first: a page never names one that is not there yet. Old ones stay for pages that are still open.
        assets = self._deployment("Assets", log_group, SITE_FILES / "assets", "assets", year)
        pages = self._deployment("Pages", log_group, SITE_FILES, None, fresh, settings=self._settings())
        pages.node.add_dependency(assets)

    def _deployment(
        self,
        name: str,
        log_group: logs.LogGroup,
        files: Path,
        prefix: str | None,
        cached: deployment.CacheControl,
        settings: dict[str, Any] | None = None,
    ) -> deployment.BucketDeployment:
        sources = [deployment.Source.asset(str(files), exclude=["assets/**"] if prefix is None else [])]
        if settings is not None:
            sources.append(deployment.Source.json_data("settings.json", settings))
        return deployment.BucketDeployment(
            self,
            name,
            sources=sources,
            destination_bucket=self.site,
            destination_key_prefix=prefix,
            cache_control=[cached],
            prune=False,
            memory_limit=256,
            log_group=log_group,
            distribution=self.distribution if prefix is None else None,
            distribution_paths=["/*"] if prefix is None else None,
        )

    def _settings(self) -> dict[str, Any]:
        """`/settings.json`: the same keys as local/running.py writes."""
        clients, region, partners = self.service.clients, self.target.region, self.target.partners
        cognito = f"https://cognito-idp.{region}.amazonaws.com"
        issuer = f"{cognito}/{self.keeping.applicants.user_pool_id}"
        sign_in = clients.applicant_domain.base_url()
        return {
            "api": "/api",
            "region": region,
            "applicants": {
                "authority": issuer,
                "issuer": issuer,
                "client_id": clients.portal.user_pool_client_id,
                "authorize_url": f"{sign_in}/oauth2/authorize",
                "token_url": f"{sign_in}/oauth2/token",
                "logout_url": f"{sign_in}/logout",
                "jwks_url": f"{issuer}/.well-known/jwks.json",
                "redirect_path": "/signed-in",
                "scope": "openid email ryoji/apply",
                "cognito_url": f"{cognito}/",
            },
            "officers": {"client_id": clients.console.user_pool_client_id, "cognito_url": f"{cognito}/"},
            "card": {"url": partners.get("card", {}).get("page", "")},
            "stripe": {
                "publishable_key": partners.get("stripe", {}).get("publishable_key", ""),
                "js_url": f"{STRIPE_SCRIPTS}/v3/",
                "api_origin": STRIPE_API,
            },
            "sandbox": False,
            "sandbox_pages": [],
        }

    def _firewall(self) -> None:
        acl = waf.CfnWebACL(
            self,
            "Firewall",
            scope="REGIONAL",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen("firewall"),
            rules=[
                _rule(0, "past-the-site", self._not_through_the_site(), action="block"),
                _rule(
                    1,
                    "too-many-requests",
                    _too_many_requests(REQUESTS_IN_FIVE_MINUTES, _all_but(_of_carriers())),
                    action="block",
                ),
                _rule(
                    2,
                    "too-many-of-carriers",
                    _too_many_requests(CARRIERS_REQUESTS_IN_FIVE_MINUTES, _of_carriers()),
                    action="block",
                ),
                # Bodies have their own limit (413 from the functions): this one is 8 KB and signed forms are larger.
                _rule(3, "common", _managed("AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY")),
                _rule(4, "bad-inputs", _managed("AWSManagedRulesKnownBadInputsRuleSet")),
            ],
        )
        waf.CfnWebACLAssociation(
            self,
            "BeforeTheApi",
            resource_arn=self.service.api.rest.deployment_stage.stage_arn,
            web_acl_arn=acl.attr_arn,
        )

    def _not_through_the_site(self) -> waf.CfnWebACL.StatementProperty:
        field = waf.CfnWebACL.FieldToMatchProperty(single_header={"Name": DOOR_KEY})
        known = waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=field,
            positional_constraint="EXACTLY",
            search_string=self.door_key.secret_value.unsafe_unwrap(),
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
        return _all_but(waf.CfnWebACL.StatementProperty(byte_match_statement=known))

    def _scan_uploads(self, alarms: sns.Topic) -> None:
        bucket = self.keeping.quarantine
        role = self._scanner()
        guardduty.CfnMalwareProtectionPlan(
            self,
            "ScanUploads",
            role=role.role_arn,
            protected_resource=guardduty.CfnMalwareProtectionPlan.CFNProtectedResourceProperty(
                s3_bucket=guardduty.CfnMalwareProtectionPlan.S3BucketProperty(bucket_name=bucket.bucket_name)
            ),
            # infra/keeping.py denies the reading of objects with this tag.
            actions=guardduty.CfnMalwareProtectionPlan.CFNActionsProperty(
                tagging=guardduty.CfnMalwareProtectionPlan.CFNTaggingProperty(status="ENABLED")
            ),
        ).node.add_dependency(role)
        events.Rule(
            self,
            "MalwareFound",
            description="Malware in an upload. docs/runbooks/malware-found.md",
            event_pattern=events.EventPattern(
                source=["aws.guardduty"],
                detail_type=["GuardDuty Malware Protection Object Scan Result"],
                detail={
                    "s3ObjectDetails": {"bucketName": [bucket.bucket_name]},
                    "scanResultDetails": {"scanResultStatus": ["THREATS_FOUND"]},
                },
            ),
            targets=[event_targets.SnsTopic(alarms)],
        )

    def _scanner(self) -> iam.Role:
        """The role that GuardDuty's documentation asks for, on this bucket only."""
        bucket, key = self.keeping.quarantine, self.keeping.data_key
        role = iam.Role(
            self,
            "Scanner",
            assumed_by=iam.ServicePrincipal(
                "malware-protection-plan.guardduty.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            ),
        )
        rule = self.format_arn(
            service="events",
            resource="rule",
            resource_name="DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*",
        )
        objects = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObjectTagging", "s3:GetObjectTagging"]
        versions = ["s3:PutObjectVersionTagging", "s3:GetObjectVersionTagging"]
        check = bucket.arn_for_objects("malware-protection-resource-validation-object")
        granted: tuple[tuple[list[str], str], ...] = (
            (["events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets"], rule),
            (["events:DescribeRule", "events:ListTargetsByRule"], rule),
            (["s3:PutBucketNotification", "s3:GetBucketNotification", "s3:ListBucket"], bucket.bucket_arn),
            ([*objects, *versions], bucket.arn_for_objects("*")),
            (["s3:PutObject"], check),
            (["kms:GenerateDataKey", "kms:Decrypt"], key.key_arn),
        )
        for actions, resource in granted:
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        return role


def content_security_policy(*, uploads: str, pictures: str, cognito: str, sign_in: str) -> str:
    """The policy with the origins of AWS and Stripe."""
    return page_policy.content_security_policy(
        scripts=STRIPE_SCRIPTS,
        pictures=pictures,
        connections=f"{uploads} {cognito} {sign_in} {STRIPE_API}",
        frames=f"{STRIPE_SCRIPTS} {STRIPE_FRAMES}",
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Samples would keep whole requests with their tokens.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=f"ryoji-{name}", sampled_requests_enabled=False
    )


def _rule(
    priority: int, name: str, statement: waf.CfnWebACL.StatementProperty, action: str | None = None
) -> waf.CfnWebACL.RuleProperty:
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=statement,
        action=waf.CfnWebACL.RuleActionProperty(block={}) if action == "block" else None,
        override_action=None if action else waf.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_seen(name),
    )


def _all_but(statement: waf.CfnWebACL.StatementProperty) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        not_statement=waf.CfnWebACL.NotStatementProperty(statement=statement)
    )


def _of_carriers() -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        regex_match_statement=waf.CfnWebACL.RegexMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            regex_string=CARRIERS_PATH,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _too_many_requests(
    limit: int, counted: waf.CfnWebACL.StatementProperty
) -> waf.CfnWebACL.StatementProperty:
    """More than `limit` from one address in five minutes; only those that are `counted`."""
    return waf.CfnWebACL.StatementProperty(
        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
            limit=limit,
            scope_down_statement=counted,
            aggregate_key_type="FORWARDED_IP",
            # Behind CloudFront the address of the connection is CloudFront's own.
            forwarded_ip_config=waf.CfnWebACL.ForwardedIPConfigurationProperty(
                header_name=VIEWER_ADDRESS, fallback_behavior="MATCH"
            ),
        )
    )


def _managed(name: str, *counted: str) -> waf.CfnWebACL.StatementProperty:
    """One of AWS's own groups of rules; those of `counted` block nothing."""
    count = waf.CfnWebACL.RuleActionProperty(count={})
    overrides = [waf.CfnWebACL.RuleActionOverrideProperty(name=n, action_to_use=count) for n in counted]
    return waf.CfnWebACL.StatementProperty(
        managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
            vendor_name="AWS", name=name, rule_action_overrides=overrides
        )
    )
