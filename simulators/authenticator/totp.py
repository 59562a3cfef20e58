"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, as Cognito and all phones have them."""

from __future__ import annotations

import base64
import hmac
import struct

PERIOD = 30


def code(secret: str, seconds: int, digits: int = 6) -> str:
    """The code of a base32 secret at a moment (seconds since 1970). Raises ValueError for what is not base32."""
    padded = secret.replace(" ", "").upper()
    key = base64.b32decode(padded + "=" * (-len(padded) % 8))
    mac = hmac.digest(key, struct.pack(">Q", seconds // PERIOD), "sha1")
    offset = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def seconds_left(seconds: int) -> int:
    """How long the current code lasts: 1 to 30."""
    return PERIOD - seconds % PERIOD
