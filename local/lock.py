"""One home has one master: a lock that the system takes back when its holder ends, however it ends.

Standard library alone, because `make reset` runs on the bare interpreter.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.processes import CannotStart

LOCK = "lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a home's lock; raises CannotStart in plain words when somebody else does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"it is running in another terminal (process {lock.read().strip() or 'unknown'}, in {folder}). "
                "Stop it there with Ctrl-C, and try again."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def empty(folder: Path) -> None:
    """Remove all of a home but its lock, which the caller holds: a lock that was removed would hold nobody out."""
    for path in folder.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
