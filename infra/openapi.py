"""`python -m infra.openapi`: docs/openapi.json (OpenAPI 3.1) from the routes that the doors declare.

A test generates it again and compares, so that what is committed is what the doors say.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
from typing import TYPE_CHECKING, Any, Literal

from infra.build import ROOT, function_folders
from infra.problem_codes import codes_by_status

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ryoji.doors.door import Door, Route

TARGET = ROOT / "docs" / "openapi.json"
PROBLEMS = {
    "400": "BadRequest",
    "401": "SignInAgain",
    "403": "NotAllowed",
    "404": "NotFound",
    "409": "Conflict",
    "413": "TooLarge",
    "415": "Unsupported",
    "422": "Invalid",
    "429": "TooManyRequests",
    "500": "Unexpected",
    "503": "Unavailable",
}
_MEANINGS = {
    "400": "The request cannot be done as asked.",
    "401": "Sign in again. The gateway answers, with `detail` in both languages.",
    "403": "The caller is known and the route is not theirs, or the decision needs another officer; "
    "a signature that is not the gateway's.",
    "404": "There is no such thing, or it is not the caller's: the two look the same.",
    "409": "The state of the case does not allow it now, or another action was recorded first.",
    "413": "What was sent is larger than allowed.",
    "415": "What was sent is of a kind that is not read here.",
    "422": "What was sent does not have the right form; `errors` says where and why.",
    "429": "Too many tries; wait the seconds of `Retry-After`, which the gateway's own 429 lacks.",
    "500": "Something unexpected; nothing is lost, and `reference` finds it in the log.",
    "503": "A partner or a service is down; the same request may succeed later.",
}
# What routes read from the query; a test compares with what their functions ask for.
QUERIES: dict[str, dict[str, str]] = {
    "GET /offices": {"procedure": "Name of the procedure."},
    "GET /fees": {
        "procedure": "Name of the procedure.",
        "office": "Code of the office.",
        "channel": "`online` (the default) or `counter`.",
        "birth_date": "Birth date, YYYY-MM-DD.",
        "validity": "Validity that is wanted: `10`, `5` or `same_expiry`.",
    },
    "GET /cases": {"cursor": "Where the page begins, as `next` of the page before said."},
    "GET /cases/{case_id}/slots": {"from": "First day, YYYY-MM-DD; today when it is missing."},
    "GET /desk/appointments/{office}": {"date": "Day, YYYY-MM-DD; today when it is missing."},
    "GET /desk/statistics/{desk}": {"month": "Month of the ministry, YYYY-MM; this one when it is missing."},
    "GET /desk/desks/{desk}/agencies": {"cursor": "Where the page begins, as the page before said."},
    "GET /desk/cases": {"reference": "Reference number, as the applicant reads it out."},
    "GET /desk/queues/{desk}": {
        "status": "Status of the cases; `in_review` when it is missing.",
        "mine": "`true` for the caller's own cases only.",
        "cursor": "Where the page begins, as the page before said.",
    },
}
# They reckon with holidays or fees, which are known for some years only: 400 `calendar_ends`, `fee_not_known`.
_NOT_YET_KNOWN = {
    "GET /fees",
    "GET /cases/{case_id}/slots",
    "POST /cases/{case_id}/appointment",
    "POST /desk/cases/{case_id}/correction-request",
}
_AUDIENCES = {
    "public": "Everybody",
    "applicant": "Applicants",
    "officer": "Officers",
    "partner": "Partners",
}


def doors() -> dict[str, Door]:
    """The doors of all functions, by name."""
    found = {}
    for folder in function_folders():
        name = f"functions.{folder.name}.app"
        spec = importlib.util.spec_from_file_location(name, folder / "app.py")
        if spec is None or spec.loader is None:
            raise ValueError(f"{folder}/app.py cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # where pydantic looks for the names in annotations
        spec.loader.exec_module(module)
        found[folder.name] = module.door
    return found


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    declared = [(door, route) for door in doors().values() for route in door.routes]
    declared.sort(key=lambda pair: (pair[1].path, pair[1].verb))
    paths: dict[str, dict[str, Any]] = {}
    for door, route in declared:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(door, route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ryoji",
            "version": "1",
            "summary": "A consular service: applications of nationals abroad and at home.",
            "license": {"name": "MIT", "identifier": "MIT"},
            "description": _DESCRIPTION,
        },
        "servers": [{"url": "/api", "description": "The site and the API share one origin."}],
        "tags": [{"name": name} for name in _AUDIENCES.values()],
        "paths": paths,
        "components": {
            "schemas": _answers({route.answer for _, route in declared}),
            "responses": _problem_responses(),
            "parameters": {
                "IdempotencyKey": _IDEMPOTENCY_KEY,
                "IdempotencyKeyRequired": {
                    **_IDEMPOTENCY_KEY,
                    "required": True,
                    "description": _KEY_REQUIRED,
                },
                "AcceptLanguage": _ACCEPT_LANGUAGE,
            },
            "headers": {},
            "securitySchemes": _SCHEMES,
        },
    }


_DESCRIPTION = (
    "Texts in answers are in the language of `Accept-Language` (`ja` or `en`). Errors are problem bodies (RFC 9457). "
    "Somebody else's case answers exactly like a case that does not exist. Times are UTC; `start` of a visit is the "
    "office's local time with its offset; amounts are in the currency's smallest unit.\n\n"
    "Forms: a section's `schema` is JSON Schema whose properties stand in the order in which they are asked. `x-ryoji` "
    "beside a field says what JSON Schema cannot: `widget`, `autocomplete`, `prefill_from`, `enum_labels`, `when`. "
    "`when` is JSON Logic over `answers`, `age`, `channel` and `office`.\n\n"
    "Pictures: ask for an upload, send `fields` and the file to `url` as a multipart POST, have it accepted, then ask "
    "for each check that the document names. In a correction the routes of the items that were asked for are open "
    "again; when one is mended, say so.\n\n"
    "Money: after the browser confirmed the payment, read the case until `fee.status` is `paid`; the gateway's signed "
    "webhook is the truth, not the browser."
)
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A UUID. The same key with the same request is done once and answered alike; with another request it is "
        "422 `idempotency_key_reused`. Clients send it with every command, and again when they repeat one."
    ),
    "schema": {"type": "string", "minLength": 8, "maxLength": 255},
}
EDIFACT = "application/edifact"
_INTERCHANGE: dict[str, Any] = {
    "schema": {
        "type": "string",
        "description": "An interchange of at most five messages; see docs/carriers.",
    },
    "example": (ROOT / "docs" / "carriers" / "examples" / "interactive.paxlst.edi").read_text(
        encoding="utf-8"
    ),
}
_KEY_REQUIRED = (
    f"{_IDEMPOTENCY_KEY['description']} Here it is required, because the command moves money or decides; without "
    "it the answer is 422 `idempotency_key_missing`."
)
_ACCEPT_LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "Language of the texts; Japanese when neither fits.",
    "schema": {"type": "string", "examples": ["ja", "en"]},
}
_SCHEMES: dict[str, Any] = {
    "applicant": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token of the applicants' pool (OIDC, code flow with PKCE), scope `ryoji/apply`.",
    },
    "officer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token of the officers' pool, signed in with a second factor; its groups name desks "
        "(`desk:…`) and roles (`role:…`).",
    },
    "partner": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token of the partners' pool (client credentials) with the scope that is named.",
    },
    "gateway": {
        "type": "apiKey",
        "in": "header",
        "name": "Stripe-Signature",
        "description": "The card gateway's signature over the body.",
    },
}


def _operation(door: Door, route: Route) -> dict[str, Any]:
    view = door.app.routes[route.path][route.verb].view_function
    described: dict[str, Any] = {
        "operationId": f"{door.name}_{view.__name__.removesuffix('_' + route.verb.lower())}",
        "tags": [_AUDIENCES[route.rule.kind]],
        **_told(view),
        "parameters": _parameters(route),
        "responses": _responses(route),
        "security": _security(route),
        "x-ryoji": {"operation": route.operation, "function": door.name},
    }
    if route.body is not None:
        described["requestBody"] = _request(route.body)
    if route.reads == EDIFACT:
        described["requestBody"] = {"required": True, "content": {EDIFACT: _INTERCHANGE}}
    if route.operation == "payment.notify":
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": {}}}}
    return described


def _told(view: Any) -> dict[str, str]:
    """A docstring's first paragraph and, if there are others, the rest."""
    summary, _, rest = inspect.cleandoc(view.__doc__ or "").partition("\n\n")
    return {"summary": summary, **({"description": rest} if rest else {})}


