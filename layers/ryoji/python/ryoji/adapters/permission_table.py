"""The register of permissions in DynamoDB: one item a travel document, and one a permission's number.

A document's item (`document` = its keyed hash) holds each permission under a name of its own, `P#` and the number, as
one short text, so that one key answers for a passenger. A number's item (`document` = `N#` and the number) says where
it stands, which case it came from, and how far that case's history went when a change was told last (`sequence`). Both
change in one transaction. Names that are data do not fit a PynamoDB model, and the inquiry pays for every import and
every layer between it and the wire: this module speaks boto3.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ryoji.adapters.deadline import ENDLESS, Deadline
from ryoji.adapters.dynamodb_calls import call
from ryoji.adapters.keys import derived_key
from ryoji.errors import Conflict, NotFound, Refused, Unavailable
from ryoji.permissions.documents import claim_hash, document_hash
from ryoji.permissions.held import Held, Status, changed, read, written
from ryoji.permissions.permission import Permission
from ryoji.permissions.register import Standing

ENTRY = "P#"
NUMBER = "N#"
# What was written to a document last: whoever empties it sees that nobody else has written since.
LAST = "last"
# Beside a number's entry, once a change was told: how far the case's history went then.
SEQUENCE = "sequence"
# BatchGetItem takes a hundred keys at most.
KEYS_A_CALL = 100
BUDGET_SECONDS = 2.5
_TRIES = 5
_PAUSE_SECONDS = 0.05
Item = dict[str, Any]


def document_key(until: Deadline = ENDLESS) -> bytes:
    """The key under which documents are hashed, the same in every function of a deployment."""
    return derived_key("permissions/document/1", until)


class PermissionTable:
    """`ryoji.permissions.register.Register` on one table; reads end within `budget` seconds."""

    def __init__(self, *, budget: float = BUDGET_SECONDS) -> None:
        self.table = os.environ["PERMISSION_TABLE"]
        self.budget = budget

    def put(self, permission: Permission) -> bool:
        """Write a permission down; see the port."""
        key = document_key()
        document = document_hash(key, permission.document.issuing_state, permission.document.number)
        held = permission.held(claim_hash(key, document, permission.born))
        about = {
            "case_id": {"S": permission.case_id},
            "programme": {"S": permission.programme},
            "nationality": {"S": permission.nationality},
            "stay_days": {"N": str(permission.stay_days)},
        }
        number = {
            "document": {"S": NUMBER + permission.number},
            "of": {"S": document},
            "entry": {"S": written(held)},
            **about,
        }
        new = {
            "Put": {
                "TableName": self.table,
                "Item": number,
                "ConditionExpression": "attribute_not_exists(#k)",
                "ExpressionAttributeNames": {"#k": "document"},
            }
        }
        if self._write([new, self._entry(document, held)]):
            return True
        return self._stands_already(permission.number, number)

    def change_status(self, number: str, status: Status, at: datetime, *, sequence: int) -> bool:
        """Change a permission's status; see the port."""
        for _ in range(_TRIES):
            standing = self.status_of(number)
            if standing is None:
                raise NotFound("permission_not_found")
            after = changed(standing.held, status, at, sequence=sequence, known=standing.sequence)
            if after is None and sequence <= standing.sequence:
                return False
            # Also where nothing changes it is noted how far was read: what comes late must be seen to be older.
            noted = _moved(self.table, standing, after or standing.held, sequence)
            if self._write([noted, *([self._entry(standing.document, after)] if after else [])]):
                return after is not None
        raise Conflict("conflict")

    def forget(self, number: str) -> bool:
        """Delete a permission, by number and by document; see the port."""
        for _ in range(_TRIES):
            standing = self.status_of(number)
            if standing is None:
                return False
            gone = {
                "Delete": {
                    "TableName": self.table,
                    "Key": {"document": {"S": NUMBER + number}},
                    "ConditionExpression": "attribute_exists(#k)",
                    "ExpressionAttributeNames": {"#k": "document"},
                }
            }
            if self._write([gone, self._without(standing.document, number)]):
                return True
        raise Conflict("conflict")

    def _without(self, document: str, number: str) -> Item:
        key = {"document": {"S": document}}
        item = self._call("get_item", TableName=self.table, Key=key, ConsistentRead=True).get("Item", {})
        if any(each.number != number for each in entries(item)):
            return {
                "Update": {
                    "TableName": self.table,
                    "Key": key,
                    "UpdateExpression": "REMOVE #p",
                    "ExpressionAttributeNames": {"#p": ENTRY + number},
                }
            }
        # Nothing else stands there: the document's hash goes too, unless something is written in this moment.
        seen = {"ExpressionAttributeValues": {":seen": item[LAST]}} if LAST in item else {}
        return {
            "Delete": {
                "TableName": self.table,
                "Key": key,
                "ConditionExpression": "#l = :seen" if seen else "attribute_not_exists(#l)",
                "ExpressionAttributeNames": {"#l": LAST},
                **seen,
            }
        }

    def status_of(self, number: str) -> Standing | None:
        """How a permission stands; see the port."""
        item = self._call(
            "get_item",
            TableName=self.table,
            Key={"document": {"S": NUMBER + number}},
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            return None
        return Standing(
            number=number,
            document=item["of"]["S"],
            case_id=item["case_id"]["S"],
            programme=item["programme"]["S"],
            held=read(number, item["entry"]["S"]),
            sequence=int(item[SEQUENCE]["N"]) if SEQUENCE in item else 0,
        )

    def for_numbers(self, numbers: Sequence[str]) -> Mapping[str, Held | None]:
        """How permissions stand, None where there is none of that number; what cannot be read is missing.

        Raises Unavailable when one did not come in time.
        """
        found = self.for_all_documents([NUMBER + number for number in numbers])
        read_ = {key.removeprefix(NUMBER): held for key, held in found.items() if held is not None}
        return {number: held[0] if held else None for number, held in read_.items()}

    def for_documents(
        self, documents: Sequence[str], until: Deadline | None = None
    ) -> Mapping[str, tuple[Held, ...]]:
        """What is written for each document; see the port. A hundred documents are one call."""
        found = self._found(documents, until or Deadline(self.budget))
        return {each: held for each, held in found.items() if held is not None}

    def for_all_documents(self, documents: Sequence[str]) -> Mapping[str, tuple[Held, ...] | None]:
        """What is written for every one of the documents, None where it cannot be read.

        Raises Unavailable when one did not come in time: nobody may be passed over who is watched.
        """
        found = self._found(documents, Deadline(self.budget))
        if not found.keys() >= set(documents):
            raise Unavailable("storage_unavailable")
        return found

    def _found(self, documents: Sequence[str], until: Deadline) -> dict[str, tuple[Held, ...] | None]:
        wanted = list(dict.fromkeys(documents))
        found: dict[str, tuple[Held, ...] | None] = {}
        for start in range(0, len(wanted), KEYS_A_CALL):
            self._read_some(wanted[start : start + KEYS_A_CALL], until, found)
        return found

    def _read_some(
        self, wanted: list[str], until: Deadline, found: dict[str, tuple[Held, ...] | None]
    ) -> None:
        keys = [{"document": {"S": document}} for document in wanted]
        left, pause = wanted, 0.0
        while keys and until.pause(pause):
            request = {self.table: {"Keys": keys, "ConsistentRead": True}}
            answer = call("BatchGetItem", {"RequestItems": request}, until)
            if "Responses" not in answer:
                raise Unavailable("storage_unavailable")
            # What DynamoDB had no room for comes again; only that is not yet known.
            keys = answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys", [])
            unread = {key["document"]["S"] for key in keys}
            found.update((document, ()) for document in left if document not in unread)
            for item in answer["Responses"].get(self.table, ()):
                _take(item, found)
            left = list(unread)
            # Whoever is asked for more than there is room for must be left alone for a while.
            pause = pause * 2 or _PAUSE_SECONDS

    def _entry(self, document: str, held: Held) -> Item:
        # No condition on the text: the number's item, in the same transaction, is what two writers meet at.
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"document": {"S": document}},
                "UpdateExpression": "SET #p = :entry, #l = :last",
                "ExpressionAttributeNames": {"#p": ENTRY + held.number, "#l": LAST},
                "ExpressionAttributeValues": {
                    ":entry": {"S": written(held)},
                    ":last": {"S": f"{held.number} {held.since.isoformat()}"},
                },
            }
        }

    def _write(self, changes: list[Item]) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            _client().transact_write_items(TransactItems=changes)
        except ClientError as error:
            if _lost(error):
                return False
            raise Unavailable("storage_unavailable") from error
        except BotoCoreError as error:
            raise Unavailable("storage_unavailable") from error
        return True

    def _stands_already(self, number: str, item: Item) -> bool:
        known = self._call(
            "get_item", TableName=self.table, Key={"document": item["document"]}, ConsistentRead=True
        ).get("Item")
        if known is None:
            raise Conflict("conflict")
        same = all(known.get(name) == item[name] for name in item if name != "entry")
        if not same or _without_status(number, known) != _without_status(number, item):
            raise Refused("permission_number_taken")
        return False

    def _call(self, operation: str, **arguments: Any) -> Item:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: Item = getattr(_client(), operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error
        return answer


def entries(item: Item) -> tuple[Held, ...]:
    """The permissions in a document's item, as DynamoDB or its stream hands it over."""
    return tuple(
        read(name[len(ENTRY) :], value["S"]) for name, value in item.items() if name.startswith(ENTRY)
    )


def _moved(table: str, before: Standing, after: Held, sequence: int) -> Item:
    """The number's entry as it becomes, if nobody has written to it since it was read."""
    values = {
        ":old": {"S": written(before.held)},
        ":new": {"S": written(after)},
        ":sequence": {"N": str(sequence)},
    }
    unwritten = "#e = :old AND attribute_not_exists(#s)"
    if before.sequence:
        unwritten = "#e = :old AND #s = :known"
        values[":known"] = {"N": str(before.sequence)}
    return {
        "Update": {
            "TableName": table,
            "Key": {"document": {"S": NUMBER + before.number}},
            "UpdateExpression": "SET #e = :new, #s = :sequence",
            "ConditionExpression": unwritten,
            "ExpressionAttributeNames": {"#e": "entry", "#s": SEQUENCE},
            "ExpressionAttributeValues": values,
        }
    }


def _take(item: Item, found: dict[str, tuple[Held, ...] | None]) -> None:
    document = item["document"]["S"]
    try:
        found[document] = _of_number(document, item) if document.startswith(NUMBER) else entries(item)
    except (ValueError, KeyError):
        # What cannot be read is not known, as if it had not come: its bearer is answered UNABLE, the others are not.
        found[document] = None


def _of_number(key: str, item: Item) -> tuple[Held, ...]:
    return (read(key.removeprefix(NUMBER), item["entry"]["S"]),)


def _without_status(number: str, item: Item) -> tuple[object, ...]:
    held = read(number, item["entry"]["S"])
    return held.kind, held.valid_from, held.valid_until, held.entries, held.claim


def _lost(error: Any) -> bool:
    # Somebody else was first; every other reason is a failure of the store.
    reasons = error.response.get("CancellationReasons") or []
    return any(reason.get("Code") in ("ConditionalCheckFailed", "TransactionConflict") for reason in reasons)


def _client() -> Any:
    from ryoji.adapters.aws import QUICK, client

    return client("dynamodb", patience=QUICK)
