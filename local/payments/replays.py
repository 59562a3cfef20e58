"""Idempotency keys, as Stripe keeps them: the same key and call, the same answer; another call, an error."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

from local.payments.upstream import Answer


class Replays:
    """What was answered to each key, for as long as the gateway runs."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[str, Answer]] = {}
        self._one_at_a_time = threading.Lock()

    def once(self, key: str, call: bytes, do: Callable[[], Answer]) -> tuple[Answer, bool] | None:
        """The answer, and whether it is an old one; None when the key was used for another call.

        Two calls with one key at the same moment wait for each other, where Stripe answers 409 to the second.
        """
        fingerprint = hashlib.sha256(call).hexdigest()
        with self._one_at_a_time:
            if key in self._answers:
                before, answer = self._answers[key]
                return (answer, True) if before == fingerprint else None
            answer = do()
            # Like Stripe, a call that was refused before anything began is not remembered.
            if answer.status < 400 or answer.status == 402 or answer.status >= 500:
                self._answers[key] = (fingerprint, answer)
            return answer, False
