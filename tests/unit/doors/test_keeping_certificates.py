"""The CA's rounds: a revocation stands whatever fails after it, and no round un-publishes another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import seal_keys, trust_store
from ryoji.doors import seals
from ryoji.errors import Conflict, Unavailable
from ryoji.issuance import records
from ryoji.issuance.records import Keys, Records
from ryoji.issuance.trust import Trust, read_trust
from tests.unit.doors.calling import doors, modules
from tests.unit.issuance.sealing import NOW, RULES, MemoryKey

Files = dict[str, tuple[bytes, str]]


@dataclass
class Store:
    """The bucket in memory. `between` are others' rounds that come before the next publications."""

    kept: Records = field(default_factory=Records)
    tag: int = 0
    files: Files = field(default_factory=dict)
    between: list[Callable[[], object]] = field(default_factory=list)
    before_writing: list[Callable[[], object]] = field(default_factory=list)

    def read_records(self) -> tuple[Records, str | None]:
        """As `trust_store.read_records`."""
        return self.kept, str(self.tag) if self.tag else None

    def write_records(self, kept: Records, tag: str | None) -> None:
        """As `trust_store.write_records`."""
        if self.before_writing:
            self.before_writing.pop()()
        if tag != (str(self.tag) if self.tag else None):
            raise Conflict("conflict")
        self.kept, self.tag = kept, self.tag + 1

    def publish(self, files: Files) -> None:
        """As `trust_store.publish`."""
        if self.between:
            self.between.pop()()
        self.files.update(files)

    @property
    def trust(self) -> Trust:
        """What is published."""
        return read_trust(self.files["list.json"][0])

    @property
    def revoked(self) -> set[str]:
        """The serials that the published lists name, in hex."""
        (authority,) = self.trust.authorities
        assert authority.revocations is not None
        return {f"{entry.serial:x}" for entry in authority.revocations.revoked}

    @property
    def signer(self) -> str:
        """The serial of the signer that seals now."""
        return f"{records.current(self.kept, RULES, NOW).read.serial:x}"


class Then(SimpleNamespace):
    """The clock of the function."""

    moment = NOW

    @classmethod
    def now(cls, _zone: object) -> Any:
        """When the tests play."""
        return cls.moment


@pytest.fixture
def keys() -> Keys:
    return Keys([MemoryKey()], {"a": MemoryKey(), "b": MemoryKey()})


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, keys: Keys) -> Iterator[Store]:
    """A bucket in which the first round has been."""
    made = Store()
    for name in ("read_records", "write_records", "publish"):
        monkeypatch.setattr(trust_store, name, getattr(made, name))
    monkeypatch.setattr(seal_keys, "keys", lambda: keys)
    monkeypatch.setattr(modules()["keep_certificates"], "seal_rules", lambda: RULES)
    monkeypatch.setattr(modules()["keep_certificates"], "datetime", Then)
    monkeypatch.setattr(Then, "moment", NOW)
    seals.forget()
    step({"do": "keep"})
    yield made
    seals.forget()


def step(event: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = doors()["keep_certificates"](event, SimpleNamespace(aws_request_id="1"))
    return told


def revoke(serial: str) -> dict[str, Any]:
    return step({"do": "revoke", "serial": serial, "reason": "key_compromise"})


def test_a_round_publishes_and_the_next_finds_nothing_to_make(store: Store) -> None:
    assert len(store.trust.authorities) == 1
    told = step({"do": "keep"})
    assert (told["outcome"], told["made"], told["lacks"]) == ("kept", [], None)


def test_the_last_good_signer_can_be_revoked_and_nothing_is_sealed_by_it(store: Store) -> None:
    first = store.signer
    assert revoke(first)["lacks"] is None
    second = store.signer
    told = revoke(second)
    # Done and published; that there is no key for a successor is told beside it.
    assert (told["outcome"], told["lacks"], told["signer_days_left"]) == ("kept", "no_signer_key", 0)
    assert store.revoked == {first, second}
    with pytest.raises(Unavailable, match="no_signer"):
        records.current(store.kept, RULES, NOW)
    # The clock's next round says it aloud, and publishes all the same.
    store.files.clear()
    with pytest.raises(Unavailable, match="no_signer_key"):
        step({"do": "keep"})
    assert store.revoked == {first, second}


def test_a_reason_that_is_graver_is_passed_on_and_what_was_revoked_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.signer
    for days in (340, 680):
        monkeypatch.setattr(Then, "moment", NOW + timedelta(days=days))
        step({"do": "keep"})
    third = f"{store.kept.signers[2].read.serial:x}"
    assert store.kept.signers[0].key == store.kept.signers[2].key
    told = step({"do": "revoke", "serial": third.upper(), "reason": "superseded"})
    assert (told["revoked"], store.revoked) == ([third], {third})
    told = revoke(third)
    assert (told["revoked"], store.revoked) == ([first, third], {first, third})
    # Twice is harmless, and tells the same.
    assert revoke(third)["revoked"] == [first, third]
    assert step({"do": "keep"})["revoked"] == []


def test_a_revocation_stands_even_when_no_list_can_be_signed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = store.signer

    def silent(_digest: bytes) -> bytes:
        raise Unavailable("signing_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(seal_keys.keys().authorities[0], "sign", silent)
        with pytest.raises(Unavailable, match="signing_unavailable"):
            revoke(serial)
    with pytest.raises(Unavailable, match="no_signer"):
        records.current(store.kept, RULES, NOW)
    step({"do": "keep"})
    assert store.revoked == {serial}


def test_a_round_that_read_before_a_revocation_does_not_publish_the_older_list(store: Store) -> None:
    serial = store.signer
    store.between.append(lambda: revoke(serial))
    # Nothing is due for it, so it writes nothing: the revocation is recorded and published before its own files land.
    assert step({"do": "keep"})["made"] == []
    assert store.revoked == {serial}


def test_a_revocation_that_another_round_comes_before_is_recorded_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = store.signer
    monkeypatch.setattr(Then, "moment", NOW + timedelta(days=1))
    store.before_writing.append(lambda: step({"do": "keep"}))
    assert revoke(serial)["outcome"] == "kept"
    assert store.revoked == {serial}


def test_rounds_that_never_stop_meeting_are_told(store: Store) -> None:
    def another() -> None:
        store.tag += 1
        store.between.append(another)

    store.between.append(another)
    with pytest.raises(Conflict):
        step({"do": "keep"})
