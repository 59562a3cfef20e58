"""What the sandbox remembers over a restart: keys and certificates as files, the rest in one JSON file."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any


class Store:
    """A folder. Every change is written at once; threads take turns by `lock`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.lock = threading.RLock()
        self._folder = folder
        self._state: dict[str, Any] = self._load()

    def get(self, group: str, name: str, default: Any) -> Any:
        """One remembered value."""
        with self.lock:
            return self._state.get(group, {}).get(name, default)

    def put(self, group: str, name: str, value: Any) -> None:
        """Remember one value."""
        with self.lock:
            self._state.setdefault(group, {})[name] = value
            text = json.dumps(self._state, ensure_ascii=False, indent=1, sort_keys=True)
            self.write("state.json", text.encode())

    def read(self, name: str) -> bytes | None:
        """A file, or None where there is none yet."""
        file = self._folder / name
        return file.read_bytes() if file.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """A file that only its owner may read: most of them are keys."""
        beside = self._folder / (name + ".part")
        beside.touch(mode=0o600)
        beside.write_bytes(content)
        beside.replace(self._folder / name)

    def _load(self) -> dict[str, Any]:
        text = self.read("state.json")
        return dict(json.loads(text)) if text else {}
