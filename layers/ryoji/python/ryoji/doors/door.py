"""A step's two doors: HTTP through Chalice, the state machine through the same module; Powertools in both.

A door declares routes by operation; the operation's rule (ryoji.cases.access) says which authorizer stands before it,
and CDK builds the REST API from what is declared here. Importing a door needs neither environment nor network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from aws_lambda_powertools import Logger, Metrics
from chalice.app import Chalice, CognitoUserPoolAuthorizer, Response
from pydantic import BaseModel, ConfigDict

from ryoji.cases.access import OPERATIONS, Caller, Rule, require
from ryoji.cases.actions import Actor
from ryoji.cases.log import Once, request_digest
from ryoji.doors.callers import caller_of
from ryoji.errors import (
    FieldError,
    Invalid,
    NotFound,
    Rejected,
    RyojiError,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unsupported,
)

NAMESPACE = "Ryoji"
MAX_BODY = 64 * 1024
# No name of ours is as long; a key of DynamoDB has room for 2,048 bytes.
MAX_ID = 128
MAX_QUERY = 1024
LATE = "wrong_status"
JSON = "application/json"
Verb = Literal["GET", "POST", "PUT", "DELETE"]
Outcome = TypeVar("Outcome")

_SCOPES = {"applicant": ["ryoji/apply"], "officer": ["aws.cognito.signin.user.admin"]}


class Body(BaseModel):
    """A request body: nothing that is not declared is accepted."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Empty(Body):
    """Nothing needs to be sent."""


@dataclass(frozen=True)
class Call:
    """One request, as a route sees it. `now` is UTC; `once` is the idempotency key bound to what was asked."""

    operation: str
    caller: Caller
    language: str
    now: datetime
    reference: str
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    once: Once | None = None

    @property
    def actor(self) -> Actor:
        """Who acts, for the log."""
        kind = self.caller.kind if self.caller.kind != "public" else "system"
        # An applicant's user name may be an e-mail address; the log names officers only.
        name = self.caller.name if kind == "officer" else ""
        return Actor(kind, self.caller.id or self.operation, name or None)


@dataclass(frozen=True)
class Route:
    """What a door declares: enough to build the API and its OpenAPI document."""

    verb: Verb
    path: str
    operation: str
    rule: Rule
    body: type[BaseModel] | None
    status: int
    answer: str
    once: bool = False
    reads: str = "application/json"
    most_bytes: int = MAX_BODY


