"""Errors to problem bodies (RFC 9457), in the caller's language: the one mapping to HTTP."""

from __future__ import annotations

from typing import Any

from ryoji.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Refused,
    Retryable,
    RyojiError,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unsupported,
)

# The first class that the error is an instance of gives the status.
_STATUS: tuple[tuple[type[RyojiError], int], ...] = (
    (Conflict, 409),
    (Retryable, 503),
    (Unavailable, 503),
    (TooManyRequests, 429),
    (TooLarge, 413),
    (Unsupported, 415),
    (NotFound, 404),
    (NotAllowed, 403),
    (Refused, 409),
    (Invalid, 422),
    (RyojiError, 400),
)
CONTENT_TYPE = "application/problem+json"


def status_of(error: RyojiError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def problem(error: RyojiError, *, language: str, reference: str) -> dict[str, Any]:
    """The problem body: what is wrong, which fields, what to do, and a reference for the log; no personal data."""
    from ryoji.doors.texts import texts

    messages = texts()
    params = {
        "status_text": messages.text(f"status.{error.params.get('status', 'draft')}", language),
        **error.params,
    }
    body: dict[str, Any] = {
        "type": f"about:problem/{error.code.replace('_', '-')}",
        "title": messages.text(f"problem.{error.code}.title", language, **params),
        "status": status_of(error),
        "detail": messages.text(f"problem.{error.code}.detail", language, **params),
        "mend": messages.text(f"problem.{error.code}.mend", language, **params),
        "code": error.code,
        "reference": reference,
    }
    if error.fields:
        body["errors"] = [_field(field, language) for field in error.fields]
    return body


def _field(field: FieldError, language: str) -> dict[str, str]:
    from ryoji.doors.texts import texts

    detail = texts().text(f"problem.field.{field.code}", language, **dict(field.params))
    return {"pointer": field.pointer, "code": field.code, "detail": detail}
