"""One simulator for the session; each test starts from its first behaviour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.card.sandbox import Sandbox, started


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with started("simulators.card", tmp_path_factory.mktemp("card")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    yield running
    running.post("/api/behaviour", {"ocsp": "ok", "signatures": "none"})
    running.post("/api/people/yamada-hanako/unlock", {})
    running.post("/api/people/yamada-hanako/certificate", {"status": "good"})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"
