"""A client as it should be: it asks again, with the same idempotency key, until it is told something final."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from local.api import Answer, Caller, post_form

# Longer than any partner is down.
PATIENCE_SECONDS = 150.0
LONGEST_PAUSE = 4.0
# So often a request that was answered is sent once more, as by an impatient finger or a repeating network.
REPEATED = 0.05
_AGAIN = frozenset({429, 500, 502, 503, 504})


class Refusal(Exception):
    """A final answer that is no success."""

    def __init__(self, what: str, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        self.status, self.code = answer.status, str(body.get("code", ""))
        super().__init__(f"{what}: {answer.status} {self.code} {body.get('errors') or ''}".strip())


class Silence(Exception):
    """No final answer within the client's patience."""


@dataclass
class Heard:
    """What all clients were answered, by kind; shared by the threads."""

    counts: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str) -> None:
        """Count one answer."""
        with self.lock:
            self.counts[kind] += 1

    def wonder(self, what: str) -> None:
        """Keep what nobody should be told."""
        with self.lock:
            self.odd.append(what)


@dataclass
class Client:
    """Somebody who calls the API and does not give up."""

    caller: Caller
    heard: Heard
    chance: random.Random

    def ask(self, verb: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """The body of the final answer. Raises Refusal and Silence."""
        key = key or str(uuid.uuid4())
        answer = self._until_final(verb, path, body, key)
        if verb != "GET" and self.chance.random() < REPEATED:
            self.heard.note("repeated")
            again = self._until_final(verb, path, body, key)
            if (again.status >= 300) != (answer.status >= 300):
                self.heard.wonder(
                    f"{verb} {_without_ids(path)} repeated: {answer.status}, then {again.status}"
                )
        if answer.status >= 300:
            raise Refusal(f"{verb} {_without_ids(path)}", answer)
        return answer.body

    def upload(self, case_id: str, document: str, picture: bytes, *, desk: bool = False) -> None:
        """A picture through quarantine."""
        base = f"/desk/cases/{case_id}" if desk else f"/cases/{case_id}"
        asked = {"document": document, "content_type": "image/jpeg", "size": len(picture)}
        place = self.ask("POST", f"{base}/uploads", asked)
        self._post(place, picture)
        self.ask("POST", f"{base}/uploads/{place['upload_id']}/acceptance", {"document": document})

    def _post(self, place: dict[str, Any], picture: bytes) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        pause = 0.2
        while time.monotonic() < end:
            try:
                post_form(place["url"], place["fields"], picture)
            except (RuntimeError, OSError, HTTPException):
                self.heard.note("upload again")
                pause = self._rest(pause)
                continue
            return
        raise Silence("the upload's address")

    def _until_final(self, verb: str, path: str, body: Any, key: str) -> Answer:
        end = time.monotonic() + PATIENCE_SECONDS
        pause = 0.2
        while time.monotonic() < end:
            answer = self._once(verb, path, body, key)
            if answer is not None:
                return answer
            pause = self._rest(pause)
        raise Silence(f"{verb} {_without_ids(path)}")

    def _once(self, verb: str, path: str, body: Any, key: str) -> Answer | None:
        try:
            answer = self.caller.call(verb, path, body, key=key)
        except (OSError, HTTPException):
            self.heard.note("no answer")
            return None
        code = answer.body.get("code") if isinstance(answer.body, dict) else None
        if answer.status in _AGAIN or code == "conflict":
            self.heard.note(f"{answer.status} {code or ''}".strip())
            if answer.status == 500:
                self.heard.wonder(f"{verb} {_without_ids(path)}: 500 {code or str(answer.body)[:80]}")
            return None
        self.heard.note("final")
        return answer

    def _rest(self, pause: float) -> float:
        time.sleep(pause * self.chance.uniform(0.5, 1.0))
        return min(LONGEST_PAUSE, pause * 2)


def _without_ids(path: str) -> str:
    return "/".join("{id}" if len(part) >= 20 else part for part in path.split("/"))
