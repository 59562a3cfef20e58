"""The ministry's days: what is not one office's own is dated by the clock of Tokyo, wherever the reader sits.

Books, statistics and quotas, the day on which the catalogue is read where no office is chosen yet, and the days of a
visa or authorization: what it permits is an entry into Japan.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MINISTRY_ZONE = "Asia/Tokyo"


def ministry_day(moment: datetime) -> date:
    """The day in Tokyo at a moment (aware)."""
    return moment.astimezone(ZoneInfo(MINISTRY_ZONE)).date()
