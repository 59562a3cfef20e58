"""What is accepted is named by the history, and what is not named is not kept."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from ryoji.adapters import objects
from ryoji.errors import Unavailable
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.doors.calling import HOLDER, Answer, House, doors

UPLOAD = "ab" * 12
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


class Notes(dict[tuple[str, str], datetime]):
    """Which pictures are being taken in, since when."""

    def before(self, moment: datetime) -> list[tuple[str, str]]:
        """Those that should have come to their end."""
        return [about for about, since in self.items() if since < moment]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The notes in quarantine."""
    made = Notes()
    monkeypatch.setattr(objects, "taken_in", lambda case_id, key: made.pop((case_id, key), None))
    monkeypatch.setattr(objects, "left_unrecorded", made.before)
    return made


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, notes: Notes) -> set[str]:
    """The keys in the clean bucket, over a quarantine in which one picture waits."""
    kept: set[str] = set()

    def keep(case_id: str, key: str, _jpeg: bytes) -> None:
        notes[case_id, key] = NOW
        kept.add(key)

    picture = io.BytesIO()
    Image.effect_noise((900, 1200), 20).convert("RGB").save(picture, "JPEG")
    monkeypatch.setattr(objects, "take_from_quarantine", lambda _key: picture.getvalue())
    monkeypatch.setattr(objects, "discard", lambda _key: None)
    monkeypatch.setattr(objects, "keep", keep)
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


def test_nothing_is_noted_of_what_was_accepted(house: House, bucket: set[str], notes: Notes) -> None:
    house.keep(walking.draft())
    assert accept(house).status == 200
    assert (len(bucket), notes) == (1, {})


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


class Killed(BaseException):
    """A function's time was over, or its memory."""


def dies(*_: Any, **__: Any) -> None:
    raise Killed


def night(after: timedelta) -> int:
    context = SimpleNamespace(function_name="dispose_of_cases")
    done = doors()["dispose_of_cases"]({"do": "dispose", "as_of": (NOW + after).isoformat()}, context)
    return int(done["pictures"])


def test_what_a_dead_function_kept_and_did_not_record_goes_at_night(
    house: House, bucket: set[str], notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.draft())
    with monkeypatch.context() as broken:
        broken.setattr(house.log, "append", dies)
        with pytest.raises(Killed):
            accept(house)
    assert len(bucket) == 1
    assert accept(house).status == 200  # the upload is repeated, and has a picture of its own
    assert night(timedelta(minutes=59)) == 0
    assert len(bucket) == 2
    assert night(timedelta(minutes=61)) == 1
    assert bucket <= named(house.log)
    assert (len(bucket), notes) == (1, {})


def test_what_was_recorded_before_the_function_died_stays(
    house: House, bucket: set[str], notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.draft())
    write = house.log.append

    def written(*given: Any, **more: Any) -> None:
        write(*given, **more)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(house.log, "append", written)
        with pytest.raises(Killed):
            accept(house)
    assert night(timedelta(hours=2)) == 0
    assert (len(bucket), notes) == (1, {})
    assert bucket <= named(house.log)


class Silent:
    """S3 that has one word for every object."""

    def __init__(self, code: str) -> None:
        self.code = code

    def get_object(self, **_: str) -> Any:
        """Refused with the code."""
        raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "GetObject")


@pytest.mark.parametrize(
    ("code", "status"),
    [("AccessDenied", 404), ("403", 404), ("NoSuchKey", 404), ("SlowDown", 503), ("InternalError", 503)],
)
def test_an_upload_that_is_not_there_or_may_not_be_read_is_to_be_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    house.keep(walking.draft())
    monkeypatch.setenv("QUARANTINE_BUCKET", "quarantine")
    monkeypatch.setattr(objects, "storage", lambda: Silent(code))
    answer = accept(house)
    told = {404: "upload_not_found", 503: "storage_unavailable"}[status]
    assert (answer.status, answer.json["code"]) == (status, told)


def test_a_kept_picture_that_may_not_be_read_is_not_said_to_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEAN_BUCKET", "clean")
    monkeypatch.setattr(objects, "storage", lambda: Silent("AccessDenied"))
    with pytest.raises(Unavailable, match="storage_unavailable"):
        objects.clean("pictures/0.jpg")
