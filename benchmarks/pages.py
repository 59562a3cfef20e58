"""What an applicant's browser fetches before the first page can be used, from the built site.

Computed from `web/dist/index.html`: its scripts and module preloads, and what they import statically, each compressed
by gzip as CloudFront would; and with them the two modules that the start page always asks for although they are split
off, its view and the Japanese texts.
"""

from __future__ import annotations

import gzip
import re

from benchmarks.figures import Figure, at_most, counted
from local.places import SITE

BUDGET = 60.0
LINKED = re.compile(r'<(?:script|link)\b[^>]*(?:type="module"|rel="modulepreload")[^>]*>')
ADDRESS = re.compile(r'(?:src|href)="/([^"]+\.js)"')
IMPORTED = re.compile(r'(?:\bimport|\bfrom)\s*"\./([\w.-]+\.js)"')
# Vite names chunks after their modules: /pages/start.tsx and /messages/ja.json.
ALWAYS = (re.compile(r"start-[\w-]{8}\.js"), re.compile(r"ja-[\w-]{8}\.js"))


def measure() -> list[Figure]:
    """Kilobytes (1000 bytes) of gzipped JavaScript and the number of files."""
    linked = [
        name.removeprefix("assets/")
        for tag in LINKED.findall((SITE / "index.html").read_text(encoding="utf-8"))
        for name in ADDRESS.findall(tag)
    ]
    if not linked:
        raise RuntimeError("web/dist/index.html names no script: has the site been built?")
    always = [p.name for p in (SITE / "assets").iterdir() if any(a.fullmatch(p.name) for a in ALWAYS)]
    if len(always) != len(ALWAYS):
        raise RuntimeError(f"the start page's view and Japanese texts are not where they were: {always}")
    entry, first = _closure(linked), _closure([*linked, *always])
    return [
        at_most("pages.first.javascript", _kilobytes(first), "kB gzipped", BUDGET),
        counted("pages.first.files", len(first), "files"),
        counted("pages.first.entry_and_preloads", _kilobytes(entry), "kB gzipped"),
    ]


def _closure(names: list[str]) -> set[str]:
    """The modules and what they import statically, all the way down."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += IMPORTED.findall((SITE / "assets" / name).read_text(encoding="utf-8"))
    return found


def _kilobytes(names: set[str]) -> float:
    return sum(len(gzip.compress((SITE / "assets" / name).read_bytes(), 6)) for name in names) / 1000
