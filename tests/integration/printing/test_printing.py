"""The printing partner: our adapter against the sandbox's bureau, and the bureau against a small Ryoji."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ryoji.adapters.printing_http import HttpPrinting
from ryoji.errors import Invalid, Refused, Unavailable
from ryoji.partners.printing import Holder, Order, ProductionResult
from simulators.printing.bureau import book_number, expiry
from simulators.printing.page import TEXTS

ROOT = Path(__file__).resolve().parents[3]
HOLDER = Holder(
    surname="YAMADA", given_names="HANAKO", birth_date=date(1990, 1, 2), sex="F", domicile="TOKYO"
)


@dataclass
class Ryoji:
    """What the bureau calls: a token endpoint and the partner API. `answers` are the next statuses."""

    url: str = ""
    tokens: int = 0
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def ryoji() -> Iterator[Ryoji]:
    told = Ryoji()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/oauth2/token":
                assert b"grant_type=client_credentials" in body
                assert self.headers["Authorization"].startswith("Basic ")
                told.tokens += 1
                return self.say(200, {"access_token": f"token-{told.tokens}", "expires_in": 3600})
            told.heard.append((self.path, self.headers["Authorization"], json.loads(body)))
            return self.say(told.answers.pop(0) if told.answers else 200, {})

        def say(self, status: int, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield told
    server.shutdown()
    server.server_close()


@dataclass
class Bureau:
    """A running bureau."""

    url: str

    def call(self, path: str, said: dict[str, Any] | None = None, kind: str = "application/json") -> Any:
        body = None if said is None else json.dumps(said).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def page(self, path: str, **headers: str) -> str:
        with urllib.request.urlopen(
            urllib.request.Request(self.url + path, headers=headers), timeout=10
        ) as answer:
            assert "script-src" not in answer.headers["Content-Security-Policy"]
            text: str = answer.read().decode()
        return text


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def run(tmp_path: Path, ryoji: Ryoji) -> Iterator[Callable[..., Bureau]]:
    """Start a bureau with these options; each has the same state."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Bureau:
        stop()
        ready = tmp_path / f"ready-{len(processes)}.json"
        access = [
            "--callback",
            ryoji.url,
            "--token-url",
            f"{ryoji.url}/oauth2/token",
            "--client-id",
            "bureau",
        ]
        access += ["--client-secret", "not-a-secret"]
        line = [
            sys.executable,
            "-m",
            "simulators.printing",
            "--port",
            "0",
            "--state",
            str(tmp_path / "state"),
        ]
        processes.append(subprocess.Popen([*line, "--ready-file", str(ready), *access, *options], cwd=ROOT))
        until(lambda: ready.exists() and ready.read_text())
        return Bureau(f"http://127.0.0.1:{json.loads(ready.read_text())['port']}")

    def stop() -> None:
        for process in processes:
            process.terminate()
            process.wait(timeout=10)

    yield start
    stop()


def order(order_id: str = "01J.1", validity: str = "10") -> Order:
    return Order(order_id=order_id, office="prefecture-14", validity=validity, holder=HOLDER)


def test_an_order_becomes_a_book_and_ryoji_hears_of_it(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    bureau = run("--delay", "0")
    state = HttpPrinting(bureau.url).order(order())
    assert state.stage in {"received", "produced"}
    until(lambda: ryoji.heard)
    path, authorization, result = ryoji.heard[0]
    assert (path, authorization) == ("/partner/production/01J.1/result", "Bearer token-1")
    book = ProductionResult.model_validate(result)
    assert book.expires_on == expiry(book.produced_on, "10")
    until(lambda: bureau.call("/orders")["orders"][0]["report"] == "done")
    (made,) = bureau.call("/orders")["orders"]
    assert (made["stage"], made["book_number"]) == ("produced", book.book_number)


def test_ordering_twice_makes_one_book_and_another_order_under_the_id_is_refused(
    run: Callable[..., Bureau], ryoji: Ryoji
) -> None:
    bureau = run("--delay", "60")
    printing = HttpPrinting(bureau.url)
    assert printing.order(order()) == printing.order(order())
    with pytest.raises(Refused) as refused:
        printing.order(order(validity="5"))
    assert refused.value.code == "printing.order_differs"
    bureau.call("/api/advance", {})
    bureau.call("/api/advance", {})
    assert len(ryoji.heard) == 1


def test_numbers_are_unique_and_orders_survive_a_restart(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    first = run("--delay", "60")
    HttpPrinting(first.url).order(order("a.1"))
    first.call("/api/advance", {})
    HttpPrinting(first.url).order(order("b.1", validity="2031-05-06"))
    second = run("--delay", "60")
    [book] = [row for row in second.call("/api/advance", {})["orders"] if row["order_id"] == "b.1"]
    assert book["expires_on"] == "2031-05-06"
    numbers = [result["book_number"] for _, _, result in ryoji.heard]
    assert len(numbers) == len(set(numbers)) == 2
    assert all(re.fullmatch("[A-Z]{2}[0-9]{7}", number) for number in numbers)


def test_the_holder_is_forgotten_when_the_book_is_made_and_never_shown(
    run: Callable[..., Bureau], tmp_path: Path
) -> None:
    bureau = run("--delay", "60")
    HttpPrinting(bureau.url).order(order())
    kept = tmp_path / "state" / "orders.json"
    assert "YAMADA" in kept.read_text()
    assert "YAMADA" not in json.dumps(bureau.call("/orders")) + bureau.page("/")
    bureau.call("/api/advance", {})
    assert "YAMADA" not in kept.read_text()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"validity": "7"}, "validity"),
        ({"validity": "2031-02-30"}, "validity"),
        ({"address": "Tokyo"}, "address"),
        ({"order_id": "../x"}, "order_id"),
        ({"holder": {"surname": "X"}}, "holder.given_names"),
        ({"holder": {**HOLDER.model_dump(mode="json"), "phone": "0"}}, "holder.phone"),
    ],
)
def test_an_order_with_too_little_or_too_much_is_refused(
    run: Callable[..., Bureau], wrong: dict[str, object], named: str
) -> None:
    bureau = run()
    with pytest.raises(urllib.error.HTTPError) as refused:
        bureau.call("/orders", {"order_id": "1", "office": "x", "validity": "10", **wrong})
    with refused.value as answer:
        assert (answer.code, json.load(answer)["field"]) == (422, named)


