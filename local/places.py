"""Where the laptop's cloud keeps its things: all below `.local/` in the project's folder, none of it tracked."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
DEPENDENCIES = LOCAL / "dependencies"
SITE = ROOT / "web" / "dist"
# The product, as the functions import it.
PACKAGES = ROOT / "layers" / "ryoji" / "python"
PYTHON = Path(sys.executable)


def venv_python(name: str) -> Path:
    """The interpreter of one of the separate virtual environments."""
    return LOCAL / f"venv-{name}" / "bin" / "python"


class Home:
    """The state of one running cloud: `make run` has one that survives, each test run has its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.logs = folder / "logs"
        self.settings = folder / "settings.json"
        self.facts = folder / "facts.json"
        self.ports = folder / "ports.json"
        self.environment = folder / "aws.env"
        self.seeding_log = self.logs / "seeding.log"
        for made in (self.state, self.logs):
            made.mkdir(parents=True, exist_ok=True)


def home(name: str = "run") -> Home:
    """The home of a named cloud."""
    return Home(LOCAL / name)
