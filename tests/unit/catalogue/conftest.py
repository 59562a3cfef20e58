"""The catalogue of the repository, read once, and a copy of it that a test may spoil."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ryoji.catalogue.loading import Catalogue, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from ryoji.catalogue.definition import Procedure

PROCEDURES = Path(__file__).parents[3] / "procedures"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(PROCEDURES)


@pytest.fixture
def renewal(catalogue: Catalogue) -> Procedure:
    return catalogue.definition_on("passport-renewal", date(2026, 11, 23))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the whole catalogue."""
    return Path(shutil.copytree(PROCEDURES, tmp_path / "procedures"))


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str, str], Path]:
    """Replace a text in one file of the copy; the text must stand there."""

    def change(file: str, old: str, new: str) -> Path:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change
