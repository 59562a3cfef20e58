"""AWS's own models of the operations, from botocore: requests and answers are held against them."""

from __future__ import annotations

import functools
import re
from typing import Any


@functools.cache
def operation(service: str, name: str) -> Any:
    """botocore's model of one operation ("textract" or "rekognition")."""
    import botocore.session

    return botocore.session.get_session().get_service_model(service).operation_model(name)


def faults(shape: Any, value: Any, at: str = "") -> list[str]:
    """What keeps a value from being of a modelled shape; empty if it is. Unknown members are faults too."""
    check = {
        "structure": _structure,
        "list": _list,
        "string": _string,
        "blob": _blob,
        "integer": _number,
        "long": _number,
        "float": _number,
        "double": _number,
        "boolean": _boolean,
    }.get(shape.type_name)
    return check(shape, value, at) if check else [f"{at}: no check for {shape.type_name}"]


def output_faults(service: str, name: str, answer: dict[str, Any]) -> list[str]:
    """What keeps an answer from being the operation's output."""
    return faults(operation(service, name).output_shape, answer)


def input_faults(service: str, name: str, request: dict[str, Any]) -> list[str]:
    """What keeps a request from being the operation's input."""
    return faults(operation(service, name).input_shape, request)


def error_codes(service: str, name: str) -> frozenset[str]:
    """The errors that the operation may answer, by their names."""
    return frozenset(shape.name for shape in operation(service, name).error_shapes)


def _structure(shape: Any, value: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: not a structure"]
    found = [f"{at}/{name}: missing" for name in shape.required_members if name not in value]
    for name, member in value.items():
        if name not in shape.members:
            found.append(f"{at}/{name}: not a member")
        else:
            found += faults(shape.members[name], member, f"{at}/{name}")
    return found


def _list(shape: Any, value: Any, at: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{at}: not a list"]
    return [
        fault for index, item in enumerate(value) for fault in faults(shape.member, item, f"{at}/{index}")
    ]


def _string(shape: Any, value: Any, at: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{at}: not a string"]
    if shape.enum and value not in shape.enum:
        return [f"{at}: not one of the enumeration"]
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        return [f"{at}: not of the pattern"]
    return _bounds(shape, len(value), at)


def _blob(_shape: Any, value: Any, at: str) -> list[str]:
    # The upper bound has an error of its own (ImageTooLarge, DocumentTooLarge), raised where the picture is decoded.
    return [] if isinstance(value, bytes) and value else [f"{at}: not bytes, or none"]


def _number(shape: Any, value: Any, at: str) -> list[str]:
    whole = shape.type_name in {"integer", "long"}
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return [f"{at}: not a number"]
    return _bounds(shape, value, at)


def _boolean(_shape: Any, value: Any, at: str) -> list[str]:
    return [] if isinstance(value, bool) else [f"{at}: not a boolean"]


def _bounds(shape: Any, size: float, at: str) -> list[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        return [f"{at}: under {low}"]
    if high is not None and size > high:
        return [f"{at}: over {high}"]
    return []
