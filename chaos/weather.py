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
# Each partner is down once in less than two minutes; a stand-in that is slow to obey may take longer.
ALL_DOWN_SECONDS = 600.0
PARTNERS = ("card gateway", "printing partner", "carriers", "mail", "card authority", "recognition")


@dataclass
class Weather:
    """What is down now. `downs` counts how often each partner was; `died` is why the weather did not go on."""

    ryoji: Sandbox
    proxies: dict[str, Proxy]
    faults: list[Rule]
    downs: Counter[str] = field(default_factory=Counter)
    died: list[str] = field(default_factory=list)
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

    def wait_until_all_were_down(self, seconds: float = ALL_DOWN_SECONDS) -> None:
        """Wait until each partner was down at least once, or nothing goes down any more."""
        end = time.monotonic() + seconds
        while self.never_down() and self._goes_on() and time.monotonic() < end:
            time.sleep(0.2)

    def never_down(self) -> list[str]:
        """The partners whose outage nobody has met."""
        return [partner for partner in PARTNERS if not self.downs[partner]]

    def _goes_on(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _turn(self) -> None:
        doing = self._doing()
        try:
            self._turn_about(doing)
        except Exception as error:
            self.died.append(f"the weather: {type(error).__name__} {error}")
        # However it ended, nobody is left down: the run goes on, and says that it was no whole one.
        for partner, (_, end) in doing.items():
            try:
                _surely(end)
            except Exception as error:
                self.died.append(f"{partner} was not brought up again: {type(error).__name__} {error}")

    def _doing(self) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
        """How each partner is brought down, and up again."""
        return {
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

    def _turn_about(self, doing: dict[str, tuple[Callable[[], None], Callable[[], None]]]) -> None:
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
