"""One sandbox for all tests of the deployed stack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import Sandbox, sandbox


@pytest.fixture(scope="session")
def ryoji() -> Iterator[Sandbox]:
    """The running sandbox, started when the first test asks for it."""
    with sandbox("test-integration") as running:
        yield running