def _parameters(route: Route) -> list[dict[str, Any]]:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    asked = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in QUERIES.get(f"{route.verb} {route.path}", {}).items()
    ]
    key = "IdempotencyKeyRequired" if route.once else "IdempotencyKey"
    common = ["AcceptLanguage", *([key] if _is_command(route) else [])]
    return [*named, *asked, *({"$ref": f"#/components/parameters/{name}"} for name in common)]


def _is_command(route: Route) -> bool:
    return route.verb != "GET" and route.rule.kind != "public"


def _responses(route: Route) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{route.answer}"}
    done = {"description": "Done." if route.verb != "GET" else "The answer."}
    answers: dict[str, Any] = {str(route.status): {**done, "content": {route.reads: {"schema": schema}}}}
    for status in _problems_of(route):
        answers[status] = {"$ref": f"#/components/responses/{PROBLEMS[status]}"}
    return answers


def _of_content(route: Route) -> list[str]:
    """What may be wrong with the kind or the amount of what is sent."""
    unread = ["415"] if route.body is not None or route.reads != "application/json" else []
    return [*unread, *(["429"] if route.operation == "inquiry.ask" else [])]


# What may not be there is named in the body, or in the query.
_NAMED_INSIDE = ("case.open", "permission.report", "desk.find")


