"""Cases in flight: a few threads do what people do, one thread looks how the cases stand, one is the clock."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from chaos.client import Refusal, Silence
from chaos.journeys import DEEDS, Journey, People
from tests.sandbox import Sandbox

LOOK_SECONDS = 2.0
# The clock goes round every five minutes on AWS; here time is short.
ROUND_SECONDS = 20.0
# Nothing happened for so long: what has not ended by then is stuck.
STUCK_SECONDS = 240.0
STILL_SECONDS = 8.0
Say = Callable[[str], None]


def summaries(ryoji: Sandbox) -> dict[str, dict[str, Any]]:
    """How every case stands, read from the table past the functions and the faults."""
    dynamodb = ryoji.running.client("dynamodb")
    today = datetime.now(UTC).date()
    found: dict[str, dict[str, Any]] = {}
    for day in (today - timedelta(days=1), today):
        pages = dynamodb.get_paginator("query").paginate(
            TableName=ryoji.running.outputs["CaseTable"],
            IndexName="by_day",
            KeyConditionExpression="#d = :d",
            ExpressionAttributeNames={"#d": "day"},
            ExpressionAttributeValues={":d": {"S": day.isoformat()}},
        )
        for page in pages:
            found |= {item["case_id"]["S"]: json.loads(item["summary"]["S"]) for item in page["Items"]}
    return found


class Clock:
    """The product's own clock, faster: the sweep that starts dead machines again and ends forgotten waits."""

    def __init__(self, ryoji: Sandbox, say: Say) -> None:
        self.ryoji, self.say = ryoji, say
        self.rounds, self.failed, self.restarted, self.repeated = 0, 0, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True, name="clock")

    def begin(self) -> None:
        """Go round from now on."""
        self._thread.start()

    def end(self) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(ROUND_SECONDS):
            self.rounds += 1
            try:
                result = self.ryoji.invoke("move_cases", {"do": "sweep"})
            except Exception as error:
                # A round that fails is a round that comes again; what it was stands in the function's log.
                self.say(f"a round of the clock failed: {type(error).__name__}")
                result = {}
            if result.get("outcome") != "swept":
                self.failed += 1
            self.restarted += int(result.get("MachinesRestarted", 0))
            self.repeated += int(result.get("repeated", 0))


def drive(people: People, journeys: list[Journey], threads: int, say: Say) -> None:
    """Bring every case to its end, or until nothing happens any more."""
    with ThreadPoolExecutor(threads) as pool:
        last, seen = time.monotonic(), ""
        while not all(journey.ended for journey in journeys):
            _look(people.ryoji, journeys)
            for journey in journeys:
                if not journey.busy and journey.status in DEEDS and journey.status not in journey.done:
                    journey.busy = True
                    pool.submit(_do, people, journey)
            now = _standing(journeys)
            if now != seen:
                last, seen = time.monotonic(), now
                say(now)
            if time.monotonic() - last > STUCK_SECONDS:
                say("nothing happens any more")
                break
            time.sleep(LOOK_SECONDS)


def wait_until_still(ryoji: Sandbox) -> None:
    """Wait for the last messages to be sent: nothing is written any more."""
    for _ in range(20):
        last = max(str(row["updated_at"]) for row in summaries(ryoji).values())
        if datetime.now(UTC) - datetime.fromisoformat(last) > timedelta(seconds=STILL_SECONDS):
            return
        time.sleep(LOOK_SECONDS)


def _do(people: People, journey: Journey) -> None:
    status = journey.status
    try:
        DEEDS[status](people, journey)
        journey.done.add(status)
    except (Refusal, Silence, OSError, HTTPException) as error:
        # Looked at again in the next round, as a person would; refused for good, it shows in the end.
        journey.troubles.append(f"{status}: {error}")
        if len(journey.troubles) > 8:
            journey.done.add(status)
    except Exception as error:
        journey.troubles.append(f"{status}: {type(error).__name__} {error}")
        journey.done.add(status)
    finally:
        journey.busy = False


def _look(ryoji: Sandbox, journeys: list[Journey]) -> None:
    found = summaries(ryoji)
    for journey in journeys:
        row = found.get(journey.case_id)
        if row and not journey.busy:
            journey.status = str(row["status"])
        if journey.status == "checking":
            # An approval may be taken back: then everybody does their part again.
            journey.done -= {"in_review", "payment"}


def _standing(journeys: list[Journey]) -> str:
    counts: dict[str, int] = {}
    for journey in journeys:
        status = "revoked" if journey.revoked else journey.status
        counts[status] = counts.get(status, 0) + 1
    return ", ".join(f"{status} {count}" for status, count in sorted(counts.items()))
