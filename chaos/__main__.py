"""`make chaos`: drive cases to their ends while every tenth call fails and partners are down; print what was counted.

The exit status is 1 when an invariant is broken, 2 when the sandbox does not start. docs/chaos.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from chaos import invariants
from chaos.airlines import IN_TIME_SECONDS, Airlines
from chaos.driving import Clock, drive, wait_until_still
from chaos.faults import Proxy, faults
from chaos.journeys import Journey, People
from chaos.travellers import application
from chaos.weather import PARTNERS, Weather
from local.lock import empty, held
from local.places import LOCAL, Home
from local.prepare import make_environment
from local.processes import CannotStart, Parts, free_port
from local.running import Running
from local.travellers import paper
from tests.sandbox import Sandbox, pictures

THREADS = 6
TIMED_QUESTIONS = 120
REMEMBERED = 400
SECONDS_TO_TELL = 240.0
Say = Callable[[str], None]


def main() -> int:
    """Run it once."""
    given = _options()
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    make_environment("the proxy that puts faults in", LOCAL / "venv-chaos", ["chaos"])
    chance = random.Random(given.seed)
    today = datetime.now(UTC).date()
    say(f"Drawing {given.travellers} passports")
    journeys = [
        Journey(place, f"chaos-{given.seed}-renewal-{place}", None) for place in range(given.renewals)
    ]
    journeys += [
        Journey(place, f"chaos-{given.seed}-traveller-{place}", application(place, today))
        for place in range(given.travellers)
    ]
    chance.shuffle(journeys)
    try:
        with _sandbox(given.seed, say) as (ryoji, proxies):
            return _run(given, ryoji, proxies, journeys, chance, say)
    except CannotStart as error:
        sys.stderr.write(f"The sandbox does not start: {error}\n")
        return 2


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--renewals", type=int, default=100, help="passport renewals")
    parser.add_argument(
        "--travellers", type=int, default=100, help="visa and authorization cases, half of each"
    )
    parser.add_argument("--faults", type=float, default=10.0, help="so many of a hundred calls fail")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn by lot")
    parser.add_argument("--threads", type=int, default=THREADS, help="so many people act at once")
    return parser.parse_args()


@contextmanager
def _sandbox(seed: int, say: Say) -> Iterator[tuple[Sandbox, dict[str, Proxy]]]:
    """A sandbox with empty state whose functions call through proxies, which do nothing yet."""
    folder = LOCAL / "chaos"
    with held(folder):
        empty(folder)
        names = ("cloud", "recognition", "stripe")
        through = {name: free_port() for name in names}
        running = Running(Home(folder), say, {"site": free_port()}, through, REMEMBERED)
        proxies = {name: Proxy(name, through[name], running.ports[name]) for name in names}
        between = Parts(running.home.logs, LOCAL.parent)
        try:
            for proxy in proxies.values():
                between.start(proxy.part(seed))
            for name in names:
                between.wait(f"proxy-{name}")
            running.start()
            yield Sandbox(running, json.loads(running.home.settings.read_text())), proxies
        finally:
            running.stop()
            between.stop()


def _run(
    given: argparse.Namespace,
    ryoji: Sandbox,
    proxies: dict[str, Proxy],
    journeys: list[Journey],
    chance: random.Random,
    say: Say,
) -> int:
    from chaos.client import Heard

    people = People(ryoji, Heard(), chance, pictures(), paper("chaos"))
    weather = Weather(ryoji, proxies, faults(given.faults / 100))
    airlines, clock = Airlines(ryoji, random.Random(given.seed), journeys), Clock(ryoji, say)
    airlines.prepare()
    began = time.monotonic()
    weather.begin()
    airlines.begin()
    clock.begin()
    airlines.watch_the_changing()
    try:
        drive(people, journeys, given.threads, say)
        airlines.load_is_over()
        airlines.revoke_the_changing()
        weather.wait_until_all_were_down()
        took = time.monotonic() - began
        say("Every partner is up again; calls go on failing")
        weather.calm()
        told = airlines.told_of_all_changes(SECONDS_TO_TELL)
        airlines.end()
    finally:
        clock.end()
    wait_until_still(ryoji)
    _sign(ryoji, say)
    airlines.ask_about_all()
    say(f"Timing {TIMED_QUESTIONS} of the airlines' questions")
    airlines.time(TIMED_QUESTIONS)
    weather.clear_up()
    say("Looking at what is there")
    found = invariants.look(ryoji, journeys)
    _look_at_airlines(found, airlines, told)
    _look_at_the_run(found, airlines, weather)
    odd = Counter(people.heard.odd) + invariants.unexpected(ryoji)
    _print(found, proxies, weather, airlines, clock, people.heard.counts, odd, took)
    return 1 if found.broken else 0


def _sign(ryoji: Sandbox, say: Say) -> None:
    """The night's work, again until it is done, as the scheduler does."""
    for _ in range(10):
        if ryoji.invoke("sign_histories", {"do": "sign"}).get("outcome") == "signed":
            return
        time.sleep(1)
    say("the histories could not be signed")


def _look_at_airlines(found: invariants.Found, airlines: Airlines, told: bool) -> None:
    found.never("wrong answers to airlines", airlines.wrong)
    found.never(f"answers to airlines after more than {IN_TIME_SECONDS:.0f} s", airlines.late())
    found.never("carriers that were not told of a change", [] if told else ["changes are unacknowledged"])


def _look_at_the_run(found: invariants.Found, airlines: Airlines, weather: Weather) -> None:
    """Nothing that was to fail or to ask may have stopped unseen: what holds then was not tried."""
    found.never("parts of the run that died", [*airlines.died, *weather.died])
    found.never("partners that were never down", weather.never_down())
    found.never("questions under load, too few answered", airlines.too_few())


def _print(
    found: invariants.Found,
    proxies: dict[str, Proxy],
    weather: Weather,
    airlines: Airlines,
    clock: Clock,
    heard: Counter[str],
    odd: Counter[str],
    took: float,
) -> None:
    def table(title: str, rows: dict[str, object]) -> None:
        print(f"\n{title}")
        for name, value in rows.items():
            print(f"  {name:52} {value}")

    table("The functions' calls, and the faults put in", {n: _calls(proxy) for n, proxy in proxies.items()})
    table("Partners down, times", {partner: weather.downs[partner] for partner in PARTNERS})
    table("What the clients were answered", dict(heard.most_common()))
    table(
        "The clock",
        {
            "rounds": clock.rounds,
            "failed": clock.failed,
            "machines restarted or woken": clock.restarted,
            "done again that the stream may have lost": clock.repeated,
        },
    )
    table("Airlines", airlines.figures())
    table("Counted when all was over", dict(found.counts))
    if odd:
        table("Odd, and no invariant", dict(odd.most_common(15)))
    print(f"\nThe cases took {took / 60:.1f} minutes.")
    for each in found.broken[:40]:
        print(f"BROKEN  {each}")
    print("Every invariant holds." if not found.broken else f"{len(found.broken)} broken.")


def _calls(proxy: Proxy) -> str:
    fired = proxy.fired()
    kinds = ", ".join(f"{kind} {count}" for kind, count in fired.most_common())
    return f"{proxy.requests()} calls, {sum(fired.values())} faults: {kinds or 'none'}"


if __name__ == "__main__":
    sys.exit(main())
