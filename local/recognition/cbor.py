"""As much of CBOR (RFC 8949) as AWS's RPC v2 protocol uses: botocore speaks it to Textract before JSON."""

from __future__ import annotations

import struct
from typing import Any

_BREAK = object()


def encode(value: Any) -> bytes:  # noqa: PLR0911 - one return a type
    """Bytes of None, bool, int, float, bytes, str, list or dict."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list() | tuple():
            return _head(4, len(value)) + b"".join(encode(item) for item in value)
        case dict():
            return _head(5, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    raise TypeError(f"CBOR here has no form for {type(value).__name__}")


def decode(data: bytes) -> Any:
    """The one value that the bytes hold; ValueError if they are not CBOR."""
    try:
        value, end = _item(data, 0)
    except (IndexError, TypeError, RecursionError, struct.error, UnicodeDecodeError) as error:
        raise ValueError("not CBOR") from error
    if end != len(data) or value is _BREAK:
        raise ValueError("not CBOR")
    return value


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes([major << 5 | info]) + argument.to_bytes(size, "big")
    raise ValueError("number too large for CBOR")


def _item(data: bytes, at: int) -> tuple[Any, int]:
    major, info = data[at] >> 5, data[at] & 31
    if major == 7:
        return _simple(data, at, info)
    argument, at = _argument(data, at + 1, info)
    if major < 2:
        if argument is None:
            raise ValueError("not CBOR")
        return (argument if major == 0 else -1 - argument), at
    if major < 4:
        return _string(data, at, major, argument)
    if major == 6:  # a tag: AWS tags timestamps only, and none comes in
        return _item(data, at)
    return _items(data, at, argument) if major == 4 else _pairs(data, at, argument)


def _argument(data: bytes, at: int, info: int) -> tuple[int | None, int]:
    if info < 24:
        return info, at
    if info == 31:
        return None, at
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(info)
    if size is None or at + size > len(data):
        raise ValueError("not CBOR")
    return int.from_bytes(data[at : at + size], "big"), at + size


def _simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    plain = {20: False, 21: True, 22: None, 23: None, 31: _BREAK}
    if info in plain:
        return plain[info], at + 1
    form = {25: ">e", 26: ">f", 27: ">d"}.get(info)
    if form is None:
        raise ValueError("not CBOR")
    size = struct.calcsize(form)
    return struct.unpack(form, data[at + 1 : at + 1 + size])[0], at + 1 + size


def _string(data: bytes, at: int, major: int, length: int | None) -> tuple[Any, int]:
    if length is None:
        parts, at = _items(data, at, None)
        return (b"".join(parts) if major == 2 else "".join(parts)), at
    if at + length > len(data):
        raise ValueError("not CBOR")
    raw = data[at : at + length]
    return (raw if major == 2 else raw.decode()), at + length


def _items(data: bytes, at: int, count: int | None) -> tuple[list[Any], int]:
    items: list[Any] = []
    while count is None or len(items) < count:
        value, at = _item(data, at)
        if value is _BREAK:
            break
        items.append(value)
    return items, at


def _pairs(data: bytes, at: int, count: int | None) -> tuple[dict[Any, Any], int]:
    pairs: dict[Any, Any] = {}
    while count is None or len(pairs) < count:
        key, at = _item(data, at)
        if key is _BREAK:
            break
        pairs[key], at = _item(data, at)
    return pairs, at