class Door:
    """The doors of one function; the instance itself is the Lambda handler."""

    def __init__(self, name: str) -> None:
        self.name = name
        # Without Chalice's own handler, which would say everything a second time.
        self.app = Chalice(app_name=name, configure_logs=False)
        self.routes: list[Route] = []
        self._step: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        self._stream: Callable[[dict[str, Any], Any], Any] | None = None

    @cached_property
    def logger(self) -> Logger:
        """Structured logs with the case id and without personal data."""
        return Logger(service=self.name)

    @cached_property
    def metrics(self) -> Metrics:
        """EMF metrics; only what a dashboard or an alarm reads is written."""
        return Metrics(namespace=NAMESPACE, service=self.name)

    def route(
        self,
        verb: Verb,
        path: str,
        operation: str,
        *,
        body: type[BaseModel] | None = None,
        status: int = 200,
        answer: str = "CaseView",
        once: bool = False,
        reads: str = "application/json",
        most_bytes: int = MAX_BODY,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an HTTP route; the view gets a `Call` and the path's parameters, and returns the JSON answer.

        `once` is for what moves money or decides: it is not done without an idempotency key. `reads` is the content
        that is read, of at most `most_bytes`; what is not JSON comes to the view as `raw`.
        """
        rule = OPERATIONS[operation]
        self.routes.append(Route(verb, path, operation, rule, body, status, answer, once, reads, most_bytes))

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            def respond(**params: str) -> Response:
                return self._respond(self.routes_by[(verb, path)], view, params)

            respond.__name__ = f"{view.__name__}_{verb.lower()}"
            respond.__doc__ = view.__doc__
            # Which content is read is judged in `_call`, whose answer is a problem in the caller's language.
            self.app.route(path, methods=[verb], authorizer=_authorizer(rule), content_types=["*/*"])(respond)
            return view

        return declare

    @property
    def routes_by(self) -> dict[tuple[str, str], Route]:
        """The routes by verb and path."""
        return {(route.verb, route.path): route for route in self.routes}

    def step(
        self, function: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Declare the state machine's door: references in, an outcome out."""
        self._step = function
        return function

    def stream(self, function: Callable[[dict[str, Any], Any], Any]) -> Callable[[dict[str, Any], Any], Any]:
        """Declare the door for batches of records."""
        self._stream = function
        return function

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        """The Lambda handler: requests go to the routes, batches to the stream's door, the rest to the step."""
        self.logger.clear_state()
        if "requestContext" in event:
            return self._traced("http", lambda: self._over_http(event, context))
        stream = self._stream
        if "Records" in event and stream:
            return self._traced("stream", lambda: stream(event, context))
        return self._traced("step", lambda: self._take_step(event))

    def _over_http(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        asked = event["requestContext"]
        route = self.routes_by.get((asked.get("httpMethod"), asked.get("resourcePath")))
        params = set(event.get("pathParameters") or {})
        if route is None or not set(re.findall(r"{(\w+)}", route.path)) <= params:
            # Chalice would answer this by itself, in a form and a language of its own.
            language, reference = _asked_in(event), str(asked.get("requestId", ""))
            return self._problem(NotFound("not_found"), language, reference).to_dict()
        answer: dict[str, Any] = self.app({"isBase64Encoded": False, **event}, context)
        return answer

    def _traced(self, name: str, do: Callable[[], Any]) -> Any:
        try:
            if os.environ.get("POWERTOOLS_TRACE_DISABLED"):
                return do()
            from aws_lambda_powertools import Tracer

            with Tracer(service=self.name, auto_patch=False).provider.in_subsegment(name=f"## {name}"):
                return do()
        finally:
            if self.metrics.metric_set:
                self.metrics.flush_metrics()

    def _take_step(self, event: dict[str, Any]) -> dict[str, Any]:
        if self._step is None:
            raise Rejected("no_such_door")
        self.logger.append_keys(case_id=event.get("case_id"))
        try:
            return self.quietly(self._step)(event)
        except Rejected as error:
            self.logger.warning("step_rejected", extra={"code": error.code})
            if error.code == LATE and "token" not in event:
                # A machine that was given up comes late: it ends here, and the one that lives goes on.
                return {"outcome": "rejected", "code": error.code}
            # Nothing follows by itself: the machine's Catch has its say, and somebody is told. A wait that was
            # never opened would be waited for until the machine's own end.
            raise

    def quietly(self, take: Callable[[Any], Outcome]) -> Callable[[Any], Outcome]:
        """A step or record handler whose unexpected errors are logged by place and leave without their values.

        The platform writes what a function raises into logs and execution histories, and a validation error, say,
        repeats what it was given.
        """

        def guarded(record: Any) -> Outcome:  # Powertools hands a record over by this name
            try:
                return take(record)
            except RyojiError:
                raise
            except Exception as error:
                raise self._said_quietly(error) from None

        return guarded

    def _said_quietly(self, error: Exception) -> RyojiError:
        """What an error of another house is to ours, logged by place: the platform does not answer, or a fault."""
        from ryoji.adapters.aws import does_not_answer

        cause = {"error": type(error).__name__, "aws": _aws_code(error), "at": _where(error)}
        if does_not_answer(error):
            self.logger.warning("platform_unavailable", extra=cause)
            return Unavailable("unavailable")
        self.logger.error("unexpected", extra=cause)
        self.metrics.add_metric(name="UnexpectedErrors", unit="Count", value=1)
        return RyojiError("unexpected")

    def _respond(self, route: Route, view: Callable[..., Any], params: dict[str, str]) -> Response:
        request = self.app.current_request
        event: dict[str, Any] = request.to_original_event() if request else {}
        headers, language = _headers(event), _asked_in(event)
        reference = str(event["requestContext"].get("requestId", ""))
        self.logger.append_keys(case_id=params.get("case_id"), operation=route.operation)
        try:
            call = _call(route, event, headers, params, language, reference)
            return _answer(view(call, **params), route.status)
        except RyojiError as error:
            return self._problem(error, language, reference)
        except Exception as error:  # the last line of defence: a clear answer, a logged cause, never a trace
            said = self._said_quietly(error)
            status = 500 if said.code == "unexpected" else None
            return self._problem(said, language, reference, status)

    def _problem(
        self, error: RyojiError, language: str, reference: str, status: int | None = None
    ) -> Response:
        from ryoji.doors.problems import CONTENT_TYPE, problem, status_of

        status = status or status_of(error)
        self.logger.info("problem", extra={"code": error.code, "status": status})
        body = {**problem(error, language=language, reference=reference), "status": status}
        after = error.after if isinstance(error, TooManyRequests) else None
        wait = {} if after is None else {"Retry-After": str(after)}
        return Response(
            body=body, status_code=status, headers={**_HEADERS, "Content-Type": CONTENT_TYPE, **wait}
        )


_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def _headers(event: dict[str, Any]) -> dict[str, str]:
    return {key.lower(): value for key, value in (event.get("headers") or {}).items()}


def _asked_in(event: dict[str, Any]) -> str:
    from ryoji.doors.texts import language_of

    return language_of(_headers(event).get("accept-language"))


def _authorizer(rule: Rule) -> CognitoUserPoolAuthorizer | None:
    if rule.kind == "public":
        return None
    scopes = [rule.scope] if rule.scope else _SCOPES[rule.kind]
    return CognitoUserPoolAuthorizer(f"{rule.kind}s", provider_arns=["*"], scopes=scopes)


def _call(
    route: Route,
    event: dict[str, Any],
    headers: dict[str, str],
    params: dict[str, str],
    language: str,
    reference: str,
) -> Call:
    caller = caller_of(route.rule.kind, event)
    if not route.rule.on_case:
        require(caller, route.operation)
    query = {k: v for k, v in (event.get("queryStringParameters") or {}).items() if v is not None}
    _must_be_short(params, query)
    raw = _raw(event, route.most_bytes)
    if route.body is not None or route.reads != JSON:
        if raw:
            _must_be(route.reads, headers.get("content-type", JSON))
        if len(raw) > route.most_bytes:
            raise TooLarge("too_large")
    body = _parse(route.body, raw)
    key = headers.get("idempotency-key")
    if route.once and not key:
        raise Invalid("idempotency_key_missing")
    return Call(
        operation=route.operation,
        caller=caller,
        language=language,
        now=datetime.now(UTC),
        reference=reference,
        body=body,
        query=query,
        headers=headers,
        raw=raw,
        once=_once(key, route, params, raw) if key and route.verb != "GET" else None,
    )


def _must_be_short(params: dict[str, str], query: dict[str, str]) -> None:
    """What is longer than any name of ours is the name of nothing."""
    if any(_bytes(value) > MAX_ID for value in params.values()):
        raise NotFound("not_found")
    most = (("max", str(MAX_QUERY)),)
    long = tuple(
        FieldError(f"/{name}", "too_long", most) for name in query if _bytes(query[name]) > MAX_QUERY
    )
    if long:
        raise Invalid("validation_failed", fields=long)


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


def _must_be(wanted: str, content_type: str) -> None:
    if content_type.partition(";")[0].strip().lower() == wanted:
        return
    if wanted == JSON:
        raise Unsupported("unsupported_content")
    raise Unsupported("content_of_another_kind", wanted=wanted)


def _once(key: str, route: Route, params: dict[str, str], raw: bytes) -> Once:
    if not 8 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise Invalid("idempotency_key_form")
    return Once(key, request_digest(route.operation, sorted(params.items()), raw))


def _raw(event: dict[str, Any], most_bytes: int) -> bytes:
    text = event.get("body") or ""
    if len(text) > most_bytes * 2:
        raise TooLarge("too_large")
    if not event.get("isBase64Encoded"):
        return str(text).encode(errors="replace")
    import base64

    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Invalid("body_form") from None


def _parse(model: type[BaseModel] | None, raw: bytes) -> Any:
    if model is None:
        return None
    from pydantic import ValidationError

    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        from ryoji.catalogue.sections import field_errors

        raise Invalid("validation_failed", fields=field_errors(error)) from None


def _answer(body: Any, status: int) -> Response:
    if isinstance(body, Response):
        return body
    return Response(body=body, status_code=status, headers={**_HEADERS, "Content-Type": "application/json"})


def _aws_code(error: Exception) -> str | None:
    # AWS's code and operation, without its message, which may repeat what was sent.
    known = getattr(error, "cause", None) or error
    answered = getattr(known, "response", None)
    if not isinstance(answered, dict):
        return None
    return f"{answered.get('Error', {}).get('Code')} {getattr(known, 'operation_name', '')}"


def _where(error: Exception) -> str:
    # The place without the values: a trace's text could hold personal data.
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
