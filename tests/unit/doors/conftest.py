"""Doors as Lambda calls them, over a case log in memory and a catalogue compiled once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest
import yaml

from ryoji.catalogue.compile import compile_catalogue
from ryoji.doors import cases, door, pictures, texts
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.doors.calling import House

PROCEDURES = Path(__file__).parents[3] / "procedures"
SETTINGS = {
    "AWS_DEFAULT_REGION": "ap-northeast-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "POWERTOOLS_METRICS_DISABLED": "1",
    "CLEAN_BUCKET": "clean",
    "QUARANTINE_BUCKET": "quarantine",
    "ARCHIVE_BUCKET": "archive",
    "PARTNER_SETTINGS": "/ryoji/partners",
    "SITE": "https://ryoji.example",
}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands beside the domain in the layer."""
    folder = tmp_path_factory.mktemp("compiled")
    compile_catalogue(PROCEDURES, folder / "ryoji-catalogue.json")
    rules = {path.stem: yaml.safe_load(path.read_text()) for path in (PROCEDURES / "rules").glob("*.yaml")}
    (folder / "ryoji-rules.json").write_text(json.dumps(rules))
    return folder


@pytest.fixture(scope="session", autouse=True)
def _settings(compiled: Path) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ.update({**SETTINGS, "RYOJI_COMPILED": str(compiled)})
    texts.catalogue.cache_clear()
    pictures._rules.cache_clear()
    yield
    os.environ.clear()
    os.environ.update(kept)
    texts.catalogue.cache_clear()


class Today(datetime):
    """The clock of the doors stands still, on a working day while the catalogue's calendars last."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """The afternoon of the day on which the cases of `walking` begin."""
        return cls(2026, 11, 23, 6, tzinfo=UTC).astimezone(tz)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """All doors, with an empty log behind them."""
    log = MemoryLog()
    monkeypatch.setattr(cases, "CaseTable", lambda: log)
    monkeypatch.setattr(door, "datetime", Today)
    cases.table.cache_clear()
    yield House(log)
    cases.table.cache_clear()
