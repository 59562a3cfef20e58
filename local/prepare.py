"""`make setup`: install what is needed, once, below the project's folder. Runs on the bare interpreter.

What changed is known by the hash of its lock file, so the second time costs nothing.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

from local.lock import empty, held
from local.places import LOCAL, PACKAGES, ROOT
from local.processes import CannotStart

STAMPS = LOCAL / "stamps"
LOCKS = ROOT / "requirements"
BEGAN = time.monotonic()
OWN_LIBRARY = f"python{sys.version_info.major}.{sys.version_info.minor}"
ENVIRONMENT = ROOT / ".venv"
# What the packages of package-lock.json have in common under `engines` (vite, rolldown, oxlint, vitest); package.json
# says the same to npm.
NODES = "Node.js (20 from 20.19, 22 from 22.12, or 24 and later)"
NODE_MINORS = {20: 19, 22: 12}
NEWEST_NODE = 24
# What pip has been told about where packages are, by the name under which uv wants to be told.
TOLD_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
# The browser for the tests, the typeface of machine-readable zones, Japanese for pages and pictures, and what the
# MRZ benchmark's other readers need.
APT = {
    "chromium-headless-shell": "chromium-headless-shell",
    "fc-match": "fontconfig",
}
FONTS = {
    "OCR B": "fonts-ocr-b",
    "DejaVu Sans": "fonts-dejavu-core",
    "Noto Sans CJK JP": "fonts-noto-cjk",
}


def say(line: str) -> None:
    """One line of progress."""
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {line}", flush=True)


def stop(sentence: str) -> None:
    """Say in plain words what is in the way, and end."""
    sys.stderr.write(f"\nRyoji cannot be set up: {sentence}\n")
    sys.exit(1)


def main() -> None:
    """Install, or with --reset empty the sandbox."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="empty the sandbox and its state")
    if parser.parse_args().reset:
        reset()
        return
    node()
    STAMPS.mkdir(parents=True, exist_ok=True)
    packages_of_the_system()
    with ThreadPoolExecutor(max_workers=2) as two:
        for part in [two.submit(each) for each in (environments, web)]:
            part.result()
    command_of_ryoji()


def reset() -> None:
    """Empty the sandbox's home, unless somebody lives in it."""
    try:
        with held(LOCAL / "run"):
            empty(LOCAL / "run")
    except CannotStart as error:
        sys.stderr.write(f"\nRyoji's sandbox cannot be emptied: {error}\n")
        sys.exit(1)
    say("The sandbox is empty")


def node() -> None:
    """Node and npm, as the site's packages want them; the Makefile has asked for Python."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        stop(f"it needs {NODES} with npm, and there is none. Install it, from nodejs.org for one.")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    version = answer.strip()
    major, minor = (int(part) for part in version.lstrip("v").split(".")[:2])
    if major < NEWEST_NODE and (major not in NODE_MINORS or minor < NODE_MINORS[major]):
        stop(f"it needs {NODES}, and this is {version}. Install another, from nodejs.org for one.")


def packages_of_the_system(commands: dict[str, str] | None = None) -> None:
    """Chromium and fonts, by apt where that is possible; otherwise a sentence that says what to install.

    `commands` are others than those that everything needs, each with its package.
    """
    needed = APT if commands is None else commands
    wanted = sorted(
        {p for command, p in needed.items() if shutil.which(command) is None} | set(missing_fonts())
    )
    if not wanted:
        return
    sentence = f"install these packages of your system and try again: {' '.join(wanted)}"
    if shutil.which("apt-get") is None:
        say(f"Without apt: {sentence} (the tests and the demo pictures need them)")
        return
    if os.geteuid() != 0:
        say(f"Without root: {sentence}, as `sudo apt-get install {' '.join(wanted)}`")
        return
    say(f"Installing {' '.join(wanted)} with apt")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (LOCAL / "apt.log").open("wb") as log:
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", *wanted],
        ):
            if subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode:
                stop(f"apt-get failed (see {LOCAL / 'apt.log'}); {sentence}")


def missing_fonts() -> list[str]:
    """The packages of typefaces that fontconfig does not find."""
    if shutil.which("fc-match") is None:
        return list(FONTS.values())
    missing = []
    for family, package in FONTS.items():
        found = subprocess.run(["fc-match", family], capture_output=True, text=True, check=False).stdout
        if family.split()[0].lower() not in found.lower():
            missing.append(package)
    return missing


def environments() -> None:
    """The one that everything of the project's own runs in, one for each server that must not share its packages, and
    what the functions see.
    """
    make_environment("the project's packages", ENVIRONMENT, ["dev"], bare=["chalice"])
    make_environment("the local cloud", LOCAL / "venv-cloud", ["cloud"])
    make_environment("recognition (models come with it)", LOCAL / "venv-recognition", ["recognition"])
    make_environment("the card gateway's stand-in", LOCAL / "venv-stripe", ["stripe"])
    functions_packages()


def make_environment(
    title: str, folder: Path, locks: list[str], bare: tuple[str, ...] | list[str] = ()
) -> None:
    """A virtual environment from lock files with hashes; `bare` ones without their requirements."""
    files = [LOCKS / f"{name}.txt" for name in (*locks, *bare)]
    if fresh(folder.name, files) and (folder / "bin" / "python").exists():
        return
    say(f"Installing {title}")
    # In place where there is one: what runs out of it goes on running.
    anew = ["--clear"] if of_another_python(folder) else []
    # The installer stands in the project's own environment, and installs into the others from there.
    alone = ["--without-pip"] if folder != ENVIRONMENT else []
    run([sys.executable, "-m", "venv", *anew, *alone, str(folder)], folder.name)
    for name in (*locks, *bare):
        options = ["--no-deps"] if name in bare else []
        install(folder, [*options, "-r", str(LOCKS / f"{name}.txt")], folder.name)
    keep(folder.name, files)


def of_another_python(folder: Path) -> bool:
    """Whether an environment was made by another version, as 3.11 for 3.13: `venv` in place would leave it there."""
    return any(each.name != OWN_LIBRARY for each in (folder / "lib").glob("python3*"))


def functions_packages() -> None:
    """What the functions import on the laptop: the run-time lock alone, so that nothing else is there by accident."""
    target = LOCAL / "dependencies"
    files = [LOCKS / "runtime.txt", LOCKS / "chalice.txt"]
    if fresh("dependencies", files) and target.is_dir():
        return
    say("Installing the functions' packages")
    shutil.rmtree(target, ignore_errors=True)
    for name, options in (("runtime", []), ("chalice", ["--no-deps"])):
        install(
            LOCAL / "venv-cloud",
            [*options, "--target", str(target), "-r", str(LOCKS / f"{name}.txt")],
            "dependencies",
        )
    # Others are compiled when they are imported; a function writes nothing (local/ministack.py). Some packages carry
    # files for other versions of Python: they cannot be compiled, and nobody imports them.
    logged(
        [str(LOCAL / "venv-cloud" / "bin" / "python"), "-m", "compileall", "-q", "-j0", str(target)],
        "dependencies",
    )
    keep("dependencies", files)


def command_of_ryoji() -> None:
    """The domain on the project's path, and the command `ryoji`."""
    site = ENVIRONMENT / "lib" / OWN_LIBRARY / "site-packages"
    (site / "ryoji.pth").write_text(f"{PACKAGES}\n{ROOT}\n")
    script = ENVIRONMENT / "bin" / "ryoji"
    script.write_text(
        f"#!{ENVIRONMENT / 'bin' / 'python'}\nimport sys\n\nfrom ryoji.command import main\n\nsys.exit(main())\n"
    )
    script.chmod(0o755)


