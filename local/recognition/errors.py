"""AWS's own errors, as they go over the wire: a modelled code and a sentence."""

from __future__ import annotations


class AwsError(Exception):
    """An answer that is an error of AWS's own model (`__type` on the wire); HTTP 400 unless said otherwise."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
