"""The edge says the same to browsers as the laptop's site does, and lets nobody past it to the API."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from infra import edge
from infra.build import ROOT
from local.running import content_security_policy
from local.site import page_of, security_headers
from ryoji.permissions.carrier import CALLS

if TYPE_CHECKING:
    from tests.infra.conftest import Synthesised


def _directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split("; "))}


def _closed(sources: list[str]) -> list[str]:
    """The sources that are not somebody's origin."""
    return [source for source in sources if "://" not in source]


def test_the_content_security_policy_is_the_laptops_with_other_origins() -> None:
    here = _directives(content_security_policy("http://localhost:1", ""))
    there = _directives(
        edge.content_security_policy(
            uploads="https://u.example", pictures="https://p.example", cognito="https://c.example",
            sign_in="https://s.example",
        )
    )  # fmt: skip
    assert {k: _closed(v) for k, v in there.items()} == {k: _closed(v) for k, v in here.items()}
    assert not any("*" in source or source == "'unsafe-inline'" for v in there.values() for source in v)


def test_the_headers_are_the_laptops(aws: Synthesised) -> None:
    (policy,) = aws.all("AWS::CloudFront::ResponseHeadersPolicy")
    config = policy.properties["ResponseHeadersPolicyConfig"]
    secure = config["SecurityHeadersConfig"]
    assert all(each["Override"] is True for each in secure.values())
    custom = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    sent = {
        "Content-Security-Policy": "by the test above",
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in secure else "",
        "X-Frame-Options": secure["FrameOptions"]["FrameOption"],
        "Referrer-Policy": secure["ReferrerPolicy"]["ReferrerPolicy"],
        **custom,
    }
    assert sent == security_headers("by the test above")
    assert secure["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/", "/index.html"),
        ("/cases/123", "/index.html"),
        ("/signed-in", "/index.html"),
        ("/verify", "/verify.html"),
        ("/ja/verify", "/verify.html"),
        ("/zh-Hans/verify/", "/verify.html"),
        ("/ja/verify/more", "/index.html"),
        ("/verify-worker.js", "/verify-worker.js"),
        ("/console", "/console.html"),
        ("/console/", "/console.html"),
        ("/console/cases/123", "/console.html"),
        ("/consoles", "/index.html"),
        ("/assets/page-1a2b.js", "/assets/page-1a2b.js"),
        ("/settings.json", "/settings.json"),
        ("/mark.svg", "/mark.svg"),
    ],
)
def test_addresses_of_pages_are_pages(asked: str, given: str) -> None:
    assert _at_the_edge("site", asked)["uri"] == given


@pytest.mark.parametrize(
    "asked", ["/", "/ja/verify", "/verify", "/verify/", "/ja/verify/more", "/console/verify"]
)
def test_the_laptop_draws_an_address_with_the_same_page(asked: str) -> None:
    assert _at_the_edge("site", asked)["uri"] == f"/{page_of(asked)}"


@pytest.mark.parametrize(
    ("asked", "given"),
    [("/api/cases/1", "/cases/1"), ("/api", "/"), ("/api/", "/"), ("/api/desk/api/1", "/desk/api/1")],
)
def test_the_api_does_not_know_where_it_stands(asked: str, given: str) -> None:
    assert _at_the_edge("api", asked)["uri"] == given


def test_nobody_says_from_where_they_ask() -> None:
    sent = _at_the_edge("api", "/api/status", {"x-viewer-ip": {"value": "203.0.113.9"}})
    assert sent["headers"]["x-viewer-ip"] == {"value": "198.51.100.7"}