def web() -> None:
    """npm's packages by its lock, and the site built from its sources."""
    lock = [ROOT / "package-lock.json"]
    if not (fresh("npm", lock) and (ROOT / "node_modules").is_dir()):
        say("Installing the web's packages")
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], "npm")
        keep("npm", lock)
    sources = sorted(
        path
        for folder in ("web", "procedures/messages")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"dist", "node_modules"} & set(path.relative_to(ROOT).parts)
    )
    if not (fresh("site", [*lock, *sources]) and (ROOT / "web" / "dist" / "index.html").exists()):
        say("Building the site")
        run(["npm", "run", "--silent", "web:build"], "site")
        keep("site", [*lock, *sources])


def install(environment: Path, arguments: list[str], name: str) -> None:
    """Install by hashes only: with uv, and with pip where uv finds no way to the packages."""
    uv, pip = ENVIRONMENT / "bin" / "uv", [str(ENVIRONMENT / "bin" / "python"), "-m", "pip"]
    if not uv.exists():
        run([*pip, "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "uv.txt")], name)
    arguments = ["install", "--quiet", "--require-hashes", *arguments]
    python = str(environment / "bin" / "python")
    told = {"UV_PYTHON": python, "UV_CACHE_DIR": str(LOCAL / "uv"), **settings_for_uv()}
    if logged([str(uv), "pip", *arguments], name, told).returncode:
        say("uv could not install it; pip tries")
        run([*pip, *arguments], name, {"PIP_PYTHON": python})


@functools.cache
def settings_for_uv() -> dict[str, str]:
    """Where pip has been told to find packages: uv reads none of pip's settings."""
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "config", "list"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    # What stands in the environment has the last word with pip, wherever its list has it.
    lines = (
        line.partition("=") for line in sorted(told.splitlines(), key=lambda line: line.startswith(":env:"))
    )
    settings = {
        key.rpartition(".")[2]: value.strip("'").replace("\\n", " ").split() for key, _, value in lines
    }
    told_to_uv = {
        to_uv: ("," if to_uv == "UV_FIND_LINKS" else " ").join(settings[to_pip])
        for to_pip, to_uv in TOLD_TO_UV.items()
        if to_pip in settings and to_uv not in os.environ
    }
    # As pip does: whichever index has it. What it may be is in the hashes.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **told_to_uv}


def run(command: list[str], name: str, more: dict[str, str] | None = None) -> None:
    """Run a command into a log, with `more` in its environment; when it fails, show its end and stop."""
    ended = logged(command, name, more)
    if ended.returncode:
        log = log_of(name)
        last = "\n    ".join(log.read_text(errors="replace").strip().splitlines()[-15:])
        stop(f"`{' '.join(command[:6])} …` failed. The end of {log}:\n    {last}")


def logged(command: list[str], name: str, more: dict[str, str] | None = None) -> CompletedProcess[bytes]:
    """Run a command into a log, with `more` in its environment."""
    with log_of(name).open("ab") as out:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(more or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )


def log_of(name: str) -> Path:
    """Where it is kept what a part of the installation said."""
    return LOCAL / f"setup-{name}.log"


def digest(files: list[Path]) -> str:
    """One hash over some files and this interpreter's version."""
    seen = hashlib.sha256(sys.version.encode())
    for path in files:
        seen.update(str(path.relative_to(ROOT)).encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()


def fresh(name: str, files: list[Path]) -> bool:
    """Whether a part was made from exactly these files."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == digest(files)


def keep(name: str, files: list[Path]) -> None:
    """Remember from which files a part was made."""
    (STAMPS / name).write_text(digest(files))


if __name__ == "__main__":
    main()
