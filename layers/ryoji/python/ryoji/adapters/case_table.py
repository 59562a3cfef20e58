"""The case log in DynamoDB, through PynamoDB: one table, one partition a case, one transaction a command.

A case's partition holds the actions (`A#` and the sequence number), one summary (`S`) that queues and lists are
read from, and one record for each idempotency key (`K#`). A person's (`P#`) holds the outcomes that later
applications meet. A reference number is held by an item of its own (`R#` and the number), which stays when the case
is disposed of: a number is never given twice. Nothing here scans or counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, PynamoDBException, QueryError, TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from ryoji.adapters import one_session
from ryoji.adapters.aws import USUAL
from ryoji.cases.actions import Action, Actor
from ryoji.cases.case import Case
from ryoji.cases.earlier import remembered
from ryoji.cases.log import Once, SlotChange
from ryoji.cases.summary import Place, place_of
from ryoji.errors import Conflict, FieldError, Invalid, Refused, Unavailable

one_session.share()
REGION = os.environ.get("AWS_REGION", "ap-northeast-1")
KEYS_ARE_KEPT = timedelta(days=30)
# The kind of a summary whose case is being deleted: nothing is added to it any more.
CLOSED = "closed"
PAGE = 50
# One page of what somebody holds: an agency has groups of travellers, a person a few cases.
HELD = 300


class ByHolder(GlobalSecondaryIndex[Any]):
    """An applicant's cases, latest first."""

    class Meta:
        index_name = "by_holder"
        projection = AllProjection()

    holder = UnicodeAttribute(hash_key=True)
    updated_at = UnicodeAttribute(range_key=True)


class ByDesk(GlobalSecondaryIndex[Any]):
    """A desk's queue in one status, by due date."""

    class Meta:
        index_name = "by_desk"
        projection = AllProjection()

    queue = UnicodeAttribute(hash_key=True)
    due = UnicodeAttribute(range_key=True)


class ByReference(GlobalSecondaryIndex[Any]):
    """A case from the number that its applicant was given."""

    class Meta:
        index_name = "by_reference"
        projection = AllProjection()

    reference = UnicodeAttribute(hash_key=True)


class ByPerson(GlobalSecondaryIndex[Any]):
    """One person, one record: all cases of the same person, whoever filed them."""

    class Meta:
        index_name = "by_person"
        projection = AllProjection()

    person = UnicodeAttribute(hash_key=True)
    opened_at = UnicodeAttribute(range_key=True)


class ByDay(GlobalSecondaryIndex[Any]):
    """The cases by the day (UTC) on which something last happened to them."""

    class Meta:
        index_name = "by_day"
        projection = AllProjection()

    day = UnicodeAttribute(hash_key=True)
    updated_at = UnicodeAttribute(range_key=True)


class ByVisit(GlobalSecondaryIndex[Any]):
    """An office's appointments of one day, in order."""

    class Meta:
        index_name = "by_visit"
        projection = AllProjection()

    visit = UnicodeAttribute(hash_key=True)
    visit_at = UnicodeAttribute(range_key=True)


class Entry(Model):
    """One item of the case table: an action, a summary or an idempotency key."""

    class Meta:
        table_name = os.environ.get("CASE_TABLE", "ryoji-cases")
        region = REGION
        connect_timeout_seconds = USUAL.connect
        read_timeout_seconds = USUAL.read
        max_retry_attempts = USUAL.calls - 1

    case_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    sequence = NumberAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    actor = JSONAttribute(null=True)
    body = JSONAttribute(null=True)
    previous = UnicodeAttribute(null=True)
    hash = UnicodeAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    holder = UnicodeAttribute(null=True)
    updated_at = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    person = UnicodeAttribute(null=True)
    day = UnicodeAttribute(null=True)
    visit = UnicodeAttribute(null=True)
    visit_at = UnicodeAttribute(null=True)
    summary = JSONAttribute(null=True)
    expires = TTLAttribute(null=True)

    by_holder = ByHolder()
    by_desk = ByDesk()
    by_reference = ByReference()
    by_person = ByPerson()
    by_day = ByDay()
    by_visit = ByVisit()


class Slot(Model):
    """An appointment slot of an office: how many places are taken."""

    class Meta:
        table_name = os.environ.get("SLOT_TABLE", "ryoji-slots")
        region = REGION
        connect_timeout_seconds = USUAL.connect
        read_timeout_seconds = USUAL.read
        max_retry_attempts = USUAL.calls - 1

    office = UnicodeAttribute(hash_key=True)
    start = UnicodeAttribute(range_key=True)
    taken = NumberAttribute(default=0)


@cache
def _connection() -> Connection:
    return Connection(
        region=REGION,
        connect_timeout_seconds=USUAL.connect,
        read_timeout_seconds=USUAL.read,
        max_retry_attempts=USUAL.calls - 1,
    )


