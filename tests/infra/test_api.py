"""The API is what the doors declare: who may call what, and what is refused before a function starts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.build import function_folders
from infra.functions import NEEDS, door_of
from infra.nag import PUBLIC
from ryoji.adapters.aws import USUAL
from ryoji.doors.door import Route

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised

# Until API Gateway answers in a function's place.
API_SECONDS = 29
SCOPES = {"applicant": ["ryoji/apply"], "officer": ["aws.cognito.signin.user.admin"]}


@pytest.fixture(scope="module")
def routes() -> dict[tuple[str, str], Route]:
    """Every declared route by path and verb."""
    doors = [door_of(folder) for folder in function_folders()]
    return {(route.path, route.verb): route for door in doors for route in door.routes}


def _methods(either: Synthesised) -> dict[tuple[str, str], Found]:
    """Methods by path and verb, the path put together from the resources."""
    parts = {
        found.id: (found.properties["PathPart"], found.properties["ParentId"])
        for found in either.all("AWS::ApiGateway::Resource")
    }

    def path(reference: Any) -> str:
        if "Ref" not in reference:
            return ""
        part, parent = parts[reference["Ref"]]
        return f"{path(parent)}/{part}"

    return {
        (path(m.properties["ResourceId"]), m.properties["HttpMethod"]): m
        for m in either.all("AWS::ApiGateway::Method")
    }


def test_a_service_that_never_answers_is_known_before_somebody_else_answers_for_the_function() -> None:
    for folder in function_folders():
        assert USUAL.longest < min(NEEDS[folder.name].seconds, API_SECONDS), folder.name


def test_the_api_has_the_declared_routes_and_no_others(
    either: Synthesised, routes: dict[tuple[str, str], Route]
) -> None:
    assert set(_methods(either)) == set(routes)


def test_every_route_stands_behind_its_audience(
    either: Synthesised, routes: dict[tuple[str, str], Route]
) -> None:
    authorizers = {a.id: a for a in either.all("AWS::ApiGateway::Authorizer")}
    for key, method in _methods(either).items():
        rule, given = routes[key].rule, method.properties
        if rule.kind == "public":
            assert given["AuthorizationType"] == "NONE", key
            continue
        assert given["AuthorizationType"] == "COGNITO_USER_POOLS", key
        expected = [rule.scope] if rule.scope else SCOPES[rule.kind]
        assert given["AuthorizationScopes"] == expected, key
        authorizer = authorizers[given["AuthorizerId"]["Ref"]]
        pools = [either.named(arn) for arn in authorizer.properties["ProviderARNs"]]
        assert [pool[:-8] for pool in pools] == [f"{rule.kind.capitalize()}s"], key


def test_public_routes_are_few_and_explained(routes: dict[tuple[str, str], Route]) -> None:
    public = {f"{path[1:]}/{verb}" for (path, verb), route in routes.items() if route.rule.kind == "public"}
    assert public == set(PUBLIC)


def test_requests_without_a_json_object_are_refused_where_one_is_needed(
    either: Synthesised, routes: dict[tuple[str, str], Route]
) -> None:
    for key, method in _methods(either).items():
        body = routes[key].body
        needed = body is not None and any(field.is_required() for field in body.model_fields.values())
        assert bool(method.properties.get("RequestModels")) == needed, key
        assert "RequestValidatorId" in method.properties, key
    (validator,) = either.all("AWS::ApiGateway::RequestValidator")
    assert validator.properties["ValidateRequestBody"] is True


def test_the_stage_is_throttled_and_logs_no_bodies(either: Synthesised) -> None:
    (stage,) = either.all("AWS::ApiGateway::Stage")
    by_path = {s["ResourcePath"]: s for s in stage.properties["MethodSettings"]}
    everywhere = by_path["/*"]
    assert everywhere["DataTraceEnabled"] is False
    assert everywhere["LoggingLevel"] == "ERROR"
    assert 0 < everywhere["ThrottlingRateLimit"] <= 100
    assert by_path["/~1status"]["ThrottlingRateLimit"] <= 5


def test_the_access_log_names_nobody(either: Synthesised) -> None:
    (stage,) = either.all("AWS::ApiGateway::Stage")
    line = json.loads(stage.properties["AccessLogSetting"]["Format"])
    forbidden = ("sourceIp", "claims.sub", "claims.email", "path}", "$context.path", "user", "identity")
    for value in line.values():
        assert not any(value == f"$context.{name}" or name in value for name in forbidden), value


def test_the_gateways_own_refusals_have_our_shape(either: Synthesised) -> None:
    responses = either.all("AWS::ApiGateway::GatewayResponse")
    assert len(responses) >= 7
    for response in responses:
        body = json.loads(response.properties["ResponseTemplates"]["application/json"])
        assert set(body) == {"type", "title", "status", "detail", "code", "reference"}, response.id
        assert str(body["status"]) == response.properties["StatusCode"], response.id
