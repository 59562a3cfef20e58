"""The bureau: orders come in, books are made, their numbers are reported. State lives in one file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, get_args

Mode = Literal["ok", "down", "slow", "spoiled", "duplicate_callback", "late"]
MODES: tuple[Mode, ...] = get_args(Mode)
Outcome = Literal["done", "refused", "failed"]
PAUSES = (1, 2, 4, 8, 15, 30, 60)
_EMPTY: dict[str, Any] = {"mode": "ok", "made": 0, "orders": []}
TOKYO = timezone(timedelta(hours=9))


@dataclass
class Order:
    """One order and its book. `what` is the order as it was sent, until the book is made."""

    order_id: str
    fingerprint: str
    office: str
    validity: str
    received_at: str
    due_at: str
    what: dict[str, Any] | None
    stage: Literal["received", "spoiled", "produced"] = "received"
    book_number: str | None = None
    produced_on: str | None = None
    expires_on: str | None = None
    spoiled: list[str] = field(default_factory=list)
    report: Literal["none", "pending", "done", "refused"] = "none"
    tries: int = 0
    next_try: str = ""

    def shown(self) -> dict[str, Any]:
        """What the outside may see of it: nothing of the holder."""
        hidden = {"what", "fingerprint", "next_try", "due_at"}
        return {name: value for name, value in asdict(self).items() if name not in hidden}

    def state(self) -> dict[str, Any]:
        """The answer to who ordered it."""
        names = ("order_id", "stage", "received_at", "book_number", "produced_on", "expires_on")
        return {name: value for name, value in self.shown().items() if name in names}


class OrderDiffers(Exception):
    """The id stands for another order."""


class Bureau:
    """Takes orders, makes books and reports them through `report(order_id, result)`. `clock` gives UTC."""

    def __init__(
        self,
        file: Path,
        clock: Callable[[], datetime],
        delay: timedelta,
        report: Callable[[str, dict[str, str]], Outcome],
    ) -> None:
        self._file, self._clock, self._delay, self._report = file, clock, delay, report
        self._lock = threading.RLock()
        self._reporting = threading.Lock()
        kept: dict[str, Any] = json.loads(file.read_text()) if file.exists() else _EMPTY
        self._mode: Mode = kept["mode"]
        self._made: int = kept["made"]
        self._orders = {order["order_id"]: Order(**order) for order in kept["orders"]}

    @property
    def mode(self) -> Mode:
        """How it behaves."""
        return self._mode

    def behave(self, mode: Mode) -> None:
        """Behave so from now on."""
        with self._lock:
            self._mode = mode
            self._keep()

    def orders(self) -> list[Order]:
        """All orders, latest first."""
        with self._lock:
            return sorted(self._orders.values(), key=lambda order: order.received_at, reverse=True)

    def find(self, order_id: str) -> Order | None:
        """One order."""
        return self._orders.get(order_id)

    def take(self, what: dict[str, Any], fingerprint: str) -> tuple[Order, bool]:
        """The order, and whether it is new. Raises OrderDiffers when its id was used for another one."""
        with self._lock:
            known = self._orders.get(what["order_id"])
            if known and known.fingerprint != fingerprint:
                raise OrderDiffers
            if known:
                return known, False
            now = self._clock()
            order = Order(
                order_id=what["order_id"],
                fingerprint=fingerprint,
                office=what["office"],
                validity=what["validity"],
                received_at=now.isoformat(),
                due_at=(now + self._delay).isoformat(),
                what=what,
            )
            self._orders[order.order_id] = order
            self._keep()
            return order, True

    def advance(self, order_id: str | None = None) -> None:
        """Make all books, or one, and report them, without waiting for their time."""
        with self._lock:
            for order in self._orders.values():
                if order_id in {None, order.order_id}:
                    order.due_at = order.next_try = ""
                    order.report = "pending" if order.report == "refused" else order.report
                    self._make(order)
            self._keep()
        self._report_pending()

    def tick(self) -> None:
        """Make what is due and report what is not reported."""
        now = self._clock().isoformat()
        with self._lock:
            due = [
                order for order in self._orders.values() if order.stage != "produced" and order.due_at <= now
            ]
            if self._mode != "late" and due:
                for order in due:
                    self._make(order)
                self._keep()
        self._report_pending()

    def _make(self, order: Order) -> None:
        if order.stage == "produced":
            return
        self._made += 1
        number = book_number(self._made)
        if self._mode == "spoiled" and not order.spoiled:
            order.stage = "spoiled"
            order.spoiled.append(number)
            order.due_at = (self._clock() + self._delay).isoformat()
            return
        today = self._clock().astimezone(TOKYO).date()
        order.stage, order.report, order.next_try = "produced", "pending", ""
        order.book_number, order.produced_on = number, today.isoformat()
        order.expires_on = expiry(today, order.validity).isoformat()
        # The book holds the holder's data now; the bureau has no more use for it.
        order.what = None

    def _report_pending(self) -> None:
        # One at a time, and outside the lock that orders are taken under: the caller may be slow to answer.
        with self._reporting:
            now = self._clock().isoformat()
            for order in self.orders():
                if order.report == "pending" and order.next_try <= now:
                    self._report_one(order)

    def _report_one(self, order: Order) -> None:
        result = {
            "book_number": order.book_number or "",
            "produced_on": order.produced_on or "",
            "expires_on": order.expires_on or "",
        }
        outcome = self._report(order.order_id, result)
        if outcome == "done" and self._mode == "duplicate_callback":
            self._report(order.order_id, result)
        with self._lock:
            pause = PAUSES[min(order.tries, len(PAUSES) - 1)]
            order.tries += 1
            order.report = "pending" if outcome == "failed" else outcome
            order.next_try = (self._clock() + timedelta(seconds=pause)).isoformat()
            self._keep()

    def _keep(self) -> None:
        kept = {
            "mode": self._mode,
            "made": self._made,
            "orders": [asdict(order) for order in self._orders.values()],
        }
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(kept, ensure_ascii=False))
        new.replace(self._file)


def book_number(nth: int) -> str:
    """Two letters and seven digits; no two alike. ZX: a sandbox's book must not look like one that exists."""
    return f"ZX{nth:07d}"


def expiry(produced: date, validity: str) -> date:
    """The last day: so many years on, or the day that was asked for. 29 February without its like ends on the 28th."""
    if not validity.isdigit():
        return date.fromisoformat(validity)
    year = produced.year + int(validity)
    try:
        return produced.replace(year=year)
    except ValueError:
        return produced.replace(year=year, day=28)


def utc_now() -> datetime:
    """The clock of the command line."""
    return datetime.now(UTC)
