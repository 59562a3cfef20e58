"""The dependency layer fits the functions that it is made for, and holds only what they import."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.functions import RUNTIME
from layers import build

ARM_64 = 183


def test_functions_run_on_the_python_that_was_decided() -> None:
    # docs/decisions/0024; the rule that asks for the newest is acknowledged for it.
    assert RUNTIME.name == "python3.13"


def test_it_is_built_for_the_functions_runtime() -> None:
    assert dict(zip(build.PLATFORM[::2], build.PLATFORM[1::2], strict=True)) == {
        "--python-platform": "aarch64-manylinux_2_28",
        "--python-version": RUNTIME.name.removeprefix("python"),
    }


def test_what_no_function_imports_is_dropped(tmp_path: Path) -> None:
    kept = ("boto3/session.py", "boto3-1.dist-info/METADATA", "stripe/test_helpers/_clock.py")
    dropped = ("bin/jp.py", "boto3/tests/test_session.py", "boto3/__pycache__/session.pyc", "PIL/Image.pyi")
    for name in (*kept, *dropped):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    build._drop(tmp_path)
    assert {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()} == set(kept)


def test_it_is_built_of_the_pinned_packages_without_docker(tmp_path: Path) -> None:
    sizes = build.build(tmp_path / "python")
    assert {"boto3", "pydantic", "pynamodb", "chalice", "stripe", "aws_lambda_powertools", "trp"} <= set(
        sizes
    )
    compiled = list((tmp_path / "python").rglob("*.so"))
    assert compiled
    for library in compiled:
        # ELF's field of the machine; a library for one Python names it.
        assert int.from_bytes(library.read_bytes()[18:20], "little") == ARM_64, library
        assert "cpython-" not in library.name or "cpython-313-aarch64" in library.name, library


def _unpacks_to(megabytes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the packages were one file of that size; it is sparse, so nothing is written to the disk."""

    def install(target: Path, _name: str, *_more: str) -> None:
        target.mkdir(exist_ok=True)
        with (target / "package.so").open("wb") as file:
            file.truncate(round(megabytes * 1_000_000))

    monkeypatch.setattr(build, "_install", install)


def test_a_layer_that_lambda_would_not_unpack_is_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = build.LIMIT_MB - build._megabytes(build.DOMAIN)
    _unpacks_to(room - 0.5, monkeypatch)
    assert build.build(tmp_path / "python") == {"package.so": pytest.approx(room - 0.5)}
    # The domain comes beside the packages: they may not have the whole limit to themselves.
    _unpacks_to(room + 0.5, monkeypatch)
    with pytest.raises(SystemExit, match="250 MB"):
        build.build(tmp_path / "python")
