"""What is accepted is named by the history, and what is not named is not kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from ryoji.adapters import objects
from ryoji.errors import Unavailable
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.doors.calling import HOLDER, Answer, House

UPLOAD = "ab" * 12


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys in the clean bucket, over a quarantine in which one picture waits."""
    kept: set[str] = set()
    picture = io.BytesIO()
    Image.effect_noise((900, 1200), 20).convert("RGB").save(picture, "JPEG")
    monkeypatch.setattr(objects, "take_from_quarantine", lambda _key: picture.getvalue())
    monkeypatch.setattr(objects, "discard", lambda _key: None)
    monkeypatch.setattr(objects, "keep", lambda key, _jpeg: kept.add(key))
    monkeypatch.setattr(objects, "dispose", kept.discard)
    monkeypatch.setattr(objects, "link", lambda key: f"https://pictures.example/{key}")
    return kept


def accept(house: House) -> Answer:
    return house.call(
        "POST",
        "/cases/{case_id}/uploads/{upload_id}/acceptance",
        HOLDER,
        body={"document": "portrait"},
        case_id=walking.CASE,
        upload_id=UPLOAD,
    )


def named(log: MemoryLog) -> set[str]:
    return {action.body["key"] for action in log.actions(walking.CASE) if "key" in action.body}


def test_what_was_accepted_is_kept_under_the_key_that_the_history_names(
    house: House, bucket: set[str]
) -> None:
    house.keep(walking.draft())
    before = named(house.log)
    assert accept(house).status == 200
    assert named(house.log) - before == bucket != set()


def test_two_acceptances_at_once_keep_one_picture(house: House, bucket: set[str]) -> None:
    house.keep(walking.draft())
    before = named(house.log)

    def another(_: MemoryLog) -> None:
        accept(house)

    house.log.first = [another]
    assert accept(house).status == 200
    assert named(house.log) - before == bucket
    assert len(bucket) == 1


def test_what_could_not_be_recorded_is_not_kept(
    house: House, bucket: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.draft())

    def down(*_: Any, **__: Any) -> None:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(house.log, "append", down)
    assert accept(house).status == 503
    assert bucket == set()


def test_what_was_recorded_is_kept_although_the_answer_was_lost(
    house: House, bucket: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.draft())
    write = house.log.append

    def lost(*given: Any, **more: Any) -> None:
        write(*given, **more)
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(house.log, "append", lost)
    assert accept(house).status == 503
    assert len(bucket) == 1
    assert bucket <= named(house.log)
