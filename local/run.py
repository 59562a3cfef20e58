"""`make run`: the sandbox on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time

from local import ports
from local.demo import DRAWN_WITH, seed_cases, write_pictures
from local.lock import held
from local.places import LOCAL, home
from local.processes import CannotStart
from local.running import Running
from local.seed import AGENTS, APPLICANTS, OFFICERS, PASSWORD
from simulators.specimens.typefaces import NoTypeface

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str] | None = None) -> int:
    """Start, say where to go, wait, stop; 1 and a plain sentence when something is in the way."""
    parser = argparse.ArgumentParser(prog="python -m local.run", description=__doc__)
    parser.add_argument("--home", default="run", help="the folder below .local/ that keeps what is done")
    parser.add_argument(
        "--remember", type=int, default=0, help="so many answers of recognition are given again"
    )
    asked = parser.parse_args(arguments)
    try:
        with held(LOCAL / asked.home):
            return _run(asked.home, asked.remember)
    except CannotStart as error:
        sys.stderr.write(f"\nRyoji cannot start: {error}\n")
        return 1


def _run(name: str, remember: int) -> int:
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - began:5.1f} s] {line}\n")
        sys.stdout.flush()

    for which in _STOP_SIGNALS:
        signal.signal(which, _interrupt)
    try:
        running = Running(home(name), say, ports.wanted(os.environ), remember=remember)
    except ValueError as error:
        sys.stderr.write(f"\nRyoji cannot start: {error}\n")
        return 1
    try:
        running.start()
        say("Seeding cases and pictures")
        pictures = _to_try(running)
        say("Ready")
        sys.stdout.write(_where_to_go(running, pictures))
        sys.stdout.flush()
        return _watch(running)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping\n")
        return 0
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            running.stop()


def _to_try(running: Running) -> str:
    """Make pictures and cases to try; where the pictures are, or what to install for them."""
    try:
        folder = write_pictures(running.home.folder / "pictures")
        with running.said_plainly("The demo cases were not made", "cloud", "recognition"):
            seed_cases(running)
    except NoTypeface as missing:
        return (
            f"none, and no demo cases: the typeface {missing.family} is not installed. Install "
            f"{' '.join(DRAWN_WITH)} (`sudo apt-get install {' '.join(DRAWN_WITH)}`), and start again."
        )
    return f"{folder}      passport page, portrait and signature to upload"


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _watch(running: Running) -> int:
    while True:
        time.sleep(1)
        dead = running.parts.dead()
        if dead:
            sys.stderr.write(f"\n{dead} has stopped; its log is {running.home.logs / dead}.log\n")
            return 1


def _where_to_go(running: Running, pictures: str) -> str:
    origin = running.origin
    officers = "\n".join(f"    {o.username:18} {', '.join(o.roles)}" for o in OFFICERS)
    return f"""
  Portal         {origin}/
  Console        {origin}/console/
  Mailbox        {origin}/simulators/mailbox/      what was e-mailed
  Card           {origin}/simulators/card/         the simulated My Number Card and its PINs
  Printing       {origin}/simulators/printing/     the printing partner
  Second factor  {origin}/simulators/authenticator/

  Applicants     {", ".join(APPLICANTS)}
  Agency         {", ".join(AGENTS)}      staff of Sunrise Travel
  Officers
{officers}
  Password       {PASSWORD}
  Pictures       {pictures}
  Commands       . {running.home.environment}      then `.venv/bin/ryoji` reaches this cloud: docs/command.md

  Ctrl-C stops all of it and keeps what was done; `make reset` empties it.

"""


if __name__ == "__main__":
    sys.exit(main())