class CaseTable:
    """The case log (`ryoji.cases.log.Log`) and the lists that are read beside it."""

    def actions(self, case_id: str) -> list[Action]:
        """All actions of a case, oldest first."""
        try:
            entries = Entry.query(case_id, Entry.item.startswith("A#"), consistent_read=True)
            return [_action(entry) for entry in entries]
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error

    def once(self, case_id: str, key: str) -> str | None:
        """The digest recorded under an idempotency key, or None."""
        try:
            return str(Entry.get(case_id, f"K#{key}", consistent_read=True).digest)
        except Entry.DoesNotExist:
            return None

    def append(
        self, case: Case, actions: list[Action], once: Once | None = None, slots: tuple[SlotChange, ...] = ()
    ) -> None:
        """Write all in one transaction; Conflict when another was first, Refused when a slot is full."""
        try:
            with TransactWrite(connection=_connection()) as transaction:
                for action in actions:
                    transaction.save(_entry(action), condition=Entry.item.does_not_exist())
                summary = _summary(case)
                # Whoever read the case before it was deleted would otherwise leave this alone behind.
                held = _is_open() if actions[0].sequence > 1 else None
                transaction.save(summary, condition=held)
                if remembered(case):
                    transaction.save(Entry(f"P#{case.person}", f"O#{case.case_id}", summary=summary.summary))
                if once:
                    transaction.save(
                        _key(case.case_id, once, actions[0].at), condition=Entry.item.does_not_exist()
                    )
                if any(action.kind == "submitted" for action in actions):
                    transaction.save(_held(case), condition=_nobodys_or(case.case_id))
                for change in slots:
                    _take(transaction, change)
        except TransactWriteError as error:
            _raise_for(error, slots=len(slots))

    def holder_of(self, reference: str) -> str | None:
        """The case whose own a reference number is, or None."""
        try:
            return str(Entry.get(f"R#{reference}", "R", consistent_read=True).digest)
        except Entry.DoesNotExist:
            return None

    def held_by(self, holder: str, before: Place | None = None) -> list[dict[str, Any]]:
        """Summaries of an applicant's cases, latest first, from a place on: a page, and one more where there is one."""
        until = Entry.updated_at <= before[0] if before else None
        found = Entry.by_holder.query(holder, until, scan_index_forward=False, page_size=HELD + 1)
        rows = (entry.summary for entry in found)
        return list(islice((row for row in rows if before is None or place_of(row) < before), HELD + 1))

    def queue(self, desk: str, status: str, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """One page of a desk's queue by due date, and where the next page begins."""
        import json

        try:
            after = json.loads(cursor) if cursor else None
            found = Entry.by_desk.query(f"{desk}#{status}", limit=PAGE, last_evaluated_key=after)
            rows = [entry.summary for entry in found]
        except (ValueError, TypeError, AttributeError, RecursionError, QueryError) as error:
            if not cursor or (isinstance(error, QueryError) and not _refused(error)):
                raise
            raise Invalid("validation_failed", fields=(FieldError("/cursor", "unknown"),)) from error
        return rows, json.dumps(found.last_evaluated_key) if found.last_evaluated_key else None

    def by_reference(self, reference: str) -> str | None:
        """The case id behind a reference number, or None."""
        return next((str(e.case_id) for e in Entry.by_reference.query(reference, limit=1)), None)

    def summary(self, case_id: str) -> dict[str, Any] | None:
        """The summary of one case, or None where there is none."""
        try:
            summary: dict[str, Any] = Entry.get(case_id, "S").summary
        except Entry.DoesNotExist:
            return None
        return summary

    def of_person(self, person: str) -> list[dict[str, Any]]:
        """Summaries of a person's latest cases, and of every one with an outcome that is remembered, latest first.

        What anybody can file and take back again pushes no outcome out: outcomes stand under a key of their own.
        """
        latest = Entry.by_person.query(person, scan_index_forward=False, limit=PAGE)
        outcomes = Entry.query(f"P#{person}", Entry.item.startswith("O#"), consistent_read=True)
        rows = {str(entry.summary["case_id"]): entry.summary for each in (latest, outcomes) for entry in each}
        return sorted(rows.values(), key=lambda row: str(row["opened_at"]), reverse=True)

    def changed_on(self, day: date) -> Iterator[dict[str, Any]]:
        """Summaries of the cases that last changed on that day (UTC), earliest first."""
        return (entry.summary for entry in Entry.by_day.query(day.isoformat()))

    def changed_in(self, hour: datetime) -> Iterator[dict[str, Any]]:
        """Summaries of the cases that last changed in that hour (UTC), earliest first."""
        within = Entry.updated_at.startswith(hour.strftime("%Y-%m-%dT%H"))
        return (entry.summary for entry in Entry.by_day.query(hour.date().isoformat(), within))

    def visits(self, office: str, day: str) -> list[dict[str, Any]]:
        """Summaries of the cases with an appointment at an office on a local day, in order."""
        return [entry.summary for entry in Entry.by_visit.query(f"{office}#{day}")]

    def ended_before(
        self, desk: str, status: str, day: date, *, latest_first: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Summaries of a desk's cases that ended with that status before a day (UTC), longest ago first, or latest."""
        ended = Entry.due < day.isoformat()
        # Small pages: whoever asks for all desks at once holds one of each.
        found = Entry.by_desk.query(
            f"{desk}#{status}", ended, scan_index_forward=not latest_first, page_size=100
        )
        return (entry.summary for entry in found)

    def close(self, row: dict[str, Any]) -> bool:
        """Let nothing more happen to a case; False when something has since this summary of it was read.

        Lists are read from indexes, which are late; here the summary itself is asked.
        """
        try:
            summary = Entry.get(row["case_id"], "S", consistent_read=True)
            summary.kind = CLOSED
            summary.save(condition=Entry.updated_at == row["updated_at"])
        except Entry.DoesNotExist:
            return False
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def dispose(self, case_id: str) -> None:
        """Delete all that is kept of a closed case: its actions, its summary, its keys."""
        entries = list(Entry.query(case_id, attributes_to_get=["case_id", "item", "person"]))
        for person in {str(entry.person) for entry in entries if entry.person}:
            Entry(f"P#{person}", f"O#{case_id}").delete()
        # The summary goes last: until then the case is found again when this was interrupted.
        for entry in sorted(entries, key=lambda entry: str(entry.item) == "S"):
            entry.delete()

    def taken(self, office: str, first: str, last: str) -> dict[str, int]:
        """How many places are taken in an office's slots between two local times."""
        found = Slot.query(office, Slot.start.between(first, last))
        return {str(slot.start): int(slot.taken) for slot in found}


def _action(entry: Entry) -> Action:
    actor = entry.actor
    return Action(
        case_id=entry.case_id,
        sequence=int(entry.sequence),
        kind=entry.kind,
        at=datetime.fromisoformat(entry.at),
        by=Actor(actor["kind"], actor["id"], actor["name"]),
        body=entry.body,
        previous=entry.previous,
        hash=entry.hash,
    )


def _entry(action: Action) -> Entry:
    return Entry(
        action.case_id,
        f"A#{action.sequence:08d}",
        sequence=action.sequence,
        kind=action.kind,
        at=action.at.isoformat(),
        actor={"kind": action.by.kind, "id": action.by.id, "name": action.by.name},
        body=action.body,
        previous=action.previous,
        hash=action.hash,
    )


def _summary(case: Case) -> Entry:
    from ryoji.cases.summary import summarise

    iso = (case.updated_at or datetime.now(UTC)).isoformat()
    visit = case.appointment
    return Entry(
        case.case_id,
        "S",
        holder=case.holder or None,
        updated_at=iso,
        opened_at=case.opened_at.isoformat() if case.opened_at else iso,
        queue=f"{case.desk}#{case.status}" if case.desk else None,
        # An ended case stands in its queue by the day it ended, which its retention is counted from.
        due=case.ended_at.date().isoformat() if case.ended_at else case.due or "9999-12-31",
        day=iso[:10],
        visit="{office}#{day}".format(office=visit["office"], day=visit["start"][:10]) if visit else None,
        visit_at=visit["start"] if visit else None,
        reference=case.reference,
        person=case.person,
        summary=summarise(case),
    )


def _key(case_id: str, once: Once, now: datetime) -> Entry:
    return Entry(case_id, f"K#{once.key}", digest=once.digest, expires=now + KEYS_ARE_KEPT)


def _held(case: Case) -> Entry:
    return Entry(f"R#{case.reference}", "R", digest=case.case_id)


def _nobodys_or(case_id: str) -> Any:
    return Entry.item.does_not_exist() | (Entry.digest == case_id)


def _is_open() -> Any:
    return Entry.item.exists() & Entry.kind.does_not_exist()


def _take(transaction: TransactWrite, change: SlotChange) -> None:
    slot = Slot(change.office, change.start)
    room = Slot.taken < change.capacity
    if change.capacity > 0:
        # Where nobody has taken anything there is nothing to compare; of a quota of nought nobody may.
        room = Slot.taken.does_not_exist() | room
    transaction.update(
        slot,
        actions=[Slot.taken.add(change.take)],
        condition=room if change.take > 0 else None,
    )


def _refused(error: QueryError) -> bool:
    # Where there was no connection the cause has no answer; PynamoDB's own reading of it would fail.
    answered = getattr(error.cause, "response", None) or {}
    return bool(answered.get("Error", {}).get("Code") == "ValidationException")


def _raise_for(error: TransactWriteError, *, slots: int) -> None:
    # PynamoDB sends updates last, so the slots' reasons stand at the end.
    codes = [reason.code if reason else None for reason in error.cancellation_reasons]
    # A slot that somebody else is just writing may have room: only its condition says that it is full.
    if slots and "ConditionalCheckFailed" in codes[-slots:] and not any(codes[:-slots]):
        raise Refused("slot_full") from error
    if any(codes):
        raise Conflict("conflict") from error
    raise Unavailable("storage_unavailable") from error
