"""The partners go down, each in turn, and come back; the functions' calls fail all the while."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException

from chaos.faults import Proxy, Rule, down
from tests.integration.renewal.walking import tell
from tests.sandbox import Sandbox

DOWN_SECONDS, UP_SECONDS = 12.0, 6.0
PARTNERS = ("card gateway", "printing partner", "carriers", "mail", "card authority", "recognition")


@dataclass
class Weather:
    """What is down now. `downs` counts how often each partner was."""

    ryoji: Sandbox
    proxies: dict[str, Proxy]
    faults: list[Rule]
    downs: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Faults on every way, and the first partner down soon."""
        self._clear()
        # Books are reported twice by a bureau that is well: the second report must say nothing new.
        self._printing("duplicate_callback")
        self._thread = threading.Thread(target=self._turn, daemon=True, name="weather")
        self._thread.start()

    def calm(self) -> None:
        """Every partner is up again; calls fail as before."""
        self._over.set()
        if self._thread:
            self._thread.join()
        self._clear()

    def clear_up(self) -> None:
        """No fault any more."""
        for proxy in self.proxies.values():
            proxy.set([])

    def all_were_down(self) -> bool:
        """Whether each partner was down at least once."""
        return all(self.downs[partner] for partner in PARTNERS)

    def _turn(self) -> None:
        doing: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
            "card gateway": (lambda: self.proxies["stripe"].set(down()), self._clear),
            "printing partner": (
                lambda: self._printing("down"),
                lambda: self._printing("duplicate_callback"),
            ),
            "carriers": (lambda: self._carriers("down"), lambda: self._carriers("ok")),
            "mail": (lambda: self.proxies["cloud"].set([*down("sesv2"), *self.faults]), self._clear),
            "card authority": (lambda: self._authority("down"), lambda: self._authority("ok")),
            "recognition": (lambda: self.proxies["recognition"].set(down()), self._clear),
        }
        while not self._over.is_set():
            for partner, (begin, end) in doing.items():
                if self._over.wait(UP_SECONDS):
                    return
                _surely(begin)
                self.downs[partner] += 1
                self._over.wait(DOWN_SECONDS)
                _surely(end)
                if self._over.is_set():
                    return

    def _clear(self) -> None:
        for proxy in self.proxies.values():
            proxy.set(self.faults)

    def _printing(self, mode: str) -> None:
        tell(f"{self.ryoji.walker.printing}/api/behaviour", {"mode": mode})

    def _carriers(self, mode: str) -> None:
        for code in ("XA", "XB"):
            url = f"http://127.0.0.1:{self.ryoji.running.ports['carrier']}/{code}/behaviour"
            tell(url, {"mode": mode})

    def _authority(self, mode: str) -> None:
        tell(f"{self.ryoji.walker.card}/api/behaviour", {"ocsp": mode})


def _surely(do: Callable[[], None]) -> None:
    for pause in (1, 2, 4, None):
        try:
            return do()
        except (OSError, HTTPException):
            if pause is None:
                raise
            time.sleep(pause)
    return None
