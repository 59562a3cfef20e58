"""The catalogue of the repository, read once, and a copy of it that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ryoji.catalogue import reading, sources
from ryoji.catalogue.loading import Catalogue, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from ryoji.catalogue.definition import Procedure

PROCEDURES = Path(__file__).parents[3] / "procedures"


@pytest.fixture(scope="session", autouse=True)
def _unchanged_files_are_parsed_once() -> Iterator[None]:
    """A test spoils one file of a copy of the catalogue, and there are ninety."""
    known: dict[tuple[str, str], sources.Source] = {}
    read_yaml = sources.read_yaml

    def read(path: Path, name: str) -> sources.Source:
        key = (name, path.read_text(encoding="utf-8"))
        if key not in known:
            known[key] = read_yaml(path, name)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "read_yaml", read)
        patch.setattr(reading, "read_yaml", read)
        yield


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
