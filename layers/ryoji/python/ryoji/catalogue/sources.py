"""YAML files that remember their lines. Read at build time and in tests only: the functions read compiled JSON.

The words are those of YAML 1.2: only `true` and `false` are booleans, `09:00`, `no` and `2025-03-24` are text.
A key that stands twice in one mapping is a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ryoji.errors import RyojiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class CatalogueError(RyojiError):
    """The catalogue cannot be used; every fault is named with its file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("bad_catalogue")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(self.faults)


# libyaml reads ten times as fast; without it the same loader in Python does. Both give the nodes with their lines.
if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader
else:
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclass(frozen=True)
class Source:
    """One YAML file: its data, and where each part of it stands."""

    name: str
    data: Any
    node: yaml.Node | None

    def at(self, place: Sequence[str | int], fault: str) -> str:
        """The fault with the file and the line of the nearest part that exists."""
        where = ".".join(str(part) for part in place)
        return f"{self.name}:{self._line(place)}: {where + ': ' if where else ''}{fault}"

    def _line(self, place: Sequence[str | int]) -> int:
        node, line = self.node, 1
        for part in place:
            found = _step(node, part)
            if found is None:
                break
            line, node = found
        return line


def _step(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found = node.value[part]
        return found.start_mark.line + 1, found
    return None


def read_yaml(path: Path, name: str) -> Source:
    """Read one file; `name` is how faults call it. Raises CatalogueError."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        doubles = list(_doubles(node, name))
        if doubles:
            raise CatalogueError(doubles)
        return Source(name, loader.construct_document(node) if node else {}, node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError([f"{name}:{line}: {error.problem}"]) from error


def _doubles(node: yaml.Node | None, name: str) -> Iterator[str]:
    if isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _doubles(part, name)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            yield f"{name}:{key.start_mark.line + 1}: {key.value} stands here twice"
        seen.add(key.value)
        yield from _doubles(value, name)