def _problems_of(route: Route) -> list[str]:
    statuses = ["500", "503"]
    if route.rule.kind != "public":
        statuses += ["401", "403"]
    if "{" in route.path or route.rule.kind == "public" or route.operation in _NAMED_INSIDE:
        statuses.append("404")
    # A read may be refused, too: the state of the case does not allow it yet.
    if route.rule.on_case or route.rule.kind == "partner" or route.operation == "case.open":
        statuses.append("409")
    if route.verb != "GET":
        statuses += ["413", "422"]
    if route.verb == "GET" and f"GET {route.path}" in QUERIES:
        statuses.append("422")
    statuses += _of_content(route)
    if f"{route.verb} {route.path}" in _NOT_YET_KNOWN:
        statuses.append("400")
    if route.operation in ("status.read", "payment.notify"):
        statuses += ["429"] if route.operation == "status.read" else ["403"]
    return sorted(set(statuses))


def _security(route: Route) -> list[dict[str, list[str]]]:
    rule = route.rule
    if route.operation == "payment.notify":
        return [{"gateway": []}]
    if rule.kind == "public":
        return []
    return [{rule.kind: [name for name in (rule.role, rule.scope) if name]}]


def _request(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation")
    inner = schema.pop("$defs", {})
    plain = _inlined(schema, inner)
    return {
        "required": bool(plain.get("required")),
        "content": {"application/json": {"schema": plain}},
    }


def _inlined(schema: Any, inner: dict[str, Any]) -> Any:
    """Bodies are small and belong to one route, so what they refer to stands where it is used."""
    if isinstance(schema, list):
        return [_inlined(each, inner) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(inner[schema["$ref"].removeprefix("#/$defs/")], inner)
    return {key: _inlined(value, inner) for key, value in schema.items() if not _is_title(key, value)}


def _is_title(key: str, value: Any) -> bool:
    # pydantic's titles repeat the names; a property that is called title is a schema and stays.
    return key == "title" and isinstance(value, str)


def _answers(names: set[str]) -> dict[str, Any]:
    from pydantic.json_schema import models_json_schema

    from ryoji.doors import answers

    models: list[tuple[Any, Literal["serialization"]]] = [
        (getattr(answers, name), "serialization") for name in sorted({*names, "Problem"})
    ]
    _, schema = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return dict(sorted(schema["$defs"].items()))


def _problem_responses() -> dict[str, Any]:
    codes = codes_by_status()
    return {name: _problem(status, codes.get(status, [])) for status, name in PROBLEMS.items()}


def _problem(status: str, codes: list[str]) -> dict[str, Any]:
    named = f" Codes: {', '.join(f'`{code}`' for code in codes)}." if codes else ""
    return {
        "description": _MEANINGS[status] + named,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write docs/openapi.json."""
    sys.path.insert(0, str(ROOT / "layers" / "ryoji" / "python"))
    TARGET.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
