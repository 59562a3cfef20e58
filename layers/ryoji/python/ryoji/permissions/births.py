"""Birth dates as travel documents say them: a day or a month and day may be unknown (Doc 9303 part 3, section 4.8).

Their one form is YYYY-MM-DD, with XX for what is not known. What a document leaves open stays open: a holder whose
passport says no day is another claim than one whose passport says the first.
"""

from __future__ import annotations

import re
from datetime import date

UNKNOWN = "XX"
PARTIAL_PATTERN = r"^[0-9]{4}-(?:0[1-9]|1[0-2]|XX)-XX$"
_PARTIAL = re.compile(PARTIAL_PATTERN)


def births(written: str, latest: date) -> tuple[str, ...]:
    """The birth dates that a text can mean until `latest`, in their one form; none when it means none.

    It is YYYY-MM-DD, or YYMMDD as in a zone, whose two digits leave two centuries; fillers or XX are unknown parts.
    """
    if not written.isascii():
        return ()
    if len(written) == 10:
        return _until(latest, written.replace("<", "X"))
    if len(written) == 6 and written[:2].isdigit():
        day = f"{written[2:4]}-{written[4:]}".replace("<", "X")
        return _until(latest, f"20{written[:2]}-{day}", f"19{written[:2]}-{day}")
    return ()


def _until(latest: date, *texts: str) -> tuple[str, ...]:
    limit = latest.isoformat()
    # The unknown part is compared as if it were the first: X is after every digit.
    return tuple([text for text in texts if _is_one(text) and text.replace(UNKNOWN, "01") <= limit])


def _is_one(text: str) -> bool:
    if UNKNOWN in text:
        return _PARTIAL.match(text) is not None and text >= "0001"
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
