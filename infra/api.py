"""The one REST API, built from the routes that the doors declare: what the code says is what is deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import Functions
from infra.keeping import Keeping

if TYPE_CHECKING:
    from ryoji.doors.door import Route

# What API Gateway itself answers, before any function: the same shape as ours (RFC 9457), in both languages.
_GATEWAY_PROBLEMS: tuple[tuple[str, str, str, str], ...] = (
    ("UNAUTHORIZED", "401", "sign_in", "ログインしてください。 / Please sign in."),
    ("ACCESS_DENIED", "403", "not_allowed", "この操作はできません。 / You may not do this."),
    ("MISSING_AUTHENTICATION_TOKEN", "404", "not_found", "見つかりません。 / There is nothing here."),
    ("RESOURCE_NOT_FOUND", "404", "not_found", "見つかりません。 / There is nothing here."),
    (
        "BAD_REQUEST_BODY",
        "422",
        "validation_failed",
        "送信内容の形式が正しくありません。 / What was sent does not have the right form.",
    ),
    ("REQUEST_TOO_LARGE", "413", "too_large", "送信内容が大きすぎます。 / What was sent is too large."),
    (
        "THROTTLED",
        "429",
        "too_many_requests",
        "しばらくしてからお試しください。 / Please try again in a while.",
    ),
    (
        "DEFAULT_5_XX",
        "503",
        "unavailable",
        "一時的に利用できません。 / Not available right now. Nothing is lost.",
    ),
)


class Api(Construct):
    """Resources, methods and authorizers from the declared routes."""

    def __init__(self, scope: Construct, name: str, keeping: Keeping, functions: Functions) -> None:
        super().__init__(scope, name)
        self.rest = self._rest(local=keeping.target.local)
        self.validator = self.rest.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        self.json_object = self._json_object()
        self.authorizers = self._authorizers(keeping)
        self.integrations = {
            name: apigateway.LambdaIntegration(function, allow_test_invoke=False)
            for name, function in functions.by_name.items()
        }
        for function, door in functions.doors.items():
            for path, verbs in door.app.routes.items():
                for verb, entry in verbs.items():
                    self._method(function, path, verb, entry.authorizer, door.routes_by[(verb, path)])
        self._problems()

    def _json_object(self) -> apigateway.Model:
        # Fields are judged by the functions, which can say in the person's language what is wrong with which.
        return self.rest.add_model(
            "JsonObject",
            content_type="application/json",
            schema=apigateway.JsonSchema(
                schema=apigateway.JsonSchemaVersion.DRAFT4, type=apigateway.JsonSchemaType.OBJECT
            ),
        )

    def _rest(self, *, local: bool) -> apigateway.RestApi:
        access = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name="/ryoji/api",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        return apigateway.RestApi(
            self,
            "Rest",
            rest_api_name="ryoji",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            # One role an account and region: API Gateway writes its own errors with it.
            cloud_watch_role=not local,
            deploy_options=apigateway.StageOptions(
                stage_name="v1",
                throttling_rate_limit=100,
                throttling_burst_limit=200,
                metrics_enabled=True,
                # Errors of the gateway itself; never what was sent.
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                data_trace_enabled=False,
                method_options={
                    # Guessing reference numbers is made slow here and, by subject, in the function.
                    "/status/POST": apigateway.MethodDeploymentOptions(
                        throttling_rate_limit=5, throttling_burst_limit=10
                    ),
                    # Two signatures are checked for each: nobody may keep the house busy with it.
                    "/verify/POST": apigateway.MethodDeploymentOptions(
                        throttling_rate_limit=20, throttling_burst_limit=40
                    ),
                },
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.custom(_ACCESS_LINE),
            ),
        )

    def _authorizers(self, keeping: Keeping) -> dict[str, apigateway.CognitoUserPoolsAuthorizer]:
        pools: dict[str, cognito.UserPool] = {
            "applicants": keeping.applicants,
            "officers": keeping.officers,
            "partners": keeping.partners,
        }
        return {
            audience: apigateway.CognitoUserPoolsAuthorizer(
                self, f"{audience.capitalize()}Authorizer", cognito_user_pools=[pool]
            )
            for audience, pool in pools.items()
        }

    def _method(self, function: str, path: str, verb: str, declared: Any, route: Route) -> None:
        resource = self.rest.root.resource_for_path(path)
        models = {"application/json": self.json_object} if _needs_body(route) else None
        if declared is None:
            resource.add_method(
                verb,
                self.integrations[function],
                authorization_type=apigateway.AuthorizationType.NONE,
                request_validator=self.validator,
                request_models=models,
            )
            return
        resource.add_method(
            verb,
            self.integrations[function],
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=self.authorizers[declared.name],
            authorization_scopes=declared.scopes,
            request_validator=self.validator,
            request_models=models,
        )

    def _problems(self) -> None:
        for kind, status, code, detail in _GATEWAY_PROBLEMS:
            body = {
                "type": f"about:problem/{code.replace('_', '-')}",
                "title": detail,
                "status": int(status),
                "detail": detail,
                "code": code,
                "reference": "$context.requestId",
            }
            self.rest.add_gateway_response(
                f"Problem{kind.title().replace('_', '')}",
                type=getattr(apigateway.ResponseType, kind),
                status_code=status,
                response_headers={"Cache-Control": "'no-store'"},
                templates={"application/json": json.dumps(body, ensure_ascii=False)},
            )


def _needs_body(route: Route) -> bool:
    """Whether a request without a body cannot be right."""
    return route.body is not None and any(field.is_required() for field in route.body.model_fields.values())


# Who asked for what and how it went; no query, no body, no token.
_ACCESS_LINE = json.dumps(
    {
        "request": "$context.requestId",
        "at": "$context.requestTime",
        "verb": "$context.httpMethod",
        "path": "$context.resourcePath",
        "status": "$context.status",
        "ms": "$context.responseLatency",
        "audience": "$context.authorizer.claims.client_id",
    }
)
