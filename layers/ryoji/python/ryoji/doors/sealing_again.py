"""What is in force and whose seal nobody believes any more, because its signer was revoked, is sealed again.

A round reads the queues' summaries; a history is read only where a seal is to be made. While no signer is revoked, a
round reads one object and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from ryoji.adapters import trust_store
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.summary import permission_on
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.cases import by_system, table
from ryoji.doors.seals import seal_rules
from ryoji.doors.texts import catalogue

# The function has 300 seconds; what is not begun by then waits for the next round, which finds it by its seal.
BUDGET_SECONDS = 240.0
Row = dict[str, Any]
Broken = Callable[[Exception, Row], None]


def seal_again(now: datetime, broken: Broken) -> tuple[int, bool]:
    """How many were sealed again, and whether there was time for all; what cannot be done is told to `broken`.

    Raises Unavailable (`no_signer`) when there is no signer to seal with.
    """
    from ryoji.issuance import records

    kept, _ = trust_store.read_records()
    revoked = records.revoked_signers(kept, now)
    if not revoked:
        return 0, True
    records.current(kept, seal_rules(), now)
    until, sealed, today = time.monotonic() + BUDGET_SECONDS, 0, ministry_day(now)
    for row in _issued(now):
        if time.monotonic() >= until:
            return sealed, False
        # Rows written before a seal's signer was noted do not say: the history is asked.
        said = row.get("sealed_by")
        if permission_on(row, today) != "active" or (said and said not in revoked):
            continue
        try:
            sealed += _one(str(row["case_id"]), revoked, now)
        except Exception as error:
            broken(error, row)
    return sealed, True


def _issued(now: datetime) -> Iterator[Row]:
    """The summaries of everything that was issued by any desk, the latest first.

    What is in force was issued last. A round that ends before it is through leaves years of what is over unread.
    """
    tomorrow = now.date() + timedelta(days=1)
    desks = [
        table().ended_before(desk, "issued", tomorrow, latest_first=True) for desk in catalogue().desks()
    ]
    # By the day, as the queues are sorted.
    return merge(*desks, key=lambda row: str(row["ended_at"])[:10], reverse=True)


def _one(case_id: str, revoked: frozenset[str], now: datetime) -> int:
    from ryoji.adapters import sealing
    from ryoji.issuance.records import sealed_by

    case = read(table(), case_id)
    before = (case.permission or {}).get("seal")
    if before is None or sealed_by(before) not in revoked:
        return 0
    seal = sealing.seal_again(before, seal_rules(), now)
    fresh = {"instead_of": before, "seal": seal, "sealed_by": sealed_by(seal), "today": ministry_day(now)}
    after = by_system(
        case_id,
        lambda at: commands.seal_permission_again(at, **fresh),
        step="issue_permission",
        now=now,
    )
    return int(after.sequence > case.sequence)