def test_a_report_is_sent_again_until_it_is_taken(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    ryoji.answers = [503, 500, 200]
    bureau = run("--delay", "0")
    HttpPrinting(bureau.url).order(order())
    until(lambda: bureau.call("/orders")["orders"][0]["report"] == "done")
    assert len(ryoji.heard) == 3


def test_a_withdrawn_token_is_asked_for_again(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    ryoji.answers = [401, 200]
    bureau = run("--delay", "60")
    HttpPrinting(bureau.url).order(order())
    bureau.call("/api/advance", {})
    assert [authorization for _, authorization, _ in ryoji.heard] == ["Bearer token-1", "Bearer token-2"]


def test_a_report_that_is_refused_waits_for_a_person(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    ryoji.answers = [409]
    bureau = run("--delay", "60")
    HttpPrinting(bureau.url).order(order())
    assert bureau.call("/api/advance", {})["orders"][0]["report"] == "refused"
    assert TEXTS["en"]["send_again"] in bureau.page("/?lang=en")
    assert bureau.call("/api/advance", {"order_id": "01J.1"})["orders"][0]["report"] == "done"


def test_it_misbehaves_when_told_to(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    bureau = run("--delay", "0")
    printing = HttpPrinting(bureau.url, timeout=1)
    for mode in ("down", "slow"):
        bureau.call("/api/behaviour", {"mode": mode})
        with pytest.raises(Unavailable):
            printing.order(order(f"{mode}.1"))
    bureau.call("/api/behaviour", {"mode": "late"})
    printing.order(order("late.1"))
    time.sleep(0.6)
    assert printing.order(order("late.1")).stage == "received"
    bureau.call("/api/advance", {"order_id": "late.1"})
    assert printing.order(order("late.1")).stage == "produced"
    bureau.call("/api/behaviour", {"mode": "duplicate_callback"})
    printing.order(order("twice.1"))
    until(lambda: [path for path, _, _ in ryoji.heard].count("/partner/production/twice.1/result") == 2)


def test_a_spoiled_book_is_made_again_under_another_number(run: Callable[..., Bureau], ryoji: Ryoji) -> None:
    bureau = run("--delay", "60")
    bureau.call("/api/behaviour", {"mode": "spoiled"})
    HttpPrinting(bureau.url).order(order())
    [spoiled] = bureau.call("/api/advance", {})["orders"]
    assert (spoiled["stage"], spoiled["book_number"], ryoji.heard) == ("spoiled", None, [])
    [made] = bureau.call("/api/advance", {})["orders"]
    assert made["book_number"] not in made["spoiled"]
    assert len(ryoji.heard) == 1


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        HttpPrinting("http://127.0.0.1:9").order(order())
    with pytest.raises(Invalid):
        HttpPrinting("file:///etc")


def test_orders_may_need_a_key(run: Callable[..., Bureau]) -> None:
    bureau = run("--order-key", "k")
    with pytest.raises(Unavailable):
        HttpPrinting(bureau.url).order(order())
    HttpPrinting(bureau.url, api_key="k").order(order())


def test_the_page_speaks_both_languages_and_its_button_works_behind_a_prefix(
    run: Callable[..., Bureau], ryoji: Ryoji
) -> None:
    bureau = run("--delay", "60", "--prefix", "/simulators/printing")
    HttpPrinting(bureau.url).order(order())
    assert bureau.page("/simulators/printing/?lang=en") == bureau.page("/?lang=en")
    assert "旅券冊子の作成" in bureau.page("/", **{"Accept-Language": "fr, ja;q=0.8"})
    text = bureau.page("/?lang=en")
    assert 'action="orders/01J.1/produce?lang=en"' in text
    assert 'href="/' not in text
    posted = urllib.request.Request(f"{bureau.url}/orders/01J.1/produce?lang=en", b"", method="POST")
    with urllib.request.urlopen(posted, timeout=10) as answer:
        assert answer.url == f"{bureau.url}/?lang=en"
        assert TEXTS["en"]["report_done"] in answer.read().decode()
    assert len(ryoji.heard) == 1


def test_a_strange_page_cannot_press_the_buttons(run: Callable[..., Bureau]) -> None:
    bureau = run("--delay", "60")
    HttpPrinting(bureau.url).order(order())
    strange = urllib.request.Request(
        f"{bureau.url}/orders/01J.1/produce", b"", {"Sec-Fetch-Site": "cross-site"}, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(strange, timeout=10)
    refused.value.close()
    assert refused.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as refused:
        bureau.call("/api/advance", {}, "text/plain")
    refused.value.close()
    assert refused.value.code == 415


def test_texts_are_there_in_both_languages() -> None:
    assert TEXTS["ja"].keys() == TEXTS["en"].keys()


def test_dates_and_numbers() -> None:
    assert expiry(date(2028, 2, 29), "5") == date(2033, 2, 28)
    assert expiry(date(2026, 11, 23), "10") == date(2036, 11, 23)
    assert book_number(12) == "ZX0000012"