def _at_the_edge(name: str, path: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    code = (edge.EDGE_FUNCTIONS / f"{name}.js").read_text()
    event = {"request": {"uri": path, "headers": headers or {}}, "viewer": {"ip": "198.51.100.7"}}
    script = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    ran = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    answered: dict[str, Any] = json.loads(ran.stdout)
    return answered


def test_the_settings_are_those_that_the_site_reads(aws: Synthesised) -> None:
    source = (ROOT / "web" / "src" / "shared" / "settings.ts").read_text()
    declared = source.split("export interface Settings {")[1].split("\n}\n")[0]
    needed = set(re.findall(r"^  (\w+):", declared, re.M))
    of_applicants = set(re.findall(r"^    (\w+):", declared.split("applicants: {")[1].split("}")[0], re.M))
    # Values that exist at deployment only stand as markers, which CDK replaces with quoted strings.
    written = json.loads(re.sub(r"<<marker:[^>]+>>", '"-"', _settings_file(aws)))
    assert needed <= set(written)
    assert of_applicants <= set(written["applicants"])
    assert written["sandbox"] is False
    assert written["stripe"]["js_url"] == "https://js.stripe.com/v3/"


def _settings_file(aws: Synthesised) -> str:
    (held,) = aws.folder.glob("asset.*/settings.json")
    return held.read_text()


def test_the_api_is_not_cached_and_keeps_its_headers(aws: Synthesised) -> None:
    (distribution,) = aws.all("AWS::CloudFront::Distribution")
    config = distribution.properties["DistributionConfig"]
    behaviours = {each["PathPattern"]: each for each in config["CacheBehaviors"]}
    assert set(behaviours) == {"/api/*", "/trust/*"}
    api = behaviours["/api/*"]
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AllViewerExceptHostHeader
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_only_the_site_gets_through_the_firewall(aws: Synthesised) -> None:
    (acl,) = aws.all("AWS::WAFv2::WebACL")
    rules = {rule["Name"]: rule for rule in acl.properties["Rules"]}
    assert [rules[name]["Priority"] for name in rules] == sorted(rule["Priority"] for rule in rules.values())
    past = rules["past-the-site"]
    assert past["Action"] == {"Block": {}}
    match = past["Statement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    (distribution,) = aws.all("AWS::CloudFront::Distribution")
    origins = distribution.properties["DistributionConfig"]["Origins"]
    (sent,) = [header for origin in origins for header in origin.get("OriginCustomHeaders", [])]
    assert match["FieldToMatch"]["SingleHeader"]["Name"] == sent["HeaderName"]
    assert match["SearchString"] == sent["HeaderValue"]
    assert "resolve:secretsmanager" in json.dumps(sent["HeaderValue"])
    for limit in (_rate(rules, "too-many-requests"), _rate(rules, "too-many-of-carriers")):
        assert limit["ForwardedIPConfig"] == {"HeaderName": "x-viewer-ip", "FallbackBehavior": "MATCH"}
    assert len(aws.all("AWS::WAFv2::WebACLAssociation")) == 1


def test_a_carrier_meets_its_own_limit_before_the_firewall_s(aws: Synthesised) -> None:
    (acl,) = aws.all("AWS::WAFv2::WebACL")
    rules = {rule["Name"]: rule for rule in acl.properties["Rules"]}
    of_all, of_carriers = _rate(rules, "too-many-requests"), _rate(rules, "too-many-of-carriers")
    theirs = of_carriers["ScopeDownStatement"]
    assert of_all["ScopeDownStatement"] == {"NotStatement": {"Statement": theirs}}
    assert theirs["RegexMatchStatement"]["FieldToMatch"] == {"UriPath": {}}
    # Ten of them may ask from one address.
    assert of_carriers["Limit"] >= 10 * CALLS
    assert of_all["Limit"] < CALLS
    named = re.compile(theirs["RegexMatchStatement"]["RegexString"])
    asked = ["/carriers/inquiries", "/carriers/edifact", "/v1/carriers/inquiries", "/v1/carriers/changes"]
    other = ["/status", "/v1/status", "/cases/carriers", "/v1/cases/1/carriers/", "/v1/partner/entries"]
    assert [each for each in (*asked, *other) if named.search(each)] == asked


def _rate(rules: dict[str, Any], name: str) -> Any:
    assert rules[name]["Action"] == {"Block": {}}
    return rules[name]["Statement"]["RateBasedStatement"]


def test_the_firewall_keeps_no_requests(aws: Synthesised) -> None:
    (acl,) = aws.all("AWS::WAFv2::WebACL")
    configs = [acl.properties["VisibilityConfig"], *(r["VisibilityConfig"] for r in acl.properties["Rules"])]
    assert {config["SampledRequestsEnabled"] for config in configs} == {False}
