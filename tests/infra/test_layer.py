"""The dependency layer fits the functions that it is made for, and holds only what they import."""

from __future__ import annotations

from pathlib import Path

from infra.functions import RUNTIME
from layers import build


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


def test_a_built_layer_fits_into_lambda() -> None:
    if build.TARGET.is_dir():
        assert build._megabytes(build.TARGET) + build._megabytes(build.DOMAIN) < build.LIMIT_MB
