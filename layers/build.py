"""The layer of run-time packages for AWS Lambda on arm64, put together without Docker: `python -m layers.build`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "layers" / "dependencies" / "python"
DOMAIN = ROOT / "layers" / "ryoji" / "python"
REQUIREMENTS = ROOT / "requirements"

# Lambda refuses a function whose code and layers unpack to more.
LIMIT_MB = 250
# The processor and the runtime of infra/functions.py.
PLATFORM = ("--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13")
# Nothing of these is imported by a function: consoles' scripts, compiled files of this machine, packages' own tests.
_DROPPED = ("bin", "__pycache__", "tests", "test", "*.pyi", "*.dist-info/RECORD", "*.dist-info/INSTALLER")


def build(target: Path = TARGET) -> dict[str, float]:
    """Install the pinned packages for Lambda into a folder; megabytes by package, the largest first.

    Only wheels whose hash is in `requirements/` are taken; raises SystemExit when one is missing or the sum is over
    what Lambda unpacks.
    """
    shutil.rmtree(target, ignore_errors=True)
    _install(target, "runtime.txt")
    # Chalice's own requirements (pip, setuptools, inquirer …) are its command line's.
    _install(target, "chalice.txt", "--no-deps")
    _drop(target)
    sizes = {path.name: _megabytes(path) for path in target.iterdir()}
    total = sum(sizes.values()) + _megabytes(DOMAIN)
    if total >= LIMIT_MB:
        raise SystemExit(f"the layers unpack to {total:.0f} MB; Lambda's limit is {LIMIT_MB} MB")
    return dict(sorted(sizes.items(), key=lambda entry: -entry[1]))


def _install(target: Path, name: str, *more: str) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is missing: install requirements/dev.txt first")
    command = [uv, "pip", "install", "--quiet", *PLATFORM, "--only-binary", ":all:", "--require-hashes"]
    command += [*more, "-r", str(REQUIREMENTS / name), "--target", str(target)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own arguments
        raise SystemExit(f"the packages of requirements/{name} could not be installed for Lambda")


def _drop(target: Path) -> None:
    for pattern in _DROPPED:
        for path in sorted(target.rglob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) / 1_000_000


def main() -> None:
    """Build the layer and print what it weighs."""
    sizes = build()
    for name, size in list(sizes.items())[:12]:
        sys.stdout.write(f"{size:7.1f} MB  {name}\n")
    domain, packages = _megabytes(DOMAIN), sum(sizes.values())
    sys.stdout.write(
        f"{packages:7.1f} MB  all packages\n{domain:7.1f} MB  the domain\n"
        f"{packages + domain:7.1f} MB  of {LIMIT_MB} MB that Lambda unpacks\n"
    )


if __name__ == "__main__":
    main()
