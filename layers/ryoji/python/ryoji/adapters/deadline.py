"""The moment by which an answer must be there: it is passed on to every call, and no call takes longer than is left."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from ryoji.errors import Unavailable


class Deadline:
    """So many seconds from now. `clock` counts seconds and never goes back; `sleep` lets them pass."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock
        self._sleep = sleep
        self._end = clock() + seconds

    def left(self, most: float = math.inf) -> float:
        """The seconds that are left, `most` at most. Raises Unavailable when there are none."""
        left = self._end - self.clock()
        if left <= 0:
            raise Unavailable("storage_unavailable")
        return min(left, most)

    def pause(self, seconds: float) -> bool:
        """Wait before another try; False, and at once, when the time would then be over."""
        if self._end - self.clock() <= seconds:
            return False
        if seconds:
            self._sleep(seconds)
        return True

    def earlier(self, seconds: float) -> Deadline:
        """The same, so many seconds earlier."""
        return Deadline(self._end - self.clock() - seconds, self.clock, self._sleep)


# For who has time.
ENDLESS = Deadline(math.inf)
