"""The one tree of errors: mapped once to problem bodies (RFC 9457), once to Step Functions error names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field: a JSON pointer into what was sent, a message code, and its parameters."""

    pointer: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


class RyojiError(Exception):
    """Root of all errors that Ryoji raises on purpose. `code` is the message key `problem.<code>`."""

    def __init__(self, code: str, *, fields: tuple[FieldError, ...] = (), **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
        self.params = params


class Rejected(RyojiError):
    """The request cannot be done as asked; asking again the same way will not help."""


class Invalid(Rejected):
    """What was sent does not have the right form; `fields` says where and why (HTTP 422)."""


class Refused(Rejected):
    """The state of the case does not allow it now (HTTP 409)."""


class NotFound(Rejected):
    """There is no such thing, or it is not the caller's: the two look the same (HTTP 404)."""


class NotAllowed(Rejected):
    """The caller is known and the route is not theirs (HTTP 403)."""


class TooLarge(Rejected):
    """What was sent is larger than allowed (HTTP 413)."""


class Unsupported(Rejected):
    """What was sent is of a kind that is not read here (HTTP 415)."""


class TooManyRequests(Rejected):
    """The caller must wait (HTTP 429): `after` so many seconds it may ask again, where that is known."""

    after: int | None = None


class Retryable(RyojiError):
    """Something passing went wrong (a conflict, throttling); the same request may succeed (HTTP 503)."""


class Conflict(Retryable):
    """Another action was recorded first; read again and judge again (HTTP 409)."""


class Unavailable(RyojiError):
    """A partner or a service is down; nothing is lost and the way round is named (HTTP 503)."""
