"""`make run`: the sandbox on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from local import ports
from local.demo import seed_cases, write_pictures
from local.lock import held
from local.places import LOCAL, home
from local.processes import CannotStart
from local.running import Running
from local.seed import APPLICANTS, OFFICERS, PASSWORD

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str] | None = None) -> int:
    """Start, say where to go, wait, stop; 1 and a plain sentence when something is in the way."""
    parser = argparse.ArgumentParser(prog="python -m local.run", description=__doc__)
    parser.add_argument("--home", default="run", help="the folder below .local/ that keeps what is done")
    name = parser.parse_args(arguments).home
    try:
        with held(LOCAL / name):
            return _run(name)
    except CannotStart as error:
        sys.stderr.write(f"\nRyoji cannot start: {error}\n")
        return 1


def _run(name: str) -> int:
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - began:5.1f} s] {line}\n")
        sys.stdout.flush()

    for which in _STOP_SIGNALS:
        signal.signal(which, _interrupt)
    try:
        running = Running(home(name), say, ports.wanted(os.environ))
    except ValueError as error:
        sys.stderr.write(f"\nRyoji cannot start: {error}\n")
        return 1
    try:
        running.start()
        say("Seeding cases and pictures")
        folder = write_pictures(running.home.folder / "pictures")
        seed_cases(running)
        say("Ready")
        sys.stdout.write(_where_to_go(running, folder))
        sys.stdout.flush()
        return _watch(running)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping\n")
        return 0
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            running.stop()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _watch(running: Running) -> int:
    while True:
        time.sleep(1)
        dead = running.parts.dead()
        if dead:
            sys.stderr.write(f"\n{dead} has stopped; its log is {running.home.logs / dead}.log\n")
            return 1


def _where_to_go(running: Running, pictures: Path) -> str:
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
  Officers
{officers}
  Password       {PASSWORD}
  Pictures       {pictures}      passport page, portrait and signature to upload
  Commands       . {running.home.environment}      then `.venv/bin/ryoji` reaches this cloud: docs/command.md

  Ctrl-C stops all of it and keeps what was done; `make reset` empties it.

"""


if __name__ == "__main__":
    sys.exit(main())
