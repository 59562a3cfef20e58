"""`make setup`: install what is needed, once, below the project's folder. Runs on the bare interpreter.

What changed is known by the hash of its lock file, so the second time costs nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.lock import empty, held
from local.places import LOCAL, PACKAGES, ROOT
from local.processes import CannotStart

STAMPS = LOCAL / "stamps"
LOCKS = ROOT / "requirements"
BEGAN = time.monotonic()
OWN_LIBRARY = f"python{sys.version_info.major}.{sys.version_info.minor}"
# Compiling all of it takes half a minute; a third of its modules is imported.
LARGEST_PACKAGE = "aws_cdk"
# The browser for the tests, the typeface of machine-readable zones, Japanese for pages and pictures, and what the
# MRZ benchmark's other readers need.
APT = {
    "chromium-headless-shell": "chromium-headless-shell",
    "fc-match": "fontconfig",
}
FONTS = {"OCR B": "fonts-ocr-b", "Noto Sans CJK JP": "fonts-noto-cjk"}


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
    # Most of it is unpacking, which keeps one processor: so two at a time.
    with ThreadPoolExecutor(max_workers=2) as two:
        for part in [two.submit(each) for each in (the_projects_environment, other_environments, web)]:
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
    """Node 20 or later; the Makefile has asked for Python."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        stop("it needs Node.js 20 or later with npm, and there is none. Install it, from nodejs.org for one.")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(answer.strip().lstrip("v").split(".")[0]) < 20:
        stop(f"it needs Node.js 20 or later, and this is {answer.strip()}.")


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


def the_projects_environment() -> None:
    """The virtual environment that everything of the project's own runs in."""
    make_environment(
        "the project's packages", ROOT / ".venv", ["dev"], bare=["chalice"], uncompiled=LARGEST_PACKAGE
    )


def other_environments() -> None:
    """One for each server that must not share the project's packages, and what the functions see."""
    make_environment("the local cloud", LOCAL / "venv-cloud", ["cloud"])
    make_environment("recognition (models come with it)", LOCAL / "venv-recognition", ["recognition"])
    make_environment("the card gateway's stand-in", LOCAL / "venv-stripe", ["stripe"])
    functions_packages()


def make_environment(
    title: str,
    folder: Path,
    locks: list[str],
    bare: tuple[str, ...] | list[str] = (),
    uncompiled: str | None = None,
) -> None:
    """A virtual environment from lock files with hashes; `bare` ones without their requirements."""
    files = [LOCKS / f"{name}.txt" for name in (*locks, *bare)]
    if fresh(folder.name, files) and (folder / "bin" / "python").exists():
        return
    say(f"Installing {title}")
    # In place where there is one: what runs out of it goes on running.
    anew = ["--clear"] if of_another_python(folder) else []
    run([sys.executable, "-m", "venv", *anew, str(folder)], folder.name)
    for name in (*locks, *bare):
        options = [*(["--no-deps"] if name in bare else []), *(["--no-compile"] if uncompiled else [])]
        pip(folder, [*options, "-r", str(LOCKS / f"{name}.txt")], folder.name)
    if uncompiled:
        compile_all_but(folder, uncompiled)
    keep(folder.name, files)


def compile_all_but(folder: Path, package: str) -> None:
    """Compile an environment's packages; of the one that is named, what the CDK app imports."""
    python, packages = str(folder / "bin" / "python"), str(folder / "lib" / OWN_LIBRARY / "site-packages")
    # Some packages carry files for other versions of Python: they cannot be compiled, and nobody imports them.
    subprocess.run(
        [python, "-m", "compileall", "-q", "-x", f"/{package}/", packages],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    run(
        [python, "-c", "import infra.app"],
        folder.name,
        {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(PACKAGES)},
    )


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
        pip(
            LOCAL / "venv-cloud",
            [*options, "--target", str(target), "-r", str(LOCKS / f"{name}.txt")],
            "dependencies",
        )
    keep("dependencies", files)


def command_of_ryoji() -> None:
    """The domain on the project's path, and the command `ryoji`."""
    site = ROOT / ".venv" / "lib" / OWN_LIBRARY / "site-packages"
    (site / "ryoji.pth").write_text(f"{PACKAGES}\n{ROOT}\n")
    script = ROOT / ".venv" / "bin" / "ryoji"
    script.write_text(
        f"#!{ROOT / '.venv' / 'bin' / 'python'}\nimport sys\n\nfrom ryoji.command import main\n\nsys.exit(main())\n"
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


def pip(environment: Path, arguments: list[str], name: str) -> None:
    """Install by hashes only."""
    run(
        [
            str(environment / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            *arguments,
        ],
        name,
    )


def run(command: list[str], name: str, more: dict[str, str] | None = None) -> None:
    """Run a command into a log, with `more` in its environment; when it fails, show its end and stop."""
    log = LOCAL / f"setup-{name}.log"
    environment = {**os.environ, **(more or {})}
    with log.open("ab") as out:
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    if ended.returncode:
        last = "\n    ".join(log.read_text(errors="replace").strip().splitlines()[-15:])
        stop(f"`{' '.join(command[:6])} …` failed. The end of {log}:\n    {last}")


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
