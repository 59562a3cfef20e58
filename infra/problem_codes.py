"""Which problem codes there are: read from where errors are raised, so that no list has to be kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from infra.build import ROOT

if TYPE_CHECKING:
    from ryoji.errors import RyojiError

SOURCES = (ROOT / "layers" / "ryoji" / "python" / "ryoji", ROOT / "functions")
# What no caller of the API is answered with: the command line's own, and a step's.
INNER = frozenset({"no_text", "no_such_door"})


def kinds() -> dict[str, type[RyojiError]]:
    """The classes of errors, by name."""
    from ryoji import errors

    found = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    return {name: each for name, each in found.items() if issubclass(each, errors.RyojiError)}


def raised() -> Iterator[tuple[Path, str, str]]:
    """File, class of error (or `FieldError`) and code, wherever one is made."""
    places = {**dict.fromkeys(kinds(), 0), "FieldError": 1}
    for path in sorted(path for folder in SOURCES for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = places.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            texts = [str(n.value) for n in ast.walk(node.args[place]) if isinstance(n, ast.Constant)]
            yield from ((path, node.func.id, text) for text in texts if re.fullmatch("[a-z_.]+", text))


def codes_by_status() -> dict[str, list[str]]:
    """The codes that callers of the API may meet, by HTTP status."""
    from ryoji.doors.problems import status_of

    found: dict[str, set[str]] = {"500": {"unexpected"}}
    known = kinds()
    for path, kind, code in raised():
        if kind == "FieldError" or code in INNER | {"unexpected"} or path.name == "command.py":
            continue
        found.setdefault(str(status_of(known[kind](code))), set()).add(code)
    return {status: sorted(codes) for status, codes in sorted(found.items())}
